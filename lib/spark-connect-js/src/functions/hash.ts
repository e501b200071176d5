// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import { type ColumnArg, fn, type NullsOf, type ValueArg, value } from './call.ts'

/** `crc32(col)`: cyclic redundancy check. */
export const crc32 = <A extends ColumnArg<string | Uint8Array>>(col: A): Column<bigint | NullsOf<A>> =>
  fn('crc32', [col])

/** `hash(cols, …)`: Murmur3 hash of 32 bits. */
export const hash = (...cols: readonly ColumnArg[]): Column<number> => fn('hash', [...cols])

/** `md5(col)`: MD5 in hexadecimal digits. */
export const md5 = <A extends ColumnArg<string | Uint8Array>>(col: A): Column<string | NullsOf<A>> => fn('md5', [col])

/** `sha(col)`: SHA-1 in hexadecimal digits. */
export const sha = <A extends ColumnArg<string | Uint8Array>>(col: A): Column<string | NullsOf<A>> => fn('sha', [col])

/** `sha1(col)`: SHA-1 in hexadecimal digits. */
export const sha1 = <A extends ColumnArg<string | Uint8Array>>(col: A): Column<string | NullsOf<A>> => fn('sha1', [col])

/** `sha2(col, numBits)`: SHA-2 of 224, 256 (or 0), 384 or 512 bits in hexadecimal digits. */
export const sha2 = <A extends ColumnArg<string | Uint8Array>>(
  col: A,
  numBits: ValueArg<number>,
): Column<string | NullsOf<A>> => fn('sha2', [col, value(numBits)])

/** `xxhash64(cols, …)`: xxHash of 64 bits. */
export const xxhash64 = (...cols: readonly ColumnArg[]): Column<bigint> => fn('xxhash64', [...cols])
