import type pg from 'pg'
import { AppError } from '../../../errors.ts'
import type { Db } from '../../schema/database.ts'
import { errorCode } from '../error-code.ts'
import type { Session } from '../types.ts'
import { Connection, kyselyOn } from './connection.ts'
import { ourNames } from './our-names.ts'
import { sqlState } from './sql-states.ts'
import { PostgresStaging } from './staging.ts'

/*
 * A load publishes on the very session that holds the run lock: a session that was lost has lost its lock, and cannot
 * publish.
 */

// Both keys of an advisory lock include the schema, so that two schemas of one database count as two databases.
const runLockKey = `hashtext('radio-plays run'), hashtext(current_schema())`

/** Query for the backend that holds the run lock: at most one. */
export const lockHolders = `select pid from pg_locks
  where locktype = 'advisory' and granted and objsubid = 2
    and (classid, objid) = (select r.a::bit(32)::int8::oid, r.b::bit(32)::int8::oid from (select ${runLockKey}) r(a, b))`

/** Postgres aborted our transaction in favour of another one; it can be repeated. */
const retried: readonly (string | undefined)[] = [sqlState.deadlockDetected, sqlState.serializationFailure]

/** Prepares a connection for a load, whatever limits the role has. */
export async function prepareSession(client: pg.Client): Promise<void> {
  // A load may take long; a wait for a lock may not.
  await client.query(`set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;
    set idle_session_timeout = 0; set work_mem = '64MB'; set maintenance_work_mem = '256MB'`)
  await client.query(`select set_config('lock_timeout', '60s', false) where current_setting('lock_timeout') = '0'`)
  // The server then releases our lock soon after this machine or process has died.
  await client.query(`set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3`)
  // Not every platform can detect during a statement that the client is gone.
  await client.query(`set client_connection_check_interval = '1s'`).catch(() => {})
}

export class PostgresSession implements Session {
  readonly db: Db
  readonly backendPid: number
  readonly staging: PostgresStaging
  readonly #client: pg.Client
  readonly #connection: Connection
  readonly #address: string

  constructor(client: pg.Client, backendPid: number, address: string) {
    this.#client = client
    this.#connection = Connection.of(client)
    this.#address = address
    this.backendPid = backendPid
    this.staging = new PostgresStaging(this.#connection, address)
    this.db = kyselyOn(this.#connection)
  }

  async claim(): Promise<'held' | 'taken'> {
    const { rows } = await this.#connection.query<{ held: boolean }>(
      `select pg_try_advisory_lock(${runLockKey}) as held`,
    )
    return rows[0]!.held ? 'held' : 'taken'
  }

  async unclaim(): Promise<void> {
    await this.#connection.query(`select pg_advisory_unlock(${runLockKey})`)
  }

  async isAlive(): Promise<boolean> {
    return await this.#connection.query('select 1').then(
      () => true,
      () => false,
    )
  }

  async evict(backendPid: number): Promise<void> {
    // Only if it still holds our lock: the pid may belong to another session by now.
    await this.#connection.query(`select pg_terminate_backend(pid) from (${lockHolders} and pid = $1) as holder`, [
      backendPid,
    ])
  }

  async transaction<T>(work: (db: Db) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#connection.query('begin')
      try {
        const result = await work(this.db)
        await this.#connection.query('commit')
        return result
      } catch (error) {
        await this.#connection.query('rollback').catch(() => {})
        if (errorCode(error) === sqlState.lockNotAvailable) throw await this.#blocked(error)
        if (attempt >= 3 || !retried.includes(errorCode(error))) throw error
      }
    }
  }

  /** The error that names the sessions whose locks we have waited for in vain. */
  async #blocked(error: unknown): Promise<unknown> {
    const { rows } = await this.#connection.query<{ pid: number; name: string; user: string }>(
      `select distinct a.pid, a.application_name as name, a.usename as user
       from pg_locks l join pg_stat_activity a on a.pid = l.pid join pg_class c on c.oid = l.relation
       where l.granted and l.pid <> pg_backend_pid() and l.mode <> 'AccessShareLock'
         and c.relnamespace = current_schema()::regnamespace and c.relname = any($1) order by a.pid`,
      [ourNames],
    )
    if (rows.length === 0) return error
    const who = rows.map(({ pid, name, user }) => `pid ${pid}, ${name || 'unnamed'}, user ${user}`).join('; ')
    return new AppError('database', `another session holds a lock on these tables (${who})`, {
      place: this.#address,
      remedy: 'end it, or wait for it, then run again',
      cause: error,
    })
  }

  async tidy(): Promise<void> {
    // The planner has no statistics of the tables of a first load, and autovacuum would collect them later.
    await this.#connection.query('analyze plays, artist_names, song_names, artists, songs')
  }

  async close(): Promise<void> {
    await this.staging.drop().catch(() => {})
    await this.#client.end().catch(() => {})
  }
}
