import { allColumns, type LoadTable, quote, shapes } from './tables.ts'

/** What can be read out whole: every table that is data, and the views. */
export type Relation =
  | LoadTable
  | 'artist_images'
  | 'track_info'
  | 'enrichment_lookup'
  | 'runs'
  | 'music_records'
  | 'distinct_artists'

interface RelationShape {
  readonly columns: readonly string[]
  /** SQL of the total order in which it is read out; the same in both databases. */
  readonly order: string
}

function relation(columns: string, order: string): RelationShape {
  return { columns: columns.trim().split(/\s+/), order }
}

const loaded = Object.fromEntries(
  Object.values(shapes).map((shape) => [
    shape.name,
    { columns: allColumns(shape), order: shape.key.map(quote).join(', ') },
  ]),
) as unknown as Readonly<Record<LoadTable, RelationShape>>

/** Columns and order of each relation, written out so that both databases give the same. */
export const relations: Readonly<Record<Relation, RelationShape>> = {
  ...loaded,
  artist_images: relation(
    `artist_clean artist_lastfm canonical_name canonical_source mbid wikidata_qid image_url image_thumb_url image_mime
     image_width image_height image_provider image_page_url licence licence_url attribution attribution_required
     identity_status image_status match_method match_score ambiguous providers_asked fetched_at expires_at attempts
     next_attempt_at last_error created_at updated_at`,
    'artist_clean',
  ),
  track_info: relation(
    `artist_clean song_clean artist_lastfm song_lastfm canonical_artist canonical_title canonical_source recording_mbid
     duration_ms duration_source duration_spread_ms cover_url status match_method match_score providers_asked fetched_at
     expires_at attempts next_attempt_at last_error`,
    'artist_clean, song_clean',
  ),
  enrichment_lookup: relation(
    'kind key provider outcome http_status api_code payload fetched_at expires_at attempts next_attempt_at',
    'kind, key, provider',
  ),
  runs: relation(
    `run_id job started_at finished_at outcome error rows_in plays quarantined duplicates repaired changes inputs
     versions settings stages_ms`,
    'started_at, run_id',
  ),
  music_records: relation(
    `id raw_song raw_artist song_clean artist_clean artist_lastfm song_lastfm callsign time time_unix unique_id combined
     first_play artist_image_url artist_mbid track_duration track_mbid created_at updated_at`,
    'id',
  ),
  distinct_artists: relation(
    'artist_name play_count artist_clean artist_lastfm',
    'play_count desc, artist_name, artist_clean',
  ),
}

export const relationNames = Object.keys(relations) as readonly Relation[]

/** The statement that reads a relation out in its order. */
export function selectAll(name: Relation, columns: readonly string[]): string {
  const known = relations[name]
  const unknown = columns.filter((column) => !known.columns.includes(column))
  if (unknown.length > 0) throw new Error(`${name} has no column ${unknown.join(', ')}`)
  return `select ${columns.map(quote).join(', ')} from ${quote(name)} order by ${known.order}`
}
