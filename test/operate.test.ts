import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { metricsText } from '../lib/cli/metrics.ts'
import { settings } from '../lib/config.ts'
import { exitCodes } from '../lib/errors.ts'

/*
 * The examples of docs/operate.md cannot run here; what can be told of them without their systems is checked: their syntax, and
 * that every command, setting, exit code and metric in them is one of ours.
 */

const root = fileURLToPath(new URL('..', import.meta.url))
const guide = readFileSync(join(root, 'docs/operate.md'), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].filter((match) => match[1] === language).map((match) => match[2]!)
const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts)
const retried = new Set([
  exitCodes.spark,
  exitCodes.database,
  exitCodes.incomplete,
  exitCodes.locked,
  exitCodes.terminated,
])
const fatal = Object.values(exitCodes).filter((code) => !retried.has(code) && code !== exitCodes.interrupted)

test('the table of exit codes is that of the code', () => {
  const rows = [...guide.matchAll(/^\| (\d+) \| (\w+) \|/gm)].map(([, code, kind]) => [kind, Number(code)])
  expect(Object.fromEntries(rows)).toEqual({ done: 0, ...exitCodes })
  expect(
    guide
      .match(/^Worth a retry: (.*)\.$/m)?.[1]
      ?.split(/, | and /)
      .map(Number),
  ).toEqual([...retried])
})

test('every command and setting in it is one of ours', () => {
  const typed = [...guide.matchAll(/npm run (?:-s )?([\w:-]+)/g), ...guide.matchAll(/"(job:[\w-]+)"/g)].map(
    ([, name]) => name!,
  )
  expect(typed.length).toBeGreaterThan(5)
  expect(typed.filter((name) => !scripts.includes(name))).toEqual([])
  const named = [...guide.matchAll(/\b((?:DATABASE|SPARK|METRICS|LOG|LAKE)_[A-Z]+)\b/g)].map(([, name]) => name!)
  const known: readonly string[] = Object.values(settings).map(({ env }) => env)
  expect(named.filter((name) => !known.includes(name))).toEqual([])
})

test('cron: five fields and a command that the shell can parse', () => {
  const lines = blocks('cron').flatMap((block) => block.split('\n').filter((line) => /^[^#\s]/.test(line)))
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    const [, command] = /^(?:[\d*/,-]+ ){5}(\S.*)$/.exec(line)!
    execFileSync('bash', ['-n', '-c', command!])
    // cron reads % as the end of the command.
    expect(command).not.toContain('%')
  }
})

test('systemd: sections and keys of a unit, and no retry for what a retry cannot mend', () => {
  const known: Record<string, RegExp> = {
    Unit: /^(Description|After|Wants)$/,
    Service:
      /^(Type|User|WorkingDirectory|EnvironmentFile|Environment|ExecStart|Restart|RestartSec|RestartPreventExitStatus|TimeoutStartSec)$/,
    Timer: /^(OnCalendar|Persistent)$/,
    Install: /^WantedBy$/,
  }
  const units = blocks('ini')
  expect(units).toHaveLength(2)
  for (const unit of units) {
    let section = ''
    for (const line of unit.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
      const opened = /^\[(\w+)\]$/.exec(line)?.[1]
      section = opened ?? section
      if (opened === undefined)
        expect([section, line.split('=')[0]]).toEqual([section, expect.stringMatching(known[section]!)])
    }
  }
  expect(
    units[0]!
      .match(/RestartPreventExitStatus=(.*)/)?.[1]
      ?.split(' ')
      .map(Number),
  ).toEqual(fatal)
})

describe('YAML', () => {
  const documents = blocks('yaml').map((text) => parse(text) as any)

  test('GitHub Actions: a job with steps that use an action or run a command', () => {
    const workflow = documents.find((each) => each.jobs !== undefined)
    for (const step of workflow.jobs.load.steps) {
      expect(step.uses ?? step.run).toEqual(expect.stringMatching(/^(actions\/[\w-]+@v\d+|npm .+)$/))
    }
  })

  test('Kubernetes: a CronJob whose image, job and exit codes are ours', () => {
    const { apiVersion, kind, spec } = documents.find((each) => each.kind === 'CronJob')
    expect([apiVersion, kind, spec.concurrencyPolicy]).toEqual(['batch/v1', 'CronJob', 'Forbid'])
    const job = spec.jobTemplate.spec
    expect(job.podFailurePolicy.rules[0].onExitCodes.values).toEqual(fatal)
    // Without it Kubernetes refuses a policy.
    expect(job.template.spec.restartPolicy).toBe('Never')
    const [container] = job.template.spec.containers
    expect(readFileSync(join(root, 'compose.yaml'), 'utf8')).toContain(container.image)
    expect(globSync('jobs/*.ts', { cwd: root })).toContain(container.args[0])
    const volumes = job.template.spec.volumes.map((volume: { name: string }) => volume.name)
    expect(container.volumeMounts.map((mount: { name: string }) => mount.name)).toEqual(volumes)
  })

  test('kustomize: settings of ours, the image of the CronJob, and a patch of what is there', () => {
    const kustomization = documents.find((each) => each.kind === 'Kustomization')
    const cron = documents.find((each) => each.kind === 'CronJob')
    expect(kustomization.resources).toEqual(['cronjob.yaml'])
    const [container] = cron.spec.jobTemplate.spec.template.spec.containers
    const [image] = kustomization.images
    expect(container.image).toBe(`${image.name}:${image.newTag}`)
    const known: readonly string[] = Object.values(settings).map(({ env }) => env)
    const [config] = kustomization.configMapGenerator
    for (const literal of config.literals) expect(known).toContain(literal.split('=')[0])
    // The CronJob reads this key of this secret.
    const secret = container.env.find((each: { valueFrom?: object }) => each.valueFrom)?.valueFrom.secretKeyRef
    expect(kustomization.secretGenerator).toEqual([{ name: secret.name, files: [secret.key] }])
    const [{ target, patch }] = kustomization.patches
    expect(target).toEqual({ kind: cron.kind, name: cron.metadata.name })
    const [{ op, path, value }] = parse(patch)
    expect([op, value]).toEqual(['add', [{ configMapRef: { name: config.name } }]])
    const parents = path.split('/').slice(1, -1)
    expect(parents.reduce((at: any, key: string) => at?.[key], cron)).toBe(container)
  })

  test('Prometheus: rules over metrics that there are', () => {
    const [group] = documents.find((each) => each.groups !== undefined).groups
    const at = new Date(0)
    const run = { command: 'c', version: '1', exitCode: 0, startedAt: at, finishedAt: at }
    const text = metricsText({ ...run, stages: [{ stage: 's', ms: 1, rows: 1 }], figures: { plays: 1 } })
    const there = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name))
    for (const { expr } of group.rules) expect(there.has(expr.match(/radio_plays_\w+/)?.[0])).toBe(true)
    expect(new Set([...guide.matchAll(/`(radio_plays_\w+)`/g)].map(([, name]) => name))).toEqual(there)
  })
})

test.each([
  ['Airflow', 0],
  ['Dagster', 1],
])('%s: Python that compiles, and retries what is worth it', (_, block) => {
  const dag = blocks('python')[block]
  expect(
    dag!
      .match(/RETRY = \{(.*)\}/)?.[1]
      ?.split(', ')
      .map(Number),
  ).toEqual([...retried])
  try {
    execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: dag! })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    console.warn('not compiled: no python3 on this machine')
  }
})
