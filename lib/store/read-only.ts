import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { type Reader, type RunRecord, readerOn, type Totals } from './browse/reader.ts'
import { guardOf, openEngine } from './engine/databases.ts'
import type { Engine } from './engine/types.ts'
import { rememberKysely } from './kysely-of.ts'
import { pending } from './migrations/migrate.ts'
import { ownTablesOf } from './own/registry.ts'

/** A database that can be read only; nothing that is done through it can change it. */
export interface ReadOnlyStore extends AsyncDisposable {
  /** For people and logs: a path, or host and database name, never a secret. */
  readonly address: string
  /** Runs `work` on one frozen state: whatever is published meanwhile, all it reads belongs together. */
  snapshot<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  lastRun(): Promise<RunRecord | null>
  counts(): Promise<Readonly<Record<string, number>>>
  totals(): Promise<Totals>
  close(): Promise<void>
}

/**
 * Opens an existing database for reading alone; the connection itself refuses to write.
 *
 * *Errors:* AppError `database` if there is none or its schema is older than this code, otherwise as `openStore`.
 */
export async function openReadOnly(url: string, options: { readonly log: Logger }): Promise<ReadOnlyStore> {
  const engine = await openEngine(url, { log: options.log, readOnly: true })
  try {
    const due = await guardOf(engine)(() => pending(engine, engine.db))
    if (due.length > 0) {
      throw new AppError('database', 'this database has no tables of this version yet', {
        place: engine.address,
        remedy: 'run npm run db:setup, or npm run job:aggregate',
      })
    }
  } catch (error) {
    await engine.close()
    throw error
  }
  const store = reads(engine)
  rememberKysely(store, engine)
  return store
}

/** What can be read of an open database; `guard` runs each read. */
export function reads(engine: Engine, guard = guardOf(engine)): ReadOnlyStore {
  const snapshot: ReadOnlyStore['snapshot'] = (work) =>
    guard(() => engine.snapshot(async (state) => work(readerOn(state, await ownTablesOf(state.db)))))
  return {
    address: engine.address,
    snapshot,
    lastRun: () => snapshot((reader) => reader.lastRun()),
    counts: () => snapshot((reader) => reader.counts()),
    totals: () => snapshot((reader) => reader.totals()),
    close: () => engine.close(),
    [Symbol.asyncDispose]: () => engine.close(),
  }
}
