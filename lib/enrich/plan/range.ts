import { serviceAt } from './steps.ts'

/** What a run may come to: at best and at worst. */
export interface PlanRange {
  /** Expected, and the most; retries aside. */
  readonly requests: readonly [number, number]
  /** Retries at worst, where services are busy. */
  readonly retries: number
  /** Time at the documented limits, and where services are busy. */
  readonly ms: readonly [number, number]
}

// How long the limiter waits after the first, second, third and fourth answer that says "busy".
const backoffMs = [2_000, 4_000, 8_000, 16_000]

/**
 * @param lines the plan's, each with its time at the documented limit
 * @param expected requests, at best
 * @param max the plan's bound
 * @param ms time of the slowest limit
 */
export function rangeOf(
  lines: readonly { readonly service: string; readonly requests: number; readonly ms: number }[],
  expected: number,
  max: number,
  ms: number,
): PlanRange {
  let retries = 0
  let busyMs = ms
  for (const line of lines) {
    const share = serviceAt(line.service)?.busyShare ?? 0
    const more = backoffMs.reduce((sum, _, at) => sum + line.requests * share ** (at + 1), 0)
    const waits = backoffMs.reduce((sum, wait, at) => sum + line.requests * share ** (at + 1) * wait, 0)
    retries += more
    busyMs = Math.max(busyMs, line.ms * (1 + more / Math.max(1, line.requests)) + waits)
  }
  return { requests: [Math.min(max, Math.round(expected)), max], retries: Math.round(retries), ms: [ms, busyMs] }
}
