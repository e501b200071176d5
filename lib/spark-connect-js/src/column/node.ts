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
import { mistake } from '../trace/error-stack.ts'
import { type DataType, describeValue } from '../types/index.ts'
import type { Column } from './column.ts'
import { noteCondition } from './lost-conditions.ts'
import type { ColumnWindow, References } from './window-parts.ts'

const none: References = new Map()

/** All relations that some columns read. */
export const mergeReferences = (columns: readonly { readonly references: References }[]): References => {
  const used = columns.filter((column) => column.references.size > 0)
  if (used.length < 2) return used[0]?.references ?? none
  return new Map(used.flatMap((column) => [...column.references]))
}

/** The class behind `Column`: the message and the relations that it refers to. It knows no types of values. */
export class ColumnNode {
  readonly #expression: Expression
  readonly references: References
  #isUsed = false

  constructor(expression: Expression, references: References = none) {
    this.#expression = expression
    this.references = references
  }

  get expression(): Expression {
    this.#isUsed = true
    return this.#expression
  }

  /** Whether this has become part of another column or of a frame. */
  get isUsed(): boolean {
    return this.#isUsed
  }

  /** File and line of the program that made this, or ''. */
  get callSite(): string {
    const made = this.#expression.common?.origin?.function
    return made?.case === 'pythonOrigin' ? made.value.callSite : ''
  }

  #with(make: (...args: Expression[]) => Expression, ...others: unknown[]): ColumnNode {
    if (others.includes(undefined)) throw mistake('undefined is not a column or a value; NULL is null')
    const operands = others.map(operandNode)
    const expression = make(this.expression, ...operands.map((operand) => operand.expression))
    return new ColumnNode(expression, mergeReferences([this, ...operands]))
  }

  #call(name: string, ...others: unknown[]): ColumnNode {
    return this.#with((...args) => call(name, args), ...others)
  }

  #condition(name: string, ...others: unknown[]): ColumnNode {
    return noteCondition(this.#call(name, ...others))
  }

  eq(other: unknown) {
    return this.#condition('=', other)
  }
  neq(other: unknown) {
    return this.eq(other).not()
  }
  eqNullSafe(other: unknown) {
    return this.#condition('<=>', other)
  }
  lt(other: unknown) {
    return this.#condition('<', other)
  }
  leq(other: unknown) {
    return this.#condition('<=', other)
  }
  gt(other: unknown) {
    return this.#condition('>', other)
  }
  geq(other: unknown) {
    return this.#condition('>=', other)
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
    return this.#condition('in', ...values.flat())
  }

  and(other: unknown) {
    return this.#condition('and', other)
  }
  or(other: unknown) {
    return this.#condition('or', other)
  }
  not() {
    return this.#condition('!')
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
    return this.#condition('isNull')
  }
  isNotNull() {
    return this.#condition('isNotNull')
  }
  isNaN() {
    return this.#condition('isNaN')
  }

  like(pattern: unknown) {
    return this.#condition('like', pattern)
  }
  ilike(pattern: unknown) {
    return this.#condition('ilike', pattern)
  }
  rlike(pattern: unknown) {
    return this.#condition('rlike', pattern)
  }
  contains(part: unknown) {
    return this.#condition('contains', part)
  }
  startsWith(prefix: unknown) {
    return this.#condition('startswith', prefix)
  }
  endsWith(suffix: unknown) {
    return this.#condition('endswith', suffix)
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
      throw mistake('when() follows only when(): when(a, 1).when(b, 2).otherwise(3)')
    }
    if (exprType.value.arguments.length % 2 === 1) throw mistake('when() cannot follow otherwise()')
    const [node, branchNode] = [operandNode(condition), operandNode(branch)]
    const args = [...exprType.value.arguments, node.expression, branchNode.expression]
    return new ColumnNode(call('when', args), mergeReferences([this, node, branchNode]))
  }

  otherwise(branch: unknown) {
    const { exprType } = this.expression
    if (exprType.case !== 'unresolvedFunction' || exprType.value.functionName !== 'when') {
      throw mistake('otherwise() follows only when()')
    }
    if (exprType.value.arguments.length % 2 === 1) throw mistake('otherwise() is there already')
    const node = operandNode(branch)
    return new ColumnNode(call('when', [...exprType.value.arguments, node.expression]), mergeReferences([this, node]))
  }

  over(window: ColumnWindow<string>) {
    if (!window?.parts) throw mistake("over() takes a window: Window.partitionBy('a').orderBy('b')")
    const { partitionSpec, orderSpec, frameSpec, references } = window.parts
    return new ColumnNode(
      over(this.expression, partitionSpec, orderSpec, frameSpec),
      mergeReferences([this, { references }]),
    )
  }

  as(...names: string[]) {
    if (names.length === 0) throw mistake('alias: a name is missing')
    for (const name of names)
      if (typeof name !== 'string') throw mistake(`alias: a name is text, not ${describeValue(name)}`)
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
    return `Column<${textOf(this.#expression)}>`
  }

  /** *Errors:* TypeError for JavaScript's operators: without it `col('id') > 1` would just be false. */
  [Symbol.toPrimitive](hint: 'string' | 'number' | 'default'): string {
    if (hint === 'string') return this.toString()
    throw mistake(
      `${this} has no value in JavaScript, so operators (> + - == …) do not apply; use its methods: ` +
        'a.gt(1), a.plus(b), a.eq(b), a.and(b), a.not()',
    )
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
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
      return exprType.value.literalType.case === 'null' ? 'NULL' : String(exprType.value.literalType.value)
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
  // A hole of a sparse array is null, as elsewhere; map() would leave it a hole.
  const nodes = Array.from(args, (arg) => operandNode(arg))
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
// biome-ignore lint/suspicious/noExplicitAny: the one bridge between the untyped class and the typed interface
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
  if (planId === undefined) throw mistake('a relation without plan id cannot be a subquery')
  return new ColumnNode(subquery(kind, planId, options), new Map([[planId, relation]]))
}
