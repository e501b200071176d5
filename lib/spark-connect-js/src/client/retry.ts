import { setTimeout as delay } from 'node:timers/promises'
import { abortError, SparkConnectError } from './errors.ts'

/** Time and chance, as arguments: tests run a ten-minute policy in no time. */
export interface Timing {
  /** Milliseconds on a clock that never goes back. */
  now(): number
  /** Waits; rejects with the signal's error when it is aborted meanwhile. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** At least 0, below 1. */
  random(): number
}

/** The real clock. */
export const systemTiming: Timing = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal ? { signal } : {})
    } catch (error) {
      throw signal?.aborted ? abortError(signal) : error
    }
  },
  random: Math.random,
}

/**
 * When and how long to wait before another try.
 *
 * The numbers are those of Spark's own clients: 15 tries reach a total of ten minutes, the time that a cluster may need
 * to bring a lost driver back.
 */
export interface RetryPolicy {
  /** Default: 15. 0 never tries again. */
  readonly maxRetries: number
  /** Default: 50. */
  readonly initialBackoffMs: number
  /** Each wait is so many times the one before. Default: 4. */
  readonly backoffMultiplier: number
  /** Default: 60,000. */
  readonly maxBackoffMs: number
  /** Up to so much is added at random, so that many clients do not come back at once. Default: 500. */
  readonly jitterMs: number
  /** Shorter waits get no jitter. Default: 2,000. */
  readonly minJitterThresholdMs: number
  /** What the server asks for by RetryInfo is followed up to here. Default: 600,000. */
  readonly maxServerDelayMs: number
  /** All waits together without any progress. Default: 900,000. */
  readonly maxTotalWaitMs: number
}

/** The numbers of PySpark's own policy. */
export const defaultRetryPolicy: RetryPolicy = {
  maxRetries: 15,
  initialBackoffMs: 50,
  backoffMultiplier: 4,
  maxBackoffMs: 60_000,
  jitterMs: 500,
  minJitterThresholdMs: 2_000,
  maxServerDelayMs: 600_000,
  maxTotalWaitMs: 900_000,
}

/**
 * True when the same call may succeed if it is sent again.
 *
 * UNAVAILABLE: the connection; RetryInfo: the server says so; INVALID_CURSOR.DISCONNECTED: another call took the
 * stream over, which is what a reattach does to a half-dead one.
 */
export function isRetryable(error: SparkConnectError): boolean {
  return (
    error.code === 'UNAVAILABLE' || error.retryDelayMs !== null || error.errorClass === 'INVALID_CURSOR.DISCONNECTED'
  )
}

/** The state of one chain of tries under a policy; `reset` after progress, so that a long query may fail often. */
export class Retries {
  readonly #policy: RetryPolicy
  readonly #timing: Timing
  #attempt = 0
  #backoffMs: number
  #waitedMs = 0

  constructor(policy: RetryPolicy, timing: Timing) {
    this.#policy = policy
    this.#timing = timing
    this.#backoffMs = policy.initialBackoffMs
  }

  /** Tries since the last progress. */
  get attempt(): number {
    return this.#attempt
  }

  /** Milliseconds to wait before the next try, or null when the policy is exhausted. */
  next(serverDelayMs: number | null = null, maxTotalWaitMs = this.#policy.maxTotalWaitMs): number | null {
    const policy = this.#policy
    if (this.#attempt >= policy.maxRetries) return null
    let waitMs = Math.min(this.#backoffMs, policy.maxBackoffMs)
    if (serverDelayMs !== null) waitMs = Math.max(waitMs, Math.min(serverDelayMs, policy.maxServerDelayMs))
    if (waitMs >= policy.minJitterThresholdMs) waitMs += this.#timing.random() * policy.jitterMs
    const leftMs = Math.min(policy.maxTotalWaitMs, maxTotalWaitMs) - this.#waitedMs
    if (waitMs > leftMs) {
      // The last wait is what is left of the budget; a server that asks for more would refuse that try.
      if (leftMs < policy.initialBackoffMs || serverDelayMs !== null) return null
      waitMs = leftMs
    }
    this.#attempt += 1
    this.#backoffMs = Math.min(this.#backoffMs * policy.backoffMultiplier, policy.maxBackoffMs)
    this.#waitedMs += waitMs
    return waitMs
  }

  reset(): void {
    this.#attempt = 0
    this.#backoffMs = this.#policy.initialBackoffMs
    this.#waitedMs = 0
  }
}

/** One try that failed and will be made again. */
export interface RetryEvent {
  readonly attempt: number
  readonly waitMs: number
  readonly error: SparkConnectError
}

/**
 * Calls until it succeeds, fails for good, or the policy is exhausted.
 *
 * *Errors:* the last one; its message says how often it was tried.
 */
export async function retrying<T>(
  call: () => Promise<T>,
  options: {
    readonly policy: RetryPolicy
    readonly timing: Timing
    readonly signal?: AbortSignal | undefined
    readonly onRetry?: ((event: RetryEvent) => void) | undefined
    /** A shorter limit to all waits for an error that more waiting does not mend. */
    readonly maxWaitMs?: ((error: SparkConnectError) => Promise<number | undefined>) | undefined
  },
): Promise<T> {
  const retries = new Retries(options.policy, options.timing)
  while (true) {
    try {
      return await call()
    } catch (caught) {
      const error = SparkConnectError.from(caught)
      if (options.signal?.aborted || !isRetryable(error)) throw error
      const waitMs = retries.next(error.retryDelayMs, await options.maxWaitMs?.(error))
      if (waitMs === null) throw exhausted(error, retries.attempt)
      options.onRetry?.({ attempt: retries.attempt, waitMs, error })
      await options.timing.sleep(waitMs, options.signal)
    }
  }
}

/** The error of a last try, saying how many there were. */
export function exhausted(error: SparkConnectError, retries: number): SparkConnectError {
  return retries === 0 ? error : error.with({ message: `${error.message} (tried ${retries + 1} times)` })
}
