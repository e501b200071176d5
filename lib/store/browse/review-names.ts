import { type ExpressionBuilder, sql } from 'kysely'
import { kyselyOf } from '../kysely-of.ts'
import type { Database } from '../schema/database.ts'
import type { Reader } from './reader.ts'

export interface ReviewedPair {
  readonly kind: 'artist' | 'song'
  /** What the last run decided. */
  readonly verdict: 'same' | 'different'
  /** As read. */
  readonly a: string
  /** The canonical name of it, or as read the other name that it was kept apart from. */
  readonly b: string
  /** Artist of a song; null for artists. */
  readonly artist: string | null
  readonly method: string
  readonly score: number | null
  readonly plays: number
  /** The evidence for it, or why it was not enough. */
  readonly why: string | null
}

export interface ReviewOptions {
  readonly limit: number
  /** 0 to 1: only what is not surer. */
  readonly maxScore?: number
}

/**
 * Names that were brought under another name by more than equal keys, and pairs that nearly were, most plays first: where a
 * person's look is worth most. `exact` and `key` are left out: there the letters are the same.
 */
export async function reviewNames(reader: Reader, options: ReviewOptions): Promise<readonly ReviewedPair[]> {
  const all = [...(await doubtfulMerges(reader, options)), ...(await doubtfulPairs(reader, options))]
  return all.sort((a, b) => b.plays - a.plays || (a.a < b.a ? -1 : a.a > b.a ? 1 : 0)).slice(0, options.limit)
}

async function doubtfulMerges(reader: Reader, { limit, maxScore }: ReviewOptions): Promise<ReviewedPair[]> {
  const db = kyselyOf(reader)
  const unsure = <T extends 'artist_names' | 'song_names'>(e: ExpressionBuilder<Database, T>) =>
    e.and([
      // What a person decided is not doubtful.
      sql<boolean>`method not in ('exact', 'key', 'override')`,
      ...(maxScore === undefined ? [] : [sql<boolean>`score is not null and score <= ${maxScore}`]),
    ])
  const artists = await db
    .selectFrom('artist_names')
    .select(['raw_artist as a', 'artist_clean as b', 'method', 'score', 'plays', 'evidence as why'])
    .where(unsure)
    .whereRef('raw_artist', '!=', 'artist_clean')
    .orderBy('plays', 'desc')
    .orderBy('raw_artist')
    .limit(limit)
    .execute()
  const songs = await db
    .selectFrom('song_names')
    .select([
      'raw_song as a',
      'song_clean as b',
      'artist_clean as artist',
      'method',
      'score',
      'plays',
      'evidence as why',
    ])
    .where(unsure)
    .whereRef('raw_song', '!=', 'song_clean')
    .orderBy('plays', 'desc')
    .orderBy('raw_artist')
    .orderBy('raw_song')
    .limit(limit)
    .execute()
  return [
    ...artists.map((each) => ({ kind: 'artist' as const, verdict: 'same' as const, artist: null, ...each })),
    ...songs.map((each) => ({ kind: 'song' as const, verdict: 'same' as const, ...each })),
  ]
}

/** The pairs of `name_doubts` in the most played spellings of their keys. */
async function doubtfulPairs(reader: Reader, { limit, maxScore }: ReviewOptions): Promise<readonly ReviewedPair[]> {
  const below = maxScore === undefined ? sql`` : sql`and score <= ${maxScore}`
  const { rows } = await sql<ReviewedPair>`
    with doubts as (select * from name_doubts where why <> 'kept apart by hand' ${below} order by plays desc, kind, artist, a, z limit ${limit}),
    artist_keys as (select a as name_key from doubts where kind = 'artist' union select z from doubts where kind = 'artist'
      union select artist from doubts where kind = 'song'),
    spelled as (select n.name_key, n.raw_artist, n.artist_clean,
        row_number() over (partition by n.name_key order by n.plays desc, n.raw_artist) as place
      from artist_names n join artist_keys k on k.name_key = n.name_key),
    song_keys as (select distinct s.artist_clean, k.name_key from spelled s join
        (select artist, a as name_key from doubts where kind = 'song'
          union select artist, z from doubts where kind = 'song') k on k.artist = s.name_key and s.place = 1),
    titled as (select n.artist_clean, n.name_key, n.raw_song,
        row_number() over (partition by n.artist_clean, n.name_key order by n.plays desc, n.raw_artist, n.raw_song) as place
      from song_names n join song_keys k on k.artist_clean = n.artist_clean and k.name_key = n.name_key)
    select d.kind, d.verdict, coalesce(ta.raw_song, sa.raw_artist, d.a) as a, coalesce(tz.raw_song, sz.raw_artist, d.z) as b,
      case when d.kind = 'song' then coalesce(s.artist_clean, d.artist) end as artist,
      d.rule as method, d.score, d.plays, d.why
    from doubts d
    left join spelled s on s.name_key = d.artist and s.place = 1
    left join spelled sa on d.kind = 'artist' and sa.name_key = d.a and sa.place = 1
    left join spelled sz on d.kind = 'artist' and sz.name_key = d.z and sz.place = 1
    left join titled ta on d.kind = 'song' and ta.artist_clean = s.artist_clean and ta.name_key = d.a and ta.place = 1
    left join titled tz on d.kind = 'song' and tz.artist_clean = s.artist_clean and tz.name_key = d.z and tz.place = 1`.execute(
    kyselyOf(reader),
  )
  return rows
}
