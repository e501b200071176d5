// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { AggregateColumn, Column } from '../column/column.ts'
import type { Average, Total } from '../types/arithmetic.ts'
import {
  type AmountArg,
  type ColumnArg,
  fn,
  internalFn,
  type MedianOf,
  type NullsOf,
  type NumberArg,
  type PresentTypeOf,
  type TextOf,
  type TypeOf,
  type ValueArg,
  value,
} from './call.ts'

/** `any(col)`: whether any is true; null of nothing. */
export const any = <A extends ColumnArg<boolean>>(col: A): AggregateColumn<boolean | NullsOf<A>> => fn('any', [col])

/** `any_value(col, ignoreNulls)`: some value of the group. */
export const any_value = <A extends ColumnArg>(col: A, ignoreNulls?: ValueArg<boolean>): AggregateColumn<TypeOf<A>> =>
  fn('any_value', [col, value(ignoreNulls)])

/** `approx_count_distinct(col, rsd)`: about how many different values; `rsd` is the greatest relative error. */
export const approx_count_distinct = (col: ColumnArg, rsd?: ValueArg<number>): Column<bigint> =>
  fn('approx_count_distinct', [col, value(rsd)])

/** `array_agg(col)`: the values that are not null, in no certain order. */
export const array_agg = <A extends ColumnArg>(col: A): Column<NonNullable<TypeOf<A>>[]> => fn('array_agg', [col])

/** `avg(col)`: the mean; null of nothing. */
export const avg = <A extends AmountArg>(col: A): AggregateColumn<Average<PresentTypeOf<A>> | NullsOf<A>> =>
  fn('avg', [col])

/** `bit_and(col)`: all values combined by AND. */
export const bit_and = <A extends NumberArg>(col: A): AggregateColumn<TypeOf<A>> => fn('bit_and', [col])

/** `bit_or(col)`: all values combined by OR. */
export const bit_or = <A extends NumberArg>(col: A): AggregateColumn<TypeOf<A>> => fn('bit_or', [col])

/** `bit_xor(col)`: all values combined by XOR. */
export const bit_xor = <A extends NumberArg>(col: A): AggregateColumn<TypeOf<A>> => fn('bit_xor', [col])

/** `bitmap_and_agg(col)`: bitmaps combined by AND. */
export const bitmap_and_agg = (col: ColumnArg): Column<Uint8Array> => fn('bitmap_and_agg', [col])

/** `bitmap_construct_agg(col)`: a bitmap of positions. */
export const bitmap_construct_agg = (col: NumberArg): Column<Uint8Array> => fn('bitmap_construct_agg', [col])

/** `bitmap_or_agg(col)`: bitmaps combined by OR. */
export const bitmap_or_agg = (col: ColumnArg): Column<Uint8Array> => fn('bitmap_or_agg', [col])

/** `bool_and(col)`: whether all are true; null of nothing. */
export const bool_and = <A extends ColumnArg<boolean>>(col: A): AggregateColumn<boolean | NullsOf<A>> =>
  fn('bool_and', [col])

/** `bool_or(col)`: whether any is true; null of nothing. */
export const bool_or = <A extends ColumnArg<boolean>>(col: A): AggregateColumn<boolean | NullsOf<A>> =>
  fn('bool_or', [col])

/** `collect_list(col)`: the values that are not null, in no certain order. */
export const collect_list = <A extends ColumnArg>(col: A): Column<NonNullable<TypeOf<A>>[]> => fn('collect_list', [col])

/** `collect_set(col)`: the different values that are not null, in no certain order. */
export const collect_set = <A extends ColumnArg>(col: A): Column<NonNullable<TypeOf<A>>[]> => fn('collect_set', [col])

/** `corr(col1, col2)`: Pearson's correlation. */
export const corr = (col1: NumberArg, col2: NumberArg): Column<number | null> => fn('corr', [col1, col2])

/** `count_if(col)`: how many are true. */
export const count_if = (col: ColumnArg<boolean>): Column<bigint> => fn('count_if', [col])

