import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SparkSession } from 'spark-connect-js'
import { loadSettings } from '../../lib/config.ts'
import { Lake, writeLake } from '../../lib/lake/index.ts'
import { lakePlace } from '../../lib/lake/place.ts'
import { parquetInSlots, slotOf } from '../../lib/lake/versions.ts'
import { silent } from '../../lib/log.ts'
import { openStore, type Store } from '../../lib/store/index.ts'
import { fillStore } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { runJob } from '../support/run-job.ts'
import { testSpark } from '../support/spark.ts'

const folder = scratch()
const lastOfJanuary = Date.UTC(2026, 0, 31, 23, 30) / 1000
const play = (song: string, timeUnix: number) => ({ artist: 'Boston', song, callsign: 'KAAA', timeUnix })

/** Stages that run their work; at the note `killedAt` the run ends, as if by force. */
const stages = (killedAt?: string) => ({
  stages: [],
  stagesMs: {},
  stage: async <T>(_: string, work: (stage: { rows(): void; more(): void; note(text: string): void }) => Promise<T>) =>
    await work({
      rows: () => {},
      more: () => {},
      note: (text) => {
        if (text === killedAt) throw new Error('killed')
      },
    }),
})

const runTo = (lake: string, killedAt?: string, format = '') => ({
  settings: loadSettings({ env: { LAKE: lake, LAKE_FORMAT: format, SPARK_REMOTE: 'sc://127.0.0.1:1' }, dotenv: '' }),
  options: {},
  log: silent,
  progress: { ...stages(killedAt), ofSpark: { opening: <T>(open: () => Promise<T>) => open() } },
  signal: new AbortController().signal,
})

const serverOf = (session: SparkSession) => ({
  ...{ kind: 'remote' as const, session, address: 'sc://test', readsLocalFiles: false, scratch: null, wasKept: false },
  explain: async (error: unknown) => error,
  close: async () => {},
  [Symbol.asyncDispose]: async () => {},
})

describe('a lake', () => {
  const uri = `file://${folder}/lake with ä`
  let session: SparkSession
  let store: Store
  const open = async (killedAt?: string) => (await Lake.open(serverOf(session), runTo(uri, killedAt)))!

  beforeAll(async () => {
    session = await testSpark()
    const plays = [
      play('Amanda', lastOfJanuary),
      play('Smokin', lastOfJanuary + 3600),
      play('Amanda', lastOfJanuary + 7200),
    ]
    await fillStore(`sqlite:${folder}/plays.db`, { plays })
    store = await openStore(`sqlite:${folder}/plays.db`, { log: silent })
  }, 120_000)
  afterAll(async () => {
    await store.close()
    await session.stop()
  })

  test('has the rows of the database, typed, in a folder for each month in UTC', async () => {
    expect(await (await open()).write(store)).toEqual({ address: uri, version: 1, slot: 'slot-1', written: true })
    const at = `${folder}/lake with ä/slot-1`
    expect(readdirSync(`${at}/plays`).filter((name) => name.startsWith('month'))).toEqual([
      'month=2026-01-01',
      'month=2026-02-01',
    ])
    const plays = session.read.parquet(`${uri}/slot-1/plays`)
    const rows = await plays
      .orderBy('time_unix')
      .select('song_clean', 'time_unix', 'played_at', 'month')
      .toJSON()
      .collect()
    const first = '"time_unix":1769902200,"played_at":"2026-01-31T23:30:00.000Z","month":"2026-01-01"'
    expect(rows[0]?.value).toBe(`{"song_clean":"Amanda",${first}}`)
    expect(rows.map(({ value }) => /"month":".*"/.exec(value)?.[0])).toEqual([
      '"month":"2026-01-01"',
      '"month":"2026-02-01"',
      '"month":"2026-02-01"',
    ])
    const types = Object.fromEntries(
      (await plays.schema()).fields.map(({ name, dataType }) => [name, dataType.simpleString()]),
    )
    expect(types).toMatchObject({
      unique_id: 'string',
      time_unix: 'bigint',
      repaired: 'int',
      played_at: 'timestamp',
      month: 'date',
    })
    expect(
      await session.read.parquet(`${uri}/slot-1/songs`).orderBy('plays').select('song_clean', 'plays').collect(),
    ).toEqual([
      { song_clean: 'Smokin', plays: 1n },
      { song_clean: 'Amanda', plays: 2n },
    ])
    // A table without rows has its columns.
    expect(await session.read.parquet(`${uri}/slot-1/quarantined_plays`).columns()).toContain('reason')
    expect(await (await open()).write(store)).toMatchObject({ version: 1, written: false })
  }, 120_000)

  test('a run that is killed leaves the version that is there; the next one takes its place', async () => {
    await expect((await open('songs')).write(store, { always: true })).rejects.toThrow('killed')
    expect(await parquetInSlots.current(session, uri)).toMatchObject({ version: 1, slot: 'slot-1' })
    expect(readdirSync(`${folder}/lake with ä/slot-2`)).toContain('plays')
    expect(await (await open()).write(store, { always: true })).toMatchObject({
      version: 2,
      slot: 'slot-2',
      written: true,
    })
    expect(await session.read.parquet(`${uri}/slot-2/plays`).count()).toBe(3n)
    expect(await session.read.parquet(`${uri}/slot-1/plays`).count()).toBe(3n)
  }, 120_000)

  test('after a load that published, an error says so and how to write the lake alone', async () => {
    const lake = await open('plays')
    await expect(lake.writePublished({ ...store, lastRun: async () => null } as never)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/^the database is published, but the lake is as it was: /),
      remedy: expect.stringMatching(/npm run lake -- --lake ".*\/lake with ä"$/),
      published: 'yes',
    })
  }, 120_000)
})

