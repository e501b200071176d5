import { type Column, type Fields, lit, struct, when } from 'spark-connect-js'
import type { BestName } from './canonical.ts'

/** Why a spelling has its canonical name. */
export type Explanation = { method: string; score: number; evidence: string | null }

/** The way of a key to the one that stands for it; nulls, if it stands for itself. */
export interface Way {
  readonly method: Column<string | null>
  readonly score: Column<number | null>
  readonly evidence: Column<string | null>
}

/**
 * Why a name has its canonical one. The tree of a cluster hangs on its most played key, which need not be the key of the name
 * that is shown: then the way leads from one to the other, and the weaker part explains it.
 */
export function explained(
  raw: Column<string>,
  key: Column<string>,
  way: Way,
  best: Fields<BestName>,
): Column<Explanation> {
  const why = ({ method, score, evidence }: Way): Column<Explanation> =>
    struct({
      method: method.$notNull(),
      score: score.cast('double').$notNull(),
      evidence: evidence.cast('string'),
    })
  const certain = (method: string) => why({ method: lit(method), score: lit(1), evidence: lit(null) })
  const isWeaker = best.method.isNull().or(way.score.leq(best.score))
  return when(raw.eq(best.name), certain('exact'))
    .when(key.eq(best.name_key), certain('key'))
    .when(way.method.isNotNull().and(isWeaker), why(way))
    .otherwise(why(best))
}
