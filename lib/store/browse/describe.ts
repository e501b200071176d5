import { AppError } from '../../errors.ts'
import { allColumns, keptShapes, shapes, type TableShape } from '../schema/tables.ts'
import type { Reader } from './reader.ts'

export interface ColumnDescription {
  readonly name: string
  /** Null for views: their columns have no type of their own. */
  readonly type: 'text' | 'int64' | 'int32' | 'double' | null
  readonly nullable: boolean | null
  readonly key: boolean
  /** Whether it is a time stamp that the store sets by itself. */
  readonly isStamp: boolean
}

/** The columns of a relation, in order. */
export function describeRelation(reader: Reader, name: string): readonly ColumnDescription[] {
  const shape = shapeOf(reader, name)
  if (shape === undefined) {
    return reader
      .columns(name)
      .map((column) => ({ name: column, type: null, nullable: null, key: false, isStamp: false }))
  }
  const known = new Map(shape.columns.map((column) => [column.name, column]))
  return allColumns(shape).map((column) => ({
    name: column,
    type: known.get(column)?.kind ?? 'text',
    nullable: known.get(column)?.nullable ?? false,
    key: shape.key.includes(column),
    isStamp: !known.has(column),
  }))
}

/** The table of that name; undefined for a view. */
export function shapeOf(reader: Reader, name: string): TableShape | undefined {
  return { ...shapes, ...keptShapes }[name as keyof typeof shapes] ?? reader.own.find((table) => table.name === name)
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
