import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import {
  alias,
  call,
  cast,
  columnNamed,
  type Direction,
  type Expression,
  extract,
  literalExpression,
  type Nulls as NullOrder,
  over,
  sortOrder,
  subquery,
  updateField,
} from '../plan/expression.ts'
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
import type { ColumnWindow, References } from './window-parts.ts'

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
  negate<V>(this: Column<V>): Column<V>
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
  ): Column<V>

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

const none: References = new Map()

/** All relations that some columns read. */
export const mergeReferences = (columns: readonly { readonly references: References }[]): References => {
  const used = columns.filter((column) => column.references.size > 0)
  if (used.length < 2) return used[0]?.references ?? none
  return new Map(used.flatMap((column) => [...column.references]))
}

/** The class behind `Column`: the message and the relations that it refers to. It knows no types of values. */
export class ColumnNode {
  readonly expression: Expression
  readonly references: References

  constructor(expression: Expression, references: References = none) {
    this.expression = expression
    this.references = references
  }

  #with(make: (...args: Expression[]) => Expression, ...others: unknown[]): ColumnNode {
    const operands = others.map(operandNode)
    const expression = make(this.expression, ...operands.map((operand) => operand.expression))
    return new ColumnNode(expression, mergeReferences([this, ...operands]))
  }

  #call(name: string, ...others: unknown[]): ColumnNode {
    return this.#with((...args) => call(name, args), ...others)
  }

  eq(other: unknown) {
    return this.#call('=', other)
  }
  neq(other: unknown) {
    return this.eq(other).not()
  }
  eqNullSafe(other: unknown) {
    return this.#call('<=>', other)
  }
  lt(other: unknown) {
    return this.#call('<', other)
  }
  leq(other: unknown) {
    return this.#call('<=', other)
  }
  gt(other: unknown) {
    return this.#call('>', other)
  }
  geq(other: unknown) {
    return this.#call('>=', other)
  }
  between(lower: unknown, upper: unknown) {
    return this.geq(lower).and(this.leq(upper))
  }
  isin(...values: unknown[]) {
    const [first] = values
    if (typeof first === 'object' && first !== null && 'relation' in first) {
      const node = subqueryNode('in', first.relation as Relation, { values: [this.expression] })
      return new ColumnNode(node.expression, mergeReferences([node, this]))
    }
    return this.#call('in', ...values.flat())
  }

  and(other: unknown) {
    return this.#call('and', other)
  }
  or(other: unknown) {
    return this.#call('or', other)
  }
  not() {
    return this.#call('!')
  }

  plus(other: unknown) {
    return this.#call('+', other)
  }
  minus(other: unknown) {
    return this.#call('-', other)
  }
  multiply(other: unknown) {
    return this.#call('*', other)
  }
  divide(other: unknown) {
    return this.#call('/', other)
  }
  mod(other: unknown) {
    return this.#call('%', other)
  }
  pow(other: unknown) {
    return this.#call('power', other)
  }
  negate() {
    return this.#call('negative')
  }
  bitwiseAND(other: unknown) {
    return this.#call('&', other)
  }
  bitwiseOR(other: unknown) {
    return this.#call('|', other)
  }
  bitwiseXOR(other: unknown) {
    return this.#call('^', other)
  }

  isNull() {
    return this.#call('isNull')
  }
  isNotNull() {
    return this.#call('isNotNull')
  }
  isNaN() {
    return this.#call('isNaN')
  }

  like(pattern: unknown) {
    return this.#call('like', pattern)
  }
  ilike(pattern: unknown) {
    return this.#call('ilike', pattern)
  }
  rlike(pattern: unknown) {
    return this.#call('rlike', pattern)
  }
  contains(part: unknown) {
    return this.#call('contains', part)
  }
  startsWith(prefix: unknown) {
    return this.#call('startswith', prefix)
  }
  endsWith(suffix: unknown) {
    return this.#call('endswith', suffix)
  }
  substr(start: unknown, length: unknown) {
    return this.#call('substr', start, length)
  }

  getItem(key: unknown) {
    return this.#with((child, extraction) => extract(child, extraction!), key)
  }
  getField(name: string) {
    return this.getItem(name)
  }
  withField(name: string, column: ColumnNode) {
    return this.#with((child, item) => updateField(child, name, item), column)
  }
  dropFields(...names: string[]) {
    return names.reduce<ColumnNode>((node, name) => node.#with((child) => updateField(child, name)), this)
  }

  cast(type: DataType | string) {
    return this.#with((child) => cast(child, type))
  }
  try_cast(type: DataType | string) {
    return this.#with((child) => cast(child, type, true))
  }

  when(condition: ColumnNode, branch: unknown) {
    const { exprType } = this.expression
    if (exprType.case !== 'unresolvedFunction' || exprType.value.functionName !== 'when') {
      throw new TypeError('when() follows only when(): when(a, 1).when(b, 2).otherwise(3)')
    }
    if (exprType.value.arguments.length % 2 === 1) throw new TypeError('when() cannot follow otherwise()')
    const [node, branchNode] = [operandNode(condition), operandNode(branch)]
    const args = [...exprType.value.arguments, node.expression, branchNode.expression]
    return new ColumnNode(call('when', args), mergeReferences([this, node, branchNode]))
  }

  otherwise(branch: unknown) {
    const { exprType } = this.expression
    if (exprType.case !== 'unresolvedFunction' || exprType.value.functionName !== 'when') {
      throw new TypeError('otherwise() follows only when()')
    }
    if (exprType.value.arguments.length % 2 === 1) throw new TypeError('otherwise() is there already')
    const node = operandNode(branch)
    return new ColumnNode(call('when', [...exprType.value.arguments, node.expression]), mergeReferences([this, node]))
  }

  over(window: ColumnWindow<string>) {
    const { partitionSpec, orderSpec, frameSpec, references } = window.parts
    return new ColumnNode(
      over(this.expression, partitionSpec, orderSpec, frameSpec),
      mergeReferences([this, { references }]),
    )
  }

  as(...names: string[]) {
    return this.#with((child) => alias(child, names))
  }
  alias(...names: string[]) {
    return this.as(...names)
  }
  withMetadata(name: string, metadata: Readonly<Record<string, unknown>>) {
    return this.#with((child) => alias(child, [name], JSON.stringify(metadata)))
  }

  asc() {
    return this.#sort('asc')
  }
  asc_nulls_first() {
    return this.#sort('asc', 'first')
  }
  asc_nulls_last() {
    return this.#sort('asc', 'last')
  }
  desc() {
    return this.#sort('desc')
  }
  desc_nulls_first() {
    return this.#sort('desc', 'first')
  }
  desc_nulls_last() {
    return this.#sort('desc', 'last')
  }
  #sort(direction: Direction, nulls?: NullOrder) {
    return this.#with((child) => sortOrder(child, direction, nulls))
  }

  transform(step: (column: ColumnNode) => ColumnNode) {
    return step(this)
  }

  /** Over Spark Connect the server finds outer columns by itself; the word only says so to the reader. */
  outer() {
    return this
  }

  $notNull() {
    return this
  }
  $castTo() {
    return this
  }

  toString(): string {
    return `Column<${textOf(this.expression)}>`
  }
}

