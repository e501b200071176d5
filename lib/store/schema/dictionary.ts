import { shared } from '../../model/shared-columns.ts'
import type { Relation } from './relations.ts'
import { keptShapes, shapes, type TableShape } from './tables.ts'

/*
 * What each table and column means, for `explore -- describe` and docs/data-dictionary.md. Columns say it where they are
 * declared, in lib/model and own-tables.ts; here are the tables and what only views have.
 */

export const tableMeanings: Readonly<Record<Relation, string>> = {
  plays: 'One row for each play of a log.',
  quarantined_plays: 'One row for each line that was refused, with the reason.',
  artist_names: 'One row for each spelling of an artist: the decision that gave it its name.',
  song_names: 'One row for each spelling of an artist and a title: the decision that gave them their names.',
  artists: 'One row for each artist.',
  songs: 'One row for each song of an artist.',
  stations: 'One row for each station.',
  plays_by_hour: 'One row for each station and hour with at least one play.',
  artist_images: 'One row for each artist that public sources were asked for. Survives every load.',
  track_info: 'One row for each song that public sources were asked for. Survives every load.',
  enrichment_lookup: 'One row for each request to a public source, with its answer. Survives every load.',
  enrichment_run: 'One row for each run of the enrichment.',
  name_doubts: 'Pairs of names that were joined on thin evidence or nearly joined, of the last run.',
  id_events: 'One row for each id that was merged or split in a run. Never deleted.',
  runs: 'One row for each run of a job that reached the database.',
  own_tables: 'One row for each table of your own jobs.',
  data_checks: 'One row for each check of data of your own jobs.',
  music_records: 'View: plays with what public sources know of them, in the columns of older users.',
  distinct_artists: 'View: one row for each artist, most played first.',
}

/** Columns that only views have, and those that the store adds to plays. */
const columns: Readonly<Record<string, string>> = {
  artist_area: 'country or region of the artist',
  artist_begin_year: 'year of birth or foundation of the artist',
  artist_country: 'country of the artist, ISO 3166-1 code',
  artist_genres: 'genres of the artist, most named first, with ", " between them',
  artist_image_url: 'address of a picture of the artist',
  artist_mbid: 'MusicBrainz id of the artist',
  artist_name: 'artist_lastfm if it is known, else artist_clean',
  artist_type: 'kind of act, as MusicBrainz calls it',
  play_count: 'plays of the artist',
  track_album: 'album of the recording',
  track_cover_url: 'address of the cover',
  track_duration: 'length of the song in seconds, rounded',
  track_genres: 'genres of the song, with ", " between them',
  track_isrc: 'code of the recording, without hyphens',
  track_mbid: 'MusicBrainz id of the recording',
  track_year: 'year of first release',
  created_at: shared.created_at.meaning!,
  updated_at: shared.updated_at.meaning!,
}

/** The tables that the views take their columns from. */
const viewed: readonly TableShape[] = [shapes.plays, keptShapes.artist_images, keptShapes.track_info]
const shapeOf: Readonly<Record<string, TableShape>> = { ...shapes, ...keptShapes }

/** What a column means; null: it is a column of a job of your own. */
export function meaningOf(table: string, column: string): string | null {
  if (!(table in tableMeanings)) return null
  if (table === 'music_records' && column === 'id') return 'rank by unique_id, from 1'
  const named = (shape: TableShape) => shape.columns.find(({ name }) => name === column)?.meaning
  const known = shapeOf[table] ? [shapeOf[table]] : viewed
  return known.map(named).find((meaning) => meaning !== undefined) ?? columns[column] ?? null
}
