import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from '@jest/globals'
import { byteCount } from '../lib/cli/index.ts'
import { type ErrorKind, exitCodes } from '../lib/errors.ts'

const script = fileURLToPath(new URL('./support/sample-command.ts', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'radio-plays-cli-'))
afterAll(() => rmSync(place, { recursive: true }))

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

async function run(
  args: string[],
  more: { env?: Record<string, string>; signal?: NodeJS.Signals } = {},
): Promise<Ended> {
  const { LOG_LEVEL: _, ...env } = process.env
  const child = spawn(process.execPath, [script, ...args], { cwd: place, env: { ...env, ...more.env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  child.stderr.on('data', (data) => {
    stderr += data
    if (more.signal && stderr.includes('waiting')) {
      // npm passes on a Ctrl-C that the terminal has already sent: two at once are one wish.
      child.kill(more.signal)
      child.kill(more.signal)
      delete more.signal
    }
  })
  // The second signal may come when Node has already given up its handlers at the end; to a shell that is the same code.
  return new Promise((resolve) =>
    child.on('close', (code, by) => resolve({ code: by ? 128 + constants.signals[by] : code, stdout, stderr })),
  )
}

describe('byteCount', () => {
  test.each([
    ['500', 500],
    ['2GB', 2e9],
    ['1 MiB', 1_048_576],
    ['3k', 3000],
  ])('%s', (text, bytes) => expect(byteCount(text)).toBe(bytes))

  test.each(['', '0', '-5', '1e3', 'abc', '5 i', '1.5MB'])('%j is none', (text) =>
    expect(() => byteCount(text)).toThrow('a number of bytes above 0'))
})

describe('METRICS_FILE', () => {
  const file = join(place, 'metrics', 'run.prom')
  const metrics = async (end: string) => {
    const { code } = await run(['--end', end], { env: { METRICS_FILE: file } })
    return { code, text: readFileSync(file, 'utf8') }
  }

  test('gets the run as Prometheus reads it, replaced by the next run, failed or not', async () => {
    const done = await metrics('done')
    expect(done).toEqual({ code: 0, text: expect.stringContaining('radio_plays_run_exit_code{command="sample"} 0\n') })
    for (const line of done.text.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) radio_plays_\w+ .+|radio_plays_\w+\{\w+="[^"]*"(,\w+="[^"]*")*\} -?[\d.e+-]+)$/,
      )
    }
    const failed = await metrics('spark')
    expect(failed).toEqual({
      code: 4,
      text: expect.stringContaining('radio_plays_run_exit_code{command="sample"} 4\n'),
    })
  })

  test('a file of somebody else stays, and the run ends as it would', async () => {
    const other = join(place, 'notes.txt')
    writeFileSync(other, 'mine')
    const { code, stderr } = await run(['--end', 'done'], { env: { METRICS_FILE: other } })
    expect([code, readFileSync(other, 'utf8')]).toEqual([0, 'mine'])
    expect(stderr).toContain('the metrics were not written')
  })
})

