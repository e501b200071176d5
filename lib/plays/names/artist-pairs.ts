import {
  array_contains,
  array_except,
  array_join,
  array_sort,
  bool_or,
  type Column,
  type Columns,
  coalesce,
  concat,
  contains,
  count_if,
  type DataFrame,
  exists,
  type Fields,
  fieldsOf,
  filter,
  flatten,
  get,
  greatest,
  least,
  length,
  lit,
  regexp_replace,
  round,
  size,
  slice,
  split,
  startswith,
  struct,
  substr,
  sum,
  transform,
  when,
} from 'spark-connect-js'
import { withoutVoicing } from '../clean/fold.ts'
import { tribute } from '../clean/tribute.ts'
import { inPlainForms } from '../clean/word-forms.ts'
import { type Block, hashed } from './artist-blocks.ts'
import type { ArtistNode } from './artist-nodes.ts'
import { type EdgeOptions, mayBeTypos, oneTypo, sameNumbers, typos } from './typos.ts'

/** A name as the rules look at it. */
export type Side = Pick<
  ArtistNode,
  'key' | 'plays' | 'norm' | 'full' | 'readable' | 'paired' | 'guests' | 'cut' | 'inverted' | 'titles' | 'id'
> & {
  /** The words of `norm`. */
  tokens: string[]
  /** The words of the name without possessive s. */
  loose: string[]
  /** The words without articles and the like of other languages. */
  bare: string[]
  /** The first letters of all its words. */
  initials: string
  /** The key with numbers and titles in one form, see `inPlainForms`. */
  plain: string
  /** The key without signs. */
  letters: string
  /** Whether it says that somebody else plays the songs of an act. */
  is_tribute: boolean
  /** The key without marks. */
  unvoiced: string
  /** Titles that are long enough to be told from others, at most 100. */
  long_songs: string[]
}

/** What two names have in common. Grain (`x`, `y`), their hashes. */
type Shared = {
  x: bigint
  y: bigint
  /** Shared titles. */
  n: bigint
  /** The same weighted by how few artists have each: what few others play says more, a short title ("Home") is many songs. */
  evidence: number
  /** Shared titles that are long and that hardly anybody else has. */
  telling: bigint
  same_words: boolean
  same_id: boolean
}

/** Two names with all that the rules ask for. `p` is the name with fewer words, or letters. */
export type ArtistPair = Shared & {
  /** In the order of the text. */
  a: Side
  z: Side
  p: Side
  q: Side
  shorter: number
  longer: number
  /** Share of the titles of the name with fewer. */
  part: number
  /** Whether the words of `q` beside those of `p` are in front of them. */
  in_front: boolean
  /** The words of `q` beside those of `p`; null if they are not all there, side by side. */
  rest: string[] | null
  /** The same without words that join an act and its guest. */
  other: string[] | null
  rest_key: string | null
  is_joint: boolean | null
  /** Whether the rest is the name of an act. */
  rest_is_name: boolean
  /** Typos between the keys, see `typos`. */
  distance: number
  same_numbers: boolean
  /** Whether a title of one is a title of the other but for a typo; looked for only where no title is shared. */
  title_alike: boolean | null
  /** What one first name has more than the other, if only the first words differ and one begins the other; else empty. */
  ending: string
}

// Articles and the like of other languages; "the" and "and" are not in the key at all.
const smallWords =
  'los las el la le les die der das il i gli os as de het und y et e och og en и his her their band group'.split(' ')

// Words between an act and its guest.
const jointWords = ['with', 'x', 'vs', 'versus', 'con', 'com', 'avec', 'mit', 'met', 'med']

const withoutThese = <T extends string[] | null>(words: Column<T>, these: readonly string[]): Column<T> =>
  filter(words, (word) => array_contains(lit([...these]), word).not())

