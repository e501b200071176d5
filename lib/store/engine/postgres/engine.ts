import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import Cursor from 'pg-cursor'
import { AppError } from '../../../errors.ts'
import type { Logger } from '../../../log.ts'
import type { Db } from '../../schema/database.ts'
import { type ColumnKind, quote, type TableShape } from '../../schema/tables.ts'
import type { ColumnBatch } from '../column-batch.ts'
import type { Engine, Ownership, Session, SharedStaging, Snapshot } from '../types.ts'
import { assertOwnSession, connect, withTls } from './connect.ts'
import { Connection, ConnectionLost, kyselyOver } from './connection.ts'

/*
 * All that is particular to Postgres, 15 and later.
 *
 * A load copies into unlogged staging tables (`stg_<run>_<table>`) and publishes on the very session that holds the run
 * lock: a session that was lost has lost its lock, and cannot publish.
 */

const oldestVersion = 150_000
const connectTimeoutMs = 10_000
/** Bytes of COPY text in one chunk. */
const chunkLength = 1 << 16

// Both keys of an advisory lock carry the schema, so that two schemas of one database are two databases.
const runLockKey = `hashtext('radio-plays run'), hashtext(current_schema())`
const migrationLockKey = `hashtext('radio-plays migration'), hashtext(current_schema())`

/** The backends that hold the run lock: one, or none. */
const holders = `select pid from pg_locks
  where locktype = 'advisory' and granted and objsubid = 2
    and (classid, objid) = (select r.a::bit(32)::int8::oid, r.b::bit(32)::int8::oid from (select ${runLockKey}) r(a, b))`

export async function openPostgres(
  url: string,
  options: { readonly address: string; readonly log: Logger; readonly readOnly?: boolean },
): Promise<Engine> {
  const { address, log } = options
  const config: pg.PoolConfig = {
    connectionString: withTls(url),
    application_name: 'radio-plays',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types: { getTypeParser: numberParser as pg.CustomTypesConfig['getTypeParser'] },
    ...(options.readOnly === true ? { options: '-c default_transaction_read_only=on' } : {}),
  }
  const pool = new pg.Pool({ ...config, max: 4 })
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on('error', (error) => log.debug('idle database connection lost', { error }))
  // One that breaks in use is the error of its query, and of nothing else.
  pool.on('connect', (client) => Connection.of(client))
  const acquire = async () => Connection.of(await pool.connect())
  // A connection in an unknown state is closed, not given to the next.
  const release = (used: Connection, broken = false) => (used.client as pg.PoolClient).release(broken || used.isLost)
  const db = kyselyOver(acquire, release)
  const engine: Engine = {
    kind: 'postgres',
    address,
    db,

    async ownership(): Promise<Ownership> {
      const { rows } = await sql<{ name: string }>`
        select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = current_schema() and c.relkind in ('r', 'v', 'm', 'p', 'f')`.execute(db)
      const names = new Set(rows.map((row) => row.name))
      if (names.has('store_migration')) return { is: 'ours' }
      // A schema may be shared with others, as long as nobody has our names.
      const taken = ourNames.find((name) => names.has(name))
      return taken === undefined ? { is: 'empty' } : { is: 'foreign', sign: `it has a table named ${taken}` }
    },

    async exclusively(work) {
      const client = await connect(config)
      const connection = Connection.of(client)
      try {
        await assertOwnSession(client, config, address)
        await connection.query(`select pg_advisory_lock(${migrationLockKey})`)
        return await work(kyselyOn(connection))
      } finally {
        await client.end().catch(() => {})
      }
    },

    async openSession() {
      const client = await connect(config)
      client.on('error', (error) => log.debug('database session lost', { error }))
      try {
        await assertOwnSession(client, config, address)
      } catch (error) {
        await client.end().catch(() => {})
        throw error
      }
      await prepareSession(client)
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      return new PostgresSession(client, rows[0]!.pid, address)
    },

    async isOver(session) {
      const { rows } = await sql`${sql.raw(holders)} and pid = ${session.backendPid}`.execute(db)
      return rows.length === 0
    },

    async snapshot(work) {
      const connection = await acquire()
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
    },

    explain: (error) => explainPostgres(error, address),

    async close() {
      await db.destroy()
      if (!pool.ended) await pool.end()
    },
  }
  try {
    await assertUsable(db, address)
    return engine
  } catch (error) {
    await engine.close().catch(() => {})
    // Poolers refuse settings at the start. Reading does without: every snapshot is a read-only transaction by itself.
    if (options.readOnly === true && /startup parameter/.test(String(error))) {
      return await openPostgres(url, { address, log })
    }
    throw explainPostgres(error, address) ?? error
  }
}