const textOf = (expression: Expression): string => {
  const { exprType } = expression
  switch (exprType.case) {
    case 'unresolvedAttribute':
      return exprType.value.unparsedIdentifier
    case 'unresolvedFunction':
      return `${exprType.value.functionName}(${exprType.value.arguments.map(textOf).join(', ')})`
    case 'literal':
      return String(exprType.value.literalType.value)
    case 'alias':
      return `${exprType.value.expr ? textOf(exprType.value.expr) : ''} AS ${exprType.value.name.join(', ')}`
    case 'expressionString':
      return exprType.value.expression
    default:
      return exprType.case ?? ''
  }
}

/** The node of a column, or of a plain value as a literal. An array becomes `array(…)`, a Map `map(…)`. */
export const operandNode = (operand: unknown): ColumnNode => {
  if (operand instanceof ColumnNode) return operand
  if (Array.isArray(operand)) return functionNode('array', operand)
  if (operand instanceof Map) return functionNode('map', [...operand].flat())
  return new ColumnNode(literalExpression(operand))
}

/** A call whose arguments are columns or plain values. */
export const functionNode = (
  name: string,
  args: readonly unknown[],
  options?: { readonly isDistinct?: boolean },
): ColumnNode => {
  const nodes = args.map(operandNode)
  return new ColumnNode(
    call(
      name,
      nodes.map((node) => node.expression),
      options,
    ),
    mergeReferences(nodes),
  )
}

/** The node of a column, or of the column that a text names (`*` and `d.*` are stars); other values are literals. */
export const columnNode = (column: unknown): ColumnNode =>
  typeof column === 'string' ? new ColumnNode(columnNamed(column)) : operandNode(column)

/** The column that a node stands for. */
// biome-ignore lint/suspicious/noExplicitAny: the one door between the untyped class and the typed interface
export const asColumn = <T = any>(node: ColumnNode): Column<T> => node as unknown as Column<T>

/** Whether a value is a column. */
export const isColumn = (value: unknown): value is Column<unknown> => value instanceof ColumnNode

/** A subquery as a column. */
export const subqueryNode = (
  kind: Parameters<typeof subquery>[0],
  relation: Relation,
  options?: Parameters<typeof subquery>[2],
): ColumnNode => {
  const planId = relation.common?.planId
  if (planId === undefined) throw new TypeError('a relation without plan id cannot be a subquery')
  return new ColumnNode(subquery(kind, planId, options), new Map([[planId, relation]]))
}
