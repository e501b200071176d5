import { allColumns, keptShapes, type LoadTable, quote, shapes, type TableShape } from './tables.ts'

/** What can be read out whole: every table that is data, and the views. */
export type Relation =
  | LoadTable
  | 'artist_images'
  | 'track_info'
  | 'enrichment_lookup'
  | 'enrichment_run'
  | 'name_doubts'
  | 'id_events'
  | 'runs'
  | 'own_tables'
  | 'data_checks'
  | 'music_records'
  | 'distinct_artists'

export interface RelationShape {
  readonly columns: readonly string[]
  /** SQL of the total order in which it is read out; the same in both databases. */
  readonly order: string
  /** A view: the table of which it has a row for each. Counted in its place, since a view is counted by making it. */
  readonly rowPer?: LoadTable
}

function view(columns: string, order: string, rowPer: LoadTable): RelationShape {
  return { columns: columns.trim().split(/\s+/), order, rowPer }
}

/** How a table is read out. */
export function stored(shape: TableShape): RelationShape {
  return { columns: allColumns(shape), order: shape.key.map(quote).join(', ') }
}

/** Columns and order of each relation, written out so that both databases give the same. */
export const relations: Readonly<Record<Relation, RelationShape>> = {
  plays: stored(shapes.plays),
  quarantined_plays: stored(shapes.quarantined_plays),
  artist_names: stored(shapes.artist_names),
  song_names: stored(shapes.song_names),
  artists: stored(shapes.artists),
  songs: stored(shapes.songs),
  stations: stored(shapes.stations),
  plays_by_hour: stored(shapes.plays_by_hour),
  artist_images: stored(keptShapes.artist_images),
  track_info: stored(keptShapes.track_info),
  enrichment_lookup: stored(keptShapes.enrichment_lookup),
  enrichment_run: stored(keptShapes.enrichment_run),
  name_doubts: stored(keptShapes.name_doubts),
  id_events: stored(keptShapes.id_events),
  runs: stored(keptShapes.runs),
  own_tables: stored(keptShapes.own_tables),
  data_checks: stored(keptShapes.data_checks),
  music_records: view(
    `id raw_song raw_artist song_clean artist_clean artist_lastfm song_lastfm callsign time time_unix unique_id combined
     first_play artist_image_url artist_mbid track_duration track_mbid created_at updated_at track_year track_album
     track_isrc track_genres track_cover_url artist_type artist_country artist_area artist_begin_year artist_genres`,
    'id',
    'plays',
  ),
  distinct_artists: view(
    'artist_name play_count artist_clean artist_lastfm',
    'play_count desc, artist_name, artist_clean',
    'artists',
  ),
}

/** The names of all tables and views that can be read. */
export const relationNames = Object.keys(relations) as readonly Relation[]

/** The statement that reads a relation out in its order. */
export function selectAll(name: string, known: RelationShape, columns: readonly string[]): string {
  const unknown = columns.filter((column) => !known.columns.includes(column))
  if (unknown.length > 0) throw new Error(`${name} has no column ${unknown.join(', ')}`)
  return `select ${columns.map(quote).join(', ')} from ${quote(name)} order by ${known.order}`
}
