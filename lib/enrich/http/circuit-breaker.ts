import type { Logger } from '../../log.ts'
import type { Clock } from '../clock.ts'

/** `working` · `open`: five troubles in a row, nothing is sent · `probing`: one at a time until three were good · `off` */
export type BreakerState = 'working' | 'open' | 'probing' | 'off'

export interface CircuitBreakerOptions {
  readonly name: string
  readonly clock: Clock
  readonly log: Logger
  readonly noOtherWay: boolean
}

const maxTroubles = 5
const goodAnswersToClose = 3
const probeAfterMs = 60_000

/**
 * Keeps requests from a service that does not answer, and finds out when it answers again.
 *
 * A library's breaker closes after one good probe and runs on the machine's clock; this one needs three, one after the
 * other, and may hold requests back for the probe where nobody else could answer them.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions
  #state: Exclude<BreakerState, 'off'> = 'working'
  #troublesInARow = 0
  #goodInARow = 0
  #openUntil = 0
  #served = false
  #givenUp = false
  #probe: Promise<void> | null = null

  constructor(options: CircuitBreakerOptions) {
    this.#options = options
  }

  get state(): BreakerState {
    return this.#givenUp ? 'off' : this.#state
  }

  get openUntil(): number {
    return this.#openUntil
  }

  /** The service asked for a pause longer than a run waits. */
  get isGivenUp(): boolean {
    return this.#givenUp
  }

  /** It is open and its requests are not kept for the probe: others can answer them, or nobody ever did. */
  get isShut(): boolean {
    const open = this.#state === 'open' && this.#options.clock.now() < this.#openUntil
    return open && !(this.#options.noOtherWay && this.#served)
  }

  good(): void {
    this.#served = true
    this.#troublesInARow = 0
    this.#goodInARow++
    if (this.#state === 'probing' && this.#goodInARow >= goodAnswersToClose) {
      this.#state = 'working'
      this.#options.log.info(`${this.#options.name} answers again`)
    }
  }

  /** @param pausedUntil the service's own pause, before which no probe is sent */
  trouble(pausedUntil: number): void {
    const { name, clock, log } = this.#options
    this.#goodInARow = 0
    this.#troublesInARow++
    const failedProbe = this.#state === 'probing'
    if (!failedProbe && this.#troublesInARow < maxTroubles) return
    if (this.#state === 'open') return
    this.#state = 'open'
    this.#openUntil = Math.max(pausedUntil, clock.now() + probeAfterMs)
    // A service that did not even answer after a pause is not waited for: its requests are left to the next run.
    if (failedProbe) this.#served = false
    log.warn(`${name} does not answer`, {
      troubles: this.#troublesInARow,
      probe_in_s: Math.round((this.#openUntil - clock.now()) / 1000),
    })
  }

  /** The service asks for a pause that no run sits out. */
  giveUp(waitMs: number): void {
    const { name, clock, log } = this.#options
    this.#openUntil = clock.now() + waitMs
    this.#state = 'open'
    this.#givenUp = true
    log.warn(`${name} asks for a long pause`, { wait_s: Math.round(waitMs / 1000) })
  }

  /**
   * Waits until a request may go as far as the breaker is concerned.
   *
   * @returns to be called when the request is over, where it is a probe: one at a time until the service has proved itself
   */
  async enter(sleepUntil: (time: () => number) => Promise<void>, stopping: AbortSignal): Promise<(() => void) | null> {
    while (this.#state !== 'working' && this.#probe !== null && !stopping.aborted) await this.#probe
    // Opened while this one waited for its turn: the caller sees that, nobody sits the pause out.
    if (this.isShut || this.#state === 'working' || this.#givenUp) return null
    let done: () => void = () => {}
    this.#probe = new Promise((resolve) => {
      done = resolve
    })
    await sleepUntil(() => this.#openUntil)
    if (this.#state === 'open') this.#state = 'probing'
    return () => {
      this.#probe = null
      done()
    }
  }
}
