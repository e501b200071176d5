import type { Clock } from './clock.ts'
import type { Provider } from './decide.ts'

/** Between the parts of a key: no name holds it. */
const separator = '\u001f'

/** The key under which a song's answers are remembered. */
export const pairKey = (artist: string, title: string): string => `${artist}${separator}${title}`

/** One remembered answer: a row of `enrichment_lookup`, key (kind, key, provider). Time stamps are ISO-8601 UTC. */
export interface LookupRow {
  readonly kind: string
  readonly key: string
  readonly provider: string
  /** `found` and `not_found` are facts with a term; `transient` and `bad_request` say only when to ask again. */
  readonly outcome: 'found' | 'not_found' | 'transient' | 'bad_request'
  readonly http_status: number | null
  readonly api_code: string | null
  /** JSON of what was found, in our shape; null unless found. */
  readonly payload: string | null
  readonly fetched_at: string | null
  readonly expires_at: string | null
  /** How often it was asked without being found. */
  readonly attempts: number
  readonly next_attempt_at: string | null
}

export type Status = 'found' | 'not_found' | 'transient_error'

/** A row of `artist_images`: one artist. Nulls: not known. */
export interface ArtistRow {
  readonly artist_clean: string
  readonly artist_lastfm: string | null
  readonly canonical_name: string | null
  readonly canonical_source: string | null
  /** How sure it is, say `identity_status`, `ambiguous`, `match_method` and `match_score` together. */
  readonly mbid: string | null
  readonly wikidata_qid: string | null
  readonly image_url: string | null
  readonly image_thumb_url: string | null
  readonly image_mime: string | null
  readonly image_width: number | null
  readonly image_height: number | null
  readonly image_provider: string | null
  readonly image_page_url: string | null
  readonly licence: string | null
  readonly licence_url: string | null
  readonly attribution: string | null
  readonly attribution_required: number | null
  readonly identity_status: Status
  readonly image_status: Status
  readonly match_method: string | null
  readonly match_score: number | null
  readonly ambiguous: number
  /** Providers that answered definitively, sorted, `,` between them. */
  readonly providers_asked: string
  readonly fetched_at: string | null
  readonly expires_at: string | null
  readonly attempts: number
  readonly next_attempt_at: string | null
  /** Class and short text of the last failure, at most 200 characters. */
  readonly last_error: string | null
}

/** A row of `track_info`: one song of one artist. */
export interface TrackRow {
  readonly artist_clean: string
  readonly song_clean: string
  readonly artist_lastfm: string | null
  readonly song_lastfm: string | null
  readonly canonical_artist: string | null
  readonly canonical_title: string | null
  readonly canonical_source: string | null
  readonly recording_mbid: string | null
  readonly duration_ms: number | null
  readonly duration_source: string | null
  readonly duration_spread_ms: number | null
  readonly cover_url: string | null
  readonly status: Status
  readonly match_method: string | null
  readonly match_score: number | null
  readonly providers_asked: string
  readonly fetched_at: string | null
  readonly expires_at: string | null
  readonly attempts: number
  readonly next_attempt_at: string | null
  readonly last_error: string | null
}

/** What the plan needs to know of a row that exists. */
export interface RowState {
  readonly status: Status
  /** Artists: state of the picture. Tracks: whether there is a length. */
  readonly complete: boolean
  readonly providers: string
  readonly expires_at: string | null
  readonly next_attempt_at: string | null
}

/** An artist of the plays with its songs. */
export interface WorkArtist {
  readonly artist: string
  /** False: beyond the limit, it is here for some of its songs. */
  readonly listed: boolean
  readonly state: RowState | null
  readonly songs: readonly { readonly song: string; readonly state: RowState | null }[]
}

export interface RunRecord {
  readonly id: string
  readonly fingerprint: string
  readonly now: string
  /** A run whose heart last beat before this is dead. */
  readonly staleBefore: string
}

/**
 * Where answers are kept. The job hands one in; this folder knows no SQL.
 *
 * Every `save` is one transaction and an idempotent upsert. Deletes nothing.
 */
export interface LookupStore {
  /**
   * The artists of the plays with their songs and what is known of each, most played first, some hundred at a time.
   *
   * @param limit only so many artists and so many songs, the most played ones
   */
  work(limit?: number): AsyncIterable<readonly WorkArtist[]>
  /** The remembered answers of these keys, fresh or not. */
  recall(kind: string, provider: string, keys: readonly string[]): Promise<readonly LookupRow[]>
  artistRow(artist: string): Promise<ArtistRow | null>
  trackRows(artist: string): Promise<readonly TrackRow[]>
  save(changes: {
    readonly lookups?: readonly LookupRow[]
    readonly artists?: readonly ArtistRow[]
    readonly tracks?: readonly TrackRow[]
  }): Promise<void>
  /** Takes the lease; AppError `locked` if another run holds it. A dead run's lease is taken over. */
  beginRun(run: RunRecord): Promise<void>
  /** False if the lease was taken over by another run meanwhile. */
  beat(id: string, now: string): Promise<boolean>
  finishRun(id: string, now: string, counters: string, exit: string): Promise<void>
}

/** How long an answer of a kind counts. */
export type Term = 'identity' | 'image' | 'track'

const dayMs = 86_400_000
const foundDays: Readonly<Record<Term, number>> = { identity: 180, image: 90, track: 365 }
const absentDays = [7, 30, 90] as const

/** When a found answer expires: identity 180 d, image 90 d (files are renamed and deleted), track 365 d, ±10 %. */
export function foundUntil(term: Term, now: number, random: number): number {
  return Math.round(now + foundDays[term] * dayMs * (0.9 + random * 0.2))
}

/** When "not found" expires: 7, then 30, then 90 days by attempts, ±10 %. */
export function absentUntil(attempts: number, now: number, random: number): number {
  const days = absentDays[Math.min(Math.max(attempts, 1), absentDays.length) - 1] ?? 90
  return Math.round(now + days * dayMs * (0.9 + random * 0.2))
}

/** When to ask again after a failure: 15 min · 4ⁿ, ±40 %, at most 12 h. */
export function retryAt(attempts: number, now: number, random: number): number {
  const wait = Math.min(12 * 3_600_000, 15 * 60_000 * 4 ** Math.max(0, attempts - 1))
  return Math.round(now + wait * (0.6 + random * 0.8))
}

export const stamp = (ms: number): string => new Date(ms).toISOString()
export const unstamp = (iso: string | null): number | null => {
  const ms = iso === null ? Number.NaN : Date.parse(iso)
  return Number.isNaN(ms) ? null : ms
}

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

/** The providers of a row as they are stored. */
export function providerList(providers: Iterable<Provider | string>): string {
  return [...new Set(providers)].sort().join(',')
}

/** Class and short text of a failure, as `last_error` holds it. */
export function shortError(kind: string, text: string): string {
  return Array.from(`${kind}: ${text}`).slice(0, 200).join('')
}
