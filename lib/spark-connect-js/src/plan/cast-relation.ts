import type { StructType } from '../types/index.ts'
import { alias, attribute, cast } from './expression.ts'
import { project, type Relation, relation } from './relation.ts'

/** A relation of schema `from` as one of schema `to`, column by column; names and metadata are those of `to`. */
export const castRelation = (planId: bigint, input: Relation, from: StructType, to: StructType): Relation => {
  // Names of our own first, for those of the schema may repeat.
  const columnNames = to.fields.map((_, i) => `c${i}`)
  const numbered = relation(planId, { case: 'toDf', value: { input, columnNames } })
  const columns = to.fields.map(({ name, dataType, metadata }, i) => {
    const column = attribute(columnNames[i]!)
    const isSame = dataType === from.fields[i]!.dataType
    const text = Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : undefined
    return alias(isSame ? column : cast(column, dataType), [name], text)
  })
  return project(planId, numbered, columns)
}
