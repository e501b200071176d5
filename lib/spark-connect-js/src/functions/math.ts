// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import type { Difference, Product, Quotient, Remainder, Sum } from '../types/arithmetic.ts'
import {
  type ColumnArg,
  fn,
  type NullsOf,
  type NumberArg,
  type PresentTypeOf,
  type TextArg,
  type TypeOf,
  type ValueArg,
  value,
} from './call.ts'

/** `abs(col)`: without sign. */
export const abs = <A extends NumberArg>(col: A): Column<TypeOf<A>> => fn('abs', [col])

/** `acos(col)`: inverse cosine. */
export const acos = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('acos', [col])

/** `acosh(col)`: inverse hyperbolic cosine. */
export const acosh = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('acosh', [col])

/** `asin(col)`: inverse sine. */
export const asin = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('asin', [col])

/** `asinh(col)`: inverse hyperbolic sine. */
export const asinh = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('asinh', [col])

/** `atan(col)`: inverse tangent. */
export const atan = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('atan', [col])

/** `atan2(col1, col2)`: angle of a point (x is the second). */
export const atan2 = <A extends NumberArg, B extends NumberArg>(
  col1: A,
  col2: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('atan2', [col1, col2])

/** `atanh(col)`: inverse hyperbolic tangent. */
export const atanh = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('atanh', [col])

/** `bin(col)`: in binary digits. */
export const bin = <A extends NumberArg>(col: A): Column<string | NullsOf<A>> => fn('bin', [col])

/** `bround(col, scale)`: rounded, halves to the even digit. */
export const bround = <A extends NumberArg>(col: A, scale?: ValueArg<number>): Column<TypeOf<A>> =>
  fn('bround', [col, value(scale)])

/** `cbrt(col)`: cube root. */
export const cbrt = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('cbrt', [col])

/** `conv(col, fromBase, toBase)`: a number in another base. */
export const conv = <A extends ColumnArg>(
  col: A,
  fromBase: ValueArg<number>,
  toBase: ValueArg<number>,
): Column<string | NullsOf<A>> => fn('conv', [col, value(fromBase), value(toBase)])

/** `cos(col)`: cosine. */
export const cos = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('cos', [col])

/** `cosh(col)`: hyperbolic cosine. */
export const cosh = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('cosh', [col])

/** `cot(col)`: cotangent. */
export const cot = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('cot', [col])

/** `csc(col)`: cosecant. */
export const csc = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('csc', [col])

/** `degrees(col)`: radians as degrees. */
export const degrees = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('degrees', [col])

/** `e()`: Euler's number. */
export const e = (): Column<number> => fn('e', [])

/** `exp(col)`: e to the power. */
export const exp = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('exp', [col])

/** `expm1(col)`: e to the power, minus one. */
export const expm1 = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('expm1', [col])

/** `factorial(col)`: factorial; null outside 0 to 20. */
export const factorial = (col: NumberArg): Column<bigint | null> => fn('factorial', [col])

/** `hex(col)`: in hexadecimal digits. */
export const hex = <A extends ColumnArg>(col: A): Column<string | NullsOf<A>> => fn('hex', [col])

/** `hypot(col1, col2)`: length of the hypotenuse. */
export const hypot = <A extends NumberArg, B extends NumberArg>(
  col1: A,
  col2: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('hypot', [col1, col2])

/** `ln(col)`: natural logarithm. */
export const ln = (col: NumberArg): Column<number | null> => fn('ln', [col])

/** `log10(col)`: logarithm to base 10. */
export const log10 = (col: NumberArg): Column<number | null> => fn('log10', [col])

/** `log1p(col)`: natural logarithm of the value plus one. */
export const log1p = (col: NumberArg): Column<number | null> => fn('log1p', [col])

/** `log2(col)`: logarithm to base 2. */
export const log2 = (col: NumberArg): Column<number | null> => fn('log2', [col])

/** `negative(col)`: with the opposite sign. */
export const negate = <A extends NumberArg>(col: A): Column<TypeOf<A>> => fn('negative', [col])

/** `negative(col)`: with the opposite sign. */
export const negative = <A extends NumberArg>(col: A): Column<TypeOf<A>> => fn('negative', [col])

/** `pi()`: the number pi. */
export const pi = (): Column<number> => fn('pi', [])

/** `pmod(dividend, divisor)`: remainder that is never negative. */
export const pmod = <A extends NumberArg, B extends NumberArg>(
  dividend: A,
  divisor: B,
): Column<Remainder<PresentTypeOf<A>, PresentTypeOf<B>> | NullsOf<A> | NullsOf<B>> => fn('pmod', [dividend, divisor])

/** `positive(col)`: the value itself. */
export const positive = <A extends NumberArg>(col: A): Column<TypeOf<A>> => fn('positive', [col])

/** `power(col1, col2)`: to a power. */
export const pow = <A extends NumberArg, B extends NumberArg>(
  col1: A,
  col2: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('power', [col1, col2])

/** `power(col1, col2)`: to a power. */
export const power = <A extends NumberArg, B extends NumberArg>(
  col1: A,
  col2: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('power', [col1, col2])

/** `radians(col)`: degrees as radians. */
export const radians = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('radians', [col])

/** `rint(col)`: the nearest whole number, as a double. */
export const rint = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('rint', [col])

/** `round(col, scale)`: rounded, halves away from zero. */
export const round = <A extends NumberArg>(col: A, scale?: ValueArg<number>): Column<TypeOf<A>> =>
  fn('round', [col, value(scale)])

/** `sec(col)`: secant. */
export const sec = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('sec', [col])

/** `sign(col)`: -1, 0 or 1. */
export const sign = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('sign', [col])

/** `signum(col)`: -1, 0 or 1. */
export const signum = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('signum', [col])

/** `sin(col)`: sine. */
export const sin = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('sin', [col])

/** `sinh(col)`: hyperbolic sine. */
export const sinh = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('sinh', [col])

/** `sqrt(col)`: square root. */
export const sqrt = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('sqrt', [col])

/** `tan(col)`: tangent. */
export const tan = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('tan', [col])

/** `tanh(col)`: hyperbolic tangent. */
export const tanh = <A extends NumberArg>(col: A): Column<number | NullsOf<A>> => fn('tanh', [col])

/** `try_add(left, right)`: sum; null where it overflows. */
export const try_add = <A extends ColumnArg, B extends ColumnArg>(
  left: A,
  right: B,
): Column<Sum<PresentTypeOf<A>, PresentTypeOf<B>> | null> => fn('try_add', [left, right])

/** `try_divide(left, right)`: quotient; null where the divisor is zero. */
export const try_divide = <A extends ColumnArg, B extends ColumnArg>(
  left: A,
  right: B,
): Column<Quotient<PresentTypeOf<A>, PresentTypeOf<B>> | null> => fn('try_divide', [left, right])

/** `try_mod(left, right)`: remainder; null where the divisor is zero. */
export const try_mod = <A extends ColumnArg, B extends ColumnArg>(
  left: A,
  right: B,
): Column<Remainder<PresentTypeOf<A>, PresentTypeOf<B>> | null> => fn('try_mod', [left, right])

/** `try_multiply(left, right)`: product; null where it overflows. */
export const try_multiply = <A extends ColumnArg, B extends ColumnArg>(
  left: A,
  right: B,
): Column<Product<PresentTypeOf<A>, PresentTypeOf<B>> | null> => fn('try_multiply', [left, right])

/** `try_subtract(left, right)`: difference; null where it overflows. */
export const try_subtract = <A extends ColumnArg, B extends ColumnArg>(
  left: A,
  right: B,
): Column<Difference<PresentTypeOf<A>, PresentTypeOf<B>> | null> => fn('try_subtract', [left, right])

/** `unhex(col)`: hexadecimal digits as bytes; null where they are malformed. */
export const unhex = (col: TextArg): Column<Uint8Array | null> => fn('unhex', [col])

/** `width_bucket(v, min, max, numBucket)`: number of the bucket of an equal-width histogram. */
export const width_bucket = (
  v: ColumnArg,
  min: ColumnArg,
  max: ColumnArg,
  numBucket: NumberArg,
): Column<bigint | null> => fn('width_bucket', [v, min, max, numBucket])

/** `bit_count(col)`: how many bits are set. */
export const bit_count = <A extends ColumnArg>(col: A): Column<number | NullsOf<A>> => fn('bit_count', [col])

/** `bit_get(col, pos)`: a bit (from 0 at the right). */
export const bit_get = <A extends NumberArg, B extends NumberArg>(
  col: A,
  pos: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('bit_get', [col, pos])

/** `~`: all bits inverted. */
export const bitwise_not = <A extends NumberArg>(col: A): Column<TypeOf<A>> => fn('~', [col])

/** `getbit(col, pos)`: a bit (from 0 at the right). */
export const getbit = <A extends NumberArg, B extends NumberArg>(
  col: A,
  pos: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('getbit', [col, pos])

/** `shiftleft(col, numBits)`: bits moved to the left. */
export const shiftleft = <A extends Column<number | bigint | null> | string | number | bigint>(
  col: A,
  numBits: ValueArg<number>,
): Column<TypeOf<A>> => fn('shiftleft', [col, value(numBits)])

/** `shiftright(col, numBits)`: bits moved to the right, keeping the sign. */
export const shiftright = <A extends Column<number | bigint | null> | string | number | bigint>(
  col: A,
  numBits: ValueArg<number>,
): Column<TypeOf<A>> => fn('shiftright', [col, value(numBits)])

/** `shiftrightunsigned(col, numBits)`: bits moved to the right, filled with zeros. */
export const shiftrightunsigned = <A extends Column<number | bigint | null> | string | number | bigint>(
  col: A,
  numBits: ValueArg<number>,
): Column<TypeOf<A>> => fn('shiftrightunsigned', [col, value(numBits)])