/** `covar_pop(col1, col2)`: covariance of a population. */
export const covar_pop = (col1: NumberArg, col2: NumberArg): Column<number | null> => fn('covar_pop', [col1, col2])

/** `covar_samp(col1, col2)`: covariance of a sample. */
export const covar_samp = (col1: NumberArg, col2: NumberArg): Column<number | null> => fn('covar_samp', [col1, col2])

/** `every(col)`: whether all are true; null of nothing. */
export const every = <A extends ColumnArg<boolean>>(col: A): AggregateColumn<boolean | NullsOf<A>> => fn('every', [col])

/** `first(col, ignorenulls)`: the first value, which without an order is any. */
export const first = <A extends ColumnArg>(
  col: A,
  ignorenulls: ValueArg<boolean> = false,
): AggregateColumn<TypeOf<A>> => fn('first', [col, value(ignorenulls)])

/** `first_value(col, ignoreNulls)`: the first value of a window or group. */
export const first_value = <A extends ColumnArg>(col: A, ignoreNulls?: ValueArg<boolean>): AggregateColumn<TypeOf<A>> =>
  fn('first_value', [col, value(ignoreNulls)])

/** `grouping(col)`: 1 where the column is left out of a grouping set. */
export const grouping = (col: ColumnArg): Column<number> => fn('grouping', [col])

/** `grouping_id(cols, …)`: a bit for each column that is left out of a grouping set. */
export const grouping_id = (...cols: readonly ColumnArg[]): Column<bigint> => fn('grouping_id', [...cols])

/** `histogram_numeric(col, nBins)`: bins as structs of x and y. */
export const histogram_numeric = <A extends NumberArg>(
  col: A,
  nBins: ValueArg<number>,
): Column<{ x: NonNullable<TypeOf<A>>; y: number }[] | null> => fn('histogram_numeric', [col, value(nBins)])

/** `kurtosis(col)`: excess kurtosis. */
export const kurtosis = (col: NumberArg): Column<number | null> => fn('kurtosis', [col])

/** `last(col, ignorenulls)`: the last value, which without an order is any. */
export const last = <A extends ColumnArg>(col: A, ignorenulls: ValueArg<boolean> = false): AggregateColumn<TypeOf<A>> =>
  fn('last', [col, value(ignorenulls)])

/** `last_value(col, ignoreNulls)`: the last value of a window or group. */
export const last_value = <A extends ColumnArg>(col: A, ignoreNulls?: ValueArg<boolean>): AggregateColumn<TypeOf<A>> =>
  fn('last_value', [col, value(ignoreNulls)])

/** `listagg(col, delimiter)`: the texts joined, nulls left out; null of nothing. */
export const listagg = <A extends ColumnArg>(
  col: A,
  delimiter?: ValueArg<string> | ValueArg<Uint8Array>,
): AggregateColumn<TextOf<A> | NullsOf<A>> => fn('listagg', [col, value(delimiter)])

/** `max(col)`: the greatest value; null of nothing. */
export const max = <A extends ColumnArg>(col: A): AggregateColumn<TypeOf<A>> => fn('max', [col])

/** `avg(col)`: the mean; null of nothing. */
export const mean = <A extends AmountArg>(col: A): AggregateColumn<Average<PresentTypeOf<A>> | NullsOf<A>> =>
  fn('avg', [col])

/** `median(col)`: the value in the middle. */
export const median = <A extends AmountArg>(col: A): AggregateColumn<MedianOf<A> | NullsOf<A>> => fn('median', [col])

/** `min(col)`: the least value; null of nothing. */
export const min = <A extends ColumnArg>(col: A): AggregateColumn<TypeOf<A>> => fn('min', [col])

/** `mode(col, deterministic)`: the most frequent value; deterministic takes the least of several. */
export const mode = <A extends ColumnArg>(col: A, deterministic?: ValueArg<boolean>): AggregateColumn<TypeOf<A>> =>
  fn('mode', [col, value(deterministic)])

/** `product(col)`: all values multiplied. */
export const product = <A extends NumberArg>(col: A): AggregateColumn<number | NullsOf<A>> =>
  internalFn('product', [col])

