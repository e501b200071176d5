/*
 * Hides: how a job of one's own gets flags and settings, Spark, the run lock, its input tables, and one publish at its end.
 * Needs: a name, a sentence, and a function from frames to frames.
 * Never: knows what a job computes, or publishes half of it.
 */
export { byteCount, duration, flagValue, numberWithin, wholeNumber } from '../cli/index.ts'
export type { CheckOptions } from './data-check.ts'
export { defineJob, type JobContext, type JobSpec } from './define-job.ts'
export {
  readArtistImages,
  readArtistNames,
  readArtists,
  readPlays,
  readPlaysByHour,
  readQuarantinedPlays,
  readSongNames,
  readSongs,
  readStations,
  readTable,
  readTrackInfo,
  type TableSource,
} from './read.ts'
export type { OwnStore, WriteOptions } from './written-tables.ts'
