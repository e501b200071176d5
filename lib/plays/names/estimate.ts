import { count, count_if, type DataFrame, lit, sum } from 'spark-connect-js'
import { AppError } from '../../errors.ts'
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

/** Counts what would be compared, and the spellings with it, which saves a query. *Errors:* `AppError('input')` above `maxPairs`. */
export async function estimatePairs(
  blocks: DataFrame<Block>,
  names: DataFrame<CleanSpelling>,
  options: EstimateOptions,
): Promise<{ estimate: PairEstimate[]; spellings: bigint }> {
  const counted = await blocks
    .groupBy('rule')
    .agg((c) => ({ pairs: sum(c.pairs), droppedBlocks: count_if(inLimit(c).not()) }))
    .union(names.agg({ rule: lit<string>('spellings'), pairs: count('*'), droppedBlocks: lit<bigint>(0n) }))
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
  return { estimate, spellings: counted.find((row) => row.rule === 'spellings')?.pairs ?? 0n }
}
