import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Clock } from './clock.ts'
import type { Breaker } from './lanes.ts'
import type { LookupStore, Refresh } from './memory.ts'
import type { Plan } from './plan.ts'
import type { Tally } from './questions.ts'
import {
  type BaseAddresses,
  type Bases,
  baseAddresses,
  type LaneLimits,
  type LaneName,
  type OptionalProvider,
} from './services.ts'

export interface EnrichOptions {
  readonly store: LookupStore
  readonly log: Logger
  /** Version of the product, for the User-Agent. */
  readonly version: string
  /** Page of the product, for the User-Agent of who names no contact. */
  readonly homepage?: string | undefined
  /** Web page or mail address of who runs this; without it Wikimedia is asked eight times a minute. */
  readonly contact?: string | undefined
  readonly lastfmKey?: string | undefined
  /** Default: `all` up to 5,000 entities, `gaps` above. */
  readonly lastfmMode?: 'all' | 'gaps' | 'off' | undefined
  readonly listenbrainzToken?: string | undefined
  /** For `fanarttv` among the optional ones. */
  readonly fanartKey?: string | undefined
  readonly optional?: readonly OptionalProvider[]
  readonly bases?: BaseAddresses
  readonly allowCustomHosts?: boolean
  /** Default `both`. */
  readonly scope?: 'both' | 'artists' | 'tracks'
  /** The most played artists and songs, so many of each. */
  readonly limit?: number | undefined
  readonly refresh?: Refresh
  /** The most requests of the run, retries included. */
  readonly maxRequests?: number | undefined
  /** No new question after so many ms. */
  readonly deadlineMs?: number | undefined
  /** Per request; default: each service's own. */
  readonly timeoutMs?: number | undefined
  /** Ends the run: what is under way gets ten seconds, everything answered is kept. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EnrichProgress) => void
  readonly clock?: Clock
  readonly random?: () => number
  /** For tests against stubs without limits; there is no setting for it. */
  readonly limits?: Partial<Record<LaneName, LaneLimits>>
}

export interface LaneReport {
  readonly service: LaneName
  readonly requests: number
  readonly retries: number
  readonly mostInFlight: number
  readonly queued: number
  readonly breaker: Breaker
}

export interface EnrichProgress {
  readonly artists: { readonly done: number; readonly total: number }
  readonly songs: { readonly done: number; readonly total: number }
  readonly pictures: number
  readonly requests: number
  readonly planned: number
  readonly elapsedMs: number
  /** What the slowest service still needs at its documented pace; null before the first request. */
  readonly leftMs: number | null
  readonly lanes: readonly LaneReport[]
}

export interface Counts {
  readonly found: number
  readonly notFound: number
  readonly transient: number
}

export interface EnrichResult {
  readonly plan: Plan
  /** `done`: all that was due has a row · `partial`: some failed or were left · `stopped`: by the signal. */
  readonly end: 'done' | 'partial' | 'stopped'
  readonly artists: Counts & { readonly total: number }
  readonly images: Counts
  readonly tracks: Counts & { readonly total: number }
  /** Rows left to the next run (stopped, deadline, requests used up). */
  readonly left: number
  readonly requests: number
  readonly retries: number
  /** Questions asked of services or memory, how many memory answered, and how many one request at a time it would be. */
  readonly questions: number
  readonly remembered: number
  readonly saved: number
  readonly providers: readonly { readonly provider: string; readonly kind: string; readonly tally: Tally }[]
  readonly lanes: readonly LaneReport[]
  readonly elapsedMs: number
  /** Services that refused us or did not answer. */
  readonly degraded: readonly string[]
}

/**
 * Checks what a plan and a run need alike, and gives the services' addresses.
 *
 * *Errors:* AppError `usage`.
 */
export function checkOptions(options: EnrichOptions): Bases {
  if (options.optional?.includes('fanarttv') && options.fanartKey === undefined) {
    throw new AppError('usage', 'fanart.tv answers only with a key', {
      place: '--providers fanarttv',
      remedy: 'set FANARTTV_API_KEY, or leave the provider out',
    })
  }
  return baseAddresses(options.bases, options.allowCustomHosts)
}
