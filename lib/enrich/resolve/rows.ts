import {
  type ArtistRow,
  type LookupStatus,
  type LookupStore,
  noActFacts,
  noSongFacts,
  type TrackRow,
} from '../../model/lookups.ts'
import { stamp } from '../clock.ts'
import { absentUntil, retryAt } from '../requests/cache.ts'
import type { Job } from './job.ts'
import { noPicture } from './picture.ts'
import type { Provenance } from './provenance.ts'

/** Rows of one artist, ready to be stored; empty where the run ended before everything was known. */
export interface Resolved {
  readonly artist: ArtistRow | null
  readonly tracks: readonly TrackRow[]
  /** Rows that were left to the next run. */
  readonly left: number
}

interface Tallying {
  found: number
  notFound: number
  transient: number
}

/** Collects finished rows and writes them some hundred at a time; all of them can be made again from the cache. */
export class Rows {
  readonly artists: Tallying = { found: 0, notFound: 0, transient: 0 }
  readonly images: Tallying = { found: 0, notFound: 0, transient: 0 }
  readonly tracks: Tallying = { found: 0, notFound: 0, transient: 0 }
  /** Of the rows that were due. */
  readonly done = { artists: 0, songs: 0 }
  readonly #store: LookupStore
  /** Rows that something failed for, whatever they hold. */
  failed = 0
  #artistRows: ArtistRow[] = []
  #trackRows: TrackRow[] = []

  constructor(store: LookupStore) {
    this.#store = store
  }

  async add(resolved: Resolved): Promise<void> {
    this.done.songs += resolved.tracks.length
    if (resolved.artist) {
      this.done.artists++
      this.#artistRows.push(resolved.artist)
      count(this.artists, resolved.artist.identity_status)
      count(this.images, resolved.artist.image_status)
      if (resolved.artist.last_error !== null) this.failed++
    }
    for (const row of resolved.tracks) {
      this.#trackRows.push(row)
      count(this.tracks, row.status)
      if (row.last_error !== null) this.failed++
    }
    if (this.#artistRows.length + this.#trackRows.length >= 500) await this.flush()
  }

  async flush(): Promise<void> {
    const artists = this.#artistRows
    const tracks = this.#trackRows
    if (artists.length + tracks.length === 0) return
    this.#artistRows = []
    this.#trackRows = []
    await this.#store.save({ artists, tracks })
  }
}

function count(tally: Tallying, status: ArtistRow['identity_status']): void {
  if (status === 'found') tally.found++
  else if (status === 'not_found') tally.notFound++
  else tally.transient++
}

/**
 * The state of a row. "Not found" needs that everybody who was asked answered; one failure makes it "transient": not a
 * fact, but a time for the next try.
 */
export function rowState(
  found: boolean,
  provenance: Provenance,
  attempts: number,
  now: number,
  random: number,
  holds = provenance.until(found),
) {
  const failure = provenance.failures[0]
  const status: LookupStatus = found ? 'found' : failure ? 'transient_error' : 'not_found'
  const tries = found ? 0 : attempts + 1
  const next = failure
    ? Math.min(...provenance.failures.map((failed) => failed.retryAt ?? retryAt(tries || 1, now, random)))
    : null
  const until = Number.isFinite(holds) ? holds : absentUntil(tries || 1, now, random)
  return {
    status,
    columns: {
      fetched_at: stamp(now),
      expires_at: status === 'transient_error' ? null : stamp(until),
      attempts: tries,
      // Something was found although somebody failed: the rest is tried again like any failure.
      next_attempt_at: next === null ? null : stamp(Math.max(next, now + 1_000)),
      last_error: failure ? shortError(failure.why, failure.text) : null,
    },
  }
}

/** The rows of nobody by name: no request, and nothing to ask again for a long time. */
export function specialRows(job: Job, now: number, random: number): Resolved {
  const columns = {
    fetched_at: stamp(now),
    expires_at: stamp(absentUntil(3, now, random)),
    attempts: 0,
    next_attempt_at: null,
    last_error: null,
    providers_asked: 'none',
    match_method: 'special',
    match_score: null,
  }
  const artist: ArtistRow = {
    artist_clean: job.artist,
    artist_lastfm: null,
    canonical_name: null,
    canonical_source: null,
    mbid: null,
    wikidata_qid: null,
    ...noPicture,
    ...noActFacts,
    identity_status: 'not_found',
    image_status: 'not_found',
    ambiguous: 0,
    ...columns,
  }
  const track = (song: string): TrackRow => ({
    artist_clean: job.artist,
    song_clean: song,
    artist_lastfm: null,
    song_lastfm: null,
    canonical_artist: null,
    canonical_title: null,
    canonical_source: null,
    recording_mbid: null,
    duration_ms: null,
    duration_source: null,
    duration_spread_ms: null,
    cover_url: null,
    ...noSongFacts,
    status: 'not_found',
    ...columns,
  })
  return {
    artist: job.due === null ? null : artist,
    tracks: job.songs.filter((song) => song.due !== null).map((song) => track(song.song)),
    left: 0,
  }
}

/** The providers of a row as they are stored. */
export function providerList(providers: Iterable<string>): string {
  return [...new Set(providers)].sort().join(',')
}

/** Class and short text of a failure, as `last_error` holds it. */
export function shortError(kind: string, text: string): string {
  return Array.from(`${kind}: ${text}`).slice(0, 200).join('')
}
