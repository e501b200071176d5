import { randomInt } from 'node:crypto'
import type { AggregateColumn, Column } from '../column/column.ts'
import { type ColumnNode, isColumn, operandNode } from '../column/node.ts'
import type { RowOf, Simplify } from '../dataframe/row-types.ts'
import { mistake } from '../trace/error-stack.ts'
import type { Total } from '../types/arithmetic.ts'
import {
  type CalendarInterval,
  type DataType,
  DataType as DataTypeClass,
  type DayTimeInterval,
  type Decimal,
  type LocalDateTime,
  type StructType,
  type Timestamp,
  type ValueOf,
  type YearMonthInterval,
} from '../types/index.ts'
import type { IsAny } from '../types/nulls.ts'
import type { SingleValue } from '../types/numbered.ts'
import {
  type AmountArg,
  type ColumnArg,
  type CommonOf,
  distinctFn,
  type ElementOf,
  fn,
  type ItemOf,
  type KeyOf,
  lambdaOf,
  type MedianOf,
  type MomentArg,
  type NullsOf,
  type NumberArg,
  optionMap,
  type PartOf,
  type PresentTypeOf,
  type TextArg,
  type TextOf,
  type TypeOf,
  type Untyped,
  type ValueArg,
  value,
} from './call.ts'

// ── counting and adding ──

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

// ── choosing ──

/** A column, the name of one, or a value other than text, where a value of any type is due. */
type AnyArg = ColumnArg | number | bigint | boolean | Decimal

/** Null, unless one of the arguments is never null. */
type NullOfAll<T> = T extends readonly [infer A, ...infer Rest]
  ? [NullsOf<A>] extends [never]
    ? never
    : NullOfAll<Rest>
  : null

/** `coalesce(a, b, …)`: the first value that is not null. *Nulls:* only if all may be null. */
export const coalesce = <const T extends readonly [ColumnArg, ...AnyArg[]]>(
  ...columns: T
): Column<CommonOf<T[number]> | NullOfAll<T>> => fn('coalesce', columns)

/** `nvl(a, b)`: a, or b where a is null. */
export const nvl = <A extends ColumnArg, const B extends AnyArg>(
  a: A,
  b: B,
): Column<CommonOf<A | B> | NullOfAll<[A, B]>> => fn('nvl', [a, b])

/** `ifnull(a, b)`: a, or b where a is null. */
export const ifnull = <A extends ColumnArg, const B extends AnyArg>(
  a: A,
  b: B,
): Column<CommonOf<A | B> | NullOfAll<[A, B]>> => fn('ifnull', [a, b])

/** `nvl2(test, a, b)`: a where the test is not null, else b. */
export const nvl2 = <const A extends AnyArg, const B extends AnyArg>(
  test: ColumnArg,
  a: A,
  b: B,
): Column<CommonOf<A | B> | NullsOf<A> | NullsOf<B>> => fn('nvl2', [test, a, b])

/** `greatest(a, b, …)`: the greatest value, nulls left out. *Nulls:* only if all are null. */
export const greatest = <const T extends readonly AnyArg[]>(
  ...columns: T
): Column<CommonOf<T[number]> | NullOfAll<T>> => fn('greatest', columns)

/** `least(a, b, …)`: the least value, nulls left out. *Nulls:* only if all are null. */
export const least = <const T extends readonly AnyArg[]>(...columns: T): Column<CommonOf<T[number]> | NullOfAll<T>> =>
  fn('least', columns)

// Spark's functions take what is trimmed before the text, where its clients have it behind.
const trimmed = <A extends TextArg, B extends TextArg>(
  name: string,
  text: A,
  trim: B | undefined,
): Column<string | NullsOf<A> | NullsOf<B>> => fn(name, trim === undefined ? [text] : [trim, text])

/** `trim(BOTH trim FROM col)`: without spaces, or the characters of `trim`, at both ends. */
export const trim = <A extends TextArg, B extends TextArg = never>(
  col: A,
  trim?: B,
): Column<string | NullsOf<A> | NullsOf<B>> => trimmed('trim', col, trim)

