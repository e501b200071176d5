// The type level of operators and of what aggregates make of values: Spark's rules of coercion, in JavaScript's types.
// Nothing here exists at run time, and nothing here knows of columns or of null.
import type { IsAny } from './nulls.ts'
import type {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Timestamp,
  YearMonthInterval,
} from './values.ts'

export type NumberLike = number | bigint | Decimal
export type MomentLike = Timestamp | LocalDate | LocalDateTime
export type Interval = YearMonthInterval | DayTimeInterval | CalendarInterval

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
            : T extends string
              ? string
              : T

/** What is added to a `T`, subtracted from it, or the other side of `%` and of the operators on bits. */
export type Peer<T> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: an untyped column adds to anything
      any
    : T extends NumberLike
      ? NumberLike
      : T extends LocalDate
        ? MomentLike | Interval | NumberLike
        : T extends MomentLike
          ? MomentLike | Interval
          : T extends LocalTime
            ? LocalTime | DayTimeInterval
            : T extends DayTimeInterval
              ? MomentLike | LocalTime | T
              : T extends Interval
                ? MomentLike | T
                : never

/** What a `T` is multiplied with, or divided by. */
export type Factor<T> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: an untyped column multiplies with anything
      any
    : T extends NumberLike
      ? NumberLike | Interval
      : T extends Interval
        ? NumberLike
        : never

type IsWhole<N extends number> = `${N}` extends `${bigint}` ? true : false

/** A BIGINT or DECIMAL beside a `number`, which is INT or DOUBLE: only a literal says which. */
type BesideNumber<Wide, N extends number> = number extends N ? Wide | number : IsWhole<N> extends true ? Wide : number

/** The type that two numbers are computed in. */
export type Numbers<A, B> = A extends bigint
  ? B extends bigint
    ? bigint
    : B extends number
      ? BesideNumber<bigint, B>
      : B extends Decimal
        ? Decimal
        : never
  : A extends number
    ? B extends number
      ? number
      : B extends bigint
        ? BesideNumber<bigint, A>
        : B extends Decimal
          ? BesideNumber<Decimal, A>
          : never
    : A extends Decimal
      ? B extends bigint | Decimal
        ? Decimal
        : B extends number
          ? BesideNumber<Decimal, B>
          : never
      : never

/** A moment, or a time of day, moved by `B`. */
type Moved<A, B> = A extends LocalDate
  ? B extends NumberLike | YearMonthInterval | CalendarInterval
    ? LocalDate
    : // Whole days give a day, hours and less give a moment; the value does not say which the interval has.
      B extends DayTimeInterval
      ? LocalDate | Timestamp
      : never
  : A extends MomentLike
    ? B extends Interval
      ? A
      : never
    : A extends LocalTime
      ? B extends DayTimeInterval
        ? LocalTime
        : never
      : never

/** The type of `a + b`, nulls aside. */
export type Sum<A, B> =
  IsAny<A> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the left side
      any
    : IsAny<B> extends true
      ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the right side
        any
      : A extends NumberLike
        ? B extends NumberLike
          ? Numbers<A, B>
          : Moved<B, A>
        : A extends Interval
          ? B extends Interval
            ? A
            : Moved<B, A>
          : Moved<A, B>

/** The type of `a - b`, nulls aside. */
export type Difference<A, B> =
  IsAny<A> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the left side
      any
    : IsAny<B> extends true
      ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the right side
        any
      : A extends NumberLike
        ? Numbers<A, B>
        : A extends Interval
          ? A
          : B extends MomentLike | LocalTime
            ? DayTimeInterval
            : Moved<A, B>

/** The type of `a * b`, nulls aside. */
export type Product<A, B> =
  IsAny<A> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the left side
      any
    : IsAny<B> extends true
      ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the right side
        any
      : A extends Interval
        ? A
        : B extends Interval
          ? B
          : Numbers<A, B>

/** The type of `a / b`, nulls aside: a double, unless decimals or an interval are divided. */
export type Quotient<A, B> =
  IsAny<A> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the left side
      any
    : IsAny<B> extends true
      ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the right side
        any
      : A extends Interval
        ? A
        : A extends Decimal
          ? Numbers<A, B>
          : B extends Decimal
            ? Numbers<A, B>
            : number

/** The type of the remainder of `a / b`, and of what is computed bit by bit. */
export type Remainder<A, B> =
  IsAny<A> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the left side
      any
    : IsAny<B> extends true
      ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the right side
        any
      : Numbers<A, B>

/** What `sum` makes of values: BIGINT of whole numbers, DOUBLE of others; a `number` does not say which it is. */
export type Total<T> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the values
      any
    : T extends bigint | Decimal | Interval
      ? T
      : T extends string
        ? number
        : T extends number
          ? number | bigint
          : never

/** What `avg` and `median` make of values: DOUBLE of numbers, else a decimal or an interval. */
export type Average<T> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the values
      any
    : T extends Decimal | Interval
      ? T
      : T extends null
        ? never
        : number

/** A literal is of the type of all its like: 0 is a number. */
export type Widened<T> = T extends number ? number : T

/** What becomes of text beside numbers or moments: it is read as one of them. */
type Beside<Others, Text> = [Extract<Others, NumberLike>] extends [never]
  ? [Extract<Others, MomentLike>] extends [never]
    ? Text
    : never
  : bigint | number

/**
 * The type that holds values of all types of the union `U`, of which literal numbers are literal: `bigint | 0` is
 * bigint, for 0 is INT; `bigint | number` may be either, BIGINT or DOUBLE.
 */
export type Common<U, All = U> = IsAny<U> extends true
  ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of one of the values
    any
  : U extends string
    ? Beside<Exclude<All, string>, U>
    : [Extract<All, bigint | Decimal>] extends [never]
      ? Widened<U>
      : U extends number
        ? number extends U
          ? number
          : IsWhole<U> extends true
            ? never
            : number
        : U extends bigint
          ? [Extract<All, Decimal>] extends [never]
            ? U
            : never
          : U

/** The type that a plain value has as a literal: a Date is a TIMESTAMP, a number keeps its value for `Common`. */
export type LiteralOf<T> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the value
      any
    : T extends string
      ? string
      : T extends boolean
        ? boolean
        : T extends bigint
          ? bigint
          : T extends Date
            ? Timestamp
            : T extends readonly (infer E)[]
              ? Widened<LiteralOf<E>>[]
              : T
