// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import { type ColumnArg, fn, type NullsOf, type NumberArg, type TextArg, type TypeOf } from './call.ts'

/** `equal_null(col1, col2)`: equal, or both null. */
export const equal_null = (col1: ColumnArg, col2: ColumnArg): Column<boolean> => fn('equal_null', [col1, col2])

/** `isNaN(col)`: whether the value is not a number. */
export const isnan = (col: NumberArg): Column<boolean> => fn('isNaN', [col])

/** `isnotnull(col)`: whether there is a value. */
export const isnotnull = (col: ColumnArg): Column<boolean> => fn('isnotnull', [col])

/** `isNull(col)`: whether there is none. */
export const isnull = (col: ColumnArg): Column<boolean> => fn('isNull', [col])

/** `nanvl(col1, col2)`: the first value, or the second where the first is NaN. */
export const nanvl = <A extends NumberArg, B extends NumberArg>(
  col1: A,
  col2: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('nanvl', [col1, col2])

/** `nullif(col1, col2)`: the first value, null where both are equal. */
export const nullif = <A extends ColumnArg>(col1: A, col2: ColumnArg): Column<TypeOf<A> | null> =>
  fn('nullif', [col1, col2])

/** `nullifzero(col)`: the value, null where it is zero. */
export const nullifzero = <A extends NumberArg>(col: A): Column<TypeOf<A> | null> => fn('nullifzero', [col])

/** `zeroifnull(col)`: the value, zero where it is null. */
export const zeroifnull = <A extends NumberArg>(col: A): Column<NonNullable<TypeOf<A>>> => fn('zeroifnull', [col])

/** `regexp(str, regexp)`: whether a regular expression matches anywhere. */
export const regexp = <A extends TextArg, B extends TextArg>(
  str: A,
  regexp: B,
): Column<boolean | NullsOf<A> | NullsOf<B>> => fn('regexp', [str, regexp])

/** `regexp_like(str, regexp)`: whether a regular expression matches anywhere. */
export const regexp_like = <A extends TextArg, B extends TextArg>(
  str: A,
  regexp: B,
): Column<boolean | NullsOf<A> | NullsOf<B>> => fn('regexp_like', [str, regexp])

/** `rlike(str, regexp)`: whether a regular expression matches anywhere. */
export const rlike = <A extends TextArg, B extends TextArg>(
  str: A,
  regexp: B,
): Column<boolean | NullsOf<A> | NullsOf<B>> => fn('rlike', [str, regexp])
