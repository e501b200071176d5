import type { Kysely } from 'kysely'
import type { AppError } from '../../errors.ts'
import type { Database, Db } from '../schema/database.ts'
import type { TableShape } from '../schema/tables.ts'
import type { ColumnBatch } from './column-batch.ts'

/*
 * What a database has to offer for a store to stand on it. sqlite.ts and postgres.ts are the two implementations and the
 * only files that know a driver; everything above them is written once.
 */

export type DatabaseKind = 'sqlite' | 'postgres'

/** `empty`: nobody's yet, we may create our tables. `foreign`: it belongs to another program, with the sign of that. */
export type Ownership =
  | { readonly is: 'empty' }
  | { readonly is: 'ours' }
  | { readonly is: 'foreign'; readonly sign: string }

export interface Engine {
  readonly kind: DatabaseKind
  /** For people and logs: path, or host and database name, never a secret. */
  readonly address: string
  /** Short statements of the process, one at a time for SQLite, a small pool for Postgres. */
  readonly db: Db
  ownership(): Promise<Ownership>
  /**
   * Runs `work` as the only migrator of this database and marks it as ours. What it does is kept only if it succeeds
   * (Postgres: each migration in a transaction of its own, which Kysely opens).
   */
  exclusively<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T>
  /** A connection of its own for one load. */
  openSession(): Promise<Session>
  /**
   * Whether a session that we have lost has ended on the side of the database as well: until then a commit that it was told of
   * may still happen.
   */
  isOver(session: Session): Promise<boolean>
  /** Runs `work` on one frozen state of the database; nothing can be written through it. */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>
  /** The sentence for an error of the driver; undefined for anything that is no error of the database. */
  explain(error: unknown): AppError | undefined
  close(): Promise<void>
}

/** One connection that holds the run lock, loads into staging and publishes. */
export interface Session {
  readonly db: Db
  /** Postgres: pid of the backend, which a later run may end if we die half-open. */
  readonly backendPid: number | null
  /**
   * Asks the database itself for the run lock. `held`: we have it until the session ends; `taken`: somebody else has;
   * `row`: this database knows no such lock, the row in run_lock decides.
   */
  claim(): Promise<'held' | 'taken' | 'row'>
  unclaim(): Promise<void>
  /** Whether this session can still be used: false after the server was restarted or the network broke. */
  isAlive(): Promise<boolean>
  /** Ends the session of a holder that is known to be dead. */
  evict(backendPid: number): Promise<void>
  /**
   * One write transaction from its first statement on, durable when it returns. `work` may be run again after a deadlock.
   * @param waitMs how long to wait for another writer; default: as long as a publish may take.
   */
  transaction<T>(work: (db: Db) => Promise<T>, waitMs?: number): Promise<T>
  /** Removes what dead runs left and makes empty staging tables for this one. Only the holder of the lock may call it. */
  createStaging(run: string, shapes: readonly TableShape[]): Promise<void>
  /** Quoted name of a staging table for SQL text. */
  staging(shape: TableShape): string
  /**
   * Appends batches to a staging table; returns the rows. Columns are matched by name. Of several tables at once, SQLite takes
   * batches as they come, Postgres one table after the other.
   */
  bulkLoad(shape: TableShape, batches: AsyncIterable<ColumnBatch>): Promise<number>
  /**
   * Makes a table that others fill over connections of their own, beside the staging of this session; undefined: nobody
   * but this process can write to this database.
   */
  readonly openForOthers?: (shape: TableShape) => Promise<SharedStaging>
  /** What the publishing statements need to be quick: statistics, an index where rows are looked up by key. */
  finishStaging(shape: TableShape): Promise<void>
  /** Whether an error of a statement says that a key is there twice. */
  isDuplicateKey(error: unknown): boolean
  dropStaging(): Promise<void>
  /** After a large publish: gives temporary space back. */
  tidy(): Promise<void>
  close(): Promise<void>
}

/** A staging table that others fill, as Spark's executors do. */
export interface SharedStaging {
  /** Schema and table, quoted for SQL text. */
  readonly table: string
  /**
   * A column beside those of the table, an integer: the part of the whole that a row belongs to. All rows of one part must
   * be written in one transaction. A part that was written again by a repeated task then counts once.
   */
  readonly partColumn: string
  /**
   * Makes what was committed so far the staging of the table, and keeps everybody from writing more. Returns the rows.
   * *Errors:* AppError `check` if a part was written twice, and differently.
   */
  settle(): Promise<number>
}

/** One frozen, read-only state of the database. */
export interface Snapshot {
  readonly db: Db
  /**
   * Streams the result of a statement in batches of at most `batchRows`; memory stays flat however long it is.
   * Integers come as bigint, text as string, doubles as number, null as null.
   */
  stream(sql: string, names: readonly string[], batchRows: number): AsyncGenerator<ColumnBatch, void, undefined>
  /**
   * Runs one statement of unknown origin; the connection refuses everything but reading. At most `maxRows` rows.
   * Values as in `stream`.
   */
  query(
    sql: string,
    maxRows: number,
  ): Promise<{
    readonly columns: readonly string[]
    readonly rows: readonly (readonly unknown[])[]
    readonly more: boolean
  }>
}
