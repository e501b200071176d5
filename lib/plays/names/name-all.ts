import {
  type Column,
  coalesce,
  collect_list,
  concat,
  concat_ws,
  type DataFrame,
  fieldsOf,
  left,
  lit,
  max,
  nullif,
  sha2,
  split_part,
  struct,
  sum,
} from 'spark-connect-js'
import { keyBehindFront } from '../clean/title-front.ts'
import { guestsBehind, versionBehind } from '../clean/version.ts'
import { type BestName, canonicalName, type Spelling } from './canonical.ts'
import { type Explanation, explained } from './explained.ts'
import { keySeparator, songMember } from './song-edges.ts'
import type { NamedByArtist, NameLabel, StationPlays } from './types.ts'

/** The name that stands for each artist. Grain: `artist`, the key that stands for it. */
export type BestArtist = { artist: string; artist_best: BestName }

/** One spelling of artist and title with all that is known of it. Grain (`raw_artist`, `raw_song`). */
export type NamedSpelling = {
  raw_artist: string
  raw_song: string
  plays: bigint
  stations: StationPlays[]
  artist_clean: string
  song_clean: string
  featured: string | null
  version: string | null
  artist_id: string
  song_id: string
  artist_cleaned: string
  artist_key: string
  song_cleaned: string
  song_key: string
  artist_why: Explanation
  song_why: Explanation
}

/** The canonical name of each artist. */
export function bestArtists(names: DataFrame<NamedByArtist>, shouts: boolean): DataFrame<BestArtist> {
  return names
    .groupBy((c) => ({ artist: c.artist, name_key: fieldsOf(c.a).key, display: fieldsOf(c.a).display }))
    .agg((c) => ({
      plays: sum(c.plays),
      method: max(c.artist_method),
      score: max(c.artist_score),
      evidence: max(c.artist_evidence),
    }))
    .groupBy('artist')
    .agg(({ name_key, display, plays, method, score, evidence }) => ({
      rows: collect_list(struct({ name_key, display, plays, fronted: lit<boolean>(false), method, score, evidence })),
    }))
    .select((c) => ({ artist: c.artist, artist_best: canonicalName(c.rows, shouts) }))
}

/** Texts that are there, separated by `, `; null if none is. */
const listed = (...texts: readonly Column<string | null>[]): Column<string | null> =>
  nullif(concat_ws(', ', ...texts), lit(''))

/** An id that a name has wherever it is made. */
const idOf = (...parts: readonly Column<string>[]): Column<string> => left(sha2(concat(...parts), 256), 32)

/** One spelling of a title by an artist, before it is named. */
type TitleRow = Spelling & {
  raw_artist: string
  raw_song: string
  stations: StationPlays[]
  artist_cleaned: string
  artist_key: string
  featured: string | null
  version: string | null
  artist_method: string | null
  artist_score: number | null
  artist_evidence: string | null
}

/** The spellings of each song, brought together. Grain (`artist`, `song`), the keys that stand for them. */
function spellingsBySong(
  names: DataFrame<NamedByArtist>,
  labels: DataFrame<NameLabel>,
): DataFrame<{ artist: string; song: string; rows: TitleRow[] }> {
  return names
    .join(labels, (name, label) => songMember(name.artist, fieldsOf(name.s).key).eq(label.member), 'left')
    .groupBy((c) => ({
      artist: c.artist,
      song: coalesce(split_part(c.canonical, lit(keySeparator), lit(2)), fieldsOf(c.s).key),
    }))
    .agg((c) => {
      const { raw_artist, raw_song, plays, stations, artist_method, artist_score, artist_evidence } = c
      const [a, s] = [fieldsOf(c.a), fieldsOf(c.s)]
      const row = struct({
        raw_artist,
        raw_song,
        plays,
        stations,
        artist_cleaned: a.display,
        artist_key: a.key,
        name_key: s.key,
        display: s.display,
        featured: listed(a.featured, s.featured),
        version: s.version,
        fronted: keyBehindFront(c.a, c.s).isNotNull(),
        artist_method,
        artist_score,
        artist_evidence,
        method: c.method,
        score: c.score,
        evidence: c.evidence,
      })
      return { rows: collect_list(row) }
    })
}

/** The canonical title of each spelling, and all that follows from it and from the name of its artist. */
export function nameAll(
  names: DataFrame<NamedByArtist>,
  labels: DataFrame<NameLabel>,
  artistBest: DataFrame<BestArtist>,
  shouts: boolean,
): DataFrame<NamedSpelling> {
  // A title's spellings are few: they are brought together, named, and parted again, which saves a join.
  return spellingsBySong(names, labels)
    .withColumn('song_best', (c) => canonicalName(c.rows, shouts))
    .inline('rows')
    .join(artistBest, 'artist')
    .select((c) => {
      const [artist, song] = [fieldsOf(c.artist_best), fieldsOf(c.song_best)]
      const artistWay = { method: c.artist_method, score: c.artist_score, evidence: c.artist_evidence }
      return {
        raw_artist: c.raw_artist,
        raw_song: c.raw_song,
        plays: c.plays,
        stations: c.stations,
        artist_clean: artist.name,
        song_clean: song.name,
        featured: listed(guestsBehind(c.artist_cleaned, artist.name), c.featured),
        version: coalesce(c.version, versionBehind(c.display, song.name)),
        artist_id: idOf(lit('artist'), c.artist),
        song_id: idOf(lit('song'), c.artist, lit(keySeparator), c.song),
        artist_cleaned: c.artist_cleaned,
        artist_key: c.artist_key,
        song_cleaned: c.display,
        song_key: c.name_key,
        artist_why: explained(c.raw_artist, c.artist_key, artistWay, artist),
        song_why: explained(c.raw_song, c.name_key, { method: c.method, score: c.score, evidence: c.evidence }, song),
      }
    })
}
