import { type ColumnKind, namesOf, type RowOf, type TableColumns } from '../../model/columns.ts'
import {
  acceptedColumns,
  artistColumns,
  artistNameColumns,
  hourColumns,
  meaningColumns as meanings,
  playColumns,
  quarantinedColumns,
  songColumns,
  songNameColumns,
  stationColumns,
} from '../../model/load-tables.ts'
import { artistImageColumns, enrichmentRunColumns, lookupColumns, trackInfoColumns } from '../../model/lookup-tables.ts'
import { dataCheckColumns, idEventColumns, nameDoubtColumns, ownTableColumns, runColumns } from './own-tables.ts'

/*
 * The tables by their names and keys; lib/model declares their columns. A test compares this with what the migrations make in
 * both databases.
 */

export type { ColumnKind } from '../../model/columns.ts'

export interface ColumnShape {
  readonly name: string
  readonly kind: ColumnKind
  readonly nullable: boolean
  readonly meaning?: string | undefined
}

/** A table by its name, columns and key. */
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
/** The name of a table that a run replaces. */
export type LoadTable = (typeof loadTables)[number]

/** Columns of a play that follow from its raw artist and its raw title. */
export const meaningColumns = namesOf(meanings)

const shapesOf = (columns: TableColumns): readonly ColumnShape[] =>
  Object.entries(columns).map(([name, { kind, nullable, meaning }]) => ({ name, kind, nullable, meaning }))

/** A shape that knows its row at compile time. */
interface TypedShape<Name extends string, Columns extends TableColumns> extends TableShape<Name> {
  /** Never there: carries the type of a row. */
  readonly row?: RowOf<Columns>
}

function shape<Name extends string, Columns extends TableColumns>(
  name: Name,
  key: string,
  columns: Columns,
): TypedShape<Name, Columns> {
  return {
    name,
    key: key.split(' '),
    lookedUp: name === 'artist_names' ? ['artist_clean'] : name === 'song_names' ? meaningColumns : null,
    stamped: name === 'plays',
    columns: shapesOf(columns),
  }
}

const loadShapes = {
  plays: shape('plays', 'unique_id', playColumns),
  quarantined_plays: shape('quarantined_plays', 'quarantine_id', quarantinedColumns),
  artist_names: shape('artist_names', 'raw_artist', artistNameColumns),
  song_names: shape('song_names', 'raw_artist raw_song', songNameColumns),
  artists: shape('artists', 'artist_id', artistColumns),
  songs: shape('songs', 'song_id', songColumns),
  stations: shape('stations', 'callsign', stationColumns),
  plays_by_hour: shape('plays_by_hour', 'callsign hour_unix', hourColumns),
} as const
export const shapes: { readonly [Name in LoadTable]: TableShape<Name> } = loadShapes

// What only plays keep of a song name.
const { featured, version } = meanings
const onlyOfPlays = { featured, version }

/**
 * The tables as they are staged. A play comes without what its names mean, so that plays can be staged while their names are
 * still being resolved; publishing takes it from `song_names`, which bring with them what only plays keep of it.
 */
export const stagedShapes: { readonly [Name in LoadTable]: TableShape<Name> } = {
  ...shapes,
  plays: { ...shapes.plays, columns: shapesOf(acceptedColumns) },
  song_names: { ...shapes.song_names, columns: shapesOf({ ...songNameColumns, ...onlyOfPlays }) },
}

/** The tables that are not replaced from staging: look-ups, the logs of the runs, and what is small. */
export const keptShapes = {
  artist_images: shape('artist_images', 'artist_clean', artistImageColumns),
  track_info: shape('track_info', 'artist_clean song_clean', trackInfoColumns),
  enrichment_lookup: shape('enrichment_lookup', 'kind key provider', lookupColumns),
  enrichment_run: shape('enrichment_run', 'id', enrichmentRunColumns),
  name_doubts: shape('name_doubts', 'kind artist a z', nameDoubtColumns),
  id_events: shape('id_events', 'at run_id level id into_id', idEventColumns),
  runs: shape('runs', 'started_at run_id', runColumns),
  own_tables: shape('own_tables', 'name', ownTableColumns),
  data_checks: shape('data_checks', 'at run_id name', dataCheckColumns),
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
