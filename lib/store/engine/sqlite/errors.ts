import { AppError } from '../../../errors.ts'
import { errorCode } from '../error-code.ts'

/**
 * The message for an error of the driver or, while the file is being opened, of the file system; undefined for any other
 * error. Later errors of the file system may come from the caller's own files: an export writes while it reads.
 */
export function explainSqlite(error: unknown, path: string, opening = false): AppError | undefined {
  const code = errorCode(error)
  if (code === undefined || !(opening || code.startsWith('SQLITE_'))) return undefined
  const fail = (message: string, remedy: string) =>
    new AppError('database', message, { place: path, remedy, cause: error })
  if (code === 'SQLITE_CONSTRAINT_NOTNULL') {
    // The driver names the column in the text only.
    const column = /failed: (\S+)/.exec(String(error))?.[1] ?? 'a required column'
    return new AppError('check', `${column} is null in a row that was about to be loaded`, {
      place: path,
      cause: error,
    })
  }
  if (code.startsWith('SQLITE_NOTADB')) {
    return fail('this file is not a SQLite database', 'name another file in DATABASE_URL; this one was not changed')
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return fail(
      'the database file is damaged',
      'restore a backup, or move the file away and run the job again: it rebuilds all tables from the inputs',
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
