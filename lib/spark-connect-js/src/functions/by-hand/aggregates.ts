import type { AggregateColumn, Column } from '../../column/column.ts'
import type { Total } from '../../types/arithmetic.ts'
import {
  type AmountArg,
  type ColumnArg,
  distinctFn,
  fn,
  type MedianOf,
  type NullsOf,
  type PresentTypeOf,
  type TextOf,
  type TypeOf,
  type ValueArg,
  value,
} from '../call.ts'

/** `count(*)` or `count(col)`: how many rows, or how many values that are not null. */
export const count = (column: '*' | ColumnArg): Column<bigint> => fn('count', column === '*' ? [1] : [column])

/** `count(DISTINCT a, b)`: how many different combinations without null. */
export const count_distinct = (column: ColumnArg, ...more: readonly ColumnArg[]): Column<bigint> =>
  distinctFn('count', [column, ...more])

/**
 * `sum(col)`: the sum of the values; null of nothing.
 *
 * BIGINT sums of whole numbers are bigints, sums of doubles numbers; for a `number` column it depends on which it is.
 */
export const sum = <A extends AmountArg>(column: A): AggregateColumn<Total<PresentTypeOf<A>> | NullsOf<A>> =>
  fn('sum', [column])

/** `sum(DISTINCT col)`: the sum of the different values; null of nothing. */
export const sum_distinct = <A extends AmountArg>(column: A): AggregateColumn<Total<PresentTypeOf<A>> | NullsOf<A>> =>
  distinctFn('sum', [column])

/** `listagg(DISTINCT col, delimiter)`: the different texts joined; null of nothing. */
export const listagg_distinct = <A extends ColumnArg>(
  column: A,
  delimiter?: ValueArg<string> | ValueArg<Uint8Array>,
): AggregateColumn<TextOf<A> | NullsOf<A>> => distinctFn('listagg', [column, value(delimiter)])

/** `string_agg(DISTINCT col, delimiter)`: the different texts joined; null of nothing. */
export const string_agg_distinct = <A extends ColumnArg>(
  column: A,
  delimiter?: ValueArg<string> | ValueArg<Uint8Array>,
): AggregateColumn<TextOf<A> | NullsOf<A>> => distinctFn('string_agg', [column, value(delimiter)])

/** `max_by(col, ord)`: the value where another is greatest; null of nothing. With `k` the values of so many, in order. */
export function max_by<A extends ColumnArg, B extends ColumnArg>(
  col: A,
  ord: B,
): AggregateColumn<TypeOf<A> | NullsOf<B>>
export function max_by<A extends ColumnArg>(col: A, ord: ColumnArg, k: ValueArg<number>): Column<TypeOf<A>[] | null>
export function max_by(col: ColumnArg, ord: ColumnArg, k?: ValueArg<number>): Column<unknown> {
  return fn('max_by', [col, ord, value(k)])
}

/** `min_by(col, ord)`: the value where another is least; null of nothing. With `k` the values of so many, in order. */
export function min_by<A extends ColumnArg, B extends ColumnArg>(
  col: A,
  ord: B,
): AggregateColumn<TypeOf<A> | NullsOf<B>>
export function min_by<A extends ColumnArg>(col: A, ord: ColumnArg, k: ValueArg<number>): Column<TypeOf<A>[] | null>
export function min_by(col: ColumnArg, ord: ColumnArg, k?: ValueArg<number>): Column<unknown> {
  return fn('min_by', [col, ord, value(k)])
}

/** `percentile(col, percentage, frequency)`: exact percentiles, interpolated; a list gives an array. *Nulls:* of nothing. */
export function percentile<A extends AmountArg>(
  col: A,
  percentage: readonly number[],
  frequency?: ValueArg<number>,
): Column<MedianOf<A>[] | null>
export function percentile<A extends AmountArg>(
  col: A,
  percentage: ValueArg<number>,
  frequency?: ValueArg<number>,
): Column<MedianOf<A> | null>
export function percentile(col: AmountArg, percentage: unknown, frequency?: ValueArg<number>): Column<unknown> {
  return fn('percentile', [col, value(percentage), value(frequency)])
}

/**
 * `percentile_approx(col, percentage, accuracy)`: percentiles that occur in the values, approximately; a list gives an array.
 * *Nulls:* of nothing.
 */
export function percentile_approx<A extends AmountArg>(
  col: A,
  percentage: readonly number[],
  accuracy?: ValueArg<number>,
): AggregateColumn<NonNullable<TypeOf<A>>[] | NullsOf<A>>
export function percentile_approx<A extends AmountArg>(
  col: A,
  percentage: ValueArg<number>,
  accuracy?: ValueArg<number>,
): AggregateColumn<TypeOf<A>>
export function percentile_approx(
  col: AmountArg,
  percentage: unknown,
  accuracy: ValueArg<number> = 10000,
): Column<unknown> {
  return fn('percentile_approx', [col, value(percentage), value(accuracy)])
}

/** `approx_percentile(col, percentage, accuracy)`: the same as `percentile_approx`. */
export function approx_percentile<A extends AmountArg>(
  col: A,
  percentage: readonly number[],
  accuracy?: ValueArg<number>,
): AggregateColumn<NonNullable<TypeOf<A>>[] | NullsOf<A>>
export function approx_percentile<A extends AmountArg>(
  col: A,
  percentage: ValueArg<number>,
  accuracy?: ValueArg<number>,
): AggregateColumn<TypeOf<A>>
export function approx_percentile(
  col: AmountArg,
  percentage: unknown,
  accuracy: ValueArg<number> = 10000,
): Column<unknown> {
  return fn('approx_percentile', [col, value(percentage), value(accuracy)])
}
