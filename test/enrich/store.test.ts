import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { enrich } from '../../lib/enrich/index.ts'
import { silent } from '../../lib/log.ts'
import { type LookupRow, noActFacts } from '../../lib/model/lookups.ts'
import { type Lookups, openLookups } from '../../lib/store/index.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { madeUpCatalogue, openDatabase, startWorld, type TestDatabase, withToken } from './harness.ts'

const reason = whyNoPostgres()
if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`)
const kinds = reason === undefined ? (['sqlite', 'postgres'] as const) : (['sqlite'] as const)

let server: PostgresServer | undefined
beforeAll(async () => {
  if (reason === undefined) server = await startPostgres()
}, 120_000)
afterAll(() => server?.remove())
const url = async (kind: 'sqlite' | 'postgres') => (kind === 'sqlite' ? undefined : await server!.createDatabase())

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const timeless = (rows: readonly object[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !/_at$/.test(name))))

test('SQLite and Postgres end up with the same tables, and a second run asks nothing', async () => {
  const tables: unknown[] = []
  for (const kind of kinds) {
    const address = await url(kind)
    const world = await startWorld({
      catalogue: madeUpCatalogue(60, 200),
      speed: 200,
      ...(address ? { url: address } : {}),
    })
    closing.push(() => world.close())
    expect(await world.run(withToken)).toMatchObject({ end: 'done', left: 0, retries: 0, degraded: [] })
    world.stubs.clear()
    expect(await world.run(withToken)).toMatchObject({ end: 'done', requests: 0 })
    expect(world.stubs.total()).toBe(0)
    tables.push({ artists: timeless(await world.database.artists()), tracks: timeless(await world.database.tracks()) })
  }
  for (const other of tables.slice(1)) expect(other).toEqual(tables[0])
}, 60_000)

/** The whole work list, pages put together. */
async function listed(lookups: Lookups, limit?: number) {
  const all = []
  for await (const page of lookups.work(limit)) all.push(...page)
  return all
}

describe.each(kinds)('look-ups on %s', (kind) => {
  async function open(catalogue = madeUpCatalogue(3, 6)): Promise<{ database: TestDatabase; lookups: Lookups }> {
    const address = await url(kind)
    const database = await openDatabase(catalogue, address === undefined ? undefined : { url: address })
    closing.push(() => database.close())
    return { database, lookups: database.lookups }
  }
  const lookup = (key: string, outcome: LookupRow['outcome'], payload: string | null = null) => ({
    kind: 'song',
    key,
    provider: 'musicbrainz',
    outcome,
    http_status: 200,
    api_code: null,
    payload,
    fetched_at: '2026-11-01T00:00:00.000Z',
    expires_at: null,
    attempts: 1,
    next_attempt_at: null,
  })
  const artist = (name: string, image: string | null) => ({
    ...noActFacts,
    artist_clean: name,
    artist_lastfm: null,
    canonical_name: name,
    canonical_source: 'wikidata',
    mbid: null,
    wikidata_qid: null,
    image_url: image,
    image_thumb_url: null,
    image_mime: null,
    image_width: null,
    image_height: null,
    image_provider: null,
    image_page_url: null,
    licence: null,
    licence_url: null,
    attribution: null,
    attribution_required: null,
    identity_status: 'found' as const,
    image_status: image ? ('found' as const) : ('not_found' as const),
    match_method: null,
    match_score: 0.95,
    ambiguous: 0,
    providers_asked: 'wikidata',
    fetched_at: '2026-11-01T00:00:00.000Z',
    expires_at: '2027-01-01T00:00:00.000Z',
    attempts: 0,
    next_attempt_at: null,
    last_error: null,
  })

  test('what is saved is recalled, and saving again replaces it', async () => {
    const { lookups } = await open()
    const odd = 'AC/DC\u001fQuote \' " \\ % _ ; -- 音楽 🎸'
    await lookups.save({ lookups: [lookup(odd, 'found', '[1]'), lookup('x', 'not_found')] })
    await lookups.save({ lookups: [lookup('x', 'found', '[2]')] })
    expect(await lookups.lookup('song', 'musicbrainz', [odd, 'x', 'y'])).toHaveLength(2)
    expect(await lookups.lookup('song', 'musicbrainz', ['x'])).toEqual([lookup('x', 'found', '[2]')])
    expect(await lookups.lookup('song', 'lastfm', ['x'])).toEqual([])
    expect(await lookups.lookup('song', 'musicbrainz', [])).toEqual([])
  })

  test('ids are evidence only where the match is sure', async () => {
    const { lookups } = await open()
    const id = (n: number) => `aaaaaaaa-0000-4000-8000-00000000000${n}`
    const known = (name: string, mbid: string, method: string, score: number, ambiguous = 0) => ({
      ...artist(name, null),
      mbid,
      match_method: method,
      match_score: score,
      ambiguous,
    })
    await lookups.save({
      artists: [
        known('By Name', id(1), 'name', 1),
        known('By Titles', id(2), 'name+titles', 0.9),
        known('By Votes', id(3), 'titles', 0.9),
        known('Near Spelling', id(4), 'name', 0.9),
        known('One Of Two', id(5), 'name:part', 1),
        known('Joint', id(6), 'titles:part', 0.95),
        known('Unconfirmed', id(7), 'name:unverified', 0.95),
        known('Best Known', id(8), 'weight', 1, 1),
        known('Nobody', 'f731ccc4-e22a-43af-a747-64213329e088', 'name', 0.97),
      ],
    })
    expect((await lookups.artistMbids()).map((row) => row.artist)).toEqual(['By Name', 'By Titles', 'By Votes'])
  })

  test('one save is one transaction: all of it or nothing', async () => {
    const { database, lookups } = await open()
    const broken = { ...artist('A', null), identity_status: 'maybe' as 'found' }
    await expect(lookups.save({ lookups: [lookup('x', 'found', '[1]')], artists: [broken] })).rejects.toMatchObject({
      kind: 'database',
    })
    expect(await database.memory()).toEqual([])
  })

  test('the work list is by plays, with what is known; updated_at moves only with the content', async () => {
    const catalogue = madeUpCatalogue(3, 6)
    const { database } = await open(catalogue)
    let time = Date.UTC(2026, 0, 1)
    const lookups = openLookups(database.store, () => new Date(time))
    const artists = await listed(lookups)
    expect(artists.map((one) => one.artist)).toEqual(Object.keys(catalogue))
    expect(artists.map((one) => one.songs.map((song) => song.song))).toEqual(Object.values(catalogue))
    expect(artists.every((one) => one.listed && one.state === null)).toBe(true)
    const name = artists[0]!.artist
    await lookups.save({ artists: [artist(name, null)] })
    const stamps = async () => (await database.artists()).map((row) => [row.created_at, row.updated_at])
    time += 1_000
    await lookups.save({ artists: [{ ...artist(name, null), fetched_at: '2026-12-01T00:00:00.000Z' }] })
    expect(await stamps()).toEqual([['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z']])
    time += 1_000
    await lookups.save({ artists: [artist(name, 'https://upload.wikimedia.org/x.jpg')] })
    expect(await stamps()).toEqual([['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:02.000Z']])
    const [first] = await listed(lookups)
    expect(first!.state).toEqual({
      status: 'found',
      mbid: null,
      method: null,
      image: 'https://upload.wikimedia.org/x.jpg',
      complete: true,
      providers: 'wikidata',
      expires_at: '2027-01-01T00:00:00.000Z',
      next_attempt_at: null,
    })
    expect(await lookups.totals()).toMatchObject({ artists: 3, artistsWithImage: 1, tracks: 6, tracksFound: 0 })
  })

  test('the work list comes in pages: every artist once, with all of its songs', async () => {
    const catalogue = madeUpCatalogue(1_203, 2_500)
    const { database, lookups } = await open(catalogue)
    // Many with the same number of plays: the name decides.
    await database.db.updateTable('artists').set({ plays: 1_000_000 }).execute()
    const pages: number[] = []
    for await (const page of lookups.work()) pages.push(page.length)
    expect(pages.length).toBeGreaterThan(1)
    const all = await listed(lookups)
    expect(all.map((one) => one.artist)).toEqual(Object.keys(catalogue).sort())
    for (const one of all) expect(one.songs.map((song) => song.song)).toEqual(catalogue[one.artist])
  })

  test.each([
    1, 4, 700, 5_000,
  ])('a limit of %d takes the most played artists and songs, so many of each', async (limit) => {
    const catalogue = madeUpCatalogue(1_203, 2_500)
    const { database, lookups } = await open(catalogue)
    // A song that is played more than most, of the artist that is played least.
    const last = Object.keys(catalogue).at(-1)!
    await database.db.updateTable('artists').set({ plays: 999_999 }).where('artist_clean', '=', last).execute()
    await database.db.updateTable('songs').set({ plays: 999_999 }).where('artist_clean', '=', last).execute()
    const rows = await database.db
      .selectFrom('songs')
      .select(['artist_clean', 'song_clean'])
      .orderBy('plays', 'desc')
      .orderBy('artist_clean')
      .orderBy('song_clean')
      .limit(limit)
      .execute()
    const artists = await database.db
      .selectFrom('artists')
      .select('artist_clean')
      .orderBy('plays', 'desc')
      .orderBy('artist_clean')
      .limit(limit)
      .execute()
    const all = await listed(lookups, limit)
    expect(all.filter((one) => one.listed).map((one) => one.artist)).toEqual(artists.map((one) => one.artist_clean))
    const key = (artist: string, song: string) => `${artist} / ${song}`
    expect(all.flatMap((one) => one.songs.map((song) => key(one.artist, song.song))).sort()).toEqual(
      rows.map((row) => key(row.artist_clean, row.song_clean)).sort(),
    )
  })

  test('of two runs that start together exactly one gets the lease', async () => {
    const { lookups } = await open()
    const now = Date.now()
    const begin = (id: string) =>
      lookups.beginRun({
        id,
        fingerprint: '',
        now: new Date(now).toISOString(),
        staleBefore: new Date(now - 60_000).toISOString(),
      })
    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map(begin))
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    for (const one of results) if (one.status === 'rejected') expect(one.reason).toMatchObject({ kind: 'locked' })
    const winner = ['a', 'b', 'c', 'd'][results.findIndex((one) => one.status === 'fulfilled')]!
    expect(await lookups.beat(winner, new Date(now + 1).toISOString())).toBe(true)
    await lookups.finishRun(winner, new Date(now + 2).toISOString(), '{}', 'done')
    expect(await lookups.beat(winner, new Date(now + 3).toISOString())).toBe(false)
    await begin('e')
  })
})

test.each([
  'save',
  'lookup',
] as const)('a memory that fails (%s) ends the run with its error; the next one goes on', async (what) => {
  const world = await startWorld({ catalogue: madeUpCatalogue(60, 200), speed: 200 })
  closing.push(() => world.close())
  const { lookups } = world.database
  let calls = 0
  const failing = new Proxy(lookups, {
    get(target, name: keyof Lookups) {
      const method = target[name].bind(target) as (...all: unknown[]) => Promise<unknown>
      if (name !== what) return method
      return (...given: unknown[]) => (++calls === 6 ? Promise.reject(new Error('disk full')) : method(...given))
    },
  })
  await expect(world.run({ store: failing })).rejects.toThrow('disk full')
  expect(world.stubs.total()).toBeLessThan(40)
  const [run] = await world.database.db.selectFrom('enrichment_run').selectAll().execute()
  expect(run).toMatchObject({ exit: 'failed' })
  expect((await world.run()).end).toBe('done')
})

test('music_records shows what was found', async () => {
  const world = await startWorld({ catalogue: { 'Alpha Band': ['Song One'] }, speed: 200 })
  closing.push(() => world.close())
  await enrich({
    store: world.database.lookups,
    log: silent,
    version: '0.1.0',
    contact: 'ops@plays.fm',
    bases: world.stubs.bases,
    clock: world.clock,
    keys: { lastfm: 'stub-lastfm-key' },
    timeoutMs: 1_000_000,
  })
  await world.database.db
    .insertInto('plays')
    .values({
      unique_id: 'p1',
      raw_song: 'song one',
      raw_artist: 'ALPHA BAND',
      song_clean: 'Song One',
      artist_clean: 'Alpha Band',
      featured: null,
      version: null,
      callsign: 'KXYZ',
      time: '1',
      time_unix: 1,
      combined: null,
      first_play: null,
      repaired: 0,
      repair_rule: null,
      original_line: null,
      source_file: 'x',
      source_line: 1,
      created_at: 'x',
      updated_at: 'x',
    })
    .execute()
  const [artist] = await world.database.artists()
  const [track] = await world.database.tracks()
  expect(await world.database.db.selectFrom('music_records').selectAll().executeTakeFirst()).toMatchObject({
    artist_lastfm: 'Alpha Band',
    song_lastfm: 'Song One',
    artist_image_url: artist!.image_url,
    artist_mbid: artist!.mbid,
    track_duration: Math.round(track!.duration_ms! / 1000),
    track_mbid: track!.recording_mbid,
  })
})
