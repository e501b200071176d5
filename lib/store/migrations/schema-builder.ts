import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../engine/types.ts'
import type { ColumnKind } from '../schema/tables.ts'

/** Column types of a database, and how it creates a table: all that migrations need to run on every database. */
export interface SchemaBuilder extends Readonly<Record<ColumnKind, RawBuilder<unknown>>> {
  table(db: Kysely<unknown>, name: string): CreateTableBuilder<string, string>
}

export function schemaBuilder({ columnTypes, tableOptions }: Dialect): SchemaBuilder {
  return {
    text: sql.raw(columnTypes.text),
    int64: sql.raw(columnTypes.int64),
    int32: sql.raw(columnTypes.int32),
    double: sql.raw(columnTypes.double),
    table(db, name) {
      const create = db.schema.createTable(name) as CreateTableBuilder<string, string>
      return tableOptions === undefined ? create : create.modifyEnd(sql.raw(tableOptions))
    },
  }
}
