import type { Kysely, RawBuilder } from 'kysely'
import type { AppError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { Database, Db } from '../schema/database.ts'
import type { ColumnKind, TableShape } from '../schema/tables.ts'
import type { ColumnBatch } from './column-batch.ts'
import type { JdbcAddress } from './jdbc-address.ts'

/*
 * What a database has to offer for a store to run on it. Each folder beside this file implements it for one database, and
 * only these folders import a driver; everything above is written once.
 */

/** The entry of a database in `databases.ts`. */
export interface DatabaseDriver {
  /** The form of its URLs, for messages: `sqlite:PATH`. */
  readonly urlForm: string
  /** Whether a URL has the scheme of this database. */
  accepts(url: string): boolean
  /** *Errors:* AppError `usage` for a malformed URL, `database` if it cannot be opened. */
  open(url: string, options: OpenOptions): Promise<Engine>
  /** Describes a database that does not exist yet and that opening creates; undefined for any other. */
  absent(url: string): Promise<AbsentDatabase | undefined>
  /** What tells a file from every other one of this machine, whatever its names; undefined where it is none, or not yet. */
  fileIdentity(url: string): string | undefined
  /** The address for Spark's executors. *Errors:* AppError `usage` if they cannot reach it. */
  jdbcAddress(url: string, place: string): JdbcAddress
}

export interface OpenOptions {
  readonly log: Logger
  /** The connection itself then refuses to write. */
  readonly readOnly?: boolean
}

/** `empty`: we may create our tables. `foreign`: another program uses it; `sign` says how we know. */
export type Ownership =
  | { readonly is: 'empty' }
  | { readonly is: 'ours' }
  | { readonly is: 'foreign'; readonly sign: string }

/** Whether a run may write there; if not, why. */
export interface Writable {
  readonly is: boolean
  readonly why: string
}

export interface AbsentDatabase {
  readonly address: string
  readonly writable: Writable
}

/** What a database says about itself. */
export interface EngineHealth {
  /** `SQLite 3.53.1`, `PostgreSQL 17.6` */
  readonly version: string
  readonly writable: Writable
  /** `unchecked`: the server checks its own files, or this file is too large to read in a moment. */
  readonly integrity:
    | { readonly is: 'ok' }
    | { readonly is: 'unchecked'; readonly reason: 'server' | 'size' }
    | { readonly is: 'damaged'; readonly first: string }
  /** Size of the file; null for a server. */
  readonly bytes: number | null
  /** How far the clock of the database is ahead of ours, in ms; null for a database that has no clock of its own. */
  readonly clockAheadMs: number | null
}

/** The SQL in which databases differ. Undefined: this database does not need it. */
export interface Dialect {
  /** Column types in `create table`. Migrations use them too: what a released migration made must not change. */
  readonly columnTypes: Readonly<Record<ColumnKind, string>>
  /** Written after `create table (…)`. */
  readonly tableOptions: string | undefined
  /** Whether `create or replace view` may add columns; else a view is dropped and made again. */
  readonly replacesViews: boolean
  /** Query for the schema that new tables go to, as `name`. */
  readonly currentSchema: string | undefined
  /** A JSON object as a table with the columns `key` and `value`. */
  jsonPairs(json: string): RawBuilder<unknown>
  /** Makes other writers of a table wait until this transaction has ended. */
  lockTable(table: string): RawBuilder<unknown> | undefined
  /** Limits how long each later statement of this transaction may take. */
  limitStatements(limitMs: number): RawBuilder<unknown> | undefined
  /** What a commit survives from now on: the end of this `process`, or a power failure of the `machine` (the default). */
  durability(of: 'process' | 'machine'): RawBuilder<unknown> | undefined
  /** Whether a statement failed because another transaction was in its way, so that trying again may succeed. */
  isContention(error: unknown): boolean
  /** Whether a statement failed because a primary key exists already. */
  isDuplicateKey(error: unknown): boolean
}

export interface Engine {
  readonly dialect: Dialect
  /** For people and logs: path, or host and database name, never a secret. */
  readonly address: string
  /** Short statements of the process, one at a time for SQLite, a small pool for Postgres. */
  readonly db: Db
  ownership(): Promise<Ownership>
  /**
   * Runs `work` as the only migrator of this database and marks the database as ours. Its changes are kept only if it
   * succeeds (Postgres: Kysely runs each migration in a transaction of its own).
   */
  exclusively<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T>
  /** Makes what `Snapshot.query` needs, once our tables are there. */
  prepareForReaders(): Promise<void>
  /** A connection of its own for one load. */
  openSession(): Promise<Session>
  /** Whether the database has ended a session that we lost. Until then, its commit may still succeed. */
  hasEnded(session: Session): Promise<boolean>
  /** Runs `work` on one frozen state of the database; nothing can be written through it. */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>
  /** @param maxCheckedBytes larger files are not checked for damage. */
  health(maxCheckedBytes: number): Promise<EngineHealth>
  /** Translates an error of the driver into a message for the user; undefined for an error from elsewhere. */
  explain(error: unknown): AppError | undefined
  close(): Promise<void>
}

/** One connection that holds the run lock, loads into staging and publishes. */
export interface Session {
  readonly db: Db
  readonly staging: Staging
  /** Process id of the server's backend, which a later run may end if we die; null for a database without a server. */
  readonly backendPid: number | null
  /**
   * Asks the database itself for the run lock. `held`: ours until the session ends; `taken`: another session has it;
   * `row`: this database has no such lock, so the row in `run_lock` decides.
   */
  claim(): Promise<'held' | 'taken' | 'row'>
  unclaim(): Promise<void>
  /** Whether this session can still be used: false after the server was restarted or the network broke. */
  isAlive(): Promise<boolean>
  /** Ends the session of a holder that is known to be dead. */
  evict(backendPid: number): Promise<void>
  /**
   * One write transaction from its first statement on, durable when it returns. `work` may run again after a deadlock.
   * @param waitMs how long to wait for another writer; default: as long as a publish may take.
   */
  transaction<T>(work: (db: Db) => Promise<T>, waitMs?: number): Promise<T>
  /** Releases temporary space and refreshes statistics after a large publish. */
  tidy(): Promise<void>
  close(): Promise<void>
}

/** The staging tables of one load. */
export interface Staging {
  /** Removes the tables of dead runs and creates empty ones. Only the holder of the run lock may call it. */
  create(run: string, shapes: readonly TableShape[]): Promise<void>
  /** The name of a staging table, quoted for SQL text. */
  table(shape: TableShape): string
  /**
   * Appends batches, whose columns are matched by name. Returns the number of rows. Of several tables at once, SQLite takes
   * batches as they come, Postgres one table after the other.
   */
  append(shape: TableShape, batches: AsyncIterable<ColumnBatch>): Promise<number>
  /** Creates a table that others fill over connections of their own; undefined if only this process can write. */
  readonly openForOthers?: (shape: TableShape) => Promise<SharedStaging>
  /** Prepares a filled table for the publishing statements: statistics, an index for look-ups by key. */
  finish(shape: TableShape): Promise<void>
  drop(): Promise<void>
}

/** A staging table that others fill, such as Spark's executors. */
export interface SharedStaging {
  /** Schema and table, quoted for SQL text. */
  readonly table: string
  /**
   * An additional integer column: the part of the data that a row belongs to. All rows of a part must be written in one
   * transaction; if a repeated task writes a part again, it counts once.
   */
  readonly partColumn: string
  /**
   * Turns the committed rows into the staging table and stops further writes. Returns the number of rows.
   * *Errors:* AppError `check` if a part was written twice with different numbers of rows.
   */
  settle(): Promise<number>
}

/** One frozen, read-only state of the database. */
export interface Snapshot {
  readonly db: Db
  readonly dialect: Dialect
  /**
   * Streams the result of a statement in batches of at most `batchRows`; memory stays flat however long it is.
   * Integers come as bigint, text as string, doubles as number, null as null.
   */
  stream(sql: string, names: readonly string[], batchRows: number): AsyncGenerator<ColumnBatch, void, undefined>
  /**
   * Runs one statement that a person wrote, which can read our tables and do nothing else. Returns at most `maxRows` rows, with values
   * as in `stream`.
   */
  query(sql: string, maxRows: number): Promise<QueryResult>
}

export interface QueryResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  /** Whether the statement has more rows than these. */
  readonly more: boolean
}
