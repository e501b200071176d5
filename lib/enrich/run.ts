import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { openChain, pairKey } from './chain.ts'
import { type Clock, systemClock } from './clock.ts'
import { baseAddress, contactAddress, HttpDoor } from './http.ts'
import {
  type Breaker,
  documentedLimits,
  Lane,
  type LaneCounters,
  type LaneLimits,
  type LaneName,
  unidentifiedLimits,
} from './lanes.ts'
import { fitsLookup } from './listenbrainz.ts'
import { isSpecialArtist } from './match.ts'
import {
  type ArtistRow,
  dueReason,
  type LookupStore,
  type Reason,
  type Refresh,
  type RowState,
  type RunRecord,
  stamp,
  type TrackRow,
  unstamp,
  type WorkArtist,
  type WorkTrack,
} from './memory.ts'
import { Budget, gapShare, makePlan, type Plan } from './plan.ts'
import { Desk, type Tally } from './questions.ts'
import { type Job, type Resolved, resolveArtist } from './resolve.ts'

/** Services that are asked only when they are named: their pictures carry no free licence. */
export const optionalProviders = ['deezer', 'itunes', 'theaudiodb'] as const
export type OptionalProvider = (typeof optionalProviders)[number]

/** Base addresses; default: the services' own. Beyond loopback they need `allowCustomHosts`. */
export interface BaseAddresses {
  readonly musicbrainz?: string | undefined
  readonly listenbrainz?: string | undefined
  readonly wikidataQuery?: string | undefined
  readonly wikidata?: string | undefined
  readonly commons?: string | undefined
  readonly lastfm?: string | undefined
  readonly deezer?: string | undefined
  readonly itunes?: string | undefined
  readonly theaudiodb?: string | undefined
}

