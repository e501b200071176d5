// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import type { Variant } from '../types/index.ts'
import { type ColumnArg, fn, type NullsOf, type TextArg, type ValueArg, value } from './call.ts'

/** `get_json_object(col, path)`: the value at a path such as $.a[0].b, as text. */
export const get_json_object = (col: TextArg, path: ValueArg<string>): Column<string | null> =>
  fn('get_json_object', [col, value(path)])

/** `json_array_length(col)`: number of items of a JSON array; null for anything else. */
export const json_array_length = (col: TextArg): Column<number | null> => fn('json_array_length', [col])

/** `json_object_keys(col)`: the keys of a JSON object; null for anything else. */
export const json_object_keys = (col: TextArg): Column<string[] | null> => fn('json_object_keys', [col])

/** `is_valid_variant(v)`: whether the bytes are a well-formed variant. */
export const is_valid_variant = (v: ColumnArg): Column<boolean | null> => fn('is_valid_variant', [v])

/** `is_variant_null(v)`: whether the variant holds a JSON null. */
export const is_variant_null = (v: ColumnArg): Column<boolean> => fn('is_variant_null', [v])

/** `parse_json(col)`: JSON text as a variant. */
export const parse_json = <A extends TextArg>(col: A): Column<Variant | NullsOf<A>> => fn('parse_json', [col])

/** `schema_of_variant(v)`: the type that the variant has, as text. */
export const schema_of_variant = <A extends ColumnArg>(v: A): Column<string | NullsOf<A>> =>
  fn('schema_of_variant', [v])

/** `schema_of_variant_agg(v)`: the type that holds all variants, as text. */
export const schema_of_variant_agg = (v: ColumnArg): Column<string> => fn('schema_of_variant_agg', [v])

/** `try_variant_get(v, path, targetType)`: the value at a path as a type; null where it does not convert. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const try_variant_get = (v: ColumnArg, path: ValueArg<string>, targetType: ValueArg<string>): Column<any> =>
  fn('try_variant_get', [v, value(path), value(targetType)])

/** `variant_get(v, path, targetType)`: the value at a path as a type. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const variant_get = (v: ColumnArg, path: ValueArg<string>, targetType: ValueArg<string>): Column<any> =>
  fn('variant_get', [v, value(path), value(targetType)])

/** `try_parse_json(col)`: JSON text as a variant; null where it is malformed. */
export const try_parse_json = (col: TextArg): Column<Variant | null> => fn('try_parse_json', [col])

/** `to_variant_object(col)`: nested values as a variant. */
export const to_variant_object = <A extends ColumnArg>(col: A): Column<Variant | NullsOf<A>> =>
  fn('to_variant_object', [col])

/** `xpath(xml, path)`: texts of the nodes at a path. */
export const xpath = <A extends TextArg, B extends TextArg>(
  xml: A,
  path: B,
): Column<string[] | NullsOf<A> | NullsOf<B>> => fn('xpath', [xml, path])

/** `xpath_boolean(xml, path)`: whether a path is there. */
export const xpath_boolean = <A extends TextArg, B extends TextArg>(
  xml: A,
  path: B,
): Column<boolean | NullsOf<A> | NullsOf<B>> => fn('xpath_boolean', [xml, path])

/** `xpath_double(xml, path)`: the number at a path. */
export const xpath_double = <A extends TextArg, B extends TextArg>(
  xml: A,
  path: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('xpath_double', [xml, path])

/** `xpath_float(xml, path)`: the number at a path. */
export const xpath_float = <A extends TextArg, B extends TextArg>(
  xml: A,
  path: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('xpath_float', [xml, path])

/** `xpath_int(xml, path)`: the whole number at a path. */
export const xpath_int = <A extends TextArg, B extends TextArg>(
  xml: A,
  path: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('xpath_int', [xml, path])

/** `xpath_long(xml, path)`: the whole number at a path. */
export const xpath_long = <A extends TextArg, B extends TextArg>(
  xml: A,
  path: B,
): Column<bigint | NullsOf<A> | NullsOf<B>> => fn('xpath_long', [xml, path])

/** `xpath_number(xml, path)`: the number at a path. */
export const xpath_number = <A extends TextArg, B extends TextArg>(
  xml: A,
  path: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('xpath_number', [xml, path])

/** `xpath_short(xml, path)`: the whole number at a path. */
export const xpath_short = <A extends TextArg, B extends TextArg>(
  xml: A,
  path: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('xpath_short', [xml, path])

/** `xpath_string(xml, path)`: the text at a path. */
export const xpath_string = <A extends TextArg, B extends TextArg>(
  xml: A,
  path: B,
): Column<string | NullsOf<A> | NullsOf<B>> => fn('xpath_string', [xml, path])
