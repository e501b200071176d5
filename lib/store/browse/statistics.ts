import { sql } from 'kysely'
import { noActs } from '../../model/no-act.ts'
import { kyselyOf } from '../kysely-of.ts'
import type { Db } from '../schema/database.ts'
import type { Reader } from './reader.ts'

/** An artist by plays. */
export interface PlayedArtist {
  /** The name of a public source if it is known, else the resolved name. */
  readonly artist: string
  readonly plays: number
}

/** An artist by listening time. */
export interface ListenedArtist extends PlayedArtist {
  /** Plays times duration, over the songs whose duration is known. */
  readonly listenedMs: number
}

/** What is in the database, in the numbers that people ask for first. */
export interface Statistics {
  readonly records: number
  /** Records whose time was understood; the others are in quarantine, so it equals `records` unless somebody changed them. */
  readonly recordsWithTimestamp: number
  /** Records of a song whose duration is known. */
  readonly recordsWithDuration: number
  readonly artists: number
  readonly songs: number
  /** Artists that public sources were asked for, whatever the answer. */
  readonly cachedArtists: number
  readonly cachedTracks: number
  readonly tracksWithDuration: number
  readonly images: {
    readonly found: number
    /** Asked, and no source has one. */
    readonly notFound: number
    /** Asked, and the answer is still to come: a service was down. */
    readonly open: number
    /** Found of all that were answered, 0 to 1; null while none was. */
    readonly successRate: number | null
  }
  /** The most played of the cached artists and tracks. */
  readonly artistSamples: readonly {
    readonly artist: string
    readonly mbid: string | null
    readonly image: string | null
  }[]
  readonly trackSamples: readonly {
    readonly artist: string
    readonly song: string
    readonly durationMs: number | null
    readonly mbid: string | null
  }[]
  /** Most plays first, then by name. */
  readonly topByPlays: readonly PlayedArtist[]
  readonly topByListening: readonly ListenedArtist[]
  /** Fewest plays first, then by name. */
  readonly bottomByPlays: readonly PlayedArtist[]
  /** All stations, most plays first, then by call sign. */
  readonly recordsPerStation: readonly { readonly callsign: string; readonly records: number }[]
}

export interface StatisticsOptions {
  /** Names in each ranking; default 10. */
  readonly top?: number
  /** Rows of each cache; default 5. */
  readonly samples?: number
}

/**
 * The statistics of one state of the database, the same in both databases to the last name.
 *
 * *Cost:* one scan of `plays`, which counts; everything else reads the tables that Spark has aggregated already.
 */
export async function statistics(reader: Reader, options: StatisticsOptions = {}): Promise<Statistics> {
  const db = kyselyOf(reader)
  const top = options.top ?? 10
  const samples = options.samples ?? 5
  const images = await imageCounts(db)
  const answered = images.found + images.notFound
  return {
    ...(await totals(db)),
    images: { ...images, successRate: answered === 0 ? null : images.found / answered },
    artistSamples: await artistSamples(db, samples),
    trackSamples: await trackSamples(db, samples),
    topByPlays: await byPlays(db, 'desc', top),
    topByListening: await byListening(db, top),
    bottomByPlays: await byPlays(db, 'asc', top),
    recordsPerStation: await db
      .selectFrom('stations')
      .select(['callsign', 'plays as records'])
      .orderBy('plays', 'desc')
      .orderBy('callsign')
      .execute(),
  }
}

async function totals(db: Db) {
  const plays = await db
    .selectFrom('plays')
    .select((e) => [e.fn.countAll<number>().as('records'), e.fn.count<number>('time_unix').as('recordsWithTimestamp')])
    .executeTakeFirstOrThrow()
  const timed = await songsWithDuration(db)
    // The sum of no rows is null.
    .select(sql<number>`coalesce(sum(s.plays), 0)`.as('recordsWithDuration'))
    .executeTakeFirstOrThrow()
  const tracks = await db
    .selectFrom('track_info')
    .select((e) => [
      e.fn.countAll<number>().as('cachedTracks'),
      e.fn.count<number>('duration_ms').as('tracksWithDuration'),
    ])
    .executeTakeFirstOrThrow()
  const rows = async (table: 'artists' | 'songs' | 'artist_images') =>
    (
      await db
        .selectFrom(table)
        .select((e) => e.fn.countAll<number>().as('rows'))
        .executeTakeFirstOrThrow()
    ).rows
  return {
    ...plays,
    ...timed,
    ...tracks,
    artists: await rows('artists'),
    songs: await rows('songs'),
    cachedArtists: await rows('artist_images'),
  }
}

async function imageCounts(db: Db) {
  const rows = await db
    .selectFrom('artist_images')
    .select((e) => ['image_status', e.fn.countAll<number>().as('artists')])
    .groupBy('image_status')
    .execute()
  const of = (status: string) => rows.find((row) => row.image_status === status)?.artists ?? 0
  return { found: of('found'), notFound: of('not_found'), open: of('transient_error') }
}

async function byPlays(db: Db, order: 'asc' | 'desc', limit: number): Promise<readonly PlayedArtist[]> {
  return db
    .selectFrom('distinct_artists')
    .select(['artist_name as artist', 'play_count as plays'])
    .where(sql`lower(artist_name)`, 'not in', noActs)
    .orderBy('play_count', order)
    .orderBy('artist_name')
    .orderBy('artist_clean')
    .limit(limit)
    .execute()
}

async function byListening(db: Db, limit: number): Promise<readonly ListenedArtist[]> {
  return songsWithDuration(db)
    .innerJoin('distinct_artists as a', 'a.artist_clean', 's.artist_clean')
    .select([
      'a.artist_name as artist',
      'a.play_count as plays',
      sql<number>`sum(s.plays * t.duration_ms)`.as('listenedMs'),
    ])
    .where(sql`lower(a.artist_name)`, 'not in', noActs)
    .groupBy(['a.artist_clean', 'a.artist_name', 'a.play_count'])
    .orderBy('listenedMs', 'desc')
    .orderBy('a.artist_name')
    .orderBy('a.artist_clean')
    .limit(limit)
    .execute()
}

function songsWithDuration(db: Db) {
  return db
    .selectFrom('songs as s')
    .innerJoin('track_info as t', (join) =>
      join.onRef('t.artist_clean', '=', 's.artist_clean').onRef('t.song_clean', '=', 's.song_clean'),
    )
    .where('t.duration_ms', 'is not', null)
}

async function artistSamples(db: Db, limit: number) {
  return (
    db
      .selectFrom('artist_images as i')
      .leftJoin('artists as a', 'a.artist_clean', 'i.artist_clean')
      .select(['i.artist_clean as artist', 'i.mbid', 'i.image_url as image'])
      // Cached artists that no longer are in the plays come last; both databases sort null alike only if told.
      .orderBy(sql`coalesce(a.plays, 0)`, 'desc')
      .orderBy('i.artist_clean')
      .limit(limit)
      .execute()
  )
}

async function trackSamples(db: Db, limit: number) {
  return db
    .selectFrom('track_info as t')
    .leftJoin('songs as s', (join) =>
      join.onRef('s.artist_clean', '=', 't.artist_clean').onRef('s.song_clean', '=', 't.song_clean'),
    )
    .select([
      't.artist_clean as artist',
      't.song_clean as song',
      't.duration_ms as durationMs',
      't.recording_mbid as mbid',
    ])
    .orderBy(sql`coalesce(s.plays, 0)`, 'desc')
    .orderBy('t.artist_clean')
    .orderBy('t.song_clean')
    .limit(limit)
    .execute()
}