/** Each pair of names that are in one block. */
function sharedOf(blocks: DataFrame<Block>): DataFrame<Shared> {
  const pairsOf = ({ keys, others }: Columns<Block>) =>
    flatten(
      transform(keys, (x) =>
        transform(
          concat(
            filter(keys, (y) => y.gt(x)),
            others,
          ),
          (y) => struct({ x: least(x, y), y: greatest(x, y) }),
        ),
      ),
    )
  return blocks
    .where((c) => c.pairs.gt(0))
    .select((c) => ({ rule: c.rule, names: c.names, letters: c.letters, found: pairsOf(c) }))
    .inline('found')
    .groupBy('x', 'y')
    .agg(({ rule, names, letters }) => ({
      n: count_if(rule.eq('song')),
      // In millionths: their sum has one order.
      evidence: sum(round(letters.multiply(100_000).divide(names.minus(1))).cast('bigint'))
        .divide(1_000_000)
        .$notNull(),
      telling: count_if(rule.eq('song').and(letters.geq(8)).and(names.leq(3))),
      same_words: bool_or(rule.eq('words')),
      same_id: bool_or(rule.eq('id')),
    }))
}

const sidesOf = (nodes: DataFrame<ArtistNode>): DataFrame<{ name: bigint; side: Side }> =>
  nodes.select((c) => {
    const { key, plays, norm, full, readable, paired, guests, cut, inverted, titles, id } = c
    const tokens = split(norm, ' ')
    const side = struct({
      key,
      plays,
      tokens,
      loose: split(c.loose, ' '),
      norm,
      full,
      readable,
      paired,
      guests,
      initials: regexp_replace(c.words, '(?<![^ ])(\\S)\\S*(?: |$)', '$1'),
      plain: inPlainForms(norm),
      letters: regexp_replace(key, '[^\\p{L}\\p{M}\\p{N}]', ''),
      is_tribute: c.words.rlike(tribute),
      bare: withoutThese(tokens, smallWords),
      unvoiced: withoutVoicing(key),
      cut,
      inverted,
      titles,
      id,
      long_songs: slice(array_sort(filter(c.songs, (title) => length(title).geq(8))), 1, 100),
    })
    return { name: hashed(key), side }
  })

/** Whether a rule can hold at all. Most pairs have a title in common and nothing else: they go before anything dear is asked. */
function isAlike(
  c: { same_id: Column<boolean>; same_words: Column<boolean> },
  x: Fields<Side>,
  y: Fields<Side>,
  options: EdgeOptions,
): Column<boolean | null> {
  const isAlikeName = c.same_words
    .or(areSurnamesAlike(x, y))
    .or(x.plain.eq(y.plain))
    .or(x.letters.eq(y.letters))
    .or(x.initials.eq(y.letters))
    .or(y.initials.eq(x.letters))
    .or(hasAllWords(x, y))
    .or(hasAllWords(y, x))
    .or(x.readable.isNotNull())
    .or(y.readable.isNotNull())
    .or(least(length(x.key), length(y.key)).leq(4))
    .or(contains(y.key, x.key))
    .or(contains(x.key, y.key))
    .or(contains(array_join(y.loose, ''), x.key))
    .or(contains(array_join(x.loose, ''), y.key))
    .or(x.bare.eq(y.bare))
    .or(x.unvoiced.eq(y.unvoiced))
    .or(mayBeTypos(x.key, y.key, options))
    .or(mayBeTypos(x.full, y.full, options))
  // Who plays the songs of an act is another one, whatever it is called.
  return c.same_id.or(x.is_tribute.eq(y.is_tribute).and(isAlikeName))
}

/** Whether two names are equal but for their first word. */
const areSurnamesAlike = (x: Fields<Side>, y: Fields<Side>): Column<boolean> => {
  const surname = ({ tokens }: Fields<Side>) => slice(tokens, 2, size(tokens))
  return size(x.tokens)
    .geq(2)
    .and(size(x.tokens).eq(size(y.tokens)))
    .and(surname(x).eq(surname(y)))
}

/** What the longer of two first words has more than the other, if that begins it and the rest is the same; else empty. */
function endingOf(x: Fields<Side>, y: Fields<Side>): Column<string> {
  const [one, other] = [get(x.tokens, 0).$notNull(), get(y.tokens, 0).$notNull()]
  const behind = (short: Column<string>, long: Column<string>) =>
    when(length(short).geq(3).and(startswith(long, short)), substr(long, length(short).plus(1)))
  return when(areSurnamesAlike(x, y), coalesce(behind(one, other), behind(other, one), lit(''))).otherwise('')
}

