import { inProperCase, isShouting } from './spelling.ts'
import { named, type Sql } from './sql.ts'

/**
 * The spelling that stands for a group of names: attested, and the most played one.
 *
 * `rows` is an array of structs with `name_key`, `display`, `plays`, and `method`, `score` and `evidence` of the key; the result is
 * a struct of `name` and the `name_key`, `method`, `score` and `evidence` that it is of. The group takes the key whose most played spelling is
 * played most. Of the spellings of that key, those that differ in case alone count together and are written as the most played
 * one that is neither all capitals nor all small; letters lost to `?` lose; "The" is shown if at least half of the plays have
 * it. Every choice is of a total order, so the order of the rows does not change the result.
 *
 * *Cost:* the square of the spellings in one group, which are tens.
 */
export function canonicalName(rows: Sql): Sql {
  const plays = (array: Sql): Sql => `aggregate(${array}, 0L, (s, e) -> s + e.plays)`
  const spellings = `transform(array_distinct(transform(rs, x -> struct(x.name_key, x.display))), y -> named_struct(
    'name_key', y.name_key, 'display', y.display, 'form', lower(y.display), 'readable', not y.display rlike '[?\\\\ufffd]',
    'plays', ${plays('filter(rs, x -> x.name_key = y.name_key and x.display = y.display)')}))`
  const topKey = 'array_min(transform(ds, x -> struct(not x.readable as a, -x.plays as b, x.name_key as c))).c'
  const withThe = `${plays("filter(ks, x -> startswith(x.form, 'the '))")} * 2 >= ${plays('ks')}`
  const bestForm = `array_max(transform(cs, x -> struct(x.readable as a, ${plays('filter(cs, y -> y.form = x.form)')} as b,
    -length(x.display) as c, x.form as d))).d`
  const bestCase = `array_max(transform(filter(cs, x -> x.form = f), x -> struct(not ${isShouting('x.display')} as a,
    x.display <> x.form or x.display = upper(x.display) as b, x.plays as c, x.display as d))).d`
  return named(rows, 'rs', () =>
    named(spellings, 'ds', () =>
      named(topKey, 'k', () =>
        named('filter(ds, x -> x.name_key = k)', 'ks', () =>
          named(`filter(ks, x -> startswith(x.form, 'the ') = (${withThe}))`, 'cs', () =>
            named(
              bestForm,
              'f',
              () => `named_struct('name', ${inProperCase(bestCase)}, 'name_key', k,
                'method', element_at(filter(rs, x -> x.name_key = k), 1).method,
                'score', element_at(filter(rs, x -> x.name_key = k), 1).score,
                'evidence', element_at(filter(rs, x -> x.name_key = k), 1).evidence)`,
            ),
          ),
        ),
      ),
    ),
  )
}
