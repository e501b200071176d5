import type {
  Expression,
  Expression_SortOrder,
  Expression_Window_WindowFrame,
} from '../gen/spark/connect/expressions_pb.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'

/** Relations that a column's subqueries read, by plan id. */
export type References = ReadonlyMap<bigint, Relation>

/** What a window is made of. */
export interface WindowParts {
  readonly partitionSpec: readonly Expression[]
  readonly orderSpec: readonly Expression_SortOrder[]
  readonly frameSpec: Expression_Window_WindowFrame | undefined
  readonly references: References
}

/** What a column needs of a window; `N` are the columns that the window names. */
export interface ColumnWindow<out N> {
  readonly names?: N
  /** @internal */
  readonly parts: WindowParts
}
