import { type Clock, systemClock } from './clock.ts'
import { contactAddress } from './http.ts'
import { isSpecialArtist } from './match.ts'
import { dueReason, type LookupStore, pairKey, type Reason, type RowState, unstamp, type WorkArtist } from './memory.ts'
import { checkOptions, type EnrichOptions } from './options.ts'
import { gapShare, makePlan, type Plan } from './plan.ts'
import { fitsLookup } from './services/listenbrainz.ts'

/** One artist with its songs: what is to be done about each. */
export interface Job {
  readonly artist: string
  /** Null: the artist's row is fresh. */
  readonly due: Reason | null
  /** Those that are due. */
  readonly songs: readonly { readonly song: string; readonly due: Reason }[]
}

export type LastfmMode = 'all' | 'gaps' | 'off'

const lastfmAllUpTo = 5_000
const keysPerRecall = 400

/** What a run has to do. Read page by page, each time anew: a catalogue of any size takes the memory of a page. */
export class Due {
  readonly #options: EnrichOptions
  readonly #now: Pick<Clock, 'now'>
  readonly lastfm: LastfmMode

  private constructor(options: EnrichOptions, now: number, lastfm: LastfmMode) {
    this.#options = options
    // All pages are judged by one time, so that what was counted for the plan is what the run does.
    this.#now = { now: () => now }
    this.lastfm = lastfm
  }

  static async open(options: EnrichOptions): Promise<Due> {
    return new Due(options, (options.clock ?? systemClock).now(), await lastfmMode(options))
  }

