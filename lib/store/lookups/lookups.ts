import { type Insertable, sql } from 'kysely'
import { AppError } from '../../errors.ts'
import {
  type ArtistRow,
  type LookupRow,
  type LookupStore,
  type RowState,
  type RunRecord,
  specialPurposeMbids,
  type TrackRow,
  type WorkArtist,
} from '../../model/lookups.ts'
import type { Dialect } from '../engine/types.ts'
import { dialectOf, kyselyOf } from '../kysely-of.ts'
import { identityText, parseIdentity, processState, thisProcess } from '../lock/process-identity.ts'
import type { Store } from '../open.ts'
import type {
  ArtistImagesTable,
  ArtistsTable,
  Database,
  Db,
  LookupStatus,
  SongsTable,
  Timestamp,
  TrackInfoTable,
} from '../schema/database.ts'

/** How far the look-ups have come, for a summary. */
export interface LookupTotals {
  readonly artists: number
  readonly artistsWithMbid: number
  readonly artistsWithImage: number
  readonly artistsWithLastfmName: number
  readonly tracks: number
  readonly tracksFound: number
  readonly tracksWithDuration: number
  readonly plays: number
  readonly playsWithImage: number
  readonly playsWithDuration: number
}

/** Look-ups on one database, with what a job tells and asks about them. */
export interface Lookups extends LookupStore {
  /** MusicBrainz ids of artists by canonical name, where the match is sure enough to be evidence: see `ArtistImagesTable`. */
  artistMbids(): Promise<readonly { readonly artist: string; readonly mbid: string }[]>
  totals(): Promise<LookupTotals>
  /** The first rows of both caches by plays: artists with picture, songs with length. */
  samples(most: number): Promise<{
    readonly artists: readonly Pick<ArtistRow, 'artist_clean' | 'canonical_name' | 'mbid' | 'image_url' | 'licence'>[]
    readonly tracks: readonly Pick<
      TrackRow,
      'artist_clean' | 'song_clean' | 'recording_mbid' | 'duration_ms' | 'duration_source'
    >[]
  }>
}

const artistsPerPage = 500

/** A place in the order by plays. */
type Ranked = Pick<ArtistsTable, 'plays' | 'artist_clean'>
type RankedSong = Pick<SongsTable, 'plays' | 'artist_clean' | 'song_clean'>

const comesAfter = (one: Ranked, other: Ranked) =>
  Number(one.plays) < Number(other.plays) ||
  (Number(one.plays) === Number(other.plays) && byBytes(one.artist_clean, other.artist_clean) > 0)

// As both databases order text.
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

// A publish of millions of plays holds SQLite's write lock; an answer waits for it rather than get lost.
const busyTries = 24

/** The look-ups of an open store. */
export function openLookups(store: Store, clock: () => Date = () => new Date()): Lookups {
  return new KyselyLookups(kyselyOf(store), dialectOf(store), clock)
}

class KyselyLookups implements Lookups {
  readonly #db: Db
  readonly #dialect: Dialect
  readonly #clock: () => Date

  constructor(db: Db, dialect: Dialect, clock: () => Date) {
    this.#db = db
    this.#dialect = dialect
    this.#clock = clock
  }

  async *work(limit?: number): AsyncGenerator<readonly WorkArtist[]> {
    const last = limit === undefined ? undefined : await this.#explained(() => this.#lastWithin(limit))
    let after: Ranked | undefined
    for (;;) {
      const artists = await this.#explained(() => this.#artistsAfter(after))
      after = artists.at(-1)
      if (after === undefined) return
      const songs = await this.#explained(() => this.#songsOf(artists, last?.song))
      const page = artists.map((one) => ({
        artist: one.artist_clean,
        listed: last?.artist === undefined || !comesAfter(one, last.artist),
        state: stateOf(one, one.image_status === 'found'),
        songs: songs.get(one.artist_clean) ?? [],
      }))
      yield limit === undefined ? page : page.filter((one) => one.listed || one.songs.length > 0)
      if (artists.length < artistsPerPage) return
      // No artist has fewer plays than any of its songs.
      const beyond = (one: Ranked | undefined) => one !== undefined && Number(after?.plays) < Number(one.plays)
      if (beyond(last?.artist) && beyond(last?.song)) return
    }
  }

