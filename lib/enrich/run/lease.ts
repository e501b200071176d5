import type { Logger } from '../../log.ts'
import type { LookupStore } from '../../model/lookups.ts'
import { type Clock, stamp } from '../clock.ts'

const heartbeatMs = 15_000
/** A lease whose heart has not beaten for so long is a dead run's. */
export const leaseMs = 60_000

/** Keeps a run's lease alive; `lost` after another run has taken it over. */
export class Heartbeat {
  lost = false
  readonly #timer: NodeJS.Timeout

  constructor(options: {
    readonly store: LookupStore
    readonly run: string
    readonly clock: Clock
    readonly log: Logger
    readonly onLost: () => void
  }) {
    const { store, run, clock, log, onLost } = options
    const beat = async () => {
      try {
        if (this.lost || (await store.beat(run, stamp(clock.now())))) return
        this.lost = true
        log.error('another run took the lease over', { run })
        onLost()
      } catch (error) {
        log.warn('heartbeat failed', { error: String(error) })
      }
    }
    this.#timer = setInterval(() => void beat(), clock.real(heartbeatMs))
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
