import { AppError } from '../../errors.ts'
import { meaningOf } from '../schema/dictionary.ts'
import { allColumns, type ColumnKind, keptShapes, shapes, type TableShape } from '../schema/tables.ts'
import type { Reader } from './reader.ts'

/** A column of a relation. */
export interface ColumnDescription {
  readonly name: string
  /** Null for views: their columns have no type of their own. */
  readonly type: ColumnKind | null
  readonly nullable: boolean | null
  readonly key: boolean
  /** Whether it is a time stamp that the store sets by itself. */
  readonly isStamp: boolean
  /** In words; null for a column of a job of your own. */
  readonly meaning: string | null
}

/** The columns of a relation, in order. */
export function describeRelation(reader: Reader, name: string): readonly ColumnDescription[] {
  return columnsOf(name, reader.columns(name), shapeOf(reader, name))
}

/** The same without a database; `shape` is undefined for a view. */
export function columnsOf(
  name: string,
  columns: readonly string[],
  shape: TableShape | undefined,
): readonly ColumnDescription[] {
  const known = new Map(shape?.columns.map((column) => [column.name, column]))
  return (shape ? allColumns(shape) : columns).map((column) => ({
    name: column,
    type: shape ? (known.get(column)?.kind ?? 'text') : null,
    nullable: shape ? (known.get(column)?.nullable ?? false) : null,
    key: shape?.key.includes(column) ?? false,
    isStamp: shape !== undefined && !known.has(column),
    meaning: meaningOf(name, column),
  }))
}

// Views have no types of their own; every other column of theirs is text.
const integersOfViews = 'id time_unix first_play track_duration track_year artist_begin_year play_count'.split(' ')

/** The types of the columns of a relation, also of a view. */
export function columnTypes(reader: Reader, name: string): readonly ColumnKind[] {
  return describeRelation(reader, name).map(
    (column) => column.type ?? (integersOfViews.includes(column.name) ? 'int64' : 'text'),
  )
}

/** The table of that name; undefined for a view. */
export function shapeOf(reader: Reader, name: string): TableShape | undefined {
  return shapeNamed(name) ?? reader.own.find((table) => table.name === name)
}

/** The same for tables that are not of a job of your own. */
export function shapeNamed(name: string): TableShape | undefined {
  return { ...shapes, ...keptShapes }[name as keyof typeof shapes]
}

/** The relation of that name. Errors: AppError `usage`, listing what there is. */
export function relationNamed({ names }: Reader, name: string): string {
  if (names.includes(name)) return name
  throw new AppError('usage', `unknown table ${JSON.stringify(name)}`, {
    remedy: `there are ${names.join(', ')}`,
  })
}

/** The column of that name. *Errors:* AppError `usage`, listing what there is. */
export function columnNamed(reader: Reader, relation: string, name: string): string {
  const columns = reader.columns(relation)
  if (columns.includes(name)) return name
  throw new AppError('usage', `${relation} has no column ${JSON.stringify(name)}`, {
    remedy: `it has ${columns.join(', ')}`,
  })
}
