import { type RawBuilder, sql } from 'kysely'
import { kyselyOf } from '../kysely-of.ts'
import { columnNamed, describeRelation, relationNamed } from './describe.ts'
import type { Reader } from './reader.ts'

/*
 * Names of tables and columns come from the lists of this folder, never from the caller; values are parameters.
 */

/** Rows of each relation. A view has as many as the table that it begins with, so that none is worked out for a number. */
export async function relationCounts(reader: Reader): Promise<Readonly<Record<string, number>>> {
  const db = kyselyOf(reader)
  const counts: Record<string, number> = {}
  for (const name of reader.names) {
    const { rowPer } = reader.shape(name)
    if (rowPer !== undefined) {
      counts[name] = counts[rowPer]!
      continue
    }
    const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(name)}`.execute(db)
    counts[name] = rows[0]!.rows
  }
  return counts
}

/** Only rows whose column has this value; null finds null. */
export interface Filter {
  readonly column: string
  readonly value: string | null
}

/** The order of rows, before the relation's own. */
export interface Sort {
  readonly column: string
  readonly descending: boolean
}

/** Some rows of a relation. */
export interface Page {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  /** Whether there are rows after these. */
  readonly more: boolean
}

/**
 * Some rows of a relation that pass all filters, in its fixed order or by a column.
 *
 * *Cost:* the rows before `offset` are walked over; a filter reads rows until enough are found, and a sort all of them.
 */
export async function relationRows(
  reader: Reader,
  name: string,
  options: {
    readonly offset?: number
    readonly limit: number
    readonly filters?: readonly Filter[] | undefined
    readonly sort?: Sort | undefined
  },
): Promise<Page> {
  const relation = relationNamed(reader, name)
  const { columns, order } = reader.shape(relation)
  const where = whereOf(reader, relation, options.filters)
  const first = options.sort ? sortOf(reader, relation, options.sort) : sql``
  const { rows } = await sql<Record<string, unknown>>`select ${sql.join(columns.map((each) => sql.ref(each)))}
    from ${sql.table(relation)} ${where} order by ${first}${sql.raw(order)}
    limit ${options.limit + 1} offset ${options.offset ?? 0}`.execute(kyselyOf(reader))
  const shown = rows.slice(0, options.limit)
  return { columns, rows: shown.map((row) => columns.map((each) => row[each])), more: rows.length > options.limit }
}

/** Null comes last, whichever way; both databases have their own mind otherwise. */
function sortOf(reader: Reader, relation: string, sort: Sort): RawBuilder<unknown> {
  const column = sql.ref(columnNamed(reader, relation, sort.column))
  return sql`${column} is null, ${column} ${sql.raw(sort.descending ? 'desc' : 'asc')}, `
}

function whereOf(reader: Reader, relation: string, filters: readonly Filter[] = []): RawBuilder<unknown> {
  if (filters.length === 0) return sql``
  return sql`where ${sql.join(
    filters.map((filter) => conditionOf(reader, relation, filter)),
    sql` and `,
  )}`
}

function conditionOf(reader: Reader, relation: string, filter: Filter): RawBuilder<unknown> {
  const column = sql.ref(columnNamed(reader, relation, filter.column))
  if (filter.value === null) return sql`${column} is null`
  const type = describeRelation(reader, relation).find((each) => each.name === filter.column)?.type
  if (type === 'text') return sql`${column} = ${filter.value}`
  if (type === null) return sql`cast(${column} as text) = ${filter.value}`
  const value = Number(filter.value)
  // A number that is none is the value of no row; Postgres would call it an error.
  return Number.isFinite(value) ? sql`${column} = ${value}` : sql`1 = 0`
}

/** A value of a column and how many rows have it. */
export interface Facet {
  readonly value: string | number | null
  readonly rows: number
}

/**
 * The values of a column by the number of their rows, most first.
 *
 * *Cost:* a scan of the relation; of `plays` by station, artist or song one of the table that Spark has counted already.
 */
export async function relationFacets(
  reader: Reader,
  name: string,
  columnName: string,
  options: { readonly limit: number; readonly filters?: readonly Filter[] | undefined },
): Promise<{ readonly values: readonly Facet[]; readonly more: boolean }> {
  const relation = relationNamed(reader, name)
  const column = columnNamed(reader, relation, columnName)
  const counted = (options.filters ?? []).length === 0 && relation === 'plays' ? countedAlready[column] : undefined
  const from = counted ?? relation
  const rowsOf = counted ? sql`sum(plays)` : sql`count(*)`
  const where = whereOf(reader, relation, options.filters)
  // One title may be the song of several artists, hence the grouping there too.
  const { rows } = await sql<{ value: string | number | null; rows: number }>`
    select ${sql.ref(column)} as value, ${rowsOf} as ${sql.ref('rows')} from ${sql.table(from)} ${where}
    group by ${sql.ref(column)} order by 2 desc, ${sql.ref(column)} is null, ${sql.ref(column)}
    limit ${options.limit + 1}`.execute(kyselyOf(reader))
  return { values: rows.slice(0, options.limit), more: rows.length > options.limit }
}

const countedAlready: Readonly<Record<string, string>> = {
  callsign: 'stations',
  artist_clean: 'artists',
  song_clean: 'songs',
}
