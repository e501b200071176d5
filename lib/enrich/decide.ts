import type { HttpOutcome } from './http.ts'
import { isRecord, type Json, record, text } from './wire.ts'

/** Who is asked; the ids that are stored. */
export type Provider =
  | 'musicbrainz'
  | 'listenbrainz'
  | 'wikidata-query'
  | 'wikidata'
  | 'commons'
  | 'lastfm'
  | 'deezer'
  | 'itunes'
  | 'theaudiodb'
  | 'fanarttv'

/** What an outcome means and what to do about it. */
export type Decision =
  | { readonly kind: 'ok'; readonly json: Json | readonly unknown[] }
  /** The service says that it does not know the entity: a fact, remembered with a term. */
  | { readonly kind: 'not_found'; readonly code: string }
  /** The service refuses this very question: our fault, never a fact about the entity. */
  | { readonly kind: 'bad_request'; readonly text: string }
  /** The service refuses us (key, token, identification): it is off for this run. */
  | { readonly kind: 'fatal'; readonly text: string; readonly hint: string | null }
  /** We are too fast: the whole lane waits. */
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

const minuteMs = 60_000
const shortestWaitMs = 1_000
/** The longest wait that is believed: a service that names more is tried again after a day. */
const mostWaitMs = 24 * 60 * minuteMs

/** A wait that a service names, within reason: no number, however odd, may become a time that does not exist. */
const clampWait = (ms: number): number =>
  Number.isNaN(ms) ? mostWaitMs : Math.min(mostWaitMs, Math.max(shortestWaitMs, ms))

/** The longest wait that a lane sits out; beyond it the lane is closed until then and its rows come later. */
export const longestWaitMs = 5 * minuteMs

/**
 * The wait that a `Retry-After` asks for, in ms, or null without one: seconds, or a date judged against the server's own
 * `Date`, so that a wrong clock on either side does no harm. At least 1 s: MusicBrainz sends 0, which is a hot loop. At most a day.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return null
  if (/^\d+(\.\d+)?$/.test(value)) return clampWait(Number(value) * 1000)
  const at = Date.parse(value)
  if (Number.isNaN(at)) return null
  const serverNow = Date.parse(headers.date ?? '')
  return clampWait(at - (Number.isNaN(serverNow) ? now : serverNow))
}

/**
 * What to make of a request's outcome. Pure: the only place where a status, a header or an error body is judged.
 *
 * The body is read before the status: Last.fm, Deezer and the MediaWiki API send errors as 200.
 *
 * @param now ms since 1970, for a date in `Retry-After` when the server does not say what time it has
 */
export function decide(provider: Provider, outcome: HttpOutcome, now: number): Decision {
  if ('failure' in outcome) {
    if (outcome.failure === 'aborted') return { kind: 'stopped' }
    // The query service's slow answers are slow again when they are asked again.
    if (outcome.failure === 'timeout' && provider === 'wikidata-query') return { kind: 'split', text: outcome.text }
    return { kind: 'transient', text: `${outcome.failure}: ${outcome.text}`, reached: outcome.failure !== 'refused' }
  }
  const { status, headers, body } = outcome
  const wait = retryAfterMs(headers, now)
  if (status === 301 || status === 302 || status === 303 || status === 307 || status === 308) {
    return headers.location
      ? { kind: 'redirect', location: headers.location }
      : { kind: 'transient', text: `HTTP ${status} without a target`, reached: true }
  }
  const json = parse(body)
  switch (provider) {
    case 'musicbrainz':
      return musicbrainz(status, headers, json, wait)
    case 'listenbrainz':
      return listenbrainz(status, headers, json, wait)
    case 'wikidata-query':
      return wikidataQuery(status, body, json, wait)
    case 'wikidata':
    case 'commons':
      return mediawiki(status, json, wait)
    case 'lastfm':
      return lastfm(status, json, wait)
    case 'deezer':
      return deezer(status, json, wait)
    case 'itunes':
      // Its only sign of a limit is an empty 403; it may last half an hour, the lane closes if it comes again and again.
      if (status === 403 || status === 429) return limited(wait ?? minuteMs, `HTTP ${status}`)
      return general(status, json, wait)
    case 'fanarttv':
      if (status === 401 || status === 403)
        return { kind: 'fatal', text: `HTTP ${status}`, hint: 'check FANARTTV_API_KEY' }
      return general(status, json, wait)
    case 'theaudiodb':
      if (status === 404) return { kind: 'not_found', code: String(status) }
      if (status === 401 || status === 403) return { kind: 'fatal', text: `HTTP ${status}`, hint: null }
      return general(status, json, wait)
  }
}

