import type { RowState } from '../../model/lookups.ts'
import { type Clock, unstamp } from '../clock.ts'

/** `due`: what is new, expired or failed and waited long enough · `failed`: failures at once · `all`: everything. */
export type Refresh = 'due' | 'failed' | 'all'

/** Why a row is worked on; `provider`: only because that provider has not been asked yet. */
export type Reason = 'new' | 'expired' | 'retry' | 'refresh' | 'provider'

/**
 * Whether a row is to be worked on, and why; null: it is fresh.
 *
 * @param wanted providers that could still add something to a row in this state
 */
export function dueReason(
  state: RowState | null,
  refresh: Refresh,
  wanted: readonly string[],
  clock: Pick<Clock, 'now'>,
): Reason | null {
  if (state === null) return 'new'
  if (refresh === 'all') return 'refresh'
  const next = unstamp(state.next_attempt_at)
  if (next !== null) {
    if (refresh === 'failed' || next <= clock.now()) return 'retry'
    // It failed a short while ago: not even a new provider makes it due before its time, all are asked then.
    return null
  }
  const expires = unstamp(state.expires_at)
  if (expires !== null && expires <= clock.now()) return 'expired'
  const asked = new Set(state.providers.split(','))
  return wanted.some((provider) => !asked.has(provider)) ? 'provider' : null
}
