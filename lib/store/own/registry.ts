import { type Selectable, sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Dialect } from '../engine/types.ts'
import type { Db, OwnTablesTable } from '../schema/database.ts'
import { type ColumnKind, quote, type TableShape } from '../schema/tables.ts'
import type { OwnTable } from './own-table.ts'

/** The tables that jobs of one's own have made, by name. */
export async function ownTablesOf(db: Db): Promise<readonly OwnTable[]> {
  return (await db.selectFrom('own_tables').selectAll().orderBy('name').execute()).map(ownTableOf)
}

/** A table as its row in `own_tables` describes it. */
function ownTableOf(row: Selectable<OwnTablesTable>): OwnTable {
  const key = JSON.parse(row.table_key) as readonly string[]
  const columns = JSON.parse(row.table_columns) as readonly { readonly name: string; readonly kind: ColumnKind }[]
  return {
    name: row.name,
    job: row.job,
    summary: row.summary,
    key,
    columns: columns.map((column) => ({ ...column, nullable: !key.includes(column.name) })),
    lookedUp: null,
    stamped: false,
  }
}

/** How a table comes to its columns: `kept` they are those of before, `widened` by new ones at its end, `remade` otherwise. */
export type Preparation = 'created' | 'kept' | 'widened' | 'remade'

/**
 * Gives a table the columns and the key that its job says, in the transaction of a publish: its rows are all written anew, so
 * that a column of another type loses nothing.
 *
 * *Errors:* AppError `usage` for a table that another job, or a person, has made.
 */
export async function prepareOwnTable(
  dialect: Dialect,
  db: Db,
  table: OwnTable,
): Promise<{ readonly done: Preparation; readonly table: OwnTable }> {
  const known = (await ownTablesOf(db)).find(({ name }) => name === table.name)
  const isThere = await tableExists(dialect, db, table.name)
  if (known !== undefined && known.job !== table.job) {
    throw new AppError('usage', `the table ${table.name} belongs to ${known.job}`, {
      place: `table ${table.name}`,
      remedy: `give the table of ${table.job} another name, or remove the old one: npm run db:setup -- --drop ${table.name}`,
    })
  }
  if (known === undefined && isThere) {
    throw new AppError('usage', `there is a table ${table.name} that no job has made`, {
      place: `table ${table.name}`,
      remedy: `give the table of ${table.job} another name, or drop or rename the other one`,
    })
  }
  if (known === undefined || !isThere) {
    await createTable(dialect, db, table)
    return { done: 'created', table }
  }
  const added = addedColumns(known, table)
  if (added === undefined) {
    await dropTable(db, table.name)
    await createTable(dialect, db, table)
    return { done: 'remade', table }
  }
  for (const column of added) {
    const type = sql.raw(dialect.columnTypes[column.kind])
    await sql`alter table ${sql.id(table.name)} add column ${sql.id(column.name)} ${type}`.execute(db)
  }
  const columns = [...known.columns, ...added]
  return { done: added.length === 0 ? 'kept' : 'widened', table: { ...table, columns } }
}

/** The columns that are new, where nothing else differs; undefined where it does. */
function addedColumns(known: OwnTable, table: OwnTable): OwnTable['columns'] | undefined {
  const wanted = new Map(table.columns.map((column) => [column.name, column]))
  const isKept = known.columns.every((column) => wanted.get(column.name)?.kind === column.kind)
  if (!isKept || JSON.stringify(known.key) !== JSON.stringify(table.key)) return undefined
  return table.columns.filter(({ name }) => !known.columns.some((column) => column.name === name))
}

/** Creates an own table, empty. */
export async function createTable({ columnTypes, tableOptions }: Dialect, db: Db, table: TableShape): Promise<void> {
  const columns = table.columns.map(
    ({ name, kind, nullable }) => `${quote(name)} ${columnTypes[kind]}${nullable ? '' : ' not null'}`,
  )
  const key = `constraint ${quote(`${table.name}_pkey`)} primary key (${table.key.map(quote).join(', ')})`
  const text = `create table ${quote(table.name)} (${[...columns, key].join(', ')}) ${tableOptions ?? ''}`
  await sql.raw(text).execute(db)
}

export const dropTable = async (db: Db, name: string): Promise<void> =>
  void (await sql`drop table ${sql.id(name)}`.execute(db))

/** Whether the schema of our tables holds a table or view of that name. */
export async function tableExists({ currentSchema }: Dialect, db: Db, name: string): Promise<boolean> {
  const schema =
    currentSchema === undefined ? undefined : (await sql.raw<{ name: string }>(currentSchema).execute(db)).rows[0]?.name
  const tables = await db.introspection.getTables()
  return tables.some((each) => each.name === name && (schema === undefined || each.schema === schema))
}

/** Notes in `own_tables` what these tables are. */
export async function saveOwnTables(
  db: Db,
  tables: readonly OwnTable[],
  { runId, now }: { readonly runId: string; readonly now: string },
): Promise<void> {
  for (const { name, job, summary, key, columns } of tables) {
    const described = {
      job,
      summary,
      table_key: JSON.stringify(key),
      table_columns: JSON.stringify(columns.map((column) => ({ name: column.name, kind: column.kind }))),
      run_id: runId,
      updated_at: now,
    }
    await db
      .insertInto('own_tables')
      .values({ name, ...described, created_at: now })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(described))
      .execute()
  }
}
