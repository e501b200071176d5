import type { Generated, Kysely } from 'kysely'

/*
 * The tables as Kysely sees them, for both databases.
 *
 * Integers are read as `number` by queries (counts, seconds and milliseconds stay far below 2^53) and may be written as
 * `bigint`; the streaming readers give every integer as `bigint`, exactly. Text is compared and ordered by its UTF-8
 * bytes in both databases (SQLite BINARY, Postgres COLLATE "C"). Time stamps are ISO-8601 UTC text with milliseconds.
 */

/** An ISO-8601 UTC time stamp such as `2026-03-01T12:00:00.000Z`. */
export type Timestamp = string

/** 0 or 1: neither database needs a type of its own for it, and both order and export it alike. */
export type Flag = number

/** One row per play, key `unique_id`. Written by a load only. */
export interface PlaysTable {
  unique_id: string
  /** As read; for repaired rows as rebuilt. */
  raw_song: string
  raw_artist: string
  song_clean: string
  artist_clean: string
  /** Guests named beside the artist; null: none. */
  featured: string | null
  /** What the title said of the recording ("live", "radio edit"); null: nothing. */
  version: string | null
  callsign: string
  /** As read. */
  time: string
  /** Seconds since 1970, UTC. */
  time_unix: number
  combined: string | null
  /** null: the log does not say. */
  first_play: Flag | null
  repaired: Flag
  /** null exactly if `repaired` is 0. */
  repair_rule: string | null
  /** The line as it stood in the file, kept for repaired rows only. */
  original_line: string | null
  /** null if Spark itself read the file and does not say which. */
  source_file: string | null
  /** 1-based; null if Spark itself read the file. */
  source_line: number | null
  created_at: Timestamp
  /** Changes only when the row's content does. */
  updated_at: Timestamp
}

/** One row per refused line, key `quarantine_id`. Written by a load only. */
export interface QuarantinedPlaysTable {
  /** sha2-256 of file, line number, text, reason and an occurrence number. */
  quarantine_id: string
  reason: string
  line: string
  source_file: string | null
  source_line: number | null
}

/** One row per distinct raw artist name, key `raw_artist`: the decision that gave it its canonical name. */
export interface ArtistNamesTable {
  raw_artist: string
  artist_clean: string
  artist_id: string
  /** `exact`, `key`, `spelling`, `alias`, … */
  method: string
  /** 0 to 1: how sure the weakest step to the canonical name is; null: the method does not say. */
  score: number | null
  plays: number
  /** The name mended, without guests and version words. These three are null until the names are resolved anew. */
  cleaned: string | null
  /** What it is compared by. */
  name_key: string | null
  /** The two keys of the weakest step, and what they have in common; null where no step was needed. */
  evidence: string | null
}

/** One row per distinct pair of raw names, key `(raw_artist, raw_song)`. */
export interface SongNamesTable {
  raw_artist: string
  raw_song: string
  artist_clean: string
  song_clean: string
  song_id: string
  method: string
  score: number | null
  plays: number
  cleaned: string | null
  name_key: string | null
  evidence: string | null
}

/** One row per pair of names that were joined on thin evidence or nearly joined, key `(kind, artist, a, z)`. Of the last run. */
export interface NameDoubtsTable {
  kind: 'artist' | 'song'
  /** `name_key` of the artist whose titles these are; empty between artists. */
  artist: string
  /** `name_key` of both. */
  a: string
  z: string
  rule: string
  /** 0 to 1: what the rule says of the letters. */
  score: number
  /** Of both. */
  plays: number
  verdict: 'same' | 'different'
  why: string
}

/** One row per id that changed its meaning in a run, key `(run_id, level, id, into_id)`. Never deleted. */
export interface IdEventsTable {
  run_id: string
  at: Timestamp
  /** `split`: `id` lives on without these plays; `merged`: `id` is gone. */
  kind: 'split' | 'merged'
  level: 'artist' | 'song'
  /** What the plays had before. */
  id: string
  /** What they have now. */
  into_id: string
  /** The canonical name of `into_id`. */
  name: string
}

/** One row per canonical artist, key `artist_id`. */
export interface ArtistsTable {
  artist_id: string
  artist_clean: string
  plays: number
  /** Distinct songs. */
  songs: number
  /** Distinct stations. */
  stations: number
  first_play_unix: number
  last_play_unix: number
}

/** One row per canonical song of an artist, key `song_id`. */
export interface SongsTable {
  song_id: string
  artist_id: string
  artist_clean: string
  song_clean: string
  plays: number
  stations: number
  first_play_unix: number
  last_play_unix: number
}

