import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Selectable } from 'kysely'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Engine, Session } from './engine.ts'
import type { Db, RunLockTable } from './schema.ts'

/** Who wants to run: what a second run is told about the first. */
export interface Holder {
  readonly runId: string
  /** As users know it: `job:aggregate`. */
  readonly job: string
}

export interface Lock {
  readonly runId: string
  /** Gives the database free; safe to call twice. */
  release(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The lock as load.ts uses it: with its session, and the proof that it still is ours. */
export interface HeldLock extends Lock {
  readonly session: Session
  readonly released: boolean
  /**
   * Throws AppError `locked` if somebody took the lock over. Called inside the publishing transaction, it makes a wrong
   * judgement about who is dead harmless: the one who lost the lock cannot publish.
   */
  assertHeld(db: Db): Promise<void>
}

type Row = Selectable<RunLockTable>

const heartbeatMs = 20_000
/** A holder on another machine or in another container can only be judged by its heartbeat. */
const silentForMs = 180_000
/** How long the backend of a dead holder may take to notice. */
const evictionMs = 10_000

/**
 * Takes the run lock of a database, or says at once who has it.
 *
 * The row in `run_lock` names the holder. On Postgres a session's advisory lock decides and the row only explains; on
 * SQLite the row decides. A holder of this machine is dead if no process has its pid and start time; one of another
 * machine (or container) if its heartbeat is three minutes old.
 * *Errors:* AppError `locked` with pid, host and start time.
 */
export async function takeLock(engine: Engine, holder: Holder, log: Logger): Promise<HeldLock> {
  const session = await engine.openSession()
  try {
    const row = await claim(engine, session, holder, log)
    return heldLock(engine, session, row, log)
  } catch (error) {
    await session.close()
    throw error
  }
}

async function claim(engine: Engine, session: Session, holder: Holder, log: Logger): Promise<Row> {
  const deadline = performance.now() + evictionMs
  for (;;) {
    const claimed = await session.claim()
    if (claimed !== 'taken') return writeRow(engine, session, holder, claimed === 'held', log)
    const row = await currentRow(engine.db)
    // The advisory lock may be held by a backend that has not noticed yet that its client was killed.
    if (row === undefined || isAlive(row) || performance.now() > deadline) throw locked(engine, row)
    if (row.backend_pid !== null) await session.evict(row.backend_pid)
    await sleep(50)
  }
}

async function writeRow(engine: Engine, session: Session, holder: Holder, held: boolean, log: Logger): Promise<Row> {
  const now = new Date().toISOString()
  const row: Row = {
    id: 1,
    token: randomUUID(),
    run_id: holder.runId,
    job: holder.job,
    ...thisProcess(),
    started_at: now,
    heartbeat_at: now,
    backend_pid: session.backendPid,
  }
  let previous: Row | undefined
  const write = async (db: Db) => {
    previous = await currentRow(db)
    if (previous !== undefined && !held && isAlive(previous)) throw locked(engine, previous)
    await db.deleteFrom('run_lock').execute()
    await db.insertInto('run_lock').values(row).execute()
  }
  try {
    // Somebody who publishes right now holds the write lock for longer than "at once".
    await session.transaction(write, 500)
  } catch (error) {
    const other = error instanceof AppError ? undefined : await currentRow(engine.db).catch(() => undefined)
    throw other !== undefined && isAlive(other) ? locked(engine, other) : error
  }
  if (previous !== undefined) {
    const { pid, host, started_at: startedAt, run_id: runId } = previous
    log.warn('lock of a dead run taken over', { pid, host, startedAt, runId })
  }
  return row
}

/**
 * Throws AppError `locked` if a run is working on this database, as far as the row tells; for those that change the
 * schema, who come and go too quickly to need the lock themselves.
 */
export async function assertNotRunning(engine: Engine, db: Db): Promise<void> {
  const row = await currentRow(db)
  if (row !== undefined && isAlive(row)) throw locked(engine, row)
}

function heldLock(engine: Engine, session: Session, row: Row, log: Logger): HeldLock {
  let released: Promise<void> | undefined
  const heartbeat = setInterval(() => {
    session.db
      .updateTable('run_lock')
      .set({ heartbeat_at: new Date().toISOString() })
      .where('token', '=', row.token)
      .execute()
      .catch((error: unknown) => log.debug('heartbeat of the run lock failed', { error }))
  }, heartbeatMs)
  heartbeat.unref()
  const release = async () => {
    clearInterval(heartbeat)
    try {
      await session.db.deleteFrom('run_lock').where('token', '=', row.token).execute()
      await session.unclaim()
    } catch (error) {
      // A lock that cannot be given back is that of a dead process as soon as this one has ended.
      log.debug('run lock not given back', { error })
    } finally {
      await session.close()
    }
  }
  return {
    runId: row.run_id,
    session,
    get released() {
      return released !== undefined
    },
    async assertHeld(db) {
      const current = await currentRow(db)
      if (current?.token !== row.token) throw locked(engine, current)
    },
    release() {
      released ??= release()
      return released
    },
    [Symbol.asyncDispose]() {
      return this.release()
    },
  }
}

async function currentRow(db: Db): Promise<Row | undefined> {
  return db.selectFrom('run_lock').selectAll().executeTakeFirst()
}

function locked(engine: Engine, row: Row | undefined): AppError {
  const who =
    row === undefined
      ? 'another run'
      : `another run (${row.job}, pid ${row.pid} on ${row.host}, started ${row.started_at})`
  return new AppError('locked', `${who} is working on this database`, {
    place: engine.address,
    remedy: 'wait until it has ended, or name another database in DATABASE_URL',
  })
}

interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  readonly host_id: string
  readonly process_started: string
}

function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), host_id: hostId(), process_started: processStart(process.pid) ?? '' }
}

/** Boot and process namespace where the system tells them: a pid means nothing outside these. */
function hostId(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

/**
 * When a process of this machine was started, in whatever form its system counts; undefined: there is none with this pid;
 * empty: there is, but this system does not say since when.
 */
function processStart(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      // The name in parentheses may hold anything; the state follows it, the start time is the 20th field after that.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]!
    } catch {
      return undefined
    }
  }
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

function isAlive(row: Row): boolean {
  const here = { host: hostname(), id: hostId() }
  if (row.host === here.host && row.host_id === here.id) {
    const start = processStart(row.pid)
    return start !== undefined && (start === row.process_started || start === '' || row.process_started === '')
  }
  // The same machine after a restart: nothing of then is alive.
  const boot = (id: string) => id.split(' ')[0]
  if (row.host === here.host && row.host_id !== '' && here.id !== '' && boot(row.host_id) !== boot(here.id))
    return false
  return Date.now() - Date.parse(row.heartbeat_at) < silentForMs
}
