import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../engine/types.ts'
import type { ColumnKind } from '../schema/tables.ts'

/** Column types of a database, and how it creates a table: all that migrations need to run on every database. */
export interface SchemaBuilder extends Readonly<Record<ColumnKind, RawBuilder<unknown>>> {
  table(db: Kysely<unknown>, name: string): CreateTableBuilder<string, string>
  /** Gives a view more columns at its end; views of users that rest on it stay. */
  widenView(db: Kysely<unknown>, name: string, query: RawBuilder<unknown>): Promise<void>
}

export function schemaBuilder({ columnTypes, tableOptions, replacesViews }: Dialect): SchemaBuilder {
  return {
    text: sql.raw(columnTypes.text),
    int64: sql.raw(columnTypes.int64),
    int32: sql.raw(columnTypes.int32),
    double: sql.raw(columnTypes.double),
    table(db, name) {
      const create = db.schema.createTable(name) as CreateTableBuilder<string, string>
      return tableOptions === undefined ? create : create.modifyEnd(sql.raw(tableOptions))
    },
    async widenView(db, name, query) {
      if (!replacesViews) await db.schema.dropView(name).execute()
      const create = db.schema.createView(name)
      await (replacesViews ? create.orReplace() : create).as(query as never).execute()
    },
  }
}
