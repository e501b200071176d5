import { type DataFrame, expr } from 'spark-connect-js'
import type { ArtistEdge } from './artist-edges.ts'
import { hold } from './hold.ts'

/**
 * Clusters of more edges than this process should hold: connected components on the server by minimum labels and pointer
 * jumping, in O(log n) rounds.
 *
 * Each member gets the most played name of its cluster, the weakest rule of its own surest edge. Clusters of more than 30
 * names are left apart: no act has so many spellings. *Cost:* three shuffles of the edges per round.
 */
export async function labelsOnServer(
  edges: DataFrame<ArtistEdge>,
): Promise<DataFrame<{ member: string; canonical: string; method: string; score: number }>> {
  const both = await hold(
    edges
      .selectExpr('a as member', 'z as other', 'z_plays as plays', 'rule', 'score')
      .union(edges.selectExpr('z as member', 'a as other', 'a_plays as plays', 'rule', 'score'))
      .$castTo<{ member: string; other: string; plays: bigint; rule: string; score: number }>(),
  )
  let labels = await hold(both.groupBy('member').agg({ label: expr<string>('least(member, min(other))') }))
  for (;;) {
    const current = labels
    const neighbours = both
      .join(current.withColumnsRenamed({ member: 'other', label: 'other_label' }), 'other')
      .groupBy('member')
      .agg({ nearest: expr<string>('min(other_label)') })
    const lowered = current
      .join(neighbours, 'member')
      .selectExpr('member', 'label as old', 'least(label, nearest) as low')
      .$castTo<{ member: string; old: string; low: string }>()
    const next = await hold(
      lowered
        .join(current.withColumnsRenamed({ member: 'low', label: 'low_label' }), 'low')
        .selectExpr('member', 'least(low, low_label) as label', 'least(low, low_label) <> old as changed')
        .$castTo<{ member: string; label: string; changed: boolean }>(),
    )
    labels = next.select('member', 'label')
    const changed = await next.where('changed').isEmpty()
    if (changed) break
  }
  const plays = both.groupBy({ member: expr<string>('other') }).agg({ plays: expr<bigint>('max(plays)') })
  const clusters = labels
    .join(plays, 'member')
    .groupBy('label')
    .agg({ canonical: expr<string>('max_by(member, struct(plays, member))'), names: expr<bigint>('count(*)') })
    .where('names <= 30')
  const surest = both.groupBy('member').agg({
    method: expr<string>('max_by(rule, struct(score, rule))'),
    score: expr<number>('max(score)'),
  })
  return hold(
    labels
      .join(clusters, 'label')
      .where('member <> canonical')
      .join(surest, 'member')
      .selectExpr('member', 'canonical', 'method', 'score')
      .$castTo<{ member: string; canonical: string; method: string; score: number }>(),
  )
}
