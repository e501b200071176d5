import { AppError } from '../../../errors.ts'
import type { JdbcAddress } from '../jdbc-address.ts'
import { publicAddress } from './url.ts'

// Parameter of our URL → parameter of the JVM's driver. Others mean nothing to the executors.
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
 * *Errors:* AppError `usage` for a socket of this machine and for client certificates, which executors do not have.
 */
export function jdbcAddress(url: string, place: string): JdbcAddress {
  const fail = (message: string, remedy: string) => new AppError('usage', message, { place, remedy })
  // For its errors.
  publicAddress(url)
  const address = new URL(url)
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
  // The driver would otherwise look for a file of its own instead of the authorities that the machine trusts.
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
