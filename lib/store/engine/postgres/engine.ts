import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import { AppError } from '../../../errors.ts'
import type { Logger } from '../../../log.ts'
import type { Database, Db } from '../../schema/database.ts'
import { errorCode } from '../error-code.ts'
import type { Engine, EngineHealth, OpenOptions, Ownership, Session, Snapshot } from '../types.ts'
import { assertOwnSession, connect, withTls } from './connect.ts'
import { Connection, kyselyOn, kyselyOver } from './connection.ts'
import { dialect } from './dialect.ts'
import { explainPostgres } from './errors.ts'
import { postgresHealth } from './health.ts'
import { ourNames } from './our-names.ts'
import { makeReadingRole } from './reading-role.ts'
import { lockHolders, PostgresSession, prepareSession } from './session.ts'
import { snapshotOn } from './snapshot.ts'
import { sqlState } from './sql-states.ts'
import { numberParser } from './values.ts'

const minVersion = 150_000
const connectTimeoutMs = 10_000

// Both keys of an advisory lock include the schema, so that two schemas of one database count as two databases.
const migrationLockKey = `hashtext('radio-plays migration'), hashtext(current_schema())`

/**
 * Opens a Postgres database.
 *
 * @param address the URL without its secrets, for messages.
 * *Errors:* AppError `usage` for unreadable certificate files, `database` if the server does not answer or does not suit.
 */
export async function openPostgres(url: string, address: string, options: OpenOptions): Promise<Engine> {
  const { log, readOnly = false } = options
  const config: pg.PoolConfig = {
    connectionString: withTls(url),
    application_name: 'radio-plays',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types: { getTypeParser: numberParser as pg.CustomTypesConfig['getTypeParser'] },
    ...(readOnly ? { options: '-c default_transaction_read_only=on' } : {}),
  }
  const engine = new PostgresEngine(config, address, log)
  try {
    await assertUsable(engine.db, address)
    return engine
  } catch (error) {
    await engine.close().catch(() => {})
    // Poolers refuse settings at the start. Reading works without: every snapshot is a read-only transaction by itself.
    if (readOnly && errorCode(error) === sqlState.protocolViolation) {
      return await openPostgres(url, address, { log })
    }
    throw explainPostgres(error, address) ?? error
  }
}

class PostgresEngine implements Engine {
  readonly dialect = dialect
  readonly address: string
  readonly db: Db
  readonly #config: pg.PoolConfig
  readonly #log: Logger
  readonly #pool: pg.Pool

  constructor(config: pg.PoolConfig, address: string, log: Logger) {
    this.#config = config
    this.address = address
    this.#log = log
    this.#pool = new pg.Pool({ ...config, max: 4 })
    // The next query replaces an idle connection that breaks; without a listener it would end the process.
    this.#pool.on('error', (error) => log.debug('idle database connection lost', { error }))
    // A connection that breaks in use fails its query only.
    this.#pool.on('connect', (client) => Connection.of(client))
    this.db = kyselyOver(() => this.#acquire(), release)
  }

  async #acquire(): Promise<Connection> {
    return Connection.of(await this.#pool.connect())
  }

  async ownership(): Promise<Ownership> {
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = current_schema() and c.relkind in ('r', 'v', 'm', 'p', 'f')`.execute(this.db)
    const names = new Set(rows.map((row) => row.name))
    if (names.has('store_migration')) return { is: 'ours' }
    // We may share a schema with other programs, unless they use our names.
    const taken = ourNames.find((name) => names.has(name))
    return taken === undefined ? { is: 'empty' } : { is: 'foreign', sign: `it has a table named ${taken}` }
  }

  async exclusively<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
    const client = await connect(this.#config)
    const connection = Connection.of(client)
    try {
      await assertOwnSession(client, this.#config, this.address)
      await connection.query(`select pg_advisory_lock(${migrationLockKey})`)
      return await work(kyselyOn(connection))
    } finally {
      await client.end().catch(() => {})
    }
  }

  prepareForReaders(): Promise<void> {
    return makeReadingRole(this.db, (work) => this.exclusively(work))
  }

  async openSession(): Promise<Session> {
    const client = await connect(this.#config)
    client.on('error', (error) => this.#log.debug('database session lost', { error }))
    try {
      await assertOwnSession(client, this.#config, this.address)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    await prepareSession(client)
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return new PostgresSession(client, rows[0]!.pid, this.address)
  }

  async hasEnded(session: Session): Promise<boolean> {
    const { rows } = await sql`${sql.raw(lockHolders)} and pid = ${session.backendPid}`.execute(this.db)
    return rows.length === 0
  }

  async snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const connection = await this.#acquire()
    let broken = true
    try {
      await connection.query('begin transaction isolation level repeatable read, read only')
      const result = await work(snapshotOn(connection))
      await connection.query('rollback')
      broken = false
      return result
    } finally {
      release(connection, broken)
    }
  }

  health(): Promise<EngineHealth> {
    return postgresHealth(this.db)
  }

  explain(error: unknown): AppError | undefined {
    return explainPostgres(error, this.address)
  }

  async close(): Promise<void> {
    await this.db.destroy()
    if (!this.#pool.ended) await this.#pool.end()
  }
}

/** Returns a connection to the pool; one in an unknown state is closed instead. */
function release(used: Connection, broken = false): void {
  const client = used.client as pg.PoolClient
  client.release(broken || used.isLost)
}

async function assertUsable(db: Db, address: string): Promise<void> {
  const { rows } = await sql<{ version: number; name: string; encoding: string; schema: string | null }>`
    select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
      current_setting('server_encoding') as encoding, current_schema() as schema`.execute(db)
  const { version, name, encoding, schema } = rows[0]!
  const fail = (message: string, remedy: string) => new AppError('database', message, { place: address, remedy })
  if (version < minVersion) throw fail(`this is Postgres ${name}`, 'Postgres 15 or later is needed')
  if (encoding !== 'UTF8') {
    throw fail(
      `this database stores text as ${encoding}`,
      `create one with: createdb --encoding=UTF8 --template=template0`,
    )
  }
  if (schema === null)
    throw fail('this user sees no schema in this database', 'create schema public, or set search_path')
}
