import type { Plan, Step } from './plan.ts'

/**
 * Keeps a run to its plan: each step has its own requests, then there is the reserve of all; beyond that the answer is no and
 * the question is left to the next run. Retries are not part of the plan but of the run's overall limit.
 */
export class Budget {
  /** Requests sent, retries included. */
  sent = 0
  readonly #left = new Map<Step, number>()
  #reserve: number
  readonly #most: number

  /** @param most the most requests of the run, retries included */
  constructor(plan: Pick<Plan, 'lines' | 'reserve'>, most = Number.POSITIVE_INFINITY) {
    this.#most = most
    for (const line of plan.lines) {
      for (const [step, requests] of line.steps) this.#left.set(step, requests)
    }
    this.#reserve = plan.reserve
  }

  /** Takes one request; false if there is none left. */
  admit(step: Step, repeated: boolean): boolean {
    if (this.sent >= this.#most) return false
    if (!repeated && !this.#take(step)) return false
    this.sent++
    return true
  }

  #take(step: Step): boolean {
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
    return this.#reserve > 0 && this.sent < this.#most
  }

  /** Nothing can lead to more of this step: what it did not need is free for others. */
  release(step: Step): void {
    this.#reserve += Math.floor(this.#left.get(step) ?? 0)
    this.#left.delete(step)
  }

  /** A service that the plan counted on failed: who stands in for it may ask more. */
  grant(step: Step, requests: number): void {
    this.#left.set(step, (this.#left.get(step) ?? 0) + requests)
  }

  /** Requests of its own that the step may still send. */
  left(step: Step): number {
    return Math.ceil(this.#left.get(step) ?? 0)
  }
}
