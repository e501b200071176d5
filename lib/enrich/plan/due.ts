import { settings } from '../../config.ts'
import type { RowState, WorkArtist } from '../../model/lookups.ts'
import { type Clock, systemClock } from '../clock.ts'
import { contactAddress } from '../http/addresses.ts'
import { isSpecialArtist } from '../match/artists.ts'
import { checkOptions, type EnrichOptions } from '../options.ts'
import { Decisions } from '../resolve/decisions.ts'
import type { Job } from '../resolve/job.ts'
import { optInServices, roles } from '../services/list.ts'
import { type Service, sourceOf } from '../services/service.ts'
import { dueReason, type Reason } from './due-reason.ts'
import { dryRun, type Forecast } from './forecast.ts'
import { gapShare, makePlan, type Plan, type PlannedKind, plannedKinds } from './plan.ts'

export type NameMode = 'all' | 'gaps' | 'off'

/** Up to so many entities everything is asked about by default, beyond only what lacks something. */
const maxEntitiesForAll = 5_000
/** Of more than these, one nearly always lacks a picture, so that all of its sources are asked anyway. */
const maxSmallRun = 25

/** What a run has to do. Read page by page, each time anew: a catalogue of any size takes the memory of a page. */
export class Due {
  readonly #options: EnrichOptions
  readonly #now: Pick<Clock, 'now'>
  readonly #optIn: readonly Service[]
  readonly listenerNames: NameMode
  readonly decisions: Decisions
  /** At most 25 artists are due. */
  smallRun = false

  private constructor(options: EnrichOptions, now: number, listenerNames: NameMode) {
    this.#options = options
    // All pages are judged by one time, so that what was counted for the plan is what the run does.
    this.#now = { now: () => now }
    this.#optIn = optInServices(options.optional ?? [], options.keys ?? {})
    this.listenerNames = listenerNames
    this.decisions = new Decisions(options.decisions ?? [])
  }

  static async open(options: EnrichOptions): Promise<Due> {
    const due = new Due(options, (options.clock ?? systemClock).now(), await nameMode(options))
    due.smallRun = await due.#isSmall()
    return due
  }

