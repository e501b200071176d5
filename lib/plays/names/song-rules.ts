import {
  array_contains,
  type Column,
  type Columns,
  concat,
  type Fields,
  fieldsOf,
  length,
  levenshtein,
  lit,
  rlike,
} from 'spark-connect-js'
import { withoutVoicing } from '../clean/fold.ts'
import { versionWords } from '../clean/version.ts'
import type { Rule } from './rule.ts'
import type { SongPair, Title } from './song-pairs.ts'
import { oneTypo } from './typos.ts'

/** A pair as the rules see it. */
interface Pair {
  readonly p: Fields<Title>
  readonly q: Fields<Title>
  readonly same_numbers: Column<boolean>
  readonly distance: Column<number>
}

export const pairOf = (c: Columns<SongPair>): Pair => ({
  p: fieldsOf(c.p),
  q: fieldsOf(c.q),
  same_numbers: c.same_numbers,
  distance: c.distance,
})

const scoreOf = (distance: Column<number>, { q }: Pair) => lit(1).minus(distance.divide(length(q.k).multiply(2)))

/** Rules by which two titles of an artist are one song, the surest first. */
export const songRules: readonly [Rule<Pair>, ...Rule<Pair>[]] = [
  {
    name: 'title in brackets',
    when: ({ p, q }) => array_contains(q.aliases, p.k).or(array_contains(p.aliases, q.k)),
    score: 0.97,
  },
  {
    name: 'unreadable letters',
    when: ({ p, q }) => {
      const isMatch = (other: Fields<Title>, one: Fields<Title>) =>
        one.readable.isNotNull().and(rlike(other.full, one.readable))
      return isMatch(q, p).or(isMatch(p, q))
    },
    score: 0.98,
  },
  {
    name: 'version behind',
    when: ({ p, q }) =>
      length(p.k)
        .geq(5)
        .and(q.norm.startsWith(p.norm))
        .and(rlike(q.norm, concat(lit('^'), p.norm, lit(`${versionWords}$`)))),
    score: 0.95,
  },
  {
    name: 'spelling',
    when: ({ distance, same_numbers }) => distance.geq(1).and(same_numbers),
    score: (c) => scoreOf(c.distance, c),
  },
  {
    name: 'spelling',
    when: ({ p, q, same_numbers }) => same_numbers.and(oneTypo(p.full, q.full)),
    score: (c) => scoreOf(lit(1), c),
  },
  {
    name: 'marks lost',
    when: ({ p, q }) =>
      length(p.k)
        .geq(3)
        .and(withoutVoicing(p.k).eq(withoutVoicing(q.k))),
    score: 0.96,
  },
  {
    name: 'cut off',
    when: ({ p, q, same_numbers }) =>
      length(p.k)
        .geq(10)
        .and(q.k.startsWith(p.k))
        .or(length(p.full).geq(12).and(q.full.startsWith(p.full)))
        .and(same_numbers)
        .and(p.is_double.eq(q.is_double)),
    score: 0.91,
  },
]

const closeSpelling = ({ p, q }: Pair) => levenshtein(p.k, q.k, 2)

/** What a person may know more of. */
export const songNearMisses: readonly [Rule<Pair>, ...Rule<Pair>[]] = [
  {
    name: 'spelling',
    when: (c) => c.same_numbers.and(length(c.p.k).geq(7)).and(closeSpelling(c).between(0, 2)),
    score: (c) => scoreOf(closeSpelling(c), c),
  },
]