/** One row per station, key `callsign`. */
export interface StationsTable {
  callsign: string
  plays: number
  artists: number
  songs: number
  first_play_unix: number
  last_play_unix: number
}

/** One row per station and hour with at least one play, key `(callsign, hour_unix)`. */
export interface PlaysByHourTable {
  callsign: string
  /** Start of the hour, seconds since 1970, UTC. */
  hour_unix: number
  plays: number
}

export type LookupStatus = 'found' | 'not_found' | 'transient_error'

/** One row per canonical artist that was looked up, key `artist_clean`. Survives every load. */
export interface ArtistImagesTable {
  artist_clean: string
  artist_lastfm: string | null
  canonical_name: string | null
  canonical_source: string | null
  /**
   * The act on MusicBrainz; null: nobody knows it.
   *
   * Sure enough to be evidence that two names are one act: `identity_status` is `found`, `ambiguous` is 0, `match_method`
   * names no doubt (`:unverified`, `:part`), and either `match_score` is at least 0.95 (its name, an alias or its sort name)
   * or `match_method` ends with `titles` (a near spelling whose songs agree).
   */
  mbid: string | null
  wikidata_qid: string | null
  image_url: string | null
  image_thumb_url: string | null
  image_mime: string | null
  image_width: number | null
  image_height: number | null
  image_provider: string | null
  image_page_url: string | null
  licence: string | null
  licence_url: string | null
  attribution: string | null
  attribution_required: Flag | null
  identity_status: LookupStatus
  image_status: LookupStatus
  /**
   * `name`, `name+titles`, `titles` (by the matches of its songs), `weight` (the best known of several, always ambiguous),
   * `lastfm`, `lastfm+id`, `special`; with `:unverified` MusicBrainz did not confirm it, with `:part` it is the first of
   * several acts that the name names.
   */
  match_method: string | null
  /** 1 its name, 0.97 an alias, 0.95 its sort name, 0.9 a near spelling; null: nobody found. */
  match_score: number | null
  /** 1: several acts carry the name and our titles do not tell them apart. */
  ambiguous: Generated<Flag>
  providers_asked: string
  fetched_at: Timestamp | null
  expires_at: Timestamp | null
  attempts: Generated<number>
  next_attempt_at: Timestamp | null
  /** Class and short text; errors never stand in a data column. */
  last_error: string | null
  created_at: Timestamp | null
  updated_at: Timestamp | null
  /** As MusicBrainz calls it: `Person`, `Group`, `Orchestra`, `Choir`, `Character`, `Other`. */
  act_type: string | null
  /** ISO 3166-1 code. */
  country: string | null
  /** The country or region as it is called. */
  area: string | null
  /** Of birth or foundation. */
  begin_year: number | null
  /** At most five, most named first, with `, ` between them. */
  genres: string | null
  /** With `--similar` only: names, most similar first, with ` · ` between them. */
  similar_artists: string | null
}

/** One row per canonical song that was looked up, key `(artist_clean, song_clean)`. Survives every load. */
export interface TrackInfoTable {
  artist_clean: string
  song_clean: string
  artist_lastfm: string | null
  song_lastfm: string | null
  canonical_artist: string | null
  canonical_title: string | null
  canonical_source: string | null
  recording_mbid: string | null
  /** Milliseconds. */
  duration_ms: number | null
  duration_source: string | null
  duration_spread_ms: number | null
  cover_url: string | null
  status: LookupStatus
  match_method: string | null
  match_score: number | null
  providers_asked: string
  fetched_at: Timestamp | null
  expires_at: Timestamp | null
  attempts: Generated<number>
  next_attempt_at: Timestamp | null
  last_error: string | null
  /** The earliest year of all known recordings of the song by this act. */
  first_release_year: number | null
  album: string | null
  /** Of the recording, without hyphens. */
  isrc: string | null
  /** Of the song, else of its album: at most three, most named first, with `, ` between them. */
  genres: string | null
  /** `cover_url` with 1,200 pixels instead of 250. */
  cover_large_url: string | null
}

/** One row per question to one provider, key `(kind, key, provider)`: what it answered. Survives every load. */
export interface EnrichmentLookupTable {
  kind: string
  key: string
  provider: string
  outcome: string | null
  http_status: number | null
  api_code: string | null
  payload: string | null
  fetched_at: Timestamp | null
  expires_at: Timestamp | null
  attempts: number | null
  next_attempt_at: Timestamp | null
}

