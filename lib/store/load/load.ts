import type { Logger } from '../../log.ts'
import type { ColumnBatch } from '../engine/column-batch.ts'
import type { Engine, SharedStaging } from '../engine/types.ts'
import type { HeldLock } from '../lock/run-lock.ts'
import type { NameDoubtsTable } from '../schema/database.ts'
import type { ColumnShape, LoadTable } from '../schema/tables.ts'
import type { Ledger, LedgerInput } from './checks.ts'
import type { IdEvent } from './keep-ids.ts'

/** One input of a run; bytes and checksum are not known of what Spark read by itself. */
export interface RunInput {
  readonly label: string
  readonly bytes?: number
  readonly sha256?: string
}

/** What `runs` keeps of a run besides its counts. */
export interface RunInfo {
  /** Unique; the lock must have been taken under the same name. */
  readonly runId: string
  /** As users know it: `job:aggregate`. */
  readonly job: string
  readonly startedAt: Date
  readonly inputs: readonly RunInput[]
  readonly versions: Readonly<Record<string, string>>
  /** Settings that shape the result, secrets left out. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** How many rows of a table a publish changed. */
export interface TableChange {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

/** What a publish changed. */
export interface PublishResult {
  readonly changed: Readonly<Record<LoadTable, TableChange>>
  /** No row of any table differs from before. */
  readonly unchanged: boolean
  readonly ledger: Ledger
  /** Ids of artists and songs that changed their meaning. */
  readonly idEvents: readonly IdEvent[]
}

/** Two names that were joined on thin evidence or nearly joined. */
export type NameDoubt = Readonly<NameDoubtsTable>

/** What a publish records about its run. */
export interface PublishInput extends LedgerInput {
  /** Milliseconds by stage, for `runs`. */
  readonly stagesMs?: Readonly<Record<string, number>>
  /** What `name_doubts` holds after this run. Default: nothing. */
  readonly doubts?: readonly NameDoubt[]
}

/** One load: staging tables that nobody else sees, then one transaction. */
export interface Load {
  /**
   * Appends batches to a table's staging; columns are matched by name, and there must be exactly those of the table
   * (without created_at and updated_at), but for what a play's names mean: `featured` and `version` come with `song_names`,
   * and `plays` come without these two and without clean names. Returns the rows. Only as many batches as are being written
   * are in memory.
   *
   * *Errors:* AppError `check` for null where the table has none.
   */
  write(table: LoadTable, batches: AsyncIterable<ColumnBatch>): Promise<number>
  /**
   * Has others fill a table's staging over connections of their own: Spark's executors. `fill` ends when they have; what
   * was written by then is what counts, each part once, however often a task was repeated. Returns the rows.
   *
   * *Errors:* those of `fill`; AppError `check` for a part that was written twice and differently.
   */
  writeByOthers(table: LoadTable, fill: (target: StagingTarget) => Promise<void>): Promise<number>
  /**
   * Makes the database equal to the staging tables, all of them in one transaction with the row in `runs`, after
   * asserting the ledger and the references between the tables. Every table must have been written, if only with no row.
   * With `append`, no play and no refused row of before goes: `checks.ts` says what staging holds then.
   * Rows that do not differ are not touched; `updated_at` moves only with the content. Look-up tables are not touched.
   * Artists and songs keep the ids that most of their plays had; ids that changed their meaning go to `id_events`.
   *
   * *Errors:* AppError `check` (nothing published), `locked` (the lock was lost), `database`.
   */
  publish(input: PublishInput): Promise<PublishResult>
  /** Drops the staging tables; with an error, the run is kept in `runs` as failed. Never throws, safe to call twice. */
  abandon(error?: unknown): Promise<void>
}

/** Where others write the rows of a table to. */
export interface StagingTarget extends Pick<SharedStaging, 'table' | 'partColumn'> {
  readonly columns: readonly ColumnShape[]
}

export interface LoadContext {
  readonly engine: Engine
  readonly lock: HeldLock
  readonly clock: () => Date
  readonly log: Logger
  /** Called at every step of a publish, for tests that end the process there. */
  readonly onStep: (step: string) => void
  /** How long a database that went away is waited for. */
  readonly waitMs: number
}
