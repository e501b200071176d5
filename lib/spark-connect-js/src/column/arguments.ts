// Checks of arguments for programs that no compiler checks: what the server would take for something else, or refuse in
// the words of its protocol, is refused here in the words of the method.

import { mistake } from '../trace/error-stack.ts'
import { describeValue } from '../types/index.ts'
import { conditionsMade, lostInCall, lostSince } from './lost-conditions.ts'
import { ColumnNode, columnNode } from './node.ts'

/** *Errors:* TypeError unless the value is text. */
export const checkText = (method: string, what: string, value: unknown): string => {
  if (typeof value === 'string') return value
  throw mistake(`${method}: ${what} is text, not ${describeValue(value)}`)
}

/** *Errors:* TypeError unless the value is a list; `what` names it, for example `the weights`. */
export const checkList = <T>(method: string, what: string, value: readonly T[]): readonly T[] => {
  if (Array.isArray(value)) return value
  throw mistake(`${method}: ${what} are a list, not ${describeValue(value)}`)
}

/** *Errors:* TypeError unless the value is an object, for example `options`. */
export const checkObject = <T extends object>(method: string, what: string, value: T): T => {
  if (typeof value === 'object' && value !== null) return value
  throw mistake(`${method}: ${what}, not ${describeValue(value)}`)
}

/** A number that is not negative. *Errors:* TypeError. */
export const checkFraction = (method: string, what: string, value: unknown): number => {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value
  throw mistake(`${method}: ${what} is a number from 0, not ${describeValue(value)}`)
}

/** A whole number of 32 bits, at least `min`. *Errors:* TypeError. */
export const checkWhole = (method: string, value: unknown, min = 0): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value < 2 ** 31) return value
  throw mistake(`${method} takes a whole number from ${min}, not ${describeValue(value)}`)
}

const useMethods = 'a condition is a column: combine conditions by a.and(b), a.or(b) and a.not(), not by && || !'

/** A condition. *Errors:* TypeError for what is none, above all the results of JavaScript's operators. */
export const checkCondition = (method: string, value: unknown): ColumnNode => {
  if (value instanceof ColumnNode) return value
  throw mistake(`${method}: ${describeValue(value)} is not a condition; ${useMethods}`)
}

/**
 * A condition, or the one that a callback makes of columns.
 *
 * *Errors:* as {@link checkCondition}, and for `a && b`, which is `b` alone.
 */
export const conditionOf = (method: string, condition: unknown, ...columns: readonly unknown[]): ColumnNode => {
  const before = conditionsMade()
  const isCallback = typeof condition === 'function'
  const node = checkCondition(method, isCallback ? condition(...columns) : condition)
  const lost = isCallback ? lostSince(before, node) : lostInCall(node)
  if (!lost) return node
  throw mistake(
    `${method}: ${lost} has no effect: in JavaScript, a && b is b alone, and a ? b : c is b; ` +
      'write a.and(b), a.or(b) or when(a, b).otherwise(c)',
  )
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
    throw mistake(`${method}: ${describeValue(item)} is not a column; ${hint}`)
  })
