import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from '@jest/globals'
import BetterSqlite from 'better-sqlite3'
import type { Kysely } from 'kysely'
import { silent } from '../../lib/log.ts'
import { openEngine } from '../../lib/store/engine/databases.ts'
import type { Engine } from '../../lib/store/engine/types.ts'
import { openReadOnly, openStore } from '../../lib/store/index.ts'
import { kyselyOf } from '../../lib/store/kysely-of.ts'
import { migrate } from '../../lib/store/migrations/migrate.ts'
import { migrations } from '../../lib/store/migrations/migrations.ts'
import { relations } from '../../lib/store/schema/relations.ts'
import { allColumns, keptShapes, shapes } from '../../lib/store/schema/tables.ts'
import { contentHash } from './support/content.ts'
import { onEachDatabase } from './support/databases.ts'
import { dataset, random, run } from './support/dataset.ts'
import { startChild } from './support/process.ts'

const migrationNames = ['0001_initial', '0002_name_evidence', '0003_music_facts', '0004_own_tables']

onEachDatabase((database) => {
  test('a new database has every table and view that the code names, column by column', async () => {
    const url = await database.create()
    const store = await openStore(url, { log: silent })
    const tables = new Map((await kyselyOf(store).introspection.getTables()).map((each) => [each.name, each]))
    for (const shape of [...Object.values(shapes), ...Object.values(keptShapes)]) {
      const nullable = new Map(shape.columns.map((column) => [column.name, column.nullable]))
      const found = tables
        .get(shape.name)
        ?.columns.map((column) => ({ name: column.name, nullable: column.isNullable }))
      const expected = allColumns(shape).map((name) => ({ name, nullable: nullable.get(name) ?? false }))
      // A migration puts a new column behind created_at and updated_at.
      const byName = (columns = expected) => new Map(columns.map((column) => [column.name, column]))
      expect({ table: shape.name, columns: byName(found) }).toEqual({ table: shape.name, columns: byName(expected) })
    }
    for (const view of ['music_records', 'distinct_artists'] as const) {
      expect(tables.get(view)?.isView).toBe(true)
      expect(tables.get(view)?.columns.map((column) => column.name)).toEqual(relations[view].columns)
    }
    await store.close()
  })

  test('opening again changes nothing', async () => {
    const url = await database.create()
    for (const _ of [1, 2, 3]) await (await openStore(url, { log: silent })).close()
    expect(database.sql(url, 'select name from store_migration')).toEqual(migrationNames.map((name) => [name]))
  })

  test('many that open a new database at the same moment all succeed, and one migrates', async () => {
    const url = await database.create()
    const children = Array.from({ length: 6 }, () => startChild(url, 'open'))
    for (const child of children) expect((await child.ended()).at(-1)).toBe('closed')
    expect(database.sql(url, 'select name from store_migration')).toEqual(migrationNames.map((name) => [name]))
  })

  test('a process killed while it migrates leaves a database that the next can open', async () => {
    const next = random(Number(process.env.TEST_SEED ?? 7))
    for (let round = 0; round < 6; round += 1) {
      const url = await database.create()
      const child = startChild(url, 'open')
      await sleep(80 + next() * 200)
      child.kill()
      await child.ended()
      const store = await openStore(url, { log: silent })
      await run(store, dataset({ plays: 20, seed: 1 }), 'r')
      expect((await store.counts()).music_records).toBe(20)
      await store.close()
    }
  })

  test('a database of a newer version is refused as such, and stays as it is', async () => {
    const url = await database.create()
    const store = await openStore(url, { log: silent })
    await run(store, dataset({ plays: 20, seed: 1 }), 'r')
    const before = await contentHash(store)
    await store.close()
    database.sql(
      url,
      `insert into store_migration (name, timestamp) values ('9999_future', '2030-01-01T00:00:00.000Z')`,
    )
    for (const open of [openStore, openReadOnly]) {
      await expect(open(url, { log: silent })).rejects.toMatchObject({
        kind: 'usage',
        exitCode: 2,
        message: expect.stringContaining('newer version of this program (9999_future)'),
      })
    }
    database.sql(url, `delete from store_migration where name = '9999_future'`)
    expect(await contentHash(url)).toBe(before)
  })

  test('a database that has our names but is not ours is refused, and stays as it is', async () => {
    const url = await database.create()
    if (database.name === 'sqlite') mkdirSync(join(url.slice('sqlite:'.length), '..'), { recursive: true })
    database.sql(url, 'create table plays (title text)')
    await expect(openStore(url, { log: silent })).rejects.toMatchObject({
      kind: 'database',
      message: 'this database belongs to another program (it has a table named plays)',
    })
    const tables = `select count(*) from ${database.name === 'sqlite' ? 'sqlite_schema' : `pg_tables where schemaname = 'public'`}`
    expect(database.sql(url, tables)).toEqual([['1']])
  })

  describe('an upgrade', () => {
    /** What this code knows, and one migration more. */
    const withOneMore = (engine: Engine, up: (db: Kysely<unknown>) => Promise<void>) => ({
      ...migrations(engine),
      '9999_more': { up },
    })
    async function old() {
      const url = await database.create()
      const store = await openStore(url, { log: silent })
      await run(store, dataset({ plays: 50, seed: 1 }), 'r')
      return { url, store, before: await contentHash(store), engine: await openEngine(url, { log: silent }) }
    }

    test('keeps what is there', async () => {
      const { url, store, before, engine } = await old()
      const all = withOneMore(engine, async (db) => {
        await db.schema.createIndex('plays_callsign').on('plays').column('callsign').execute()
      })
      expect(await migrate(engine, silent, all)).toEqual(['9999_more'])
      expect(await migrate(engine, silent, all)).toEqual([])
      expect(await contentHash(store)).toBe(before)
      await store.close()
      await engine.close()
      await expect(openStore(url, { log: silent })).rejects.toMatchObject({ kind: 'usage' })
    })

    test('from the schema before the facts of songs and acts keeps rows and views of users, and gives the view its columns', async () => {
      const url = await database.create()
      const engine = await openEngine(url, { log: silent })
      const { '0003_music_facts': facts, '0004_own_tables': _, ...before } = migrations(engine)
      await migrate(engine, silent, before)
      expect(facts).toBeDefined()
      const artist = `insert into artist_images (artist_clean, mbid, identity_status, image_status, ambiguous, providers_asked, attempts)
        values ('Old Act', 'an-id', 'found', 'not_found', 0, 'musicbrainz', 0)`
      const track = `insert into track_info (artist_clean, song_clean, duration_ms, status, providers_asked, attempts)
        values ('Old Act', 'Old Song', 200000, 'found', 'musicbrainz', 0)`
      database.sql(url, artist)
      database.sql(url, track)
      if (database.name === 'postgres') database.sql(url, 'create view my_own as select song_clean from music_records')
      expect(await migrate(engine, silent)).toEqual(['0003_music_facts', '0004_own_tables'])
      await engine.close()
      const store = await openStore(url, { log: silent })
      const db = kyselyOf(store)
      expect(await db.selectFrom('track_info').selectAll().execute()).toEqual([
        expect.objectContaining({
          song_clean: 'Old Song',
          duration_ms: 200_000,
          first_release_year: null,
          album: null,
        }),
      ])
      expect(await db.selectFrom('artist_images').selectAll().execute()).toEqual([
        expect.objectContaining({ artist_clean: 'Old Act', mbid: 'an-id', country: null, genres: null }),
      ])
      expect(await db.selectFrom('music_records').select(['track_year', 'artist_country']).execute()).toEqual([])
      await store.close()
    })

    test('that fails half-way leaves the old schema', async () => {
      const { url, store, before, engine } = await old()
      const all = withOneMore(engine, async (db) => {
        await db.schema.createTable('more').addColumn('x', 'integer').execute()
        await db.schema.dropTable('not_there').execute()
      })
      await expect(migrate(engine, silent, all)).rejects.toThrow()
      expect(await contentHash(store)).toBe(before)
      await store.close()
      await engine.close()
      expect(database.sql(url, 'select name from store_migration')).toEqual(migrationNames.map((name) => [name]))
      await (await openStore(url, { log: silent })).close()
      const names = `select count(*) from ${database.name === 'sqlite' ? 'sqlite_schema where name' : 'pg_tables where tablename'} = 'more'`
      expect(database.sql(url, names)).toEqual([['0']])
    })

    test('waits for nobody: a run that is under way refuses it', async () => {
      const { store, engine } = await old()
      const lock = await store.lock({ runId: 'busy', job: 'job:aggregate' })
      const all = withOneMore(engine, async () => {})
      await expect(migrate(engine, silent, all)).rejects.toMatchObject({ kind: 'locked' })
      await lock.release()
      expect(await migrate(engine, silent, all)).toEqual(['9999_more'])
      await store.close()
      await engine.close()
    })
  })

  test('reading needs tables, and makes none', async () => {
    const url = await database.create()
    await expect(openReadOnly(url, { log: silent })).rejects.toMatchObject({ kind: 'database' })
  })
})