/** One row per enrichment job, key `id`; the newest unfinished row with a fresh heartbeat is the lease. */
export interface EnrichmentRunTable {
  id: string
  started_at: Timestamp | null
  finished_at: Timestamp | null
  config_fingerprint: string | null
  heartbeat_at: Timestamp | null
  /** Its process, as `identityText` writes it: `HOST:PID` and what tells it from others of the same pid. */
  owner: string | null
  counters: string | null
  exit: string | null
}

export type RunOutcome = 'published' | 'unchanged' | 'failed'

/** One row per job run that came as far as the database, key `run_id`. A published row stands there iff its tables do. */
export interface RunsTable {
  run_id: string
  job: string
  started_at: Timestamp
  finished_at: Timestamp
  outcome: RunOutcome
  /** One sentence; null unless failed. */
  error: string | null
  /** The ledger: rows_in = plays + quarantined + duplicates. null: the run ended before they were counted. */
  rows_in: number | null
  plays: number | null
  quarantined: number | null
  duplicates: number | null
  repaired: number | null
  /** JSON: per table `{inserted, updated, deleted}`. */
  changes: string | null
  /** JSON: list of `{label, bytes, sha256}`. */
  inputs: string
  /** JSON: name → version. */
  versions: string
  /** JSON: setting → value, secrets left out. */
  settings: string
  /** JSON: stage → milliseconds. */
  stages_ms: string
}

/** At most one row: who runs a load on this database now, or did so when it died. */
export interface RunLockTable {
  id: number
  /** Random; the holder checks it inside its publishing transaction. */
  token: string
  run_id: string
  job: string
  pid: number
  host: string
  /** Tells machine, boot and process namespace apart, where `host` alone does not. */
  host_id: string
  /** Start of the process as its system counts it: a reused pid has another one. Empty: unknown. */
  process_started: string
  started_at: Timestamp
  heartbeat_at: Timestamp
  /** Postgres: pid of the session's backend; SQLite: null. */
  backend_pid: number | null
}

/** View: one row per play in the shape that older users know; `id` is the rank by `unique_id`, from 1. */
export interface MusicRecordsView {
  id: number
  raw_song: string
  raw_artist: string
  song_clean: string
  artist_clean: string
  artist_lastfm: string | null
  song_lastfm: string | null
  callsign: string
  time: string
  time_unix: number
  unique_id: string
  combined: string | null
  first_play: Flag | null
  artist_image_url: string | null
  artist_mbid: string | null
  /** Seconds, rounded. */
  track_duration: number | null
  track_mbid: string | null
  created_at: Timestamp
  updated_at: Timestamp
  track_year: number | null
  track_album: string | null
  track_isrc: string | null
  track_genres: string | null
  track_cover_url: string | null
  artist_type: string | null
  artist_country: string | null
  artist_area: string | null
  artist_begin_year: number | null
  artist_genres: string | null
}

/** View: one row per artist, most played first, then by name. */
export interface DistinctArtistsView {
  /** `artist_lastfm` if known, else `artist_clean`. */
  artist_name: string
  play_count: number
  artist_clean: string
  artist_lastfm: string | null
}

/** One row per table that a job of one's own writes. */
export interface OwnTablesTable {
  name: string
  /** The job that writes it, as users know it: `job:weekly-chart`. */
  job: string
  /** What a row is, in a sentence. */
  summary: string
  /** JSON: the columns of its key. */
  table_key: string
  /** JSON: name and kind of each column. */
  table_columns: string
  /** The run that changed it last. */
  run_id: string
  created_at: Timestamp
  updated_at: Timestamp
}

/** One row per data check of a run of one's own. */
export interface DataChecksTable {
  run_id: string
  name: string
  job: string
  at: Timestamp
  level: 'warn' | 'error'
  outcome: 'passed' | 'failed'
  /** Rows that fail it. */
  failing: number
  /** JSON: some of these rows. */
  examples: string | null
}

export interface Database {
  plays: PlaysTable
  quarantined_plays: QuarantinedPlaysTable
  artist_names: ArtistNamesTable
  song_names: SongNamesTable
  artists: ArtistsTable
  songs: SongsTable
  stations: StationsTable
  name_doubts: NameDoubtsTable
  id_events: IdEventsTable
  plays_by_hour: PlaysByHourTable
  artist_images: ArtistImagesTable
  track_info: TrackInfoTable
  enrichment_lookup: EnrichmentLookupTable
  enrichment_run: EnrichmentRunTable
  runs: RunsTable
  run_lock: RunLockTable
  own_tables: OwnTablesTable
  data_checks: DataChecksTable
  music_records: MusicRecordsView
  distinct_artists: DistinctArtistsView
}

export type Db = Kysely<Database>