/** `regr_avgx(y, x)`: mean of x of the pairs without null. */
export const regr_avgx = <B extends NumberArg>(y: NumberArg, x: B): Column<Average<PresentTypeOf<B>> | null> =>
  fn('regr_avgx', [y, x])

/** `regr_avgy(y, x)`: mean of y of the pairs without null. */
export const regr_avgy = <A extends NumberArg>(y: A, x: NumberArg): Column<Average<PresentTypeOf<A>> | null> =>
  fn('regr_avgy', [y, x])

/** `regr_count(y, x)`: number of pairs without null. */
export const regr_count = (y: NumberArg, x: NumberArg): Column<bigint> => fn('regr_count', [y, x])

/** `regr_intercept(y, x)`: intercept of the regression line. */
export const regr_intercept = (y: NumberArg, x: NumberArg): Column<number | null> => fn('regr_intercept', [y, x])

/** `regr_r2(y, x)`: coefficient of determination. */
export const regr_r2 = (y: NumberArg, x: NumberArg): Column<number | null> => fn('regr_r2', [y, x])

/** `regr_slope(y, x)`: slope of the regression line. */
export const regr_slope = (y: NumberArg, x: NumberArg): Column<number | null> => fn('regr_slope', [y, x])

/** `regr_sxx(y, x)`: sum of squares of x. */
export const regr_sxx = (y: NumberArg, x: NumberArg): Column<number | null> => fn('regr_sxx', [y, x])

/** `regr_sxy(y, x)`: sum of products. */
export const regr_sxy = (y: NumberArg, x: NumberArg): Column<number | null> => fn('regr_sxy', [y, x])

/** `regr_syy(y, x)`: sum of squares of y. */
export const regr_syy = (y: NumberArg, x: NumberArg): Column<number | null> => fn('regr_syy', [y, x])

/** `skewness(col)`: skewness. */
export const skewness = (col: NumberArg): Column<number | null> => fn('skewness', [col])

/** `some(col)`: whether any is true; null of nothing. */
export const some = <A extends ColumnArg<boolean>>(col: A): AggregateColumn<boolean | NullsOf<A>> => fn('some', [col])

/** `std(col)`: standard deviation of a sample. */
export const std = (col: NumberArg): Column<number | null> => fn('std', [col])

/** `stddev(col)`: standard deviation of a sample. */
export const stddev = (col: NumberArg): Column<number | null> => fn('stddev', [col])

/** `stddev_pop(col)`: standard deviation of a population. */
export const stddev_pop = <A extends NumberArg>(col: A): AggregateColumn<number | NullsOf<A>> => fn('stddev_pop', [col])

/** `stddev_samp(col)`: standard deviation of a sample. */
export const stddev_samp = (col: NumberArg): Column<number | null> => fn('stddev_samp', [col])

/** `string_agg(col, delimiter)`: the texts joined, nulls left out; null of nothing. */
export const string_agg = <A extends ColumnArg>(
  col: A,
  delimiter?: ValueArg<string> | ValueArg<Uint8Array>,
): AggregateColumn<TextOf<A> | NullsOf<A>> => fn('string_agg', [col, value(delimiter)])

/** `try_avg(col)`: the mean; null where it overflows. */
export const try_avg = <A extends ColumnArg>(col: A): Column<Average<PresentTypeOf<A>> | null> => fn('try_avg', [col])

/** `try_sum(col)`: the sum; null where it overflows. */
export const try_sum = <A extends ColumnArg>(col: A): Column<Total<PresentTypeOf<A>> | null> => fn('try_sum', [col])

/** `var_pop(col)`: variance of a population. */
export const var_pop = <A extends NumberArg>(col: A): AggregateColumn<number | NullsOf<A>> => fn('var_pop', [col])

/** `var_samp(col)`: variance of a sample. */
export const var_samp = (col: NumberArg): Column<number | null> => fn('var_samp', [col])

/** `variance(col)`: variance of a sample. */
export const variance = (col: NumberArg): Column<number | null> => fn('variance', [col])
