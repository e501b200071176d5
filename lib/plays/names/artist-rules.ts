import {
  aggregate,
  type Column,
  type Columns,
  concat,
  type Fields,
  fieldsOf,
  left,
  length,
  lit,
  regexp_replace,
  rlike,
  size,
  when,
} from 'spark-connect-js'
import { type ArtistPair, type Side, startsWithAll } from './artist-pairs.ts'
import type { Rule } from './rule.ts'
import { dense, oneTypo } from './typos.ts'

/** A pair as the rules see it. */
type Pair = Omit<Columns<ArtistPair>, 'a' | 'z' | 'p' | 'q'> & {
  readonly a: Fields<Side>
  readonly p: Fields<Side>
  readonly q: Fields<Side>
}

export const pairOf = (c: Columns<ArtistPair>): Pair => ({
  n: c.n,
  evidence: c.evidence,
  telling: c.telling,
  same_words: c.same_words,
  same_id: c.same_id,
  shorter: c.shorter,
  longer: c.longer,
  part: c.part,
  rest: c.rest,
  other: c.other,
  rest_key: c.rest_key,
  is_joint: c.is_joint,
  rest_is_name: c.rest_is_name,
  distance: c.distance,
  same_numbers: c.same_numbers,
  title_alike: c.title_alike,
  x: c.x,
  y: c.y,
  a: fieldsOf(c.a),
  p: fieldsOf(c.p),
  q: fieldsOf(c.q),
})

// Phrases that say that somebody else plays the songs of the act that is named.
const tribute =
  '^(?:as )?made famous by |^in style of |^(?:as )?(?:originally )?performed by |^(?:a )?(?:salute|tribute) to |^karaoke | tribute(?: band)?$| karaoke$| cover band$'

// A misspelling has the titles of what it misspells. Who shares one of many is somebody else, who covers it.
const isLikely = ({ same_numbers, evidence, part }: Pair) => same_numbers.and(evidence.geq(0.1)).and(part.geq(0.3))

/** Whether the words of one name begin the other, which goes on. */
const isLonger = ({ p, q }: Pair) => startsWithAll(q.tokens, p.tokens).or(startsWithAll(q.loose, p.tokens))

// A word alone behind a name is often no act of its own: "Band", "Wings".
const restIsAct = ({ rest_is_name, other }: Pair) => rest_is_name.and(size(other).geq(2))

/** Whether a name says enough to be found in a longer one, and with enough titles: a single word needs more of both. */
const saysEnough = ({ p, n }: Pair, minLetters: number) => {
  const isOneWord = size(p.tokens).eq(1)
  return {
    letters: length(p.key).geq(when(isOneWord, 5).otherwise(minLetters)),
    titles: n.geq(when(isOneWord, 2).otherwise(1)),
  }
}

const initialsOf = (words: Column<string[]>): Column<string> =>
  aggregate(words, lit(''), (letters, word) => concat(letters, left(word, 1)))

const bySpelling = ({ distance, longer }: Pair) => lit(1).minus(distance.divide(longer.multiply(2)))

