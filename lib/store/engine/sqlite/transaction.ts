import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../schema/database.ts'
import { type Handle, statementTimeoutMs } from './connection.ts'
import { isBusy } from './dialect.ts'

/** How long a transaction waits for another writer: a publish of ten million plays holds the write lock about that long. */
const busyTimeoutMs = 120_000

/**
 * Runs a statement that needs the write lock and waits for the lock without blocking the process: SQLite's own wait would
 * stop the event loop that another store of this process needs to finish. This also covers the switch to WAL, which SQLite
 * refuses immediately if two processes do it to a new file at once.
 */
export async function waitForWriteLock(
  statement: () => unknown,
  handle: Handle,
  waitMs = busyTimeoutMs,
): Promise<void> {
  const deadline = performance.now() + waitMs
  handle.pragma('busy_timeout = 0')
  try {
    for (;;) {
      try {
        statement()
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error
      }
      await sleep(5 + 20 * Math.random())
    }
  } finally {
    if (handle.open) handle.pragma(`busy_timeout = ${statementTimeoutMs}`)
  }
}

/** Runs one write transaction; other statements of this process on the same connection wait until it has ended. */
export async function writeTransaction<T>(
  handle: Handle,
  db: Db,
  work: (db: Db) => Promise<T>,
  waitMs?: number,
): Promise<T> {
  return db.connection().execute(async (own) => {
    await waitForWriteLock(() => handle.exec('begin immediate'), handle, waitMs)
    try {
      const result = await work(own)
      handle.exec('commit')
      return result
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (handle.open && handle.inTransaction) handle.exec('rollback')
      throw error
    }
  })
}
