import type { DataFrame, SparkSession, UntypedFrame } from 'spark-connect-js'
import type { StoredRow, StoredTable } from '../store/index.ts'

/** The Spark of a job, with the tables of its database. */
export interface TableSource {
  readonly session: SparkSession
  /** A table as a frame; read once in a run, however often it is asked for. SQL of this run finds it by its name. */
  table(name: string): Promise<UntypedFrame>
}

const reading =
  <Name extends StoredTable>(name: Name) =>
  async (source: TableSource): Promise<DataFrame<StoredRow<Name>>> =>
    (await source.table(name)).$castTo<StoredRow<Name>>()

/** One row per play. */
export const readPlays = reading('plays')
/** One row per refused line. */
export const readQuarantinedPlays = reading('quarantined_plays')
/** One row per spelling of an artist. */
export const readArtistNames = reading('artist_names')
/** One row per spelling of a title. */
export const readSongNames = reading('song_names')
/** One row per artist. */
export const readArtists = reading('artists')
/** One row per song of an artist. */
export const readSongs = reading('songs')
/** One row per station. */
export const readStations = reading('stations')
/** One row per station and hour. */
export const readPlaysByHour = reading('plays_by_hour')
/** One row per artist that was looked up. */
export const readArtistImages = reading('artist_images')
/** One row per song that was looked up. */
export const readTrackInfo = reading('track_info')

/** Any table by its name, those of other jobs of one's own included. The row type is the caller's word. */
// biome-ignore lint/suspicious/noExplicitAny: only the caller knows the rows
export async function readTable<Row = any>(source: TableSource, name: string): Promise<DataFrame<Row>> {
  return (await source.table(name)).$castTo<Row>()
}
