/**
 * Time as an argument, so that hours of waiting can be tested in seconds.
 *
 * Everything in this folder that reads the time or waits does it through a clock; limits stay the documented ones
 * and only the clock runs faster in tests.
 */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Waits; ends early, without an error, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** How many milliseconds of the machine's own timers `ms` of this clock are (sockets and the limiter use those). */
  real(ms: number): number
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => realSleep(ms, signal),
  real: (ms) => ms,
}

/** A clock that runs `factor` times as fast as the machine's, from `start` on (default: now). */
export function fastClock(factor: number, start = Date.now()): Clock {
  const begun = performance.now()
  return {
    now: () => start + (performance.now() - begun) * factor,
    sleep: (ms, signal) => realSleep(ms / factor, signal),
    real: (ms) => ms / factor,
  }
}

function realSleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms <= 0 || signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done, { once: true })
  })
}

/** A time as the database keeps it: ISO 8601, UTC. */
export const stamp = (ms: number): string => new Date(ms).toISOString()
/** The time of a stamp, or null where there is none. */
export const unstamp = (iso: string | null): number | null => {
  const ms = iso === null ? Number.NaN : Date.parse(iso)
  return Number.isNaN(ms) ? null : ms
}
