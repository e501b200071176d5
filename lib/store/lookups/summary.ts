import { sql } from 'kysely'
import type { ArtistRow, LookupTotals, TrackRow } from '../../model/lookups.ts'
import type { Db } from '../schema/database.ts'

/** The first rows of both caches by plays: artists with picture, songs with length. */
export interface LookupSamples {
  readonly artists: readonly Pick<ArtistRow, 'artist_clean' | 'canonical_name' | 'mbid' | 'image_url' | 'licence'>[]
  readonly tracks: readonly Pick<
    TrackRow,
    'artist_clean' | 'song_clean' | 'recording_mbid' | 'duration_ms' | 'duration_source'
  >[]
}

export async function lookupTotals(db: Db): Promise<LookupTotals> {
  const artists = await db
    .selectFrom('artists as a')
    .leftJoin('artist_images as i', 'i.artist_clean', 'a.artist_clean')
    .select((eb) => [
      eb.fn.countAll<number>().as('artists'),
      eb.fn.count<number>('i.mbid').as('mbid'),
      eb.fn.count<number>('i.image_url').as('image'),
      eb.fn.count<number>('i.artist_lastfm').as('named'),
      sql<number | null>`sum(a.plays)`.as('plays'),
      sql<number | null>`sum(case when i.image_url is not null then a.plays else 0 end)`.as('playsWithImage'),
    ])
    .executeTakeFirstOrThrow()
  const tracks = await db
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
    artistsWithListenerName: Number(artists.named),
    tracks: Number(tracks.tracks),
    tracksFound: Number(tracks.found ?? 0),
    tracksWithDuration: Number(tracks.duration),
    plays: Number(artists.plays ?? 0),
    playsWithImage: Number(artists.playsWithImage ?? 0),
    playsWithDuration: Number(tracks.playsWithDuration ?? 0),
  }
}

export async function lookupSamples(db: Db, most: number): Promise<LookupSamples> {
  return {
    artists: await db
      .selectFrom('artist_images as i')
      .innerJoin('artists as a', 'a.artist_clean', 'i.artist_clean')
      .select(['i.artist_clean', 'i.canonical_name', 'i.mbid', 'i.image_url', 'i.licence'])
      .where('i.image_url', 'is not', null)
      .orderBy('a.plays', 'desc')
      .orderBy('i.artist_clean')
      .limit(most)
      .execute(),
    tracks: await db
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
  }
}
