import type { References } from '../column/window-parts.ts'
import type { Executor } from '../core/executor.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { literalOf } from '../plan/literal.ts'
import { relation } from '../plan/relation.ts'
import { types } from '../types/index.ts'
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

/** The class behind `DataFrameNaFunctions`. */
export class NaFunctions {
  readonly #frame: Statistical

  constructor(frame: Statistical) {
    this.#frame = frame
  }

  fill(value: unknown, subset: readonly string[] = []): UntypedFrame {
    const isRecord = typeof value === 'object' && value !== null
    const cols = isRecord ? Object.keys(value) : [...subset]
    const values = (isRecord ? Object.values(value) : [value]).map(fillerLiteral)
    const input = this.#frame.relation
    return this.#frame.derive((planId) => relation(planId, { case: 'fillNa', value: { input, cols, values } }))
  }

  drop(how: 'any' | 'all' = 'any', options: { subset?: readonly string[]; thresh?: number } = {}): UntypedFrame {
    const minNonNulls = options.thresh ?? (how === 'all' ? 1 : undefined)
    const value = {
      input: this.#frame.relation,
      cols: [...(options.subset ?? [])],
      ...(minNonNulls !== undefined && { minNonNulls }),
    }
    return this.#frame.derive((planId) => relation(planId, { case: 'dropNa', value }))
  }

  replace(
    replacements: ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>>,
    subset: readonly string[] = [],
  ): UntypedFrame {
    const pairs = replacements instanceof Map ? [...replacements] : Object.entries(replacements)
    const value = {
      input: this.#frame.relation,
      cols: [...subset],
      replacements: pairs.map(([from, to]) => ({
        oldValue: replacementLiteral(from),
        newValue: replacementLiteral(to),
      })),
    }
    return this.#frame.derive((planId) => relation(planId, { case: 'replace', value }))
  }
}
