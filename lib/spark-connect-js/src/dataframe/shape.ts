import { checkColumns, checkList, checkObject, checkText, checkWhole } from '../column/arguments.ts'
import type { Column } from '../column/column.ts'
import { asColumn, ColumnNode, columnNode, functionNode, operandNode } from '../column/node.ts'
import { internalFn } from '../functions/call.ts'
import { directPartitionId } from '../plan/expression.ts'
import * as relations from '../plan/relation.ts'
import { mistake } from '../trace/error-stack.ts'
import { describeValue, parseColumns, StructType } from '../types/index.ts'
import type { UntypedFrame } from './dataframe.ts'
import { asFrame } from './frame-node.ts'
import { type Observation, watch } from './observation.ts'
import { FrameSets } from './set-operations.ts'

/** The same rows in another shape, or in other partitions. */
export abstract class FrameShape extends FrameSets {
  transform(step: (frame: UntypedFrame) => UntypedFrame): UntypedFrame {
    if (typeof step !== 'function') throw mistake(`transform takes a function of a frame, not ${describeValue(step)}`)
    const made: unknown = step(asFrame(this))
    if (made instanceof FrameSets) return asFrame(made)
    throw mistake(`transform: the function gives a DataFrame, not ${describeValue(made)}`)
  }
  $castTo(): UntypedFrame {
    return asFrame(this)
  }
  to(schema: StructType | string): UntypedFrame {
    const type = typeof schema === 'string' ? parseColumns(schema) : schema
    if (!(type instanceof StructType)) throw mistake(`to() takes a schema, not ${describeValue(schema)}`)
    return this.derive((planId) => relations.toSchema(planId, this.relation, type))
  }

  unpivot(
    ids: readonly unknown[],
    values: readonly unknown[] | null,
    variableColumnName: string,
    valueColumnName: string,
  ): UntypedFrame {
    const idNodes = checkList('unpivot', 'the ids', ids).map(columnNode)
    const valueNodes =
      values === null ? undefined : checkList('unpivot', 'the values (or null)', values).map(columnNode)
    checkText('unpivot', 'the name of the variable column', variableColumnName)
    checkText('unpivot', 'the name of the value column', valueColumnName)
    const expressions = (nodes: readonly ColumnNode[]) => nodes.map((node) => node.expression)
    const value = {
      input: this.relation,
      ids: expressions(idNodes),
      variableColumnName,
      valueColumnName,
      ...(valueNodes && { values: { values: expressions(valueNodes) } }),
    }
    return this.wrap({ case: 'unpivot', value }, [...idNodes, ...(valueNodes ?? [])])
  }
  melt(...args: Parameters<FrameShape['unpivot']>): UntypedFrame {
    return this.unpivot(...args)
  }
  transpose(indexColumn?: unknown): UntypedFrame {
    const nodes = indexColumn === undefined ? [] : [columnNode(indexColumn)]
    const value = { input: this.relation, indexColumns: nodes.map((node) => node.expression) }
    return this.wrap({ case: 'transpose', value }, nodes)
  }
  toJSON(): UntypedFrame {
    return this.select(asColumn(functionNode('to_json', [functionNode('struct', [columnNode('*')])])).as('value'))
  }
  hint(name: string, ...parameters: unknown[]): UntypedFrame {
    const nodes = parameters.map(operandNode)
    const value = { input: this.relation, name, parameters: nodes.map((node) => node.expression) }
    return this.wrap({ case: 'hint', value }, nodes)
  }

  repartition(...args: unknown[]): UntypedFrame {
    const { count, nodes } = partitioning(args)
    if (nodes.length === 0 && count !== undefined) {
      return this.derive((planId) => relations.repartition(planId, this.relation, count, true))
    }
    return this.#repartitionBy(nodes, count)
  }
  repartitionByRange(...args: unknown[]): UntypedFrame {
    const { count, nodes } = partitioning(args)
    const ordered = nodes.map((node) => (node.expression.exprType.case === 'sortOrder' ? node : node.asc()))
    return this.#repartitionBy(ordered, count)
  }
  repartitionById(numPartitions: number, partition: unknown): UntypedFrame {
    this.executor.requireVersion('4.1', 'repartitionById')
    const node = columnNode(partition)
    return this.#repartitionBy([new ColumnNode(directPartitionId(node.expression), node.references)], numPartitions)
  }
  #repartitionBy(nodes: readonly ColumnNode[], count: number | undefined): UntypedFrame {
    if (nodes.length === 0) throw mistake('give a number of partitions, or columns')
    return this.derive(
      (planId) =>
        relations.repartitionBy(
          planId,
          this.relation,
          nodes.map((node) => node.expression),
          count,
        ),
      nodes,
    )
  }
  coalesce(numPartitions: number): UntypedFrame {
    return this.derive((planId) =>
      relations.repartition(planId, this.relation, checkWhole('coalesce', numPartitions, 1), false),
    )
  }

  zipWithIndex(name = 'index'): UntypedFrame {
    return this.select('*', internalFn('distributed_sequence_id', []).as(name))
  }
  withWatermark(eventTime: string, delayThreshold: string): UntypedFrame {
    return this.wrap({ case: 'withWatermark', value: { input: this.relation, eventTime, delayThreshold } })
  }
  observe(observation: Observation | string, ...metrics: Column<unknown>[]): UntypedFrame {
    if (typeof observation !== 'string') checkObject('observe', 'an Observation or a name is expected', observation)
    const nodes = metrics.map(operandNode)
    const name = typeof observation === 'string' ? observation : watch(observation, this.executor)
    const value = { input: this.relation, name, metrics: nodes.map((node) => node.expression) }
    return this.wrap({ case: 'collectMetrics', value }, nodes)
  }
}

const partitioning = (args: readonly unknown[]): { count: number | undefined; nodes: ColumnNode[] } => {
  const [first, ...rest] = args.flat()
  return typeof first === 'number'
    ? { count: checkWhole('repartition', first, 1), nodes: checkColumns('repartition', rest) }
    : { count: undefined, nodes: checkColumns('repartition', args.flat()) }
}
