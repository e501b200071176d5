import { AppError } from '../../../errors.ts'
import { parseDatabaseUrl } from '../url.ts'

/** A database as programs on the JVM name it; everything but the password may be shown. */
export interface JdbcAddress {
  /** `jdbc:postgresql://HOST:PORT/NAME?…`, without user and password. */
  readonly url: string
  readonly user: string
  /** A secret; empty: the server asks for none. */
  readonly password: string
}

// Our parameter of the address → that of the JVM's driver. What is not here means nothing to the executors.
const parameters: Readonly<Record<string, string>> = {
  sslmode: 'sslmode',
  sslrootcert: 'sslrootcert',
  connect_timeout: 'connectTimeout',
  options: 'options',
}
const fixed = {
  // One statement for many rows.
  reWriteBatchedInserts: 'true',
  ApplicationName: 'radio-plays-executor',
  connectTimeout: '10',
  tcpKeepAlive: 'true',
}

/**
 * The address of a Postgres database for Spark's executors.
 *
 * *Errors:* AppError `usage` for SQLite, a socket of this machine, and client certificates, none of which an executor has.
 */
export function jdbcAddress(url: string, place = 'DATABASE_URL'): JdbcAddress {
  const fail = (message: string, remedy: string) => new AppError('usage', message, { place, remedy })
  const parsed = parseDatabaseUrl(url)
  if (parsed.kind !== 'postgres') {
    throw fail('executors cannot write to a SQLite file', 'name a Postgres database, or leave --write at stream')
  }
  const address = new URL(parsed.url)
  const host = address.searchParams.get('host') ?? decodeURIComponent(address.hostname)
  if (host.startsWith('/')) {
    throw fail('executors cannot reach a socket of this machine', 'set EXECUTOR_DATABASE_URL to a host and port')
  }
  if (address.searchParams.has('sslkey') || address.searchParams.has('sslcert')) {
    throw fail('executors have no client certificate', 'set EXECUTOR_DATABASE_URL with a password')
  }
  const given = [...address.searchParams].flatMap(([name, value]): [string, string][] => {
    const known = parameters[name]
    return known === undefined ? [] : [[known, value]]
  })
  const query = new URLSearchParams({ ...fixed, ...Object.fromEntries(given) })
  // Else the driver looks for a file of its own where we take the authorities that the machine trusts.
  if (query.get('sslmode')?.startsWith('verify') && !query.has('sslrootcert')) {
    query.set('sslfactory', 'org.postgresql.ssl.DefaultJavaSSLFactory')
  }
  const user = decodeURIComponent(address.username)
  return {
    url: `jdbc:postgresql://${host || 'localhost'}:${address.port || '5432'}${address.pathname}?${query}`,
    user: user || 'postgres',
    password: decodeURIComponent(address.password),
  }
}