/** `trim(LEADING trim FROM col)`: without spaces, or the characters of `trim`, at the left. */
export const ltrim = <A extends TextArg, B extends TextArg = never>(
  col: A,
  trim?: B,
): Column<string | NullsOf<A> | NullsOf<B>> => trimmed('ltrim', col, trim)

/** `trim(TRAILING trim FROM str)`: without spaces, or the characters of `trim`, at the right. */
export const rtrim = <A extends TextArg, B extends TextArg = never>(
  str: A,
  trim?: B,
): Column<string | NullsOf<A> | NullsOf<B>> => trimmed('rtrim', str, trim)

/** `str LIKE pattern ESCAPE escape`. */
export const like = <A extends TextArg, B extends TextArg>(
  str: A,
  pattern: B,
  escapeChar?: ValueArg<string>,
): Column<boolean | NullsOf<A> | NullsOf<B>> => fn('like', [str, pattern, value(escapeChar)])

/** `str ILIKE pattern ESCAPE escape`: without regard to upper and lower case. */
export const ilike = <A extends TextArg, B extends TextArg>(
  str: A,
  pattern: B,
  escapeChar?: ValueArg<string>,
): Column<boolean | NullsOf<A> | NullsOf<B>> => fn('ilike', [str, pattern, value(escapeChar)])

// ── structs, arrays, maps ──

/** `array(a, b, …)`: an array of the values. */
export const array = <const T extends readonly AnyArg[]>(
  ...columns: T
): Column<(CommonOf<T[number]> | NullsOf<T[number]>)[]> => fn('array', columns.flat())

/** `struct(a, b, …)`: a struct whose fields have the columns' names; or, from a record, the names given. */
export function struct<S extends Readonly<Record<string, Column<unknown>>>>(fields: S): Column<Simplify<RowOf<S>>>
/** From names: the fields are known, their types are not; name them in a record to have both. */
export function struct<const N extends string>(...names: readonly N[]): Column<Record<N, unknown>>
export function struct(...columns: readonly ColumnArg[]): Column<Record<string, unknown>>
export function struct(...columns: readonly unknown[]): Column<unknown> {
  const [first] = columns
  if (
    columns.length === 1 &&
    typeof first === 'object' &&
    first !== null &&
    !isColumn(first) &&
    !Array.isArray(first)
  ) {
    return fn(
      'struct',
      Object.entries(first).map(([name, column]) => operandNode(column).as(name)),
    )
  }
  return fn('struct', columns.flat())
}

/** `named_struct(name, value, …)`: a struct of names (literals) and values in turn. */
export const named_struct = (...columns: readonly ColumnArg[]): Column<Record<string, unknown>> =>
  fn('named_struct', columns)

/** `arrays_zip(a, b, …)`: an array of structs, the n-th of the n-th items; null where an array is shorter. */
export const arrays_zip = <const T extends readonly ColumnArg<readonly unknown[]>[]>(
  ...cols: T
): Column<Record<string, ElementOf<T[number]> | null>[] | NullsOf<T[number]>> => fn('arrays_zip', cols)

/** The keys and the values of a list of both in turn. */
type KeysOf<T> = T extends readonly [infer K, unknown, ...infer More] ? K | KeysOf<More> : never
type ValuesOf<T> = T extends readonly [unknown, infer V, ...infer More] ? V | ValuesOf<More> : never

/** `map(key, value, …)`: a map of keys and values in turn. */
export function create_map<const T extends readonly [AnyArg, AnyArg, ...AnyArg[]]>(
  ...columns: T
): Column<Map<CommonOf<KeysOf<T>>, CommonOf<ValuesOf<T>> | NullsOf<ValuesOf<T>>>>
export function create_map(...columns: readonly (ColumnArg | readonly ColumnArg[])[]): Column<Map<unknown, unknown>>
export function create_map(...columns: readonly unknown[]): Column<unknown> {
  return fn('map', columns.flat())
}

/** `array_join(array, delimiter, nullReplacement)`: the texts joined; nulls are left out or replaced. */
export const array_join = <A extends ColumnArg<readonly unknown[]>>(
  column: A,
  delimiter: ValueArg<string>,
  nullReplacement?: ValueArg<string>,
): Column<string | NullsOf<A>> => fn('array_join', [column, value(delimiter), value(nullReplacement)])

