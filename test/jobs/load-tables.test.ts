import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { expr, type SparkSession, type UntypedFrame } from 'spark-connect-js'
import { Progress } from '../../lib/cli/index.ts'
import { beginLoad, type TableFrames, type TableLoad } from '../../lib/load/index.ts'
import { silent } from '../../lib/log.ts'
import type { SparkServer } from '../../lib/spark/index.ts'
import { type LoadTable, openStore, type Store } from '../../lib/store/index.ts'
import { contentHash } from '../store/support/content.ts'
import { onEachDatabase } from '../store/support/databases.ts'
import { columnNames, dataset, run, staged } from '../store/support/dataset.ts'
import { testSpark } from '../support/spark.ts'

let session: SparkSession
let frames: Record<LoadTable, UntypedFrame>
const data = dataset({ plays: 800, seed: 71 })
const kinds = { bigint: 'bigint', number: 'double', string: 'string' }
const clock = () => new Date('2026-03-01T12:00:00.000Z')

beforeAll(async () => {
  session = await testSpark()
  const rows = staged(data.tables)
  frames = {} as typeof frames
  for (const table of Object.keys(rows) as LoadTable[]) {
    const types = columnNames[table].map((name) => {
      const value = rows[table].map((row) => row[name]).find((one) => one !== null)
      return `${name} ${kinds[typeof value as keyof typeof kinds] ?? 'string'}`
    })
    frames[table] = (await session.createDataFrame(rows[table] as never, types.join(', '))).repartition(3)
  }
}, 120_000)
afterAll(() => session?.stop())

onEachDatabase((database) => {
  const early = (): TableFrames => ({
    plays: frames.plays,
    quarantined_plays: frames.quarantined_plays,
    plays_by_hour: frames.plays_by_hour,
  })
  const rest = (): TableFrames => {
    const { artist_names, song_names, artists, songs, stations } = frames
    return { artist_names, song_names, artists, songs, stations }
  }
  const finishing = {
    stages: new Progress({ log: silent }),
    publish: { rowsIn: data.rowsIn, duplicates: data.duplicates },
  }
  /** A frame of which no row can be computed. */
  const broken = (frame: UntypedFrame) =>
    frame.withColumn('plays', () => expr<bigint>("if(plays > 0, cast(raise_error('a bad disk') as bigint), plays)"))

  async function loading(url: string, playsAtOnce = 1_000): Promise<{ store: Store; load: TableLoad }> {
    const store = await openStore(url, { log: silent, clock })
    await store.lock({ runId: 'new', job: 'test' })
    const info = { runId: 'new', job: 'test', startedAt: clock(), inputs: [], versions: {}, settings: {} }
    const server = { session } as SparkServer
    const { signal } = new AbortController()
    return { store, load: await beginLoad(store, info, { server, signal, plays: 800n, playsAtOnce }) }
  }

  test.each([
    ['the plays at once', 1_000],
    ['the plays in parts', 300],
  ])(
    'tables that come first and tables that come later are one load, %s',
    async (_, playsAtOnce) => {
      const [url, plain] = [await database.create(), await openStore(await database.create(), { log: silent, clock })]
      const { store, load } = await loading(url, playsAtOnce)
      load.add(early())
      await load.finish(rest(), finishing)
      await run(plain, data, 'plain')
      expect(await contentHash(store)).toBe(await contentHash(plain))
      expect(database.staging(url)).toEqual([])
      await plain.close()
      await store.close()
    },
    60_000,
  )

  test.each([
    ['that came first', () => ({ ...early(), plays_by_hour: broken(frames.plays_by_hour) }), rest],
    ['that came later', early, () => ({ ...rest(), song_names: broken(frames.song_names) })],
  ])(
    'a table %s and fails ends the load: the others are broken off, what was there stays',
    async (_, first, then) => {
      const url = await database.create()
      const before = await openStore(url, { log: silent, clock })
      await run(before, dataset({ plays: 100, seed: 72 }), 'old')
      const state = await contentHash(before)
      await before.close()
      const { store, load } = await loading(url)
      load.add(first())
      await expect(load.finish(then(), finishing)).rejects.toThrow('a bad disk')
      expect(await contentHash(store)).toBe(state)
      expect(database.staging(url)).toEqual([])
      expect(database.sql(url, "select outcome from runs where run_id = 'new'")).toEqual([['failed']])
      await store.close()
    },
    60_000,
  )

  test('a load that is given up while its first tables come leaves nothing', async () => {
    const url = await database.create()
    const { store, load } = await loading(url)
    load.add(early())
    await load[Symbol.asyncDispose]()
    expect(database.staging(url)).toEqual([])
    expect((await store.totals()).plays).toBe(0)
    expect(database.sql(url, 'select run_id from runs')).toEqual([])
    await store.close()
  }, 60_000)
})
