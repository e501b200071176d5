import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { databaseOf, guardOf, openEngine } from './engine/databases.ts'
import type { Engine, EngineHealth } from './engine/types.ts'
import { assertNotRunning } from './lock/run-lock.ts'
import { pending } from './migrations/migrate.ts'

/** The condition of a database, found out without changing it. */
export interface DatabaseHealth extends Omit<EngineHealth, 'version'> {
  readonly address: string
  /** `SQLite 3.53.1`, `PostgreSQL 17.6`; null if the database does not exist yet. */
  readonly version: string | null
  /** `absent`: SQLite creates the file at the first run; `refused`: a newer version or another program uses it. */
  readonly schema:
    | { readonly is: 'absent' | 'current' }
    | { readonly is: 'pending'; readonly migrations: readonly string[] }
    | { readonly is: 'refused'; readonly error: AppError }
  /** `stale`: the run that took it is dead; the next run takes it over. */
  readonly lock: { readonly is: 'free' | 'unknown' } | { readonly is: 'held' | 'stale'; readonly by: string }
  /** ISO 8601, UTC; null if no run has ended yet. */
  readonly lastRunFinishedAt: string | null
}

/** How closely a database is examined. */
export interface HealthOptions {
  readonly log: Logger
  /** Larger SQLite files are not checked for damage. Default: 1 GB, which takes about two seconds. */
  readonly maxCheckedBytes?: number
}

/**
 * Examines a database through a connection that cannot write.
 *
 * *Errors:* AppError as `openReadOnly` if it cannot be opened; every other problem is part of the result.
 */
export async function databaseHealth(url: string, options: HealthOptions): Promise<DatabaseHealth> {
  const absent = await databaseOf(url).absent(url)
  if (absent !== undefined) {
    return {
      ...absent,
      version: null,
      schema: { is: 'absent' },
      lock: { is: 'free' },
      integrity: { is: 'ok' },
      bytes: null,
      clockAheadMs: null,
      lastRunFinishedAt: null,
    }
  }
  const engine = await openEngine(url, { log: options.log, readOnly: true })
  try {
    return await guardOf(engine)(() => examine(engine, options.maxCheckedBytes ?? 1e9))
  } finally {
    await engine.close()
  }
}

async function examine(engine: Engine, maxCheckedBytes: number): Promise<DatabaseHealth> {
  const schema = await schemaOf(engine)
  const ours = schema.is === 'current'
  return {
    address: engine.address,
    ...(await engine.health(maxCheckedBytes)),
    schema,
    lock: ours ? await lockOf(engine) : { is: schema.is === 'pending' ? 'unknown' : 'free' },
    lastRunFinishedAt: ours ? await lastRunOf(engine) : null,
  }
}

async function schemaOf(engine: Engine): Promise<DatabaseHealth['schema']> {
  try {
    const due = await pending(engine, engine.db)
    return due.length === 0 ? { is: 'current' } : { is: 'pending', migrations: due }
  } catch (error) {
    if (error instanceof AppError) return { is: 'refused', error }
    throw error
  }
}

async function lockOf(engine: Engine): Promise<DatabaseHealth['lock']> {
  const row = await engine.db.selectFrom('run_lock').selectAll().executeTakeFirst()
  if (row === undefined) return { is: 'free' }
  const by = `${row.job}, pid ${row.pid} on ${row.host}, started ${row.started_at}`
  try {
    await assertNotRunning(engine, engine.db)
    return { is: 'stale', by }
  } catch (error) {
    if (error instanceof AppError && error.kind === 'locked') return { is: 'held', by }
    throw error
  }
}

async function lastRunOf(engine: Engine): Promise<string | null> {
  const row = await engine.db
    .selectFrom('runs')
    .select('finished_at')
    .orderBy('finished_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.finished_at ?? null
}
