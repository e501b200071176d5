import type { Logger } from '../../log.ts'
import type { LookupStore } from '../../model/lookups.ts'
import type { Clock } from '../clock.ts'
import type { Refresh } from '../plan/due-reason.ts'
import type { Budget } from './budget.ts'

/** What became of the requests of one kind. */
export interface Tally {
  asked: number
  cached: number
  found: number
  absent: number
  failed: number
  /** HTTP requests. */
  requests: number
}

export interface BatcherOptions {
  readonly store: LookupStore
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly budget: Budget
  readonly refresh: Refresh
  /** Stops the run. */
  onFailure(): void
}

/** What a queue needs of the batcher that it belongs to. */
export interface QueueOwner {
  readonly options: BatcherOptions
  readonly startedAt: number
  readonly moreToCome: () => boolean
  schedule(): void
  fail(error: unknown): void
}
