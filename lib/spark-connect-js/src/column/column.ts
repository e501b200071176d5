import type {
  Common,
  Comparable,
  Difference,
  Factor,
  LiteralOf,
  Peer,
  Product,
  Quotient,
  Remainder,
  Sum,
  Widened,
} from '../types/arithmetic.ts'
import type { DataType } from '../types/index.ts'
import type { IsAny, NullOf } from '../types/nulls.ts'
import type { SqlType, SqlTypes } from '../types/sql-types.ts'
import type { ColumnWindow } from './window-parts.ts'

declare const value: unique symbol
declare const literal: unique symbol
declare const branches: unique symbol
declare const ofGroup: unique symbol
declare const windowNames: unique symbol

/** Marks a frame by its rows. */
export declare const row: unique symbol

/** What a frame is to a column: rows of type `R`. Invariant, so that a wrong frame is reported by its rows. */
export interface FrameOf<in out R> {
  readonly [row]: (r: R) => R
}

/**
 * The column of a literal number. Beside a BIGINT or a DECIMAL the literal 0 is one as well, where any other `number`
 * may be a DOUBLE.
 */
export type LiteralColumn<N> = Column<Widened<N>> & { readonly [literal]: N }

/** A case distinction that is still open, null where no condition holds; its branches so far have the types `B`. */
export type WhenColumn<B> = Column<Joint<B> | null> & { readonly [branches]: B }

/**
 * An aggregate of values of type `T`: null of nothing. A group has rows, so within `groupBy(…).agg(…)` the aggregate is
 * a `T`; elsewhere, and once it is computed with, it is a `Column<T | null>`, see `$notNull()`.
 */
export type AggregateColumn<T> = Column<T | null> & { readonly [ofGroup]: T }

/** A column over a window that names the columns `N`. */
export type WindowedColumn<T, N> = Column<T> & { readonly [windowNames]: N }

/** A name as a row type lists it; names that are only known at run time, and paths into structs, are not checked. */
type PlainName<N extends string> = string extends N
  ? never
  : N extends `${string}${'.' | '`' | '*'}${string}`
    ? never
    : N

/** The value of an operand: a column's, or the one that a plain value has as a literal. Literal numbers stay literal. */
export type ValueOfOperand<O> = O extends { readonly [literal]: infer L }
  ? L
  : O extends Column<infer T>
    ? T
    : LiteralOf<O>

/** Null in, null out: null if any of the operands may be null. */
type Nulls<T, O = never> = NullOf<T> | NullOf<ValueOfOperand<O>>

/** The other side of a comparison: a column or a value. */
export type Operand<T> = Column<Comparable<NonNullable<T>> | null> | Comparable<NonNullable<T>>

/** The other side of an addition or subtraction. */
export type ArithmeticOperand<T> = Column<Peer<NonNullable<T>> | null> | Peer<NonNullable<T>>

/** The other side of a multiplication or division. */
export type FactorOperand<T> = Column<Factor<NonNullable<T>> | null> | Factor<NonNullable<T>>

/** The value of an operand that is there. */
type Other<O> = NonNullable<ValueOfOperand<O>>

/** The type that holds values of all types of a union, null among them; its literal numbers are widened. */
export type Joint<B> = Common<NonNullable<B>> | NullOf<B>

/** The element of an array, map or struct column; unknown where the type does not say. */
export type ItemOf<T, K> =
  IsAny<T> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the column
      any
    : NonNullable<T> extends readonly (infer E)[]
      ? E | null
      : NonNullable<T> extends ReadonlyMap<unknown, infer V>
        ? V | null
        : K extends keyof NonNullable<T>
          ? NonNullable<T>[K] | NullOf<T>
          : unknown

/** Part of bytes is bytes; part of anything else is text. */
type SubstringOf<V> = V extends Uint8Array | null ? V : string

/**
 * A value computed for each row; `T` is its JavaScript type, null included where it may be null.
 *
 * Columns are immutable descriptions; nothing is computed before an action of a frame. Wherever a column is taken,
 * a plain value is too and becomes a literal.
 * *Nulls:* an operation on null gives null, as in SQL, unless its description says otherwise.
 *
 * Methods take the type from `this`: with conditional types over `T` in them, a Column would not be covariant.
 */
export interface Column<out T = unknown> {
  readonly [value]: T

