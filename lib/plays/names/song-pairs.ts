import {
  array,
  array_contains,
  array_distinct,
  array_intersect,
  array_min,
  array_sort,
  bool_or,
  type Column,
  collect_list,
  collect_set,
  concat,
  type DataFrame,
  explode,
  type Fields,
  fieldsOf,
  filter,
  flatten,
  forall,
  greatest,
  least,
  left,
  length,
  levenshtein,
  lit,
  max,
  max_by,
  regexp_replace,
  right,
  size,
  slice,
  startswith,
  struct,
  substr,
  sum,
  transform,
  try_element_at,
  using,
  when,
  xxhash64,
} from 'spark-connect-js'
import type { CleanArtist } from '../clean/artist-name.ts'
import { mayLoseLetters, skeletonOf } from '../clean/fold.ts'
import type { CleanTitle } from '../clean/song-name.ts'
import { keyBehindFront } from '../clean/title-front.ts'
import { inPlainForms } from '../clean/word-forms.ts'
import { noTexts } from '../text.ts'
import type { StationPlays } from './types.ts'
import { type EdgeOptions, oneTypo, sameNumbers, typos } from './typos.ts'

/** One spelling of a title, its artist by the key that stands for it. */
export type ArtistTitle = { artist: string; a: CleanArtist; s: CleanTitle; plays: bigint; stations: StationPlays[] }

/** A title of an artist as the rules look at it. */
export type Title = {
  k: string
  norm: string
  full: string
  readable: string | null
  plays: bigint
  is_double: boolean
  aliases: string[]
  /** The key without a track number or the name of the act in front; null if there is none. */
  behind: string | null
  /** The key without the letters that are lost with their accents; null if none was or may be lost. */
  skeleton: string | null
  /** The key with numbers and titles in one form, see `inPlainForms`. */
  plain: string
  /** Stations that play it twice or more, by hash; some of them, if they are many. */
  stations: bigint[]
}

/** Two titles of one artist that share a block. `p` is the shorter one. */
export type SongPair = {
  artist: string
  /** In the order of the text. */
  a: Title
  z: Title
  /** Whether one is in the brackets of the other, and of no other title. */
  by_alias: boolean | null
  p: Title
  q: Title
  same_numbers: boolean
  /** Typos between the keys, see `typos`. */
  distance: number
  /** Whether the whole titles are long and equal but for one typo, see `oneTypo`. */
  one_typo: boolean
  /** Whether they are played as two songs are, see `arePlayedWell`. */
  played_well: boolean
}

// Titles of one artist with the same four letters at either end are compared, and titles with an alias of each other.
// Within an artist that finds what comparing all with all finds, without the square of a long catalogue.
const blockLimit = 400

function titlesOf(names: DataFrame<ArtistTitle>): DataFrame<{ artist: string; title: Title }> {
  return names
    .where(({ s }) => fieldsOf(s).key.neq('').and(fieldsOf(s).key.startsWith('=').not()))
    .groupBy((c) => ({ artist: c.artist, k: fieldsOf(c.s).key }))
    .agg((c) => {
      const { norm, full, display, readable, double, aliases } = fieldsOf(c.s)
      const { plays } = c
      return {
        plays: sum(plays),
        norm: max_by(norm, struct({ plays, norm })),
        full: max_by(full, struct({ plays, full })),
        readable: max(readable),
        is_double: bool_or(double),
        aliases: array_distinct(flatten(collect_set(aliases))),
        behind: max(keyBehindFront(c.a, c.s)),
        may_lose: bool_or(mayLoseLetters(display)),
        stations: stationsOf(flatten(collect_list(c.stations))),
      }
    })
    .select((c) => {
      const { artist, k, norm, full, readable, plays, is_double, aliases, behind, stations } = c
      const skeleton = when(c.may_lose, skeletonOf(full))
      const plain = inPlainForms(norm)
      return {
        artist,
        title: struct({ k, norm, full, readable, plays, is_double, aliases, behind, skeleton, plain, stations }),
      }
    })
}

// Enough to tell whether three stations play two titles.
const maxStations = 64