/** `shuffle(array)`: the items in random order. */
export const shuffle = <A extends ColumnArg<readonly unknown[]>>(
  column: A,
  seed: number | bigint = anySeed(),
): Column<TypeOf<A>> => fn('shuffle', [column, BigInt(seed)])

const anySeed = (): bigint => BigInt(randomInt(2 ** 47))

type Lambda1<A, R> = (item: Column<A>) => Column<R> | R

/** `transform(array, x -> …)`: each item replaced; the second variable is its place from 0. */
export const transform = <A extends ColumnArg<readonly unknown[]>, R>(
  column: A,
  f: (item: Column<ElementOf<A>>, index: Column<number>) => Column<R>,
): Column<R[] | NullsOf<A>> => fn('transform', [column, lambdaOf(f)])

/** `filter(array, x -> …)`: the items for which a condition is true; the second variable is the place from 0. */
export const filter = <A extends ColumnArg<readonly unknown[]>>(
  column: A,
  f: (item: Column<ElementOf<A>>, index: Column<number>) => Column<boolean | null>,
): Column<TypeOf<A>> => fn('filter', [column, lambdaOf(f)])

/** `exists(array, x -> …)`: whether a condition is true for any item. */
export const exists = <A extends ColumnArg<readonly unknown[]>>(
  column: A,
  f: Lambda1<ElementOf<A>, boolean | null>,
): Column<boolean | null> => fn('exists', [column, lambdaOf(f)])

/** `forall(array, x -> …)`: whether a condition is true for all items. */
export const forall = <A extends ColumnArg<readonly unknown[]>>(
  column: A,
  f: Lambda1<ElementOf<A>, boolean | null>,
): Column<boolean | null> => fn('forall', [column, lambdaOf(f)])

type AnyLambda = Parameters<typeof lambdaOf>[0]

const combination = (merge: unknown, finish: unknown): ColumnNode[] => [
  lambdaOf(merge as AnyLambda, 2),
  ...(finish ? [lambdaOf(finish as AnyLambda)] : []),
]

/** What an accumulator may become: the value that it started with, or null; the same for the fields of a struct. */
type Nulled<S> =
  IsAny<S> extends true
    ? S
    : S extends SingleValue | readonly unknown[] | ReadonlyMap<unknown, unknown>
      ? S | null
      : S extends object
        ? { [K in keyof S]: S[K] | null } | null
        : S | null

/** `aggregate(array, start, (acc, x) -> …, acc -> …)`: the items combined one after another. */
export function aggregate<A extends ColumnArg<readonly unknown[]>, S, M extends Nulled<S>>(
  column: A,
  initial: Column<S>,
  merge: (accumulator: Column<S>, item: Column<ElementOf<A>>) => Column<M>,
): Column<S | M | NullsOf<A>>
export function aggregate<A extends ColumnArg<readonly unknown[]>, S, M extends Nulled<S>, R>(
  column: A,
  initial: Column<S>,
  merge: (accumulator: Column<S>, item: Column<ElementOf<A>>) => Column<M>,
  finish: (accumulator: Column<S | M>) => Column<R>,
): Column<R | NullsOf<A>>
export function aggregate(...[column, initial, merge, finish]: readonly unknown[]): Column<unknown> {
  return fn('aggregate', [column, initial, ...combination(merge, finish)])
}

/** `reduce(array, start, (acc, x) -> …, acc -> …)`: the items combined one after another. */
export function reduce<A extends ColumnArg<readonly unknown[]>, S, M extends Nulled<S>>(
  column: A,
  initial: Column<S>,
  merge: (accumulator: Column<S>, item: Column<ElementOf<A>>) => Column<M>,
): Column<S | M | NullsOf<A>>
export function reduce<A extends ColumnArg<readonly unknown[]>, S, M extends Nulled<S>, R>(
  column: A,
  initial: Column<S>,
  merge: (accumulator: Column<S>, item: Column<ElementOf<A>>) => Column<M>,
  finish: (accumulator: Column<S | M>) => Column<R>,
): Column<R | NullsOf<A>>
export function reduce(...[column, initial, merge, finish]: readonly unknown[]): Column<unknown> {
  return fn('reduce', [column, initial, ...combination(merge, finish)])
}

