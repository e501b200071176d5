import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { RunRecord } from './browse/reader.ts'
import { type Guard, guardOf, openEngine } from './engine/databases.ts'
import type { Engine } from './engine/types.ts'
import { waitUntilReachable } from './engine/wait-until-reachable.ts'
import { rememberKysely } from './kysely-of.ts'
import { minLookMs } from './load/commit.ts'
import { afterPublish, beforePublish, sessionLost } from './load/errors.ts'
import type { Load, LoadContext, PublishInput, RunInfo } from './load/load.ts'
import { recordRun } from './load/run-record.ts'
import { startLoad } from './load/staged-load.ts'
import { type HeldLock, type Holder, type Lock, takeLock } from './lock/run-lock.ts'
import { migrate } from './migrations/migrate.ts'
import type { CheckResult } from './own/data-checks.ts'
import { dropOwnTable } from './own/drop-own-table.ts'
import { type OwnLoad, type OwnPublishInput, recordFailedOwnRun, startOwnLoad } from './own/own-load.ts'
import type { OwnTable } from './own/own-table.ts'
import { type ReadOnlyStore, reads } from './read-only.ts'

/** How a database is opened for writing. */
export interface StoreOptions {
  readonly log: Logger
  /** What the store calls now in created_at, updated_at and `runs`; default: the system's clock. */
  readonly clock?: () => Date
  /** Called with a name at every step of a publish; for tests that end the process there. */
  readonly onStep?: (step: string) => void
  /** How long `recover` waits for a database that has dropped our session; default: not at all. */
  readonly waitMs?: number
}

/** A database with our tables in it, at the newest schema. */
export interface Store extends ReadOnlyStore {
  /**
   * Makes this process the only one that loads into this database.
   *
   * *Errors:* AppError `locked` at once if another process does, naming its pid, host and start; a dead one's lock is
   * taken over.
   */
  lock(holder: Holder): Promise<Lock>
  /**
   * After an error in the middle of a load: if the database has dropped our session, as at its restart or failover, waits
   * until it answers again (at most `waitMs`), takes the lock anew and is true; the load then has to begin again. False if
   * our session is alive, so that the error is about something else, and if the load may have been published.
   *
   * *Errors:* AppError `database` if it does not come back or is not waited for, `locked` if another run was quicker.
   */
  recover(error: unknown, signal?: AbortSignal): Promise<boolean>
  /** Starts a load; needs the lock, taken through this store under the same run id. */
  startLoad(run: RunInfo): Promise<Load>
  /** Records a run that had nothing to do, with the counts of the run whose tables these are. Needs the lock. */
  recordUnchanged(run: RunInfo, last: RunRecord): Promise<void>
  /** Starts a load of tables of one's own; needs the lock likewise. */
  startOwnLoad(run: RunInfo, tables: readonly OwnTable[]): Promise<OwnLoad>
  /** Keeps a run that failed before or in such a load, with how its data checks ended. Never throws. */
  recordFailedRun(run: RunInfo, error: unknown, checks: readonly CheckResult[]): Promise<void>
  /** Removes a table that a job of one's own has made. *Errors:* AppError `usage` if there is none of that name. */
  dropOwnTable(name: string): Promise<void>
}

