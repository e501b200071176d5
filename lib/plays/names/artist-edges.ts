import { array, coalesce, type DataFrame, fieldsOf, when } from 'spark-connect-js'
import type { Block } from './artist-blocks.ts'
import type { ArtistNode } from './artist-nodes.ts'
import { artistPairs } from './artist-pairs.ts'
import { artistNearMisses, artistRules, pairOf } from './artist-rules.ts'
import { firstRule } from './rule.ts'
import type { NameEdge } from './types.ts'
import type { EdgeOptions } from './typos.ts'

/** Pairs of names that mean the same act, each by the surest rule that finds it, and near misses. */
export function artistEdges(
  blocks: DataFrame<Block>,
  nodes: DataFrame<ArtistNode>,
  options: EdgeOptions,
): DataFrame<NameEdge> {
  return artistPairs(blocks, nodes, options)
    .select((c) => ({
      a: fieldsOf(c.a).key,
      z: fieldsOf(c.z).key,
      a_plays: fieldsOf(c.a).plays,
      z_plays: fieldsOf(c.z).plays,
      a_id: fieldsOf(c.a).id,
      z_id: fieldsOf(c.z).id,
      found: firstRule(artistRules, pairOf(c)),
      missed: firstRule(artistNearMisses, pairOf(c)),
      n: c.n,
      sides: when(c.rest_is_name, array(fieldsOf(c.p).key, c.rest_key.$notNull())),
    }))
    .where((c) => c.found.isNotNull().or(c.missed.isNotNull()))
    .select((c) => {
      const { rule, score } = fieldsOf(coalesce(c.found, c.missed).$notNull())
      return {
        a: c.a,
        z: c.z,
        a_plays: c.a_plays,
        z_plays: c.z_plays,
        a_id: c.a_id,
        z_id: c.z_id,
        rule,
        score,
        shared: c.n.cast('int'),
        near: c.found.isNull(),
        sides: c.sides,
      }
    })
}