/** `array_sort(array, (a, b) -> …)`: in order, nulls last, or by a comparator that gives a negative, zero or positive INT. */
export const array_sort = <A extends ColumnArg<readonly unknown[]>>(
  column: A,
  comparator?: (a: Column<ElementOf<A>>, b: Column<ElementOf<A>>) => Column<number | null>,
): Column<TypeOf<A>> => fn('array_sort', [column, ...(comparator ? [lambdaOf(comparator, 2)] : [])])

/** `zip_with(a, b, (x, y) -> …)`: the items of two arrays combined in pairs; the shorter one is filled with nulls. */
export const zip_with = <A extends ColumnArg<readonly unknown[]>, B extends ColumnArg<readonly unknown[]>, R>(
  left: A,
  right: B,
  f: (a: Column<ElementOf<A> | null>, b: Column<ElementOf<B> | null>) => Column<R>,
): Column<R[] | NullsOf<A> | NullsOf<B>> => fn('zip_with', [left, right, lambdaOf(f, 2)])

/** `map_filter(map, (k, v) -> …)`: the entries for which a condition is true. */
export const map_filter = <A extends ColumnArg>(
  column: A,
  f: (key: Column<KeyOf<A>>, item: Column<ItemOf<A>>) => Column<boolean | null>,
): Column<TypeOf<A>> => fn('map_filter', [column, lambdaOf(f, 2)])

/** `map_zip_with(a, b, (k, v1, v2) -> …)`: two maps combined by key. */
export const map_zip_with = <A extends ColumnArg, B extends ColumnArg, R>(
  left: A,
  right: B,
  f: (key: Column<KeyOf<A>>, a: Column<ItemOf<A> | null>, b: Column<ItemOf<B> | null>) => Column<R>,
): Column<Map<KeyOf<A>, R> | NullsOf<A> | NullsOf<B>> => fn('map_zip_with', [left, right, lambdaOf(f, 3)])

/** `transform_keys(map, (k, v) -> …)`: each key replaced. */
export const transform_keys = <A extends ColumnArg, R>(
  column: A,
  f: (key: Column<KeyOf<A>>, item: Column<ItemOf<A>>) => Column<R>,
): Column<Map<R, ItemOf<A>> | NullsOf<A>> => fn('transform_keys', [column, lambdaOf(f, 2)])

/** `transform_values(map, (k, v) -> …)`: each value replaced. */
export const transform_values = <A extends ColumnArg, R>(
  column: A,
  f: (key: Column<KeyOf<A>>, item: Column<ItemOf<A>>) => Column<R>,
): Column<Map<KeyOf<A>, R> | NullsOf<A>> => fn('transform_values', [column, lambdaOf(f, 2)])

// ── numbers ──

/** Rounded to a whole number: BIGINT of INT, BIGINT and DOUBLE, else a decimal. */
type Whole<A> =
  IsAny<PresentTypeOf<A>> extends true
    ? Untyped
    : PresentTypeOf<A> extends Decimal
      ? Decimal
      : bigint | Extract<PresentTypeOf<A>, Decimal>

/** `ceil(col)`: rounded up to a whole number. With a scale: to so many decimal places, as a decimal. */
export function ceil<A extends NumberArg>(col: A): Column<Whole<A> | NullsOf<A>>
export function ceil<A extends NumberArg>(col: A, scale: ValueArg<number>): Column<Decimal | NullsOf<A>>
export function ceil(col: NumberArg, scale?: ValueArg<number>): Column<unknown> {
  return fn('ceil', [col, value(scale)])
}

/** `ceiling(col)`: the same as `ceil`. */
export function ceiling<A extends NumberArg>(col: A): Column<Whole<A> | NullsOf<A>>
export function ceiling<A extends NumberArg>(col: A, scale: ValueArg<number>): Column<Decimal | NullsOf<A>>
export function ceiling(col: NumberArg, scale?: ValueArg<number>): Column<unknown> {
  return fn('ceiling', [col, value(scale)])
}