describe('files that are no database of ours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rp-foreign-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** A real database of ours, with rows. */
  async function ours(name: string): Promise<string> {
    const path = join(folder, name)
    const store = await openStore(`sqlite:${path}`, { log: silent })
    await run(store, dataset({ plays: 3_000, seed: 1 }), 'r')
    await store.close()
    return path
  }

  const cases: [string, RegExp, () => Promise<string>][] = [
    [
      'a text file',
      /not a SQLite database/,
      async () => {
        writeFileSync(join(folder, 'notes.txt'), 'These are my notes.\n'.repeat(400))
        return join(folder, 'notes.txt')
      },
    ],
    [
      'another program’s database',
      /belongs to another program \(it has a table named bookmarks\)/,
      async () => {
        const db = new BetterSqlite(join(folder, 'browser.db'))
        db.exec('create table bookmarks (url text)')
        db.close()
        return join(folder, 'browser.db')
      },
    ],
    [
      'an empty database with the mark of another program',
      /belongs to another program \(application id 252006675\)/,
      async () => {
        const db = new BetterSqlite(join(folder, 'fossil.db'))
        db.pragma('application_id = 252006675')
        db.close()
        return join(folder, 'fossil.db')
      },
    ],
    [
      'a database whose first bytes are overwritten',
      /not a SQLite database/,
      async () => {
        const path = await ours('header.db')
        const bytes = readFileSync(path)
        bytes.fill(0x41, 0, 100)
        writeFileSync(path, bytes)
        return path
      },
    ],
    [
      'a database whose schema is overwritten',
      /damaged/,
      async () => {
        const path = await ours('schema.db')
        const bytes = readFileSync(path)
        bytes.fill(0x41, 100, 8_000)
        writeFileSync(path, bytes)
        return path
      },
    ],
    ['a folder', /is a folder/, async () => folder],
    [
      'a path through a file',
      /cannot be opened/,
      async () => {
        writeFileSync(join(folder, 'file'), '')
        return join(folder, 'file', 'plays.db')
      },
    ],
  ]
  test.each(cases)('%s is refused and left as it is', async (_, message, make) => {
    const path = await make()
    const before = read(path)
    const error = await openStore(`sqlite:${path}`, { log: silent }).catch((caught) => caught)
    expect({ kind: error.kind, message: error.message }).toEqual({
      kind: 'database',
      message: expect.stringMatching(message),
    })
    expect(error.remedy).toMatch(/.+/)
    expect(read(path)).toEqual(before)
  })

  const read = (path: string) => {
    try {
      return readFileSync(path)
    } catch {
      return undefined
    }
  }

  test('damage deeper in the file is reported where it is met, and nothing is published over it', async () => {
    const path = await ours('deep.db')
    const bytes = readFileSync(path)
    // Every page of the second half but its first byte: the tree is found broken as soon as it is walked.
    for (let page = Math.floor(bytes.length / 8192 / 2); page < bytes.length / 8192; page += 1) {
      bytes.fill(0xff, page * 8192, (page + 1) * 8192)
    }
    writeFileSync(path, bytes)
    const store = await openStore(`sqlite:${path}`, { log: silent })
    await expect(run(store, dataset({ plays: 3_000, seed: 2 }), 'next')).rejects.toMatchObject({
      kind: 'database',
      message: 'the database file is damaged',
    })
    await store.close()
  })

  test.each([
    'mysql://x',
    'sqlite:',
    'sqlite::memory:',
    'plays.db',
    'postgres://:canary@[bad',
  ])('the address %s is a mistake of usage', async (url) => {
    const error = await openStore(url, { log: silent }).catch((caught) => caught)
    expect(error).toMatchObject({ kind: 'usage', place: 'DATABASE_URL' })
    expect(`${error.message} ${error.remedy}`).not.toContain('canary')
  })
})
