import { randomInt } from 'node:crypto'
import type { Column } from './column.ts'
import { columnNode } from './column.ts'
import type { DataFrame, UntypedFrame } from './dataframe.ts'
import { firstCell } from './execution.ts'
import type { Relation } from './gen/spark/connect/relations_pb.ts'
import type { Statistical } from './na.ts'
import { literalOf } from './plan/literal.ts'
import { relation } from './plan/relation.ts'
import type { NameOf } from './rows.ts'

/** Statistics of columns. */
export interface DataFrameStatFunctions<in out R> {
  /** Quantiles of number columns, one list a column; `relativeError` 0 is exact and dear. */
  approxQuantile(
    columns: readonly NameOf<R>[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[][]>
  /** Pearson's correlation. */
  corr(a: NameOf<R>, b: NameOf<R>): Promise<number>
  cov(a: NameOf<R>, b: NameOf<R>): Promise<number>
  /** How often each pair of values occurs: one row for a value of `a`, one column for a value of `b`. */
  crosstab(a: NameOf<R>, b: NameOf<R>): UntypedFrame
  /** Values that occur in at least this share of the rows (default 0.01), and perhaps others. */
  freqItems(columns: readonly NameOf<R>[], support?: number): UntypedFrame
  /** A random part with a share for each value of a column. */
  sampleBy(
    column: NameOf<R> | Column<unknown>,
    fractions: ReadonlyMap<string | number | bigint | boolean, number>,
    seed?: number | bigint,
  ): DataFrame<R>
}

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
    const value = { input: this.#input, cols: [...cols], probabilities: [...probabilities], relativeError }
    return (await this.#value({ case: 'approxQuantile', value })) as number[][]
  }
  async corr(col1: string, col2: string): Promise<number> {
    return (await this.#value({ case: 'corr', value: { input: this.#input, col1, col2, method: 'pearson' } })) as number
  }
  async cov(col1: string, col2: string): Promise<number> {
    return (await this.#value({ case: 'cov', value: { input: this.#input, col1, col2 } })) as number
  }
  crosstab(col1: string, col2: string): UntypedFrame {
    return this.#wrap({ case: 'crosstab', value: { input: this.#input, col1, col2 } })
  }
  freqItems(cols: readonly string[], support = 0.01): UntypedFrame {
    return this.#wrap({ case: 'freqItems', value: { input: this.#input, cols: [...cols], support } })
  }
  sampleBy(column: unknown, fractions: ReadonlyMap<unknown, number>, seed?: number | bigint): UntypedFrame {
    const node = columnNode(column)
    const value = {
      input: this.#input,
      col: node.expression,
      fractions: [...fractions].map(([stratum, fraction]) => ({ stratum: literalOf(stratum), fraction })),
      seed: BigInt(seed ?? randomInt(2 ** 47)),
    }
    return this.#frame.derive((planId) => relation(planId, { case: 'sampleBy', value }), [node])
  }
}