/**
 * Opens a database (`sqlite:PATH`, made if missing, or `postgres://…`) and brings its schema up to date.
 *
 * *Errors:* AppError `usage` (malformed address, database newer than this code: left untouched), `database` (everything
 * else: not reachable, no rights, damaged, another program's).
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const engine = await openEngine(url, { log: options.log })
  try {
    await guardOf(engine)(() => migrate(engine, options.log))
    await guardOf(engine)(() => engine.prepareForReaders())
  } catch (error) {
    await engine.close()
    throw error
  }
  const store = new OpenStore(engine, options)
  rememberKysely(store, engine)
  return store
}

class OpenStore implements Store {
  readonly address: string
  readonly #engine: Engine
  readonly #options: StoreOptions
  readonly #reads: ReadOnlyStore
  readonly #translated: Guard
  // Once a load is there, no error may sound as if it were not.
  #published = false
  #held: { readonly lock: HeldLock; readonly holder: Holder } | undefined

  constructor(engine: Engine, options: StoreOptions) {
    this.address = engine.address
    this.#engine = engine
    this.#options = options
    this.#translated = guardOf(engine)
    this.#reads = reads(engine, (work) => this.#summing(work))
  }

  snapshot: ReadOnlyStore['snapshot'] = (work) => this.#reads.snapshot(work)
  lastRun: ReadOnlyStore['lastRun'] = () => this.#reads.lastRun()
  counts: ReadOnlyStore['counts'] = () => this.#reads.counts()
  totals: ReadOnlyStore['totals'] = () => this.#reads.totals()

  lock(holder: Holder): Promise<Lock> {
    return this.#guarded(async () => {
      const lock = await takeLock(this.#engine, holder, this.#options.log)
      this.#held = { lock, holder }
      return lock
    })
  }

  recover(error: unknown, signal?: AbortSignal): Promise<boolean> {
    return this.#loading(async () => {
      const { log, waitMs = 0 } = this.#options
      if (this.#held === undefined) return false
      if (error instanceof AppError && error.published === 'unknown') return false
      const { lock, holder } = this.#held
      if (await lock.session.isAlive()) return false
      if (waitMs === 0) throw sessionLost(this.address, error)
      log.warn('the database has dropped our session; waiting for it', { database: this.address })
      await lock.release()
      const taken = await waitUntilReachable(() => takeLock(this.#engine, holder, log), { waitMs, signal })
      this.#held = { lock: taken, holder }
      return true
    })
  }

  startLoad(run: RunInfo): Promise<Load> {
    return this.#loading(async () => {
      this.#published = false
      return this.#guardedLoad(await startLoad(this.#loadContext(), run))
    })
  }

  recordUnchanged(run: RunInfo, last: RunRecord): Promise<void> {
    return this.#guarded(async () => {
      if (this.#held === undefined) throw new Error('a record of a run needs the run lock')
      const { clock = () => new Date() } = this.#options
      const { rows_in, plays, quarantined, duplicates, repaired } = last
      const counts = { rows_in, plays, quarantined, duplicates, repaired }
      const fields = { outcome: 'unchanged', error: null, ...counts, changes: null, stages_ms: '{}' } as const
      await this.#held.lock.session.transaction((db) => recordRun(db, run, clock(), fields))
    })
  }

  startOwnLoad(run: RunInfo, tables: readonly OwnTable[]): Promise<OwnLoad> {
    return this.#loading(async () => {
      this.#published = false
      const load = await startOwnLoad(this.#loadContext(), run, tables)
      const publish = async (input: OwnPublishInput) => {
        const result = await load.publish(input)
        this.#published = true
        return result
      }
      return {
        write: (table, batches) => this.#loading(() => load.write(table, batches)),
        publish: (input) => this.#loading(() => publish(input)),
        drop: () => load.drop(),
      }
    })
  }

  recordFailedRun(run: RunInfo, error: unknown, checks: readonly CheckResult[]): Promise<void> {
    return recordFailedOwnRun(this.#loadContext(), run, error, checks)
  }

  dropOwnTable(name: string): Promise<void> {
    return this.#guarded(() => dropOwnTable(this.#loadContext().lock, name))
  }

  #loadContext(): LoadContext {
    if (this.#held === undefined) throw new Error('a load needs the run lock')
    const { log, clock = () => new Date(), onStep = () => {}, waitMs = 0 } = this.#options
    return { engine: this.#engine, lock: this.#held.lock, clock, log, onStep, waitMs }
  }

  async close(): Promise<void> {
    await this.#held?.lock.release()
    await this.#engine.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #guardedLoad(load: Load): Load {
    const publish = async (input: PublishInput) => {
      const result = await load.publish(input)
      this.#published = true
      return result
    }
    return {
      write: (table, batches) => this.#loading(() => load.write(table, batches)),
      writeByOthers: (table, fill) => this.#loading(() => load.writeByOthers(table, fill)),
      publish: (input) => this.#loading(() => publish(input)),
      abandon: (error) => load.abandon(error),
    }
  }

  /** Runs work outside of a load; after one, its errors say that the load is there. */
  #guarded<T>(work: () => Promise<T>): Promise<T> {
    return this.#translated(work).catch((error: unknown) => {
      throw this.#published ? afterPublish(error) : error
    })
  }

  /** Runs work of a load; its errors say that nothing was published. */
  #loading<T>(work: () => Promise<T>): Promise<T> {
    return this.#translated(work).catch((error: unknown) => {
      throw beforePublish(error)
    })
  }

  /** Runs a read. What a run says of its load is worth some seconds of waiting for a database that is just being restarted. */
  #summing<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#published) return this.#guarded(work)
    const waitMs = Math.max(this.#options.waitMs ?? 0, minLookMs)
    return this.#guarded(() => waitUntilReachable(() => this.#translated(work), { waitMs, while: isDatabase }))
  }
}

const isDatabase = (error: unknown) => error instanceof AppError && error.kind === 'database'
