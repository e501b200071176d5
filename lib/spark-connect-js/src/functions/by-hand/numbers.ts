import type { Column } from '../../column/column.ts'
import type { Decimal } from '../../types/index.ts'
import type { IsAny } from '../../types/nulls.ts'
import {
  anySeed,
  fn,
  type NullsOf,
  type NumberArg,
  type PresentTypeOf,
  type Untyped,
  type ValueArg,
  value,
} from '../call.ts'

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
