import { randomUUID } from 'node:crypto'
import { AppError } from '../errors.ts'
import { Budget } from './budget.ts'
import { openChain } from './chain.ts'
import { systemClock } from './clock.ts'
import { Due, type Job } from './due.ts'
import { contactAddress, HttpDoor } from './http.ts'
import { Lane } from './lanes.ts'
import { Heartbeat, leaseMs } from './lease.ts'
import { type RunRecord, stamp } from './memory.ts'
import { checkOptions, type EnrichOptions, type EnrichProgress, type EnrichResult, type LaneReport } from './options.ts'
import type { Plan } from './plan.ts'
import { Desk, type Tally } from './questions.ts'
import { resolveArtist } from './resolve.ts'
import { Rows } from './rows.ts'
import { type Bases, documentedLimits, type LaneName, laneHosts, unidentifiedLimits } from './services.ts'

const graceMs = 10_000
const progressMs = 5_000
// What is under way at once: enough artists to fill every batch (verify 100, links 75, items 200, files 50, lengths of
// 1,000 songs), few enough songs to keep memory flat.
const leastArtists = 800
const mostArtists = 2_000
const mostSongs = 8_000

/**
 * Fills `artist_images` and `track_info` with what is due, politely and in batches.
 *
 * Every answer is stored before the next request of its service, so that a run may be ended at any moment; the next one
 * asks only what has no answer yet. A failing service never ends the run and is never stored as "not found".
 *
 * *Errors:* AppError `usage` (addresses, contact), `locked` (another run holds the lease), `database` (the store).
 */
export async function enrich(options: EnrichOptions): Promise<EnrichResult> {
  const { store, log, clock = systemClock } = options
  const contact = contactAddress(options.contact)
  const bases = checkOptions(options)
  const run: RunRecord = {
    id: randomUUID(),
    fingerprint: fingerprint(options, contact !== null),
    now: stamp(clock.now()),
    staleBefore: stamp(clock.now() - leaseMs),
  }
  await store.beginRun(run)
  const end = new Ending(options)
  const lease = new Heartbeat({ store, run: run.id, clock, log, onLost: () => end.stop() })
  const lanes = new Lanes(options, contact, end)
  let exit = 'failed'
  let counters = '{}'
  try {
    const result = await work(options, bases, lanes, end)
    exit = result.end
    counters = JSON.stringify({
      requests: result.requests,
      retries: result.retries,
      questions: result.questions,
      remembered: result.remembered,
      artists: result.artists,
      images: result.images,
      tracks: result.tracks,
      left: result.left,
    })
    if (lease.lost) throw new AppError('locked', 'another run took the lease over', { remedy: 'wait for it to end' })
    return result
  } finally {
    lease.stop()
    end.over()
    await lanes.close()
    if (!lease.lost) await store.finishRun(run.id, stamp(clock.now()), counters, exit)
  }
}

/** How a run ends early: by the caller's signal, by its deadline, by a failure of the memory. */
class Ending {
  /** Nothing new is asked. */
  readonly stopping = new AbortController()
  /** What is under way is given up. */
  readonly aborting = new AbortController()
  /** By the signal or because the lease was lost, not by the deadline. */
  stopped = false
  readonly #options: EnrichOptions

  constructor(options: EnrichOptions) {
    this.#options = options
    if (options.signal?.aborted) this.stop()
    options.signal?.addEventListener('abort', this.stop, { once: true })
  }

  readonly stop = (): void => {
    const { clock = systemClock } = this.#options
    this.stopped = true
    this.stopping.abort()
    // What is under way may still be answered and kept; after the grace it is given up.
    void clock.sleep(graceMs, this.aborting.signal).then(() => this.aborting.abort())
  }

  startDeadline(): void {
    const { clock = systemClock, deadlineMs } = this.#options
    if (deadlineMs === undefined) return
    void clock.sleep(deadlineMs, this.stopping.signal).then(() => this.stopping.abort())
  }

  over(): void {
    this.#options.signal?.removeEventListener('abort', this.stop)
    this.stopping.abort()
    this.aborting.abort()
  }
}

/** The lanes of a run and the door that they share; opened when they are first asked for. */
class Lanes {
  readonly #options: EnrichOptions
  readonly #identified: boolean
  readonly #end: Ending
  readonly #door: HttpDoor
  readonly #open = new Map<LaneName, Lane>()

