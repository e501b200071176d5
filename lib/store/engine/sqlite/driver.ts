import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AppError } from '../../../errors.ts'
import { errorCode } from '../error-code.ts'
import type { DatabaseDriver } from '../types.ts'
import { openSqlite } from './engine.ts'
import { explainSqlite } from './errors.ts'
import { writableFile } from './health.ts'
import { isSqliteUrl, pathOf, urlForm } from './path.ts'

/** SQLite, as a file of this machine. */
export const sqlite: DatabaseDriver = {
  urlForm,
  accepts: isSqliteUrl,

  async open(url, options) {
    const path = pathOf(url)
    try {
      return openSqlite(path, options.readOnly === true)
    } catch (error) {
      throw explainSqlite(error, path, true) ?? error
    }
  },

  async absent(url) {
    const path = pathOf(url)
    const file = resolve(path)
    // A path that no file can have is refused when it is opened.
    const isAbsent = await stat(file).then(
      () => false,
      (error: unknown) => errorCode(error) === 'ENOENT',
    )
    return isAbsent ? { address: path, writable: await writableFile(file) } : undefined
  },

  fileIdentity(url) {
    try {
      const { dev, ino } = statSync(resolve(pathOf(url)))
      return `${dev}:${ino}`
    } catch {
      // Opening it says why.
      return undefined
    }
  },

  jdbcAddress(url, place) {
    pathOf(url)
    throw new AppError('usage', 'executors cannot write to a SQLite file', {
      place,
      remedy: 'name a Postgres database, or leave --write at stream',
    })
  },
}
