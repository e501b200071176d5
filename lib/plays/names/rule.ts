import { type Column, lit, struct, type WhenColumn, when } from 'spark-connect-js'

/** What a rule says of a pair: its name and how sure it is, 0 to 1. */
export type Found = { rule: string; score: number }

/** When two names mean the same; `P` is what is known of a pair. */
export interface Rule<P> {
  readonly name: string
  readonly when: (pair: P) => Column<boolean | null>
  readonly score: number | ((pair: P) => Column<number>)
}

/** What the first of the rules that holds says of a pair; null if none holds. */
export function firstRule<P>([first, ...others]: readonly [Rule<P>, ...Rule<P>[]], pair: P): Column<Found | null> {
  const found = ({ name, score }: Rule<P>): Column<Found> =>
    struct({ rule: lit(name), score: (typeof score === 'number' ? lit(score) : score(pair)).cast('double') })
  return others.reduce<WhenColumn<Found>>(
    (all, rule) => all.when(rule.when(pair), found(rule)),
    when(first.when(pair), found(first)),
  )
}
