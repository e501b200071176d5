// The type level of frames: what row type each operation gives. Nothing here exists at run time.
// Type arguments that would be any are kept any (an untyped frame stays usable), so most rules begin with IsAny.
import type { Column } from './column.ts'
import type {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Timestamp,
  Variant,
  YearMonthInterval,
} from './types/index.ts'

export type IsAny<T> = 0 extends 1 & T ? true : false

/**
 * Readable hovers and no nested aliases: `{ a: string } & { b: number }` becomes one object.
 *
 * The condition looks at every property, which makes the compiler work them out here and now. Left for later, a chain
 * of 29 joins was "excessively deep" (TS2589), for the type of a column was found through all the joins before.
 */
export type Simplify<T> = T[keyof T] extends infer _ ? { [K in keyof T]: T[K] } & {} : never

/**
 * `null` if `T` may be null, else never. Not a conditional type, or Column would not be covariant; any gives any,
 * so what comes of an untyped column by its methods is untyped.
 */
export type NullOf<T> = T & null

/** The columns of a row type, as the `c => …` callbacks receive them. */
export type Columns<R> = { readonly [K in keyof R]: Column<R[K]> }

/** New columns by name. */
export type Named = Readonly<Record<string, Column<unknown>>>

/** The row type of a record of columns. */
export type RowOf<S extends Named> = { -readonly [K in keyof S]: S[K] extends Column<infer T> ? T : never }

/** What a `c => …` callback or the record itself may be given for. */
export type Build<R, S> = S | ((columns: Columns<R>) => S)

/** A name of a column of `R`. For an untyped frame: any text. */
export type NameOf<R> = keyof R & string

/** The value of a column operand. */
export type ValueOfOperand<O> = O extends Column<infer T> ? T : O

/** Null in, null out: null if any of the operands may be null. */
export type Nulls<T, O = never> = NullOf<T> | NullOf<ValueOfOperand<O>>

type NumberLike = number | bigint | Decimal
type MomentLike = Timestamp | LocalDate | LocalDateTime

/** What Spark compares with a `T` by an implicit cast: numbers with numbers, moments with moments, dates or text. */
export type Comparable<T> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: an untyped column compares with anything
      any
    : unknown extends T
      ? unknown
      : T extends NumberLike
        ? NumberLike
        : T extends MomentLike
          ? MomentLike | Date | string
          : T extends boolean
            ? boolean
            : T

/** The other side of a comparison: a column or a value. */
export type Operand<T> = Column<Comparable<NonNullable<T>> | null> | Comparable<NonNullable<T>>

/** The other side of an arithmetic operation. */
export type ArithmeticOperand<T> = Column<ArithmeticPeer<NonNullable<T>> | null> | ArithmeticPeer<NonNullable<T>>

type Interval = YearMonthInterval | DayTimeInterval | CalendarInterval

type ArithmeticPeer<T> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: an untyped column adds to anything
      any
    : T extends NumberLike
      ? NumberLike | Interval
      : T extends MomentLike | LocalTime | Interval
        ? MomentLike | LocalTime | Interval | NumberLike
        : T

type IsWhole<N extends number> = `${N}` extends `${bigint}` ? true : false

/** The type of `a + b`, nulls aside. A bigint with a number is a bigint only if that is a whole literal: BIGINT + DOUBLE is DOUBLE. */
type ArithmeticOf<A, B> =
  IsAny<A> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
      any
    : IsAny<B> extends true
      ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
        any
      : [A, B] extends [bigint, bigint]
        ? bigint
        : [A, B] extends [number, number]
          ? number
          : [A, B] extends [bigint, number]
            ? B extends number
              ? IsWhole<B> extends true
                ? bigint
                : bigint | number
              : never
            : [A, B] extends [number, bigint]
              ? bigint | number
              : [A, B] extends [Decimal, Decimal | bigint]
                ? Decimal
                : [A, B] extends [Decimal, number] | [number | bigint, Decimal]
                  ? Decimal | number
                  : // biome-ignore lint/suspicious/noExplicitAny: dates and intervals have too many rules; cast the result
                    any

/** The value type of an arithmetic result. */
export type Arithmetic<T, O> = ArithmeticOf<NonNullable<T>, NonNullable<ValueOfOperand<O>>> | Nulls<T, O>

/** The value type of a division: Spark divides as doubles unless a decimal is involved. */
export type Quotient<T, O> =
  | (Decimal extends NonNullable<T> | NonNullable<ValueOfOperand<O>> ? Decimal : number)
  | Nulls<T, O>

