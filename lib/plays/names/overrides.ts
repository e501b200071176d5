import { coalesce, type DataFrame, fieldsOf, lit, type SparkSession, sum } from 'spark-connect-js'
import { AppError } from '../../errors.ts'
import { contradictionIn } from '../../model/contradiction.ts'
import { artistName } from '../clean/artist-name.ts'
import { songName } from '../clean/song-name.ts'
import type { ArtistNode } from './artist-nodes.ts'
import { byHand, type Edge, type Member } from './clusters.ts'
import { songMember } from './song-edges.ts'
import type { NamedByArtist } from './types.ts'

/** What a person decided about two names, as they write them: of two artists, or of two titles of `artist`. */
export interface NamePair {
  readonly a: string
  readonly z: string
  readonly verdict: 'same' | 'different'
  readonly artist?: string | undefined
}

export interface ResolvedOverrides {
  readonly members: readonly Member[]
  readonly edges: readonly Edge[]
  readonly different: readonly (readonly [string, string])[]
  readonly unused: readonly UnusedPair[]
}

/** A pair that changes nothing: names that nobody plays, or two spellings of one name. */
export interface UnusedPair {
  readonly pair: NamePair
  /** The names of the pair that nobody plays; none if both are one name already. */
  readonly unplayed: readonly string[]
}

export const noOverrides: ResolvedOverrides = { members: [], edges: [], different: [], unused: [] }

/** A name of a pair with its key, and its plays if it is played. */
interface KeyedName {
  readonly pair: number
  readonly side: string
  readonly key: string
  readonly plays: bigint | null
  readonly id: string | null
}

/**
 * The pairs of artists by key, with the plays of those that are played.
 *
 * *Errors:* `AppError('usage')` with the chain of pairs, if some say that two names are the same and one that they differ.
 */
export async function resolveArtistOverrides(
  spark: SparkSession,
  pairs: readonly NamePair[],
  nodes: DataFrame<ArtistNode>,
): Promise<ResolvedOverrides> {
  const ofArtists = pairs.filter(({ artist }) => artist === undefined)
  if (ofArtists.length === 0) return noOverrides
  const rows = await (await namesOf(spark, ofArtists))
    .select((c) => ({ pair: c.pair, side: c.side, key: fieldsOf(artistName(c.name)).key }))
    .join(nodes.select('key', 'plays', 'id'), 'key', 'left')
    .collect()
  return resolved(ofArtists, rows)
}

/** The same of titles; `named` has the key that stands for each artist. */
export async function resolveSongOverrides(
  spark: SparkSession,
  pairs: readonly NamePair[],
  named: DataFrame<NamedByArtist>,
): Promise<ResolvedOverrides> {
  const ofSongs = pairs.filter(({ artist }) => artist !== undefined)
  if (ofSongs.length === 0) return noOverrides
  const artists = named.select((c) => ({ artist_key: fieldsOf(c.a).key, artist: c.artist })).distinct()
  const titles = named
    .groupBy((c) => ({ artist: c.artist, title: fieldsOf(c.s).key }))
    .agg((c) => ({ plays: sum(c.plays) }))
  const rows = await (await namesOf(spark, ofSongs))
    .select((c) => ({
      pair: c.pair,
      side: c.side,
      artist_key: fieldsOf(artistName(c.artist)).key,
      title: fieldsOf(songName(c.name)).key,
    }))
    .join(artists, 'artist_key', 'left')
    .join(titles, ['artist', 'title'], 'left')
    .select((c) => ({
      pair: c.pair,
      side: c.side,
      key: songMember(coalesce(c.artist, c.artist_key), c.title),
      plays: c.plays,
      id: lit(null).cast('string'),
    }))
    .collect()
  return resolved(ofSongs, rows)
}

/** A name of a pair as it is written; of two artists, `artist` is empty. */
type WrittenName = { pair: number; side: string; name: string; artist: string }

async function namesOf(spark: SparkSession, pairs: readonly NamePair[]): Promise<DataFrame<WrittenName>> {
  const rows = pairs.flatMap(({ a, z, artist = '' }, pair) => [
    { pair, side: 'a', name: a, artist },
    { pair, side: 'z', name: z, artist },
  ])
  return spark.createDataFrame(rows, 'pair int, side string, name string, artist string')
}

function resolved(pairs: readonly NamePair[], rows: readonly KeyedName[]): ResolvedOverrides {
  const found = new Map(rows.map((row) => [`${row.pair} ${row.side}`, row]))
  const keyed = pairs.map((pair, i) => ({ pair, a: found.get(`${i} a`)!, z: found.get(`${i} z`)! }))
  refuseContradictions(keyed.map(({ pair, a, z }) => ({ ...pair, keyA: a.key, keyZ: z.key })))
  const isPlayed = ({ a, z }: (typeof keyed)[number]) => a.plays !== null && z.plays !== null
  const useful = keyed.filter((each) => isPlayed(each) && each.a.key !== each.z.key)
  return {
    members: useful.flatMap(({ a, z }) => [a, z].map(({ key, plays, id }) => ({ key, plays: plays!, id }))),
    edges: useful
      .filter(({ pair }) => pair.verdict === 'same')
      .map(({ a, z }) => ({ a: a.key, z: z.key, rule: byHand, score: 1, shared: 0 })),
    different: useful.filter(({ pair }) => pair.verdict === 'different').map(({ a, z }) => [a.key, z.key] as const),
    unused: keyed
      .filter((each) => !useful.includes(each))
      .map(({ pair, a, z }) => ({
        pair,
        unplayed: [...(a.plays === null ? [pair.a] : []), ...(z.plays === null ? [pair.z] : [])],
      })),
  }
}

/** *Errors:* `AppError('usage')` with the chain of pairs, if some say that two names are the same and one that they differ. */
export function refuseContradictions(
  pairs: readonly (NamePair & { readonly keyA: string; readonly keyZ: string })[],
): void {
  const found = contradictionIn(pairs)
  if (found === undefined) return
  const { a, z, artist } = found.pair
  const of = artist === undefined ? '' : ` (titles of ${artist})`
  throw new AppError('usage', `the overrides contradict each other: ${a} ≠ ${z}${of}`, {
    place: found.chain.length === 0 ? `${a} and ${z} have one key` : found.chain.join(', '),
    remedy: 'take one of these pairs out of the overrides',
  })
}
