import { sql } from 'kysely'
import { kyselyOf } from '../kysely-of.ts'
import { inAnyCase } from './any-case.ts'
import type { Reader } from './reader.ts'

/** A name that a search found. */
export interface Hit {
  readonly kind: 'artist' | 'song' | 'station' | 'spelling'
  /** As it stands in the data. */
  readonly name: string
  /** Artist of a song; the resolved name of a spelling. */
  readonly of: string | null
  readonly plays: number
}

/**
 * Artists, songs, stations and spellings that contain a text, most plays first; capitals do not matter.
 *
 * *Cost:* a scan of the four tables of names, none of plays.
 */
export async function searchNames(reader: Reader, text: string, limit: number): Promise<readonly Hit[]> {
  const db = kyselyOf(reader)
  const contains = (column: string) =>
    sql<boolean>`(${sql.join(
      patterns(text).map((pattern) => sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`),
      sql` or `,
    )})`
  const artists = await db
    .selectFrom('artists')
    .select(['artist_clean as name', 'plays'])
    .where(contains('artist_clean'))
    .orderBy('plays', 'desc')
    .orderBy('artist_clean')
    .limit(limit)
    .execute()
  const songs = await db
    .selectFrom('songs')
    .select(['song_clean as name', 'artist_clean as of', 'plays'])
    .where(contains('song_clean'))
    .orderBy('plays', 'desc')
    .orderBy('song_clean')
    .orderBy('artist_clean')
    .limit(limit)
    .execute()
  const stations = await db
    .selectFrom('stations')
    .select(['callsign as name', 'plays'])
    .where(contains('callsign'))
    .orderBy('plays', 'desc')
    .orderBy('callsign')
    .limit(limit)
    .execute()
  const spellings = await db
    .selectFrom('artist_names')
    .select(['raw_artist as name', 'artist_clean as of', 'plays'])
    .where(contains('raw_artist'))
    .whereRef('raw_artist', '!=', 'artist_clean')
    .orderBy('plays', 'desc')
    .orderBy('raw_artist')
    .limit(limit)
    .execute()
  const hits: Hit[] = [
    ...artists.map((each) => ({ kind: 'artist' as const, of: null, ...each })),
    ...songs.map((each) => ({ kind: 'song' as const, ...each })),
    ...stations.map((each) => ({ kind: 'station' as const, of: null, ...each })),
    ...spellings.map((each) => ({ kind: 'spelling' as const, ...each })),
  ]
  return hits.sort((a, b) => b.plays - a.plays || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).slice(0, limit)
}

/**
 * LIKE patterns for a text, to be held against `lower(column)`. Both databases lower only a to z (the columns' order is
 * that of bytes), so other alphabets are looked for as given, small, capital and capitalised (the first word, or all).
 */
function patterns(text: string): readonly string[] {
  return inAnyCase(text).map((each) => `%${each.replace(/[\\%_]/g, '\\$&')}%`)
}