/** `floor(col)`: rounded down to a whole number. With a scale: to so many decimal places, as a decimal. */
export function floor<A extends NumberArg>(col: A): Column<Whole<A> | NullsOf<A>>
export function floor<A extends NumberArg>(col: A, scale: ValueArg<number>): Column<Decimal | NullsOf<A>>
export function floor(col: NumberArg, scale?: ValueArg<number>): Column<unknown> {
  return fn('floor', [col, value(scale)])
}

/** `ln(x)`, or `log(base, x)` with two arguments. */
export const log = (first: NumberArg, second?: NumberArg): Column<number | null> =>
  second === undefined ? fn('ln', [first]) : fn('log', [first, second])

/** `rand(seed)`: a random double from 0 to below 1. */
export const rand = (seed: number | bigint = anySeed()): Column<number> => fn('rand', [BigInt(seed)])

/** `random(seed)`: a random double from 0 to below 1. */
export const random = (seed: ValueArg<number> | bigint = anySeed()): Column<number> => fn('random', [value(seed)])

/** `randn(seed)`: a random double of the standard normal distribution. */
export const randn = (seed: number | bigint = anySeed()): Column<number> => fn('randn', [BigInt(seed)])

/** `uuid(seed)`: a random UUID as text. */
export const uuid = (seed: number | bigint = anySeed()): Column<string> => fn('uuid', [BigInt(seed)])

/** `randstr(length, seed)`: random letters and digits. */
export const randstr = (length: ValueArg<number>, seed: ValueArg<number> | bigint = anySeed()): Column<string> =>
  fn('randstr', [value(length), value(seed)])

/** `uniform(min, max, seed)`: a random number of the bounds' type. */
export const uniform = (
  min: ValueArg<number>,
  max: ValueArg<number>,
  seed: ValueArg<number> | bigint = anySeed(),
): Column<number> => fn('uniform', [value(min), value(max), value(seed)])

// ── dates and times ──

/** `date_part(field, source)`: a part of a date, time or interval: YEAR, DOW, …; seconds are a Decimal. */
export const date_part = <const F extends ValueArg<string>, A extends ColumnArg>(
  field: F,
  source: A,
): Column<PartOf<F> | NullsOf<A>> => fn('date_part', [value(field), source])
/** `datepart(field, source)`: the same as `date_part`. */
export const datepart = <const F extends ValueArg<string>, A extends ColumnArg>(
  field: F,
  source: A,
): Column<PartOf<F> | NullsOf<A>> => fn('datepart', [value(field), source])
/** `extract(field, source)`: the same as `date_part`. */
export const extract = <const F extends ValueArg<string>, A extends ColumnArg>(
  field: F,
  source: A,
): Column<PartOf<F> | NullsOf<A>> => fn('extract', [value(field), source])

/** `convert_timezone(from, to, time)`: a clock time of one zone in another; without `from` of the session's zone. */
export const convert_timezone = (
  from: ValueArg<string> | null,
  to: ValueArg<string>,
  time: MomentArg,
): Column<LocalDateTime | null> =>
  fn('convert_timezone', from === null ? [value(to), time] : [value(from), value(to), time])

/** `unix_timestamp(time, format)`: seconds since 1970; without arguments those of the query's start. */
export function unix_timestamp(): Column<bigint>
export function unix_timestamp(time: MomentArg, format?: ValueArg<string>): Column<bigint | null>
export function unix_timestamp(time?: MomentArg, format?: ValueArg<string>): Column<bigint | null> {
  return fn('unix_timestamp', time === undefined ? [] : [time, value(format)])
}

/** Parts of a moment. What is left out of a date counts as missing, not as zero. */
export interface MomentParts {
  readonly years?: NumberArg
  readonly months?: NumberArg
  readonly days?: NumberArg
  readonly hours?: NumberArg
  readonly mins?: NumberArg
  readonly secs?: NumberArg
  readonly timezone?: TextArg
  /** With `time`, in place of the six parts (Spark 4.1). */
  readonly date?: ColumnArg
  readonly time?: ColumnArg
}

const momentArgs = ({ years, months, days, hours, mins, secs, timezone, date, time }: MomentParts): unknown[] => {
  if (date !== undefined) return [date, time, timezone]
  const parts = [years, months, days, hours, mins, secs]
  if (parts.includes(undefined)) throw mistake('give years, months, days, hours, mins and secs, or date and time')
  return [...parts, timezone]
}

