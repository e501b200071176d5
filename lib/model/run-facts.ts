import type { StageTime } from './stage.ts'

/** What a run of the main job did, as its closing summary tells it. */
export interface RunFacts {
  readonly rowsIn: number
  /** Those of its rows; a run that appends finds others there, and `playsInAll` counts both. */
  readonly plays: number
  readonly playsInAll: number
  readonly repaired: number
  /** Rows that repeat another one to the letter. */
  readonly duplicates: number
  /** Refused rows by reason, most frequent first. */
  readonly quarantined: readonly { readonly reason: string; readonly rows: number }[]
  /** Files that could not be read and were left out on request. */
  readonly skippedFiles: readonly string[]
  readonly stations: number
  readonly artists: number
  readonly songs: number
  /** Unix seconds, UTC; null without plays. */
  readonly firstPlay: number | null
  readonly lastPlay: number | null
  readonly topArtists: readonly { readonly artist: string; readonly plays: number }[]
  /** Rows inserted, updated and deleted by table; all zero when nothing changed. */
  readonly changes: readonly {
    readonly table: string
    readonly inserted: number
    readonly updated: number
    readonly deleted: number
  }[]
  readonly stages: readonly StageTime[]
  readonly totalMs: number
  /** Peak resident memory of the job's own process, without Spark's. */
  readonly peakMb: number
  /** Where Spark ran and where the tables are, without secrets. */
  readonly spark: string
  readonly database: string
  /** The lake beside the database, where there is one. */
  readonly lake?: LakeFacts
}

/** The version of a lake that holds what the database holds. */
export interface LakeFacts {
  /** Without secrets. */
  readonly address: string
  readonly version: number
  /** The folder in the lake that holds it. */
  readonly slot: string
  /** Whether this run wrote it; false: it was there. */
  readonly written: boolean
}
