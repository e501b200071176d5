import { double, flag, int64, means, type NotNull, nullable, type RowOf, text } from './columns.ts'
import { shared } from './shared-columns.ts'

/*
 * The tables that a run of the main job replaces: what `lib/plays` makes and `lib/store` publishes. The order of the columns is
 * theirs in the database and in exports.
 */

/** One row per play, key `unique_id`. */
export const playColumns = {
  unique_id: means(text, 'id of the play'),
  raw_song: shared.raw_song,
  raw_artist: shared.raw_artist,
  song_clean: shared.song_clean,
  artist_clean: shared.artist_clean,
  /** Guests that were split off the artist or the title, separated by `, `; null: none. */
  featured: means(nullable(text), 'guests named beside the artist, with ", " between them; null: none'),
  version: means(nullable(text), 'what the title said of the recording (live, radio edit); null: nothing'),
  callsign: shared.callsign,
  time: means(text, 'time as read'),
  time_unix: means(int64, 'time of the play, seconds since 1970, UTC'),
  combined: means(nullable(text), 'artist and title in one, as read'),
  first_play: means(nullable(flag), '1: the log calls it a first play; 0: not; null: it does not say'),
  repaired: means(flag, '1: the row was rebuilt from a damaged line; 0: as read'),
  repair_rule: means(nullable(text), 'the rule that repaired the row; null exactly if repaired is 0'),
  original_line: means(nullable(text), 'the line as it stood in the file, of repaired rows only'),
  source_file: shared.source_file,
  source_line: shared.source_line,
}

const { song_clean, artist_clean, featured, version, ...acceptedColumns } = playColumns

/** Columns of a play that follow from its raw artist and its raw title. */
export const meaningColumns = { song_clean, artist_clean, featured, version }

/** A play before its names are resolved. */
export { acceptedColumns }

/** One row per refused line, key `quarantine_id`. */
export const quarantinedColumns = {
  /** SHA-256 of file, line number, text, reason and an occurrence number. */
  quarantine_id: means(text, 'SHA-256 of file, line number, text and reason'),
  reason: means(text, 'why the line was refused'),
  line: means(text, 'the line as it stood in the file'),
  source_file: shared.source_file,
  source_line: shared.source_line,
}

/** Why a spelling means what it means. Nullable where rows of older versions have nothing. */
const decisionColumns = {
  /** `exact`, `key` or the weakest rule on the way to the canonical name. */
  method: means(text, 'how the name was found: exact, key, spelling, alias, …'),
  score: means(nullable(double), 'how sure the decision is, 0 to 1; null: the method does not say'),
  plays: shared.plays,
  cleaned: means(nullable(text), 'the name repaired, without guests and version words'),
  name_key: means(nullable(text), 'what the name is compared by'),
  evidence: means(nullable(text), 'the two keys of the weakest step and what they share; null: no step was needed'),
}

/** One row per spelling of an artist, key `raw_artist`: what it means, and why. */
export const artistNameColumns = {
  raw_artist: shared.raw_artist,
  artist_clean: shared.artist_clean,
  artist_id: shared.artist_id,
  ...decisionColumns,
}

/** One row per spelling of a title by a spelling of its artist, key `(raw_artist, raw_song)`. */
export const songNameColumns = {
  raw_artist: shared.raw_artist,
  raw_song: shared.raw_song,
  artist_clean: shared.artist_clean,
  song_clean: shared.song_clean,
  song_id: shared.song_id,
  ...decisionColumns,
}

/** One row per canonical artist, key `artist_id`. */
export const artistColumns = {
  artist_id: shared.artist_id,
  artist_clean: shared.artist_clean,
  plays: shared.plays,
  songs: shared.songs,
  stations: shared.stations,
  first_play_unix: shared.first_play_unix,
  last_play_unix: shared.last_play_unix,
}

/** One row per canonical song of an artist, key `song_id`. */
export const songColumns = {
  song_id: shared.song_id,
  artist_id: shared.artist_id,
  artist_clean: shared.artist_clean,
  song_clean: shared.song_clean,
  plays: shared.plays,
  stations: shared.stations,
  first_play_unix: shared.first_play_unix,
  last_play_unix: shared.last_play_unix,
}

/** One row per station, key `callsign`. */
export const stationColumns = {
  callsign: shared.callsign,
  plays: shared.plays,
  artists: means(int64, 'artists that the station played'),
  songs: shared.songs,
  first_play_unix: shared.first_play_unix,
  last_play_unix: shared.last_play_unix,
}

/** One row per station and hour with at least one play, key `(callsign, hour_unix)`. */
export const hourColumns = {
  callsign: shared.callsign,
  hour_unix: means(int64, 'start of the hour, seconds since 1970, UTC'),
  plays: shared.plays,
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