const ourNames = [
  ...['plays', 'quarantined_plays', 'artist_names', 'song_names', 'artists', 'songs', 'stations', 'plays_by_hour'],
  ...['artist_images', 'track_info', 'enrichment_lookup', 'enrichment_run', 'runs', 'run_lock'],
  ...['music_records', 'distinct_artists'],
]

async function assertUsable(db: Db, address: string): Promise<void> {
  const { rows } = await sql<{ version: number; name: string; encoding: string; schema: string | null }>`
    select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
      current_setting('server_encoding') as encoding, current_schema() as schema`.execute(db)
  const { version, name, encoding, schema } = rows[0]!
  const fail = (message: string, remedy: string) => new AppError('database', message, { place: address, remedy })
  if (version < oldestVersion) throw fail(`this is Postgres ${name}`, 'Postgres 15 or later is needed')
  if (encoding !== 'UTF8') {
    throw fail(
      `this database stores text as ${encoding}`,
      `create one with: createdb --encoding=UTF8 --template=template0`,
    )
  }
  if (schema === null)
    throw fail('this user sees no schema in this database', 'create schema public, or set search_path')
}

async function prepareSession(client: pg.Client): Promise<void> {
  // Each may be limited for the role; a load takes as long as it takes, a wait for a lock does not.
  await client.query(`set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;
    set idle_session_timeout = 0; set work_mem = '64MB'; set maintenance_work_mem = '256MB'`)
  await client.query(`select set_config('lock_timeout', '60s', false) where current_setting('lock_timeout') = '0'`)
  // So that the server gives our lock free soon after this machine is gone or this process was killed.
  await client.query(`set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3`)
  // Not every platform can tell that a client is gone while a statement runs.
  await client.query(`set client_connection_check_interval = '1s'`).catch(() => {})
}

/** Kysely on one connection that we hold ourselves. */
function kyselyOn(connection: Connection): Db {
  return kyselyOver(
    async () => connection,
    () => {},
  )
}

class PostgresSession implements Session {
  readonly db: Db
  readonly backendPid: number
  readonly #client: pg.Client
  readonly #connection: Connection
  readonly #address: string
  #prefix = ''
  #staged: readonly TableShape[] = []

