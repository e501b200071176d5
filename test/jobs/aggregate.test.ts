import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { silent } from '../../lib/log.ts'
import type { RunFacts } from '../../lib/model/run-facts.ts'
import { openReadOnly, relationNames } from '../../lib/store/index.ts'
import { testSparkAddress } from '../support/spark.ts'

const job = fileURLToPath(new URL('../../jobs/aggregate.ts', import.meta.url))
const realFile = fileURLToPath(new URL('../../../shared/data/rock-plays-raw.txt', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'radio-plays-job-'))
let remote: string

beforeAll(async () => {
  remote = await testSparkAddress()
}, 300_000)
afterAll(() => rmSync(place, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the job as a user would, on the Spark server of the test run; `during` sees what it writes to stderr. */
function run(
  database: string,
  args: readonly string[],
  during: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [job, ...args], {
    cwd: place,
    env: { ...process.env, SPARK_REMOTE: remote, DATABASE_URL: `sqlite:${database}`, LOG_FORMAT: 'text' },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  let killed = false
  child.stderr.on('data', (data) => {
    stderr += data
    if (!killed) {
      during(stderr, (signal) => {
        killed = true
        child.kill(signal)
      })
    }
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
}

/** Every table of a run but `runs`, row by row: what must be equal if two databases are. */
async function contents(database: string): Promise<Record<string, unknown[]>> {
  const store = await openReadOnly(`sqlite:${database}`, { log: silent })
  try {
    return await store.snapshot(async (reader) => {
      const all: Record<string, unknown[]> = {}
      for (const name of relationNames) {
        if (name === 'runs') continue
        const rows: unknown[] = []
        for await (const row of reader.rows(name)) rows.push(row)
        all[name] = rows
      }
      return all
    })
  } finally {
    await store.close()
  }
}

/** How the runs of a database ended, oldest first. */
async function outcomes(database: string): Promise<string[]> {
  const store = await openReadOnly(`sqlite:${database}`, { log: silent })
  try {
    return await store.snapshot(async (reader) => {
      const { rows } = await reader.query('select outcome from runs order by started_at')
      return rows.map(([outcome]) => String(outcome))
    })
  } finally {
    await store.close()
  }
}

const log = (name: string, text: string) => {
  const path = join(place, name)
  mkdirSync(place, { recursive: true })
  writeFileSync(path, text)
  return path
}

const plays = (rows: readonly string[]) => `artist;title;station;time\n${rows.join('\n')}\n`
const someRows = Array.from({ length: 300 }, (_, i) => {
  const artist = ['Queen', 'queen', 'The Kinks', 'Kinks', 'ZZ Top'][i % 5]
  return `${artist};Song ${i % 17};KXYZ;2024-05-01 ${String(i % 24).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}:00`
})

describe('a run', () => {
  test('with no input loads the sample and tells about it', async () => {
    const { code, stdout } = await run(join(place, 'sample.db'), [])
    expect(stdout).toMatch(/^5,\d\d\d rows in = [\d,]+ plays \+ \d+ quarantined \+ \d+ duplicates\n/)
    expect(stdout).toContain('Top artists by plays\n 1  ')
    expect(stdout).toContain('Next: npm run job:enrich')
    expect(code).toBe(0)
  }, 120_000)

  test('twice gives identical tables, and the second says that nothing changed', async () => {
    const database = join(place, 'twice.db')
    const input = log('twice.csv', plays(someRows))
    expect((await run(database, ['--input', input])).stdout).toContain('Changed: plays +300')
    const first = await contents(database)
    const again = await run(database, ['--input', input, '--rerun'])
    expect(again.stdout).toContain('Changed: nothing')
    expect(await contents(database)).toEqual(first)
  }, 120_000)

  test('with nothing new says so without Spark, and runs where a byte, a flag or the number of plays differs', async () => {
    const database = join(place, 'nothing-new.db')
    const input = log('nothing-new.csv', plays(someRows))
    const lake = `file://${place}/lake`
    const first = await run(database, ['--input', input])
    // The lake gets what is there already.
    const same = await run(database, ['--input', input, '--lake', lake])
    expect(same.stdout).toContain(`\nLake: ${lake}, version 1 in slot-1\n`)
    const heads = [first, same].map(({ stdout }) => stdout.split('\nTime')[0])
    expect(heads[1]).toBe(heads[0])
    expect(same.stdout).toMatch(
      /\nSpark: not needed: .* in the run of 20\d\d-\d\d-\d\d \d\d:\d\d UTC \(--rerun .*\nChanged: nothing\n/s,
    )
    const facts = JSON.parse((await run(database, ['--input', input, '--lake', lake, '--json'])).stdout) as RunFacts
    expect(facts.lake).toEqual({ address: lake, version: 1, slot: 'slot-1', written: false })
    expect(facts).toMatchObject({ rowsIn: 300, plays: 300, quarantined: [], totalMs: expect.any(Number) })
    expect(await outcomes(database)).toEqual(['published', 'unchanged', 'unchanged'])

    const ranAll = async (...args: string[]) => (await run(database, args)).stdout.includes('Spark: remote (')
    log('nothing-new.csv', plays(someRows.with(7, someRows[7]!.replace('Song 7', 'Song 8'))))
    expect(await ranAll('--input', input, '--lake', lake)).toBe(true)
    expect(await ranAll('--input', input, '--timezone', 'Europe/Paris')).toBe(true)
    const db = new Database(database)
    db.exec('delete from plays where rowid = (select min(rowid) from plays)')
    db.close()
    expect(await ranAll('--input', input, '--timezone', 'Europe/Paris')).toBe(true)
    expect(await ranAll('--input', input, '--timezone', 'Europe/Paris')).toBe(false)
  }, 180_000)

  test('makes the database equal to its input: what is gone from the input is gone from the tables', async () => {
    const database = join(place, 'equal.db')
    await run(database, ['--input', log('more.csv', plays(someRows))])
    const fewer = log('fewer.csv', plays(someRows.slice(0, 100)))
    expect((await run(database, ['--input', fewer])).stdout).toMatch(/Changed: plays [^,]*−200/)
    const fresh = join(place, 'fresh.db')
    await run(fresh, ['--input', fewer])
    const withoutTimes = (rows: unknown[]) =>
      rows.map((row) => ({ ...(row as object), created_at: '', updated_at: '', source_file: '' }))
    const [was, is] = [await contents(database), await contents(fresh)]
    for (const name of Object.keys(is))
      expect({ name, rows: withoutTimes(was[name]!) }).toEqual({ name, rows: withoutTimes(is[name]!) })
  }, 180_000)

  test('reads several files of different dialects at once, and counts every row once', async () => {
    const one = log('one.csv', plays(someRows.slice(0, 50)))
    const two = log(
      'two.txt',
      `Played At\tStation\tTrack\tArtist\n${Array.from({ length: 40 }, (_, i) => `2024-06-01 10:${10 + i}\tWABC\tTune ${i}\tQueen`).join('\r\n')}`,
    )
    const { stdout } = await run(join(place, 'dialects.db'), ['--json', '--input', one, two])
    const facts = JSON.parse(stdout) as RunFacts
    expect(facts.rowsIn).toBe(90)
    expect(facts.plays).toBe(90)
    expect(facts.stations).toBe(2)
  }, 120_000)
})

describe('the real file', () => {
  const there = existsSync(realFile)
  if (!there) console.warn('skipped: ../shared/data/rock-plays-raw.txt is not here')
  const onReal = there ? test : test.skip
  onReal(
    'gives 37,672 plays, 814 of them repaired, 1 quarantined row and 25 stations',
    async () => {
      const { code, stdout } = await run(join(place, 'real.db'), ['--json', '--input', realFile])
      expect(code).toBe(0)
      const facts = JSON.parse(stdout) as RunFacts
      expect(facts).toMatchObject({ rowsIn: 37_673, plays: 37_672, repaired: 814, duplicates: 0, stations: 25 })
      expect(facts.quarantined.map(({ rows }) => rows)).toEqual([1])
    },
    180_000,
  )
})

describe('bad input ends with 3, at most four lines, and leaves the tables alone', () => {
  const database = join(place, 'bad.db')
  let before: Record<string, unknown[]>
  beforeAll(async () => {
    await run(database, ['--input', log('good.csv', plays(someRows.slice(0, 20)))])
    before = await contents(database)
  }, 120_000)

  test.each([
    ['missing', () => join(place, 'nowhere.csv')],
    ['empty', () => log('empty.csv', '')],
    ['binary', () => log('binary.csv', '\u0000\u0001\u0002\u0003'.repeat(500))],
    ['header only', () => log('header.csv', 'artist;title;station;time\n')],
    ['unknown header', () => log('unknown.csv', 'foo;bar;baz\n1;2;3\n')],
  ])(
    '%s',
    async (_, path) => {
      const { code, stdout, stderr } = await run(database, ['--input', path()])
      const error = stderr.slice(stderr.indexOf('error:'))
      expect({ code, error }).toEqual({ code: 3, error: expect.stringMatching(/^error: .*\n(.*\n)*? {2}do: .+\n$/) })
      expect(error.trimEnd().split('\n').length).toBeLessThanOrEqual(4)
      expect(stdout).toBe('')
      expect(await contents(database)).toEqual(before)
    },
    120_000,
  )

  test('too many refused rows end with 1 and the reasons', async () => {
    const rows = someRows.map((row, i) => (i % 10 === 0 ? 'Queen;Some Song;KXYZ;never' : row))
    const { code, stderr } = await run(database, ['--input', log('dirty.csv', plays(rows))])
    expect(stderr).toMatch(/30 of 300 rows \(10\.0 %\) would be refused, more than 5 %: .+ \(30\)/)
    expect(code).toBe(1)
    expect(await contents(database)).toEqual(before)
    expect((await run(database, ['--input', join(place, 'dirty.csv'), '--max-quarantine', '10'])).code).toBe(0)
  }, 120_000)
})

describe('an end in the middle', () => {
  test('SIGINT ends with 130, publishes nothing, and the next run works', async () => {
    const database = join(place, 'interrupted.db')
    const input = log('interrupted.csv', plays(someRows))
    const { code, stderr } = await run(database, ['--input', input], (text, kill) => {
      if (text.includes('read:')) kill('SIGINT')
    })
    expect(stderr).toContain('nothing was published')
    expect(code).toBe(130)
    expect((await contents(database)).plays).toEqual([])
    expect((await run(database, ['--input', input])).stdout).toContain('plays +300')
  }, 120_000)
})
