import {
  aggregate,
  array_contains,
  array_sort,
  type Column,
  type Columns,
  concat,
  type Fields,
  fieldsOf,
  filter,
  left,
  length,
  levenshtein,
  lit,
  rlike,
  size,
  split,
  substring,
  try_element_at,
  when,
} from 'spark-connect-js'
import { type ArtistPair, isWithin, type Side, startsWithAll } from './artist-pairs.ts'
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
  in_front: c.in_front,
  other: c.other,
  rest_key: c.rest_key,
  is_joint: c.is_joint,
  rest_is_name: c.rest_is_name,
  distance: c.distance,
  same_numbers: c.same_numbers,
  title_alike: c.title_alike,
  ending: c.ending,
  x: c.x,
  y: c.y,
  a: fieldsOf(c.a),
  p: fieldsOf(c.p),
  q: fieldsOf(c.q),
})

// What makes a woman's name of a man's: Paula, Danielle, Michelle. What a typo may be as well is not among the sure ones.
const feminine = '^(?:a|e|ia?|ie|ine?|i?na|n?e|elle|le|ette|isa)$'
const surelyFeminine = '^(?:i?n?a|elle|ette|isa)$'

// A misspelling has the titles of what it misspells. Who shares one of many is somebody else, who covers it.
const isLikely = ({ same_numbers, evidence, part, ending }: Pair) =>
  same_numbers.and(evidence.geq(0.1)).and(part.geq(0.3)).and(ending.rlike(surelyFeminine).not())

/** Whether the words of one name begin the other, which goes on. */
const isLonger = ({ p, q }: Pair) => startsWithAll(q.tokens, p.tokens).or(startsWithAll(q.loose, p.tokens))

// A word alone behind a name is often no act of its own: "Band", "Wings".
const restIsAct = ({ rest_is_name, other }: Pair) => rest_is_name.and(size(other).geq(2))

// Words in front of a name that make it another one: The New Eagles, Little Richard, Young Jeezy.
const makesAnother = 'new|young|old|lil|little|big|baby|fab|faux|fake|not|dead'

/**
 * Whether a name says enough to be found in a longer one, and with enough titles: a single word needs more of both, several
 * titles or one that hardly anybody else has and half of those of one.
 */
const saysEnough = ({ p, q, n, telling, part }: Pair, minLetters: number) => {
  const isOneWord = size(p.tokens).eq(1)
  const isOther = q.paired.or(q.norm.rlike(`\\p{N}|^(?:${makesAnother}) `))
  const isTelling = telling.geq(1).and(part.geq(0.5)).and(isOther.not())
  return {
    letters: length(p.key).geq(when(isOneWord, 5).otherwise(minLetters)),
    titles: when(isOneWord, n.geq(2).or(isTelling)).otherwise(n.geq(1)),
  }
}

const initialsOf = (words: Column<string[]>): Column<string> =>
  aggregate(words, lit(''), (letters, word) => concat(letters, left(word, 1)))

// Words that initials may leave out, beside those that keys leave out.
const littleWords = ['of', 'in', 'a', 'an', 'to', 'on', 'for', 'at', 'n', 'from']
const withoutLittle = (words: Column<string[]>) => filter(words, (word) => array_contains(lit(littleWords), word).not())

/** Whether a name is the initials of another one, with or without small words: RATM, CSNY, OMD. */
const areInitials = ({ p, q }: Pair) =>
  size(p.tokens)
    .eq(1)
    .and(length(p.letters).between(2, 8))
    .and(size(q.tokens).geq(2))
    .and(
      initialsOf(q.tokens)
        .eq(p.letters)
        .or(q.initials.eq(p.letters))
        .or(initialsOf(withoutLittle(q.tokens)).eq(p.letters)),
    )

/** Whether only the first word differs, and one form of it begins the other: Phil, Philip. */
const isShortFirstName = ({ ending }: Pair) => ending.neq('').and(ending.rlike(feminine).not())

/** Whether the longer name ends in another one of the same family: `Paul McCartney & Linda McCartney`. */
const namesRelative = ({ p, other }: Pair) =>
  size(p.tokens)
    .geq(2)
    .and(try_element_at(p.tokens, lit(-1)).eq(try_element_at(other, lit(-1))))

