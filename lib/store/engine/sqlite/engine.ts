import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import BetterSqlite from 'better-sqlite3'
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'
import { AppError } from '../../../errors.ts'
import { makeFolders } from '../../../folders.ts'
import type { Database, Db } from '../../schema/database.ts'
import { type ColumnKind, quote, type TableShape } from '../../schema/tables.ts'
import type { ColumnBatch } from '../column-batch.ts'
import type { Engine, Ownership, Session, Snapshot } from '../types.ts'

/*
 * All that is particular to SQLite.
 *
 * One file in WAL mode: readers go on reading the old state while a publish writes the new one. Staging is a second file
 * beside it (`<database>-stg-<run>`), attached for the time of a load, with neither journal nor syncs: it holds nothing
 * that a crash could lose, the database neither grows nor is locked while a load writes, and what a dead run left is
 * one file to delete.
 */

type Handle = BetterSqlite.Database

/** "RPly", in the header of every database that we made (`PRAGMA application_id`, read by file(1) too). */
const applicationId = 0x52_50_6c_79

/** How long a transaction waits for another writer: a publish of ten million plays holds the write lock about that long. */
const busyTimeoutMs = 120_000

/** The same for single statements; this wait stops the whole process, so it is short. */
const statementTimeoutMs = 5_000

/**
 * Rows in one INSERT. Measured at 500,000 rows of 12 columns: one row a statement 210,000 rows/s, four 540,000,
 * ten 620,000, fifty 390,000 to 590,000; a JSON array through json_each 160,000.
 */
const rowsPerInsert = 10

/** File systems take 255 bytes; the staging file beside the database has 33 more in its name. */
const maxNameBytes = 200

/**
 * Opens a SQLite file without changing it; missing folders are made, a missing file is made empty.
 *
 * *Errors:* those of the driver; `explain` of the engine, or `explainSqlite`, makes sentences of them.
 */
export function openSqlite(path: string, options: { readonly readOnly?: boolean } = {}): Engine {
  const readOnly = options.readOnly === true
  const file = resolve(path)
  const handle = connect(file, readOnly)
  const db = kyselyOn(handle)
  return {
    kind: 'sqlite',
    address: path,
    db,

    async ownership(): Promise<Ownership> {
      const id = handle.pragma('application_id', { simple: true }) as number
      if (id === applicationId) return { is: 'ours' }
      const table = handle.prepare('select name from sqlite_schema limit 1').get() as { name: string } | undefined
      if (table !== undefined) return { is: 'foreign', sign: `it has a table named ${table.name}` }
      if (id !== 0) return { is: 'foreign', sign: `application id ${id}` }
      return { is: 'empty' }
    },

    async exclusively(work) {
      // Takes effect on a file that is still empty. Measured with a million plays: 4,096 bytes 3.6 s, 8,192 3.0 s.
      handle.pragma('page_size = 8192')
      await patiently(() => handle.pragma('journal_mode = WAL'), handle)
      return immediately(handle, db, async (own) => {
        const result = await work(own)
        handle.pragma(`application_id = ${applicationId}`)
        return result
      })
    },

    async openSession() {
      return new SqliteSession(file, handle, db)
    },

    // A session is this process, whose statements have ended when they return.
    async isOver() {
      return true
    },

    async snapshot(work) {
      const own = connect(file, true)
      const ownDb = kyselyOn(own)
      try {
        own.exec('begin')
        // A deferred transaction takes its snapshot with its first read.
        own.prepare('select 1 from sqlite_schema limit 1').get()
        return await work(snapshotOn(own, ownDb))
      } finally {
        await close(own, ownDb)
      }
    },

    explain: (error) => explainSqlite(error, path),

    close: () => close(handle, db),
  }
}