/** `make_timestamp(…)`: a moment of its parts. */
export const make_timestamp = (parts: MomentParts): Column<Timestamp | null> => fn('make_timestamp', momentArgs(parts))
/** `try_make_timestamp(…)`: a moment of its parts; null where there is none. */
export const try_make_timestamp = (parts: MomentParts): Column<Timestamp | null> =>
  fn('try_make_timestamp', momentArgs(parts))
/** `make_timestamp_ntz(…)`: a clock time of its parts. */
export const make_timestamp_ntz = (parts: Omit<MomentParts, 'timezone'>): Column<LocalDateTime | null> =>
  fn('make_timestamp_ntz', momentArgs(parts))
/** `try_make_timestamp_ntz(…)`: a clock time of its parts; null where there is none. */
export const try_make_timestamp_ntz = (parts: Omit<MomentParts, 'timezone'>): Column<LocalDateTime | null> =>
  fn('try_make_timestamp_ntz', momentArgs(parts))

/** Parts of an interval; those left out are zero. */
export interface IntervalParts {
  readonly years?: NumberArg
  readonly months?: NumberArg
  readonly weeks?: NumberArg
  readonly days?: NumberArg
  readonly hours?: NumberArg
  readonly mins?: NumberArg
  readonly secs?: NumberArg
}

/** Seconds are DECIMAL in Spark's signature; a literal 0 must be one too, or the call would not resolve. */
const upTo = (args: readonly unknown[]): unknown[] => {
  const last = args.findLastIndex((arg) => arg !== undefined)
  return args.slice(0, last + 1).map((arg) => arg ?? 0)
}

/** `make_interval(…)`: an interval of its parts. */
export const make_interval = ({
  years,
  months,
  weeks,
  days,
  hours,
  mins,
  secs,
}: IntervalParts): Column<CalendarInterval | null> =>
  fn('make_interval', upTo([years, months, weeks, days, hours, mins, secs]))
/** `try_make_interval(…)`: an interval of its parts; null where it overflows. */
export const try_make_interval = ({
  years,
  months,
  weeks,
  days,
  hours,
  mins,
  secs,
}: IntervalParts): Column<CalendarInterval | null> =>
  fn('try_make_interval', upTo([years, months, weeks, days, hours, mins, secs]))
/** `make_dt_interval(days, hours, mins, secs)`: a length of time of its parts. */
export const make_dt_interval = ({
  days,
  hours,
  mins,
  secs,
}: Pick<IntervalParts, 'days' | 'hours' | 'mins' | 'secs'>): Column<DayTimeInterval | null> =>
  fn('make_dt_interval', upTo([days, hours, mins, secs]))
/** `make_ym_interval(years, months)`: a count of months of its parts. */
export const make_ym_interval = ({
  years,
  months,
}: Pick<IntervalParts, 'years' | 'months'>): Column<YearMonthInterval | null> =>
  fn('make_ym_interval', upTo([years, months]))

/** `window(time, '10 minutes', '5 minutes', '0 seconds')`: the time windows that a moment is in, as structs of start and end. */
export const window = (
  time: ColumnArg,
  windowDuration: string,
  slideDuration?: string,
  startTime?: string,
): Column<{ start: Timestamp; end: Timestamp }> =>
  fn('window', [
    time,
    value(windowDuration),
    ...(slideDuration === undefined && startTime === undefined ? [] : [value(slideDuration ?? windowDuration)]),
    value(startTime),
  ])

/** `session_window(time, gap)`: the time between two pauses that a moment is in. */
export const session_window = (time: ColumnArg, gap: ValueArg<string>): Column<{ start: Timestamp; end: Timestamp }> =>
  fn('session_window', [time, value(gap)])

