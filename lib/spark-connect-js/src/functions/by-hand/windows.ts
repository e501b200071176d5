import type { Column } from '../../column/column.ts'
import { type ColumnArg, fn, type TypeOf, value } from '../call.ts'

/** What stands where there is no row, and whether nulls are skipped; the latter needs the former. */
const shiftArgs = (fallback: unknown, ignoreNulls: boolean | undefined): unknown[] =>
  ignoreNulls === undefined ? [value(fallback)] : [value(fallback ?? null), ignoreNulls]

/** `lag(col, offset, default)`: the value of the row so many rows before, within the partition. */
export function lag<A extends ColumnArg>(column: A, offset?: number): Column<TypeOf<A> | null>
export function lag<A extends ColumnArg, D>(
  column: A,
  offset: number,
  fallback: D | Column<D>,
  ignoreNulls?: boolean,
): Column<TypeOf<A> | D>
export function lag(column: ColumnArg, offset = 1, fallback?: unknown, ignoreNulls?: boolean): Column<unknown> {
  return fn('lag', [column, offset, ...shiftArgs(fallback, ignoreNulls)])
}

/** `lead(col, offset, default)`: the value of the row so many rows after, within the partition. */
export function lead<A extends ColumnArg>(column: A, offset?: number): Column<TypeOf<A> | null>
export function lead<A extends ColumnArg, D>(
  column: A,
  offset: number,
  fallback: D | Column<D>,
  ignoreNulls?: boolean,
): Column<TypeOf<A> | D>
export function lead(column: ColumnArg, offset = 1, fallback?: unknown, ignoreNulls?: boolean): Column<unknown> {
  return fn('lead', [column, offset, ...shiftArgs(fallback, ignoreNulls)])
}
