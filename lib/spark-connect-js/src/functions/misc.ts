// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import { type ColumnArg, fn, internalFn, type NullsOf, type NumberArg, type ValueArg, value } from './call.ts'

/** `aes_decrypt(input, key, mode, padding, aad)`: AES undone. */
export const aes_decrypt = <
  A extends ColumnArg<string | Uint8Array>,
  B extends ColumnArg,
  C extends ColumnArg = never,
  D extends ColumnArg = never,
  E extends ColumnArg = never,
>(
  input: A,
  key: B,
  mode?: C,
  padding?: D,
  aad?: E,
): Column<Uint8Array | NullsOf<A> | NullsOf<B> | NullsOf<C> | NullsOf<D> | NullsOf<E>> =>
  fn('aes_decrypt', [input, key, mode, padding, aad])

/** `aes_encrypt(input, key, mode, padding, iv, aad)`: encrypted by AES. */
export const aes_encrypt = <
  A extends ColumnArg<string | Uint8Array>,
  B extends ColumnArg,
  C extends ColumnArg = never,
  D extends ColumnArg = never,
  E extends ColumnArg = never,
  F extends ColumnArg = never,
>(
  input: A,
  key: B,
  mode?: C,
  padding?: D,
  iv?: E,
  aad?: F,
): Column<Uint8Array | NullsOf<A> | NullsOf<B> | NullsOf<C> | NullsOf<D> | NullsOf<E> | NullsOf<F>> =>
  fn('aes_encrypt', [input, key, mode, padding, iv, aad])

/** `try_aes_decrypt(input, key, mode, padding, aad)`: AES undone; null where that fails. */
export const try_aes_decrypt = (
  input: ColumnArg<string | Uint8Array>,
  key: ColumnArg,
  mode?: ColumnArg,
  padding?: ColumnArg,
  aad?: ColumnArg,
): Column<Uint8Array | null> => fn('try_aes_decrypt', [input, key, mode, padding, aad])

/** `assert_true(col, errMsg)`: nothing, or an error where the condition is not true. */
export const assert_true = (col: ColumnArg<boolean>, errMsg?: ValueArg<string>): Column<null> =>
  fn('assert_true', [col, value(errMsg)])

/** `bitmap_bit_position(col)`: place of a value in its bitmap. */
export const bitmap_bit_position = <A extends NumberArg>(col: A): Column<bigint | NullsOf<A>> =>
  fn('bitmap_bit_position', [col])

/** `bitmap_bucket_number(col)`: number of the bitmap of a value. */
export const bitmap_bucket_number = <A extends NumberArg>(col: A): Column<bigint | NullsOf<A>> =>
  fn('bitmap_bucket_number', [col])

/** `bitmap_count(col)`: how many bits are set. */
export const bitmap_count = <A extends ColumnArg>(col: A): Column<bigint | NullsOf<A>> => fn('bitmap_count', [col])

/** `current_catalog()`: name of the catalog in use. */
export const current_catalog = (): Column<string> => fn('current_catalog', [])

/** `current_database()`: name of the database in use. */
export const current_database = (): Column<string> => fn('current_database', [])

/** `current_path()`: search path of functions and tables. */
export const current_path = (): Column<string> => fn('current_path', [])

/** `current_schema()`: name of the database in use. */
export const current_schema = (): Column<string> => fn('current_schema', [])

/** `current_user()`: name of the user. */
export const current_user = (): Column<string> => fn('current_user', [])

/** `input_file_block_length()`: length of the block of the file, or -1. */
export const input_file_block_length = (): Column<bigint> => fn('input_file_block_length', [])

/** `input_file_block_start()`: start of the block of the file, or -1. */
export const input_file_block_start = (): Column<bigint> => fn('input_file_block_start', [])

/** `input_file_name()`: the file of the row, or empty. */
export const input_file_name = (): Column<string> => fn('input_file_name', [])

/** `java_method(cols, …)`: result of a static method of the JVM. */
export const java_method = (...cols: readonly ColumnArg[]): Column<string | null> => fn('java_method', [...cols])

/** `monotonically_increasing_id()`: a number that is different in every row, with gaps. */
export const monotonically_increasing_id = (): Column<bigint> => fn('monotonically_increasing_id', [])

/** `raise_error(errMsg)`: an error. */
export const raise_error = (errMsg: ValueArg<string>): Column<null> => fn('raise_error', [value(errMsg)])

/** `reflect(cols, …)`: result of a static method of the JVM. */
export const reflect = (...cols: readonly ColumnArg[]): Column<string | null> => fn('reflect', [...cols])

/** `try_reflect(cols, …)`: result of a static method of the JVM; null where it fails. */
export const try_reflect = (...cols: readonly ColumnArg[]): Column<string | null> => fn('try_reflect', [...cols])

/** `session_user()`: name of the user of the session. */
export const session_user = (): Column<string> => fn('session_user', [])

/** `spark_partition_id()`: number of the partition. */
export const spark_partition_id = (): Column<number> => fn('spark_partition_id', [])

/** `typeof(col)`: the type, as SQL writes it. */
const typeof_ = (col: ColumnArg): Column<string> => fn('typeof', [col])

/** `user()`: name of the user. */
export const user = (): Column<string> => fn('user', [])

/** `version()`: Spark's version and revision. */
export const version = (): Column<string> => fn('version', [])

/** `unwrap_udt(col)`: the plain value of a user-defined type. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const unwrap_udt = (col: ColumnArg): Column<any> => internalFn('unwrap_udt', [col])

export { typeof_ as typeof }
