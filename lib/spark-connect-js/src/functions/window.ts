// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import { type ColumnArg, fn, type TypeOf, type ValueArg, value } from './call.ts'

/** `cume_dist()`: share of rows at or before this one. */
export const cume_dist = (): Column<number> => fn('cume_dist', [])

/** `dense_rank()`: rank without gaps. */
export const dense_rank = (): Column<number> => fn('dense_rank', [])

/** `ntile(n)`: number of the part (from 1) when the rows are divided evenly. */
export const ntile = (n: ValueArg<number>): Column<number> => fn('ntile', [value(n)])

/** `nth_value(col, offset, ignoreNulls)`: the value of the n-th row of the frame. */
export const nth_value = <A extends ColumnArg>(
  col: A,
  offset: ValueArg<number>,
  ignoreNulls: ValueArg<boolean> = false,
): Column<TypeOf<A> | null> => fn('nth_value', [col, value(offset), value(ignoreNulls)])

/** `percent_rank()`: rank as a share, from 0 to 1. */
export const percent_rank = (): Column<number> => fn('percent_rank', [])

/** `rank()`: rank with gaps. */
export const rank = (): Column<number> => fn('rank', [])

/** `row_number()`: number of the row, from 1. */
export const row_number = (): Column<number> => fn('row_number', [])
