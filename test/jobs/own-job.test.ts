import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { readPlays } from '../../lib/own-job/index.ts'
import { tableSource } from '../../lib/own-job/table-source.ts'
import { openReadOnly } from '../../lib/store/index.ts'
import { onEachDatabase } from '../store/support/databases.ts'
import { fillStore, type GivenPlay } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { testSpark, testSparkAddress } from '../support/spark.ts'

/*
 * Jobs of one's own as users run them: the worked example, the jobs of the guide, and the skeleton, each in a process of its own.
 */

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = scratch()
const monday = Date.UTC(2026, 1, 16) / 1000
const day = 86_400
let remote = ''

/** So many plays of a song in the week after so many weeks. */
const spins = (callsign: string, week: number, song: string, plays: number): GivenPlay[] =>
  Array.from({ length: plays }, (_, i) => ({
    ...{ artist: 'Boston', song, callsign, timeUnix: monday + week * 7 * day + i * 3600 },
  }))

const plays = [
  ...spins('KAAA', 0, 'Amanda', 3),
  ...spins('KAAA', 0, 'Peace of Mind', 2),
  ...spins('KAAA', 1, 'Peace of Mind', 4),
  ...spins('KAAA', 1, 'Amanda', 1),
  ...spins('KAAA', 3, 'Amanda', 2),
  ...spins('WBBB', 1, 'Amanda', 1),
]

beforeAll(async () => {
  remote = await testSparkAddress()
  for (const name of ['lib', 'node_modules']) symlinkSync(join(root, name), join(folder, name))
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  mkdirSync(join(folder, 'jobs'))
}, 120_000)

/** Runs a script of this folder or of the product. */
async function run(script: string, url: string, ...args: string[]) {
  const env = { ...process.env, DATABASE_URL: url, SPARK_REMOTE: remote, LOG_LEVEL: 'warn', LOG_FORMAT: 'text' }
  return await promisify(execFile)(process.execPath, [script, ...args], { cwd: folder, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

onEachDatabase((database) => {
  test('the weekly chart: positions by spins, and the position of the week before', async () => {
    const url = await database.create()
    await fillStore(url, { plays })
    const { code, stdout, stderr } = await run(join(root, 'jobs/weekly-chart.ts'), url, '--json')
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      job: 'job:weekly-chart',
      tables: [{ table: 'weekly_chart', inserted: 6, updated: 0, deleted: 0 }],
      checks: [{ name: 'no play in the future', level: 'error', failing: 0 }],
    })
    expect(database.sql(url, 'select * from weekly_chart order by week, station, position')).toEqual([
      ['2026-02-16', 'KAAA', 'Boston', 'Amanda', '3', '1', ''],
      ['2026-02-16', 'KAAA', 'Boston', 'Peace of Mind', '2', '2', ''],
      ['2026-02-23', 'KAAA', 'Boston', 'Peace of Mind', '4', '1', '2'],
      ['2026-02-23', 'KAAA', 'Boston', 'Amanda', '1', '2', '1'],
      ['2026-02-23', 'WBBB', 'Boston', 'Amanda', '1', '1', ''],
      // It was in no chart of the week before.
      ['2026-03-09', 'KAAA', 'Boston', 'Amanda', '2', '1', ''],
    ])
    const again = await run(join(root, 'jobs/weekly-chart.ts'), url)
    expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/^weekly_chart: nothing changed\n/)])
    const report = join(folder, `${database.name}.html`)
    expect(await run(join(root, 'jobs/report.ts'), url, '--out', report)).toMatchObject({ code: 0 })
    expect(readFileSync(report, 'utf8')).toMatch(/weekly_chart.*A position of the chart.*Peace of Mind/s)
  }, 120_000)
})

test('a large table is parsed once, and has the same rows', async () => {
  const url = `sqlite:${join(folder, 'large.db')}`
  await fillStore(url, { plays })
  const session = await testSpark()
  try {
    await using store = await openReadOnly(url, { log: silent })
    const stage = { rows: () => {}, more: () => {}, note: () => {} }
    const read = async (isLarge: boolean) => {
      const source = tableSource(
        store,
        { session, scratch: null },
        { stage, signal: new AbortController().signal, isLarge },
      )
      const frame = await readPlays(source)
      const { rows } = (await (await session.sql('select count(*) as rows from plays')).collect())[0] as {
        rows: bigint
      }
      const all = await frame.orderBy('unique_id').toJSON().collect()
      return { rows, all, parses: (await frame.explainString()).includes('from_json') }
    }
    const [small, large] = [await read(false), await read(true)]
    expect(large).toEqual({ ...small, parses: false })
    expect([small.rows, small.parses]).toEqual([BigInt(plays.length), true])
  } finally {
    await session.stop()
  }
}, 120_000)

