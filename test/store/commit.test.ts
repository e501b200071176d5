import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { random } from './support/dataset.ts'

/*
 * A Postgres that goes away around the commit of a load. The full form, a hundred restarts at random moments from just before
 * the commit to the end of the command: TEST_FAULTS=full. TEST_SEED repeats a run.
 */
const full = process.env.TEST_FAULTS === 'full'
const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 1e9))
const reason = whyNoPostgres()
if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`)

const script = fileURLToPath(new URL('support/load-command.ts', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'rp-commit-'))
let count = 0

function start(url: string, loadSeed: number, step: string) {
  const goFile = join(folder, String(++count))
  const child = spawn(process.execPath, [script, url, String(loadSeed), step, goFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { ...process.env, LOG_LEVEL: 'warn', LOG_FORMAT: 'text' },
  })
  let [stdout, stderr] = ['', '']
  const reached = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (stdout.includes(`at ${step}\n`)) resolve()
    })
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  return {
    reached: Promise.race([reached, ended]),
    proceed: () => writeFileSync(goFile, ''),
    signal: () => child.kill(),
    ended,
  }
}

type Ended = Awaited<ReturnType<typeof start>['ended']>

const afterCommit = ['committed', 'staging dropped', 'tidied', 'summary', 'summary begun', 'end']

;(reason === undefined ? describe : describe.skip)('a Postgres that goes away around the commit', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(() => {
    server?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const name = (url: string) => new URL(url).pathname.slice(1)
  const isPublished = (url: string) =>
    server.sql(`select count(*) from runs where outcome = 'published'`, name(url)) === '1'

  /** What was said against what is; gives which of the true ends it was. */
  function judge({ code, stdout, stderr }: Ended, published: boolean): string {
    const words = { code, stdout, stderr, published }
    // No crash, no warning, and no bug report.
    if (code !== 0 && code !== 5) throw new Error(`exit ${code}: ${JSON.stringify(words)}`)
    if (/Warning|uncaught|Unhandled|\n {4}at /i.test(stderr)) throw new Error(`noise: ${JSON.stringify(words)}`)
    const said =
      code === 0
        ? 'done'
        : /nothing was published/.test(stderr)
          ? 'nothing was published'
          : /the load was published, but its summary failed/.test(stderr)
            ? 'published, not summed up'
            : /lost while it confirmed the load/.test(stderr)
              ? 'unknown'
              : 'nothing'
    const right = published ? ['done', 'published, not summed up', 'unknown'] : ['nothing was published', 'unknown']
    if (!right.includes(said)) throw new Error(`wrong words: ${JSON.stringify(words)}`)
    if (code === 0 && !stdout.includes('summary 300')) throw new Error(`no summary: ${JSON.stringify(words)}`)
    return said
  }

  test('an undisturbed load says nothing on stderr: no warning of Node or of the driver', async () => {
    const url = await server.createDatabase()
    const ended = await start(url, 1, 'never').ended
    expect(ended).toEqual({ code: 0, stdout: 'summary 300\n', stderr: '' })
  }, 60_000)

  test.each([
    'plays staged',
    'transaction begun',
    'checks done',
    'run written',
  ])('killed before it (%s): nothing was published, and the command says so', async (step) => {
    const url = await server.createDatabase()
    const child = start(url, 1, step)
    await child.reached
    await server.kill()
    child.proceed()
    // Long enough to be asked whether the load was published.
    await sleep(500)
    await server.start()
    const ended = await child.ended
    expect(judge(ended, isPublished(url))).toBe('nothing was published')
    expect(ended.stderr.match(/nothing was published/g)).toHaveLength(1)
  }, 60_000)

  test.each(afterCommit)('killed after it (%s) and not back: the command says that all was published', async (step) => {
    const url = await server.createDatabase()
    const child = start(url, 1, step)
    await child.reached
    await server.kill()
    child.proceed()
    const ended = await child.ended
    await server.start()
    expect(judge(ended, isPublished(url))).toBe(step === 'end' ? 'done' : 'published, not summed up')
  }, 60_000)

  test.each(afterCommit)('restarted after it (%s): the command ends as if nothing had been', async (step) => {
    const url = await server.createDatabase()
    const child = start(url, 1, step)
    await child.reached
    server.stop('fast')
    child.proceed()
    await server.start()
    expect(judge(await child.ended, isPublished(url))).toBe('done')
  }, 60_000)

  test('a command that is stopped after it does not say that nothing was published', async () => {
    const url = await server.createDatabase()
    const child = start(url, 1, 'summary')
    await child.reached
    await server.kill()
    child.signal()
    child.proceed()
    const { code, stderr } = await child.ended
    await server.start()
    expect(isPublished(url)).toBe(true)
    expect({ code, stderr }).toEqual({ code: 143, stderr: expect.stringContaining('the load was published') })
    expect(stderr).not.toContain('nothing was published')
  }, 60_000)

  test('restarted at random moments around it: no wrong word, no crash', async () => {
    const next = random(seed)
    const rounds = full ? 100 : 8
    const ends: Record<string, number> = {}
    for (let round = 0; round < rounds; round++) {
      const url = await server.createDatabase()
      const child = start(url, round, 'checks done')
      await child.reached
      child.proceed()
      await sleep(next() * 120)
      const how = ['fast', 'immediate', 'kill'][round % 3]!
      if (how === 'kill') await server.kill()
      else server.stop(how as 'fast' | 'immediate')
      // Some come back too late for whoever waits.
      await sleep(next() < 0.2 ? 6500 : next() * 1500)
      await server.start()
      const end = judge(await child.ended, isPublished(url))
      const key = `${end}${isPublished(url) ? '' : ' (and it was not)'}`
      ends[key] = (ends[key] ?? 0) + 1
    }
    process.stderr.write(`${rounds} restarts around the commit (TEST_SEED=${seed}): ${JSON.stringify(ends)}\n`)
    expect(Object.values(ends).reduce((sum, each) => sum + each, 0)).toBe(rounds)
  }, 1_800_000)
})