function connect(file: string, readOnly: boolean): Handle {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined && readOnly) {
    const remedy = 'run npm run job:aggregate first, or correct DATABASE_URL'
    throw new AppError('database', 'there is no database yet', { place: file, remedy })
  }
  if (found !== undefined && !found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : 'a device or a pipe'
    throw new AppError('database', `the database is ${what}`, { place: file, remedy: 'name a file in DATABASE_URL' })
  }
  if (!readOnly && Buffer.byteLength(basename(file)) > maxNameBytes) {
    const message = `the file name of the database has more than ${maxNameBytes} bytes`
    throw new AppError('database', message, { place: file, remedy: 'name a shorter one in DATABASE_URL' })
  }
  if (found === undefined) {
    makeFolders(dirname(file))
    makeEmpty(file)
  }
  const handle = new BetterSqlite(file, { readonly: readOnly, fileMustExist: readOnly, timeout: statementTimeoutMs })
  // FULL: in WAL mode anything less may lose the last commit when the power fails.
  handle.pragma('synchronous = FULL')
  handle.pragma('cache_size = -32768')
  // Large sorts have help: putting a million plays in order takes 2.3 s instead of 3.3.
  handle.pragma('threads = 2')
  return handle
}

/** A new file with the rights that the umask leaves: SQLite itself would give no group the right to write. */
function makeEmpty(file: string): void {
  closeSync(openSync(file, 'a'))
}

function kyselyOn(handle: Handle): Db {
  return new Kysely<Database>({ dialect: new SqliteDialect({ database: rememberingStatements(handle) }) })
}

/** How many texts of statements are kept ready; a job of look-ups sends some thirty, a load fewer. */
const keptStatements = 64

/**
 * The connection as Kysely takes it, with its statements kept ready: preparing an insert of eight wide rows takes as long
 * as running it. A statement that is read row by row is busy meanwhile, so that each such reading gets one of its own.
 */
function rememberingStatements(handle: Handle): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    close: () => handle.close(),
    prepare(sql) {
      const known = kept.get(sql)
      if (known) return known
      const prepared = handle.prepare(sql)
      const statement: SqliteStatement = {
        reader: prepared.reader,
        all: (parameters) => prepared.all(parameters),
        run: (parameters) => prepared.run(parameters),
        iterate: (parameters) => handle.prepare(sql).iterate(parameters) as IterableIterator<unknown>,
      }
      // Only what changes data or reads it: a statement of the schema is run once.
      if (/^\s*(select|insert|update|delete|with)\b/i.test(sql)) {
        const oldest = kept.keys().next()
        if (kept.size >= keptStatements && !oldest.done) kept.delete(oldest.value)
        kept.set(sql, statement)
      }
      return statement
    },
  }
}

/** Kysely closes only what it has used. */
async function close(handle: Handle, db: Db): Promise<void> {
  await db.destroy()
  if (handle.open) handle.close()
}

/**
 * Runs a statement that needs the write lock, waiting for it without blocking the process: SQLite's own wait would stop
 * the very event loop in which another store of this process has to finish. It also covers the switch to WAL, which
 * SQLite refuses without waiting when two processes do it to a new file at once.
 */
async function patiently(statement: () => unknown, handle: Handle, waitMs = busyTimeoutMs): Promise<void> {
  const deadline = performance.now() + waitMs
  handle.pragma('busy_timeout = 0')
  try {
    for (;;) {
      try {
        statement()
        return
      } catch (error) {
        if (codeOf(error)?.startsWith('SQLITE_BUSY') !== true || performance.now() > deadline) throw error
      }
      await sleep(5 + 20 * Math.random())
    }
  } finally {
    if (handle.open) handle.pragma(`busy_timeout = ${statementTimeoutMs}`)
  }
}

/** One write transaction; other statements of this process on the same connection wait outside. */
async function immediately<T>(handle: Handle, db: Db, work: (db: Db) => Promise<T>, waitMs?: number): Promise<T> {
  return db.connection().execute(async (own) => {
    await patiently(() => handle.exec('begin immediate'), handle, waitMs)
    try {
      const result = await work(own)
      handle.exec('commit')
      return result
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (handle.open && handle.inTransaction) handle.exec('rollback')
      throw error
    }
  })
}

class SqliteSession implements Session {
  readonly db: Db
  readonly backendPid = null
  readonly #file: string
  readonly #handle: Handle
  #staging: string | undefined

  constructor(file: string, handle: Handle, db: Db) {
    this.#file = file
    this.#handle = handle
    this.db = db
  }

