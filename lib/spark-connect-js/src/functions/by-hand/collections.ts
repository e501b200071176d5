import type { Column } from '../../column/column.ts'
import { type ColumnNode, isColumn, operandNode } from '../../column/node.ts'
import type { RowOf, Simplify } from '../../dataframe/row-types.ts'
import type { IsAny } from '../../types/nulls.ts'
import type { SingleValue } from '../../types/numbered.ts'
import {
  type AnyArg,
  anySeed,
  type ColumnArg,
  type CommonOf,
  type ElementOf,
  fn,
  type ItemOf,
  type KeyOf,
  lambdaOf,
  type NullsOf,
  type TypeOf,
  type ValueArg,
  value,
} from '../call.ts'

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