  /** The last artist and the last song within a limit; undefined where there are not so many. */
  async #lastWithin(
    limit: number,
  ): Promise<{ readonly artist: Ranked | undefined; readonly song: RankedSong | undefined }> {
    const artist = await this.#db
      .selectFrom('artists')
      .select(['plays', 'artist_clean'])
      .orderBy('plays', 'desc')
      .orderBy('artist_clean')
      .limit(1)
      .offset(limit - 1)
      .executeTakeFirst()
    const song = await this.#db
      .selectFrom('songs')
      .select(['plays', 'artist_clean', 'song_clean'])
      .orderBy('plays', 'desc')
      .orderBy('artist_clean')
      .orderBy('song_clean')
      .limit(1)
      .offset(limit - 1)
      .executeTakeFirst()
    return { artist, song }
  }

  #artistsAfter(last: Ranked | undefined) {
    const all = this.#db
      .selectFrom('artists as a')
      .leftJoin('artist_images as i', 'i.artist_clean', 'a.artist_clean')
      .select([
        'a.artist_clean',
        'a.plays',
        'i.identity_status as status',
        'i.mbid',
        'i.match_method as method',
        'i.image_url as image',
        'i.image_status',
        'i.providers_asked as providers',
        'i.expires_at',
        'i.next_attempt_at',
      ])
      .orderBy('a.plays', 'desc')
      .orderBy('a.artist_clean')
      .limit(artistsPerPage)
    if (last === undefined) return all.execute()
    return all
      .where((eb) =>
        eb.or([
          eb('a.plays', '<', last.plays),
          eb.and([eb('a.plays', '=', last.plays), eb('a.artist_clean', '>', last.artist_clean)]),
        ]),
      )
      .execute()
  }

  async #songsOf(artists: readonly Ranked[], last: RankedSong | undefined) {
    const all = this.#db
      .selectFrom('songs as s')
      .leftJoin('track_info as t', (join) =>
        join.onRef('t.artist_clean', '=', 's.artist_clean').onRef('t.song_clean', '=', 's.song_clean'),
      )
      .select([
        's.artist_clean',
        's.song_clean',
        't.status',
        't.recording_mbid as mbid',
        't.match_method as method',
        't.duration_ms',
        't.providers_asked as providers',
        't.expires_at',
        't.next_attempt_at',
      ])
      .where('s.artist_clean', 'in', inWholeSizes(artists.map((one) => one.artist_clean)))
      .orderBy('s.plays', 'desc')
      .orderBy('s.song_clean')
    const within =
      last === undefined
        ? all
        : all.where((eb) =>
            eb.or([
              eb('s.plays', '>', last.plays),
              eb.and([eb('s.plays', '=', last.plays), eb('s.artist_clean', '<', last.artist_clean)]),
              eb.and([
                eb('s.plays', '=', last.plays),
                eb('s.artist_clean', '=', last.artist_clean),
                eb('s.song_clean', '<=', last.song_clean),
              ]),
            ]),
          )
    const songs = new Map<string, { song: string; state: RowState | null }[]>()
    for (const row of await within.execute()) {
      const own = songs.get(row.artist_clean) ?? []
      songs.set(row.artist_clean, own)
      own.push({ song: row.song_clean, state: stateOf(row, row.duration_ms !== null) })
    }
    return songs
  }

  async lookup(kind: string, provider: string, keys: readonly string[]): Promise<readonly LookupRow[]> {
    if (keys.length === 0) return []
    return this.#explained(async () => {
      const rows = await this.#db
        .selectFrom('enrichment_lookup')
        .selectAll()
        .where('kind', '=', kind)
        .where('provider', '=', provider)
        .where('key', 'in', inWholeSizes(keys))
        .execute()
      return rows.map((row) => ({
        ...row,
        outcome: (row.outcome ?? 'transient') as LookupRow['outcome'],
        attempts: row.attempts ?? 0,
      }))
    })
  }

  async artistRow(artist: string): Promise<ArtistRow | null> {
    return this.#explained(async () => {
      const row = await this.#db
        .selectFrom('artist_images')
        .selectAll()
        .where('artist_clean', '=', artist)
        .executeTakeFirst()
      if (!row) return null
      const { created_at: _created, updated_at: _updated, ...rest } = row
      return rest
    })
  }

  async artistMbids() {
    return this.#explained(async () => {
      const rows = await this.#db
        .selectFrom('artist_images')
        .select(['artist_clean as artist', 'mbid'])
        .where('mbid', 'is not', null)
        .where('identity_status', '=', 'found')
        .where('ambiguous', '=', 0)
        .where('match_method', 'not like', '%:%')
        .where((eb) => eb.or([eb('match_score', '>=', 0.95), eb('match_method', 'like', '%titles')]))
        .where('mbid', 'not in', [...specialPurposeMbids])
        .orderBy('artist_clean')
        .execute()
      return rows.map(({ artist, mbid }) => ({ artist, mbid: mbid! }))
    })
  }

  async trackRows(artist: string): Promise<readonly TrackRow[]> {
    return this.#explained(() =>
      this.#db.selectFrom('track_info').selectAll().where('artist_clean', '=', artist).execute(),
    )
  }

  async save(changes: Parameters<Lookups['save']>[0]): Promise<void> {
    const { lookups = [], artists = [], tracks = [] } = changes
    if (lookups.length + artists.length + tracks.length === 0) return
    await this.#write(async (db) => {
      for (const rows of chunks(lookups, 512)) await upsert(db, 'enrichment_lookup', ['kind', 'key', 'provider'], rows)
      for (const rows of chunks(tracks, 256)) await upsert(db, 'track_info', ['artist_clean', 'song_clean'], rows)
      for (const rows of chunks(artists, 256)) {
        await upsert(db, 'artist_images', ['artist_clean'], await this.#stamped(db, rows))
      }
    })
  }

  /** `updated_at` moves only when the content does. */
  async #stamped(db: Db, rows: readonly ArtistRow[]): Promise<Insertable<ArtistImagesTable>[]> {
    const known = await db
      .selectFrom('artist_images')
      .selectAll()
      .where(
        'artist_clean',
        'in',
        rows.map((row) => row.artist_clean),
      )
      .execute()
    const before = new Map(known.map((row) => [row.artist_clean, row]))
    const now = this.#clock().toISOString()
    return rows.map((row) => {
      const old = before.get(row.artist_clean)
      const same = old && contentColumns.every((column) => old[column] === row[column])
      return { ...row, created_at: old?.created_at ?? now, updated_at: same ? old.updated_at : now }
    })
  }

  async beginRun(run: RunRecord): Promise<void> {
    await this.#lease(run)
    // An answer must survive the process, not a power failure: not waiting for the disk after every response saves 8 ms of
    // 20 in a run without limits.
    await this.#durability('process')
  }

  async #durability(of: 'process' | 'machine'): Promise<void> {
    await this.#explained(async () => this.#dialect.durability(of)?.execute(this.#db))
  }

  async #lease(run: RunRecord): Promise<void> {
    await this.#write(async (db) => {
      // The first statement takes the write lock or the lock of the table, so that of two runs that start together one sees
      // the other.
      await this.#dialect.lockTable('enrichment_run')?.execute(db)
      const abandoned = db
        .updateTable('enrichment_run')
        .set({ finished_at: run.now, exit: 'abandoned' })
        .where('finished_at', 'is', null)
      await abandoned.where('heartbeat_at', '<', run.staleBefore).execute()
      const unfinished = await db
        .selectFrom('enrichment_run')
        .select(['id', 'owner', 'started_at', 'heartbeat_at'])
        .where('finished_at', 'is', null)
        .execute()
      for (const other of unfinished) {
        if (!isKnownDead(other.owner)) throw leaseHeld(other)
        await abandoned.where('id', '=', other.id).execute()
      }
      await db
        .insertInto('enrichment_run')
        .values({
          id: run.id,
          started_at: run.now,
          finished_at: null,
          config_fingerprint: run.fingerprint,
          heartbeat_at: run.now,
          owner: identityText(thisProcess()),
          counters: null,
          exit: null,
        })
        .execute()
    })
  }

  async beat(id: string, now: Timestamp): Promise<boolean> {
    return this.#write(async (db) => {
      const result = await db
        .updateTable('enrichment_run')
        .set({ heartbeat_at: now })
        .where('id', '=', id)
        .where('finished_at', 'is', null)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    })
  }

  async finishRun(id: string, now: Timestamp, counters: string, exit: string): Promise<void> {
    await this.#durability('machine')
    await this.#write(async (db) => {
      await db
        .updateTable('enrichment_run')
        .set({ finished_at: now, heartbeat_at: now, counters, exit })
        .where('id', '=', id)
        .where('finished_at', 'is', null)
        .execute()
    })
  }

  async totals(): Promise<LookupTotals> {
    return this.#explained(async () => {
      const artists = await this.#db
        .selectFrom('artists as a')
        .leftJoin('artist_images as i', 'i.artist_clean', 'a.artist_clean')
        .select((eb) => [
          eb.fn.countAll<number>().as('artists'),
          eb.fn.count<number>('i.mbid').as('mbid'),
          eb.fn.count<number>('i.image_url').as('image'),
          eb.fn.count<number>('i.artist_lastfm').as('lastfm'),
          sql<number | null>`sum(a.plays)`.as('plays'),
          sql<number | null>`sum(case when i.image_url is not null then a.plays else 0 end)`.as('playsWithImage'),
        ])
        .executeTakeFirstOrThrow()
      const tracks = await this.#db
        .selectFrom('songs as s')
        .leftJoin('track_info as t', (join) =>
          join.onRef('t.artist_clean', '=', 's.artist_clean').onRef('t.song_clean', '=', 's.song_clean'),
        )
        .select((eb) => [
          eb.fn.countAll<number>().as('tracks'),
          sql<number | null>`sum(case when t.status = 'found' then 1 else 0 end)`.as('found'),
          eb.fn.count<number>('t.duration_ms').as('duration'),
          sql<number | null>`sum(case when t.duration_ms is not null then s.plays else 0 end)`.as('playsWithDuration'),
        ])
        .executeTakeFirstOrThrow()
      return {
        artists: Number(artists.artists),
        artistsWithMbid: Number(artists.mbid),
        artistsWithImage: Number(artists.image),
        artistsWithLastfmName: Number(artists.lastfm),
        tracks: Number(tracks.tracks),
        tracksFound: Number(tracks.found ?? 0),
        tracksWithDuration: Number(tracks.duration),
        plays: Number(artists.plays ?? 0),
        playsWithImage: Number(artists.playsWithImage ?? 0),
        playsWithDuration: Number(tracks.playsWithDuration ?? 0),
      }
    })
  }

  async samples(most: number) {
    return this.#explained(async () => ({
      artists: await this.#db
        .selectFrom('artist_images as i')
        .innerJoin('artists as a', 'a.artist_clean', 'i.artist_clean')
        .select(['i.artist_clean', 'i.canonical_name', 'i.mbid', 'i.image_url', 'i.licence'])
        .where('i.image_url', 'is not', null)
        .orderBy('a.plays', 'desc')
        .orderBy('i.artist_clean')
        .limit(most)
        .execute(),
      tracks: await this.#db
        .selectFrom('track_info as t')
        .innerJoin('songs as s', (join) =>
          join.onRef('t.artist_clean', '=', 's.artist_clean').onRef('t.song_clean', '=', 's.song_clean'),
        )
        .select(['t.artist_clean', 't.song_clean', 't.recording_mbid', 't.duration_ms', 't.duration_source'])
        .where('t.duration_ms', 'is not', null)
        .orderBy('s.plays', 'desc')
        .orderBy('t.artist_clean')
        .orderBy('t.song_clean')
        .limit(most)
        .execute(),
    }))
  }

  async #write<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#explained(async () => {
      for (let tries = 1; ; tries++) {
        try {
          return await this.#db.transaction().execute((transaction) => work(transaction as unknown as Db))
        } catch (error) {
          if (!this.#dialect.isContention(error) || tries >= busyTries) throw error
          await new Promise((resolve) => setTimeout(resolve, 50 * tries))
        }
      }
    })
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof AppError) throw error
      const code = codeOf(error)
      if (code === undefined) throw error
      throw new AppError('database', `the look-ups could not be read or written: ${(error as Error).message}`, {
        remedy: 'see whether the database is reachable, writable and not full; every answer so far is kept',
        cause: error,
      })
    }
  }
}

