import { checkText } from '../column/arguments.ts'
import type { Column, LiteralColumn, ValueOfOperand, WhenColumn } from '../column/column.ts'
import {
  asColumn,
  ColumnNode,
  columnNode,
  functionNode,
  isColumn,
  mergeReferences,
  operandNode,
} from '../column/node.ts'
import type { DataFrame, UntypedFrame } from '../dataframe/dataframe.ts'
import { frameOf, isDataFrame } from '../dataframe/frame.ts'
import { callRegistered, literalExpression, namedArgument, sqlExpression } from '../plan/expression.ts'
import { mistake } from '../trace/error-stack.ts'
import type { LiteralOf, Widened } from '../types/arithmetic.ts'
import type { DataType } from '../types/index.ts'
import type { ColumnArg } from './call.ts'

/**
 * A column by name, as SQL reads it: `a`, `a.b` (field b of a, or column b of the frame with alias a),
 * `` `a.b` `` (a column with a dot in its name), `*`. Within a callback `c => …` the checked form is `c.a`.
 */
// biome-ignore lint/suspicious/noExplicitAny: a name says nothing about the type
export const col = <T = any>(name: string): Column<NoInfer<T>> => asColumn(columnNode(checkText('col', 'a name', name)))

/** The same as `col`. */
// biome-ignore lint/suspicious/noExplicitAny: a name says nothing about the type
export const column = <T = any>(name: string): Column<NoInfer<T>> => col<T>(name)

/**
 * A constant. Whole numbers are INT while 32 bits hold them, else BIGINT; other numbers DOUBLE; a bigint is BIGINT;
 * a Date or Timestamp is TIMESTAMP; arrays and Maps become ARRAY and MAP. A type may be given: `lit(null, types.string)`.
 */
export function lit<T>(value: unknown, type: DataType<T>): Column<T>
export function lit<T>(value: Column<T>): Column<T>
export function lit<const N extends number>(value: N): LiteralColumn<N>
export function lit<T>(value: T): Column<Widened<LiteralOf<T>>>
export function lit(value: unknown, type?: DataType): Column<unknown> {
  if (isColumn(value)) return value
  return asColumn(type ? new ColumnNode(literalExpression(value, type)) : operandNode(value))
}

/** A SQL expression: `expr<bigint>("count_if(raw_artist IS NULL)")`. */
// biome-ignore lint/suspicious/noExplicitAny: SQL text says nothing about the type
export const expr = <T = any>(sql: string): Column<NoInfer<T>> =>
  asColumn(new ColumnNode(sqlExpression(checkText('expr', 'SQL', sql))))

/**
 * The first branch of a case distinction: `when(c.plays.gt(100), 'often').when(c.plays.gt(10), 'sometimes').otherwise('rarely')`.
 * *Nulls:* where no condition is true and there is no `otherwise`.
 */
export const when = <const T>(condition: Column<boolean | null>, value: T): WhenColumn<ValueOfOperand<T>> =>
  asColumn(functionNode('when', [condition, value])) as WhenColumn<ValueOfOperand<T>>

/** A function by the name that the catalog has it under, built-in or registered. */
// biome-ignore lint/suspicious/noExplicitAny: the catalog is not known here
export const call_function = <T = any>(name: string, ...columns: ColumnArg[]): Column<NoInfer<T>> => {
  const nodes = columns.map(columnNode)
  const expression = callRegistered(
    name,
    nodes.map((node) => node.expression),
  )
  return asColumn(new ColumnNode(expression, mergeReferences(nodes)))
}

/** A registered function (of the JVM, or of SQL) by name. */
// biome-ignore lint/suspicious/noExplicitAny: the catalog is not known here
export const call_udf = <T = any>(name: string, ...columns: ColumnArg[]): Column<NoInfer<T>> =>
  asColumn(functionNode(name, columns.map(columnNode)))

/** An argument by name, for functions and table-valued functions that take such. */
export const named = (name: string, argument: unknown): Column<unknown> => {
  const node = operandNode(argument)
  return asColumn(new ColumnNode(namedArgument(name, node.expression), node.references))
}

/** Marks a frame as small enough to send to every executor when it is joined. */
export const broadcast = <R>(frame: DataFrame<R>): DataFrame<R> => frame.hint('broadcast')

/** Whether a tuple of columns is among the rows of a frame: SQL's `(a, b) IN (SELECT …)` (Spark 4.1). */
export const isIn = (columns: readonly Column<unknown>[], frame: UntypedFrame): Column<boolean | null> => {
  if (!isDataFrame(frame)) throw mistake('isIn() takes a frame; a list of values goes to column.isin()')
  return asColumn(frameOf(frame).contains(columns.map(operandNode)))
}

/** Ascending, nulls first. */
export const asc = (column: ColumnArg): Column<unknown> => asColumn(columnNode(column).asc())
/** Ascending, nulls first. */
export const asc_nulls_first = (column: ColumnArg): Column<unknown> => asColumn(columnNode(column).asc_nulls_first())
/** Ascending, nulls last. */
export const asc_nulls_last = (column: ColumnArg): Column<unknown> => asColumn(columnNode(column).asc_nulls_last())
/** Descending, nulls last. */
export const desc = (column: ColumnArg): Column<unknown> => asColumn(columnNode(column).desc())
/** Descending, nulls first. */
export const desc_nulls_first = (column: ColumnArg): Column<unknown> => asColumn(columnNode(column).desc_nulls_first())
/** Descending, nulls last. */
export const desc_nulls_last = (column: ColumnArg): Column<unknown> => asColumn(columnNode(column).desc_nulls_last())
