/*
 * The tables that a load writes, as the code of today sees them. A test compares this with what the migrations make in
 * both databases.
 */

export type ColumnKind = 'text' | 'int64' | 'int32' | 'double'

export interface ColumnShape {
  readonly name: string
  readonly kind: ColumnKind
  readonly nullable: boolean
}

export interface TableShape<Name extends string = string> {
  readonly name: Name
  /** Without the store's own created_at and updated_at. */
  readonly columns: readonly ColumnShape[]
  /** Also the order of exports. */
  readonly key: readonly string[]
  /** What publishing looks up in its rows by key, once a play (`song_names`) or title (`artist_names`); null: nothing. */
  readonly lookedUp: readonly string[] | null
  /** Has created_at and updated_at, set by the store. */
  readonly stamped: boolean
}

/** The row that a list of columns stands for, as `shape` takes it: `plays:int64 score:double?`. */
export type RowOf<Columns extends string> = {
  [Word in Exclude<Words<Columns>, ''> as NameIn<Word>]: ValueIn<Word>
}
type Words<Text extends string, Found = never> = Text extends `${infer Word} ${infer Rest}`
  ? Words<Rest, Found | Lines<Word>>
  : Found | Lines<Text>
type Lines<Text extends string> = Text extends `${infer Line}\n${infer Rest}` ? Line | Lines<Rest> : Text
type NameIn<Word> = Word extends `${infer Name}:${string}` ? Name : Word extends `${infer Name}?` ? Name : Word
type ValueIn<Word> =
  | (Word extends `${string}:int64${string}`
      ? bigint
      : Word extends `${string}:${'int32' | 'double'}${string}`
        ? number
        : string)
  | (Word extends `${string}?` ? null : never)

/** A shape that knows its columns at compile time. */
export interface TypedShape<Name extends string, Columns extends string> extends TableShape<Name> {
  /** Never there: carries the type of a row. */
  readonly row?: RowOf<Columns>
}

/** The tables that a run replaces, in the order in which they are published. */
export const loadTables = [
  'plays',
  'quarantined_plays',
  'artist_names',
  'song_names',
  'artists',
  'songs',
  'stations',
  'plays_by_hour',
] as const
export type LoadTable = (typeof loadTables)[number]

/** Columns of a play that follow from its raw artist and its raw title. */
export const meaningColumns = ['song_clean', 'artist_clean', 'featured', 'version'] as const

/** `name:kind`, with `?` where null is allowed. */
function shape<Name extends string, const Columns extends string>(
  name: Name,
  key: string,
  columns: Columns,
): TypedShape<Name, Columns> {
  return {
    name,
    key: key.split(' '),
    lookedUp: name === 'artist_names' ? ['artist_clean'] : name === 'song_names' ? meaningColumns : null,
    stamped: name === 'plays',
    columns: columns
      .trim()
      .split(/\s+/)
      .map((text) => {
        const [column, kind] = text.replace('?', '').split(':') as [string, ColumnKind | undefined]
        return { name: column, kind: kind ?? 'text', nullable: text.endsWith('?') }
      }),
  }
}

/** Column order is that of the contract with lib/plays; loads match columns by name. */
const loadShapes = {
  plays: shape(
    'plays',
    'unique_id',
    `unique_id raw_song raw_artist song_clean artist_clean featured? version? callsign time time_unix:int64 combined?
     first_play:int32? repaired:int32 repair_rule? original_line? source_file? source_line:int64?`,
  ),
  quarantined_plays: shape(
    'quarantined_plays',
    'quarantine_id',
    'quarantine_id reason line source_file? source_line:int64?',
  ),
  artist_names: shape(
    'artist_names',
    'raw_artist',
    'raw_artist artist_clean artist_id method score:double? plays:int64 cleaned? name_key? evidence?',
  ),
  song_names: shape(
    'song_names',
    'raw_artist raw_song',
    `raw_artist raw_song artist_clean song_clean song_id method score:double? plays:int64 cleaned? name_key?
     evidence?`,
  ),
  artists: shape(
    'artists',
    'artist_id',
    'artist_id artist_clean plays:int64 songs:int64 stations:int64 first_play_unix:int64 last_play_unix:int64',
  ),
  songs: shape(
    'songs',
    'song_id',
    `song_id artist_id artist_clean song_clean plays:int64 stations:int64 first_play_unix:int64
     last_play_unix:int64`,
  ),
  stations: shape(
    'stations',
    'callsign',
    'callsign plays:int64 artists:int64 songs:int64 first_play_unix:int64 last_play_unix:int64',
  ),
  plays_by_hour: shape('plays_by_hour', 'callsign hour_unix', 'callsign hour_unix:int64 plays:int64'),
} as const
export const shapes: { readonly [Name in LoadTable]: TableShape<Name> } = loadShapes

