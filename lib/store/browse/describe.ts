import { AppError } from '../../errors.ts'
import { type Relation, relationNames, relations } from '../schema/relations.ts'
import { allColumns, keptShapes, shapes, type TableShape } from '../schema/tables.ts'

export interface ColumnDescription {
  readonly name: string
  /** Null for views: their columns have no type of their own. */
  readonly type: 'text' | 'int64' | 'int32' | 'double' | null
  readonly nullable: boolean | null
  readonly key: boolean
}

/** The columns of a relation, in order. */
export function describeRelation(name: Relation): readonly ColumnDescription[] {
  const shape = shapeOf(name)
  if (shape === undefined) {
    return relations[name].columns.map((column) => ({ name: column, type: null, nullable: null, key: false }))
  }
  const known = new Map(shape.columns.map((column) => [column.name, column]))
  return allColumns(shape).map((column) => ({
    name: column,
    type: known.get(column)?.kind ?? 'text',
    nullable: known.get(column)?.nullable ?? false,
    key: shape.key.includes(column),
  }))
}

/** The table of that name; undefined for a view. */
export function shapeOf(name: Relation): TableShape | undefined {
  return { ...shapes, ...keptShapes }[name as keyof typeof shapes]
}

/** The relation of that name. Errors: AppError `usage`, listing what there is. */
export function relationNamed(name: string): Relation {
  const found = relationNames.find((each) => each === name)
  if (found) return found
  throw new AppError('usage', `unknown table ${JSON.stringify(name)}`, {
    remedy: `there are ${relationNames.join(', ')}`,
  })
}

/** The column of that name. *Errors:* AppError `usage`, listing what there is. */
export function columnNamed(relation: Relation, name: string): string {
  const { columns } = relations[relation]
  if (columns.includes(name)) return name
  throw new AppError('usage', `${relation} has no column ${JSON.stringify(name)}`, {
    remedy: `it has ${columns.join(', ')}`,
  })
}
