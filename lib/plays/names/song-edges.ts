import { array, type Column, coalesce, concat, type DataFrame, fieldsOf, lit, when } from 'spark-connect-js'
import { firstRule } from './rule.ts'
import { type ArtistTitle, songPairs } from './song-pairs.ts'
import { areAlikeSongs, pairOf, songNearMisses, songRules } from './song-rules.ts'
import type { NameEdge } from './types.ts'
import type { EdgeOptions } from './typos.ts'

/** Between an artist's key and a title's: keys hold letters and digits only, or are behind `=` as they are read. */
export const keySeparator = '\u001f'

/** A title of an artist as one key. */
export const songMember = (artist: Column<string>, title: Column<string>): Column<string> =>
  concat(artist, lit(keySeparator), title)

/** Pairs of titles within an artist that mean the same song, and near misses; titles by `songMember`. */
export function songEdges(names: DataFrame<ArtistTitle>, options: EdgeOptions): DataFrame<NameEdge> {
  return songPairs(names, options)
    .select((c) => {
      const [a, z] = [fieldsOf(c.a), fieldsOf(c.z)]
      return {
        a: songMember(c.artist, a.k),
        z: songMember(c.artist, z.k),
        a_plays: a.plays,
        z_plays: z.plays,
        found: firstRule(songRules, pairOf(c)),
        missed: firstRule(songNearMisses, pairOf(c)),
        apart: areAlikeSongs(pairOf(c)),
      }
    })
    .where((c) => c.found.isNotNull().or(c.missed.isNotNull()))
    .select((c) => {
      const { rule, score } = fieldsOf(coalesce(c.found, c.missed).$notNull())
      const sides = when(c.apart.and(c.found.isNull()), array(c.a, c.z))
      return { a: c.a, z: c.z, a_plays: c.a_plays, z_plays: c.z_plays, rule, score, near: c.found.isNull(), sides }
    })
    .distinct()
    .withColumns({
      shared: lit<number>(0),
      a_id: lit(null).cast('string'),
      z_id: lit(null).cast('string'),
    })
}