  async claim(): Promise<'row'> {
    return 'row'
  }

  async unclaim(): Promise<void> {}

  async isAlive(): Promise<boolean> {
    return true
  }

  async evict(): Promise<void> {}

  async transaction<T>(work: (db: Db) => Promise<T>, waitMs?: number): Promise<T> {
    return immediately(this.#handle, this.db, work, waitMs)
  }

  async createStaging(run: string, shapes: readonly TableShape[]): Promise<void> {
    const prefix = `${basename(this.#file)}-stg-`
    const folder = dirname(this.#file)
    for (const name of readdirSync(folder)) {
      if (name.startsWith(prefix)) rmSync(join(folder, name), { force: true })
    }
    this.#staging = join(folder, prefix + run)
    const handle = this.#handle
    // Where that fails, SQLite says why.
    try {
      makeEmpty(this.#staging)
    } catch {}
    handle.prepare('attach ? as stg').run(this.#staging)
    handle.pragma('stg.journal_mode = OFF')
    handle.pragma('stg.synchronous = OFF')
    handle.pragma('stg.locking_mode = EXCLUSIVE')
    // It is written from one end to the other: what is behind is not looked at again.
    handle.pragma('stg.cache_size = -8192')
    for (const shape of shapes) {
      const columns = shape.columns.map((c) => `${quote(c.name)} ${sqlType[c.kind]}${c.nullable ? '' : ' not null'}`)
      handle.exec(`create table ${this.staging(shape)} (${columns.join(', ')}) strict`)
    }
  }

  staging(shape: TableShape): string {
    return `stg.${quote(shape.name)}`
  }

  async bulkLoad(shape: TableShape, batches: AsyncIterable<ColumnBatch>): Promise<number> {
    const handle = this.#handle
    const width = shape.columns.length
    const row = `(${Array(width).fill('?').join(', ')})`
    const into = `insert into ${this.staging(shape)} values `
    const many = handle.prepare(into + Array(rowsPerInsert).fill(row).join(', '))
    const one = handle.prepare(into + row)
    const manyValues: unknown[] = new Array(width * rowsPerInsert)
    const oneValues: unknown[] = new Array(width)
    let total = 0
    for await (const batch of batches) {
      const columns = columnsOf(shape, batch)
      const rows = batch.numRows
      const whole = rows - (rows % rowsPerInsert)
      // No await between here and the commit: nothing else of this process comes in between.
      handle.exec('begin')
      for (let start = 0; start < whole; start += rowsPerInsert) {
        fill(manyValues, columns, start, rowsPerInsert)
        many.run(manyValues)
      }
      for (let start = whole; start < rows; start += 1) {
        fill(oneValues, columns, start, 1)
        one.run(oneValues)
      }
      handle.exec('commit')
      total += rows
    }
    return total
  }

  async finishStaging(shape: TableShape): Promise<void> {
    // The others are read through once; an index on a million plays costs more than it saves.
    if (shape.lookedUp === null) return
    // With what is looked up in it, so that the row itself is not: a million plays find their names in 0.75 s instead of 1.4.
    const columns = [...shape.key, ...shape.lookedUp].map(quote).join(', ')
    this.#handle.exec(`create index stg.${quote(`${shape.name}_key`)} on ${quote(shape.name)} (${columns})`)
  }

  isDuplicateKey(error: unknown): boolean {
    return codeOf(error) === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  }

  async dropStaging(): Promise<void> {
    if (this.#staging === undefined) return
    if (this.#handle.inTransaction) this.#handle.exec('rollback')
    this.#handle.exec('detach stg')
    rmSync(this.#staging, { force: true })
    this.#staging = undefined
  }

  async tidy(): Promise<void> {
    // The WAL of a first load is as large as the database; a reader that still needs it keeps it, and that is no error.
    this.#handle.pragma('wal_checkpoint(TRUNCATE)')
  }

  async close(): Promise<void> {
    await this.dropStaging()
  }
}

const sqlType: Readonly<Record<ColumnKind, string>> = {
  text: 'text',
  int64: 'integer',
  int32: 'integer',
  double: 'real',
}

/** Writes `count` rows from `start` into the flat list of parameters. */
function fill(values: unknown[], columns: readonly Column[], start: number, count: number): void {
  let next = 0
  for (let row = start; row < start + count; row += 1) {
    for (const column of columns)
      values[next++] = column.text ? textOf(column.values[row]) : numberOf(column.values[row])
  }
}

interface Column {
  readonly text: boolean
  readonly values: ArrayLike<unknown>
}

/** The batch's columns in the table's order. */
function columnsOf(shape: TableShape, batch: ColumnBatch): Column[] {
  return shape.columns.map((column) => ({
    text: column.kind === 'text',
    values: batch.columns[batch.names.indexOf(column.name)]!,
  }))
}

/** Without NUL, which Postgres cannot hold: both databases shall hold the same. */
function textOf(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '') : (value ?? null)
}

function numberOf(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : (value ?? null)
}

function snapshotOn(handle: Handle, db: Db): Snapshot {
  return {
    db,

    async *stream(sql, names, batchRows) {
      const rows = handle.prepare(sql).raw().safeIntegers().iterate() as IterableIterator<unknown[]>
      let columns: unknown[][] = names.map(() => [])
      let count = 0
      for (const row of rows) {
        for (let c = 0; c < columns.length; c += 1) columns[c]![count] = row[c]
        count += 1
        if (count === batchRows) {
          yield { numRows: count, names, columns }
          // The driver never waits; without this a long stream would hold up signals and timers until its end.
          await setImmediate()
          columns = names.map(() => [])
          count = 0
        }
      }
      if (count > 0) yield { numRows: count, names, columns }
    },

    async query(sql, maxRows) {
      const statement = handle.prepare(sql).raw().safeIntegers()
      const columns = statement.columns().map((column) => column.name)
      const rows: unknown[][] = []
      let more = false
      for (const row of statement.iterate() as IterableIterator<unknown[]>) {
        more = rows.length === maxRows
        if (more) break
        rows.push(row)
      }
      return { columns, rows, more }
    },
  }
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/**
 * The sentence for an error of the driver or, while the file is being opened, of the file system; undefined for anything
 * else. Later errors of the file system may as well come from files of the caller, who writes an export while it reads.
 */
export function explainSqlite(error: unknown, path: string, opening = false): AppError | undefined {
  const code = codeOf(error)
  if (code === undefined || !(opening || code.startsWith('SQLITE_'))) return undefined
  const fail = (message: string, remedy: string) =>
    new AppError('database', message, { place: path, remedy, cause: error })
  if (code === 'SQLITE_CONSTRAINT_NOTNULL') {
    const column = /failed: (\S+)/.exec(String(error))?.[1] ?? 'a required column'
    return new AppError('check', `${column} is null in a row that was about to be loaded`, {
      place: path,
      cause: error,
    })
  }
  if (code.startsWith('SQLITE_NOTADB')) {
    return fail('this file is no SQLite database', 'name another file in DATABASE_URL; this one was not changed')
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return fail(
      'the database file is damaged',
      'put back a copy, or move the file away and run the job again: it makes all tables from the inputs',
    )
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return fail('another program holds the database locked', 'close the program that writes to it, then run again')
  }
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') {
    return fail('no space is left on the disk of the database', 'make room there')
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return fail('the database cannot be written', 'give this user write access to the file and to its folder')
  }
  if (code === 'ELOOP') return fail('the path of the database is a loop of links', 'correct the path in DATABASE_URL')
  if (code === 'ENAMETOOLONG') return fail('the path of the database is too long', 'name a shorter one in DATABASE_URL')
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'ENOENT' || code === 'ENOTDIR' || code === 'EEXIST') {
    return fail('the database file cannot be opened', 'check that path and access rights in DATABASE_URL are right')
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') {
    return fail(`reading or writing the database failed (${code})`, 'check the disk')
  }
  if (code.startsWith('SQLITE_')) return fail(`the database refused a statement (${code})`, 'run again with --debug')
  return fail(`the database file cannot be opened (${code})`, 'correct the path in DATABASE_URL')
}
