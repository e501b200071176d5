import { count, count_if, type DataFrame, fieldsOf, lit, sum } from 'spark-connect-js'
import { AppError } from '../../errors.ts'
import { isShouting } from '../clean/spelling.ts'
import { type Block, blockLimits, inLimit } from './artist-blocks.ts'
import type { CleanSpelling } from './types.ts'

/** How many pairs of names each way to find them gives. */
export interface PairEstimate {
  readonly rule: string
  readonly pairs: bigint
  /** Blocks that are too large to say anything; their pairs are not compared. */
  readonly droppedBlocks: bigint
}

export interface EstimateOptions {
  /** Called before any pair is compared. */
  readonly onEstimate?: (estimate: readonly PairEstimate[]) => void
  /** More pairs are refused. Default: 100 million. */
  readonly maxPairs?: number
}

/** What is to be compared, and what the log is like. */
export interface NamesEstimate {
  readonly estimate: readonly PairEstimate[]
  readonly spellings: bigint
  /** Whether names are written in capitals, by and large. */
  readonly shouts: boolean
}

// Half of all names: short ones are not counted, for they may be abbreviations, and a few acts of a log that does not shout are.
const minShouting = 0.5

/** Counts what would be compared, and the spellings with it, which saves a query. *Errors:* `AppError('input')` above `maxPairs`. */
export async function estimatePairs(
  blocks: DataFrame<Block>,
  names: DataFrame<CleanSpelling>,
  options: EstimateOptions,
): Promise<NamesEstimate> {
  const counted = await blocks
    .groupBy('rule')
    .agg((c) => ({ pairs: sum(c.pairs), droppedBlocks: count_if(inLimit(c).not()) }))
    .union(
      names.agg((c) => ({
        rule: lit<string>('spellings'),
        pairs: count('*'),
        droppedBlocks: count_if(isShouting(fieldsOf(c.a).display)),
      })),
    )
    .collect()
  const estimate = Object.keys(blockLimits).map(
    (rule) => counted.find((row) => row.rule === rule) ?? { rule, pairs: 0n, droppedBlocks: 0n },
  )
  options.onEstimate?.(estimate)
  const pairs = estimate.reduce((sum, row) => sum + row.pairs, 0n)
  const maxPairs = options.maxPairs ?? 100_000_000
  if (pairs > maxPairs) {
    throw new AppError('input', `resolving the artists would compare ${pairs} pairs of names, more than ${maxPairs}`, {
      place: estimate.map((row) => `${row.rule}: ${row.pairs}`).join(', '),
      remedy: 'load the files in several runs, or look for a column that holds ids or dates instead of artists',
    })
  }
  const { pairs: spellings, droppedBlocks: shouting } = counted.find((row) => row.rule === 'spellings')!
  return { estimate, spellings, shouts: Number(shouting) > minShouting * Number(spellings) }
}
