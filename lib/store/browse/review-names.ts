import { sql } from 'kysely'
import { kyselyOf } from '../kysely-of.ts'
import { doubtfulIdentities } from './doubtful-identities.ts'
import type { Reader } from './reader.ts'

/** Two names whose decision is worth a look. */
export interface ReviewedPair {
  readonly kind: 'artist' | 'song'
  /** What the last run decided. */
  readonly verdict: 'same' | 'different' | 'mbid'
  /** As read. */
  readonly a: string
  /** The canonical name of it, or as read the other name that it was kept apart from; with `mbid` the id of the act. */
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
 * Names that were brought under another name by more than equal keys, the riskiest first, then pairs that nearly were, most plays
 * first. A merge is as risky as its smaller side is played: where both sides are played well, a wrong one moves the most.
 * `exact` and `key` are left out: there the letters are the same. At the end are acts that were looked up with a doubt.
 */
export async function reviewNames(reader: Reader, options: ReviewOptions): Promise<readonly ReviewedPair[]> {
  const identities = await doubtfulIdentities(reader, { ...options, limit: Math.ceil(options.limit / 4) })
  return [...(await doubtfulNames(reader, { ...options, limit: options.limit - identities.length })), ...identities]
}

async function doubtfulNames(reader: Reader, options: ReviewOptions): Promise<readonly ReviewedPair[]> {
  if (options.limit <= 0) return []
  const pairs = await doubtfulPairs(reader, options)
  const alike = pairs.filter(({ verdict }) => verdict === 'same')
  const apart = pairs.filter(({ verdict }) => verdict === 'different')
  const merges = [...alike, ...(await doubtfulMerges(reader, options))]
  // Near misses have their place, however many merges there are.
  const kept = Math.max(options.limit - apart.length, Math.ceil(options.limit / 2))
  return [...merges.slice(0, kept), ...apart].slice(0, options.limit)
}

async function doubtfulMerges(reader: Reader, { limit, maxScore }: ReviewOptions): Promise<ReviewedPair[]> {
  const db = kyselyOf(reader)
  const unsure = sql<boolean>`n.method not in ('exact', 'key', 'override') ${
    // What a person decided is not doubtful.
    maxScore === undefined ? sql`` : sql`and n.score is not null and n.score <= ${maxScore}`
  }`
  // Plays of the smaller side.
  const risk = sql<number>`case when 2 * n.plays < g.plays then n.plays else g.plays - n.plays end`
  const artists = await db
    .selectFrom('artist_names as n')
    .innerJoin('artists as g', 'g.artist_id', 'n.artist_id')
    .select(['n.raw_artist as a', 'n.artist_clean as b', 'n.method', 'n.score', 'n.plays', 'n.evidence as why'])
    .select(risk.as('risk'))
    .where(unsure)
    .whereRef('n.raw_artist', '!=', 'n.artist_clean')
    .orderBy(risk, 'desc')
    .orderBy('n.plays', 'desc')
    .orderBy('n.raw_artist')
    .limit(limit)
    .execute()
  const songs = await db
    .selectFrom('song_names as n')
    .innerJoin('songs as g', 'g.song_id', 'n.song_id')
    .select(['n.raw_song as a', 'n.song_clean as b', 'n.artist_clean as artist', 'n.method', 'n.score', 'n.plays'])
    .select(['n.evidence as why', risk.as('risk')])
    .where(unsure)
    .whereRef('n.raw_song', '!=', 'n.song_clean')
    .orderBy(risk, 'desc')
    .orderBy('n.plays', 'desc')
    .orderBy('n.raw_artist')
    .orderBy('n.raw_song')
    .limit(limit)
    .execute()
  const all = [
    ...artists.map((each) => ({ kind: 'artist' as const, verdict: 'same' as const, artist: null, ...each })),
    ...songs.map((each) => ({ kind: 'song' as const, verdict: 'same' as const, ...each })),
  ]
  return all
    .sort((x, y) => y.risk - x.risk || y.plays - x.plays || (x.a < y.a ? -1 : x.a > y.a ? 1 : 0))
    .map(({ risk: _, ...pair }) => pair)
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
