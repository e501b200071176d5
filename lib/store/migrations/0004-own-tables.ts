import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { SchemaBuilder } from './schema-builder.ts'

/** Which tables jobs of one's own have made, and how their data checks ended. */
export function ownTables({ table, text, int64 }: SchemaBuilder): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await table(db, 'own_tables')
        .addColumn('name', text, (c) => c.notNull())
        .addColumn('job', text, (c) => c.notNull())
        .addColumn('summary', text, (c) => c.notNull())
        .addColumn('table_key', text, (c) => c.notNull())
        .addColumn('table_columns', text, (c) => c.notNull())
        .addColumn('run_id', text, (c) => c.notNull())
        .addColumn('created_at', text, (c) => c.notNull())
        .addColumn('updated_at', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('own_tables_pkey', ['name'])
        .execute()
      await table(db, 'data_checks')
        .addColumn('run_id', text, (c) => c.notNull())
        .addColumn('name', text, (c) => c.notNull())
        .addColumn('job', text, (c) => c.notNull())
        .addColumn('at', text, (c) => c.notNull())
        .addColumn('level', text, (c) => c.notNull())
        .addColumn('outcome', text, (c) => c.notNull())
        .addColumn('failing', int64, (c) => c.notNull())
        .addColumn('examples', text)
        .addPrimaryKeyConstraint('data_checks_pkey', ['run_id', 'name'])
        .execute()
    },
  }
}
