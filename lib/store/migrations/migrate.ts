import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { AppError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { Engine } from '../engine/types.ts'
import { assertNotRunning } from '../lock/run-lock.ts'
import type { Database } from '../schema/database.ts'
import { migrations } from './migrations.ts'

const migrationTable = 'store_migration'

/**
 * Brings the schema of a database to that of this code, whoever else tries the same at the same time.
 *
 * Kysely's own lock does nothing on SQLite (its issue 729), so all of it runs inside the engine's lock; a process that
 * finds nothing to do takes no lock at all.
 * *Errors:* AppError `usage` for a database newer than this code, `database` for another program's; both stay untouched.
 * @param all every migration that this code knows; another list only in tests.
 * @returns the names of the migrations that were applied.
 */
export async function migrate(engine: Engine, log: Logger, all = migrations(engine)): Promise<readonly string[]> {
  if ((await pending(engine, engine.db, all)).length === 0) return []
  const applied = await engine.exclusively(async (db) => {
    // Somebody may have been faster while we waited.
    const due = await pending(engine, db, all)
    if (due.length === 0) return []
    // A load of the version before must not find other tables when it publishes.
    if (due.length < Object.keys(all).length) await assertNotRunning(engine, db)
    const schema = await schemaOf(engine, db)
    const migrator = new Migrator({
      db,
      ...(schema === undefined ? {} : { migrationTableSchema: schema }),
      provider: { getMigrations: async () => ({ ...all }) },
      migrationTableName: migrationTable,
      migrationLockTableName: `${migrationTable}_lock`,
    })
    const { error } = await migrator.migrateToLatest()
    if (error !== undefined) throw error
    return due
  })
  if (applied.length > 0) log.info('database schema made', { database: engine.address, migrations: applied.join(', ') })
  return applied
}

/** Kysely would otherwise mistake the tables of another schema of the same database for ours. */
async function schemaOf({ dialect }: Engine, db: Kysely<Database>): Promise<string | undefined> {
  if (dialect.currentSchema === undefined) return undefined
  const { rows } = await sql.raw<{ name: string }>(dialect.currentSchema).execute(db)
  return rows[0]!.name
}

/** Migrations that the database lacks, in order. Errors as for `migrate`. */
export async function pending(
  engine: Engine,
  db: Kysely<Database>,
  all = migrations(engine),
): Promise<readonly string[]> {
  const known = Object.keys(all).sort()
  const owner = await engine.ownership()
  if (owner.is === 'foreign') {
    throw new AppError('database', `this database belongs to another program (${owner.sign})`, {
      place: engine.address,
      remedy: 'name another one in DATABASE_URL; nothing was changed in this one',
    })
  }
  if (owner.is === 'empty') return known
  const done = new Set(
    (await sql<{ name: string }>`select name from ${sql.table(migrationTable)}`.execute(db)).rows.map(
      (row) => row.name,
    ),
  )
  const unknown = [...done].filter((name) => !known.includes(name)).sort()
  if (unknown.length > 0) {
    throw new AppError('usage', `this database was made by a newer version of this program (${unknown.join(', ')})`, {
      place: engine.address,
      remedy: 'update the program, or name another database in DATABASE_URL; nothing was changed in this one',
    })
  }
  return known.filter((name) => !done.has(name))
}
