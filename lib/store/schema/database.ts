import type { Generated, Kysely } from 'kysely'
import type { RowOf } from '../../model/columns.ts'
import type {
  artistColumns,
  artistNameColumns,
  hourColumns,
  playColumns,
  quarantinedColumns,
  songColumns,
  songNameColumns,
  stationColumns,
} from '../../model/load-tables.ts'
import type {
  artistImageColumns,
  enrichmentRunColumns,
  lookupColumns,
  trackInfoColumns,
} from '../../model/lookup-tables.ts'
import type { dataCheckColumns, idEventColumns, nameDoubtColumns, ownTableColumns, runColumns } from './own-tables.ts'

/*
 * The tables as Kysely sees them, for both databases; lib/model and own-tables.ts declare their columns.
 *
 * Integers are read as `number` by queries (counts, seconds and milliseconds stay far below 2^53) and may be written as
 * `bigint`; the streaming readers give every integer as `bigint`, exactly. Text is compared and ordered by its UTF-8
 * bytes in both databases (SQLite BINARY, Postgres COLLATE "C"). Time stamps are ISO-8601 UTC text with milliseconds.
 */

/** An ISO-8601 UTC time stamp such as `2026-03-01T12:00:00.000Z`. */
export type Timestamp = string

/** A row as queries read it. `Defaults`: columns that the database fills. */
type Stored<Row, Defaults extends keyof Row = never> = {
  [Name in keyof Row]: Name extends Defaults ? Generated<AsNumber<Row[Name]>> : AsNumber<Row[Name]>
}
type AsNumber<Value> = Value extends bigint ? number : Value

export interface PlaysTable extends Stored<RowOf<typeof playColumns>> {
  created_at: Timestamp
  /** Changes only when the row's content does. */
  updated_at: Timestamp
}
export type QuarantinedPlaysTable = Stored<RowOf<typeof quarantinedColumns>>
export type ArtistNamesTable = Stored<RowOf<typeof artistNameColumns>>
export type SongNamesTable = Stored<RowOf<typeof songNameColumns>>
export type ArtistsTable = Stored<RowOf<typeof artistColumns>>
export type SongsTable = Stored<RowOf<typeof songColumns>>
export type StationsTable = Stored<RowOf<typeof stationColumns>>
export type PlaysByHourTable = Stored<RowOf<typeof hourColumns>>
export type ArtistImagesTable = Stored<RowOf<typeof artistImageColumns>, 'ambiguous' | 'attempts'>
export type TrackInfoTable = Stored<RowOf<typeof trackInfoColumns>, 'attempts'>
export type EnrichmentLookupTable = Stored<RowOf<typeof lookupColumns>>
export type EnrichmentRunTable = Stored<RowOf<typeof enrichmentRunColumns>>
export type NameDoubtsTable = Stored<RowOf<typeof nameDoubtColumns>>
export type IdEventsTable = Stored<RowOf<typeof idEventColumns>>
export type RunsTable = Stored<RowOf<typeof runColumns>>
export type OwnTablesTable = Stored<RowOf<typeof ownTableColumns>>
export type DataChecksTable = Stored<RowOf<typeof dataCheckColumns>>

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
  first_play: number | null
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
