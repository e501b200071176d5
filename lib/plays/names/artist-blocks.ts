import {
  array,
  array_append,
  array_distinct,
  array_join,
  array_sort,
  type Column,
  type Columns,
  collect_list,
  concat,
  count,
  type DataFrame,
  least,
  left,
  length,
  lit,
  max,
  sequence,
  size,
  split,
  struct,
  substr,
  transform,
  Window,
  when,
  xxhash64,
} from 'spark-connect-js'
import { noTexts } from '../text.ts'
import type { ArtistNode } from './artist-nodes.ts'

/** Larger blocks hold names by chance: their pairs are not compared. */
export const blockLimits = { song: 50, typo: 200, words: 200, id: 200 } as const
type BlockRule = keyof typeof blockLimits

/**
 * Names that share a block are compared. Grain: `block`, blocks of one name left out.
 *
 * Blocks and names are hashes of 64 bits: millions of them are counted by number faster than by text. Where two hashes are one
 * by chance, two names are compared for nothing.
 */
export type Block = {
  rule: string
  block: bigint
  /** How many. */
  names: number
  /** Of the title that they share, at most 10; 0 of other blocks. */
  letters: number
  /** The names; none if the block is too large. */
  keys: bigint[]
  /** Names that have the title as an alias: compared with those that have it, not with each other. */
  others: bigint[]
  pairs: bigint
}

/** One block that a name is in. */
type Place = { rule: string; is_alias: boolean; block: bigint; letters: number }

/** A key as blocks hold it. */
export const hashed = (key: Column<string>): Column<bigint> => xxhash64(key)

/** Whether a block is small enough for its pairs to be compared. */
export const inLimit = ({ rule, names }: { rule: Column<string>; names: Column<number> }): Column<boolean | null> => {
  const { song, typo, words, id } = blockLimits
  return names.leq(
    when(rule.eq('song'), song).when(rule.eq('typo'), typo).when(rule.eq('words'), words).when(rule.eq('id'), id),
  )
}

/** The places of a name in the blocks of one rule. */
const placesIn = (
  rule: BlockRule,
  condition: Column<boolean | null>,
  values: Column<string[]>,
  isAlias = false,
): Column<Place[]> =>
  transform(when(condition, values).otherwise(noTexts), (text) =>
    struct({
      rule: lit<string>(rule),
      is_alias: lit(isAlias),
      block: xxhash64(lit(rule), text),
      letters: rule === 'song' ? least(length(text), lit(10)) : lit(0),
    }),
  )

/** The key, and the key without each of its letters. */
const withoutOneLetter = (key: Column<string>): Column<string[]> => {
  const places = sequence(lit(1), length(key))
  return array_distinct(
    array_append(
      transform(places, (at) => concat(left(key, at.minus(1)), substr(key, at.plus(1)))),
      key,
    ),
  )
}

const placesOf = ({ key, norm, songs, aliases, skeleton, id }: Columns<ArtistNode>): Column<Place[]> => {
  const isSpelled = key.startsWith('=').not()
  return concat(
    placesIn('song', isSpelled, songs),
    placesIn('song', isSpelled, aliases, true),
    placesIn('typo', length(key).between(6, 60).and(isSpelled), withoutOneLetter(key)),
    placesIn('typo', length(skeleton).geq(4), array(concat(lit('?'), skeleton.$notNull()))),
    placesIn('words', norm.contains(' '), array(array_join(array_sort(split(norm, ' ')), ' '))),
    placesIn('id', id.isNotNull(), array(id.$notNull())),
  )
}

/**
 * The blocks of the names, each found by equality:
 * - `song`: artists with one title. Most rules need it: it is what tells Kings from Kinks.
 * - `typo`: the deletion neighbourhood, which finds every pair at distance 1 (symmetric deletion); of names that lost letters,
 *   the letters that are not lost with accents.
 * - `words`: the same words in any order.
 * - `id`: one id from outside.
 *
 * *Cost:* a row for each letter and title of a name, sorted once. Of letters at the ends of a name no blocks are made: their
 * pairs grow with the square of the names.
 */
export function artistBlocks(nodes: DataFrame<ArtistNode>): DataFrame<Block> {
  const namesIf = (condition: Column<boolean | null>, name: Column<bigint>) => collect_list(when(condition, name))
  return (
    nodes
      .select((c) => ({ name: hashed(c.key), places: placesOf(c) }))
      .inline('places')
      // Nearly all blocks hold one name; they are gone before anything is collected.
      .withColumn('names', (c) => count('*').over(Window.partitionBy(c.block)).cast('int'))
      .where((c) => c.names.gt(1))
      .groupBy('rule', 'block', 'names')
      .agg((c) => ({
        letters: max(c.letters),
        keys: namesIf(inLimit(c).and(c.is_alias.not()), c.name),
        others: namesIf(inLimit(c).and(c.is_alias), c.name),
      }))
      .withColumn('pairs', ({ keys, others }) => {
        const [n, more] = [size(keys).cast('bigint'), size(others).cast('bigint')]
        return n.multiply(n.minus(1)).divide(2).cast('bigint').plus(n.multiply(more))
      })
  )
}
