import { parseArgs } from 'node:util'
import { runCommand, version } from '../lib/cli.ts'
import type { Settings } from '../lib/config.ts'
import { type Diagnosis, diagnoseSettings, type Examined, examine } from '../lib/doctor/index.ts'
import { AppError } from '../lib/errors.ts'
import { createLogger, type Logger } from '../lib/log.ts'
import { redact } from '../lib/secrets.ts'
import { sparkFolder } from '../lib/spark/index.ts'
import { colours, printable } from '../lib/terminal.ts'

interface Options {
  readonly deep?: boolean
  readonly json?: boolean
}

const root = new URL('..', import.meta.url).pathname

async function run(
  { settings, faults }: { settings: Settings; faults: Diagnosis['faults'] },
  options: Options,
  log: Logger,
  print: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const started = performance.now()
  const findings = await examine({
    settings,
    faults,
    env: process.env,
    root,
    dataFolder: 'data',
    sparkFolder,
    deep: options.deep ?? false,
    log,
    ...(signal ? { signal } : {}),
  })
  const ms = Math.round(performance.now() - started)
  const red = findings.filter((each) => each.status === 'fail').length
  print(options.json ? JSON.stringify(document(findings, ms), redactText) : findings.map(line).join('\n'))
  if (red > 0) {
    throw new AppError('usage', `${red} of ${findings.length} checks are red`, {
      remedy: 'do what stands under each, then run npm run doctor again',
    })
  }
  if (!options.json) print(`\n${findings.length} checks in ${(ms / 1000).toFixed(1)} s, none is red`)
}

function document(findings: readonly Examined[], ms: number) {
  const ok = findings.every((each) => each.status !== 'fail')
  return { version: 1, radioPlays: version(), ok, ms, checks: findings }
}

function redactText(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? redact(value) : value
}

const marks = {
  ok: colours.green('ok  '),
  warn: colours.yellow('warn'),
  fail: colours.red('FAIL'),
  skip: colours.dim('–   '),
}

function line(finding: Examined): string {
  const text = `${marks[finding.status]}  ${finding.title.padEnd(20)}  ${printable(redact(finding.found))}`
  return 'remedy' in finding ? `${text}\n        do: ${printable(redact(finding.remedy))}` : text
}

const diagnosis = diagnoseSettings()
const faulty = diagnosis.faults.values.length + diagnosis.faults.names.length > 0
const asksForHelp = process.argv.slice(2).some((each) => each === '--help' || each === '--version')

if (faulty && !asksForHelp) {
  // No command starts with such settings; this one is here to say what is wrong with them, and with the rest.
  const log = createLogger({ level: 'error' })
  try {
    const { values } = parseArgs({
      options: { deep: { type: 'boolean' }, json: { type: 'boolean' } },
      strict: false,
    })
    const print = (text: string) => void process.stdout.write(`${text}\n`)
    await run(diagnosis, { deep: values.deep === true, json: values.json === true }, log, print)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    process.stderr.write(`error: ${error.message}\n  do: ${error.remedy}\n`)
    process.exitCode = error.exitCode
  }
} else {
  await runCommand<Options>({
    name: 'doctor',
    summary: 'Looks whether everything is there that jobs need, and says what to do where it is not. Changes nothing.',
    examples: ['npm run doctor', 'npm run doctor -- --json', 'npm run doctor -- --deep'],
    settings: [
      ...(['sparkRemote', 'sparkToken', 'sparkHome', 'databaseUrl', 'timezone', 'enrichContact'] as const),
      ...(['lastfmApiKey', 'listenbrainzToken'] as const),
    ],
    configure: (command) =>
      command
        .option('--deep', 'also what takes longer: start Spark, read a large database through')
        .option('--json', 'print the findings as JSON, with a version field'),
    run: ({ settings, options, log, print, signal }) =>
      run({ settings, faults: diagnosis.faults }, options, log, print, signal),
  })
}
