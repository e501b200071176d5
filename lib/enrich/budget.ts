import { type Plan, type Step, serviceOf } from './plan.ts'
import type { LaneName } from './services.ts'

/**
 * Keeps a run to its plan: each step has its own requests, then the service's slack; beyond that the answer is no and the
 * question is left to the next run. Retries are not part of the plan but of the run's overall limit.
 */
export class Budget {
  /** Requests sent, retries included. */
  sent = 0
  readonly #left = new Map<Step, number>()
  readonly #slack = new Map<LaneName, number>()
  readonly #most: number

  /** @param most the most requests of the run, retries included */
  constructor(plan: Plan, most = Number.POSITIVE_INFINITY) {
    this.#most = most
    for (const line of plan.lines) {
      for (const [step, requests] of line.steps) this.#left.set(step, requests)
      this.#slack.set(line.service, line.slack)
    }
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
    const service = serviceOf(step)
    const slack = this.#slack.get(service) ?? 0
    if (slack <= 0) return false
    this.#slack.set(service, slack - 1)
    return true
  }

  /** A service that the plan counted on failed: who stands in for it may ask more. */
  grant(step: Step, requests: number): void {
    this.#left.set(step, (this.#left.get(step) ?? 0) + requests)
  }

  /** Requests that the step may still send, the service's slack included. */
  left(step: Step): number {
    return Math.ceil(this.#left.get(step) ?? 0) + (this.#slack.get(serviceOf(step)) ?? 0)
  }
}
