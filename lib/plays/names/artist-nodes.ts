import {
  array_except,
  bool_and,
  bool_or,
  type Column,
  coalesce,
  collect_set,
  count_distinct,
  type DataFrame,
  fieldsOf,
  filter,
  flatten,
  lit,
  max,
  max_by,
  size,
  struct,
  sum,
  when,
} from 'spark-connect-js'
import { folded, mayLoseLetters, skeletonOf, withoutArticles, words } from '../clean/fold.ts'
import { withoutSpaces } from '../text.ts'
import type { CleanSpelling } from './types.ts'

/** A distinct artist key with what the rules need of it. Grain: `key`; the empty key is not among them. */
export type ArtistNode = {
  key: string
  plays: bigint
  norm: string
  full: string
  loose: string
  readable: string | null
  /** All words, those that keys drop included. */
  words: string
  /** Whether something stands between two names: `A & B`, `A / B`, `A + B`, `A and B`; not in `A and the Bs`. */
  paired: boolean
  /** The key without the letters that are lost with their accents; null if none was or may be lost. */
  skeleton: string | null
  cut: boolean
  inverted: boolean
  /** Keys of all titles. */
  songs: string[]
  /** What else titles may be called, see song-name.ts. */
  aliases: string[]
  /** Keys of guests in its titles. */
  guests: string[]
  /** How many titles. */
  titles: number
  /** An id from outside that is known of the name. */
  id: string | null
}

const betweenNames = '(?i)[/&]|\\p{L} (?:\\+|and|y|e|et|und|och) (?!(?:the|his|her|los|die|les) )(?=\\S)'

/** A guest as the key of a name would be; null if there is none. */
const guestKey = (guest: Column<string | null>): Column<string | null> =>
  when(guest.isNotNull(), withoutSpaces(withoutArticles(words(folded(guest.$notNull())), 'and')))

/** The names by distinct key, with ids that are known of them. */
export function artistNodes(
  names: DataFrame<CleanSpelling>,
  ids: DataFrame<{ key: string; id: string }> | null,
): DataFrame<ArtistNode> {
  const nodes = names
    .where((c) => fieldsOf(c.a).key.neq(''))
    .groupBy((c) => ({ key: fieldsOf(c.a).key }))
    .agg((c) => {
      const { key: name, norm, full, loose, words, display, readable, cut, inverted } = fieldsOf(c.a)
      const { key, aliases, featured } = fieldsOf(c.s)
      const { plays } = c
      return {
        plays: sum(plays),
        norm: max_by(norm, struct({ plays, norm })),
        full: max_by(full, struct({ plays, full })),
        loose: max_by(loose, struct({ plays, norm, loose })),
        readable: max(readable),
        words: max_by(words, struct({ plays, norm, words })),
        paired: bool_or(display.rlike(betweenNames)),
        skeleton: max(when(mayLoseLetters(display), skeletonOf(name))),
        cut: bool_or(cut),
        inverted: bool_and(inverted),
        songs: filter(collect_set(key), (title) => title.neq('')),
        aliases: array_except(flatten(collect_set(aliases)), collect_set(key)),
        guests: collect_set(guestKey(coalesce(fieldsOf(c.a).featured, featured))),
        titles: size(collect_set(key)),
      }
    })
  if (!ids) return nodes.withColumn('id', lit(null).cast('string'))
  // Two ids of one key tell nothing.
  const known = ids.groupBy('key').agg((c) => ({ id: when(count_distinct(c.id).eq(1), max(c.id)) }))
  return nodes.join(known, 'key', 'left')
}
