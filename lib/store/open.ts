import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { type Reader, type RunRecord, readerOn, type Totals } from './browse/reader.ts'
import { type Guard, guardOf, openEngine } from './engine/databases.ts'
import type { Engine } from './engine/types.ts'
import { waitUntilReachable } from './engine/wait-until-reachable.ts'
import { rememberKysely } from './kysely-of.ts'
import { type Load, minLookMs, type RunInfo, startLoad } from './load/load.ts'
import { type HeldLock, type Holder, type Lock, takeLock } from './lock/run-lock.ts'
import { migrate, pending } from './migrations/migrate.ts'
import type { Relation } from './schema/relations.ts'

export interface StoreOptions {
  readonly log: Logger
  /** What the store calls now in created_at, updated_at and `runs`; default: the system's clock. */
  readonly clock?: () => Date
  /** Called with a name at every step of a publish; for tests that end the process there. */
  readonly onStep?: (step: string) => void
  /** How long `recover` waits for a database that has dropped our session; default: not at all. */
  readonly waitMs?: number
}

/** A database that can be read only; nothing that is done through it can change it. */
export interface ReadOnlyStore extends AsyncDisposable {
  /** For people and logs: a path, or host and database name, never a secret. */
  readonly address: string
  /** Runs `work` on one frozen state: whatever is published meanwhile, all it reads belongs together. */
  snapshot<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  lastRun(): Promise<RunRecord | null>
  counts(): Promise<Readonly<Record<Relation, number>>>
  totals(): Promise<Totals>
  close(): Promise<void>
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
}

/**
 * Opens a database (`sqlite:PATH`, made if missing, or `postgres://…`) and brings its schema up to date.
 *
 * *Errors:* AppError `usage` (malformed address, database newer than this code: left untouched), `database` (everything
 * else: not reachable, no rights, damaged, another program's).
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const engine = await openEngine(url, { log: options.log })
  // Once a load is there, no error may sound as if it were not.
  let published = false
  const plain = guardOf(engine)
  const guard: Guard = (work) =>
    plain(work).catch((error: unknown) => {
      throw published ? afterPublish(error) : error
    })
  try {
    await guard(() => migrate(engine, options.log))
  } catch (error) {
    await engine.close()
    throw error
  }
  const clock = options.clock ?? (() => new Date())
  const waitMs = options.waitMs ?? 0
  let held: HeldLock | undefined
  let holder: Holder | undefined
  const loading: Guard = (work) =>
    plain(work).catch((error: unknown) => {
      throw beforePublish(error)
    })
  // What a run says of its load is worth some seconds of waiting for a database that is just being restarted.
  const patiently: Guard = (work) =>
    guard(() =>
      published
        ? waitUntilReachable(() => plain(work), { waitMs: Math.max(waitMs, minLookMs), while: isDatabase })
        : work(),
    )
  const store: Store = {
    ...reads(engine, patiently),

    lock(by) {
      return guard(async () => {
        held = await takeLock(engine, by, options.log)
        holder = by
        return held
      })
    },

    recover(error, signal) {
      return loading(async () => {
        if (held === undefined || holder === undefined) return false
        if (error instanceof AppError && error.published === 'unknown') return false
        if (await held.session.isAlive()) return false
        if (waitMs === 0) throw sessionLost(engine, error)
        options.log.warn('the database has dropped our session; waiting for it', { database: engine.address })
        await held.release()
        const by = holder
        held = await waitUntilReachable(() => takeLock(engine, by, options.log), { waitMs, signal })
        return true
      })
    },

    startLoad(run) {
      return loading(async () => {
        if (held === undefined) throw new Error('a load needs the run lock')
        published = false
        const onStep = options.onStep ?? (() => {})
        const load = await startLoad({ engine, lock: held, clock, log: options.log, onStep, waitMs }, run)
        const guarded: Load = {
          write: (table, batches) => loading(() => load.write(table, batches)),
          writeByOthers: (table, fill) => loading(() => load.writeByOthers(table, fill)),
          publish: (input) =>
            loading(async () => {
              const result = await load.publish(input)
              published = true
              return result
            }),
          abandon: (error) => load.abandon(error),
        }
        return guarded
      })
    },

    async close() {
      await held?.release()
      await engine.close()
    },

    [Symbol.asyncDispose]: () => store.close(),
  }
  rememberKysely(store, engine)
  return store
}

function sessionLost(engine: Engine, cause: unknown): AppError {
  return new AppError('database', 'the connection to Postgres was lost in the middle of the load', {
    place: engine.address,
    remedy: 'run again when the server is back (DATABASE_WAIT=60 waits a minute for it); nothing was published',
    cause,
    published: 'no',
  })
}

/** An error of the database in the middle of a load, which then has published nothing. */
function beforePublish(error: unknown): unknown {
  if (!(error instanceof AppError) || error.published !== undefined) return error
  if (error.kind !== 'database' && error.kind !== 'check') return error
  const { kind, message, place, remedy } = error
  const nothing = 'nothing was published'
  return new AppError(kind, message, {
    place,
    remedy: remedy === undefined ? nothing : `${remedy}; ${nothing}`,
    cause: error,
    published: 'no',
  })
}

const isDatabase = (error: unknown) => error instanceof AppError && error.kind === 'database'

/** An error of the database after a load: its tables are there all the same. */
function afterPublish(error: unknown): unknown {
  if (!(error instanceof AppError) || error.kind !== 'database') return error
  return new AppError('database', `the load was published, but not summed up: ${error.message}`, {
    place: error.place,
    remedy: 'the tables are complete; npm run stats shows them when the database answers again',
    cause: error,
    published: 'yes',
  })
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
  return reads(engine)
}

function reads(engine: Engine, guard = guardOf(engine)): ReadOnlyStore {
  const snapshot: ReadOnlyStore['snapshot'] = (work) => guard(() => engine.snapshot((state) => work(readerOn(state))))
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
