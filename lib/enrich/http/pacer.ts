import type { Clock } from '../clock.ts'
import type { Limits } from './limits.ts'

/** When the next request of a limit may start: spacing, pauses, and measured work. */
export class Pacer {
  readonly #limits: Limits
  readonly #clock: Clock
  #spacingMs: number
  #nextStartAt = 0
  #pausedUntil = 0
  #workLeftMs: number
  #workAt: number
  #goodInARow = 0

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.#spacingMs = limits.minTimeMs
    this.#workLeftMs = limits.workMsPerMinute ?? 0
    this.#workAt = clock.now()
  }

  /** Current spacing; above the documented one after the service said that we are too fast. */
  get spacingMs(): number {
    return this.#spacingMs
  }

  get pausedUntil(): number {
    return this.#pausedUntil
  }

  /** Nothing starts before that time; what is under way goes on. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms)
  }

  /** Slowed down by a limit: ten good answers earn a tenth of the speed back. */
  good(): void {
    this.#goodInARow++
    if (this.#goodInARow % 10 === 0) this.#spacingMs = Math.max(this.#limits.minTimeMs, this.#spacingMs * 0.9)
  }

  trouble(): void {
    this.#goodInARow = 0
  }

  slowDown(): void {
    const { minTimeMs } = this.#limits
    if (minTimeMs > 0) this.#spacingMs = Math.min(minTimeMs * 8, this.#spacingMs * 1.5)
  }

  /** The service worked so long for us. */
  worked(ms: number): void {
    if (this.#limits.workMsPerMinute !== undefined) this.#workLeftMs -= ms
  }

  /** When the next request may start. */
  nextStart(): number {
    const now = this.#clock.now()
    return Math.max(this.#pausedUntil, this.#nextStartAt, now + this.#workDebtMs(now))
  }

  /** A request starts now. */
  started(): void {
    this.#nextStartAt = this.#clock.now() + this.#spacingMs
  }

  #workDebtMs(now: number): number {
    const perMinute = this.#limits.workMsPerMinute
    if (perMinute === undefined) return 0
    const rate = perMinute / 60_000
    this.#workLeftMs = Math.min(perMinute, this.#workLeftMs + (now - this.#workAt) * rate)
    this.#workAt = now
    return this.#workLeftMs > 0 ? 0 : -this.#workLeftMs / rate + 1
  }
}
