import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openStore } from '../../lib/store/index.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { contentHash } from './support/content.ts'
import { batchesOf, columnNames, dataset, run, writeAll } from './support/dataset.ts'

const reason = whyNoPostgres()
if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`)
const onPostgres = reason === undefined ? describe : describe.skip
const canary = 'canary-db-password'

onPostgres('a Postgres server that is not as it should be', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  // Some tests stop it, and one that fails may leave it so.
  beforeEach(() => server.start())
  afterAll(() => server?.remove())

  const at = (change: Partial<Record<'username' | 'password' | 'hostname' | 'port', string>>) =>
    Object.assign(new URL(server.url()), change).href
  const cases: [string, RegExp, () => string | Promise<string>][] = [
    ['a wrong password', /refused user or password/, () => at({ password: `${canary}-not` })],
    ['an unknown user', /refused user or password/, () => at({ username: 'nobody-here' })],
    ['no password', /asks for a password/, () => at({ password: '' })],
    ['an unknown database', /does not exist/, () => server.url('not_there')],
    ['no server on the port', /no Postgres server answers there/, () => at({ port: '1' })],
    ['an unknown host', /host of the database is not known/, () => at({ hostname: 'db.invalid' })],
    [
      'a read-only database',
      /read-only/,
      async () => {
        const url = await server.createDatabase()
        server.sql(`alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`)
        return url
      },
    ],
    [
      'a user without rights',
      /lacks rights \(permission denied for schema public\)/,
      async () => {
        const url = new URL(await server.createDatabase())
        server.sql(`create role guest login password '${canary}'`)
        url.username = 'guest'
        return url.href
      },
    ],
    [
      'a database in another encoding',
      /stores text as LATIN1/,
      () => {
        server.sql(`create database latin1 encoding 'LATIN1' template template0`)
        return server.url('latin1')
      },
    ],
    [
      'a user that sees no schema',
      /sees no schema/,
      async () => {
        const url = await server.createDatabase()
        server.sql('drop schema public', new URL(url).pathname.slice(1))
        return url
      },
    ],
  ]
  test.each(cases)('%s is one sentence with a remedy and no secret', async (_, message, make) => {
    const url = await make()
    const error = await openStore(url, { log: silent }).catch((caught) => caught)
    expect({ kind: error.kind, exitCode: error.exitCode, message: error.message }).toEqual({
      kind: 'database',
      exitCode: 5,
      message: expect.stringMatching(message),
    })
    expect(error.remedy).toMatch(/.+/)
    expect(`${error.message} ${error.place} ${error.remedy} ${error.cause}`).not.toContain(canary)
  })

  const info = (runId: string) => ({
    runId,
    job: 'test',
    startedAt: new Date(1),
    inputs: [],
    versions: {},
    settings: {},
  })

  /** A database with an old state, and a load of another one that has just been staged. */
  async function loading() {
    const url = await server.createDatabase()
    const store = await openStore(url, { log: silent })
    await run(store, dataset({ plays: 400, seed: 51 }), 'old')
    const before = await contentHash(store)
    const data = dataset({ plays: 400, seed: 52 })
    const lock = await store.lock({ runId: 'new', job: 'test' })
    const load = await store.startLoad(info('new'))
    return { url, store, before, data, lock, load }
  }

  test.each([
    ['the server is killed while it copies', () => server.kill()],
    ['the server is stopped at once while it copies', async () => server.stop('immediate')],
    ['the server is stopped gently while it copies', async () => server.stop('fast')],
    [
      'the session is terminated while it copies',
      async () =>
        void server.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy %' and pid <> pg_backend_pid()`,
        ),
    ],
  ])(
    '%s: old data stay, the next run needs no cleaning',
    async (_, strike) => {
      const { url, store, before, data, lock, load } = await loading()
      async function* interrupted() {
        for await (const batch of batchesOf(data.tables.plays, columnNames.plays, 100)) yield batch
        await strike()
        yield* batchesOf(data.tables.plays, columnNames.plays, 100)
      }
      const error = await load.write('plays', interrupted()).then(
        () => load.publish({ rowsIn: data.rowsIn, duplicates: data.duplicates }),
        (caught) => caught,
      )
      expect(error).toMatchObject({ kind: 'database', message: 'the connection to Postgres was lost' })
      await load.abandon(error)
      await lock.release()
      await store.close()
      await server.start()
      expect(await contentHash(url)).toBe(before)
      const next = await openStore(url, { log: silent })
      await run(next, data, 'next')
      expect((await next.totals()).plays).toBe(400)
      expect(
        server.sql(`select count(*) from pg_tables where tablename like 'stg\\_%'`, new URL(url).pathname.slice(1)),
      ).toBe('0')
      await next.close()
    },
    120_000,
  )

  test('a session that ends inside the publish publishes nothing', async () => {
    const url = await server.createDatabase()
    const name = new URL(url).pathname.slice(1)
    let strike = false
    const store = await openStore(url, {
      log: silent,
      onStep(step) {
        if (!strike || step !== 'plays insert') return
        server.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and state = 'idle in transaction'`,
        )
      },
    })
    await run(store, dataset({ plays: 400, seed: 51 }), 'old')
    const before = await contentHash(store)
    strike = true
    await expect(run(store, dataset({ plays: 400, seed: 52 }), 'new')).rejects.toMatchObject({ kind: 'database' })
    strike = false
    expect(await contentHash(store)).toBe(before)
    await run(store, dataset({ plays: 400, seed: 52 }), 'next')
    await store.close()
  })

  test('a commit whose answer was lost is looked up, not guessed', async () => {
    const { url, store, data, lock, load } = await loading()
    await writeAll(load, data)
    const { Client } = (await import('pg')).default
    const query = Client.prototype.query
    // The commit arrives, its answer does not.
    Client.prototype.query = function (this: unknown, ...args: unknown[]) {
      const answer = Reflect.apply(query, this, args)
      if (args[0] !== 'commit') return answer
      return (answer as Promise<unknown>).then(() => {
        throw new Error('Connection terminated unexpectedly')
      })
    } as never
    try {
      const result = await load.publish({ rowsIn: data.rowsIn, duplicates: data.duplicates })
      expect(result.unchanged).toBe(false)
    } finally {
      Client.prototype.query = query
    }
    await lock.release()
    expect((await store.lastRun())?.run_id).toBe('new')
    await store.close()
    expect(url).toMatch(/^postgres:/)
  })

  test('a session that locks our tables is named, and nothing is published', async () => {
    const url = await server.createDatabase()
    const store = await openStore(`${url}?options=-c%20lock_timeout%3D300`, { log: silent })
    await run(store, dataset({ plays: 100, seed: 51 }), 'old')
    const before = await contentHash(store)
    const { Client } = (await import('pg')).default
    const other = new Client({ connectionString: url, application_name: 'somebody’s psql' })
    await other.connect()
    const { rows } = await other
      .query('begin; lock table songs in exclusive mode')
      .then(() => other.query('select pg_backend_pid() as pid'))
    await expect(run(store, dataset({ plays: 100, seed: 52 }), 'new')).rejects.toMatchObject({
      kind: 'database',
      message: expect.stringContaining(`another session holds a lock on these tables (pid ${rows[0].pid}, somebody`),
    })
    await other.end()
    expect(await contentHash(store)).toBe(before)
    await run(store, dataset({ plays: 100, seed: 52 }), 'next')
    await store.close()
  })

  test('two schemas of one database are two databases', async () => {
    const url = await server.createDatabase()
    server.sql('create schema a; create schema b', new URL(url).pathname.slice(1))
    const stores = []
    for (const schema of ['a', 'b']) {
      const store = await openStore(`${url}?options=-c%20search_path%3D${schema}`, { log: silent })
      stores.push(store)
      await store.lock({ runId: schema, job: 'test' })
    }
    for (const store of stores) await store.close()
  })
})
