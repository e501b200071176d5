import { randomInt } from 'node:crypto'
import { checkFraction, checkList, checkText } from '../column/arguments.ts'
import { columnNode } from '../column/node.ts'
import { firstCell } from '../core/execution.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { literalOf } from '../plan/literal.ts'
import { relation } from '../plan/relation.ts'
import { mistake } from '../trace/error-stack.ts'
import { describeValue } from '../types/index.ts'
import type { UntypedFrame } from './dataframe.ts'
import type { Statistical } from './na.ts'

const namesIn = (method: string, names: readonly string[]): string[] =>
  checkList(method, 'the names', names).map((name) => checkText(method, 'a name', name))

/** The class behind `DataFrameStatFunctions`. */
export class StatFunctions {
  readonly #frame: Statistical

  constructor(frame: Statistical) {
    this.#frame = frame
  }

  #wrap(relType: Parameters<typeof relation>[1]): UntypedFrame {
    return this.#frame.derive((planId) => relation(planId, relType))
  }

  async #value(relType: Parameters<typeof relation>[1]): Promise<unknown> {
    return firstCell(this.#frame.executor, relation(this.#frame.executor.nextPlanId(), relType))
  }

  get #input(): Relation {
    return this.#frame.relation
  }

  async approxQuantile(
    cols: readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[][]> {
    const value = {
      input: this.#input,
      cols: namesIn('approxQuantile', cols),
      probabilities: checkList('approxQuantile', 'the probabilities', probabilities).map((probability) =>
        checkFraction('approxQuantile', 'a probability', probability),
      ),
      relativeError: checkFraction('approxQuantile', 'the relative error', relativeError),
    }
    return (await this.#value({ case: 'approxQuantile', value })) as number[][]
  }
  async corr(a: string, b: string, method: unknown = 'pearson'): Promise<number> {
    if (method !== 'pearson') throw mistake(`corr: Spark has only 'pearson', not ${describeValue(method)}`)
    return (await this.#value({ case: 'corr', value: { ...this.#pair('corr', a, b), method } })) as number
  }
  async cov(a: string, b: string): Promise<number> {
    return (await this.#value({ case: 'cov', value: this.#pair('cov', a, b) })) as number
  }
  crosstab(a: string, b: string): UntypedFrame {
    return this.#wrap({ case: 'crosstab', value: this.#pair('crosstab', a, b) })
  }
  #pair(method: string, a: string, b: string) {
    const [col1, col2] = [checkText(method, 'a name', a), checkText(method, 'a name', b)]
    return { input: this.#input, col1, col2 }
  }
  freqItems(cols: readonly string[], support = 0.01): UntypedFrame {
    const value = { input: this.#input, cols: namesIn('freqItems', cols), support }
    checkFraction('freqItems', 'the support', support)
    return this.#wrap({ case: 'freqItems', value })
  }
  sampleBy(column: unknown, fractions: ReadonlyMap<unknown, number>, seed?: number | bigint): UntypedFrame {
    const node = columnNode(column)
    if (!(fractions instanceof Map)) {
      throw mistake(`sampleBy takes a Map of values and their fractions, not ${describeValue(fractions)}`)
    }
    const value = {
      input: this.#input,
      col: node.expression,
      fractions: [...fractions].map(([stratum, fraction]) => ({ stratum: literalOf(stratum), fraction })),
      seed: BigInt(seed ?? randomInt(2 ** 47)),
    }
    return this.#frame.derive((planId) => relation(planId, { case: 'sampleBy', value }), [node])
  }
}