// `undefined`: not JSON. A JSON document that is neither object nor array counts as none.
function parse(body: string): Json | readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(body.replace(/^\ufeff/, ''))
    return isRecord(value) || Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function general(status: number, json: Json | readonly unknown[] | undefined, wait: number | null): Decision {
  if (status === 429) return limited(wait, 'HTTP 429')
  if (status >= 200 && status < 300) {
    return json === undefined ? { kind: 'transient', text: 'answer is not JSON', reached: true } : { kind: 'ok', json }
  }
  if (status === 404 || status === 410) return { kind: 'not_found', code: String(status) }
  if (status === 413 || status === 414) return { kind: 'split', text: `HTTP ${status}` }
  if (status === 400 || status === 405 || status === 422) return { kind: 'bad_request', text: said(status, json) }
  return { kind: 'transient', text: said(status, json), reached: true, ...(wait === null ? {} : { waitMs: wait }) }
}

const limited = (wait: number | null, why: string, least = 2_000): Decision => ({
  kind: 'rate_limited',
  waitMs: wait ?? least,
  text: why,
})

function said(status: number, json: Json | readonly unknown[] | undefined): string {
  const error = record(json).error
  const info = text(isRecord(error) ? (error.info ?? error.message) : error, 120)
  return info === null ? `HTTP ${status}` : `HTTP ${status}: ${info}`
}

function musicbrainz(
  status: number,
  headers: Readonly<Record<string, string>>,
  json: Json | readonly unknown[] | undefined,
  wait: number | null,
): Decision {
  const error = String(record(json).error ?? '')
  if (status === 403) {
    return {
      kind: 'fatal',
      text: said(status, json),
      hint:
        headers['x-ratelimit-who'] === 'ua-missing' || /not identified itself/.test(error)
          ? 'MusicBrainz wants to know who asks: set ENRICH_CONTACT to your web page or mail address'
          : null,
    }
  }
  if (status === 503 || status === 429) {
    // Two different 503s. Ours names our address in the zone or says "exceeding"; the other one is for everybody.
    const zone = headers['x-ratelimit-zone'] ?? ''
    const ours = /exceeding the allowable rate/i.test(error) || /\bip=/.test(zone) || status === 429
    return ours ? limited(wait, said(status, json), shortestWaitMs) : { kind: 'shed', text: said(status, json) }
  }
  return general(status, json, wait)
}

function listenbrainz(
  status: number,
  headers: Readonly<Record<string, string>>,
  json: Json | readonly unknown[] | undefined,
  wait: number | null,
): Decision {
  if (status === 401 || status === 403) {
    return { kind: 'fatal', text: said(status, json), hint: 'check LISTENBRAINZ_TOKEN; the keyless way is taken' }
  }
  if (status === 429) {
    const reset = Number(headers['x-ratelimit-reset-in'])
    return limited(reset > 0 ? clampWait(reset * 1000) : (wait ?? 10_000), said(status, json))
  }
  // Its fuzzy part gives up after ten seconds: fewer pairs at once may pass, and one of them may be the poisoned one.
  if (status === 500) return { kind: 'split', text: said(status, json) }
  return general(status, json, wait)
}