  constructor(options: EnrichOptions, contact: string | null, end: Ending) {
    this.#options = options
    this.#identified = contact !== null
    this.#end = end
    this.#door = new HttpDoor({
      userAgent: userAgent(options, contact),
      clock: options.clock ?? systemClock,
      secrets: [options.lastfmKey ?? '', options.listenbrainzToken ?? '', options.fanartKey ?? ''],
    })
  }

  readonly of = (name: LaneName): Lane => {
    // Unidentified, all of Wikimedia is one limit and one lane.
    const shared = !this.#identified && name === 'wikidata-query' ? 'wikimedia' : name
    const known = this.#open.get(shared)
    if (known) return known
    const { clock = systemClock, random = Math.random, log, limits, timeoutMs } = this.#options
    const usual = !this.#identified && shared === 'wikimedia' ? unidentifiedLimits : documentedLimits[shared]
    const opened = new Lane({
      name: shared,
      limits: { ...(limits?.[shared] ?? usual), ...(timeoutMs === undefined ? {} : { timeoutMs }) },
      clock,
      random,
      log,
      door: this.#door,
      stopping: this.#end.stopping.signal,
      aborting: this.#end.aborting.signal,
      hosts: laneHosts[shared],
    })
    this.#open.set(shared, opened)
    return opened
  }

  /** What became of each lane that had anything to do. */
  reports(): LaneReport[] {
    return [...this.#open.values()]
      .map((lane) => ({
        service: lane.name,
        requests: lane.counters.requests,
        retries: lane.counters.retries,
        mostInFlight: lane.counters.mostInFlight,
        queued: lane.queued,
        breaker: lane.breaker,
      }))
      .filter((one) => one.requests + one.queued > 0 || one.breaker !== 'working')
  }

  /** Services that refused us or did not answer. */
  degraded(): string[] {
    const lanes = [...this.#open.values()]
    return [
      ...lanes.filter((lane) => lane.breaker !== 'working').map((lane) => lane.name),
      ...lanes.flatMap((lane) => lane.refusals),
    ]
  }

  async close(): Promise<void> {
    for (const lane of this.#open.values()) await lane.close()
    this.#door.close()
  }
}

// Services want to know whom to write to. Who names nobody says so rather than name somebody else.
function userAgent({ version, homepage }: EnrichOptions, contact: string | null): string {
  const who = contact ?? ['operator not given', ...(homepage === undefined ? [] : [homepage])].join('; ')
  return `radio-plays/${version} ( ${who} )`
}

/** Plans, asks, and collects rows; everything between the lease's begin and its end. */
async function work(options: EnrichOptions, bases: Bases, lanes: Lanes, end: Ending): Promise<EnrichResult> {
  const { store, log, clock = systemClock, random = Math.random, refresh = 'due', optional = [] } = options
  const due = await Due.open(options)
  const { plan, artists, songs } = await due.plan()
  if (contactAddress(options.contact) === null && plan.lines.some((line) => line.service === 'wikimedia')) {
    log.info('ENRICH_CONTACT would let us ask Wikimedia 18 times as fast', { now_per_min: 8, then_per_min: 150 })
  }
  const started = clock.now()
  end.startDeadline()
  const budget = new Budget(plan, options.maxRequests)
  const desk = new Desk({ store, clock, random, log, budget, refresh, onFailure: () => end.stopping.abort() })
  const pairs = options.listenbrainzToken !== undefined
  const chain = openChain({
    desk,
    budget,
    lane: lanes.of,
    bases,
    lastfmKey: options.lastfmKey ?? '',
    listenbrainzToken: options.listenbrainzToken ?? '',
    fanartKey: options.fanartKey ?? '',
    songsAhead: plan.searches,
    pairsWork: () => pairs && lanes.of('listenbrainz').closed('listenbrainz look-up') === null,
  })
  const rows = new Rows(store)
  const progress = new Progress({ options, plan, desk, lanes, rows, budget, artists, songs, started })
  try {
    await eachAtOnce(due.pages(), end.stopping.signal, desk, async (job) => {
      const resolved = await resolveArtist(job, {
        chain,
        desk,
        store,
        clock,
        random,
        pairs,
        lastfm: due.lastfm,
        images: options.scope !== 'tracks',
        few: due.few,
        deezer: optional.includes('deezer'),
        itunes: optional.includes('itunes'),
        theaudiodb: optional.includes('theaudiodb'),
        fanarttv: optional.includes('fanarttv'),
      })
      await rows.add(resolved)
    })
  } finally {
    progress.stop()
  }
  if (desk.failure !== undefined) throw desk.failure
  await rows.flush()
  const tallies = desk.tallies()
  const sum = (of: (tally: Tally) => number) => tallies.reduce((all, one) => all + of(one.tally), 0)
  const reports = lanes.reports()
  const requests = reports.reduce((all, one) => all + one.requests, 0)
  const remembered = sum((tally) => tally.remembered)
  const left = artists + songs - rows.done.artists - rows.done.songs
  return {
    plan,
    end: end.stopped ? 'stopped' : left > 0 || rows.troubled > 0 ? 'partial' : 'done',
    artists: { ...rows.artists, total: artists },
    images: rows.images,
    tracks: { ...rows.tracks, total: songs },
    left,
    requests,
    retries: reports.reduce((all, one) => all + one.retries, 0),
    questions: sum((tally) => tally.asked),
    remembered,
    saved: Math.max(0, sum((tally) => tally.found + tally.absent) - remembered - requests),
    providers: mergeTallies(tallies),
    lanes: reports,
    elapsedMs: clock.now() - started,
    degraded: lanes.degraded(),
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

/** Runs `work` over all jobs, as many at once as the limits above allow; takes no new one after the signal. */
async function eachAtOnce(
  pages: AsyncGenerator<readonly Job[]>,
  signal: AbortSignal,
  desk: Desk,
  work: (job: Job) => Promise<void>,
): Promise<void> {
  let more = true
  let artists = 0
  let songs = 0
  let failed: { readonly error: unknown } | null = null
  let wake = () => {}
  const over = () => signal.aborted || failed !== null
  desk.moreToCome = () => more && !over()
  const until = async (ready: () => boolean) => {
    while (!ready()) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const start = (job: Job) => {
    artists++
    songs += job.songs.length
    void work(job)
      .catch((error: unknown) => {
        failed ??= { error }
      })
      .finally(() => {
        artists--
        songs -= job.songs.length
        wake()
      })
  }
  const room = () => artists < leastArtists || (artists < mostArtists && songs < mostSongs)
  while (!over()) {
    // While a page is read nobody can say that a batch will not be filled.
    const page = await desk.during(pages.next())
    if (page.done === true) break
    for (const job of page.value) {
      if (over()) break
      start(job)
      await until(() => room() || over())
    }
  }
  more = false
  desk.poke()
  await until(() => artists === 0)
  await pages.return(undefined)
  if (failed !== null) throw (failed as { error: unknown }).error
}

/** What the slowest lane still needs for the requests that the plan gives it. */
function timeLeftMs(plan: Plan, reports: readonly LaneReport[]): number {
  const left = plan.lines.map((line) => {
    const lane = reports.find((one) => one.service === line.service)
    const planned = line.requests - ((lane?.requests ?? 0) - (lane?.retries ?? 0))
    return (line.ms / line.requests) * Math.max(0, planned)
  })
  return Math.max(0, ...left)
}

interface Running {
  readonly options: EnrichOptions
  readonly plan: Plan
  readonly desk: Desk
  readonly lanes: Lanes
  readonly rows: Rows
  readonly budget: Budget
  /** Due at the start. */
  readonly artists: number
  readonly songs: number
  readonly started: number
}

/** Tells every five seconds how far a run is. */
class Progress {
  readonly #of: Running
  readonly #timer: NodeJS.Timeout

  constructor(of: Running) {
    this.#of = of
    const { clock = systemClock } = of.options
    this.#timer = setInterval(() => this.#tell(), clock.real(progressMs))
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tell(): void {
    const { options } = this.#of
    const now = this.#now()
    options.onProgress?.(now)
    options.log.debug('enriching', {
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
  }

  #now(): EnrichProgress {
    const { options, plan, desk, lanes, rows, budget, artists, songs, started } = this.#of
    const reports = lanes.reports()
    const elapsedMs = (options.clock ?? systemClock).now() - started
    // Rows are finished late, when the last big batch of lengths is back; answers tell better how far the run is.
    const answered = (...kinds: string[]) =>
      desk
        .tallies()
        .filter((one) => kinds.includes(`${one.provider} ${one.kind}`))
        .reduce((sum, { tally }) => sum + tally.found + tally.absent + tally.failed, 0)
    const named = Math.max(rows.done.artists, answered('wikidata-query artist-name'))
    const matched = Math.max(rows.done.songs, answered('musicbrainz song'), answered('listenbrainz pair'))
    return {
      artists: { done: Math.min(artists, named), total: artists },
      songs: { done: Math.min(songs, matched), total: songs },
      pictures: answered('commons file'),
      requests: budget.sent,
      planned: plan.requests,
      elapsedMs,
      leftMs: budget.sent === 0 ? null : timeLeftMs(plan, reports),
      lanes: reports,
    }
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