/** Whether the process of a run is gone for sure; one of another machine or container is known by its heartbeat alone. */
function isKnownDead(owner: string | null): boolean {
  const identity = parseIdentity(owner ?? '')
  return identity !== undefined && processState(identity) === 'dead'
}

function leaseHeld(run: Pick<Database['enrichment_run'], 'owner' | 'started_at' | 'heartbeat_at'>): AppError {
  const owner = run.owner?.split(' ')[0] ?? 'unknown'
  return new AppError('locked', 'another enrichment is running', {
    place: `${owner}, since ${run.started_at ?? '?'}, last seen ${run.heartbeat_at ?? '?'}`,
    remedy: 'wait for it to end; if its machine or container is gone, it counts as ended after a minute',
  })
}

const codeOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
function stateOf(
  row: {
    status: LookupStatus | null
    mbid: string | null
    method: string | null
    image?: string | null
    providers: string | null
    expires_at: Timestamp | null
    next_attempt_at: Timestamp | null
  },
  complete: boolean,
): RowState | null {
  if (row.status === null) return null
  const { status, mbid, method, image = null, expires_at, next_attempt_at } = row
  return { status, mbid, method, image, complete, providers: row.providers ?? '', expires_at, next_attempt_at }
}

const contentColumns = [
  'artist_lastfm',
  'canonical_name',
  'canonical_source',
  'mbid',
  'wikidata_qid',
  'image_url',
  'image_thumb_url',
  'image_mime',
  'image_width',
  'image_height',
  'image_provider',
  'image_page_url',
  'licence',
  'licence_url',
  'attribution',
  'attribution_required',
  'identity_status',
  'image_status',
  'match_method',
  'match_score',
  'ambiguous',
  'act_type',
  'country',
  'area',
  'begin_year',
  'genres',
  'similar_artists',
] as const satisfies readonly (keyof ArtistRow)[]

