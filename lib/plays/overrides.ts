import { type DataFrame, expr, type SparkSession, type UntypedFrame } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import type { ArtistNode } from './artist-edges.ts'
import { artistName } from './artist-name.ts'
import { byHand, type Edge, type Member } from './clusters.ts'
import { songName } from './song-name.ts'

/** What a person decided about two names, as they write them: of two artists, or of two titles of `artist`. */
export interface NamePair {
  readonly a: string
  readonly z: string
  readonly verdict: 'same' | 'different'
  readonly artist?: string | undefined
}

export interface SettledOverrides {
  readonly members: readonly Member[]
  readonly edges: readonly Edge[]
  readonly different: readonly (readonly [string, string])[]
  /** Pairs that say nothing, since nobody plays one of the names. */
  readonly unheard: readonly NamePair[]
}

export const noOverrides: SettledOverrides = { members: [], edges: [], different: [], unheard: [] }

/** A name of a pair with its key, and its plays if it is played. */
interface KeyedName {
  readonly pair: number
  readonly side: 'a' | 'z'
  readonly key: string
  readonly plays: bigint | null
  readonly id: string | null
}

/**
 * The pairs of artists by key, with the plays of those that are played.
 *
 * *Errors:* `AppError('usage')` with the chain of pairs, if some say that two names are the same and one that they differ.
 */
export async function settleArtistOverrides(
  spark: SparkSession,
  pairs: readonly NamePair[],
  nodes: DataFrame<ArtistNode>,
): Promise<SettledOverrides> {
  const ofArtists = pairs.filter(({ artist }) => artist === undefined)
  if (ofArtists.length === 0) return noOverrides
  const rows = await (await namesOf(spark, ofArtists))
    .selectExpr('pair', 'side', `${artistName('name')}.key as key`)
    .join(nodes.selectExpr('key', 'plays', 'id'), 'key', 'left')
    .$castTo<KeyedName>()
    .collect()
  return settled(ofArtists, rows)
}

/**
 * The same of titles. *Rows of `named`:* `a`, `s` (see artist-name.ts, song-name.ts), `plays`, and `artist`, the key that
 * stands for the artist; keys of titles are made with `memberOf`.
 */
export async function settleSongOverrides(
  spark: SparkSession,
  pairs: readonly NamePair[],
  named: UntypedFrame,
  memberOf: (artist: string, title: string) => string,
): Promise<SettledOverrides> {
  const ofSongs = pairs.filter(({ artist }) => artist !== undefined)
  if (ofSongs.length === 0) return noOverrides
  const artists = named.selectExpr('a.key as artist_key', 'artist').distinct()
  const titles = named
    .groupBy({ artist: expr('artist'), title: expr('s.key') })
    .agg({ plays: expr<bigint>('sum(plays)') })
  const rows = await (await namesOf(spark, ofSongs))
    .selectExpr('pair', 'side', `${artistName('artist')}.key as artist_key`, `${songName('name')}.key as title`)
    .join(artists, 'artist_key', 'left')
    .join(titles, ['artist', 'title'], 'left')
    .selectExpr(
      'pair',
      'side',
      `${memberOf('coalesce(artist, artist_key)', 'title')} as key`,
      'plays',
      'cast(null as string) as id',
    )
    .$castTo<KeyedName>()
    .collect()
  return settled(ofSongs, rows)
}

async function namesOf(spark: SparkSession, pairs: readonly NamePair[]): Promise<UntypedFrame> {
  const rows = pairs.flatMap(({ a, z, artist }, pair) => [
    { pair, side: 'a', name: a, artist: artist ?? null },
    { pair, side: 'z', name: z, artist: artist ?? null },
  ])
  return spark.createDataFrame(rows, 'pair int, side string, name string, artist string')
}

function settled(pairs: readonly NamePair[], rows: readonly KeyedName[]): SettledOverrides {
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
    unheard: keyed.filter((each) => !isPlayed(each)).map(({ pair }) => pair),
  }
}

/** Looks for a way of "same" pairs between two names that a pair calls different. */
export function refuseContradictions(
  pairs: readonly (NamePair & { readonly keyA: string; readonly keyZ: string })[],
): void {
  const same = new Map<string, { readonly key: string; readonly step: string }[]>()
  for (const { a, z, verdict, keyA, keyZ } of pairs) {
    if (verdict !== 'same') continue
    same.set(keyA, [...(same.get(keyA) ?? []), { key: keyZ, step: `${a} = ${z}` }])
    same.set(keyZ, [...(same.get(keyZ) ?? []), { key: keyA, step: `${z} = ${a}` }])
  }
  for (const pair of pairs) {
    if (pair.verdict !== 'different') continue
    const from = new Map<string, { key: string; step: string } | null>([[pair.keyA, null]])
    const queue = [pair.keyA]
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      for (const next of same.get(key) ?? []) {
        if (from.has(next.key)) continue
        from.set(next.key, { key, step: next.step })
        queue.push(next.key)
      }
    }
    if (!from.has(pair.keyZ)) continue
    const chain: string[] = []
    for (let at = from.get(pair.keyZ); at; at = from.get(at.key)) chain.unshift(at.step)
    const of = pair.artist === undefined ? '' : ` (titles of ${pair.artist})`
    throw new AppError('usage', `the overrides contradict each other: ${pair.a} ≠ ${pair.z}${of}`, {
      place: chain.length === 0 ? `${pair.a} and ${pair.z} have one key` : chain.join(', '),
      remedy: 'take one of these pairs out of the overrides',
    })
  }
}