/**
 * The tables as they are staged. A play comes without what its names mean, so that plays can be staged while their names are
 * still being resolved; publishing takes it from `song_names`, which bring with them what only plays keep of it.
 */
export const stagedShapes: { readonly [Name in LoadTable]: TableShape<Name> } = {
  ...shapes,
  plays: {
    ...shapes.plays,
    columns: shapes.plays.columns.filter(({ name }) => !(meaningColumns as readonly string[]).includes(name)),
  },
  song_names: {
    ...shapes.song_names,
    columns: [
      ...shapes.song_names.columns,
      ...shapes.plays.columns.filter(({ name }) => name === 'featured' || name === 'version'),
    ],
  },
}

/** The tables that are not replaced from staging: look-ups, the logs of the runs, and what is small. */
export const keptShapes = {
  artist_images: shape(
    'artist_images',
    'artist_clean',
    `artist_clean artist_lastfm? canonical_name? canonical_source? mbid? wikidata_qid? image_url? image_thumb_url?
     image_mime? image_width:int32? image_height:int32? image_provider? image_page_url? licence? licence_url?
     attribution? attribution_required:int32? identity_status image_status match_method? match_score:double?
     ambiguous:int32 providers_asked fetched_at? expires_at? attempts:int32 next_attempt_at? last_error? created_at?
     updated_at? act_type? country? area? begin_year:int32? genres? similar_artists?`,
  ),
  track_info: shape(
    'track_info',
    'artist_clean song_clean',
    `artist_clean song_clean artist_lastfm? song_lastfm? canonical_artist? canonical_title? canonical_source?
     recording_mbid? duration_ms:int32? duration_source? duration_spread_ms:int32? cover_url? status match_method?
     match_score:double? providers_asked fetched_at? expires_at? attempts:int32 next_attempt_at? last_error?
     first_release_year:int32? album? isrc? genres? cover_large_url?`,
  ),
  enrichment_lookup: shape(
    'enrichment_lookup',
    'kind key provider',
    `kind key provider outcome? http_status:int32? api_code? payload? fetched_at? expires_at? attempts:int32?
     next_attempt_at?`,
  ),
  enrichment_run: shape(
    'enrichment_run',
    'id',
    'id started_at? finished_at? config_fingerprint? heartbeat_at? owner? counters? exit?',
  ),
  name_doubts: shape('name_doubts', 'kind artist a z', 'kind artist a z rule score:double plays:int64 verdict why'),
  id_events: shape('id_events', 'at run_id level id into_id', 'run_id at kind level id into_id name'),
  runs: shape(
    'runs',
    'started_at run_id',
    `run_id job started_at finished_at outcome error? rows_in:int64? plays:int64? quarantined:int64? duplicates:int64?
     repaired:int64? changes? inputs versions settings stages_ms`,
  ),
  own_tables: shape('own_tables', 'name', 'name job summary table_key table_columns run_id created_at updated_at'),
  data_checks: shape('data_checks', 'at run_id name', 'run_id name job at level outcome failing:int64 examples?'),
} as const

type ShapesByName = typeof loadShapes & typeof keptShapes
/** The tables that a job can read whole. */
export type StoredTable = keyof ShapesByName
/** A row of a table, as Spark has it: `int64` is BIGINT. Without created_at and updated_at where the store sets them. */
export type StoredRow<Name extends StoredTable> = NonNullable<ShapesByName[Name]['row']>

/** All columns of a table in the database, in order. */
export function allColumns(table: TableShape): readonly string[] {
  const own = table.columns.map((column) => column.name)
  return table.stamped ? [...own, 'created_at', 'updated_at'] : own
}

/** An identifier in SQL text. Only names of this folder come here, never data; quoting is against reserved words. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
