export type { Dialect as LineDialect, PlayField as LineField } from '../model/dialect.ts'

/** One line of a log as Spark's text source gives it. */
export type TextLine = { value: string }

/**
 * One line of a log, read or refused: `reason` is null exactly if the line is a play.
 *
 * Strings of the line are as read, in repaired rows as rebuilt. `line` is the text of the line (its first 4,096 characters).
 */
export type ParsedPlay = {
  unique_id: string
  raw_song: string | null
  raw_artist: string
  callsign: string
  time: string | null
  /** UTC seconds. Of an ambiguous day and month: month first. */
  time_unix: bigint | null
  /** What `time_unix` would be with day and month the other way round; null where that is not a date or makes no difference. */
  time_other: bigint | null
  /** `mdy` or `dmy` where the line itself shows the order of day and month, `either` where it does not. */
  date_order: string | null
  combined: string | null
  /** 1 yes, 0 no, null unknown. */
  first_play: number | null
  repaired: number
  repair_rule: string | null
  /** Null where Spark read the file by itself. */
  source_file: string | null
  source_line: bigint | null
  reason: string | null
  line: string
}

/** One play: grain `unique_id`. Names are as read; nothing of a name is changed yet. */
export type AcceptedPlay = {
  unique_id: string
  raw_song: string
  raw_artist: string
  callsign: string
  time: string
  time_unix: bigint
  combined: string | null
  first_play: number | null
  repaired: number
  repair_rule: string | null
  original_line: string | null
  source_file: string | null
  source_line: bigint | null
}

/** One refused line: grain `quarantine_id`. */
export type QuarantinedPlay = {
  quarantine_id: string
  reason: string
  line: string
  source_file: string | null
  source_line: bigint | null
}

/** One play with the names it means, as it is stored: grain `unique_id`. */
export type Play = {
  unique_id: string
  raw_song: string
  raw_artist: string
  song_clean: string
  artist_clean: string
  /** Guests that were split off the artist or the title, separated by `, `. */
  featured: string | null
  /** Tags of the version: `live`, `radio edit` …, separated by `, `. */
  version: string | null
  callsign: string
  time: string
  time_unix: bigint
  combined: string | null
  first_play: number | null
  repaired: number
  repair_rule: string | null
  original_line: string | null
  source_file: string | null
  source_line: bigint | null
}

/** What one spelling of an artist means, and why: grain `raw_artist`. */
export type ArtistName = {
  raw_artist: string
  artist_clean: string
  artist_id: string
  /** `exact`, `key` or the weakest rule on the way to the canonical name. */
  method: string
  /** 0 to 1: how sure the weakest step is. */
  score: number
  plays: bigint
  /** The name mended, without guests and version words. */
  cleaned: string
  /** What it is compared by: equal keys are one name. */
  name_key: string
  /** The two keys of the weakest step, and what they have in common; null where no step was needed. */
  evidence: string | null
}

/** What one spelling of a title means, and why: grain (`raw_artist`, `raw_song`). */
export type SongName = {
  raw_artist: string
  raw_song: string
  artist_clean: string
  song_clean: string
  song_id: string
  method: string
  score: number
  plays: bigint
  cleaned: string
  name_key: string
  evidence: string | null
  /** Guests named beside the artist; null: none. */
  featured: string | null
  /** What the title says of the recording ("live", "radio edit"); null: nothing. */
  version: string | null
}

/** Grain `artist_id`. */
export type Artist = {
  artist_id: string
  artist_clean: string
  plays: bigint
  songs: bigint
  stations: bigint
  first_play_unix: bigint
  last_play_unix: bigint
}

/** Grain `song_id`. */
export type Song = {
  song_id: string
  artist_id: string
  artist_clean: string
  song_clean: string
  plays: bigint
  stations: bigint
  first_play_unix: bigint
  last_play_unix: bigint
}

/** Grain `callsign`. */
export type Station = {
  callsign: string
  plays: bigint
  artists: bigint
  songs: bigint
  first_play_unix: bigint
  last_play_unix: bigint
}

/** Grain (`callsign`, `hour_unix`): the start of the hour in UTC seconds. */
export type HourOfStation = { callsign: string; hour_unix: bigint; plays: bigint }
