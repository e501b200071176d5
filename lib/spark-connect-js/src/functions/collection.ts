// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import {
  type ColumnArg,
  type ElementOf,
  fn,
  type ItemOf,
  type KeyOf,
  type NullsOf,
  type NumberArg,
  type SequenceOf,
  type TextArg,
  type TypeOf,
  type ValueArg,
  value,
} from './call.ts'

/** `array_append(col, item)`: with a value at the end. */
export const array_append = <A extends ColumnArg<readonly unknown[]>>(col: A, item: unknown): Column<TypeOf<A>> =>
  fn('array_append', [col, value(item)])

/** `array_compact(col)`: without nulls. */
export const array_compact = <A extends ColumnArg<readonly unknown[]>>(col: A): Column<TypeOf<A>> =>
  fn('array_compact', [col])

/** `array_contains(col, item)`: whether a value is among the items; null if it is not and an item is null. */
export const array_contains = (col: ColumnArg<readonly unknown[]>, item: unknown): Column<boolean | null> =>
  fn('array_contains', [col, value(item)])

/** `array_distinct(col)`: each item once. */
export const array_distinct = <A extends ColumnArg<readonly unknown[]>>(col: A): Column<TypeOf<A>> =>
  fn('array_distinct', [col])

/** `array_except(col1, col2)`: items that the second lacks, each once. */
export const array_except = <A extends ColumnArg<readonly unknown[]>, B extends ColumnArg<readonly unknown[]>>(
  col1: A,
  col2: B,
): Column<TypeOf<A> | NullsOf<A> | NullsOf<B>> => fn('array_except', [col1, col2])

/** `array_insert(arr, pos, item)`: with a value at a place (from 1; negative from the end). */
export const array_insert = <A extends ColumnArg<readonly unknown[]>, B extends NumberArg>(
  arr: A,
  pos: B,
  item: unknown,
): Column<TypeOf<A> | NullsOf<A> | NullsOf<B>> => fn('array_insert', [arr, pos, value(item)])

/** `array_intersect(col1, col2)`: items of both, each once. */
export const array_intersect = <A extends ColumnArg<readonly unknown[]>, B extends ColumnArg<readonly unknown[]>>(
  col1: A,
  col2: B,
): Column<TypeOf<A> | NullsOf<A> | NullsOf<B>> => fn('array_intersect', [col1, col2])

/** `array_max(col)`: the greatest item; null if there is none. */
export const array_max = <A extends ColumnArg<readonly unknown[]>>(col: A): Column<ElementOf<A> | null> =>
  fn('array_max', [col])

/** `array_min(col)`: the least item; null if there is none. */
export const array_min = <A extends ColumnArg<readonly unknown[]>>(col: A): Column<ElementOf<A> | null> =>
  fn('array_min', [col])

/** `array_position(col, item)`: place (from 1) of a value, or 0. */
export const array_position = <A extends ColumnArg<readonly unknown[]>>(
  col: A,
  item: unknown,
): Column<bigint | NullsOf<A>> => fn('array_position', [col, value(item)])

/** `array_prepend(col, item)`: with a value at the front. */
export const array_prepend = <A extends ColumnArg<readonly unknown[]>>(col: A, item: unknown): Column<TypeOf<A>> =>
  fn('array_prepend', [col, value(item)])

/** `array_remove(col, element)`: without all items equal to a value. */
export const array_remove = <A extends ColumnArg<readonly unknown[]>>(col: A, element: unknown): Column<TypeOf<A>> =>
  fn('array_remove', [col, value(element)])

/** `array_repeat(col, count)`: an array of one value, so many times. */
export const array_repeat = <A extends ColumnArg, B extends NumberArg>(
  col: A,
  count: B,
): Column<TypeOf<A>[] | NullsOf<A> | NullsOf<B>> => fn('array_repeat', [col, count])

/** `array_size(col)`: number of items. */
export const array_size = <A extends ColumnArg<readonly unknown[]>>(col: A): Column<number | NullsOf<A>> =>
  fn('array_size', [col])

/** `array_union(col1, col2)`: items of either, each once. */
export const array_union = <A extends ColumnArg<readonly unknown[]>, B extends ColumnArg<readonly unknown[]>>(
  col1: A,
  col2: B,
): Column<TypeOf<A> | NullsOf<A> | NullsOf<B>> => fn('array_union', [col1, col2])

/** `arrays_overlap(a1, a2)`: whether they share an item; null if only nulls leave it open. */
export const arrays_overlap = (
  a1: ColumnArg<readonly unknown[]>,
  a2: ColumnArg<readonly unknown[]>,
): Column<boolean | null> => fn('arrays_overlap', [a1, a2])

/** `flatten(col)`: arrays of an array one after another. */
export const flatten = <A extends ColumnArg<readonly unknown[]>>(col: A): Column<ElementOf<A> | NullsOf<A>> =>
  fn('flatten', [col])

/** `get(col, index)`: the item at a place from 0; null where there is none. */
export const get = <A extends ColumnArg<readonly unknown[]>>(col: A, index: NumberArg): Column<ElementOf<A> | null> =>
  fn('get', [col, index])

/** `sequence(start, stop, step)`: from one value to another, both included. */
export const sequence = <A extends ColumnArg, B extends ColumnArg, C extends ColumnArg = never>(
  start: A,
  stop: B,
  step?: C,
): Column<TypeOf<A>[] | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('sequence', [start, stop, step])