  constructor(client: pg.Client, backendPid: number, address: string) {
    this.#client = client
    this.#connection = Connection.of(client)
    this.#address = address
    this.backendPid = backendPid
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
    // Only if it still is the one that holds our lock: a pid may have been given to somebody else since.
    await this.#connection.query(`select pg_terminate_backend(pid) from (${holders} and pid = $1) as holder`, [
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
        if (codeOf(error) === '55P03') throw await this.#blocked(error)
        // Deadlock and serialization failure: Postgres chose us to give way, and asks to try again.
        if (attempt >= 3 || !['40P01', '40001'].includes(codeOf(error) ?? '')) throw error
      }
    }
  }

  /** Who holds locks on our tables, after we have waited for them in vain. */
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

  async createStaging(run: string, shapes: readonly TableShape[]): Promise<void> {
    const { rows } = await this.#connection.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = current_schema() and tablename ^@ 'stg_'`,
    )
    await this.#drop(rows.map(({ name }) => name))
    this.#prefix = `stg_${run}_`
    this.#staged = shapes
    for (const shape of shapes) await this.#create(this.staging(shape), shape)
  }

  async #create(table: string, shape: TableShape, more: readonly string[] = []): Promise<void> {
    const columns = shape.columns.map((c) => `${quote(c.name)} ${sqlType[c.kind]}${c.nullable ? '' : ' not null'}`)
    await this.#connection.query(
      `create unlogged table ${table} (${[...columns, ...more].join(', ')}) with (autovacuum_enabled = false)`,
    )
  }

  /** Drops tables of ours, after breaking off whoever still writes to them: executors of a load that is over. */
  async #drop(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.#breakOff(name)
      await this.#connection.query(`drop table if exists ${quote(name)}`)
    }
  }

  /** Ends the sessions that have written to a staging table and not committed. */
  async #breakOff(name: string): Promise<void> {
    await this.#connection.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join pg_class c on c.oid = l.relation
       where c.relname = $1 and c.relnamespace = current_schema()::regnamespace and l.pid <> pg_backend_pid()
         and l.mode = 'RowExclusiveLock' and l.granted
         and l.database = (select oid from pg_database where datname = current_database())`,
      [name],
    )
  }

  async openForOthers(shape: TableShape): Promise<SharedStaging> {
    const name = `${this.#prefix}in_${shape.name}`
    const partColumn = 'staged_part'
    await this.#create(quote(name), shape, [`${partColumn} integer not null`])
    const { rows } = await this.#connection.query<{ schema: string }>('select current_schema() as schema')
    return {
      table: `${quote(rows[0]!.schema)}.${quote(name)}`,
      partColumn,
      settle: () => this.#settle(shape, name, partColumn),
    }
  }

  /**
   * The table that others filled, in the place of the one that this session would have. From the rename on nobody else can
   * write to it: it waits for transactions that have begun to, and later ones find no table of that name.
   */
  async #settle(shape: TableShape, name: string, partColumn: string): Promise<number> {
    // Whoever has not committed by now was given up by Spark, which has another task's word for these rows.
    await this.#breakOff(name)
    const staging = this.staging(shape)
    await this.#connection.query(`drop table ${staging}`)
    await this.#connection.query(`alter table ${quote(name)} rename to ${staging}`)
    // Every attempt at a part is one transaction, and rows bear the number of theirs.
    const { rows: attempts } = await this.#connection.query<{ part: number; attempt: string; rows: number }>(
      `select ${partColumn} as part, xmin::text as attempt, count(*) as rows from ${staging} group by 1, 2 order by 1, 2`,
    )
    let total = 0
    const counted = new Map<number, number>()
    for (const { part, attempt, rows } of attempts) {
      const before = counted.get(part)
      if (before === undefined) {
        counted.set(part, rows)
        total += rows
      } else if (before === rows) {
        await this.#connection.query(`delete from ${staging} where ${partColumn} = $1 and xmin::text = $2`, [
          part,
          attempt,
        ])
      } else {
        throw new AppError('check', `a repeated task wrote ${rows} rows of ${shape.name} where there were ${before}`, {
          place: this.#address,
          remedy: 'run again',
        })
      }
    }
    return total
  }

  staging(shape: TableShape): string {
    return quote(this.#prefix + shape.name)
  }

  async bulkLoad(shape: TableShape, batches: AsyncIterable<ColumnBatch>): Promise<number> {
    const columns = shape.columns.map((column) => quote(column.name)).join(', ')
    const source: { failure?: { readonly error: unknown } } = {}
    const rows = await this.#connection.use(async (client) => {
      const copy = client.query(copyFrom(`copy ${this.staging(shape)} (${columns}) from stdin`))
      try {
        await pipeline(copyText(shape, noting(batches, source)), copy)
      } catch (error) {
        // The batches may come from another connection, which is the one that broke then.
        if (source.failure?.error !== error) throw error
      }
      return copy.rowCount
    })
    if (source.failure !== undefined) throw source.failure.error
    return rows
  }

  async finishStaging(shape: TableShape): Promise<void> {
    // The planner then joins by hash, for which no index is needed.
    await this.#connection.query(`analyze ${this.staging(shape)}`)
  }

  isDuplicateKey(error: unknown): boolean {
    return codeOf(error) === '23505'
  }

  async dropStaging(): Promise<void> {
    const staged = this.#staged
    this.#staged = []
    await this.#drop(staged.flatMap(({ name }) => [this.#prefix + name, `${this.#prefix}in_${name}`]))
  }

  async tidy(): Promise<void> {
    // A first load leaves tables that the planner knows nothing of; autovacuum would come to them later.
    await this.#connection.query('analyze plays, artist_names, song_names, artists, songs')
  }

  async close(): Promise<void> {
    await this.dropStaging().catch(() => {})
    await this.#client.end().catch(() => {})
  }
}

