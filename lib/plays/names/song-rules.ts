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

/** A pair as the rules see it. */
interface Pair {
  readonly p: Fields<Title>
  readonly q: Fields<Title>
  readonly same_numbers: Column<boolean>
  readonly distance: Column<number>
  readonly one_typo: Column<boolean>
  readonly played_well: Column<boolean>
  readonly by_alias: Column<boolean | null>
}

export const pairOf = (c: Columns<SongPair>): Pair => ({
  p: fieldsOf(c.p),
  q: fieldsOf(c.q),
  same_numbers: c.same_numbers,
  distance: c.distance,
  one_typo: c.one_typo,
  played_well: c.played_well,
  by_alias: c.by_alias,
})

const scoreOf = (distance: Column<number>, { q }: Pair) => lit(1).minus(distance.divide(length(q.k).multiply(2)))

/** Whether one title begins the other. */
const isCutOff = ({ p, q, same_numbers }: Pair) => {
  const isKey = length(p.k).geq(10).and(q.k.startsWith(p.k))
  const isWhole = length(p.full).geq(12).and(q.full.startsWith(p.full))
  return isKey.or(isWhole).and(same_numbers).and(p.is_double.eq(q.is_double))
}

/** Whether two titles differ in brackets and signs alone: `(Don't Fear) The Reaper`. These are one, however well both are played. */
const differInBrackets = ({ p, q }: Pair) =>
  p.full.eq(q.full).or(array_contains(p.aliases, q.k)).or(array_contains(q.aliases, p.k))

/** Whether two titles are alike and yet two songs, which no third spelling may join. */
export const areAlikeSongs = (c: Pair) => {
  const isAlike = c.distance.geq(1).or(c.one_typo)
  return c.played_well.and(c.same_numbers.and(isAlike).or(isCutOff(c))).and(differInBrackets(c).not())
}

/** Rules by which two titles of an artist are one song, the surest first. */
export const songRules: readonly [Rule<Pair>, ...Rule<Pair>[]] = [
  {
    name: 'title in brackets',
    when: ({ by_alias }) => by_alias,
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
    when: (c) => c.distance.geq(1).and(c.same_numbers).and(c.played_well.not()),
    score: (c) => scoreOf(c.distance, c),
  },
  {
    name: 'spelling',
    when: (c) => c.same_numbers.and(c.one_typo).and(c.played_well.not()),
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
    name: 'number or name in front',
    when: ({ p, q }) => q.behind.eq(p.k).or(p.behind.eq(q.k)),
    score: 0.96,
  },
  { name: 'other form of a word', when: ({ p, q }) => p.plain.eq(q.plain), score: 0.96 },
  {
    name: 'cut off',
    when: (c) => isCutOff(c).and(c.played_well.not()),
    score: 0.91,
  },
]

const closeSpelling = ({ p, q }: Pair) => levenshtein(p.k, q.k, 2)

/** What a person may know more of. */
export const songNearMisses: readonly [Rule<Pair>, ...Rule<Pair>[]] = [
  { name: 'both played well', when: areAlikeSongs, score: 0.9 },
  {
    name: 'spelling',
    when: (c) => c.same_numbers.and(length(c.p.k).geq(7)).and(closeSpelling(c).between(0, 2)),
    score: (c) => scoreOf(closeSpelling(c), c),
  },
]
