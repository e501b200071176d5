import { namedColumns } from '../column/columns-of.ts'
import { type ColumnNode, columnNode, functionNode, mergeReferences } from '../column/node.ts'
import type { Expression } from '../gen/spark/connect/expressions_pb.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { literalOf } from '../plan/literal.ts'
import { aggregate, type GroupKind } from '../plan/relation.ts'
import type { GroupedData, UntypedFrame } from './dataframe.ts'
import type { Build, Columns, Named } from './row-types.ts'

interface Grouping {
  readonly kind: GroupKind
  readonly keys: readonly ColumnNode[]
  readonly sets?: readonly (readonly ColumnNode[])[] | undefined
  readonly pivot?: { readonly column: ColumnNode; readonly values: readonly unknown[] } | undefined
}

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
    const isColumnList = first instanceof Object && 'expression' in first
    const nodes = isColumnList
      ? [first as ColumnNode, ...more]
      : namedColumns(this.#frame.columns, first as Build<unknown, Named>).map(({ node, name }) => node.as(name))
    return this.#aggregate(nodes)
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
    if (this.#grouping.kind !== 'groupBy') throw new TypeError('pivot() follows only groupBy(), and only once')
    return new Groups(this.#frame, { ...this.#grouping, kind: 'pivot', pivot: { column: columnNode(column), values } })
  }

  #numeric(name: string, columns: readonly string[]): UntypedFrame {
    if (columns.length === 0) {
      throw new TypeError(`name the columns for ${name}(); their types are only known to the server`)
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