const stationsOf = (stations: Column<StationPlays[]>): Column<bigint[]> => {
  const often = filter(stations, (station) => fieldsOf(station).plays.geq(2))
  const hashes = transform(often, (station) => xxhash64(fieldsOf(station).callsign))
  return slice(array_sort(array_distinct(hashes)), 1, maxStations)
}

const blocksOf = (title: Column<Title>): Column<(string | null)[]> => {
  const { k, aliases, behind, plain, skeleton } = fieldsOf(title)
  const asAlias = (text: Column<string>) => concat(lit('='), text)
  const own = array(concat(lit('<'), left(k, 4)), concat(lit('>'), right(k, 4)), asAlias(k), asAlias(plain))
  const lost = when(length(skeleton).geq(3), array(concat(lit('?'), skeleton))).otherwise(noTexts)
  const rest = when(length(behind).geq(1), array(asAlias(behind.$notNull()))).otherwise(noTexts)
  return array_distinct(concat(own, transform(aliases, asAlias), rest, lost))
}

/**
 * Whether the block is of an alias that one title alone has in brackets, in all its spellings: what several have there
 * ("At the Hall") is the name of none.
 */
const isOwnAlias = (block: Column<string>, titles: Column<Title[]>): Column<boolean | null> => {
  const alias = substr(block, 2)
  // The last alias is the whole title.
  const withIt = filter(titles, (title) => {
    const { aliases } = fieldsOf(title)
    return array_contains(aliases, alias).and(try_element_at(aliases, lit(-1)).neq(alias))
  })
  const keys = transform(withIt, (title) => fieldsOf(title).k)
  return block.startsWith('=').and(using(array_min(keys), (first) => forall(keys, (other) => isSpelling(first, other))))
}

/** Whether two titles with one alias are one title: equal but for a quarter of the letters of a long one, or one goes on. */
const isSpelling = (one: Column<string | null>, other: Column<string>): Column<boolean | null> => {
  const digits = (key: Column<string | null>) => regexp_replace(key, '\\P{N}', '')
  const longer = greatest(length(one), length(other))
  const allowed = when(longer.geq(8), longer.divide(4)).otherwise(0)
  const isLonger = least(length(one), length(other))
    .geq(8)
    .and(startswith(one, other).or(startswith(other, one)))
  return levenshtein(one, other)
    .leq(allowed)
    .or(isLonger)
    .and(digits(one).eq(digits(other)))
}

/**
 * Whether two titles are both played well, and therefore two songs however alike: three stations play each of them twice or
 * more, or one does and neither is rare beside the other. A misspelling is rare where the right spelling is played.
 */
const arePlayedWell = (p: Fields<Title>, q: Fields<Title>): Column<boolean> => {
  const isRare = greatest(p.plays, q.plays).geq(least(p.plays, q.plays).multiply(5))
  return using(size(array_intersect(p.stations, q.stations)), (both) => both.geq(3).or(both.geq(1).and(isRare.not())))
}

const isAliasOf = (alias: Column<Title>, title: Column<Title>): Column<boolean | null> =>
  array_contains(fieldsOf(title).aliases, fieldsOf(alias).k)

/** The pairs of titles that are in one block, measured. */
export function songPairs(names: DataFrame<ArtistTitle>, options: EdgeOptions): DataFrame<SongPair> {
  const key = (title: Column<Title>) => fieldsOf(title).k
  return titlesOf(names)
    .select((c) => ({ artist: c.artist, title: c.title, block: explode(blocksOf(c.title)).$notNull() }))
    .groupBy('artist', 'block')
    .agg((c) => ({ titles: collect_list(c.title) }))
    .where((c) => size(c.titles).between(2, blockLimit))
    .withColumn('is_own', (c) => isOwnAlias(c.block, c.titles))
    .select((c) => ({
      artist: c.artist,
      pairs: flatten(
        transform(c.titles, (a) =>
          transform(
            filter(c.titles, (z) => key(z).gt(key(a))),
            (z) => struct({ a, z, by_alias: c.is_own.and(isAliasOf(a, z).or(isAliasOf(z, a))) }),
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
        one_typo: oneTypo(a.full, z.full),
        played_well: arePlayedWell(a, z),
      }
    })
}
