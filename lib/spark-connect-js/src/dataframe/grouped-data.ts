import { checkColumns, checkList } from '../column/arguments.ts'
import { namedColumns } from '../column/columns-of.ts'
import { type ColumnNode, columnNode, functionNode, isColumn, mergeReferences } from '../column/node.ts'
import type { Expression } from '../gen/spark/connect/expressions_pb.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { literalOf } from '../plan/literal.ts'
import { aggregate, type GroupKind } from '../plan/relation.ts'
import { mistake } from '../trace/error-stack.ts'
import { describeValue } from '../types/index.ts'
import type { GroupedData, UntypedFrame } from './dataframe.ts'
import type { Columns } from './row-types.ts'

interface Grouping {
  readonly kind: GroupKind
  readonly keys: readonly ColumnNode[]
  readonly sets?: readonly (readonly ColumnNode[])[] | undefined
  readonly pivot?: { readonly column: ColumnNode; readonly values: readonly unknown[] } | undefined
}

/** A name for an aggregate that a program can hold as it is. */
const aliasFor = (aggregate: string, name: string): string =>
  /^[\w$]+$/.test(name) ? `${aggregate}_${name}` : name === '*' ? 'total' : `'${aggregate}_${name}'`

/** `{ id: 'max' }` is PySpark's form; here a record gives names to columns. */
const wrongAggregate = (name: string, value: unknown): string =>
  typeof value === 'string'
    ? `agg({ '${name}': '${value}' }) is PySpark's form; write agg({ ${aliasFor(value, name)}: ${value}('${name}') })`
    : `agg: '${name}' is ${describeValue(value)}, not a column; a plain value is lit(value)`

/** What grouped data needs of its frame. */
export interface Grouped {
  readonly relation: Relation
  readonly columns: Columns<unknown>
  derive(
    make: (planId: bigint) => Relation,
    columns: readonly { readonly references: ReadonlyMap<bigint, Relation> }[],
  ): UntypedFrame
}

/** The class behind `GroupedData`. */
export class Groups {
  readonly #frame: Grouped
  readonly #grouping: Grouping

  constructor(frame: Grouped, grouping: Grouping) {
    this.#frame = frame
    this.#grouping = grouping
  }

  agg(first: unknown, ...more: ColumnNode[]): UntypedFrame {
    if (isColumn(first)) return this.#aggregate(checkColumns('agg', [first, ...more]))
    if (typeof first === 'string') throw mistake(`agg takes columns; as SQL text that is agg(expr('${first}'))`)
    const built = typeof first === 'function' ? first(this.#frame.columns) : first
    for (const [name, column] of Object.entries(built ?? {})) {
      if (!isColumn(built) && !isColumn(column)) throw mistake(wrongAggregate(name, column))
    }
    return this.#aggregate(namedColumns(this.#frame.columns, built).map(({ node, name }) => node.as(name)))
  }

  count(): UntypedFrame {
    return this.#aggregate([functionNode('count', [1]).as('count')])
  }

  avg(...names: string[]): UntypedFrame {
    return this.#numeric('avg', names)
  }
  mean(...names: string[]): UntypedFrame {
    return this.#numeric('avg', names)
  }
  sum(...names: string[]): UntypedFrame {
    return this.#numeric('sum', names)
  }
  min(...names: string[]): UntypedFrame {
    return this.#numeric('min', names)
  }
  max(...names: string[]): UntypedFrame {
    return this.#numeric('max', names)
  }

  pivot(column: unknown, values: readonly unknown[] = []): Groups {
    if (this.#grouping.kind !== 'groupBy') throw mistake('pivot() follows only groupBy(), and only once')
    const [node] = checkColumns('pivot', [column])
    const pivot = { column: node!, values: checkList('pivot', 'the values', values) }
    return new Groups(this.#frame, { ...this.#grouping, kind: 'pivot', pivot })
  }

  #numeric(name: string, columns: readonly string[]): UntypedFrame {
    if (columns.length === 0) {
      throw mistake(`name the columns for ${name}(); their types are only known to the server`)
    }
    return this.#aggregate(columns.map((column) => functionNode(name, [columnNode(column)])))
  }

  #aggregate(nodes: readonly ColumnNode[]): UntypedFrame {
    const { kind, keys, sets, pivot } = this.#grouping
    const expressions = (list: readonly ColumnNode[]): Expression[] => list.map((node) => node.expression)
    const all = [...nodes, ...keys, ...(sets?.flat() ?? []), ...(pivot ? [pivot.column] : [])]
    return this.#frame.derive(
      (planId) =>
        aggregate(planId, this.#frame.relation, kind, expressions(keys), expressions(nodes), {
          pivot: pivot && {
            col: pivot.column.expression,
            values: pivot.values.map((value) => literalOf(value)),
          },
          groupingSets: sets?.map(expressions),
        }),
      [{ references: mergeReferences(all) }],
    )
  }
}

/** The typed view of grouped rows. */
export const asGroupedData = <R, K>(groups: Groups): GroupedData<R, K> => groups as unknown as GroupedData<R, K>
