import {
  array,
  array_distinct,
  bool_or,
  type Column,
  collect_list,
  collect_set,
  concat,
  type DataFrame,
  explode,
  fieldsOf,
  filter,
  flatten,
  left,
  length,
  lit,
  max,
  max_by,
  right,
  size,
  struct,
  sum,
  transform,
  when,
} from 'spark-connect-js'
import type { CleanTitle } from '../clean/song-name.ts'
import { type EdgeOptions, sameNumbers, typos } from './typos.ts'

/** One spelling of a title, its artist by the key that stands for it. */
export type ArtistTitle = { artist: string; s: CleanTitle; plays: bigint }

/** A title of an artist as the rules look at it. */
export type Title = {
  k: string
  norm: string
  full: string
  readable: string | null
  plays: bigint
  is_double: boolean
  aliases: string[]
}

/** Two titles of one artist that share a block. `p` is the shorter one. */
export type SongPair = {
  artist: string
  /** In the order of the text. */
  a: Title
  z: Title
  p: Title
  q: Title
  same_numbers: boolean
  /** Typos between the keys, see `typos`. */
  distance: number
}

// Titles of one artist with the same four letters at either end are compared, and titles with an alias of each other.
// Within an artist that finds what comparing all with all finds, without the square of a long catalogue.
const blockLimit = 400

function titlesOf(names: DataFrame<ArtistTitle>): DataFrame<{ artist: string; title: Title }> {
  return names
    .where(({ s }) => fieldsOf(s).key.neq('').and(fieldsOf(s).key.startsWith('=').not()))
    .groupBy((c) => ({ artist: c.artist, k: fieldsOf(c.s).key }))
    .agg((c) => {
      const { norm, full, readable, double, aliases } = fieldsOf(c.s)
      const { plays } = c
      return {
        plays: sum(plays),
        norm: max_by(norm, struct({ plays, norm })),
        full: max_by(full, struct({ plays, full })),
        readable: max(readable),
        is_double: bool_or(double),
        aliases: array_distinct(flatten(collect_set(aliases))),
      }
    })
    .select(({ artist, k, norm, full, readable, plays, is_double, aliases }) => ({
      artist,
      title: struct({ k, norm, full, readable, plays, is_double, aliases }),
    }))
}

const blocksOf = (title: Column<Title>): Column<string[]> => {
  const { k, aliases } = fieldsOf(title)
  const asAlias = (text: Column<string>) => concat(lit('='), text)
  const own = array(concat(lit('<'), left(k, 4)), concat(lit('>'), right(k, 4)), asAlias(k))
  return array_distinct(concat(own, transform(aliases, asAlias)))
}

/** The pairs of titles that are in one block, measured. */
export function songPairs(names: DataFrame<ArtistTitle>, options: EdgeOptions): DataFrame<SongPair> {
  const key = (title: Column<Title>) => fieldsOf(title).k
  return titlesOf(names)
    .select((c) => ({ artist: c.artist, title: c.title, block: explode(blocksOf(c.title)) }))
    .groupBy('artist', 'block')
    .agg((c) => ({ titles: collect_list(c.title) }))
    .where((c) => size(c.titles).between(2, blockLimit))
    .select((c) => ({
      artist: c.artist,
      pairs: flatten(
        transform(c.titles, (a) =>
          transform(
            filter(c.titles, (z) => key(z).gt(key(a))),
            (z) => struct({ a, z }),
          ),
        ),
      ),
    }))
    .inline('pairs')
    .withColumns((c) => {
      const [a, z] = [fieldsOf(c.a), fieldsOf(c.z)]
      const isShorter = length(a.k).leq(length(z.k))
      const pair = { a: a.k, z: z.k, aWords: a.norm, zWords: z.norm }
      return {
        p: when(isShorter, c.a).otherwise(c.z),
        q: when(isShorter, c.z).otherwise(c.a),
        same_numbers: sameNumbers(pair),
        distance: typos({ ...pair, aPlays: a.plays, zPlays: z.plays }, 'titles', options),
      }
    })
}
