import { randomInt } from 'node:crypto'
import type { AggregateColumn, Column, ValueOfOperand } from '../column/column.ts'
import { asColumn, ColumnNode, columnNode, functionNode, mergeReferences, operandNode } from '../column/node.ts'
import { call, lambda, lambdaVariable } from '../plan/expression.ts'
import { mistake } from '../trace/error-stack.ts'
import type { Average, Common, Widened } from '../types/arithmetic.ts'
import type {
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Timestamp,
  YearMonthInterval,
} from '../types/index.ts'
import type { IsAny, NullOf } from '../types/nulls.ts'

/** A column argument: a column, or the name of one. */
export type ColumnArg<T = unknown> = Column<T | null> | string

/** A column, the name of one, or a value other than text, where a value of any type is due. */
export type AnyArg = ColumnArg | number | bigint | boolean | Decimal

/** A number argument: a column, the name of one, or a number. */
export type NumberArg = Column<number | bigint | Decimal | null> | string | number | bigint

/** An argument that is summed up: a number, or an interval of one kind. */
export type AmountArg =
  | Column<number | bigint | Decimal | YearMonthInterval | DayTimeInterval | null>
  | string
  | number
  | bigint

/** A text argument: a column of text, or the name of a column. A literal text is `lit('…')`. */
export type TextArg = ColumnArg<string>

/** A date or time argument; text is read as Spark casts it. */
export type MomentArg = Column<Timestamp | LocalDate | LocalDateTime | LocalTime | string | null> | string

/** An argument that is mostly a constant: a value, or a column of it. */
export type ValueArg<T> = Column<T | null> | T

/** Null, if the argument may be null; a column known only by name may. */
export type NullsOf<A> =
  A extends Column<infer T> ? (IsAny<T> extends true ? null : NullOf<T>) : A extends string ? null : never

/** The type of a column argument; any for a column known only by name. */
// biome-ignore lint/suspicious/noExplicitAny: a name says nothing about the type
export type TypeOf<A> = A extends Column<infer T> ? T : A extends string ? any : Widened<A>

/** The same, but a literal number is of the type of its literal. */
// biome-ignore lint/suspicious/noExplicitAny: a name says nothing about the type
export type ExactTypeOf<A> = A extends string ? any : ValueOfOperand<A>

/** The value of a column argument that is there. */
export type PresentTypeOf<A> = NonNullable<ExactTypeOf<A>>

/** The type that holds the values of all arguments, nulls aside. */
export type CommonOf<A> = Common<PresentTypeOf<A>>

/** What `median` makes of an argument: a double, or an interval. */
export type MedianOf<A> = PresentTypeOf<A> extends infer T ? (T extends Decimal ? number : Average<T>) : never

/** What moving a moment gives: a local date and time stays one, all else is a moment. */
export type ClockOf<A> =
  IsAny<PresentTypeOf<A>> extends true ? Untyped : PresentTypeOf<A> extends LocalDateTime ? LocalDateTime : Timestamp

/** The type of a part of a moment or an interval, by the name of the part: seconds have a fraction. */
export type PartOf<F> = F extends string
  ? string extends F
    ? number | Decimal
    : Uppercase<F> extends 'SECOND' | 'SECONDS' | 'SECS' | 'SEC' | 'S'
      ? Decimal
      : number
  : number | Decimal

/** Bytes of bytes, text of all else. */
export type TextOf<A> =
  IsAny<PresentTypeOf<A>> extends true ? Untyped : PresentTypeOf<A> extends Uint8Array ? Uint8Array : string

/** Arrays of arrays, bytes of bytes, text of all else. */
export type SequenceOf<A> =
  IsAny<PresentTypeOf<A>> extends true
    ? Untyped
    : PresentTypeOf<A> extends Uint8Array | readonly unknown[]
      ? PresentTypeOf<A>
      : string

/** The element of an array argument. */
export type ElementOf<A> =
  // biome-ignore lint/suspicious/noExplicitAny: a name says nothing about the type
  A extends Column<infer T> ? (0 extends 1 & T ? any : NonNullable<T> extends readonly (infer E)[] ? E : any) : any

/** The key of a map argument. */
// biome-ignore lint/suspicious/noExplicitAny: a name says nothing about the type
export type KeyOf<A> = TypeOf<A> extends ReadonlyMap<infer K, unknown> | null ? K : any

/** The value of a map argument, or the element of an array argument. */
export type ItemOf<A> = TypeOf<A> extends ReadonlyMap<unknown, infer V> | null ? V : ElementOf<A>

/** What depends on names or values, which only Spark knows. */
// biome-ignore lint/suspicious/noExplicitAny: it may be used as anything
export type Untyped = any

/** A call, whose result the callers declare. */
// biome-ignore lint/suspicious/noExplicitAny: the callers declare their results
const made = (node: ColumnNode): AggregateColumn<any> => asColumn(node) as AggregateColumn<any>

/** A call with column arguments: text names a column, other values are literals; undefined ones are left out. */
// biome-ignore lint/suspicious/noExplicitAny: the callers declare their results
export const fn = (name: string, args: readonly unknown[]): AggregateColumn<any> =>
  made(functionNode(name, args.filter((arg) => arg !== undefined).map(columnNode)))

/** The same with DISTINCT. */
// biome-ignore lint/suspicious/noExplicitAny: the callers declare their results
export const distinctFn = (name: string, args: readonly unknown[]): AggregateColumn<any> =>
  made(functionNode(name, args.filter((arg) => arg !== undefined).map(columnNode), { isDistinct: true }))

/** An argument where text is meant as text. */
export const value = (arg: unknown): ColumnNode | undefined => (arg === undefined ? undefined : operandNode(arg))

/** Options of a format as the map that Spark's functions take. */
export const optionMap = (options: Readonly<Record<string, string>> | undefined): ColumnNode | undefined =>
  options === undefined ? undefined : functionNode('map', Object.entries(options).flat())

let lambdas = 0

/**
 * A lambda for a higher-order function. Its variables get names that are used once in a process, because Spark
 * resolves nested lambdas by name.
 */
// biome-ignore lint/suspicious/noExplicitAny: the callers declare the types of the variables
export const lambdaOf = (body: (...variables: any[]) => unknown, least = 1): ColumnNode => {
  const count = Math.max(body.length, least)
  if (count > 3) throw mistake(`a lambda takes at most three arguments, not ${count}`)
  lambdas += 1
  const names = ['x', 'y', 'z'].slice(0, count).map((letter) => `${letter}_${lambdas}`)
  const result = operandNode(body(...names.map((name) => asColumn(new ColumnNode(lambdaVariable(name))))))
  return new ColumnNode(lambda(result.expression, names), result.references)
}

/** A function that Spark does not list in its catalog. */
// biome-ignore lint/suspicious/noExplicitAny: the callers declare their results
export const internalFn = (name: string, args: readonly unknown[]): AggregateColumn<any> => {
  const nodes = args.filter((arg) => arg !== undefined).map(columnNode)
  const expressions = nodes.map((node) => node.expression)
  return made(new ColumnNode(call(name, expressions, { isInternal: true }), mergeReferences(nodes)))
}

/** A seed for what is random where none is given. */
export const anySeed = (): bigint => BigInt(randomInt(2 ** 47))