async function upsert<T extends 'enrichment_lookup' | 'track_info' | 'artist_images'>(
  db: Db,
  table: T,
  key: readonly (keyof Database[T] & string)[],
  rows: readonly object[],
): Promise<void> {
  const first = rows[0]
  if (first === undefined) return
  const columns = Object.keys(first).filter((column) => !(key as readonly string[]).includes(column))
  // One statement for three tables: Kysely cannot know the columns of a table that is only named at run time.
  const insert = db.insertInto(table as 'track_info').values(rows as Insertable<TrackInfoTable>[])
  await insert
    .onConflict((conflict) =>
      conflict
        .columns(key as readonly ('artist_clean' | 'song_clean')[])
        .doUpdateSet(Object.fromEntries(columns.map((column) => [column, sql.ref(`excluded.${column}`)]))),
    )
    .execute()
}

// Statements come in few sizes (1, 2, 4, 8 …), so that the database finds them prepared: preparing each
// number of rows anew took a sixth of a long run's time.
function* chunks<T>(rows: readonly T[], most: number): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; ) {
    const size = 2 ** Math.floor(Math.log2(Math.min(most, rows.length - at)))
    yield rows.slice(at, at + size)
    at += size
  }
}

/** The keys, the last one repeated up to the next of those sizes: naming a key twice finds it once. */
function inWholeSizes(keys: readonly string[]): string[] {
  const last = keys.at(-1)
  return last === undefined
    ? []
    : [...keys, ...Array<string>(2 ** Math.ceil(Math.log2(keys.length)) - keys.length).fill(last)]
}