  /** `=` */
  eq<V, O extends Operand<V>>(this: Column<V>, other: O): Column<boolean | Nulls<V, O>>
  /** `!=` */
  neq<V, O extends Operand<V>>(this: Column<V>, other: O): Column<boolean | Nulls<V, O>>
  /** `<=>`: true if both are null, never null itself. */
  eqNullSafe<V, O extends Operand<V>>(this: Column<V>, other: O | null): Column<boolean>
  lt<V, O extends Operand<V>>(this: Column<V>, other: O): Column<boolean | Nulls<V, O>>
  leq<V, O extends Operand<V>>(this: Column<V>, other: O): Column<boolean | Nulls<V, O>>
  gt<V, O extends Operand<V>>(this: Column<V>, other: O): Column<boolean | Nulls<V, O>>
  geq<V, O extends Operand<V>>(this: Column<V>, other: O): Column<boolean | Nulls<V, O>>
  /** `lower <= this AND this <= upper` */
  between<V, A extends Operand<V>, B extends Operand<V>>(
    this: Column<V>,
    lower: A,
    upper: B,
  ): Column<boolean | Nulls<V, A> | Nulls<V, B>>
  /** Whether the value is among the rows of a frame of one column (Spark 4.1). */
  // biome-ignore lint/suspicious/noExplicitAny: a frame of any rows
  isin<V>(this: Column<V>, frame: FrameOf<any>): Column<boolean | null>
  /** Whether the value is one of these. *Nulls:* null if it is null, or if nothing matches and a null is listed. */
  isin<V, O extends Operand<V>>(
    this: Column<V>,
    ...values: readonly (O | readonly O[])[]
  ): Column<boolean | Nulls<V, O>>

  and<V, O extends Column<boolean | null> | boolean>(this: Column<V>, other: O): Column<boolean | Nulls<V, O>>
  or<V, O extends Column<boolean | null> | boolean>(this: Column<V>, other: O): Column<boolean | Nulls<V, O>>
  /** `NOT` */
  not<V>(this: Column<V>): Column<boolean | NullOf<V>>

  plus<V, const O extends ArithmeticOperand<V>>(
    this: Column<V>,
    other: O,
  ): Column<Sum<NonNullable<V>, Other<O>> | Nulls<V, O>>
  minus<V, const O extends ArithmeticOperand<V>>(
    this: Column<V>,
    other: O,
  ): Column<Difference<NonNullable<V>, Other<O>> | Nulls<V, O>>
  multiply<V, const O extends FactorOperand<V>>(
    this: Column<V>,
    other: O,
  ): Column<Product<NonNullable<V>, Other<O>> | Nulls<V, O>>
  /** `/`: the result is a double unless decimals are divided. *Errors:* by zero, unless ANSI mode is off. */
  divide<V, const O extends FactorOperand<V>>(
    this: Column<V>,
    other: O,
  ): Column<Quotient<NonNullable<V>, Other<O>> | Nulls<V, O>>
  /** `%`, with the sign of the left side. */
  mod<V, const O extends ArithmeticOperand<V>>(
    this: Column<V>,
    other: O,
  ): Column<Remainder<NonNullable<V>, Other<O>> | Nulls<V, O>>
  pow<V, const O extends ArithmeticOperand<V>>(this: Column<V>, other: O): Column<number | Nulls<V, O>>
  negate<V>(this: Column<V>): Column<V extends string ? number : V>
  bitwiseAND<V, const O extends ArithmeticOperand<V>>(
    this: Column<V>,
    other: O,
  ): Column<Remainder<NonNullable<V>, Other<O>> | Nulls<V, O>>
  bitwiseOR<V, const O extends ArithmeticOperand<V>>(
    this: Column<V>,
    other: O,
  ): Column<Remainder<NonNullable<V>, Other<O>> | Nulls<V, O>>
  bitwiseXOR<V, const O extends ArithmeticOperand<V>>(
    this: Column<V>,
    other: O,
  ): Column<Remainder<NonNullable<V>, Other<O>> | Nulls<V, O>>

  isNull(): Column<boolean>
  isNotNull(): Column<boolean>
  isNaN(): Column<boolean>

