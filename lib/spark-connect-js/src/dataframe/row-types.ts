// The type level of frames: what row type each operation gives. Nothing here exists at run time.
// Type arguments that would be any are kept any (an untyped frame stays usable), so most rules begin with IsAny.
import type { AggregateColumn, Column, WindowedColumn } from '../column/column.ts'
import type { IsAny } from '../types/nulls.ts'

/**
 * Readable hovers and no nested aliases: `{ a: string } & { b: number }` becomes one object.
 *
 * The condition looks at every property, which makes the compiler work them out here and now. Left for later, a chain
 * of 29 joins was "excessively deep" (TS2589), for the type of a column was found through all the joins before.
 */
export type Simplify<T> = T[keyof T] extends infer _ ? { [K in keyof T]: T[K] } & {} : never

/**
 * The columns of a row type, as the `c => …` callbacks receive them. Those of an untyped frame are any: nothing else lets
 * every name be a column under the compiler's strictest settings (`noUncheckedIndexedAccess`,
 * `noPropertyAccessFromIndexSignature`).
 */
export type Columns<R> = { readonly [K in keyof R]: Column<R[K]> } & UntypedOnly<R>

/** any for any, unknown for all else, which is nothing in an intersection. */
// biome-ignore lint/suspicious/noExplicitAny: see Columns
type UntypedOnly<R> = IsAny<R> extends true ? any : unknown

/** New columns by name. */
export type Named = Readonly<Record<string, Column<unknown>>>

/** A column of a frame with rows `R`; the names in its window are columns of the frame. */
export type Over<R, C> = C & Partial<Omit<WindowedColumn<unknown, NameOf<R>>, keyof Column>>

/** New columns by name, computed from a frame with rows `R`. */
export type NamedOver<R> = Readonly<Record<string, Over<R, Column<unknown>>>>

/** The row type of a record of columns. */
export type RowOf<S extends Named> = { -readonly [K in keyof S]: CellOf<S[K]> }

/** The value of a column; any for a column of an untyped frame. */
// biome-ignore lint/suspicious/noExplicitAny: nothing is known of the column
type CellOf<C> = IsAny<C> extends true ? any : C extends Column<infer T> ? T : never

/** The row type of aggregates of groups, none of which is empty: what is null only of nothing is not null. */
export type GroupRowOf<S extends Named> = {
  -readonly [K in keyof S]: S[K] extends AggregateColumn<infer T> ? T : CellOf<S[K]>
}

/** What a `c => …` callback or the record itself may be given for. */
export type Build<R, S> = S | ((columns: Columns<R>) => S)

/** A name of a column of `R`. For an untyped frame: any text. */
export type NameOf<R> = keyof R & string

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

/** `R` with the columns of `S` added or replaced. Mostly they are new, which costs the compiler half without `Omit`. */
export type Extended<R, S> =
  IsAny<R> extends true
    ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
      any
    : [keyof R & keyof S] extends [never]
      ? Simplify<R & S>
      : Simplify<Omit<R, keyof S> & S>

/** `R` without columns. */
export type Without<R, K extends PropertyKey> = IsAny<R> extends true
  ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
    any
  : Simplify<Omit<R, K>>

/** The structs of an array column. */
type StructsOf<R, K extends keyof R> = NonNullable<R[K]> extends readonly (infer S)[] ? NonNullable<S> : never

/** `R` with the fields of the structs of an array column in the place of it. */
export type Inlined<R, K extends keyof R> = IsAny<R> extends true
  ? // biome-ignore lint/suspicious/noExplicitAny: see IsAny
    any
  : Simplify<Omit<R, K> & StructsOf<R, K>>

/** The name of an array column whose structs have no field of the name of a column that is there. */
export type InlineName<R, K extends keyof R> = IsAny<R> extends true
  ? K
  : [keyof StructsOf<R, K> & keyof R] extends [never]
    ? K
    : FrameTypeError<`the structs have a field '${keyof StructsOf<R, K> & keyof R & string}', and so has the frame`>

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
