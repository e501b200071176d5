import { access, constants, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { sql } from 'kysely'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Engine } from './engine/types.ts'
import { parseDatabaseUrl } from './engine/url.ts'
import { assertNotRunning } from './lock/run-lock.ts'
import { pending } from './migrations/migrate.ts'
import { guardOf, openEngine } from './open.ts'

/** How a database stands, found out without changing it. */
export interface DatabaseHealth {
  readonly kind: 'sqlite' | 'postgres'
  readonly address: string
  /** `SQLite 3.53.1`, `PostgreSQL 17.6`; null where there is no database yet. */
  readonly version: string | null
  /** Whether a job may write there; if not, why. */
  readonly writable: { readonly is: boolean; readonly why: string }
  /** `absent`: SQLite makes the file at the first run; `refused`: of a newer version, or another program's. */
  readonly schema:
    | { readonly is: 'absent' | 'current' }
    | { readonly is: 'pending'; readonly migrations: readonly string[] }
    | { readonly is: 'refused'; readonly error: AppError }
  /** `stale`: of a run that is dead; the next run takes it over. */
  readonly lock: { readonly is: 'free' | 'unknown' } | { readonly is: 'held' | 'stale'; readonly by: string }
  /** Only SQLite tells; `unchecked` where it would take too long. */
  readonly integrity: { readonly is: 'ok' | 'unchecked' } | { readonly is: 'damaged'; readonly first: string }
  readonly bytes: number | null
  /** How far the clock of the database is ahead of ours, in ms; null for SQLite, which has none of its own. */
  readonly clockAheadMs: number | null
  /** ISO 8601, UTC; null: no run has ended yet. */
  readonly lastRunFinishedAt: string | null
}

export interface HealthOptions {
  readonly log: Logger
  /** SQLite files above this are not read through. Default: 1 GB, which takes about two seconds. */
  readonly maxCheckedBytes?: number
}

/**
 * Looks at a database through a connection that cannot write.
 *
 * *Errors:* AppError as `openReadOnly` where it cannot be opened at all; everything else is part of the answer.
 */
export async function databaseHealth(url: string, options: HealthOptions): Promise<DatabaseHealth> {
  const parsed = parseDatabaseUrl(url)
  const file = parsed.kind === 'sqlite' ? resolve(parsed.path) : null
  const bytes =
    file === null
      ? null
      : await stat(file).then(
          (found) => found.size,
          () => null,
        )
  if (file !== null && bytes === null) {
    return {
      kind: 'sqlite',
      address: parsed.kind === 'sqlite' ? parsed.path : '',
      version: null,
      writable: await writableFile(file),
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
    return await guardOf(engine)(() => examine(engine, file, bytes, options))
  } finally {
    await engine.close()
  }
}

async function examine(
  engine: Engine,
  file: string | null,
  bytes: number | null,
  options: HealthOptions,
): Promise<DatabaseHealth> {
  const schema = await schemaOf(engine)
  const ours = schema.is === 'current'
  const tooLarge = (bytes ?? 0) > (options.maxCheckedBytes ?? 1e9)
  return {
    kind: engine.kind,
    address: engine.address,
    version: await versionOf(engine),
    writable: file === null ? await writablePostgres(engine) : await writableFile(file),
    schema,
    lock: ours ? await lockOf(engine) : { is: schema.is === 'pending' ? 'unknown' : 'free' },
    integrity: file === null || tooLarge ? { is: 'unchecked' } : await quickCheck(engine),
    bytes,
    clockAheadMs: file === null ? await clockAhead(engine) : null,
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

async function versionOf(engine: Engine): Promise<string> {
  const ask =
    engine.kind === 'sqlite'
      ? sql<{ v: string }>`select sqlite_version() as v`
      : sql<{ v: string }>`show server_version`
  const { rows } = await ask.execute(engine.db)
  const version = String(Object.values(rows[0] ?? {})[0])
  return `${engine.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'} ${version.split(' ')[0]}`
}

/** The file, or where it is not there yet the nearest folder above it, as the first run would find it. */
async function writableFile(file: string): Promise<{ is: boolean; why: string }> {
  const may = (path: string) =>
    access(path, constants.W_OK).then(
      () => true,
      () => false,
    )
  const there = (path: string) =>
    access(path, constants.F_OK).then(
      () => true,
      () => false,
    )
  if ((await there(file)) && !(await may(file))) return { is: false, why: `no right to write ${file}` }
  // SQLite keeps two more files beside the database.
  let folder = dirname(file)
  while (!(await there(folder)) && dirname(folder) !== folder) folder = dirname(folder)
  return (await may(folder)) ? { is: true, why: '' } : { is: false, why: `no right to write into ${folder}` }
}

async function writablePostgres(engine: Engine): Promise<{ is: boolean; why: string }> {
  const { rows } = await sql<{ name: string | null; creates: boolean | null; standby: boolean }>`
    select current_schema() as name, has_schema_privilege(current_schema(), 'CREATE') as creates,
      pg_is_in_recovery() as standby`.execute(engine.db)
  const { name, creates, standby } = rows[0]!
  if (standby) return { is: false, why: 'the server is a standby, which can only be read' }
  if (name === null) return { is: false, why: 'no schema of search_path exists' }
  return creates === true ? { is: true, why: '' } : { is: false, why: `no right to create tables in schema ${name}` }
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

async function quickCheck(engine: Engine): Promise<DatabaseHealth['integrity']> {
  const { rows } = await sql<Record<string, string>>`pragma quick_check(1)`.execute(engine.db)
  const lines = String(Object.values(rows[0] ?? {})[0]).split('\n')
  const first = lines.find((line) => !line.startsWith('***')) ?? ''
  return first === 'ok' ? { is: 'ok' } : { is: 'damaged', first }
}

async function clockAhead(engine: Engine): Promise<number> {
  const { rows } = await sql<{ ms: number }>`select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(
    engine.db,
  )
  return Math.round(Number(rows[0]!.ms) - Date.now())
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
