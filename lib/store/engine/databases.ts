import { AppError } from '../../errors.ts'
import { invalidUrl } from './invalid-url.ts'
import type { JdbcAddress } from './jdbc-address.ts'
import { postgres } from './postgres/driver.ts'
import { sqlite } from './sqlite/driver.ts'
import type { DatabaseDriver, Engine, OpenOptions } from './types.ts'

/** The supported databases: another one is a folder beside these and an entry here. */
const databases: readonly DatabaseDriver[] = [sqlite, postgres]

/** The database that a URL belongs to. *Errors:* AppError `usage` for an unknown scheme. */
export function databaseOf(url: string): DatabaseDriver {
  const found = databases.find((each) => each.accepts(url))
  if (found !== undefined) return found
  throw invalidUrl(
    'DATABASE_URL has an unknown scheme',
    `write ${databases.map(({ urlForm }) => urlForm).join(' or ')}`,
  )
}

/** Opens a database without changing its tables. *Errors:* those of `DatabaseDriver.open`. */
export function openEngine(url: string, options: OpenOptions): Promise<Engine> {
  return databaseOf(url).open(url, options)
}

/**
 * The address of a database for Spark's executors.
 *
 * *Errors:* AppError `usage` for a file, a socket of this machine, and client certificates, which executors do not have.
 */
export function jdbcAddress(url: string, place = 'DATABASE_URL'): JdbcAddress {
  return databaseOf(url).jdbcAddress(url, place)
}

export type Guard = <T>(work: () => Promise<T>) => Promise<T>

/** Runs work and translates every error of the driver into an AppError. */
export function guardOf(engine: Engine): Guard {
  return async (work) => {
    try {
      return await work()
    } catch (error) {
      throw error instanceof AppError ? error : (engine.explain(error) ?? error)
    }
  }
}