/** The batches as they are; what their source fails with is noted. */
async function* noting(
  batches: AsyncIterable<ColumnBatch>,
  source: { failure?: { readonly error: unknown } },
): AsyncGenerator<ColumnBatch, void, undefined> {
  try {
    yield* batches
  } catch (error) {
    source.failure = { error }
    throw error
  }
}

const sqlType: Readonly<Record<ColumnKind, string>> = {
  text: 'text collate "C"',
  int64: 'bigint',
  int32: 'integer',
  double: 'double precision',
}

/**
 * The batches in COPY's text format: tab between columns, newline after a row, `\N` for null.
 *
 * NUL is dropped: Postgres text cannot hold it.
 */
async function* copyText(
  shape: TableShape,
  batches: AsyncIterable<ColumnBatch>,
): AsyncGenerator<Buffer, void, undefined> {
  const last = shape.columns.length - 1
  for await (const batch of batches) {
    const columns = shape.columns.map((column) => batch.columns[batch.names.indexOf(column.name)]!)
    let text = ''
    for (let row = 0; row < batch.numRows; row += 1) {
      for (let c = 0; c <= last; c += 1) text += copyField(columns[c]![row]) + (c === last ? '\n' : '\t')
      if (text.length >= chunkLength) {
        yield Buffer.from(text)
        text = ''
      }
    }
    if (text !== '') yield Buffer.from(text)
  }
}

// The characters that COPY's text format reserves, and NUL, which Postgres text cannot hold.
const reserved = /[\\\t\n\r\0]/
const reservedAll = /[\\\t\n\r\0]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' }

function copyField(value: unknown): string {
  if (typeof value === 'string') return reserved.test(value) ? value.replace(reservedAll, (c) => escapes[c]!) : value
  if (value === null || value === undefined) return '\\N'
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
}

const int8 = 20
const int2 = 21
const int4 = 23
const float4 = 700
const float8 = 701
const numeric = 1700
const bool = 16

/** For queries: every number as number. Sums of bigint come as numeric. */
function numberParser(oid: number, format?: 'text' | 'binary'): unknown {
  return oid === int8 || oid === numeric ? Number : pg.types.getTypeParser(oid, format as 'text')
}

/** For streams and people's queries: integers as bigint, exactly, as SQLite gives them; what else there is as text. */
function exactParser(oid: number): (text: string) => unknown {
  switch (oid) {
    case int8:
    case int4:
    case int2:
      return BigInt
    case numeric:
      return (text) => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text))
    case float4:
    case float8:
      return Number
    case bool:
      return (text) => (text === 't' ? 1n : 0n)
    default:
      return (text) => text
  }
}

function snapshotOn(connection: Connection): Snapshot {
  /** Runs `work` on a cursor of its own, which nothing else of this snapshot comes between. */
  async function* withCursor<T>(
    text: string,
    work: (cursor: Cursor<unknown[]>) => AsyncGenerator<T>,
  ): AsyncGenerator<T> {
    const release = await connection.take()
    const cursor = connection.client.query(
      new Cursor<unknown[]>(text, [], { rowMode: 'array', types: { getTypeParser: exactParser as never } }),
    )
    try {
      yield* work(cursor)
    } catch (error) {
      throw connection.explain(error)
    } finally {
      // A connection that broke answers no good-bye.
      await Promise.race([cursor.close(), connection.ended])
      release()
    }
  }
  return {
    db: kyselyOn(connection),

    stream: (text, names, batchRows) =>
      withCursor(text, async function* (cursor) {
        for (;;) {
          const rows = await cursor.read(batchRows)
          if (rows.length === 0) return
          yield { numRows: rows.length, names, columns: names.map((_, c) => rows.map((row) => row[c])) }
        }
      }),

    async query(text, maxRows) {
      const answers = withCursor(text, async function* (cursor) {
        yield await new Promise<{ rows: unknown[][]; columns: string[] }>((resolve, reject) => {
          cursor.read(maxRows + 1, (error, found, result) => {
            if (error) reject(error)
            else resolve({ rows: found, columns: (result?.fields ?? []).map((field) => field.name) })
          })
        })
      })
      for await (const { rows, columns } of answers) {
        return { columns, rows: rows.slice(0, maxRows), more: rows.length > maxRows }
      }
      throw new Error('no answer')
    },
  }
}

