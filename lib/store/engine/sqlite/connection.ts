import { closeSync, openSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { AppError } from '../../../errors.ts'
import { makeFolders } from '../../../folders.ts'
import type { Database, Db } from '../../schema/database.ts'
import { errorCode } from '../error-code.ts'
import { keepStatements } from './kept-statements.ts'

export type Handle = BetterSqlite.Database

/** How long a single statement waits for another writer. The wait blocks the whole process, so it is short. */
export const statementTimeoutMs = 5_000

/** File systems allow 255 bytes; the staging file beside the database needs 33 more than the name itself. */
export const maxNameBytes = 200

/**
 * Opens a file; a missing one is created with its folders, unless `readOnly`.
 *
 * *Errors:* AppError `database` for a path that does not name a file; those of the driver.
 */
export function connect(file: string, readOnly: boolean): Handle {
  const found = statOf(file)
  if (found === undefined && readOnly) {
    const remedy = 'run npm run job:aggregate first, or correct DATABASE_URL'
    throw new AppError('database', 'the database does not exist yet', { place: file, remedy })
  }
  if (found !== undefined && (!found.isFile() || isDescriptor(file))) {
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
  // A second thread for large sorts: putting a million plays in order takes 2.3 s instead of 3.3.
  handle.pragma('threads = 2')
  return handle
}

/** Undefined where nothing is yet; not where a file stands in place of a folder. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Whether the path leads to what this process has open, such as /dev/stdout: what is written there may be a regular file. */
function isDescriptor(file: string): boolean {
  let at = resolve(file)
  for (let links = 0; links < 40; links++) {
    if (/^\/(dev|proc\/[^/]+(\/task\/[^/]+)?)\/fd\//.test(at)) return true
    try {
      at = resolve(dirname(at), readlinkSync(at))
    } catch {
      return false
    }
  }
  return false
}

/** Creates a file with the rights that the umask leaves: SQLite itself would not let a group write. */
export function makeEmpty(file: string): void {
  closeSync(openSync(file, 'a'))
}

export function kyselyOn(handle: Handle): Db {
  return new Kysely<Database>({ dialect: new SqliteDialect({ database: keepStatements(handle) }) })
}

/** Closes both: Kysely closes only a connection that it has used. */
export async function close(handle: Handle, db: Db): Promise<void> {
  await db.destroy()
  if (handle.open) handle.close()
}
