import type { Column } from '../column/column.ts'
import { type ColumnNode, columnNode, mergeReferences, ColumnNode as Node, subqueryNode } from '../column/node.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { asSortOrder, type TableArgument } from '../plan/expression.ts'
import { mistake } from '../trace/error-stack.ts'

/** A frame as the argument of a table-valued function, with the partitioning that the function needs. */
export class TableArg<N extends string = string> {
  readonly #relation: Relation
  readonly #table: TableArgument
  readonly #columns: readonly ColumnNode[]

  constructor(
    relation: Relation,
    table: TableArgument = { partitionSpec: [], orderSpec: [] },
    columns: readonly ColumnNode[] = [],
  ) {
    this.#relation = relation
    this.#table = table
    this.#columns = columns
  }

  partitionBy(...columns: readonly (Column<unknown> | N)[]): TableArg<N> {
    if (this.#table.withSinglePartition) throw mistake('partitionBy() contradicts withSinglePartition()')
    const nodes = columns.map(columnNode)
    const partitionSpec = [...this.#table.partitionSpec, ...nodes.map((node) => node.expression)]
    return new TableArg(this.#relation, { ...this.#table, partitionSpec }, [...this.#columns, ...nodes])
  }

  orderBy(...columns: readonly (Column<unknown> | N)[]): TableArg<N> {
    const nodes = columns.map(columnNode)
    const orderSpec = [...this.#table.orderSpec, ...nodes.map((node) => asSortOrder(node.expression))]
    return new TableArg(this.#relation, { ...this.#table, orderSpec }, [...this.#columns, ...nodes])
  }

  withSinglePartition(): TableArg<N> {
    if (this.#table.partitionSpec.length > 0) throw mistake('withSinglePartition() contradicts partitionBy()')
    return new TableArg(this.#relation, { ...this.#table, withSinglePartition: true }, this.#columns)
  }

  /** @internal */
  get node(): ColumnNode {
    const node = subqueryNode('tableArg', this.#relation, { table: this.#table })
    return new Node(node.expression, mergeReferences([node, ...this.#columns]))
  }
}
