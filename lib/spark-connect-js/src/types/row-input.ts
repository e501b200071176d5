import type { IsAny } from './nulls.ts'
import type { SingleValue } from './numbered.ts'
import type { Decimal, LocalDate, Timestamp } from './values.ts'

/** One row of which only the server knows the types: an object by column name or an array by position. */
export type LocalRow = Readonly<Record<string, unknown>> | readonly unknown[]

/** What `createDataFrame` takes for a value that rows give back as `T`. */
export type ValueInput<T> =
  IsAny<T> extends true
    ? T
    : T extends bigint
      ? bigint | number
      : T extends Decimal
        ? Decimal | string | number | bigint
        : T extends LocalDate | Timestamp
          ? T | Date
          : T extends SingleValue
            ? T
            : T extends readonly (infer E)[]
              ? readonly ValueInput<E>[] | TypedArrayOf<E>
              : T extends ReadonlyMap<infer K, infer V>
                ? ReadonlyMap<ValueInput<K>, ValueInput<V>>
                : T extends object
                  ? RecordInput<T> | readonly unknown[]
                  : T extends null
                    ? null | undefined
                    : T

type TypedArrayOf<E> = [E] extends [number | null]
  ? Int8Array | Int16Array | Int32Array | Float32Array | Float64Array
  : [E] extends [bigint | null]
    ? BigInt64Array
    : never

type Nullable<R> = { [K in keyof R]: null extends R[K] ? K : never }[keyof R]

/**
 * A record by name. What may be null may be left out; other names are refused. Where all of them may be left out it is one
 * type and not an intersection: the compiler would take arrays, dates and plain values for a record of no fields.
 */
type RecordInput<R> = [Exclude<keyof R, Nullable<R>>] extends [never]
  ? { readonly [K in keyof R]?: ValueInput<R[K]> }
  : { readonly [K in Exclude<keyof R, Nullable<R>>]: ValueInput<R[K]> } & {
      readonly [K in Nullable<R>]?: ValueInput<R[K]>
    }

/** The last of a union; which one that is does not matter here. */
type LastOf<U> = (U extends unknown ? (f: () => U) => void : never) extends (f: infer F) => void
  ? F extends () => infer L
    ? L
    : never
  : never

/** As many values as there are columns. The order of columns is not in a row type, so each may be any column's value. */
type TupleInput<K, V, T extends readonly V[] = []> = [K] extends [never]
  ? Readonly<T>
  : TupleInput<Exclude<K, LastOf<K>>, V, [...T, V]>

/** One row for a schema of rows `R`: an object by column name, or an array with a value for each column. */
export type RowInput<R> =
  IsAny<R> extends true
    ? LocalRow
    : unknown extends R
      ? LocalRow
      : RecordInput<R> | TupleInput<keyof R, ValueInput<R[keyof R]>>

/** Rows at hand, or as they come. The iterable is not an array, so that arrays are checked as such, name by name. */
export type RowsInput<R> =
  | readonly RowInput<R>[]
  | (Iterable<RowInput<R>> & { readonly length?: never })
  | AsyncIterable<RowInput<R>>

/** What a column of a schema that rows tell gives back for a value of type `T`; undefined is null. */
export type Inferred<T> =
  IsAny<T> extends true
    ? T
    : T extends undefined
      ? null
      : T extends number
        ? number
        : T extends string
          ? string
          : T extends boolean
            ? boolean
            : T extends Date
              ? Timestamp
              : T extends Int8Array | Int16Array | Int32Array | Float32Array | Float64Array
                ? number[]
                : T extends BigInt64Array
                  ? bigint[]
                  : T extends SingleValue
                    ? T
                    : T extends readonly (infer E)[]
                      ? Inferred<E>[]
                      : T extends ReadonlyMap<infer K, infer V>
                        ? Map<Inferred<K>, Inferred<V>>
                        : T extends object
                          ? InferredRow<T>
                          : T

/** The rows of a frame whose schema the rows tell; what may be left out may be null, and arrays name no columns. */
export type InferredRow<R> =
  IsAny<R> extends true
    ? R
    : R extends readonly unknown[]
      ? // biome-ignore lint/suspicious/noExplicitAny: columns are named _1, _2, …
        any
      : { -readonly [K in keyof R]-?: Inferred<R[K]> }

/** Rows that tell their schema, at hand or as they come. */
export type InferableRows<R> = (Iterable<R> & { readonly BYTES_PER_ELEMENT?: never }) | AsyncIterable<R>
