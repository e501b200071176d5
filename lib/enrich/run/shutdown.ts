import { type Clock, systemClock } from '../clock.ts'

const gracePeriodMs = 10_000

export interface ShutdownOptions {
  readonly clock?: Clock
  /** Nothing new after so many ms. */
  readonly deadlineMs?: number | undefined
  readonly signal?: AbortSignal
}

/** How a run ends early: by the caller's signal, by its deadline, by a failure of the database. */
export class Shutdown {
  /** Queued requests are dropped. */
  readonly stopping = new AbortController()
  /** Running requests are given up. */
  readonly aborting = new AbortController()
  /** The requests of the run are used up: what the cache knows still becomes rows. */
  readonly usedUp = new AbortController()
  /** Nothing is sent any more. */
  readonly closed = AbortSignal.any([this.stopping.signal, this.usedUp.signal])
  /** By the clock; known once the run has started. */
  deadline = Number.POSITIVE_INFINITY
  /** By the signal or because the lease was lost, not by the deadline. */
  stopped = false
  readonly #options: ShutdownOptions

  constructor(options: ShutdownOptions) {
    this.#options = options
    if (options.signal?.aborted) this.stop()
    options.signal?.addEventListener('abort', this.stop, { once: true })
  }

  readonly stop = (): void => {
    const { clock = systemClock } = this.#options
    this.stopped = true
    this.stopping.abort()
    // Running requests may still be answered and kept; after the grace period they are given up.
    void clock.sleep(gracePeriodMs, this.aborting.signal).then(() => this.aborting.abort())
  }

  startDeadline(): void {
    const { clock = systemClock, deadlineMs } = this.#options
    if (deadlineMs === undefined) return
    this.deadline = clock.now() + deadlineMs
    void clock.sleep(deadlineMs, this.stopping.signal).then(() => this.stopping.abort())
  }

  over(): void {
    this.#options.signal?.removeEventListener('abort', this.stop)
    this.stopping.abort()
    this.aborting.abort()
  }
}
