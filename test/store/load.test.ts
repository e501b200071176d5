import { afterEach, describe, expect, test } from '@jest/globals'
import type { AppError } from '../../lib/errors.ts'
import { type Logger, silent } from '../../lib/log.ts'
import { type LoadTable, loadTables, openStore, type Store } from '../../lib/store/index.ts'
import { kyselyOf } from '../../lib/store/kysely-of.ts'
import { contentHash, rowsOf } from './support/content.ts'
import { onEachDatabase, type TestDatabase } from './support/databases.ts'
import { batchesOf, columnNames, type Dataset, dataset, type Row, run, writeAll } from './support/dataset.ts'

const first = new Date('2026-03-01T12:00:00.000Z')
const second = new Date('2026-03-02T12:00:00.000Z')
const byBytes = (a: unknown, b: unknown) => Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))

onEachDatabase((database: TestDatabase) => {
  const open: Store[] = []
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close()
  })
  async function storeOn(url: string, now = first, log: Logger = silent): Promise<Store> {
    const store = await openStore(url, { log, clock: () => now })
    open.push(store)
    return store
  }
  const tracked = async (now = first) => {
    const url = await database.create()
    return { url, store: await storeOn(url, now) }
  }

  test('every table holds exactly what was written, in the order of its key', async () => {
    const { url, store } = await tracked()
    const data = dataset({ plays: 2_345, seed: 11 })
    const result = await run(store, data, 'run-1')
    expect(result.unchanged).toBe(false)
    const stamps = { created_at: first.toISOString(), updated_at: first.toISOString() }
    for (const table of loadTables) {
      const expected = data.tables[table]
        .map((row) => ({
          ...Object.fromEntries(
            Object.entries(row).map(([name, value]) => [
              name,
              typeof value === 'number' && name !== 'score' ? BigInt(value) : value,
            ]),
          ),
          ...(table === 'plays' ? stamps : {}),
        }))
        .sort((a, b) => {
          const keys = { song_names: ['raw_artist', 'raw_song'], plays_by_hour: ['callsign', 'hour_unix'] }[
            table as string
          ]
          for (const key of keys ?? [Object.keys(a)[0]!]) {
            const order = byBytes(a[key as never], b[key as never])
            if (order !== 0) return order
          }
          return 0
        })
      expect({ table, rows: await rowsOf(store, table) }).toEqual({ table, rows: expected })
      expect(result.changed[table]).toEqual({ inserted: expected.length, updated: 0, deleted: 0 })
    }
    expect(database.staging(url)).toEqual([])
  })

  test('the same input again changes no row, and the run says so', async () => {
    const { url, store } = await tracked()
    const data = dataset({ plays: 900, seed: 12 })
    await run(store, data, 'run-1')
    const before = await contentHash(store)
    const later = await storeOn(url, second)
    const again = await run(later, data, 'run-2', second)
    expect(again.unchanged).toBe(true)
    expect(Object.values(again.changed)).toEqual(loadTables.map(() => ({ inserted: 0, updated: 0, deleted: 0 })))
    expect(await contentHash(later)).toBe(before)
    expect(await later.lastRun()).toMatchObject({
      run_id: 'run-2',
      outcome: 'unchanged',
      finished_at: second.toISOString(),
    })
  })

  test('other input: what is gone is deleted, what differs updated, what is new inserted, the rest untouched', async () => {
    const { url, store } = await tracked()
    await run(store, dataset({ plays: 1_000, seed: 13 }), 'run-1')
    const later = await storeOn(url, second)
    const data = dataset({ plays: 1_000, seed: 13, from: 100, changeEvery: 10 })
    const result = await run(later, data, 'run-2', second)
    // Plays 0–99 are gone, 1,000–1,099 are new, and of the 900 in both every tenth differs.
    expect(result.changed.plays).toEqual({ inserted: 100, updated: 90, deleted: 100 })
    const old = first.toISOString()
    const now = second.toISOString()
    const stamps = new Map<string, number>()
    for (const row of await rowsOf(later, 'plays')) {
      const key = `${row.created_at} ${row.updated_at}`
      stamps.set(key, (stamps.get(key) ?? 0) + 1)
    }
    expect(Object.fromEntries(stamps)).toEqual({
      [`${old} ${old}`]: 810,
      [`${old} ${now}`]: 90,
      [`${now} ${now}`]: 100,
    })

    const { store: fresh } = await tracked()
    await run(fresh, data, 'run-1')
    const stampless = loadTables.filter((table) => table !== 'plays')
    expect(await contentHash(later, stampless)).toBe(await contentHash(fresh, stampless))
    const plays = (rows: Record<string, unknown>[]) => rows.map(({ created_at: _, updated_at: __, ...row }) => row)
    expect(plays(await rowsOf(later, 'plays'))).toEqual(plays(await rowsOf(fresh, 'plays')))
  })

  describe('a run that appends', () => {
    const [before, all] = [dataset({ plays: 1_000, seed: 15 }), dataset({ plays: 1_200, seed: 15, changeEvery: 10 })]
    const refused = [before.tables.quarantined_plays[3]!, ...all.tables.quarantined_plays.slice(-2)]
    // 200 new plays, 3 refused lines, of which one was there, and 5 duplicates.
    const appended = {
      rowsIn: 208n,
      duplicates: 5n,
      append: true,
      tables: { ...all.tables, quarantined_plays: refused },
    }

    test('adds to the plays and to the refused rows, and its ledger is of its own rows', async () => {
      const { url, store } = await tracked()
      await run(store, before, 'run-1')
      const later = await storeOn(url, second)
      const { ledger, changed } = await run(later, appended, 'run-2', second)
      expect(ledger).toMatchObject({ rowsIn: 208, plays: 200, quarantined: 3, duplicates: 5 })
      expect(changed.plays).toEqual({ inserted: 200, updated: 100, deleted: 0 })
      expect(changed.quarantined_plays).toEqual({ inserted: 2, updated: 0, deleted: 0 })
      expect(await later.totals()).toMatchObject({ plays: 1_200, quarantined: 12 })
      expect(await later.lastRun()).toMatchObject({ run_id: 'run-2', rows_in: 208, plays: 200, quarantined: 3 })
    })

    test('publishes nothing if a play of before is missing, or if a row is lost', async () => {
      const { store } = await tracked()
      await run(store, before, 'run-1')
      const state = await contentHash(store)
      const other = dataset({ plays: 1_200, seed: 15, from: 1 })
      const gone = { ...appended, tables: { ...other.tables, quarantined_plays: refused } }
      await expect(run(store, gone, 'gone')).rejects.toThrow('1 plays of before are not among those that are to stay')
      await expect(run(store, { ...appended, rowsIn: 209n }, 'lost')).rejects.toThrow('209 rows in are not 200 plays')
      expect(await contentHash(store)).toBe(state)
    })
  })

  test('an empty input empties the tables', async () => {
    const { store } = await tracked()
    await run(store, dataset({ plays: 300, seed: 14 }), 'run-1')
    const tables = Object.fromEntries(loadTables.map((table) => [table, []])) as unknown as Dataset['tables']
    const result = await run(store, { rowsIn: 0n, duplicates: 0n, tables }, 'run-2', second)
    expect(result.changed.plays).toEqual({ inserted: 0, updated: 0, deleted: 300 })
    expect(await store.totals()).toEqual({
      ...{ plays: 0, repaired: 0, quarantined: 0, stations: 0, artists: 0, songs: 0 },
      ...{ firstPlayUnix: null, lastPlayUnix: null },
    })
  })

  test('look-ups survive a load', async () => {
    const { store } = await tracked()
    await run(store, dataset({ plays: 300, seed: 15 }), 'run-1')
    const image = { identity_status: 'found', image_status: 'not_found', providers_asked: '["musicbrainz"]' } as const
    await kyselyOf(store)
      .insertInto('artist_images')
      .values({ artist_clean: 'AC/DC', ...image } as never)
      .execute()
    await run(store, dataset({ plays: 100, seed: 16 }), 'run-2', second)
    expect(await rowsOf(store, 'artist_images')).toHaveLength(1)
  })

  describe('values', () => {
    const play: Row = dataset({ plays: 1, seed: 1 }).tables.plays[0]!
    const cases: [string, Partial<Row>, Partial<Row>][] = [
      ['the largest and smallest 64-bit numbers', { time_unix: 2n ** 63n - 1n }, { time_unix: 2n ** 63n - 1n }],
      ['a negative 64-bit number', { source_line: -(2n ** 63n) }, { source_line: -(2n ** 63n) }],
      ['NUL, which Postgres cannot hold, is left out', { raw_song: 'a\0b\0' }, { raw_song: 'ab' }],
      ['COPY’s own characters', { raw_song: '\\.\n\\N\t\r\\' }, { raw_song: '\\.\n\\N\t\r\\' }],
      ['SQL', { raw_song: `'); DROP TABLE plays;--` }, { raw_song: `'); DROP TABLE plays;--` }],
      ['the empty string is no null', { featured: '' }, { featured: '' }],
      ['four-byte characters and combining marks', { raw_song: '🎸e\u0301\u202e' }, { raw_song: '🎸e\u0301\u202e' }],
      ['half a surrogate pair becomes U+FFFD', { raw_song: 'x\ud83c' }, { raw_song: 'x\ufffd' }],
      ['booleans in number columns', { first_play: true }, { first_play: 1n }],
      ['a long text', { original_line: 'ü'.repeat(300_000) }, { original_line: 'ü'.repeat(300_000) }],
    ]
    test.each(cases)('%s', async (_, given, expected) => {
      const { store } = await tracked()
      const lock = await store.lock({ runId: 'v', job: 'test' })
      const info = { runId: 'v', job: 'test', startedAt: first, inputs: [], versions: {}, settings: {} }
      const load = await store.startLoad(info)
      const data = withPlay({ ...play, ...given } as Row, expected)
      await writeAll(load, data)
      await load.publish({ rowsIn: data.rowsIn, duplicates: 0n })
      await lock.release()
      expect((await rowsOf(store, 'plays'))[0]).toMatchObject(expected)
    })

    const unexplained = { cleaned: null, name_key: null, evidence: null }
    /** One play, and the tables that follow from what the database holds of it. */
    function withPlay(given: Row, expected: Partial<Row>): Dataset {
      const tables = Object.fromEntries(loadTables.map((table) => [table, [] as Row[]])) as Record<LoadTable, Row[]>
      const stored = { ...given, ...expected } as Row
      const { raw_artist, raw_song, artist_clean, song_clean } = stored
      const span = { first_play_unix: 0n, last_play_unix: 0n }
      tables.plays.push(given)
      tables.artist_names.push({
        raw_artist,
        artist_clean,
        artist_id: 'a',
        method: 'exact',
        score: 1,
        plays: 1n,
        ...unexplained,
      } as Row)
      tables.song_names.push({
        ...{ raw_artist, raw_song, artist_clean, song_clean, song_id: 's', method: 'exact', score: null, plays: 1n },
        ...unexplained,
      } as Row)
      tables.artists.push({ artist_id: 'a', artist_clean, plays: 1n, songs: 1n, stations: 1n, ...span } as Row)
      tables.songs.push({
        song_id: 's',
        artist_id: 'a',
        artist_clean,
        song_clean,
        plays: 1n,
        stations: 1n,
        ...span,
      } as Row)
      tables.stations.push({ callsign: 'KA', plays: 1n, artists: 1n, songs: 1n, ...span })
      tables.plays_by_hour.push({ callsign: 'KA', hour_unix: 0n, plays: 1n })
      return { rowsIn: 1n, duplicates: 0n, tables }
    }
  })

  describe('nothing is published', () => {
    type Change = (tables: Record<LoadTable, Row[]>) => void
    const cases: [string, RegExp, Change][] = [
      ['a play is missing', /rows in are not/, (t) => void t.plays.pop()],
      ['a refused line is missing', /rows in are not/, (t) => void t.quarantined_plays.pop()],
      [
        'a play’s id is there twice',
        /two rows of plays have the same unique_id/,
        (t) => {
          t.plays[1] = t.plays[0]!
        },
      ],
      [
        'a raw artist has no name',
        /song_names have another artist than artist_names/,
        (t) => void t.artist_names.pop(),
      ],
      [
        'a title has another artist than its artist',
        /^the tables do not agree: 1 song_names have another artist than artist_names$/,
        (t) => void t.song_names.splice(0, 1, { ...t.song_names[0]!, artist_clean: 'Somebody Else' }),
      ],
      ['a song’s name is missing', /song_names count/, (t) => void t.song_names.pop()],
      [
        'a play’s name is another',
        /^the tables do not agree: \d+ plays have no row in song_names$/,
        (t) => void t.song_names.splice(0, 1, { ...t.song_names[0]!, raw_song: 'Another' }),
      ],
      [
        'a song’s name is there twice',
        /two rows of (plays|song_names) have the same (unique_id|raw_artist, raw_song)/,
        (t) => void t.song_names.push({ ...t.song_names[0]!, plays: 0n }),
      ],
      ['an artist is missing', /artists count/, (t) => void t.artists.pop()],
      ['a song is missing', /songs count/, (t) => void t.songs.pop()],
      ['a station is missing', /stations count/, (t) => void t.stations.pop()],
      ['an hour is missing', /plays_by_hour count.*1 stations have other plays/, (t) => void t.plays_by_hour.pop()],
      ['plays moved between artists', /2 artists have other plays than their names/, (t) => move(t.artists)],
      ['plays moved between songs', /2 songs have other plays than their names/, (t) => move(t.songs)],
      ['plays moved between stations', /2 stations have other plays than their hours/, (t) => move(t.stations)],
      [
        'an artist has a song too many',
        /1 artists have other plays or songs than their songs/,
        (t) => void t.artists.splice(0, 1, { ...t.artists[0]!, songs: 999n }),
      ],
      [
        'a required value is null',
        /song_names\.song_clean is null/,
        (t) => void t.song_names.splice(5, 1, { ...t.song_names[5]!, song_clean: null }),
      ],
    ]
    const move = (rows: Row[]) => {
      const plays = (row: Row) => row.plays as bigint
      rows[0] = { ...rows[0]!, plays: plays(rows[0]!) + 1n }
      rows[1] = { ...rows[1]!, plays: plays(rows[1]!) - 1n }
    }
    test.each(cases)('if %s, into an empty database or over an old state', async (_, message, change) => {
      const { url, store } = await tracked()
      const good = dataset({ plays: 500, seed: 21 })
      const bad = structuredClone(good.tables) as Record<LoadTable, Row[]>
      change(bad)
      for (const runId of ['empty', 'over']) {
        const before = await contentHash(store)
        const error = await run(store, { ...good, tables: bad }, runId).then(
          () => undefined,
          (caught: AppError) => caught,
        )
        expect({ kind: error?.kind, message: error?.message }).toEqual({
          kind: 'check',
          message: expect.stringMatching(message),
        })
        expect(await contentHash(store)).toBe(before)
        expect(database.staging(url)).toEqual([])
        expect(database.sql(url, `select outcome from runs where run_id = '${runId}'`)).toEqual([['failed']])
        if (runId === 'empty') await run(store, good, 'good')
      }
      expect((await store.lastRun())?.run_id).toBe('good')
    })

    test('if the source of the batches fails in the middle', async () => {
      const { url, store } = await tracked()
      const data = dataset({ plays: 2_000, seed: 22 })
      const lock = await store.lock({ runId: 'r', job: 'test' })
      const load = await store.startLoad({
        runId: 'r',
        job: 'test',
        startedAt: first,
        inputs: [],
        versions: {},
        settings: {},
      })
      async function* failing() {
        yield* batchesOf(data.tables.plays.slice(0, 1_400), columnNames.plays)
        throw new Error('the query was lost')
      }
      await expect(load.write('plays', failing())).rejects.toThrow('the query was lost')
      await load.abandon()
      await lock.release()
      expect(database.staging(url)).toEqual([])
      expect((await store.totals()).plays).toBe(0)
      await run(store, data, 'next')
      expect((await store.totals()).plays).toBe(2_000)
    })
  })

  test('a batch with other columns than the table is a bug, not a column of nulls', async () => {
    const { store } = await tracked()
    const lock = await store.lock({ runId: 'r', job: 'test' })
    const load = await store.startLoad({
      runId: 'r',
      job: 'test',
      startedAt: first,
      inputs: [],
      versions: {},
      settings: {},
    })
    const names = columnNames.stations.map((name) => (name === 'plays' ? 'play_count' : name))
    await expect(load.write('stations', batchesOf([], names))).rejects.toThrow(
      'batch for stations: missing columns [plays], unknown columns [play_count]',
    )
    await expect(load.publish({ rowsIn: 0n, duplicates: 0n })).rejects.toThrow(/not written before publish: plays, /)
    await load.abandon()
    await lock.release()
  })

  test('a run is kept with all that is known of it', async () => {
    const { store } = await tracked()
    const data = dataset({ plays: 100, seed: 23 })
    const lock = await store.lock({ runId: 'r', job: 'job:aggregate' })
    const load = await store.startLoad({
      ...{
        runId: 'r',
        job: 'job:aggregate',
        startedAt: first,
        versions: { spark: '4.2.0' },
        settings: { timezone: 'UTC' },
      },
      inputs: [{ label: 'a.csv', bytes: 12, sha256: 'ff' }],
    })
    await writeAll(load, data)
    await load.publish({ rowsIn: data.rowsIn, duplicates: data.duplicates, stagesMs: { read: 5 } })
    await lock.release()
    const repaired = data.tables.plays.filter((play) => play.repaired === 1).length
    expect(await store.lastRun()).toEqual({
      ...{ run_id: 'r', job: 'job:aggregate', outcome: 'published', error: null },
      ...{ started_at: first.toISOString(), finished_at: first.toISOString() },
      ...{ rows_in: Number(data.rowsIn), plays: 100, quarantined: 1, duplicates: 2, repaired },
      changes: expect.stringContaining('"plays":{"inserted":100,"updated":0,"deleted":0}'),
      ...{ inputs: '[{"label":"a.csv","bytes":12,"sha256":"ff"}]', versions: '{"spark":"4.2.0"}' },
      ...{ settings: '{"timezone":"UTC"}', stages_ms: '{"read":5}' },
    })
  })

  test('the old views: rank by unique_id, look-ups joined, seconds rounded', async () => {
    const { store } = await tracked()
    const data = dataset({ plays: 400, seed: 24 })
    await run(store, data, 'r')
    const play = data.tables.plays.toSorted((a, b) => byBytes(a.unique_id, b.unique_id))[7]!
    const artist = String(play.artist_clean)
    const song = String(play.song_clean)
    const db = kyselyOf(store)
    await db
      .insertInto('artist_images')
      .values({
        ...{ artist_clean: artist, artist_lastfm: 'Known As', mbid: 'm-1', image_url: 'https://x/y.jpg' },
        ...{ identity_status: 'found', image_status: 'found', providers_asked: '[]' },
      } as never)
      .execute()
    await db
      .insertInto('track_info')
      .values({
        ...{
          artist_clean: artist,
          song_clean: song,
          song_lastfm: 'Its Title',
          recording_mbid: 'r-1',
          duration_ms: 61_500,
        },
        ...{ status: 'found', providers_asked: '[]' },
      } as never)
      .execute()
    const records = await rowsOf(store, 'music_records')
    expect(records.map((row) => row.id)).toEqual(data.tables.plays.map((_, i) => BigInt(i + 1)))
    expect(records[7]).toMatchObject({
      ...{ unique_id: play.unique_id, artist_clean: artist, artist_lastfm: 'Known As', song_lastfm: 'Its Title' },
      ...{ artist_image_url: 'https://x/y.jpg', artist_mbid: 'm-1', track_duration: 62n, track_mbid: 'r-1' },
    })
    const counted = Map.groupBy(data.tables.plays, (row) => String(row.artist_clean))
    const expected = [...counted]
      .map(([clean, plays]) => ({
        artist_name: clean === artist ? 'Known As' : clean,
        play_count: BigInt(plays.length),
        artist_clean: clean,
        artist_lastfm: clean === artist ? 'Known As' : null,
      }))
      .sort((a, b) => Number(b.play_count - a.play_count) || byBytes(a.artist_name, b.artist_name))
    expect(await rowsOf(store, 'distinct_artists')).toEqual(expected)
    const top = await store.snapshot((reader) => reader.topArtists(3))
    expect(top).toEqual(expected.slice(0, 3).map((row) => ({ artist: row.artist_name, plays: Number(row.play_count) })))
  })

  test('totals, counts and reasons for the summary', async () => {
    const { store } = await tracked()
    const data = dataset({ plays: 700, seed: 25 })
    await run(store, data, 'r')
    const { plays, stations, artists, songs } = data.tables
    expect(await store.totals()).toEqual({
      ...{ plays: 700, repaired: plays.filter((play) => play.repaired === 1).length, quarantined: 7 },
      ...{ stations: stations.length, artists: artists.length, songs: songs.length },
      ...{ firstPlayUnix: 1_400_000_000, lastPlayUnix: 1_400_000_000 + 699 * 60 },
    })
    expect(await store.counts()).toMatchObject({
      plays: 700,
      music_records: 700,
      artists: artists.length,
      track_info: 0,
    })
    await store.snapshot(async (reader) => {
      expect(await reader.quarantineReasons()).toEqual([{ reason: 'time does not parse', rows: 7 }])
    })
  })

  test('the query door reads, cuts at the limit, and cannot write', async () => {
    const { store } = await tracked()
    await run(store, dataset({ plays: 50, seed: 26 }), 'r')
    await store.snapshot(async (reader) => {
      const { columns, rows, more } = await reader.query('select plays as n, callsign from stations order by 2', {
        maxRows: 2,
      })
      expect({ columns, names: rows.map((row) => row[1]), more }).toEqual({
        ...{ columns: ['n', 'callsign'], names: ['KA', 'KB'], more: true },
      })
    })
    for (const text of ['delete from plays', 'create table x (y int)', "update runs set outcome = 'failed'"]) {
      await expect(store.snapshot((reader) => reader.query(text))).rejects.toThrow()
    }
    expect((await store.totals()).plays).toBe(50)
  })
})
