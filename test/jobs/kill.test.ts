import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { onEachDatabase } from '../store/support/databases.ts'
import { random } from '../store/support/dataset.ts'
import { scratch } from '../support/input-files.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { testSparkAddress } from '../support/spark.ts'
import { tables } from '../support/tables.ts'

// The full form kills 50 times on each database: TEST_FAULTS=full. TEST_SEED repeats a run.
const rounds = process.env.TEST_FAULTS === 'full' ? 50 : 4
const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 1e9))

const folder = scratch()
const job = fileURLToPath(new URL('../../jobs/aggregate.ts', import.meta.url))
let remote: string
let old: string
let changed: string

beforeAll(async () => {
  remote = await testSparkAddress()
  const rows = (from: number, to: number, queen: string) =>
    Array.from({ length: to - from }, (_, i) => from + i).map(
      (i) => `ID${i};${[queen, 'The Kinks', 'ZZ Top'][i % 3]};Song ${i % 17};KXYZ;${1_403_279_923 + i * 60}`,
    )
  const write = (name: string, lines: string[]) => {
    const path = join(folder, name)
    writeFileSync(path, `id;artist;title;station;time\n${lines.join('\n')}\n`)
    return path
  }
  old = write('old.csv', rows(0, 400, 'queen'))
  changed = write('changed.csv', [...rows(150, 600, 'Queen'), 'cut off'])
}, 300_000)

interface Running {
  /** Waits until stderr holds the text. */
  says(text: string): Promise<void>
  kill(): void
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>
}

/** The job as users start it. */
function start(url: string, input: string, ...more: string[]): Running {
  const child = spawn(process.execPath, [job, '--input', input, ...more], {
    cwd: folder,
    env: { ...process.env, SPARK_REMOTE: remote, DATABASE_URL: url, LOG_FORMAT: 'text', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  const waiting: (() => void)[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const look of waiting) look()
  })
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  )
  return {
    says: (text) =>
      Promise.race([
        new Promise<void>((resolve) => {
          const look = () => stderr.includes(text) && resolve()
          waiting.push(look)
          look()
        }),
        ended.then(() => {}),
      ]),
    kill: () => child.kill('SIGKILL'),
    ended,
  }
}

async function load(url: string, input: string): Promise<void> {
  const { code, stderr } = await start(url, input).ended
  if (code !== 0) throw new Error(stderr)
}

onEachDatabase((database) => {
  test(`SIGKILL ${rounds} times at random moments of loads that change the data: the old tables or the new ones`, async () => {
    const url = await database.create()
    await load(url, old)
    const contents = { old: await tables(url), changed: await tables(url) }
    const timed = start(url, changed)
    const started = performance.now()
    await timed.says('resolve:')
    const untilLoad = performance.now() - started
    await timed.ended
    const whole = performance.now() - started
    contents.changed = await tables(url)
    expect(contents.changed).not.toEqual(contents.old)

    const next = random(seed)
    let state: keyof typeof contents = 'changed'
    const left = { before: 0, after: 0 }
    for (let round = 1; round <= rounds; round += 1) {
      // Each run finds what the killed ones before it have left.
      const wanted: keyof typeof contents = state === 'old' ? 'changed' : 'old'
      const victim = start(url, wanted === 'old' ? old : changed)
      // Every other one while it writes the database: that is short, and where it matters.
      if (round % 2 === 1) {
        await victim.says('resolve:')
        await sleep(next() * (whole - untilLoad))
      } else await sleep(next() * whole)
      victim.kill()
      await victim.ended
      // Read as any reader would, before anybody has mended anything.
      const found = await tables(url)
      const isAfter = same(found, contents[wanted])
      expect(found).toEqual(contents[isAfter ? wanted : state])
      left[isAfter ? 'after' : 'before'] += 1
      if (isAfter) state = wanted
      database.checkIntegrity(url)
      if (round % 5 === 0 || round === rounds) {
        state = state === 'old' ? 'changed' : 'old'
        await load(url, state === 'old' ? old : changed)
        expect(await tables(url)).toEqual(contents[state])
        expect(database.staging(url)).toEqual([])
      }
    }
    process.stderr.write(`${database.name}: ${rounds} kills left ${JSON.stringify(left)} (TEST_SEED=${seed})\n`)
  }, 3_600_000)
})

const same = (a: unknown, b: unknown) => {
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
  return JSON.stringify(a, text) === JSON.stringify(b, text)
}

describe('Postgres in the middle of a load', () => {
  const why = whyNoPostgres()
  if (why !== undefined) {
    test.skip(`skipped: ${why}`, () => {})
    return
  }
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(() => server?.remove())

  test.each([
    ['killed', () => server.kill(), () => server.start()],
    [
      'restarted',
      async () => {
        server.stop('fast')
        await server.start()
      },
      async () => {},
    ],
  ])(
    '%s: exit 5 at once and how to have it waited for, the old data is intact, and the next run works',
    async (_, strike, mend) => {
      const url = await server.createDatabase()
      await load(url, old)
      const before = await tables(url)
      const running = start(url, changed)
      await running.says('resolve:')
      const struckMs = performance.now()
      await strike()
      const { code, stderr } = await running.ended
      expect(performance.now() - struckMs).toBeLessThan(30_000)
      expect({ code, error: stderr.slice(stderr.indexOf('error:')) }).toEqual({
        code: 5,
        error: expect.stringMatching(
          /^error: .*Postgres.*\n {2}at: .*\n {2}do: .*DATABASE_WAIT.*nothing was published\n$/,
        ),
      })
      await mend()
      expect(await tables(url)).toEqual(before)
      await load(url, changed)
      expect((await tables(url)).plays).toHaveLength(450)
    },
    600_000,
  )

  test('restarted, and to be waited for: the run ends as if nothing had been', async () => {
    const url = await server.createDatabase()
    await load(url, old)
    const running = start(url, changed, '--database-wait', '60')
    await running.says('resolve:')
    server.stop('fast')
    await server.start()
    expect((await running.ended).code).toBe(0)
    const other = await server.createDatabase()
    await load(other, old)
    await load(other, changed)
    expect(await tables(url)).toEqual(await tables(other))
  }, 600_000)
})