describe('on SQLite', () => {
  const url = `sqlite:${join(folder, 'plays.db')}`
  const guide = readFileSync(join(root, 'docs/own-job.md'), 'utf8')
  const blocks = [...guide.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text]) => text!)
  beforeAll(() => fillStore(url, { plays: [...plays, ...spins('KAAA', 4, 'Smokin', 501)] }))

  test('the guide shows the worked example as it is', () => {
    expect(blocks[0]).toBe(readFileSync(join(root, 'jobs/weekly-chart.ts'), 'utf8'))
  })

  test('checks in SQL: a warning goes on, an error publishes nothing, and both have a history', async () => {
    writeFileSync(join(folder, 'jobs/songs.ts'), blocks[1]!)
    const warned = await run('jobs/songs.ts', url)
    expect(warned).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^station_songs: \+4 ~0 −0 rows\nData checks: 1 passed, 1 warned\n/),
      stderr: expect.stringMatching(/a song is played at most 500 times": 1 row, such as .*Smokin/),
    })
    writeFileSync(
      join(folder, 'jobs/songs.ts'),
      blocks[1]!.replaceAll(", { level: 'warn' }", '').replace('> 500', '> 2'),
    )
    const refused = await run('jobs/songs.ts', url)
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: data check "a song is played at most 500 times": 3 rows, such as .*nothing was/,
      ),
    })
    const history = await run(join(root, 'jobs/export.ts'), url, '--table', 'data_checks', '--out', '-')
    expect(history.stdout.match(/,(warn|error),(passed|failed),\d+/g)?.sort()).toEqual([
      ...[',error,failed,3', ',error,passed,0', ',error,passed,0', ',warn,failed,1'],
    ])
    expect((await run(join(root, 'jobs/export.ts'), url, '--table', 'station_songs', '--out', '-')).stdout).toMatch(
      /^callsign,artist_clean,song_clean,plays\nKAAA,Boston,Amanda,6\n/,
    )
  }, 120_000)

  test('job:new writes no job whose table has a name of the product', async () => {
    expect(await run(join(root, 'scripts/job-new.ts'), url, 'quarantined-plays')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: quarantined_plays is a table of radio-plays itself\n/),
    })
    expect(existsSync(join(folder, 'jobs/quarantined-plays.ts'))).toBe(false)
  })

  test('the skeleton of job:new runs as it is, and no file is replaced', async () => {
    const make = () => run(join(root, 'scripts/job-new.ts'), url, 'station-days')
    expect(await make()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^jobs\/station-days\.ts is there/) })
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).scripts).toMatchObject({
      'job:station-days': 'exec node --import ./lib/compile-cache.mjs jobs/station-days.ts',
    })
    expect(await run('jobs/station-days.ts', url)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^station_days: \+\d+ ~0 −0 rows\n/),
    })
    expect(await make()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: there is a job station-days/),
    })
  }, 120_000)

  test.each([
    [
      'a type that no table keeps',
      'timestamp_seconds(c.time_unix)',
      /column at has the type timestamp, which .*unix_seconds/s,
    ],
    ['a decimal', "c.time_unix.cast('decimal(20,0)')", /column at has the type decimal\(20,0\)/],
  ])(
    '%s is refused before anything is written',
    async (_, expression, message) => {
      writeFileSync(
        join(folder, 'jobs/odd.ts'),
        `import { timestamp_seconds } from 'spark-connect-js'
import { defineJob, readPlays } from '../lib/own-job/index.ts'
void timestamp_seconds
await defineJob({ name: 'job:odd', summary: 's', examples: [], async run({ server, store }) {
  const plays = await readPlays(server)
  await store.writeTable('odd', plays.select((c) => ({ id: c.unique_id, at: ${expression} })), { key: ['id'] })
} })`,
      )
      expect(await run('jobs/odd.ts', url)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
    },
    120_000,
  )
})
