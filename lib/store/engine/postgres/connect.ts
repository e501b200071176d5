import { randomUUID } from 'node:crypto'
import { accessSync, constants, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { AppError } from '../../../errors.ts'

/*
 * How a connection to Postgres comes about: what TLS means in an address, and what a pooler between us and the server
 * takes away.
 */

/**
 * The address with what the driver has to be told so that `sslmode` means what it does for psql: `require` encrypts,
 * `verify-ca` and `verify-full` check the certificate, against `sslrootcert` or, without one, the authorities of Node.
 *
 * *Errors:* AppError `usage` for a file that cannot be read, and for `verify-ca` without one.
 */
export function withTls(text: string): string {
  const url = new URL(text)
  const fail = (message: string, remedy: string) => new AppError('usage', message, { place: 'DATABASE_URL', remedy })
  if (url.searchParams.get('sslrootcert') === 'system') url.searchParams.delete('sslrootcert')
  const mode = url.searchParams.get('sslmode')
  if (mode === 'verify-ca' && !url.searchParams.has('sslrootcert')) {
    throw fail('sslmode=verify-ca needs the certificate of an authority', 'add sslrootcert=FILE, or take verify-full')
  }
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = url.searchParams.get(name)
    if (file === null) continue
    try {
      accessSync(file, constants.R_OK)
      if (!statSync(file).isFile()) throw new Error('not a file')
    } catch {
      throw fail(`${name} names a file that cannot be read: ${file}`, 'correct its path')
    }
  }
  if (mode === null) return text
  url.searchParams.set('uselibpqcompat', 'true')
  return url.href
}

export async function connect(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config)
  // Replaced by whoever holds the client; an error between queries must not end the process.
  client.on('error', () => {})
  await client.connect()
  return client
}

/**
 * Makes sure that this connection is one session of the server, which keeps the run lock: a pooler that gives each
 * transaction any of its sessions (PgBouncer's `pool_mode = transaction`) would leave the lock with a stranger.
 *
 * Behind a pooler that keeps sessions apart it passes; without a pooler it costs nothing. *Errors:* AppError
 * `database`.
 */
export async function assertOwnSession(client: pg.Client, config: pg.ClientConfig, address: string): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const own = rows[0]!.pid
  // A pooler makes up the number that it tells its callers for cancelling.
  if ((client as unknown as { processID: number | null }).processID === own) return
  const mark = randomUUID()
  await client.query(`select set_config('radio_plays.session', $1, false)`, [mark])
  const other = await connect(config)
  try {
    await other.query('begin')
    const { rows: seen } = await other.query<{ pid: number; mark: string | null }>(
      `select pg_backend_pid() as pid, current_setting('radio_plays.session', true) as mark`,
    )
    const mine = await Promise.race([
      client.query<{ pid: number }>('select pg_backend_pid() as pid').then(({ rows }) => rows[0]!.pid),
      // With one session in the pool, our question waits for the other transaction.
      sleep(2000, undefined, { ref: false }),
    ])
    if (seen[0]!.mark !== mark && seen[0]!.pid !== own && mine === own) return
  } finally {
    await other.query('rollback').catch(() => {})
    await other.end().catch(() => {})
  }
  throw new AppError('database', 'a connection pooler shares our session with others after each transaction', {
    place: address,
    remedy: 'give the address of the server itself, or of a pool in session mode; reading works through this one too',
  })
}
