import type { DataFrame, SparkSession } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import type { ArtistNode } from './artist-edges.ts'
import { artistName } from './artist-name.ts'
import type { Edge, Member } from './clusters.ts'

/** What a person decided about two artists' names, as they write them. */
export interface NamePair {
  readonly a: string
  readonly z: string
  readonly verdict: 'same' | 'different'
}

export interface SettledOverrides {
  readonly members: readonly (Member & { readonly id: string | null })[]
  readonly edges: readonly Edge[]
  readonly different: readonly (readonly [string, string])[]
}

/**
 * The pairs by key, with the plays of those that are played; pairs of names that nobody plays do nothing.
 *
 * *Errors:* `AppError('usage')` with the chain of pairs, if some say that two names are the same and one that they differ.
 */
export async function settleOverrides(
  spark: SparkSession,
  pairs: readonly NamePair[],
  nodes: DataFrame<ArtistNode>,
): Promise<SettledOverrides> {
  if (pairs.length === 0) return { members: [], edges: [], different: [] }
  const names = [...new Set(pairs.flatMap(({ a, z }) => [a, z]))]
  const asked = await spark.createDataFrame<{ name: string }>(
    names.map((name) => ({ name })),
    'name string',
  )
  const rows = await asked
    .selectExpr('name', `${artistName('name')}.key as key`)
    .join(nodes.selectExpr('key', 'plays', 'id'), 'key', 'left')
    .$castTo<{ name: string; key: string; plays: bigint | null; id: string | null }>()
    .collect()
  const keyOf = new Map(rows.map((row) => [row.name, row.key]))
  const keyed = pairs.map((pair) => ({ ...pair, keyA: keyOf.get(pair.a)!, keyZ: keyOf.get(pair.z)! }))
  refuseContradictions(keyed)
  const played = new Set(rows.filter((row) => row.plays !== null).map((row) => row.key))
  const useful = keyed.filter(({ keyA, keyZ }) => played.has(keyA) && played.has(keyZ) && keyA !== keyZ)
  return {
    members: rows.flatMap((row) => (row.plays === null ? [] : [{ key: row.key, plays: row.plays, id: row.id }])),
    edges: useful
      .filter(({ verdict }) => verdict === 'same')
      .map(({ keyA, keyZ }) => ({ a: keyA, z: keyZ, rule: 'override', score: 1, shared: 0 })),
    different: useful.filter(({ verdict }) => verdict === 'different').map(({ keyA, keyZ }) => [keyA, keyZ] as const),
  }
}

/** Looks for a way of "same" pairs between two names that a pair calls different. */
export function refuseContradictions(
  pairs: readonly (NamePair & { readonly keyA: string; readonly keyZ: string })[],
): void {
  const same = pairs.filter(({ verdict }) => verdict === 'same')
  for (const pair of pairs) {
    if (pair.verdict !== 'different') continue
    const from = new Map<string, { key: string; by: NamePair } | null>([[pair.keyA, null]])
    const queue = [pair.keyA]
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      for (const by of same) {
        const next = by.keyA === key ? by.keyZ : by.keyZ === key ? by.keyA : undefined
        if (next === undefined || from.has(next)) continue
        from.set(next, { key, by })
        queue.push(next)
      }
    }
    if (!from.has(pair.keyZ)) continue
    const chain: string[] = []
    for (let step = from.get(pair.keyZ); step; step = from.get(step.key)) chain.unshift(`${step.by.a} = ${step.by.z}`)
    throw new AppError('usage', `the overrides contradict each other: ${pair.a} ≠ ${pair.z}`, {
      place: chain.length === 0 ? `${pair.a} and ${pair.z} have one key` : chain.join(', '),
      remedy: 'take one of these pairs out of the overrides',
    })
  }
}