export interface EnrichOptions {
  readonly store: LookupStore
  readonly log: Logger
  /** Version of the product, for the User-Agent. */
  readonly version: string
  /** Web page or mail address of who runs this; without it Wikimedia is asked eight times a minute. */
  readonly contact?: string | undefined
  readonly lastfmKey?: string | undefined
  /** Default: `all` up to 5,000 entities, `gaps` above. */
  readonly lastfmMode?: 'all' | 'gaps' | 'off' | undefined
  readonly listenbrainzToken?: string | undefined
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
  /** By the plan and the pace so far; null while nothing is known. */
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

const official = {
  musicbrainz: ['https://musicbrainz.org/ws/2/', 'MUSICBRAINZ_URL'],
  listenbrainz: ['https://api.listenbrainz.org/1/', 'LISTENBRAINZ_URL'],
  wikidataQuery: ['https://query.wikidata.org/sparql', 'WIKIDATA_QUERY_URL'],
  wikidata: ['https://www.wikidata.org/w/api.php', 'WIKIDATA_URL'],
  commons: ['https://commons.wikimedia.org/w/api.php', 'COMMONS_URL'],
  lastfm: ['https://ws.audioscrobbler.com/2.0/', 'LASTFM_URL'],
  deezer: ['https://api.deezer.com/', 'base address of Deezer'],
  itunes: ['https://itunes.apple.com/', 'base address of iTunes'],
  theaudiodb: ['https://www.theaudiodb.com/api/v1/json/', 'base address of TheAudioDB'],
} as const

const laneHosts: Readonly<Record<LaneName, readonly string[]>> = {
  musicbrainz: ['musicbrainz.org', 'beta.musicbrainz.org'],
  listenbrainz: ['api.listenbrainz.org'],
  'wikidata-query': ['query.wikidata.org'],
  wikimedia: ['commons.wikimedia.org', 'www.wikidata.org'],
  lastfm: ['ws.audioscrobbler.com'],
  deezer: ['api.deezer.com'],
  itunes: ['itunes.apple.com'],
  theaudiodb: ['www.theaudiodb.com'],
}

/** The product's own page: in the User-Agent when nobody said who runs it. */
const projectPage = 'https://github.com/radio-plays/radio-plays'

const lastfmAllUpTo = 5_000
const heartbeatMs = 15_000
const leaseMs = 60_000
const graceMs = 10_000
const progressMs = 5_000
// What is under way at once: enough artists to fill every batch (verify 100, links 75, items 200, files 50, lengths of
// 1,000 songs), few enough songs to keep memory flat.
const leastArtists = 800
const mostArtists = 2_000
const mostSongs = 8_000

interface Prepared {
  readonly jobs: Job[]
  readonly plan: Plan
  readonly lastfm: 'all' | 'gaps' | 'off'
  readonly dueArtists: number
  readonly dueSongs: number
}

/**
 * The requests that a run would send at most, by service, and how long they take at the documented limits. Sends nothing.
 *
 * *Errors:* AppError `usage` for a base address that is not allowed.
 */
export async function planEnrichment(options: EnrichOptions): Promise<Plan> {
  baseAddresses(options)
  return (await prepare(options)).plan
}

/**
 * Fills `artist_images` and `track_info` with what is due, politely and in batches.
 *
 * Every answer is stored before the next request of its service, so that a run may be ended at any moment; the next one
 * asks only what has no answer yet. A failing service never ends the run and is never stored as "not found".
 *
 * *Errors:* AppError `usage` (addresses, contact), `locked` (another run holds the lease), `database` (the store).
 */
export async function enrich(options: EnrichOptions): Promise<EnrichResult> {
  const clock = options.clock ?? systemClock
  const random = options.random ?? Math.random
  const { store, log } = options
  const contact = contactAddress(options.contact)
  const bases = baseAddresses(options)
  const run: RunRecord = {
    id: randomUUID(),
    owner: `${hostname()}:${process.pid}`,
    fingerprint: fingerprint(options, contact !== null),
    now: stamp(clock.now()),
    staleBefore: stamp(clock.now() - leaseMs),
  }
  await store.beginRun(run)

  const stopping = new AbortController()
  const aborting = new AbortController()
  let stopped = false
  let lostLease = false
  const stop = () => {
    stopped = true
    stopping.abort()
    // What is under way may still be answered and kept; after the grace it is given up.
    void clock.sleep(graceMs, aborting.signal).then(() => aborting.abort())
  }
  if (options.signal?.aborted) stop()
  options.signal?.addEventListener('abort', stop, { once: true })
  const beat = setInterval(() => {
    void store.beat(run.id, stamp(clock.now())).then(
      (ours) => {
        if (ours || lostLease) return
        lostLease = true
        log.error('another run took the lease over', { run: run.id })
        stop()
      },
      (error: unknown) => log.warn('heartbeat failed', { error: String(error) }),
    )
  }, clock.real(heartbeatMs))
  beat.unref()

  const door = new HttpDoor({
    userAgent: `radio-plays/${options.version} ( ${contact ?? projectPage} )`,
    clock,
    secrets: [options.lastfmKey ?? '', options.listenbrainzToken ?? ''],
  })
  const lanes = new Map<string, Lane>()
  const lane = (name: LaneName): Lane => {
    // Unidentified, all of Wikimedia is one limit and one lane.
    const shared = contact === null && name === 'wikidata-query' ? 'wikimedia' : name
    const known = lanes.get(shared)
    if (known) return known
    const usual = contact === null && shared === 'wikimedia' ? unidentifiedLimits : documentedLimits[shared]
    const limits = { ...(options.limits?.[shared] ?? usual) }
    const opened = new Lane({
      name: shared,
      limits: options.timeoutMs === undefined ? limits : { ...limits, timeoutMs: options.timeoutMs },
      clock,
      random,
      log,
      door,
      stopping: stopping.signal,
      aborting: aborting.signal,
      hosts: laneHosts[shared],
    })
    lanes.set(shared, opened)
    return opened
  }

  let exit = 'failed'
  let counters = '{}'
  try {
    const { jobs, plan, lastfm, dueArtists, dueSongs } = await prepare(options)
    if (contact === null && plan.lines.some((line) => line.service === 'wikimedia')) {
      log.info('ENRICH_CONTACT would let us ask Wikimedia 18 times as fast', { now_per_min: 8, then_per_min: 150 })
    }
    const started = clock.now()
    if (options.deadlineMs !== undefined) {
      void clock.sleep(options.deadlineMs, stopping.signal).then(() => stopping.abort())
    }
    const budget = new Budget(plan, options.maxRequests)
    const refresh = options.refresh ?? 'due'
    const desk = new Desk({ store, clock, random, log, budget, refresh, onFailure: () => stopping.abort() })
    const pairs = options.listenbrainzToken !== undefined
    const chain = openChain({
      desk,
      budget,
      lane,
      base: (service) =>
        service === 'wikimedia' ? bases.commons : service === 'wikidata-query' ? bases.wikidataQuery : bases[service],
      lastfmKey: options.lastfmKey ?? '',
      listenbrainzToken: options.listenbrainzToken ?? '',
      songsAhead: plan.counts.searches,
      pairsWork: () => pairs && lane('listenbrainz').closed('listenbrainz look-up') === null,
    })
    const rows = new Rows(store)
    const done = { artists: 0, songs: 0, left: 0 }
    const reports = () =>
      [...lanes.values()].map(report).filter((one) => one.requests + one.queued > 0 || one.breaker !== 'working')
    const progress = (): EnrichProgress => {
      const elapsedMs = clock.now() - started
      const sent = budget.sent
      // Rows are finished late, when the last big batch of lengths is back; answers tell better how far the run is.
      const answered = (...kinds: string[]) =>
        desk
          .tallies()
          .filter((one) => kinds.includes(`${one.provider} ${one.kind}`))
          .reduce((sum, { tally }) => sum + tally.found + tally.absent + tally.failed, 0)
      const named = Math.max(done.artists, answered('wikidata-query artist-name'))
      const matched = Math.max(done.songs, answered('musicbrainz song'), answered('listenbrainz pair'))
      return {
        artists: { done: Math.min(dueArtists, named), total: dueArtists },
        songs: { done: Math.min(dueSongs, matched), total: dueSongs },
        pictures: answered('commons file'),
        requests: sent,
        planned: plan.requests,
        elapsedMs,
        leftMs: sent === 0 ? null : Math.max(0, plan.ms - elapsedMs),
        lanes: reports(),
      }
    }
    const ticker = setInterval(() => {
      const now = progress()
      options.onProgress?.(now)
      log.info('enriching', {
        artists: `${now.artists.done}/${now.artists.total}`,
        songs: `${now.songs.done}/${now.songs.total}`,
        pictures: now.pictures,
        requests: now.requests,
        planned: now.planned,
        left_s: now.leftMs === null ? null : Math.round(now.leftMs / 1000),
        lanes: Object.fromEntries(
          now.lanes.map((one) => [
            one.service,
            `${one.requests} sent, ${one.queued} queued, ${one.retries} retries, ${one.breaker}`,
          ]),
        ),
      })
    }, clock.real(progressMs))
    ticker.unref()

    try {
      await eachAtOnce(jobs, stopping.signal, desk, async (job) => {
        const resolved = await resolveArtist(job, {
          chain,
          desk,
          store,
          clock,
          random,
          pairs,
          lastfm,
          images: options.scope !== 'tracks',
          deezer: options.optional?.includes('deezer') === true,
          itunes: options.optional?.includes('itunes') === true,
          theaudiodb: options.optional?.includes('theaudiodb') === true,
        })
        if (job.due !== null && resolved.artist) done.artists++
        done.songs += resolved.tracks.length
        done.left += resolved.left
        await rows.add(resolved)
      })
    } finally {
      clearInterval(ticker)
    }
    if (desk.failure !== undefined) throw desk.failure
    await rows.flush()
    const untouched = dueArtists + dueSongs - done.artists - done.songs
    const laneReports = reports()
    const tallies = desk.tallies()
    const questions = tallies.reduce((sum, one) => sum + one.tally.asked, 0)
    const remembered = tallies.reduce((sum, one) => sum + one.tally.remembered, 0)
    const requests = laneReports.reduce((sum, one) => sum + one.requests, 0)
    const answered = tallies.reduce((sum, one) => sum + one.tally.found + one.tally.absent, 0)
    const partial = untouched > 0 || rows.troubled > 0
    const result: EnrichResult = {
      plan,
      end: stopped ? 'stopped' : partial ? 'partial' : 'done',
      artists: { ...rows.artists, total: dueArtists },
      images: rows.images,
      tracks: { ...rows.tracks, total: dueSongs },
      left: untouched,
      requests,
      retries: laneReports.reduce((sum, one) => sum + one.retries, 0),
      questions,
      remembered,
      saved: Math.max(0, answered - remembered - requests),
      providers: mergeTallies(tallies),
      lanes: laneReports,
      elapsedMs: clock.now() - started,
      degraded: [
        ...laneReports.filter((one) => one.breaker !== 'working').map((one): string => one.service),
        ...[...lanes.values()].flatMap((one) => one.refusals),
      ],
    }
    exit = result.end
    counters = JSON.stringify({
      requests,
      retries: result.retries,
      questions,
      remembered,
      artists: rows.artists,
      images: rows.images,
      tracks: rows.tracks,
      left: untouched,
    })
    if (lostLease) throw new AppError('locked', 'another run took the lease over', { remedy: 'wait for it to end' })
    return result
  } finally {
    clearInterval(beat)
    options.signal?.removeEventListener('abort', stop)
    stopping.abort()
    aborting.abort()
    for (const one of lanes.values()) await one.close()
    door.close()
    if (!lostLease) await store.finishRun(run.id, stamp(clock.now()), counters, exit)
  }
}

function baseAddresses(options: EnrichOptions) {
  const address = (name: keyof typeof official) =>
    baseAddress(options.bases?.[name], official[name][0], official[name][1], options.allowCustomHosts === true)
  return {
    musicbrainz: address('musicbrainz'),
    listenbrainz: address('listenbrainz'),
    wikidataQuery: address('wikidataQuery'),
    wikidata: address('wikidata'),
    commons: address('commons'),
    lastfm: address('lastfm'),
    deezer: address('deezer'),
    itunes: address('itunes'),
    theaudiodb: address('theaudiodb'),
  }
}

// What the answers of a run depend on; stored with the run so that a difference between two can be explained.
function fingerprint(options: EnrichOptions, identified: boolean): string {
  return [
    'rules:1',
    identified ? 'contact' : '',
    options.listenbrainzToken ? 'listenbrainz-token' : '',
    options.lastfmKey ? `lastfm:${options.lastfmMode ?? 'default'}` : '',
    ...(options.optional ?? []),
  ]
    .filter(Boolean)
    .join(' ')
}

// --- What is due, and what it costs ---

async function prepare(options: EnrichOptions): Promise<Prepared> {
  const { store, log } = options
  const clock = options.clock ?? systemClock
  const refresh = options.refresh ?? 'due'
  const scope = options.scope ?? 'both'
  const work = await store.workList()
  const most = options.limit ?? Number.POSITIVE_INFINITY
  const artists = work.artists.slice(0, most)
  const tracks = work.tracks.slice(0, most)
  const lastfm =
    options.lastfmKey === undefined
      ? 'off'
      : (options.lastfmMode ?? (artists.length + tracks.length > lastfmAllUpTo ? 'gaps' : 'all'))
  if (options.lastfmKey !== undefined && options.lastfmMode === undefined && lastfm === 'gaps') {
    log.info('Last.fm is asked for gaps only', { entities: artists.length + tracks.length, all_up_to: lastfmAllUpTo })
  }
  const token = options.listenbrainzToken !== undefined
  const optional = options.optional ?? []
  const wantedOfArtist = (state: RowState | null) => [
    ...(lastfm === 'off' ? [] : ['lastfm']),
    ...(state?.complete === false
      ? optional.filter((name) => name !== 'itunes' && (name !== 'theaudiodb' || state.status === 'found'))
      : []),
  ]
  const wantedOfTrack = (state: RowState | null) => {
    const gap = state?.status !== 'found' || !state.complete
    return [
      ...(lastfm === 'all' || (lastfm === 'gaps' && gap) ? ['lastfm'] : []),
      ...(token && state?.status !== 'found' ? ['listenbrainz'] : []),
      ...(state?.status === 'found' && !state.complete ? optional.filter((name) => name === 'deezer') : []),
    ]
  }
  // Nobody is asked about them, so that no provider can be lacking.
  const special = (state: RowState | null) => state?.providers === 'none'
  const dueArtist = (one: WorkArtist) =>
    scope === 'tracks'
      ? null
      : dueReason(one.state, refresh, special(one.state) ? [] : wantedOfArtist(one.state), clock)
  const dueTrack = (one: WorkTrack) =>
    scope === 'artists'
      ? null
      : dueReason(one.state, refresh, special(one.state) ? [] : wantedOfTrack(one.state), clock)

  const jobs = new Map<string, { due: Reason | null; songs: { song: string; due: Reason | null }[] }>()
  for (const one of artists) jobs.set(one.artist, { due: dueArtist(one), songs: [] })
  for (const one of tracks) {
    const due = dueTrack(one)
    if (due === null) continue
    const job = jobs.get(one.artist) ?? { due: null, songs: [] }
    job.songs.push({ song: one.song, due })
    jobs.set(one.artist, job)
  }
  const list: Job[] = []
  for (const [artist, job] of jobs) if (job.due !== null || job.songs.length > 0) list.push({ artist, ...job })

  const asked = list.filter((job) => !isSpecialArtist(job.artist))
  const fresh = freshKeys(store, clock, refresh)
  const onlyProvider = (due: Reason | null) => due === 'provider'
  // An artist that is not due itself needs its name only if no row tells who it is.
  const fullArtists = asked.filter((job) => job.due !== null && !onlyProvider(job.due))
  const songKeys = asked.flatMap((job) =>
    job.songs.filter((one) => !onlyProvider(one.due)).map((one) => ({ artist: job.artist, title: one.song })),
  )
  const pairKeys = token
    ? asked.flatMap((job) => job.songs.map((one) => ({ artist: job.artist, title: one.song })).filter(fitsLookup))
    : []
  const needName = scope === 'tracks' ? asked : fullArtists
  const [names, searches, pairsLeft] = await Promise.all([
    fresh(
      'artist-name',
      'wikidata-query',
      needName.map((job) => job.artist),
    ),
    fresh(
      'song',
      'musicbrainz',
      songKeys.map((one) => pairKey(one.artist, one.title)),
    ),
    fresh(
      'pair',
      'listenbrainz',
      pairKeys.map((one) => pairKey(one.artist, one.title)),
    ),
  ])
  const lastfmSongs = asked.reduce((sum, job) => sum + job.songs.length, 0)
  const [lastfmArtistsLeft, lastfmSongsLeft] =
    lastfm === 'off'
      ? [0, 0]
      : await Promise.all([
          fresh(
            'artist',
            'lastfm',
            asked.filter((job) => job.due !== null).map((job) => job.artist),
          ),
          fresh(
            'track',
            'lastfm',
            asked.flatMap((job) => job.songs.map((one) => pairKey(job.artist, one.song))),
          ),
        ])
  const plan = makePlan(
    {
      artists: needName.length,
      names,
      images: scope !== 'tracks',
      songs: songKeys.length,
      pairs: pairsLeft,
      searches,
      lastfmArtists: lastfmArtistsLeft,
      lastfmSongs: lastfm === 'gaps' ? Math.ceil(Math.min(lastfmSongsLeft, lastfmSongs * gapShare)) : lastfmSongsLeft,
      deezer: optional.includes('deezer'),
      itunes: optional.includes('itunes'),
      theaudiodb: optional.includes('theaudiodb'),
    },
    contactAddressOrNull(options.contact) !== null,
  )
  const dueSongs = list.reduce((sum, job) => sum + job.songs.length, 0)
  return { jobs: list, plan, lastfm, dueArtists: list.filter((job) => job.due !== null).length, dueSongs }
}

// The plan needs no contact and must not fail for a bad one; the run itself does.
function contactAddressOrNull(contact: string | undefined): string | null {
  try {
    return contactAddress(contact)
  } catch {
    return null
  }
}

/** How many of the keys memory has no fresh answer for. */
function freshKeys(store: LookupStore, clock: Clock, refresh: Refresh) {
  return async (kind: string, provider: string, keys: readonly string[]): Promise<number> => {
    if (refresh === 'all') return keys.length
    const now = clock.now()
    let known = 0
    for (let at = 0; at < keys.length; at += 400) {
      for (const row of await store.recall(kind, provider, keys.slice(at, at + 400))) {
        const expires = unstamp(row.expires_at)
        const next = unstamp(row.next_attempt_at)
        const fact = (row.outcome === 'found' || row.outcome === 'not_found') && expires !== null && expires > now
        if (fact || (refresh === 'due' && next !== null && next > now)) known++
      }
    }
    return keys.length - known
  }
}

// --- Running ---

/** Runs `work` over all jobs, as many at once as the limits above allow; takes no new one after the signal. */
async function eachAtOnce(
  jobs: readonly Job[],
  signal: AbortSignal,
  desk: Desk,
  work: (job: Job) => Promise<void>,
): Promise<void> {
  let next = 0
  let artists = 0
  let songs = 0
  const failed: unknown[] = []
  desk.moreToCome = () => next < jobs.length && !signal.aborted && failed.length === 0
  await new Promise<void>((resolve) => {
    const room = () => artists < leastArtists || (artists < mostArtists && songs < mostSongs)
    const start = () => {
      while (next < jobs.length && room() && !signal.aborted && failed.length === 0) {
        const job = jobs[next++]
        if (job === undefined) continue
        artists++
        songs += job.songs.length
        void work(job)
          .catch((error: unknown) => failed.push(error))
          .finally(() => {
            artists--
            songs -= job.songs.length
            start()
          })
      }
      if (artists === 0) resolve()
    }
    start()
  })
  if (failed.length > 0) throw failed[0]
}

interface Tallying {
  found: number
  notFound: number
  transient: number
}

/** Collects finished rows and writes them some hundred at a time; all of them can be made again from the memory. */
class Rows {
  readonly artists: Tallying = { found: 0, notFound: 0, transient: 0 }
  readonly images: Tallying = { found: 0, notFound: 0, transient: 0 }
  readonly tracks: Tallying = { found: 0, notFound: 0, transient: 0 }
  readonly #store: LookupStore
  /** Rows that something failed for, whatever they hold. */
  troubled = 0
  #artistRows: ArtistRow[] = []
  #trackRows: TrackRow[] = []

