import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Selectable } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { Engine, Session } from '../engine/types.ts'
import type { Db, RunLockTable } from '../schema/database.ts'
import { isOfEarlierBoot, processState, thisProcess } from './process-identity.ts'

/** Who wants to run: what a second run is told about the first. */
export interface Holder {
  readonly runId: string
  /** As users know it: `job:aggregate`. */
  readonly job: string
}

/** The run lock while it is held. */
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
    // Not judged by the boot of its host: a server's clients may be two machines of one name.
    if (row === undefined || isAlive(row, { shared: true }) || performance.now() > deadline) throw locked(engine, row)
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

/** @param shared whether other machines reach this database, one of which may have the name of this one. */
function isAlive(row: Row, { shared = false } = {}): boolean {
  const state = processState(row)
  if (state !== 'unknown') return state === 'alive'
  // The same machine after a restart: nothing of then is alive.
  if (!shared && isOfEarlierBoot(row)) return false
  return Date.now() - Date.parse(row.heartbeat_at) < silentForMs
}
