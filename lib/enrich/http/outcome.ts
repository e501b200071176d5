import { isRecord, type Json, record, text } from '../json.ts'

/** What an outcome means and what to do about it. */
export type Outcome =
  | { readonly kind: 'ok'; readonly json: Json | readonly unknown[] }
  /** The service says that it does not know the entity: a fact, cached with a term. `id`: only that one of a batch. */
  | { readonly kind: 'not_found'; readonly code: string; readonly id?: string }
  /** The service refuses this very request: our fault, never a fact about the entity. */
  | { readonly kind: 'bad_request'; readonly text: string }
  /** The service refuses us (key, token, identification): it is off for this run. */
  | { readonly kind: 'fatal'; readonly text: string; readonly hint: string | null }
  /** We are too fast: everything that shares the limit waits. */
  | { readonly kind: 'rate_limited'; readonly waitMs: number; readonly text: string }
  /** The service is too busy for anybody: try again without slowing down. */
  | { readonly kind: 'shed'; readonly text: string }
  /** Something passing. `reached` is false when nobody was there at all. */
  | { readonly kind: 'transient'; readonly text: string; readonly reached: boolean; readonly waitMs?: number }
  /** Too much for one request: halves may work, the same again would not. */
  | { readonly kind: 'split'; readonly text: string }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Stopped by us. */
  | { readonly kind: 'stopped' }

/** An HTTP answer, its body parsed and its `Retry-After` read. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Undefined: not JSON. A JSON document that is neither object nor array counts as none. */
  readonly json: Json | readonly unknown[] | undefined
  readonly waitMs: number | null
}

const minuteMs = 60_000
/** MusicBrainz sends `Retry-After: 0`, which is a hot loop. */
export const minWaitMs = 1_000
/** The longest wait that is believed: a service that names more is tried again after a day. */
const maxNamedWaitMs = 24 * 60 * minuteMs
/** The longest wait that a limiter sits out; beyond it the limiter is closed until then and its rows come later. */
export const maxWaitMs = 5 * minuteMs

/** A wait that a service names, within reason: no number, however odd, may become a time that does not exist. */
export const clampWait = (ms: number): number =>
  Number.isNaN(ms) ? maxNamedWaitMs : Math.min(maxNamedWaitMs, Math.max(minWaitMs, ms))

/**
 * The wait that a `Retry-After` asks for, in ms, or null without one: seconds, or a date judged against the server's own
 * `Date`, so that a wrong clock on either side does no harm. At least a second, at most a day.
 *
 * @param now ms since 1970, for a date when the server does not say what time it has
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return null
  // Two proxies may each have added theirs.
  const seconds = /^(\d+(?:\.\d+)?)(?:\s*,.*)?$/.exec(value)?.[1]
  if (seconds !== undefined) return clampWait(Number(seconds) * 1000)
  const at = Date.parse(value)
  if (Number.isNaN(at)) return null
  const serverNow = Date.parse(headers.date ?? '')
  return clampWait(at - (Number.isNaN(serverNow) ? now : serverNow))
}

/** What a status means where the service has no meaning of its own for it. */
export function byStatus({ status, json, waitMs }: Pick<HttpAnswer, 'status' | 'json' | 'waitMs'>): Outcome {
  if (status === 429) return rateLimited(waitMs, 'HTTP 429')
  if (status >= 200 && status < 300) {
    return json === undefined ? { kind: 'transient', text: 'answer is not JSON', reached: true } : { kind: 'ok', json }
  }
  if (status === 404 || status === 410) return { kind: 'not_found', code: String(status) }
  if (status === 413 || status === 414) return { kind: 'split', text: `HTTP ${status}` }
  if (status === 400 || status === 405 || status === 422) return { kind: 'bad_request', text: said(status, json) }
  return transient(said(status, json), waitMs)
}

/** We are too fast: wait as long as the service asks for, else `usual`. */
export const rateLimited = (waitMs: number | null, why: string, usual = 2_000): Outcome => ({
  kind: 'rate_limited',
  waitMs: waitMs ?? usual,
  text: why,
})

/** A passing failure of a service that answered. */
export const transient = (text: string, waitMs: number | null = null): Outcome => ({
  kind: 'transient',
  text,
  reached: true,
  ...(waitMs === null ? {} : { waitMs }),
})

/** Status and what the body says about it, for a log. */
export function said(status: number, json: Json | readonly unknown[] | undefined): string {
  const error = record(json).error
  const info = text(isRecord(error) ? (error.info ?? error.message) : error, 120)
  return info === null ? `HTTP ${status}` : `HTTP ${status}: ${info}`
}
