import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { SchemaBuilder } from './schema-builder.ts'

/** The evidence behind resolved names, the doubtful pairs, and the ids that changed their meaning. */
export function nameEvidence({ table, text, int64, double }: SchemaBuilder): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const name of ['artist_names', 'song_names']) {
        for (const column of ['cleaned', 'name_key', 'evidence']) {
          await db.schema.alterTable(name).addColumn(column, text).execute()
        }
      }
      await table(db, 'name_doubts')
        .addColumn('kind', text, (c) => c.notNull())
        .addColumn('artist', text, (c) => c.notNull())
        .addColumn('a', text, (c) => c.notNull())
        .addColumn('z', text, (c) => c.notNull())
        .addColumn('rule', text, (c) => c.notNull())
        .addColumn('score', double, (c) => c.notNull())
        .addColumn('plays', int64, (c) => c.notNull())
        .addColumn('verdict', text, (c) => c.notNull())
        .addColumn('why', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('name_doubts_pkey', ['kind', 'artist', 'a', 'z'])
        .execute()
      await table(db, 'id_events')
        .addColumn('run_id', text, (c) => c.notNull())
        .addColumn('at', text, (c) => c.notNull())
        .addColumn('kind', text, (c) => c.notNull())
        .addColumn('level', text, (c) => c.notNull())
        .addColumn('id', text, (c) => c.notNull())
        .addColumn('into_id', text, (c) => c.notNull())
        .addColumn('name', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('id_events_pkey', ['run_id', 'level', 'id', 'into_id'])
        .execute()
    },
  }
}
