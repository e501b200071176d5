/** What a run may send: requests of its own for each step, and a reserve for all. */
export interface Allowance {
  readonly lines: readonly { readonly steps: ReadonlyMap<string, number> }[]
  readonly reserve: number
}

/**
 * Keeps a run to its plan: each step has its own requests, then there is the reserve of all; beyond that it refuses and
 * the request is left to the next run. Retries are not part of the plan but of the run's overall limit.
 */
export class Budget {
  /** Requests sent, retries included. */
  sent = 0
  readonly #left = new Map<string, number>()
  #reserve: number
  readonly #max: number
  readonly #onUsedUp: () => void

  /**
   * @param max the most requests of the run, retries included
   * @param onUsedUp called with the last one
   */
  constructor(plan: Allowance, max = Number.POSITIVE_INFINITY, onUsedUp: () => void = () => {}) {
    this.#max = max
    this.#onUsedUp = onUsedUp
    for (const line of plan.lines) {
      for (const [step, requests] of line.steps) this.#left.set(step, requests)
    }
    this.#reserve = plan.reserve
  }

  /** True while `tryAcquire` would take one. */
  canAcquire(step: string, repeated: boolean): boolean {
    return this.sent < this.#max && (repeated || this.#reserve > 0 || (this.#left.get(step) ?? 0) > 0)
  }

  /** Takes one request; false if there is none left. */
  tryAcquire(step: string, repeated: boolean): boolean {
    if (this.sent >= this.#max) return false
    if (!repeated && !this.#take(step)) return false
    this.sent++
    if (this.sent >= this.#max) this.#onUsedUp()
    return true
  }

  #take(step: string): boolean {
    const left = this.#left.get(step) ?? 0
    if (left > 0) {
      this.#left.set(step, left - 1)
      return true
    }
    if (this.#reserve <= 0) return false
    this.#reserve--
    return true
  }

  /** True while a request is left that no step has for itself. */
  get spare(): boolean {
    return this.#reserve > 0 && this.sent < this.#max
  }

  /** Nothing can lead to more of this step: what it did not need is free for others. */
  release(step: string): void {
    this.#reserve += Math.floor(this.#left.get(step) ?? 0)
    this.#left.delete(step)
  }

  /** A service that the plan counted on failed: who stands in for it may ask more. */
  extend(step: string, requests: number): void {
    this.#left.set(step, (this.#left.get(step) ?? 0) + requests)
  }

  /** Requests of its own that the step may still send. */
  left(step: string): number {
    return Math.ceil(this.#left.get(step) ?? 0)
  }
}
