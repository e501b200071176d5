import type { Db } from '../../schema/database.ts'
import type { Session } from '../types.ts'
import type { Handle } from './connection.ts'
import { SqliteStaging } from './staging.ts'
import { writeTransaction } from './transaction.ts'

/** A session on the connection of the process; the row in `run_lock` is the lock. */
export class SqliteSession implements Session {
  readonly db: Db
  readonly staging: SqliteStaging
  readonly backendPid = null
  readonly #handle: Handle

  constructor(file: string, handle: Handle, db: Db) {
    this.staging = new SqliteStaging(file, handle)
    this.#handle = handle
    this.db = db
  }

  async claim(): Promise<'row'> {
    return 'row'
  }

  async unclaim(): Promise<void> {}

  async isAlive(): Promise<boolean> {
    return true
  }

  async evict(): Promise<void> {}

  async transaction<T>(work: (db: Db) => Promise<T>, waitMs?: number): Promise<T> {
    return writeTransaction(this.#handle, this.db, work, waitMs)
  }

  async tidy(): Promise<void> {
    // The WAL of a first load is as large as the database. A reader may still need it; then it stays, without an error.
    this.#handle.pragma('wal_checkpoint(TRUNCATE)')
  }

  async close(): Promise<void> {
    await this.staging.drop()
  }
}
