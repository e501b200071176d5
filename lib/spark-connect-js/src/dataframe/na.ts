import { checkObject, checkText } from '../column/arguments.ts'
import type { References } from '../column/window-parts.ts'
import type { Executor } from '../core/executor.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { literalOf } from '../plan/literal.ts'
import { relation } from '../plan/relation.ts'
import { mistake } from '../trace/error-stack.ts'
import { describeValue, types } from '../types/index.ts'
import type { UntypedFrame } from './dataframe.ts'

/** What these functions need of their frame. */
export interface Statistical {
  readonly executor: Executor
  readonly relation: Relation
  derive(make: (planId: bigint) => Relation, columns?: readonly { readonly references: References }[]): UntypedFrame
}

/** PySpark sends whole numbers as BIGINT here, so that they fill columns of every number type. */
const fillerLiteral = (value: unknown) => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return literalOf(value)
  return literalOf(value, typeof value === 'bigint' || Number.isSafeInteger(value) ? types.long : types.double)
}

/** Replacements of numbers are doubles, as PySpark sends them; Spark casts them to the column's type. */
const replacementLiteral = (value: unknown) =>
  typeof value === 'number' ? literalOf(value, types.double) : literalOf(value)

const kindOf = (value: unknown): string => (typeof value === 'bigint' ? 'number' : typeof value)

/** *Errors:* TypeError unless both are of one kind; Spark refuses `'1'` for 10, or takes one for the other. */
const checkPair = (from: unknown, to: unknown): void => {
  if (from === null || to === null || kindOf(from) === kindOf(to)) return
  const hint = typeof from === 'string' ? '; names of a record are text, numbers take a Map: new Map([[1, 10]])' : ''
  throw mistake(`replace: ${describeValue(from)} cannot become ${describeValue(to)}${hint}`)
}

type Subset = string | readonly string[] | { readonly subset: string | readonly string[] }

interface DropOptions {
  readonly how?: 'any' | 'all'
  readonly subset?: string | readonly string[]
  readonly thresh?: number
}

const namesOf = (method: string, subset: Subset): string[] => {
  const isOptions = typeof subset === 'object' && subset !== null && !Array.isArray(subset) && 'subset' in subset
  const names = isOptions ? subset.subset : subset
  if (typeof names === 'string') return [names]
  if (Array.isArray(names)) return names.map((name) => checkText(method, 'a name', name))
  throw mistake(`${method}: the subset is a list of names, not ${describeValue(names)}`)
}

/** The class behind `DataFrameNaFunctions`. */
export class NaFunctions {
  readonly #frame: Statistical

  constructor(frame: Statistical) {
    this.#frame = frame
  }

  fill(value: unknown, subset: Subset = []): UntypedFrame {
    const isRecord = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
    if (!isRecord && !['string', 'boolean', 'number', 'bigint'].includes(typeof value)) {
      throw mistake(
        `fill takes a number, a text, a boolean or a record of them by column, not ${describeValue(value)}; ` +
          "for other values: withColumn('a', coalesce(c.a, …))",
      )
    }
    const cols = isRecord ? Object.keys(value) : namesOf('fill', subset)
    const values = (isRecord ? Object.values(value) : [value]).map(fillerLiteral)
    const input = this.#frame.relation
    return this.#frame.derive((planId) => relation(planId, { case: 'fillNa', value: { input, cols, values } }))
  }

  drop(how: 'any' | 'all' | DropOptions = 'any', options: DropOptions = {}): UntypedFrame {
    const settings = typeof how === 'object' ? checkObject('drop', "'any', 'all' or options", how) : { how, ...options }
    if (settings.how !== undefined && settings.how !== 'any' && settings.how !== 'all') {
      throw mistake(`drop takes 'any' or 'all', not ${describeValue(settings.how)}`)
    }
    const minNonNulls = settings.thresh ?? (settings.how === 'all' ? 1 : undefined)
    const value = {
      input: this.#frame.relation,
      cols: namesOf('drop', settings.subset ?? []),
      ...(minNonNulls !== undefined && { minNonNulls }),
    }
    return this.#frame.derive((planId) => relation(planId, { case: 'dropNa', value }))
  }

  replace(
    replacements: ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>>,
    subset: Subset = [],
  ): UntypedFrame {
    checkObject('replace', "the replacements are a Map or a record, { 'old': 'new' }", replacements)
    const pairs = replacements instanceof Map ? [...replacements] : Object.entries(replacements)
    for (const [from, to] of pairs) checkPair(from, to)
    const value = {
      input: this.#frame.relation,
      cols: namesOf('replace', subset),
      replacements: pairs.map(([from, to]) => ({
        oldValue: replacementLiteral(from),
        newValue: replacementLiteral(to),
      })),
    }
    return this.#frame.derive((planId) => relation(planId, { case: 'replace', value }))
  }
}