describe('exit codes', () => {
  const kinds = Object.keys(exitCodes).filter((kind) => kind !== 'bug') as ErrorKind[]
  test.each(kinds)('%s', async (kind) => {
    const { code, stdout, stderr } = await run(['--end', kind])
    expect(code).toBe(exitCodes[kind])
    expect(stdout).toBe('')
    expect(stderr).toBe('error: it failed for a reason\n  at: plays.txt:7\n  do: try postgres://u:***@h/x again\n')
  })

  test('done is 0 and prints data on stdout only', async () => {
    expect(await run(['--end', 'done'])).toEqual({ code: 0, stdout: 'zone UTC\n', stderr: '' })
  })

  test('a bug is 70, with a report that holds the stack and no secret', async () => {
    const { code, stderr } = await run(['--end', 'crash'])
    expect(code).toBe(70)
    expect(stderr).toMatch(/^error: this is a bug in radio-plays: .*\n {2}do: .*data\/bug-.*\.txt\n$/)
    expect(stderr).not.toContain('\u001b')
    const file = join(place, 'data', readdirSync(join(place, 'data'))[0]!)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const report = readFileSync(file, 'utf8')
    expect(report).toContain('sample-command.ts')
    expect(report + stderr).not.toContain('canary')
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('%s is %d', async (signal, expected) => {
    const { code, stderr } = await run(['--end', 'wait'], { signal })
    expect(code).toBe(expected)
    expect(stderr).toContain('error: stopped\n')
  })
})

describe('usage', () => {
  test('an unknown flag is 2, with a suggestion', async () => {
    const { code, stderr } = await run(['--end', 'done', '--timezon', 'UTC'])
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean --timezone?')
    expect(stderr.split('\n').length).toBeLessThanOrEqual(4)
  })

  test('a bad setting is 2 with its name, value and what is allowed', async () => {
    const { code, stderr } = await run(['--end', 'done'], { env: { TIMEZONE: 'Mars/Base' } })
    expect(code).toBe(2)
    expect(stderr).toContain('TIMEZONE is "Mars/Base" but must be a zone')
  })

  test('--help is 0 and starts with examples', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Examples:\n {2}npm run sample -- --end spark\n/)
    expect(stdout).toContain('LISTENBRAINZ_TOKEN')
    expect(stdout).toContain('75 locked')
  })

  test('--version is 0 and names the tool, Node, the Spark client and Spark', async () => {
    const { code, stdout } = await run(['--version'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^radio-plays [\d.]+\nNode 24[\d.]+\nspark-connect-js [\d.]+\nSpark 4[\d.]+ \(embedded server\)\n$/,
    )
  })

  test('--quiet and --debug say how much is told, and not both', async () => {
    const told = async (...flags: string[]) =>
      (await run(['--end', 'wait', ...flags], { signal: 'SIGTERM', env: { LOG_FORMAT: 'json' } })).stderr
    expect(await told()).toContain('"message":"waiting"')
    const failed = async (...flags: string[]) => (await run(['--end', 'spark', ...flags])).stderr
    expect(await failed('--debug')).toContain('sample-command.ts')
    expect(await failed('--quiet')).not.toContain('sample-command.ts')
    expect(await run(['--end', 'done', '--quiet', '--debug'])).toMatchObject({ code: 2 })
    expect((await run(['--end', 'done', '--no-color'])).code).toBe(0)
  })

  test('each line of JSON logs names the command and the run', async () => {
    const { stderr } = await run(['--end', 'wait'], { signal: 'SIGTERM', env: { LOG_FORMAT: 'json' } })
    const lines = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    expect(lines.length).toBeGreaterThanOrEqual(2)
    expect(new Set(lines.map((line) => `${line.command} ${line.run_id}`)).size).toBe(1)
    expect(lines[0]).toMatchObject({ command: 'sample', run_id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  })
})

test.each([
  'aggregate',
  'enrich',
  'export',
  'report',
  'stats',
  'explore',
  'doctor',
  'fetch',
])('%s -- --help into a closed pipe ends quietly', async (name) => {
  const job = fileURLToPath(new URL(`../jobs/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [job, '--help'], { cwd: place })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect([code, stderr]).toEqual([0, ''])
})

test('an error and a log that nobody reads change no exit code', async () => {
  const child = spawn(process.execPath, [script, '--end', 'usage'], { cwd: place })
  child.stderr.destroy()
  child.stdout.destroy()
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2)
})

test('a reader that closes the pipe early is no error', async () => {
  const child = spawn(
    'bash',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    ['-c', '"$0" "$1" --end flood | head -1; echo "end ${PIPESTATUS[0]}"', process.execPath, script],
    {
      cwd: place,
    },
  )
  let out = ''
  child.stdout.on('data', (data) => {
    out += data
  })
  child.stderr.on('data', (data) => {
    out += data
  })
  await new Promise((resolve) => child.on('close', resolve))
  expect(out).toBe('line 0 of a long answer\nend 0\n')
})
