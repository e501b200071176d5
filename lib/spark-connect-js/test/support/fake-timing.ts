import type { Timing } from '../../src/client/retry.ts'

/** A clock that moves only when someone sleeps on it; what was slept is recorded. */
export function fakeTiming(options: { readonly random?: number } = {}): Timing & { readonly slept: number[] } {
  const slept: number[] = []
  let nowMs = 0
  return {
    slept,
    now: () => nowMs,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      slept.push(ms)
      nowMs += ms
    },
    random: () => options.random ?? 0.5,
  }
}
