import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { jdbcAddress, openReadOnly, openStore } from '../../lib/store/index.ts'
import {
  type Pooler,
  type PostgresServer,
  startPooler,
  startPostgres,
  whyNoPooler,
  whyNoPostgres,
  whyNoTls,
} from '../support/postgres.ts'
import { contentHash } from './support/content.ts'
import { dataset, run } from './support/dataset.ts'

/** A suite, or its reason for being skipped. */
function where(reason: string | undefined) {
  if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`)
  return reason === undefined ? describe : describe.skip
}

const data = dataset({ plays: 200, seed: 61 })

where(whyNoPostgres() ?? whyNoTls())('Postgres over TLS', () => {
  let server: PostgresServer
  let other: PostgresServer
  beforeAll(async () => {
    ;[server, other] = await Promise.all([startPostgres({ tls: true }), startPostgres({ tls: true })])
  }, 120_000)
  afterAll(() => {
    server?.remove()
    other?.remove()
  })

  const at = async (parameters: string, hostname = 'localhost') =>
    `${Object.assign(new URL(await server.createDatabase()), { hostname }).href}?${parameters}`

  test('with its certificate checked loads and reads, encrypted', async () => {
    const url = await at(`sslmode=verify-full&sslrootcert=${server.authority}`)
    const store = await openStore(url, { log: silent })
    await run(store, data, 'first')
    const encrypted = server.sql(
      `select bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'radio-plays'`,
    )
    expect(encrypted).toBe('t')
    expect((await store.totals()).plays).toBe(200)
    await store.close()
  })

  test('sslmode=require encrypts and asks for no certificate, as psql does', async () => {
    const store = await openStore(await at('sslmode=require', '127.0.0.1'), { log: silent })
    expect(await store.counts()).toMatchObject({ plays: 0 })
    await store.close()
  })

  test.each([
    [
      'another authority',
      async () => at(`sslmode=verify-full&sslrootcert=${other.authority}`),
      /no encrypted connection/,
    ],
    ['no authority that we know', async () => at('sslmode=verify-full'), /no encrypted connection/],
    [
      'a certificate of another name',
      async () => at(`sslmode=verify-full&sslrootcert=${server.authority}`, '127.0.0.1'),
      /no encrypted connection/,
    ],
    ['no encryption', async () => at('sslmode=disable'), /refused user or password/],
  ])('%s is refused with a sentence', async (_, url, message) => {
    const error = await openStore(await url(), { log: silent }).catch((caught) => caught)
    expect(error).toMatchObject({ kind: 'database', exitCode: 5, message: expect.stringMatching(message) })
    expect(`${error.message} ${error.place} ${error.remedy}`).not.toContain('canary')
  })

  test.each([
    ['a slip in sslmode', 'sslmode=verify', /^DATABASE_URL has an sslmode that does not exist$/],
    ['a missing file', 'sslmode=verify-full&sslrootcert=/nowhere.pem', /sslrootcert names a file that cannot be read/],
    ['verify-ca without a file', 'sslmode=verify-ca', /needs the certificate of an authority/],
  ])('%s is a fault of usage, not a connection without checks', async (_, parameters, message) => {
    const error = await openStore(await at(parameters), { log: silent }).catch((caught) => caught)
    expect(error).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) })
  })
})

where(whyNoPostgres() ?? whyNoPooler())('behind PgBouncer', () => {
  let server: PostgresServer
  const poolers: Pooler[] = []
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(() => {
    for (const pooler of poolers) pooler.stop()
    server?.remove()
  })
  const pool = async (...how: [mode: 'session' | 'transaction', settings?: string]) => {
    const pooler = await startPooler(server, ...how)
    poolers.push(pooler)
    return pooler
  }

  test('in session mode all works', async () => {
    const direct = await server.createDatabase()
    const url = (await pool('session')).url(direct)
    const store = await openStore(url, { log: silent })
    await run(store, data, 'first')
    await store.close()
    expect(await contentHash(url)).toBe(await contentHash(direct))
  })

  test.each([
    ['as it is', ''],
    ['with its sessions in turn', 'server_round_robin = 1\nmin_pool_size = 4'],
    ['with one session', 'default_pool_size = 1\nreserve_pool_size = 0'],
  ])(
    'in transaction mode, %s, a load is refused before it begins; reading works',
    async (_, settings) => {
      const direct = await server.createDatabase()
      const url = (await pool('transaction', settings)).url(direct)
      const refused = { kind: 'database', message: expect.stringMatching(/^a connection pooler shares our session/) }
      await expect(openStore(url, { log: silent })).rejects.toMatchObject(refused)
      const made = await openStore(direct, { log: silent })
      await run(made, data, 'first')
      await made.close()
      const store = await openStore(url, { log: silent })
      await expect(store.lock({ runId: 'new', job: 'test' })).rejects.toMatchObject(refused)
      await store.close()
      const reader = await openReadOnly(url, { log: silent })
      expect((await reader.totals()).plays).toBe(200)
      await reader.close()
      expect(await contentHash(url)).toBe(await contentHash(direct))
    },
    60_000,
  )
})

describe('the address for executors', () => {
  test('has neither user nor password, and only what their driver knows', () => {
    const { url, user, password } = jdbcAddress('postgres://me:p%40ss@db:6000/plays?sslmode=verify-full&x=y')
    expect({ user, password }).toEqual({ user: 'me', password: 'p@ss' })
    expect(url).toMatch(/^jdbc:postgresql:\/\/db:6000\/plays\?/)
    expect(url).toContain('sslmode=verify-full')
    expect(url).not.toMatch(/me:|me@|p@ss|p%40ss|x=y/)
  })

  test.each([
    ['sqlite:data/plays.db', /cannot write to a SQLite file/],
    ['postgres://me@x/plays?host=/run/postgresql', /cannot reach a socket/],
    ['postgres://me@db/plays?sslcert=a&sslkey=b', /no client certificate/],
  ])('is refused for %s', (url, message) => {
    expect(() => jdbcAddress(url)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }),
    )
  })
})