/** `slice(x, start, length)`: so many items from a place (from 1; negative from the end) on. */
export const slice = <A extends ColumnArg<readonly unknown[]>, B extends NumberArg, C extends NumberArg>(
  x: A,
  start: B,
  length: C,
): Column<TypeOf<A> | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('slice', [x, start, length])

/** `sort_array(col, asc)`: in order, nulls first, or last when descending. */
export const sort_array = <A extends ColumnArg<readonly unknown[]>>(
  col: A,
  asc: ValueArg<boolean> = true,
): Column<TypeOf<A>> => fn('sort_array', [col, value(asc)])

/** `cardinality(col)`: number of items of an array or map. */
export const cardinality = <A extends ColumnArg>(col: A): Column<number | NullsOf<A>> => fn('cardinality', [col])

/** `size(col)`: number of items of an array or map. */
export const size = <A extends ColumnArg>(col: A): Column<number | NullsOf<A>> => fn('size', [col])

/** `element_at(col, extraction)`: item of an array (from 1; negative from the end) or value of a map. */
export const element_at = <A extends ColumnArg>(col: A, extraction: unknown): Column<ItemOf<A> | null> =>
  fn('element_at', [col, value(extraction)])

/** `try_element_at(col, extraction)`: item of an array (from 1) or value of a map; null where there is none. */
export const try_element_at = <A extends ColumnArg>(col: A, extraction: ColumnArg): Column<ItemOf<A> | null> =>
  fn('try_element_at', [col, extraction])

/** `reverse(col)`: text or array backwards. */
export const reverse = <A extends ColumnArg>(col: A): Column<SequenceOf<A> | NullsOf<A>> => fn('reverse', [col])

/** `concat(cols, …)`: texts, binaries or arrays one after another. */
export const concat = <A extends readonly ColumnArg[]>(
  ...cols: A
): Column<SequenceOf<A[number]> | NullsOf<A[number]>> => fn('concat', [...cols])

/** `map_concat(cols, …)`: the entries of several maps. */
export const map_concat = <A extends readonly ColumnArg[]>(
  ...cols: A
): Column<TypeOf<A[number]> | NullsOf<A[number]>> => fn('map_concat', [...cols])

/** `map_contains_key(col, item)`: whether a map has a key. */
export const map_contains_key = <A extends ColumnArg>(col: A, item: unknown): Column<boolean | NullsOf<A>> =>
  fn('map_contains_key', [col, value(item)])

/** `map_entries(col)`: the entries as structs of key and value. */
export const map_entries = <A extends ColumnArg>(col: A): Column<{ key: KeyOf<A>; value: ItemOf<A> }[] | NullsOf<A>> =>
  fn('map_entries', [col])

/** `map_from_arrays(col1, col2)`: a map of keys and values. */
export const map_from_arrays = <A extends ColumnArg<readonly unknown[]>, B extends ColumnArg<readonly unknown[]>>(
  col1: A,
  col2: B,
): Column<Map<ElementOf<A>, ElementOf<B>> | NullsOf<A> | NullsOf<B>> => fn('map_from_arrays', [col1, col2])

/** `map_from_entries(col)`: a map of structs of key and value. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const map_from_entries = (col: ColumnArg<readonly unknown[]>): Column<any> => fn('map_from_entries', [col])

/** `map_keys(col)`: the keys. */
export const map_keys = <A extends ColumnArg>(col: A): Column<KeyOf<A>[] | NullsOf<A>> => fn('map_keys', [col])

/** `map_values(col)`: the values. */
export const map_values = <A extends ColumnArg>(col: A): Column<ItemOf<A>[] | NullsOf<A>> => fn('map_values', [col])

/** `str_to_map(text, pairDelim, keyValueDelim)`: a map of a text such as a:1,b:2. */
export const str_to_map = <A extends TextArg, B extends TextArg = never, C extends TextArg = never>(
  text: A,
  pairDelim?: B,
  keyValueDelim?: C,
): Column<Map<string, string | null> | NullsOf<A> | NullsOf<B> | NullsOf<C>> =>
  fn('str_to_map', [text, pairDelim, keyValueDelim])

/** `explode(col)`: one row for each item (or entry: columns key and value). */
export const explode = <A extends ColumnArg>(col: A): Column<ElementOf<A>> => fn('explode', [col])

/** `explode_outer(col)`: one row for each item; one with null where there is none. */
export const explode_outer = <A extends ColumnArg>(col: A): Column<ElementOf<A> | null> => fn('explode_outer', [col])

/** `inline(col)`: one row for each struct of an array, one column for each field. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const inline = (col: ColumnArg): Column<any> => fn('inline', [col])

/** `inline_outer(col)`: one row for each struct; one of nulls where there is none. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const inline_outer = (col: ColumnArg): Column<any> => fn('inline_outer', [col])

/** `posexplode(col)`: one row for each item, in columns pos and col. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const posexplode = (col: ColumnArg): Column<any> => fn('posexplode', [col])

/** `posexplode_outer(col)`: one row for each item with its place; one of nulls where there is none. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const posexplode_outer = (col: ColumnArg): Column<any> => fn('posexplode_outer', [col])

/** `stack(cols, …)`: values laid out in so many rows, the first argument. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const stack = (...cols: readonly ColumnArg[]): Column<any> => fn('stack', [...cols])