describe('Delta Lake', () => {
  test('a server without it is refused, with what to do', async () => {
    const session = await testSpark()
    try {
      await expect(Lake.open(serverOf(session), runTo(`file://${folder}/none`, '', 'delta'))).rejects.toMatchObject({
        kind: 'usage',
        message: 'this Spark has no Delta Lake',
        remedy: expect.stringContaining('docs/lake.md'),
      })
    } finally {
      await session.stop()
    }
  }, 120_000)

  // A server with Delta's jars, as docs/lake.md starts it.
  const remote = process.env.SPARK_DELTA_TEST_REMOTE
  if (remote === undefined) process.stderr.write('skipped with Delta Lake: SPARK_DELTA_TEST_REMOTE names no server\n')
  const withDelta = remote === undefined ? test.skip : test
  withDelta(
    'tables are replaced, and the manifest says which version is complete',
    async () => {
      const session = await SparkSession.connect(remote!)
      const uri = `file://${folder}/delta lake`
      await fillStore(`sqlite:${folder}/delta.db`, {
        plays: [play('Amanda', lastOfJanuary), play('Smokin', lastOfJanuary + 3600)],
      })
      await using store = await openStore(`sqlite:${folder}/delta.db`, { log: silent })
      const open = async (killedAt?: string) => (await Lake.open(serverOf(session), runTo(uri, killedAt, 'delta')))!
      try {
        expect(await (await open()).write(store)).toEqual({ address: uri, version: 1, slot: 'delta', written: true })
        await expect((await open('songs')).write(store, { always: true })).rejects.toThrow('killed')
        expect(await (await open()).write(store)).toMatchObject({ version: 1, written: false })
        expect(await (await open()).write(store, { always: true })).toMatchObject({ version: 2, written: true })
        const plays = session.read.format('delta').load(`${uri}/delta/plays`)
        expect(await plays.orderBy('time_unix').select('song_clean', 'month').toJSON().collect()).toEqual([
          { value: '{"song_clean":"Amanda","month":"2026-01-01"}' },
          { value: '{"song_clean":"Smokin","month":"2026-02-01"}' },
        ])
        expect(await session.read.format('delta').load(`${uri}/delta/manifest`).count()).toBe(2n)
      } finally {
        await session.stop()
      }
    },
    300_000,
  )
})

test('three versions are there, in turns', () => {
  expect([1, 2, 3, 4, 5].map(slotOf)).toEqual(['slot-1', 'slot-2', 'slot-3', 'slot-1', 'slot-2'])
})

test('a folder of this machine that has what the database has needs no Spark', async () => {
  const url = `sqlite:${folder}/here.db`
  await fillStore(url, { plays: [play('Amanda', lastOfJanuary)] })
  await using store = await openStore(url, { log: silent })
  const lake = join(folder, 'here')
  const manifest = (version: number, run_id: string, publishes = 1) => {
    mkdirSync(join(lake, slotOf(version), 'manifest'), { recursive: true })
    const row = { version, slot: slotOf(version), run_id, publishes, database: 'd', written_at: 't', tables: [] }
    writeFileSync(join(lake, slotOf(version), 'manifest/part-0.json'), `${JSON.stringify(row)}\n`)
  }
  manifest(7, 'older')
  manifest(8, 'test')
  expect(await writeLake(store, runTo(lake))).toEqual({
    lake: { address: lake, version: 8, slot: 'slot-2', written: false },
  })
  // A newer version, of another state: no such short cut.
  for (const [version, run, publishes] of [
    [9, 'other', 1],
    [10, 'test', 2],
  ] as const) {
    manifest(version, run, publishes)
    await expect(writeLake(store, { ...runTo(lake), signal: AbortSignal.abort() })).rejects.toThrow()
  }
})

test('npm run lake makes no database, and wants a lake', async () => {
  const missing = join(folder, 'missing.db')
  const env = { DATABASE_URL: `sqlite:${missing}`, LAKE: '' }
  expect(await runJob('lake', ['--lake', join(folder, 'any')], { env })).toMatchObject({ code: 5, stdout: '' })
  expect(existsSync(missing)).toBe(false)
  await fillStore(`sqlite:${folder}/there.db`, { plays: [play('Amanda', lastOfJanuary)] })
  expect(await runJob('lake', [], { env: { ...env, DATABASE_URL: `sqlite:${folder}/there.db` } })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: there is no lake to write\n {2}do: .*npm run lake -- --lake data\/lake\n$/),
  })
}, 60_000)

describe('where a lake can be', () => {
  test.each([
    ['s3a://bucket/radio/', { uri: 's3a://bucket/radio', folder: null }],
    ['file:///srv/lake', { uri: 'file:///srv/lake', folder: null }],
    ['/srv/my lake', { uri: 'file:///srv/my lake', folder: '/srv/my lake' }],
  ])('%s', (given, place) => {
    expect(lakePlace(given)).toMatchObject(place)
  })

  test('passwords of an address are not shown', () => {
    expect(lakePlace('s3a://key:canary@bucket/radio').shown).not.toContain('canary')
  })

  test('patterns, control characters and files are refused', () => {
    writeFileSync(join(folder, 'file'), '')
    for (const given of ['s3a://b/*', '/srv/{a,b}', 'a\nb', join(folder, 'file')]) {
      expect(() => lakePlace(given)).toThrow(expect.objectContaining({ kind: 'usage' }))
    }
  })

  test('a folder of this machine is refused where Spark does not see it', async () => {
    const server = { readsLocalFiles: false, address: 'sc://spark:15002' }
    await expect(Lake.open(server as never, runTo('data/lake'))).rejects.toMatchObject({
      kind: 'usage',
      message: 'the Spark at sc://spark:15002 cannot write folders of this machine',
    })
  })
})
