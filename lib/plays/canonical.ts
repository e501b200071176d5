import { type DataFrame, expr, type UntypedFrame } from 'spark-connect-js'
import { inProperCase, isShouting } from './spelling.ts'

export type CanonicalName = { name: string; name_key: string; name_method: string | null; name_score: number | null }

// The same for all rows of one key.
const label = { method: expr('max(method)'), score: expr('max(score)') }

/**
 * The spelling that stands for each group of names: attested, and the most played one.
 *
 * *Rows:* `name_key`, `display`, `plays`, `method` and `score` of the key and the keys of the group in; one row per group out,
 * with `name` and the `name_key`, `name_method` and `name_score` that it is of. The group takes the name whose most played
 * spelling is played most. Of the spellings of that name, those that differ in case alone count
 * together and are written as the most played one that is neither all capitals nor all small; letters lost to `?` lose; "The"
 * is shown if at least half of the plays have it. The order is total, so partitions do not change the result.
 */
export function canonicalNames<K>(
  names: UntypedFrame,
  keys: readonly (keyof K & string)[],
): DataFrame<K & CanonicalName> {
  const readable = "not display rlike '[?\\\\ufffd]'"
  const rank = `struct(${readable}, plays, -length(display), display)`
  return names
    .groupBy(...keys, 'name_key', 'display')
    .agg({ plays: expr('sum(plays)'), ...label })
    .selectExpr('*', 'lower(display) as form')
    .groupBy(...keys, 'name_key', 'form')
    .agg({
      top: expr('max(plays)'),
      display: expr(
        `max_by(display, struct(not ${isShouting('display')}, display <> form or display = upper(display), plays, display))`,
      ),
      plays: expr('sum(plays)'),
      ...label,
    })
    .groupBy(...keys, 'name_key')
    .agg({
      top: expr(`max(struct(${readable} as readable, top))`),
      ...label,
      with_the: expr("coalesce(sum(plays) filter (where form like 'the %'), 0) * 2 >= sum(plays)"),
      best_the: expr(`max_by(display, ${rank}) filter (where form like 'the %')`),
      best_bare: expr(`max_by(display, ${rank}) filter (where form not like 'the %')`),
    })
    .selectExpr(
      ...keys,
      'name_key',
      'top',
      'method',
      'score',
      'if(with_the, coalesce(best_the, best_bare), coalesce(best_bare, best_the)) as name',
    )
    .groupBy(...keys)
    .agg({
      // Negated, so that of names with as many plays the first in the alphabet wins.
      best: expr('min_by(struct(name, name_key, method, score), struct(not top.readable, -top.top, name_key))'),
    })
    .selectExpr(
      ...keys,
      `${inProperCase('best.name')} as name`,
      'best.name_key',
      'best.method as name_method',
      'best.score as name_score',
    )
    .$castTo<K & CanonicalName>()
}
