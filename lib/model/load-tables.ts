import { double, flag, int64, type NotNull, nullable, type RowOf, text } from './columns.ts'

/*
 * The tables that a run of the main job replaces: what `lib/plays` makes and `lib/store` publishes. The order of the columns is
 * theirs in the database and in exports.
 */

/** One row per play, key `unique_id`. */
export const playColumns = {
  unique_id: text,
  /** As read; for repaired rows as rebuilt. */
  raw_song: text,
  raw_artist: text,
  song_clean: text,
  artist_clean: text,
  /** Guests that were split off the artist or the title, separated by `, `; null: none. */
  featured: nullable(text),
  /** What the title says of the recording (`live`, `radio edit`), separated by `, `; null: nothing. */
  version: nullable(text),
  callsign: text,
  /** As read. */
  time: text,
  /** Seconds since 1970, UTC. */
  time_unix: int64,
  combined: nullable(text),
  /** 1 yes, 0 no, null: the log does not say. */
  first_play: nullable(flag),
  repaired: flag,
  /** Null exactly if `repaired` is 0. */
  repair_rule: nullable(text),
  /** The line as it stood in the file, kept for repaired rows only. */
  original_line: nullable(text),
  /** Null if Spark read the file by itself. */
  source_file: nullable(text),
  /** 1-based; null if Spark read the file by itself. */
  source_line: nullable(int64),
}

const { song_clean, artist_clean, featured, version, ...acceptedColumns } = playColumns

/** Columns of a play that follow from its raw artist and its raw title. */
export const meaningColumns = { song_clean, artist_clean, featured, version }

/** A play before its names are resolved. */
export { acceptedColumns }

/** One row per refused line, key `quarantine_id`. */
export const quarantinedColumns = {
  /** SHA-256 of file, line number, text, reason and an occurrence number. */
  quarantine_id: text,
  reason: text,
  line: text,
  source_file: nullable(text),
  source_line: nullable(int64),
}

/** Why a spelling means what it means. Nullable where rows of older versions have nothing. */
const decisionColumns = {
  /** `exact`, `key` or the weakest rule on the way to the canonical name. */
  method: text,
  /** 0 to 1: how sure the weakest step is. */
  score: nullable(double),
  plays: int64,
  /** The name repaired, without guests and version words. */
  cleaned: nullable(text),
  /** What it is compared by: equal keys are one name. */
  name_key: nullable(text),
  /** The two keys of the weakest step, and what they have in common; null where no step was needed. */
  evidence: nullable(text),
}

/** One row per spelling of an artist, key `raw_artist`: what it means, and why. */
export const artistNameColumns = { raw_artist: text, artist_clean: text, artist_id: text, ...decisionColumns }

/** One row per spelling of a title by a spelling of its artist, key `(raw_artist, raw_song)`. */
export const songNameColumns = {
  raw_artist: text,
  raw_song: text,
  artist_clean: text,
  song_clean: text,
  song_id: text,
  ...decisionColumns,
}

/** One row per canonical artist, key `artist_id`. */
export const artistColumns = {
  artist_id: text,
  artist_clean: text,
  plays: int64,
  /** Distinct songs. */
  songs: int64,
  /** Distinct stations. */
  stations: int64,
  first_play_unix: int64,
  last_play_unix: int64,
}

/** One row per canonical song of an artist, key `song_id`. */
export const songColumns = {
  song_id: text,
  artist_id: text,
  artist_clean: text,
  song_clean: text,
  plays: int64,
  stations: int64,
  first_play_unix: int64,
  last_play_unix: int64,
}

/** One row per station, key `callsign`. */
export const stationColumns = {
  callsign: text,
  plays: int64,
  artists: int64,
  songs: int64,
  first_play_unix: int64,
  last_play_unix: int64,
}

/** One row per station and hour with at least one play, key `(callsign, hour_unix)`. */
export const hourColumns = {
  callsign: text,
  /** Start of the hour, seconds since 1970, UTC. */
  hour_unix: int64,
  plays: int64,
}

type Decided = 'score' | 'cleaned' | 'name_key'

/** A row of `plays`. */
export type Play = RowOf<typeof playColumns>
/** A play before its names are resolved. */
export type AcceptedPlay = RowOf<typeof acceptedColumns>
/** A row of `quarantined_plays`. */
export type QuarantinedPlay = RowOf<typeof quarantinedColumns>
/** A row of `artist_names`. */
export type ArtistName = NotNull<RowOf<typeof artistNameColumns>, Decided>
/** As it is staged: with what only plays keep of it. */
export type SongName = NotNull<RowOf<typeof songNameColumns>, Decided> & Pick<Play, 'featured' | 'version'>
/** A row of `artists`. */
export type Artist = RowOf<typeof artistColumns>
/** A row of `songs`. */
export type Song = RowOf<typeof songColumns>
/** A row of `stations`. */
export type Station = RowOf<typeof stationColumns>
/** A row of `plays_by_hour`. */
export type HourOfStation = RowOf<typeof hourColumns>