/** Whether all words of a name of two words or more are words of a longer one. */
const hasAllWords = (short: Fields<Side>, long: Fields<Side>): Column<boolean> =>
  size(short.tokens)
    .geq(2)
    .and(size(long.tokens).gt(size(short.tokens)))
    .and(size(array_except(short.tokens, long.tokens)).eq(0))

/** The same, in their order. */
export const isWithin = (short: Fields<Side>, long: Fields<Side>): Column<boolean> =>
  hasAllWords(short, long).and(filter(long.tokens, (word) => array_contains(short.tokens, word)).eq(short.tokens))

/** Whether some words are those of a name, and more. */
export const startsWithAll = (words: Column<string[]>, name: Column<string[]>): Column<boolean> =>
  slice(words, 1, size(name))
    .eq(name)
    .and(size(words).gt(size(name)))

/** The words of `q` beside those of `p`. */
function restOf(p: Fields<Side>, q: Fields<Side>): Column<string[] | null> {
  const [count, all] = [size(p.tokens), size(q.tokens)]
  const behind = (words: Column<string[]>) => slice(words, count.plus(1), size(words))
  const isEnd = all.gt(count).and(slice(q.tokens, count.negate(), count).eq(p.tokens))
  return when(startsWithAll(q.tokens, p.tokens), behind(q.tokens))
    .when(startsWithAll(q.loose, p.tokens), behind(q.loose))
    .when(isEnd, slice(q.tokens, 1, all.minus(count)))
}

/** The pairs of names that are in one block and may be alike, measured. */
export function artistPairs(
  blocks: DataFrame<Block>,
  nodes: DataFrame<ArtistNode>,
  options: EdgeOptions,
): DataFrame<ArtistPair> {
  const sides = sidesOf(nodes)
  const known = nodes.select((c) => ({ rest_key: c.key, is_name: lit(true) }))
  return sharedOf(blocks)
    .join(sides.withColumnsRenamed({ name: 'x', side: 'x_side' }), 'x')
    .join(sides.withColumnsRenamed({ name: 'y', side: 'y_side' }), 'y')
    .where((c) => isAlike(c, fieldsOf(c.x_side), fieldsOf(c.y_side), options))
    .withColumns(({ x_side, y_side }) => {
      const inOrder = fieldsOf(x_side).key.lt(fieldsOf(y_side).key)
      return { a: when(inOrder, x_side).otherwise(y_side), z: when(inOrder, y_side).otherwise(x_side) }
    })
    .drop('x_side', 'y_side')
    .withColumns((c) => {
      const [a, z] = [fieldsOf(c.a), fieldsOf(c.z)]
      const [words, more] = [size(a.tokens), size(z.tokens)]
      const isFirst = words.lt(more).or(words.eq(more).and(length(a.key).leq(length(z.key))))
      return {
        p: when(isFirst, c.a).otherwise(c.z),
        q: when(isFirst, c.z).otherwise(c.a),
        shorter: least(length(a.key), length(z.key)),
        longer: greatest(length(a.key), length(z.key)),
      }
    })
    .withColumns((c) => {
      const [a, z, p, q] = [fieldsOf(c.a), fieldsOf(c.z), fieldsOf(c.p), fieldsOf(c.q)]
      const hasAlikeTitle = exists(p.long_songs, (x) => exists(q.long_songs, (y) => oneTypo(x, y)))
      return {
        rest: restOf(p, q),
        ending: endingOf(p, q),
        in_front: startsWithAll(q.tokens, p.tokens).or(startsWithAll(q.loose, p.tokens)).not(),
        part: c.n.divide(least(p.titles, q.titles)),
        title_alike: when(c.n.eq(0).and(c.shorter.geq(7)), hasAlikeTitle).otherwise(false),
        same_numbers: sameNumbers({ a: a.key, z: z.key, aWords: a.norm, zWords: z.norm }),
        distance: typos(
          { a: p.key, z: q.key, aWords: p.norm, zWords: q.norm, aPlays: p.plays, zPlays: q.plays },
          'artists',
          options,
        ),
      }
    })
    .withColumn('other', (c) => withoutThese(c.rest, jointWords))
    .withColumns((c) => ({ rest_key: array_join(c.other, ''), is_joint: size(c.other).lt(size(c.rest)) }))
    .join(known, 'rest_key', 'left')
    .withColumn('rest_is_name', (c) => c.is_name.isNotNull())
    .drop('is_name')
}