function codeOf(error: unknown): string | undefined {
  const code = fieldsOf(error).code
  return typeof code === 'string' ? code : undefined
}

/** Errors of the system are no `Error` of ours where the code runs in a context of its own, as tests do. */
function fieldsOf(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
}

/**
 * The sentence for an error of driver, socket or server, never with the address's secrets; undefined for anything else.
 *
 * Errors of the caller's own files and pipes pass through here too (an export writes while it reads): of the system's
 * errors only those of connecting and receiving are the database's.
 */
export function explainPostgres(error: unknown, address: string): AppError | undefined {
  // Where a name has several addresses, the socket's errors come in a bundle.
  const { errors } = fieldsOf(error)
  const first = Array.isArray(errors) && errors.length > 0 ? errors[0] : error
  const { syscall, message } = fieldsOf(first)
  if (typeof syscall === 'string' && !/^(connect|getaddrinfo|queryA|read)/.test(syscall)) return undefined
  const code = codeOf(first)
  const text = typeof message === 'string' ? message : ''
  const fail = (message: string, remedy: string, kind: 'database' | 'check' = 'database') =>
    new AppError(kind, message, { place: address, remedy, cause: error })
  if (first instanceof ConnectionLost)
    return fail('the connection to Postgres was lost', 'run again when the server is back')
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return fail('no Postgres server answers there', 'start it, or correct host and port in DATABASE_URL')
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return fail('the host of the database is not known', 'correct the host in DATABASE_URL')
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return fail('the Postgres server cannot be reached', 'check host, port and firewall')
    case 'ECONNRESET':
    case '57P01':
    case '57P02':
    case '08006':
    case '08003':
      return fail('the connection to Postgres was lost', 'run again when the server is back')
    case '57P03':
      return fail('the Postgres server is starting or stopping', 'run again in a moment')
    case '28P01':
    case '28000':
      return fail('Postgres refused user or password', 'correct them in DATABASE_URL')
    case '3D000':
      return fail('this database does not exist', 'create it: createdb NAME')
    case '3F000':
      return fail('this user sees no schema to create tables in', 'create schema public, or set search_path')
    case '53300':
      return fail('the Postgres server has no connection free', 'close others, or raise max_connections')
    case '53100':
      return fail('the disk of the Postgres server is full', 'make room there')
    case '25006':
      return fail('this database is read-only', 'connect to the primary server, with a user that may write')
    case '42501':
      return fail(`this user lacks rights (${text})`, 'grant it all rights on the schema and its tables')
    case '55P03':
      return fail('another session holds a lock on these tables', 'end it (see pg_stat_activity), then run again')
    case '40P01':
    case '40001':
      return fail('other sessions kept the transaction from finishing', 'run again')
    case '57014':
      return fail('the statement was cancelled or took longer than the server allows', 'run again')
    case '23502': {
      const { table, column } = first as pg.DatabaseError
      const name = (table ?? '').replace(/^stg_[a-z0-9]+_/, '')
      return fail(
        `${name}.${column} is null in a row that was about to be loaded`,
        'please report it with the input',
        'check',
      )
    }
  }
  if (syscall === 'connect' || syscall === 'getaddrinfo') {
    return fail(`no connection to Postgres (${code})`, 'check host and port in DATABASE_URL')
  }
  if (first instanceof pg.DatabaseError)
    return fail(`Postgres refused a statement (${code}: ${text})`, 'run again with --debug')
  if (/timeout expired|timeout exceeded when trying to connect/.test(text)) {
    return fail('the Postgres server does not answer', 'check host, port and firewall')
  }
  if (/Connection terminated|connection error and is not queryable|Client has encountered a connection/.test(text)) {
    return fail('the connection to Postgres was lost', 'run again when the server is back')
  }
  if (/SASL|password must be a string/.test(text)) {
    return fail('Postgres asks for a password', 'give it in DATABASE_URL or DB_PASSWORD')
  }
  if (/does not support SSL|self[- ]signed|certificate/i.test(text)) {
    return fail(`no encrypted connection (${text})`, 'set sslmode in DATABASE_URL')
  }
  return undefined
}
