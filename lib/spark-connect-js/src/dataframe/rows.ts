import { randomInt } from 'node:crypto'
import { checkColumns, checkFraction, checkList, checkObject, checkText, checkWhole } from '../column/arguments.ts'
import { columnsOf } from '../column/columns-of.ts'
import { asSortOrder } from '../plan/expression.ts'
import * as relations from '../plan/relation.ts'
import { atCaller, mistake } from '../trace/error-stack.ts'
import { FrameColumns } from './columns.ts'
import type { OrderBy, UntypedFrame } from './dataframe.ts'

/** Rows of a frame: fewer of them, each once, in an order. */
export abstract class FrameRows extends FrameColumns {
  alias(alias: string): UntypedFrame {
    return this.wrap({
      case: 'subqueryAlias',
      value: { input: this.relation, alias: checkText('alias', 'a name', alias) },
    })
  }
  limit(n: number): UntypedFrame {
    return this.wrap({ case: 'limit', value: { input: this.relation, limit: checkWhole('limit', n) } })
  }
  offset(n: number): UntypedFrame {
    return this.wrap({ case: 'offset', value: { input: this.relation, offset: checkWhole('offset', n) } })
  }
  distinct(): UntypedFrame {
    return this.dropDuplicates()
  }
  dropDuplicates(...names: (string | string[])[]): UntypedFrame {
    return this.#deduplicate(names.flat(), false)
  }
  dropDuplicatesWithinWatermark(...names: (string | string[])[]): UntypedFrame {
    return this.#deduplicate(names.flat(), true)
  }
  #deduplicate(columnNames: string[], withinWatermark: boolean): UntypedFrame {
    for (const name of columnNames) checkText('dropDuplicates', 'a name', name)
    const allColumnsAsKeys = columnNames.length === 0
    return this.wrap({
      case: 'deduplicate',
      value: { input: this.relation, columnNames, allColumnsAsKeys, withinWatermark },
    })
  }

  sample(fraction: number, options: { withReplacement?: boolean; seed?: number | bigint } = {}): UntypedFrame {
    const { withReplacement = false, seed } = checkObject(
      'sample',
      'the options are { withReplacement, seed }',
      options,
    )
    return this.#sample(0, checkFraction('sample', 'the fraction', fraction), withReplacement, seedOf(seed), false)
  }

  randomSplit(weights: readonly number[], seed?: number | bigint): UntypedFrame[] {
    const total = checkList('randomSplit', 'the weights', weights).reduce((sum, weight) => sum + weight, 0)
    if (!(total > 0) || weights.some((weight) => !(weight >= 0))) {
      throw atCaller(new RangeError(`weights are not negative and one is positive; these are ${weights.join(', ')}`))
    }
    // One seed and a fixed order for all parts, or the parts would overlap.
    const oneSeed = seedOf(seed)
    let lower = 0
    return weights.map((weight, i) => {
      const upper = i === weights.length - 1 ? 1 : lower + weight / total
      const part = this.#sample(lower, upper, false, oneSeed, true)
      lower = upper
      return part
    })
  }

  #sample(
    lowerBound: number,
    upperBound: number,
    withReplacement: boolean,
    seed: bigint,
    deterministicOrder: boolean,
  ): UntypedFrame {
    const value = { input: this.relation, lowerBound, upperBound, withReplacement, seed, deterministicOrder }
    return this.wrap({ case: 'sample', value })
  }

  orderBy(...by: (OrderBy<unknown> | readonly OrderBy<unknown>[])[]): UntypedFrame {
    return this.#sort(by, true)
  }
  sort(...by: (OrderBy<unknown> | readonly OrderBy<unknown>[])[]): UntypedFrame {
    return this.#sort(by, true)
  }
  sortWithinPartitions(...by: (OrderBy<unknown> | readonly OrderBy<unknown>[])[]): UntypedFrame {
    return this.#sort(by, false)
  }
  #sort(by: readonly unknown[], isGlobal: boolean): UntypedFrame {
    const items = by.flat().flatMap((item) => (typeof item === 'function' ? item(columnsOf()) : item))
    if (items.length === 0) throw mistake("orderBy: name a column, for example orderBy('a')")
    const nodes = checkColumns('orderBy', items)
    return this.derive(
      (planId) =>
        relations.sort(
          planId,
          this.relation,
          nodes.map((node) => asSortOrder(node.expression)),
          isGlobal,
        ),
      nodes,
    )
  }
}

const seedOf = (seed: number | bigint | undefined): bigint => BigInt(seed ?? randomInt(2 ** 47))