  constructor(store: LookupStore) {
    this.#store = store
  }

  async add(resolved: Resolved): Promise<void> {
    if (resolved.artist) {
      this.#artistRows.push(resolved.artist)
      count(this.artists, resolved.artist.identity_status)
      count(this.images, resolved.artist.image_status)
      if (resolved.artist.last_error !== null) this.troubled++
    }
    for (const row of resolved.tracks) {
      this.#trackRows.push(row)
      count(this.tracks, row.status)
      if (row.last_error !== null) this.troubled++
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

function report(lane: Lane): LaneReport {
  const counters: LaneCounters = lane.counters
  return {
    service: lane.name,
    requests: counters.requests,
    retries: counters.retries,
    mostInFlight: counters.mostInFlight,
    queued: lane.queued,
    breaker: lane.breaker,
  }
}

function mergeTallies(tallies: readonly { kind: string; provider: string; tally: Tally }[]) {
  const merged = new Map<string, { provider: string; kind: string; tally: Tally }>()
  for (const { kind, provider, tally } of tallies) {
    if (tally.asked === 0) continue
    const key = `${provider} ${kind}`
    const one = merged.get(key) ?? {
      provider,
      kind,
      tally: { asked: 0, remembered: 0, found: 0, absent: 0, failed: 0, requests: 0 },
    }
    for (const name of Object.keys(one.tally) as (keyof Tally)[]) one.tally[name] += tally[name]
    merged.set(key, one)
  }
  return [...merged.values()]
}
