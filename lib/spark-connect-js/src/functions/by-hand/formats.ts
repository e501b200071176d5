import type { Column } from '../../column/column.ts'
import { type ColumnNode, operandNode } from '../../column/node.ts'
import { type DataType, DataType as DataTypeClass, type StructType, type ValueOf } from '../../types/index.ts'
import { type ColumnArg, fn, type NullsOf, optionMap, type TextArg, type ValueArg, value } from '../call.ts'

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
