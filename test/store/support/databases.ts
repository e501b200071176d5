import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from '@jest/globals'
import BetterSqlite from 'better-sqlite3'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../support/postgres.ts'

/** One of the databases that the suite runs on. */
export interface TestDatabase {
  readonly name: 'sqlite' | 'postgres'
  /** A place where nothing is yet; returns its address. */
  create(): Promise<string>
  /** A second database with the content of the first, of which nobody may be connected. */
  copy(url: string): Promise<string>
  /** Runs SQL beside the product and gives rows as arrays of text. */
  sql(url: string, text: string): string[][]
  /** Throws if the database is damaged. */
  checkIntegrity(url: string): void
  /** What loads have left outside the tables. */
  staging(url: string): string[]
}

/** Runs a suite once per database; Postgres is skipped, with the reason printed, only where there are no binaries. */
export function onEachDatabase(suite: (database: TestDatabase) => void): void {
  describe('sqlite', () => suite(sqlite()))
  const reason = whyNoPostgres()
  if (reason !== undefined) {
    process.stderr.write(`skipped on Postgres: ${reason}\n`)
    describe.skip(`postgres (${reason})`, () => suite(postgres(() => undefined as never)))
    return
  }
  describe('postgres', () => {
    let server: PostgresServer | undefined
    beforeAll(async () => {
      server = await startPostgres()
    }, 120_000)
    afterAll(() => server?.remove())
    suite(postgres(() => server!))
  })
}

function sqlite(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'rp-store-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  let count = 0
  const next = () => {
    count += 1
    return String(count)
  }
  const fileOf = (url: string) => url.slice('sqlite:'.length)
  const create = async () => `sqlite:${join(folder, next(), 'plays.db')}`
  return {
    name: 'sqlite',
    create,
    async copy(url) {
      const to = `sqlite:${join(folder, `copy-${next()}.db`)}`
      copyFileSync(fileOf(url), fileOf(to))
      return to
    },
    sql(url, text) {
      const db = new BetterSqlite(fileOf(url))
      try {
        const statement = db.prepare(text)
        if (!statement.reader) {
          statement.run()
          return []
        }
        return (statement.raw().all() as unknown[][]).map((row) => row.map((value) => String(value ?? '')))
      } finally {
        db.close()
      }
    },
    checkIntegrity(url) {
      const answer = this.sql(url, 'pragma integrity_check')
      if (answer[0]?.[0] !== 'ok') throw new Error(`integrity_check: ${answer.join('; ')}`)
    },
    staging(url) {
      const file = fileOf(url)
      return readdirSync(join(file, '..')).filter((name) => name.startsWith(`${file.split('/').at(-1)}-stg-`))
    },
  }
}

function postgres(server: () => PostgresServer): TestDatabase {
  const nameOf = (url: string) => new URL(url).pathname.slice(1)
  return {
    name: 'postgres',
    create: () => server().createDatabase(),
    async copy(url) {
      const to = `${nameOf(url)}_${Math.random().toString(36).slice(2, 10)}`
      server().sql(`create database ${to} template ${nameOf(url)}`)
      return server().url(to)
    },
    sql: (url, text) =>
      server()
        .sql(text, nameOf(url))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('|')),
    checkIntegrity(url) {
      // Reads every page and row of our tables, and compares every index with its table.
      server().sql(
        `create extension if not exists amcheck;
         select bt_index_check(c.oid, true) from pg_class c join pg_am a on a.oid = c.relam
         where c.relkind = 'i' and a.amname = 'btree' and c.relnamespace = 'public'::regnamespace and c.relpersistence = 'p'`,
        nameOf(url),
      )
    },
    staging(url) {
      return this.sql(url, `select tablename from pg_tables where tablename like 'stg\\_%'`).map((row) => row[0]!)
    },
  }
}