  async #isSmall(): Promise<boolean> {
    let artists = 0
    for await (const page of this.pages()) {
      artists += page.filter((job) => job.due !== null && !isSpecialArtist(job.artist)).length
      if (artists > maxSmallRun) return false
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
      // Nobody is asked about a special name, so that no service can be lacking.
      dueReason(state, refresh, state?.providers === 'none' ? [] : wanted, this.#now)
    const outdated = this.decisions.outdated(one)
    const tracks = one.songs.map(({ song, state }) => ({
      song,
      state,
      due: outdated.song(song) ? ('new' as const) : reason(state, this.#wantedOfTrack(state)),
    }))
    const matches = sourceOf(roles.songMatches)
    return {
      artist: one.artist,
      title: one.songs.find(({ song }) => song.trim() !== '')?.song ?? null,
      due: this.#dueOfArtist(one, outdated.artist, reason),
      songs: scope === 'artists' ? [] : tracks.flatMap(({ song, due }) => (due === null ? [] : [{ song, due }])),
      known: tracks.flatMap(({ song, state, due }) =>
        due === null && state?.status === 'found' && state.providers.split(',').includes(matches) ? [song] : [],
      ),
    }
  }

  #dueOfArtist(
    { state, listed }: WorkArtist,
    outdated: boolean,
    reason: (state: RowState | null, wanted: readonly string[]) => Reason | null,
  ): Reason | null {
    if (this.#options.scope === 'tracks' || !listed) return null
    return outdated ? 'new' : reason(state, this.#wantedOfArtist(state))
  }

  /** Services that could still add something to an artist in this state. */
  #wantedOfArtist(state: RowState | null): string[] {
    const known = state?.status === 'found'
    const pictures = state?.complete === false ? this.#optIn.map((one) => ({ one, how: one.optIn?.artistPicture })) : []
    return [
      ...(this.listenerNames === 'off' ? [] : [sourceOf(roles.listenerNames)]),
      ...pictures.flatMap(({ one, how }) => (how && (how.by === 'title' || known) ? [sourceOf(one)] : [])),
    ]
  }

  #wantedOfTrack(state: RowState | null): string[] {
    const found = state?.status === 'found'
    const gap = !found || !state.complete
    const { listenerNames } = this
    return [
      ...(listenerNames === 'all' || (listenerNames === 'gaps' && gap) ? [sourceOf(roles.listenerNames)] : []),
      ...(keyOf(this.#options, roles.songMatches) !== undefined && !found ? [sourceOf(roles.songMatches)] : []),
      ...(found && gap ? this.#optIn.flatMap((one) => (one.optIn?.songLength ? [sourceOf(one)] : [])) : []),
    ]
  }

  /** The requests that all of this costs at most, after what the cache still knows. */
  async plan(): Promise<{ readonly plan: Plan; readonly artists: number; readonly songs: number }> {
    const asked = Object.fromEntries(plannedKinds.map((kind) => [kind, 0])) as Record<PlannedKind, number>
    const sum = { artists: 0, songs: 0, askedSongs: 0, voters: 0, pictures: 0, waiting: 0, guests: 0, medleys: 0 }
    for await (const page of this.pages()) {
      const usual = page.filter((job) => !isSpecialArtist(job.artist))
      sum.artists += page.filter((job) => job.due !== null).length
      sum.songs += page.reduce((all, job) => all + job.songs.length, 0)
      sum.askedSongs += usual.reduce((all, job) => all + job.songs.length, 0)
      const ahead: Forecast = await dryRun(usual, this.#options, this)
      for (const kind of plannedKinds) asked[kind] += ahead.asked[kind]
      sum.voters += ahead.voters
      sum.pictures += ahead.pictures
      sum.waiting += ahead.songs
      sum.guests += ahead.guests
      sum.medleys += ahead.medleys
    }
    // In this mode a song is asked about once everybody else has answered.
    if (this.listenerNames === 'gaps') {
      const open = sum.waiting + asked.pairs + asked.recordings + asked.metadata + asked.lengths
      asked.listenerTracks += Math.ceil(open * gapShare)
    }
    const plan = makePlan(
      {
        asked,
        voters: sum.voters,
        pictures: sum.pictures,
        songs: sum.waiting,
        guests: sum.guests,
        medleys: sum.medleys,
        lookup: keyOf(this.#options, roles.songMatches) !== undefined,
        smallRun: this.smallRun,
        dueArtists: this.#options.scope === 'tracks' ? 0 : sum.artists,
        dueSongs: sum.askedSongs,
        optIn: this.#optIn,
      },
      isIdentified(this.#options.contact),
    )
    return { plan, artists: sum.artists, songs: sum.songs }
  }
}

const keyOf = (options: EnrichOptions, service: Service) => options.keys?.[service.name]

/**
 * The requests that a run would send at most, by service, and how long they take at the documented limits. Sends nothing.
 *
 * *Errors:* AppError `usage` for a base address that is not allowed, or a missing key.
 */
export async function planEnrichment(options: EnrichOptions): Promise<Plan> {
  checkOptions(options)
  return (await (await Due.open(options)).plan()).plan
}

/** By default listeners' names are asked about everything only where that takes minutes, not hours. */
async function nameMode(options: EnrichOptions): Promise<NameMode> {
  if (keyOf(options, roles.listenerNames) === undefined) return 'off'
  if (options.listenerMode !== undefined) return options.listenerMode
  let entities = 0
  for await (const page of options.store.work(options.limit)) {
    for (const one of page) entities += Number(one.listed) + one.songs.length
    if (entities <= maxEntitiesForAll) continue
    const { title } = roles.listenerNames.limit
    options.log.info(`${title} is asked for gaps only`, {
      more_entities_than: maxEntitiesForAll,
      setting: settings[roles.listenerNames.modeSetting].env,
    })
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
