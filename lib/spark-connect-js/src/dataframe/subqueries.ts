import { ColumnNode, mergeReferences, subqueryNode } from '../column/node.ts'
import { FrameStatistics } from './statistics.ts'
import { TableArg } from './table-arg.ts'

/** A frame as a column, or as a table, of another query. */
export abstract class FrameQueries extends FrameStatistics {
  scalar(): ColumnNode {
    return subqueryNode('scalar', this.relation)
  }
  exists(): ColumnNode {
    return subqueryNode('exists', this.relation)
  }
  /** Whether a row with these values is among the rows: `col('a').isin(frame)`. */
  contains(values: readonly ColumnNode[]): ColumnNode {
    const node = subqueryNode('in', this.relation, { values: values.map((value) => value.expression) })
    return new ColumnNode(node.expression, mergeReferences([node, ...values]))
  }
  asTable(): TableArg {
    return new TableArg(this.relation)
  }
}
