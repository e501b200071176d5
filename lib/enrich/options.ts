import { settings } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Decision } from '../model/decisions.ts'
import type { LookupStore } from '../model/lookups.ts'
import type { Clock } from './clock.ts'
import type { BreakerState } from './http/circuit-breaker.ts'
import type { Limits } from './http/limits.ts'
import type { Refresh } from './plan/due-reason.ts'
import type { Plan } from './plan/plan.ts'
import type { Tally } from './requests/queue-owner.ts'
import { type BaseAddresses, baseAddresses, optInServices, roles, type ServiceKeys } from './services/list.ts'

/** What a run of enrichment may use and how far it may go. */
export interface EnrichOptions {
  readonly store: LookupStore
  readonly log: Logger
  /** Version of the product, for the User-Agent. */
  readonly version: string
  /** Page of the product, for the User-Agent of who names no contact. */
  readonly homepage?: string | undefined
  /** Web page or mail address of who runs this; without it Wikimedia is asked eight times a minute. */
  readonly contact?: string | undefined
  /** Keys and tokens by service. */
  readonly keys?: ServiceKeys
  /** What listeners' names are asked for; default: `all` up to 5,000 entities, `gaps` above. */
  readonly listenerMode?: 'all' | 'gaps' | 'off' | undefined
  /** A person's word, which beats every service. */
  readonly decisions?: readonly Decision[]
  /** Keeps the similar artists that listeners' names come with. */
  readonly similar?: boolean
  /** Opt-in services that are asked as well. */
  readonly optional?: readonly string[]
  readonly bases?: BaseAddresses
  readonly allowCustomHosts?: boolean
  /** Default `both`. */
  readonly scope?: 'both' | 'artists' | 'tracks'
  /** The most played artists and songs, so many of each. */
  readonly limit?: number | undefined
  readonly refresh?: Refresh
  /** The most requests of the run, retries included. */
  readonly maxRequests?: number | undefined
  /** No new request after so many ms. */
  readonly deadlineMs?: number | undefined
  /** Per request; default: each service's own. */
  readonly timeoutMs?: number | undefined
  /** Ends the run: what is under way gets ten seconds, everything answered is kept. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EnrichProgress) => void
  readonly clock?: Clock
  readonly random?: () => number
  /** For tests against stubs without limits; no setting changes it. */
  readonly limits?: Readonly<Record<string, Limits>>
}

/** What the limiter of one service did in a run. */
export interface LimiterReport {
  readonly service: string
  readonly requests: number
  readonly retries: number
  readonly maxInFlight: number
  readonly queued: number
  readonly breaker: BreakerState
}

/** How far a run has come. */
export interface EnrichProgress {
  readonly artists: { readonly done: number; readonly total: number }
  readonly songs: { readonly done: number; readonly total: number }
  readonly pictures: number
  readonly requests: number
  readonly planned: number
  readonly elapsedMs: number
  /** What the slowest service still needs at its documented pace; null before the first request. */
  readonly leftMs: number | null
  readonly limiters: readonly LimiterReport[]
}

export interface Counts {
  readonly found: number
  readonly notFound: number
  readonly transient: number
}

/** What a run found and what it cost. */
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
  /** Requests about entities, how many the cache answered, and how many HTTP requests batches saved. */
  readonly asked: number
  readonly cached: number
  readonly saved: number
  readonly providers: readonly { readonly provider: string; readonly kind: string; readonly tally: Tally }[]
  readonly limiters: readonly LimiterReport[]
  readonly elapsedMs: number
  /** Services that refused us or did not answer. */
  readonly degraded: readonly string[]
}

/**
 * Checks what a plan and a run need alike, and gives the services' addresses.
 *
 * *Errors:* AppError `usage`.
 */
export function checkOptions(options: EnrichOptions): ReadonlyMap<string, URL> {
  optInServices(options.optional ?? [], options.keys ?? {})
  const { listenerNames } = roles
  if (options.similar && (!options.keys?.[listenerNames.name] || options.listenerMode === 'off')) {
    throw new AppError(
      'usage',
      `similar artists come with the names that ${listenerNames.limit.title} knows, and it is not asked`,
      {
        place: '--similar',
        remedy: `set ${settings[listenerNames.key.setting].env} (and ${settings[listenerNames.modeSetting].env} to all or gaps), or leave --similar out`,
      },
    )
  }
  return baseAddresses(options.bases, options.allowCustomHosts)
}