/** `time_bucket(width, time, origin)`: the start of the bucket of so long that a moment is in. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const time_bucket = (width: ColumnArg, time: ColumnArg, origin?: ColumnArg): Column<any> =>
  fn('time_bucket', [width, time, origin])

// ── windows ──

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

// ── formats ──

type Options = Readonly<Record<string, string>>
type SchemaArg = DataType | string | Column<string>

const schemaNode = (schema: SchemaArg, asJson: boolean): ColumnNode =>
  schema instanceof DataTypeClass
    ? operandNode(asJson ? JSON.stringify(schema.json()) : schema.sql())
    : operandNode(schema)

/** `from_json(text, schema, options)`: JSON text as a struct, array or map. *Nulls:* where it is malformed. */
export function from_json<S extends DataType>(column: TextArg, schema: S, options?: Options): Column<ValueOf<S>>
export function from_json<T = unknown>(
  column: TextArg,
  schema: string | Column<string>,
  options?: Options,
): Column<NoInfer<T> | null>
export function from_json(column: TextArg, schema: SchemaArg, options?: Options): Column<unknown> {
  return fn('from_json', [column, schemaNode(schema, true), optionMap(options)])
}
/** `from_csv(text, schema, options)`: a CSV line as a struct. */
export function from_csv<R>(column: TextArg, schema: StructType<R>, options?: Options): Column<R | null>
export function from_csv<T = unknown>(
  column: TextArg,
  schema: string | Column<string>,
  options?: Options,
): Column<NoInfer<T> | null>
export function from_csv(
  column: TextArg,
  schema: StructType | string | Column<string>,
  options?: Options,
): Column<unknown> {
  return fn('from_csv', [
    column,
    schema instanceof DataTypeClass ? operandNode(schema.ddl()) : operandNode(schema),
    optionMap(options),
  ])
}
/** `from_xml(text, schema, options)`: XML text as a struct. */
export function from_xml<R>(column: TextArg, schema: StructType<R>, options?: Options): Column<R | null>
export function from_xml<T = unknown>(
  column: TextArg,
  schema: string | Column<string>,
  options?: Options,
): Column<NoInfer<T> | null>
export function from_xml(column: TextArg, schema: SchemaArg, options?: Options): Column<unknown> {
  return fn('from_xml', [column, schemaNode(schema, true), optionMap(options)])
}
/** `to_json(value, options)`: a struct, array or map as JSON text. */
export const to_json = <A extends ColumnArg>(column: A, options?: Options): Column<string | NullsOf<A>> =>
  fn('to_json', [column, optionMap(options)])
/** `to_csv(struct, options)`: a struct as a CSV line. */
export const to_csv = <A extends ColumnArg>(column: A, options?: Options): Column<string | NullsOf<A>> =>
  fn('to_csv', [column, optionMap(options)])
/** `to_xml(struct, options)`: a struct as XML text. */
export const to_xml = <A extends ColumnArg>(column: A, options?: Options): Column<string | NullsOf<A>> =>
  fn('to_xml', [column, optionMap(options)])
/** `schema_of_json(text, options)`: the type of a JSON text, as DDL. */
export const schema_of_json = (json: ValueArg<string>, options?: Options): Column<string> =>
  fn('schema_of_json', [value(json), optionMap(options)])
/** `schema_of_csv(text, options)`: the type of a CSV line, as DDL. */
export const schema_of_csv = (csv: ValueArg<string>, options?: Options): Column<string> =>
  fn('schema_of_csv', [value(csv), optionMap(options)])
/** `schema_of_xml(text, options)`: the type of an XML text, as DDL. */
export const schema_of_xml = (xml: ValueArg<string>, options?: Options): Column<string> =>
  fn('schema_of_xml', [value(xml), optionMap(options)])
/** `json_tuple(text, a, b, …)`: one column for each key, named c0, c1, …; name them by `.as('a', 'b')`. */
// biome-ignore lint/suspicious/noExplicitAny: several columns
export const json_tuple = (column: TextArg, ...keys: readonly [string, ...string[]]): Column<any> =>
  fn('json_tuple', [column, ...keys.map(value)])

/** `from_avro(bytes, schema, options)`: Avro bytes as the values of a schema in Avro's JSON. Needs spark-avro on the server. */
export const from_avro = <T = unknown>(column: ColumnArg, schema: string, options?: Options): Column<NoInfer<T>> =>
  fn('from_avro', [column, value(schema), optionMap(options)])

/** `to_avro(value, schema)`: values as Avro bytes. Needs spark-avro on the server. */
export const to_avro = (column: ColumnArg, schema?: string): Column<Uint8Array | null> =>
  fn('to_avro', [column, value(schema)])