  /** SQL's LIKE: `_` one character, `%` any number. */
  like<V>(this: Column<V>, pattern: string): Column<boolean | NullOf<V>>
  /** LIKE without regard to upper and lower case. */
  ilike<V>(this: Column<V>, pattern: string): Column<boolean | NullOf<V>>
  /** Whether a Java regular expression matches anywhere. */
  rlike<V>(this: Column<V>, pattern: string): Column<boolean | NullOf<V>>
  contains<V, O extends Operand<V>>(this: Column<V>, part: O): Column<boolean | Nulls<V, O>>
  startsWith<V, O extends Operand<V>>(this: Column<V>, prefix: O): Column<boolean | Nulls<V, O>>
  endsWith<V, O extends Operand<V>>(this: Column<V>, suffix: O): Column<boolean | Nulls<V, O>>
  /** Characters from a position that counts from 1; negative counts from the end. */
  substr<V>(
    this: Column<V>,
    start: number | Column<number | bigint | null>,
    length: number | Column<number | bigint | null>,
  ): Column<SubstringOf<V>>

  /** Item of an array (from 0) or of a map by its key. *Nulls:* where it is not there, or an error in ANSI mode. */
  getItem<V, const K>(this: Column<V>, key: K | Column<K>): Column<ItemOf<V, K>>
  /** Field of a struct. */
  getField<V, const K extends string>(this: Column<V>, name: K): Column<ItemOf<V, K>>
  /** The struct with a field set; dots reach into nested structs. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the result depends on a path; $castTo it
  withField(name: string, column: Column<unknown>): Column<any>
  /** The struct without some fields. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the result depends on paths; $castTo it
  dropFields(...names: string[]): Column<any>

  /** The value as another type. *Errors:* at run time where it does not convert, unless ANSI mode is off (then null). */
  cast<V, D>(this: Column<V>, type: DataType<D>): Column<D | NullOf<V>>
  cast<V, N extends keyof SqlTypes>(this: Column<V>, type: N): Column<SqlTypes[N] | NullOf<V>>
  cast<V, const N extends string>(this: Column<V>, type: N): Column<SqlType<N> | NullOf<V>>
  /** With a type of one's own choice for what the text does not say: `cast<Map<string, number>>('map<string, int>')`. */
  cast<U>(type: string): Column<NoInfer<U>>
  /** The value as another type. *Nulls:* where it does not convert. */
  try_cast<D>(type: DataType<D>): Column<D | null>
  try_cast<N extends keyof SqlTypes>(type: N): Column<SqlTypes[N] | null>
  try_cast<const N extends string>(type: N): Column<SqlType<N> | null>

  /** Another branch of `when(…)`. */
  when<V, const O, B = V>(
    this: Column<V> & { readonly [branches]?: B },
    condition: Column<boolean | null>,
    value: O,
  ): WhenColumn<B | ValueOfOperand<O>>
  /** The last branch of `when(…)`; without it the value is null where no condition holds. */
  otherwise<V, const O, B = V>(
    this: Column<V> & { readonly [branches]?: B },
    value: O,
  ): Column<Joint<B | ValueOfOperand<O>>>

  /** The value over a window of rows around this one. */
  over<V, N extends string>(this: Column<V>, window: ColumnWindow<N>): WindowedColumn<V, PlainName<N>>

  /** The column under another name; several names for functions that make several columns. */
  as<V>(this: Column<V>, name: string, ...more: string[]): Column<V>
  alias<V>(this: Column<V>, name: string, ...more: string[]): Column<V>
  /** The column under another name, with metadata for the schema. */
  withMetadata<V>(this: Column<V>, name: string, metadata: Readonly<Record<string, unknown>>): Column<V>

  /** Ascending, nulls first. */
  asc<V>(this: Column<V>): Column<V>
  asc_nulls_first<V>(this: Column<V>): Column<V>
  asc_nulls_last<V>(this: Column<V>): Column<V>
  /** Descending, nulls last. */
  desc<V>(this: Column<V>): Column<V>
  desc_nulls_first<V>(this: Column<V>): Column<V>
  desc_nulls_last<V>(this: Column<V>): Column<V>

  /** Applies a function to the column: `c.name.transform(clean)`. */
  transform<V, U>(this: Column<V>, step: (column: Column<V>) => Column<U>): Column<U>

  /** Says that a column within a subquery belongs to the query around it. Name it by that frame's alias: `col('p.id').outer()`. */
  outer<V>(this: Column<V>): Column<V>

  /** Escape hatch: the same column, of which you know that it is never null; unchecked. */
  $notNull<V>(this: Column<V>): Column<NonNullable<V>>
  /** Escape hatch: the same column, its type replaced unchecked. */
  $castTo<U>(): Column<U>

  /** The column as SQL-like text, for messages. */
  toString(): string
}