/** Whether the keys differ in one letter or two swapped ones, the first letter included. */
const isOneTypo = ({ p, q }: Pair) => {
  const letters = ({ key }: Fields<Side>) => array_sort(split(key, ''))
  const isSwapped = levenshtein(p.key, q.key, 2)
    .eq(2)
    .and(letters(p).eq(letters(q)))
  return levenshtein(p.key, q.key, 1).geq(0).or(isSwapped)
}

/** Whether a long name is the beginning of another one but for a letter. */
const isCutWithTypo = (p: Fields<Side>, q: Fields<Side>) =>
  length(p.key)
    .geq(16)
    .and(length(q.key).gt(length(p.key).plus(1)))
    .and(levenshtein(p.key, substring(q.key, lit(1), length(p.key)), 1).geq(0))

/** Whether letters of one name were lost that the other one has. */
const isUnreadable = ({ p, q }: Pair) => {
  const isMatch = (other: Fields<Side>, one: Fields<Side>) =>
    one.readable.isNotNull().and(rlike(other.key, one.readable))
  return isMatch(q, p).or(isMatch(p, q))
}

const bySpelling = ({ distance, longer }: Pair) => lit(1).minus(distance.divide(longer.multiply(2)))

/** Rules by which two names are one act, the surest first. Nearly all ask for shared titles: Kings and Kinks have none. */
export const artistRules: readonly [Rule<Pair>, ...Rule<Pair>[]] = [
  { name: 'musicbrainz', when: (c) => c.same_id, score: 0.99 },
  { name: 'unreadable letters', when: (c) => c.n.geq(1).and(isUnreadable(c)), score: 0.98 },
  // Letters of the titles may be lost as well.
  { name: 'unreadable letters', when: (c) => c.longer.geq(8).and(c.shorter.geq(6)).and(isUnreadable(c)), score: 0.95 },
  // Signs that keys keep: M.I.A., will.i.am, @peace.
  { name: 'signs left out', when: (c) => c.n.geq(1).and(c.p.letters.eq(c.q.letters)), score: 0.98 },
  { name: 'other form of a word', when: (c) => c.n.geq(1).and(c.p.plain.eq(c.q.plain)), score: 0.97 },
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
    name: 'one typo',
    when: (c) => isLikely(c).and(c.part.geq(0.5)).and(c.shorter.geq(4)).and(isOneTypo(c)),
    score: 0.93,
  },
  { name: 'short first name', when: (c) => c.n.geq(1).and(isShortFirstName(c)), score: 0.92 },
  {
    name: 'cut off',
    when: ({ n, part, p, q }) =>
      n
        .geq(1)
        .and(part.geq(0.5))
        .and(q.key.startsWith(p.key).or(isCutWithTypo(p, q)))
        .and(p.cut.or(length(p.key).geq(12)))
        .and(length(p.key).geq(5))
        .and(startsWithAll(q.tokens, p.tokens).not()),
    score: 0.94,
  },
  { name: 'initials', when: (c) => c.part.geq(0.3).and(areInitials(c)), score: 0.92 },
  {
    // First names, above all, with every title of one in common: Hall & Oates.
    name: 'words left out',
    when: (c) => c.n.geq(1).and(c.part.geq(1)).and(c.same_numbers).and(isWithin(c.p, c.q)).and(c.rest.isNull()),
    score: 0.9,
  },
  {
    // "A & B" is "A feat. B", if both are played with one title.
    name: 'guest beside',
    when: (c) => c.n.geq(1).and(c.q.paired).and(isLonger(c)).and(array_contains(c.p.guests, c.rest_key)),
    score: 0.91,
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
        .and(namesRelative(c).not())
    },
    score: 0.91,
  },
  {
    name: 'name behind',
    when: (c) => {
      const { letters, titles } = saysEnough(c, 4)
      // One word in front of a sign may be an act as well: "Ador / Pete Rock".
      const isOther = c.in_front.and(c.q.paired).and(size(c.other).eq(1))
      const isName = restIsAct(c).or(isOther).or(namesRelative(c)).not()
      return c.part.geq(0.3).and(isName).and(titles).and(c.rest.isNotNull()).and(letters)
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