/** Rules by which two names are one act, the surest first. Nearly all ask for shared titles: Kings and Kinks have none. */
export const artistRules: readonly [Rule<Pair>, ...Rule<Pair>[]] = [
  { name: 'musicbrainz', when: (c) => c.same_id, score: 0.99 },
  {
    name: 'unreadable letters',
    when: ({ n, p, q }) => {
      const isMatch = (other: Fields<Side>, one: Fields<Side>) =>
        one.readable.isNotNull().and(rlike(other.key, one.readable))
      return n.geq(1).and(isMatch(q, p).or(isMatch(p, q)))
    },
    score: 0.98,
  },
  {
    name: 'word order',
    when: (c) => c.same_words.and(c.same_numbers).and(c.n.geq(1).or(c.p.inverted.neq(c.q.inverted))),
    score: (c) => when(c.n.geq(1), 0.97).otherwise(0.93),
  },
  {
    // Two who share one title of two by chance are alike by chance as well, if two letters may differ.
    name: 'spelling',
    when: (c) => {
      const isCloser = c.distance.eq(1).or(c.n.geq(2)).or(c.part.gt(0.5))
      const isLong = c.longer.geq(when(c.a.key.rlike(dense), 9).otherwise(6))
      return c.distance
        .geq(1)
        .and(isLikely(c))
        .and(isCloser)
        .and(isLong.or(c.telling.geq(1).and(c.part.geq(0.5))))
    },
    score: bySpelling,
  },
  {
    name: 'marks lost',
    when: (c) => c.n.geq(1).and(c.shorter.geq(3)).and(c.p.unvoiced.eq(c.q.unvoiced)),
    score: 0.96,
  },
  {
    // A typo in a word that keys leave out ("Teh Beatles") is in the whole names alone. One that begins a word is found there as
    // well, and needs more: most titles of one in common.
    name: 'spelling',
    when: (c) => {
      const left = ({ full, key }: Fields<Side>) => length(full).minus(length(key))
      const isInDropped = left(c.p).neq(left(c.q))
      return isLikely(c)
        .and(c.n.geq(2).or(c.part.gt(0.5)).or(isInDropped))
        .and(oneTypo(c.p.full, c.q.full))
    },
    score: ({ longer }) => lit(1).minus(lit(1).divide(longer.multiply(2))),
  },
  {
    name: 'spelling, alike title',
    when: (c) => c.distance.eq(1).and(c.same_numbers).and(c.title_alike).and(c.longer.geq(7)),
    score: ({ distance, longer }) => lit(0.98).minus(distance.divide(longer.multiply(2))),
  },
  {
    name: 'small words',
    when: ({ evidence, p, q }) => evidence.geq(0.1).and(size(p.bare).gt(0)).and(p.bare.eq(q.bare)),
    score: 0.96,
  },
  {
    name: 'cut off',
    when: ({ n, part, p, q }) =>
      n
        .geq(1)
        .and(part.geq(0.5))
        .and(q.key.startsWith(p.key))
        .and(p.cut.or(length(p.key).geq(12)))
        .and(length(p.key).geq(5))
        .and(startsWithAll(q.tokens, p.tokens).not()),
    score: 0.94,
  },
  {
    name: 'initials',
    when: ({ part, p, q }) =>
      part
        .geq(0.3)
        .and(size(p.tokens).eq(1))
        .and(length(p.key).between(2, 4))
        .and(size(q.tokens).geq(2))
        .and(initialsOf(q.tokens).eq(p.key)),
    score: 0.92,
  },
  {
    name: 'tribute',
    when: ({ n, p, q }) => n.geq(1).and(regexp_replace(q.norm, tribute, '').eq(p.norm)),
    score: 0.9,
  },
  {
    name: 'longer form',
    when: (c) => {
      const { letters, titles } = saysEnough(c, 4)
      const isJoint = c.is_joint.and(c.rest_is_name)
      return c.part
        .geq(0.3)
        .and(isLonger(c))
        .and(letters)
        .and(isJoint.or(restIsAct(c).not().and(titles)))
        .and(c.n.geq(1))
    },
    score: 0.91,
  },
  {
    name: 'name behind',
    when: (c) => {
      const { letters, titles } = saysEnough(c, 4)
      return c.part.geq(0.3).and(restIsAct(c).not()).and(titles).and(c.rest.isNotNull()).and(letters)
    },
    score: 0.9,
  },
]

/** What the same rules would say with more titles in common. */
export const artistNearMisses: readonly [Rule<Pair>, ...Rule<Pair>[]] = [
  { name: 'spelling', when: (c) => c.distance.geq(1).and(c.same_numbers), score: bySpelling },
  { name: 'word order', when: (c) => c.same_words.and(c.same_numbers), score: 0.9 },
  {
    name: 'longer form',
    when: (c) => c.n.geq(1).and(restIsAct(c).not()).and(isLonger(c)).and(length(c.p.key).geq(4)),
    score: 0.85,
  },
]
