import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { AppError } from '../../lib/errors.ts'
import { silent } from '../../lib/log.ts'
import { type Load, type LoadTable, openStore, type StagingTarget } from '../../lib/store/index.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { contentHash } from './support/content.ts'
import { type Dataset, dataset, type Row, run, staged, writeAll } from './support/dataset.ts'

const reason = whyNoPostgres()
if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`)
const onPostgres = reason === undefined ? describe : describe.skip

const info = { runId: 'new', job: 'test', startedAt: new Date(1), inputs: [], versions: {}, settings: {} }
const data = dataset({ plays: 300, seed: 72 })
const clock = () => new Date('2026-03-01T12:00:00.000Z')

onPostgres('rows that others stage', () => {
  let server: PostgresServer
  let expected: string
  beforeAll(async () => {
    server = await startPostgres()
    const url = await server.createDatabase()
    const store = await openStore(url, { log: silent, clock })
    await run(store, data, 'plain')
    await store.close()
    expected = await contentHash(url)
  }, 120_000)
  afterAll(() => server?.remove())

  /** One task of an executor: a part of the rows in one transaction, which the caller ends. */
  async function task(url: string, target: StagingTarget, rows: readonly Row[], part: number): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    await client.query('begin')
    const names = target.columns.map(({ name }) => name)
    for (const row of rows) {
      const places = [...names, ''].map((_, i) => `$${i + 1}`)
      await client.query(
        `insert into ${target.table} (${[...names, target.partColumn].map((name) => `"${name}"`)}) values (${places})`,
        [...names.map((name) => row[name]), part],
      )
    }
    return client
  }

  const whole = async (url: string, target: StagingTarget, rows: readonly Row[], part = 0) => {
    const client = await task(url, target, rows, part)
    await client.query('commit')
    await client.end()
  }

  /** Every table by others; the plays as `plays` does it. */
  async function stage(url: string, load: Load, plays: (target: StagingTarget) => Promise<void>): Promise<void> {
    for (const [table, rows] of Object.entries(staged(data.tables)) as [LoadTable, readonly Row[]][]) {
      await load.writeByOthers(table, (target) => (table === 'plays' ? plays(target) : whole(url, target, rows)))
    }
  }

  async function loading(url: string) {
    const store = await openStore(url, { log: silent, clock })
    await store.lock({ runId: 'new', job: 'test' })
    return { store, load: await store.startLoad(info) }
  }
  const published = { rowsIn: data.rowsIn, duplicates: data.duplicates }
  const half = data.tables.plays.length / 2
  const [first, second] = [data.tables.plays.slice(0, half), data.tables.plays.slice(half)]

  test('count once where a task was repeated after it had committed, and where one hangs on', async () => {
    const url = await server.createDatabase()
    const { store, load } = await loading(url)
    let lost: pg.Client | undefined
    await stage(url, load, async (target) => {
      await whole(url, target, first, 0)
      await whole(url, target, first, 0)
      await whole(url, target, second, 1)
      // Its executor was given up, and it does not know.
      lost = await task(url, target, second, 1)
    })
    await expect(lost!.query('commit')).rejects.toThrow(/terminat|connection/i)
    expect((await load.publish(published)).ledger.plays).toBe(300)
    await store.close()
    expect(await contentHash(url)).toBe(expected)
  })

  test('end the run where a repeated task wrote something else', async () => {
    const url = await server.createDatabase()
    const { store, load } = await loading(url)
    const staging = stage(url, load, async (target) => {
      await whole(url, target, data.tables.plays, 0)
      await whole(url, target, first, 0)
    })
    await expect(staging).rejects.toMatchObject({
      kind: 'check',
      message: 'a repeated task wrote 150 rows of plays, the first one 300',
    })
    await load.abandon(new Error('x'))
    await store.close()
    expect(
      server.sql(`select count(*) from pg_tables where tablename like 'stg\\_%'`, new URL(url).pathname.slice(1)),
    ).toBe('0')
  })

  test('that are missing are found before anything is published', async () => {
    const url = await server.createDatabase()
    const { store, load } = await loading(url)
    await stage(url, load, (target) => whole(url, target, first, 0))
    await expect(load.publish(published)).rejects.toMatchObject({ kind: 'check' })
    expect((await store.counts()).plays).toBe(0)
    await store.close()
  })

  test('cannot be written by a task of a load that is over', async () => {
    const url = await server.createDatabase()
    const { store, load } = await loading(url)
    let old: StagingTarget | undefined
    await load.writeByOthers('plays', async (target) => {
      old = target
    })
    await expect(task(url, old!, first, 0)).rejects.toThrow(/does not exist/)
    await load.abandon()
    // The same run begins again: under other names.
    const again = await store.startLoad(info)
    await expect(task(url, old!, first, 0)).rejects.toThrow(/does not exist/)
    await stage(url, again, (target) => whole(url, target, data.tables.plays))
    await again.publish(published)
    await store.close()
    expect(await contentHash(url)).toBe(expected)
  })
})

onPostgres('a database that goes away in the middle of a load', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(() => server?.remove())

  /** Loads as the job does, with `strike` between staging and publish of the first attempt; gives the number of attempts. */
  async function load(url: string, data: Dataset, strike: () => Promise<void>, waitMs = 60_000): Promise<number> {
    const store = await openStore(url, { log: silent, clock, waitMs })
    try {
      await store.lock({ runId: 'new', job: 'test' })
      for (let attempt = 1; ; attempt++) {
        let load: Load | undefined
        try {
          load = await store.startLoad(info)
          await writeAll(load, data)
          if (attempt === 1) await strike()
          await load.publish({ rowsIn: data.rowsIn, duplicates: data.duplicates })
          return attempt
        } catch (error) {
          if (!(await store.recover(error))) throw error
          await load?.abandon()
        }
      }
    } finally {
      await store.close()
    }
  }

  test.each(['fast', 'immediate'] as const)('and is restarted (%s): the load begins again', async (mode) => {
    const url = await server.createDatabase()
    const attempts = await load(url, data, async () => {
      server.stop(mode)
      void sleep(700).then(() => server.start())
    })
    expect(attempts).toBe(2)
    const direct = await server.createDatabase()
    const store = await openStore(direct, { log: silent, clock })
    await run(store, data, 'plain')
    await store.close()
    expect(await contentHash(url)).toBe(await contentHash(direct))
  }, 120_000)

  test.each([
    [
      'and is not waited for: an error at once that names the setting',
      0,
      /lost in the middle of the load/,
      /DATABASE_WAIT/,
    ],
    ['and is waited for in vain: an error then', 700, /no Postgres server answers there/, /start it/],
  ])('%s; the old data is there', async (_, waitMs, message, remedy) => {
    const url = await server.createDatabase()
    const made = await openStore(url, { log: silent, clock })
    await run(made, dataset({ plays: 50, seed: 73 }), 'old')
    await made.close()
    const before = await contentHash(url)
    const stop = async () => server.stop('immediate')
    await expect(load(url, data, stop, waitMs)).rejects.toMatchObject({
      kind: 'database',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    })
    await server.start()
    expect(await contentHash(url)).toBe(before)
  })

  test('and takes the answer to the commit with it: nobody says that nothing was published', async () => {
    const store = await openStore(await server.createDatabase(), { log: silent, clock })
    await store.lock({ runId: 'new', job: 'test' })
    const load = await store.startLoad(info)
    await writeAll(load, data)
    const { query } = pg.Client.prototype
    pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
      const answer = Reflect.apply(query, this, args)
      if (args[0] !== 'commit') return answer
      return (answer as Promise<unknown>).then(async () => {
        await server.kill()
        throw new Error('Connection terminated unexpectedly')
      })
    } as never
    try {
      const error: AppError = await load.publish({ rowsIn: data.rowsIn, duplicates: data.duplicates }).then(
        () => undefined as never,
        (reason) => reason,
      )
      expect(error).toMatchObject({ kind: 'database', message: 'the database was lost while it confirmed the load' })
      expect(error.remedy).not.toContain('nothing was published')
      expect(await store.recover(error)).toBe(false)
    } finally {
      pg.Client.prototype.query = query
      await store.close()
      await server.start()
    }
  }, 60_000)

  test('a run that has failed and begins again is one run, published', async () => {
    const store = await openStore(await server.createDatabase(), { log: silent, clock })
    await store.lock({ runId: 'new', job: 'test' })
    for (const fails of [true, false]) {
      const load = await store.startLoad(info)
      await writeAll(load, data)
      if (fails) await load.abandon(new Error('the Spark server was lost'))
      else await load.publish({ rowsIn: data.rowsIn, duplicates: data.duplicates })
    }
    expect(await store.lastRun()).toMatchObject({ run_id: 'new', outcome: 'published', error: null })
    await store.close()
  })

  test('an error that is not the connection’s is not tried again', async () => {
    const url = await server.createDatabase()
    const wrong = { ...data, rowsIn: 1n }
    await expect(load(url, wrong, async () => {})).rejects.toMatchObject({ kind: 'check' })
  })

  test('and another server takes over: the load begins again there', async () => {
    const url = await server.createDatabase()
    const made = await openStore(url, { log: silent, clock })
    await run(made, dataset({ plays: 50, seed: 73 }), 'old')
    await made.close()
    const standby = await startPostgres({ standbyOf: server })
    const proxy = await proxyTo(server.port)
    try {
      const name = new URL(url).pathname.slice(1)
      const attempts = await load(proxy.url(url), data, async () => {
        const position = server.sql('select pg_current_wal_lsn()')
        for (let tries = 0; tries < 200; tries++) {
          if (standby.sql(`select pg_last_wal_replay_lsn() >= '${position}'`) === 't') break
          await sleep(50)
        }
        await server.kill()
        standby.promote()
        proxy.switchTo(standby.port)
      })
      expect(attempts).toBe(2)
      expect(standby.sql(`select count(*) from plays`, name)).toBe('300')
      expect(standby.sql(`select count(*) from pg_tables where tablename like 'stg\\_%'`, name)).toBe('0')
    } finally {
      proxy.close()
      standby.remove()
    }
  }, 180_000)
})

/** The one address under which clients know a database that fails over. */
async function proxyTo(first: number) {
  let port = first
  const sockets = new Set<Socket>()
  const proxy: Server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port })
    for (const [one, other] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(one)
      one.on('error', () => {}).on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const own = String((proxy.address() as { port: number }).port)
  return {
    url: (direct: string) => Object.assign(new URL(direct), { port: own }).href,
    switchTo(next: number) {
      port = next
      for (const socket of sockets) socket.destroy()
    },
    close() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    },
  }
}