/** The JavaScript type behind a type name of SQL, for `cast('bigint')`. */
export interface SqlTypes {
  string: string
  boolean: boolean
  tinyint: number
  byte: number
  smallint: number
  short: number
  int: number
  integer: number
  bigint: bigint
  long: bigint
  float: number
  double: number
  decimal: Decimal
  binary: Uint8Array
  date: LocalDate
  timestamp: Timestamp
  timestamp_ntz: LocalDateTime
  time: LocalTime
  variant: Variant
}

/** The element of an array, map or struct column. `any` where the type does not say. */
export type ItemOf<T, K> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
      any
    : NonNullable<T> extends readonly (infer E)[]
      ? E | null
      : NonNullable<T> extends ReadonlyMap<unknown, infer V>
        ? V | null
        : K extends keyof NonNullable<T>
          ? NonNullable<T>[K] | NullOf<T>
          : // biome-ignore lint/suspicious/noExplicitAny: a field that the type does not list
            any

/** Kinds of joins by the words that Spark takes. */
export type How =
  | 'inner'
  | 'cross'
  | 'left'
  | 'leftouter'
  | 'left_outer'
  | 'right'
  | 'rightouter'
  | 'right_outer'
  | 'outer'
  | 'full'
  | 'fullouter'
  | 'full_outer'
  | 'semi'
  | 'leftsemi'
  | 'left_semi'
  | 'anti'
  | 'leftanti'
  | 'left_anti'

type Kind<H extends How> = H extends 'inner' | 'cross'
  ? 'inner'
  : H extends 'left' | 'leftouter' | 'left_outer'
    ? 'left'
    : H extends 'right' | 'rightouter' | 'right_outer'
      ? 'right'
      : H extends 'outer' | 'full' | 'fullouter' | 'full_outer'
        ? 'full'
        : 'semi'

type Nullable<T> = { [K in keyof T]: T[K] | null }

/** The row type of a join: `K` are the columns that both sides share as keys (never, for a condition). */
export type Joined<L, R, K extends PropertyKey, H extends How> = IsAny<L> extends true
  ? // biome-ignore lint/suspicious/noExplicitAny: a join with an untyped frame is untyped
    any
  : IsAny<R> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: a join with an untyped frame is untyped
      any
    : {
        inner: Simplify<L & Omit<R, K>>
        left: Simplify<L & Nullable<Omit<R, K>>>
        right: Simplify<Pick<R, K & keyof R> & Nullable<Omit<L, K>> & Omit<R, K>>
        full: Simplify<
          { [C in K & keyof L]: L[C] | (C extends keyof R ? R[C] : never) } & Nullable<Omit<L, K>> &
            Nullable<Omit<R, K>>
        >
        semi: L
      }[Kind<H>]

/** A sentence where a type is expected: the compiler prints it under the argument that is wrong. */
export interface FrameTypeError<M extends string> {
  readonly __frameTypeError__: M
}

/** Names on both sides of a join that are not its keys; they would be two columns of one name. */
export type Clash<L, R, K, H extends How> = IsAny<L> extends true
  ? never
  : IsAny<R> extends true
    ? never
    : string extends keyof L | keyof R
      ? never
      : Kind<H> extends 'semi'
        ? never
        : Exclude<keyof L & keyof R, K> & string

/** Renames columns of `R` by the map `M` of old to new names. */
export type Renamed<R, M> =
  IsAny<R> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
      any
    : Simplify<{ [K in keyof R as K extends keyof M ? (M[K] extends string ? M[K] : K) : K]: R[K] }>

/** `R` with the columns of `S` added or replaced. */
export type Extended<R, S> =
  IsAny<R> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
      any
    : Simplify<Omit<R, keyof S> & S>

/** `R` without columns. */
export type Without<R, K extends PropertyKey> = IsAny<R> extends true
  ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
    any
  : Simplify<Omit<R, K>>

/** Some columns of `R`. */
export type Selected<R, K extends keyof R> = IsAny<R> extends true
  ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
    any
  : Simplify<Pick<R, K>>

/** `R` where the columns `K` are not null, as `dropNulls` leaves them. */
export type NonNull<R, K extends keyof R> = IsAny<R> extends true
  ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
    any
  : Simplify<{ [C in keyof R]: C extends K ? NonNullable<R[C]> : R[C] }>

/** The rows of two frames below one another, by position: same names on both sides, nulls of either. */
export type Unioned<L, R> =
  IsAny<L> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
      any
    : IsAny<R> extends true
      ? L
      : Simplify<{ [K in keyof L]: L[K] | (K extends keyof R ? R[K] : null) }>
