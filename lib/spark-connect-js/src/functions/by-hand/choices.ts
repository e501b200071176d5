import type { Column } from '../../column/column.ts'
import {
  type AnyArg,
  type ColumnArg,
  type CommonOf,
  fn,
  type NullsOf,
  type TextArg,
  type ValueArg,
  value,
} from '../call.ts'

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