function wikidataQuery(
  status: number,
  body: string,
  json: Json | readonly unknown[] | undefined,
  wait: number | null,
): Decision {
  if (status === 403)
    return { kind: 'fatal', text: 'HTTP 403', hint: 'the query service refuses us; set ENRICH_CONTACT' }
  if (status === 429) return limited(wait, 'HTTP 429', 9_000)
  const timedOut =
    /TimeoutException|QueryTimeout/.test(body.slice(0, 2_000)) || /TimeoutException/.test(body.slice(-20_000))
  if (timedOut && (status === 500 || (status === 200 && json === undefined))) {
    return { kind: 'split', text: `query timed out (HTTP ${status})` }
  }
  if (status === 200 && json === undefined) return { kind: 'transient', text: 'answer breaks off', reached: true }
  if (status === 400 || status === 500) return { kind: 'split', text: `HTTP ${status}` }
  return general(status, json, wait)
}

function mediawiki(status: number, json: Json | readonly unknown[] | undefined, wait: number | null): Decision {
  const error = record(record(json).error)
  const code = text(error.code, 60)
  if (status === 429) return limited(wait, 'HTTP 429', 20_000)
  if (code === 'maxlag') return { kind: 'transient', text: 'maxlag', reached: true, waitMs: wait ?? 5_000 }
  if (code === 'ratelimited') return limited(wait, 'ratelimited', 20_000)
  if (code === 'toomanyvalues') return { kind: 'split', text: code }
  if (code !== null && /^(readonly|internal_api_error|cirrussearch-)/.test(code)) {
    return { kind: 'transient', text: code, reached: true, ...(wait === null ? {} : { waitMs: wait }) }
  }
  if (code !== null) return { kind: 'bad_request', text: `${code}: ${text(error.info, 120) ?? ''}` }
  return general(status, json, wait)
}

function lastfm(status: number, json: Json | readonly unknown[] | undefined, wait: number | null): Decision {
  // HTML, XML and empty bodies come with every status and mean that the backend stumbled.
  if (json === undefined || Array.isArray(json)) {
    return status === 429
      ? limited(wait, 'HTTP 429', 5_000)
      : { kind: 'transient', text: `HTTP ${status}, answer is not JSON`, reached: true }
  }
  const answer = record(json)
  const code = Number(answer.error)
  if (answer.error === undefined || !Number.isInteger(code)) {
    if (status === 429) return limited(wait, 'HTTP 429', 5_000)
    return status < 400 ? { kind: 'ok', json } : { kind: 'transient', text: said(status, json), reached: true }
  }
  const message = text(answer.message, 120) ?? ''
  const told = `error ${code}: ${message}`
  switch (code) {
    case 6:
      return /not found|could not be found/i.test(message)
        ? { kind: 'not_found', code: '6' }
        : { kind: 'bad_request', text: told }
    case 7:
      return { kind: 'not_found', code: '7' }
    case 29:
      return limited(wait, told, 5_000)
    case 10:
    case 26:
    case 4:
    case 13:
    case 17:
    case 9:
    case 14:
      return { kind: 'fatal', text: told, hint: 'check LASTFM_API_KEY' }
    case 2:
    case 3:
    case 5:
      return { kind: 'fatal', text: told, hint: null }
    default:
      return { kind: 'transient', text: told, reached: true, ...(wait === null ? {} : { waitMs: wait }) }
  }
}

function deezer(status: number, json: Json | readonly unknown[] | undefined, wait: number | null): Decision {
  const error = record(record(json).error)
  const code = Number(error.code)
  if (error.code !== undefined) {
    const told = `error ${code}: ${text(error.message, 100) ?? ''}`
    if (code === 4) return limited(wait, told, 5_000)
    if (code === 800) return { kind: 'not_found', code: '800' }
    if (code === 500 || code === 501 || code === 600) return { kind: 'bad_request', text: told }
    return { kind: 'transient', text: told, reached: true }
  }
  return general(status, json, wait)
}
