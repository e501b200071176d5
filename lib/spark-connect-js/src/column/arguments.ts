// Checks of arguments for programs that no compiler checks: what the server would take for something else, or refuse in
// the words of its protocol, is refused here in the words of the method.

import { describeValue } from '../types/index.ts'
import { ColumnNode, columnNode } from './node.ts'

/** *Errors:* TypeError unless the value is text. */
export const checkText = (method: string, what: string, value: unknown): string => {
  if (typeof value === 'string') return value
  throw new TypeError(`${method}: ${what} is text, not ${describeValue(value)}`)
}

/** A whole number of 32 bits, at least `min`. *Errors:* TypeError. */
export const checkWhole = (method: string, value: unknown, min = 0): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value < 2 ** 31) return value
  throw new TypeError(`${method} takes a whole number from ${min}, not ${describeValue(value)}`)
}

const useMethods = 'a condition is a column: combine conditions by a.and(b), a.or(b) and a.not(), not by && || !'

/** A condition. *Errors:* TypeError for what is none, above all the results of JavaScript's operators. */
export const checkCondition = (method: string, value: unknown): ColumnNode => {
  if (value instanceof ColumnNode) return value
  throw new TypeError(`${method}: ${describeValue(value)} is not a condition; ${useMethods}`)
}

/** The columns of a list of names and columns. *Errors:* TypeError for anything else. */
export const checkColumns = (method: string, items: readonly unknown[]): ColumnNode[] =>
  items.map((item) => {
    if (typeof item === 'string' || item instanceof ColumnNode) return columnNode(item)
    const isOrder = method === 'orderBy' || method === 'sort' || method === 'sortWithinPartitions'
    const hint =
      isOrder && item !== undefined
        ? "order descending by desc('a') or col('a').desc()"
        : "give a name or a column; a plain value is lit(value), a list of names is spread: 'a', 'b'"
    throw new TypeError(`${method}: ${describeValue(item)} is not a column; ${hint}`)
  })