  /** Artists of which something is due, most played first, some hundred at a time. */
  async *pages(): AsyncGenerator<readonly Job[]> {
    for await (const page of this.#options.store.work(this.#options.limit)) {
      const jobs = page.map((one) => this.#job(one)).filter((job) => job.due !== null || job.songs.length > 0)
      if (jobs.length > 0) yield jobs
    }
  }

  #job(one: WorkArtist): Job {
    const { refresh = 'due', scope = 'both' } = this.#options
    const reason = (state: RowState | null, wanted: readonly string[]) =>
      // Nobody is asked about a special name, so that no provider can be lacking.
      dueReason(state, refresh, state?.providers === 'none' ? [] : wanted, this.#now)
    return {
      artist: one.artist,
      due: scope === 'tracks' || !one.listed ? null : reason(one.state, this.#wantedOfArtist(one.state)),
      songs:
        scope === 'artists'
          ? []
          : one.songs.flatMap(({ song, state }) => {
              const due = reason(state, this.#wantedOfTrack(state))
              return due === null ? [] : [{ song, due }]
            }),
    }
  }

  /** Providers that could still add something to an artist in this state. */
  #wantedOfArtist(state: RowState | null): string[] {
    const optional = state?.complete === false ? (this.#options.optional ?? []) : []
    return [
      ...(this.lastfm === 'off' ? [] : ['lastfm']),
      ...optional.filter((name) => name !== 'itunes' && (name === 'deezer' || state?.status === 'found')),
    ]
  }

  #wantedOfTrack(state: RowState | null): string[] {
    const found = state?.status === 'found'
    const gap = !found || !state.complete
    return [
      ...(this.lastfm === 'all' || (this.lastfm === 'gaps' && gap) ? ['lastfm'] : []),
      ...(this.#options.listenbrainzToken !== undefined && !found ? ['listenbrainz'] : []),
      ...(found && !state.complete ? (this.#options.optional ?? []).filter((name) => name === 'deezer') : []),
    ]
  }

  /** The requests that all of this costs at most, after what memory still knows. */
  async plan(): Promise<{ readonly plan: Plan; readonly artists: number; readonly songs: number }> {
    const { store, refresh = 'due', scope = 'both', optional = [], listenbrainzToken } = this.#options
    const unknown = async (kind: string, provider: string, keys: readonly string[]): Promise<number> =>
      refresh === 'all'
        ? keys.length
        : keys.length - (await freshKeys(store, this.#now.now(), refresh, kind, provider, keys))
    const sum = { dueArtists: 0, dueSongs: 0, asked: 0 }
    const counts = { artists: 0, names: 0, songs: 0, pairs: 0, searches: 0, lastfmArtists: 0, lastfmSongs: 0 }
    for await (const page of this.pages()) {
      for (const job of page) {
        if (job.due !== null) sum.dueArtists++
        sum.dueSongs += job.songs.length
      }
      const jobs = page.filter((job) => !isSpecialArtist(job.artist))
      const songs = jobs.flatMap((job) => job.songs.map(({ song, due }) => ({ artist: job.artist, title: song, due })))
      const due = jobs.filter((job) => job.due !== null)
      // An artist that is not due itself needs its name only if no row tells who it is.
      const named = scope === 'tracks' ? jobs : due.filter((job) => job.due !== 'provider')
      const searched = songs.filter((song) => song.due !== 'provider')
      const name = (job: Job) => job.artist
      const key = (song: { artist: string; title: string }) => pairKey(song.artist, song.title)
      sum.asked += songs.length
      counts.artists += named.length
      counts.songs += searched.length
      counts.names += await unknown('artist-name', 'wikidata-query', named.map(name))
      counts.searches += await unknown('song', 'musicbrainz', searched.map(key))
      if (listenbrainzToken !== undefined) {
        counts.pairs += await unknown('pair', 'listenbrainz', songs.filter(fitsLookup).map(key))
      }
      if (this.lastfm !== 'off') {
        counts.lastfmArtists += await unknown('artist', 'lastfm', due.map(name))
        counts.lastfmSongs += await unknown('track', 'lastfm', songs.map(key))
      }
    }
    if (this.lastfm === 'gaps') {
      counts.lastfmSongs = Math.ceil(Math.min(counts.lastfmSongs, sum.asked * gapShare))
    }
    const asks = (name: (typeof optional)[number]) => optional.includes(name)
    const plan = makePlan(
      {
        ...counts,
        images: scope !== 'tracks',
        deezer: asks('deezer'),
        itunes: asks('itunes'),
        theaudiodb: asks('theaudiodb'),
        fanarttv: asks('fanarttv'),
      },
      isIdentified(this.#options.contact),
    )
    return { plan, artists: sum.dueArtists, songs: sum.dueSongs }
  }
}

/**
 * The requests that a run would send at most, by service, and how long they take at the documented limits. Sends nothing.
 *
 * *Errors:* AppError `usage` for a base address that is not allowed, or a missing key.
 */
export async function planEnrichment(options: EnrichOptions): Promise<Plan> {
  checkOptions(options)
  return (await (await Due.open(options)).plan()).plan
}

/** By default Last.fm is asked about everything only where that takes minutes, not hours. */
async function lastfmMode(options: EnrichOptions): Promise<LastfmMode> {
  if (options.lastfmKey === undefined) return 'off'
  if (options.lastfmMode !== undefined) return options.lastfmMode
  let entities = 0
  for await (const page of options.store.work(options.limit)) {
    for (const one of page) entities += Number(one.listed) + one.songs.length
    if (entities <= lastfmAllUpTo) continue
    options.log.info('Last.fm is asked for gaps only', { more_entities_than: lastfmAllUpTo, setting: 'LASTFM_MODE' })
    return 'gaps'
  }
  return 'all'
}

// The plan needs no contact and must not fail for a bad one; the run itself does.
function isIdentified(contact: string | undefined): boolean {
  try {
    return contactAddress(contact) !== null
  } catch {
    return false
  }
}

/** For how many of the keys memory has an answer that the run would take. */
async function freshKeys(
  store: LookupStore,
  now: number,
  refresh: 'due' | 'failed',
  kind: string,
  provider: string,
  keys: readonly string[],
): Promise<number> {
  let known = 0
  for (let at = 0; at < keys.length; at += keysPerRecall) {
    for (const row of await store.recall(kind, provider, keys.slice(at, at + keysPerRecall))) {
      const expires = unstamp(row.expires_at)
      const next = unstamp(row.next_attempt_at)
      const fact = (row.outcome === 'found' || row.outcome === 'not_found') && expires !== null && expires > now
      if (fact || (refresh === 'due' && next !== null && next > now)) known++
    }
  }
  return known
}
