import { asSortOrder, type Bound, literalExpression, windowFrame } from '../plan/expression.ts'
import { types } from '../types/index.ts'
import type { Column } from './column.ts'
import { columnNode, mergeReferences, operandNode } from './node.ts'
import type { ColumnWindow, WindowParts } from './window-parts.ts'

/** A column or the name of one. */
export type ColumnOrName = Column<unknown> | string

/** Columns, names of columns, or a list of them. */
type WindowColumns<M extends string> = Column<unknown> | M | readonly (Column<unknown> | M)[]

const empty: WindowParts = { partitionSpec: [], orderSpec: [], frameSpec: undefined, references: new Map() }

/** The end of a frame: rows or values relative to the current row, or a column for ranges of dates and intervals. */
export type FrameBound = number | bigint | Column<unknown>

const bound = (value: FrameBound, kind: 'rows' | 'range'): Bound => {
  if (value === 0 || value === 0n) return 'current'
  if (value === Window.unboundedPreceding || value === Window.unboundedFollowing) return 'unbounded'
  if (typeof value !== 'number' && typeof value !== 'bigint') return operandNode(value).expression
  // Spark wants an int for rows and a long for ranges.
  return literalExpression(
    value,
    kind === 'rows' ? types.integer : Number.isInteger(Number(value)) ? types.long : types.double,
  )
}

/**
 * Which rows a window function sees: those of the same partition, in an order, between two bounds.
 * Immutable; each method gives a new specification. `N` are the columns that it names: `select` and `withColumns` check
 * that their frame has them, where the window's column is used as it is.
 */
export class WindowSpec<out N extends string = never> implements ColumnWindow<N> {
  declare readonly names?: N
  /** @internal */
  readonly parts: WindowParts

  constructor(parts: WindowParts = empty) {
    this.parts = parts
  }

  /** Rows with equal values in these columns belong together. */
  partitionBy<M extends string = never>(...columns: readonly WindowColumns<M>[]): WindowSpec<N | M> {
    const nodes = columns.flat().map(columnNode)
    return new WindowSpec({
      ...this.parts,
      partitionSpec: nodes.map((node) => node.expression),
      references: mergeReferences([this.parts, ...nodes]),
    })
  }

  /** The order within a partition. Without bounds the frame then ends at the current row and its equals. */
  orderBy<M extends string = never>(...columns: readonly WindowColumns<M>[]): WindowSpec<N | M> {
    const nodes = columns.flat().map(columnNode)
    return new WindowSpec({
      ...this.parts,
      orderSpec: nodes.map((node) => asSortOrder(node.expression)),
      references: mergeReferences([this.parts, ...nodes]),
    })
  }

  /** From so many rows before (negative) to so many after; 0 is the current row. */
  rowsBetween(start: FrameBound, end: FrameBound): WindowSpec<N> {
    return new WindowSpec({ ...this.parts, frameSpec: windowFrame('rows', bound(start, 'rows'), bound(end, 'rows')) })
  }

  /** Rows whose order value lies between these distances from the current row's. */
  rangeBetween(start: FrameBound, end: FrameBound): WindowSpec<N> {
    return new WindowSpec({
      ...this.parts,
      frameSpec: windowFrame('range', bound(start, 'range'), bound(end, 'range')),
    })
  }
}

/** Where a window specification starts: `Window.partitionBy('callsign').orderBy(col('time').desc())`. */
export const Window = Object.freeze({
  /** The first row of the partition. */
  unboundedPreceding: -(2n ** 63n),
  /** The last row of the partition. */
  unboundedFollowing: 2n ** 63n - 1n,
  currentRow: 0,
  partitionBy: <M extends string = never>(...columns: readonly WindowColumns<M>[]): WindowSpec<M> =>
    new WindowSpec().partitionBy(...columns),
  orderBy: <M extends string = never>(...columns: readonly WindowColumns<M>[]): WindowSpec<M> =>
    new WindowSpec().orderBy(...columns),
  rowsBetween: (start: FrameBound, end: FrameBound): WindowSpec => new WindowSpec().rowsBetween(start, end),
  rangeBetween: (start: FrameBound, end: FrameBound): WindowSpec => new WindowSpec().rangeBetween(start, end),
})
