import { type Clock, systemClock } from './clock.ts'
import { contactAddress } from './http.ts'
import { isSpecialArtist } from './match.ts'
import { dueReason, type Reason, type RowState, type WorkArtist } from './memory.ts'
import { checkOptions, type EnrichOptions } from './options.ts'
import { lookAhead } from './outlook.ts'
import { gapShare, makePlan, type Plan, type PlannedKind, plannedKinds } from './plan.ts'

/** One artist with its songs: what is to be done about each. */
export interface Job {
  readonly artist: string
  /** Null: the artist's row is fresh. */
  readonly due: Reason | null
  /** Those that are due. */
  readonly songs: readonly { readonly song: string; readonly due: Reason }[]
  /** Songs that are not, and that ListenBrainz was asked about: memory has what they say about who the artist is. */
  readonly told: readonly string[]
}

export type LastfmMode = 'all' | 'gaps' | 'off'

const lastfmAllUpTo = 5_000
/** Of more than these, one nearly always lacks a picture, so that all of its sources are asked anyway. */
const fewArtists = 25

/** What a run has to do. Read page by page, each time anew: a catalogue of any size takes the memory of a page. */
export class Due {
  readonly #options: EnrichOptions
  readonly #now: Pick<Clock, 'now'>
  readonly lastfm: LastfmMode
  /** At most 25 artists are due. */
  few = false

  private constructor(options: EnrichOptions, now: number, lastfm: LastfmMode) {
    this.#options = options
    // All pages are judged by one time, so that what was counted for the plan is what the run does.
    this.#now = { now: () => now }
    this.lastfm = lastfm
  }

  static async open(options: EnrichOptions): Promise<Due> {
    const due = new Due(options, (options.clock ?? systemClock).now(), await lastfmMode(options))
    due.few = await due.#areFew()
    return due
  }

  async #areFew(): Promise<boolean> {
    let artists = 0
    for await (const page of this.pages()) {
      artists += page.filter((job) => job.due !== null && !isSpecialArtist(job.artist)).length
      if (artists > fewArtists) return false
    }
    return true
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
    const tracks = one.songs.map(({ song, state }) => ({ song, state, due: reason(state, this.#wantedOfTrack(state)) }))
    return {
      artist: one.artist,
      due: scope === 'tracks' || !one.listed ? null : reason(one.state, this.#wantedOfArtist(one.state)),
      songs: scope === 'artists' ? [] : tracks.flatMap(({ song, due }) => (due === null ? [] : [{ song, due }])),
      told: tracks.flatMap(({ song, state, due }) =>
        due === null && state?.status === 'found' && state.providers.split(',').includes('listenbrainz') ? [song] : [],
      ),
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
    const { contact, optional = [] } = this.#options
    const asked = Object.fromEntries(plannedKinds.map((kind) => [kind, 0])) as Record<PlannedKind, number>
    const sum = { artists: 0, songs: 0, askedSongs: 0, voters: 0, pictures: 0, waiting: 0, guests: 0 }
    for await (const page of this.pages()) {
      for (const job of page) {
        if (job.due !== null) sum.artists++
        sum.songs += job.songs.length
        if (!isSpecialArtist(job.artist)) sum.askedSongs += job.songs.length
      }
      const ahead = await lookAhead(
        page.filter((job) => !isSpecialArtist(job.artist)),
        this.#options,
        this,
      )
      for (const kind of plannedKinds) asked[kind] += ahead.asked[kind]
      sum.voters += ahead.voters
      sum.pictures += ahead.pictures
      sum.waiting += ahead.songs
      sum.guests += ahead.guests
    }
    // In this mode a song is asked about once everybody else has answered.
    if (this.lastfm === 'gaps') {
      const open = sum.waiting + asked.pairs + asked.recordings + asked.metadata + asked.lengths
      asked.lastfmTracks += Math.ceil(open * gapShare)
    }
    const asks = (name: (typeof optional)[number]) => optional.includes(name)
    const plan = makePlan(
      {
        asked,
        voters: sum.voters,
        pictures: sum.pictures,
        songs: sum.waiting,
        guests: sum.guests,
        lookup: this.#options.listenbrainzToken !== undefined,
        few: this.few,
        dueArtists: this.#options.scope === 'tracks' ? 0 : sum.artists,
        dueSongs: sum.askedSongs,
        deezer: asks('deezer'),
        itunes: asks('itunes'),
        theaudiodb: asks('theaudiodb'),
        fanarttv: asks('fanarttv'),
      },
      isIdentified(contact),
    )
    return { plan, artists: sum.artists, songs: sum.songs }
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
