import { randomUUID } from 'node:crypto'
import { AppError } from '../../errors.ts'
import type { RunRecord } from '../../model/lookups.ts'
import { printable } from '../../terminal.ts'
import { stamp, systemClock } from '../clock.ts'
import { contactAddress } from '../http/addresses.ts'
import { checkOptions, type EnrichOptions, type EnrichResult } from '../options.ts'
import { Due } from '../plan/due.ts'
import type { Plan } from '../plan/plan.ts'
import { serviceAt } from '../plan/steps.ts'
import { Batcher } from '../requests/batcher.ts'
import { Budget } from '../requests/budget.ts'
import type { Tally } from '../requests/queue-owner.ts'
import { openChain } from '../resolve/chain.ts'
import type { Decisions } from '../resolve/decisions.ts'
import { resolveArtist } from '../resolve/resolve-artist.ts'
import { Rows } from '../resolve/rows.ts'
import { optInServices, roles, services } from '../services/list.ts'
import { Feed } from './feed.ts'
import { Heartbeat, leaseMs } from './lease.ts'
import { Limiters } from './limiters.ts'
import { Progress } from './progress.ts'
import { Shutdown } from './shutdown.ts'

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
  const shutdown = new Shutdown(options)
  const lease = new Heartbeat({ store, run: run.id, clock, log, onLost: () => shutdown.stop() })
  const limiters = new Limiters(options, contact, shutdown)
  let exit = 'failed'
  let counters = '{}'
  try {
    const result = await work(options, bases, limiters, shutdown)
    exit = result.end
    const { requests, retries, asked, cached, artists, images, tracks, left } = result
    counters = JSON.stringify({ requests, retries, asked, cached, artists, images, tracks, left })
    if (lease.lost) throw new AppError('locked', 'another run took the lease over', { remedy: 'wait for it to end' })
    return result
  } finally {
    lease.stop()
    shutdown.over()
    await limiters.close()
    if (!lease.lost) await store.finishRun(run.id, stamp(clock.now()), counters, exit)
  }
}

/** Plans, asks, and collects rows; everything between the lease's begin and its end. */
async function work(
  options: EnrichOptions,
  bases: ReadonlyMap<string, URL>,
  limiters: Limiters,
  shutdown: Shutdown,
): Promise<EnrichResult> {
  const { store, log, clock = systemClock, random = Math.random, refresh = 'due', keys = {} } = options
  const due = await Due.open(options)
  const { plan, artists, songs } = await due.plan()
  adviseContact(options, plan)
  const started = clock.now()
  shutdown.startDeadline()
  const budget = new Budget(plan, options.maxRequests, () => shutdown.usedUp.abort())
  const onFailure = () => shutdown.stopping.abort()
  const batcher = new Batcher({ store, clock, random, log, budget, refresh, onFailure })
  const pairs = keys[roles.songMatches.name] !== undefined
  const chain = openChain({
    batcher,
    budget,
    sender: limiters.of,
    base: (service) => bases.get(service.name) ?? new URL(service.address),
    key: (service) => keys[service.name] ?? '',
    optIn: optInServices(options.optional ?? [], keys),
    songsAhead: plan.searches,
    pairs,
  })
  const rows = new Rows(store)
  const progress = new Progress({ options, plan, chain, limiters, rows, budget, artists, songs, started })
  const { listenerNames, smallRun, decisions } = due
  adviseUnused(options, decisions)
  const images = options.scope !== 'tracks'
  const similar = options.similar ?? false
  const context = { chain, batcher, store, clock, random, pairs, listenerNames, images, similar, decisions, smallRun }
  const feed = new Feed(batcher, shutdown.stopping.signal, async (job) => rows.add(await resolveArtist(job, context)))
  try {
    await feed.run(due.pages(), firstRound(options, plan, artists + songs))
  } finally {
    progress.stop()
  }
  if (batcher.failure !== undefined) throw batcher.failure
  await rows.flush()
  const elapsedMs = clock.now() - started
  return resultOf({ plan, artists, songs, rows, batcher, limiters, stopped: shutdown.stopped, elapsedMs })
}

/** Requests that one act takes from its first look-up to its picture. */
const chainRequests = 10

/** How many of what is due a run with few requests or little time can bring to its end: those go first. */
function firstRound({ maxRequests, deadlineMs }: EnrichOptions, plan: Plan, total: number): number {
  const byRequests =
    maxRequests === undefined ? 1 : (maxRequests - chainRequests) / Math.max(1, plan.requests - chainRequests)
  const byTime = deadlineMs === undefined ? 1 : deadlineMs / Math.max(1, plan.ms)
  const share = Math.min(byRequests, byTime)
  return share < 1 ? Math.max(1, share * total) : Number.POSITIVE_INFINITY
}

function resultOf(run: {
  readonly plan: Plan
  readonly artists: number
  readonly songs: number
  readonly rows: Rows
  readonly batcher: Batcher
  readonly limiters: Limiters
  readonly stopped: boolean
  readonly elapsedMs: number
}): EnrichResult {
  const { plan, artists, songs, rows } = run
  const tallies = run.batcher.tallies()
  const sum = (of: (tally: Tally) => number) => tallies.reduce((all, one) => all + of(one.tally), 0)
  const reports = run.limiters.reports()
  const requests = reports.reduce((all, one) => all + one.requests, 0)
  const cached = sum((tally) => tally.cached)
  const left = artists + songs - rows.done.artists - rows.done.songs
  return {
    plan,
    end: run.stopped ? 'stopped' : left > 0 || rows.failed > 0 ? 'partial' : 'done',
    artists: { ...rows.artists, total: artists },
    images: rows.images,
    tracks: { ...rows.tracks, total: songs },
    left,
    requests,
    retries: reports.reduce((all, one) => all + one.retries, 0),
    asked: sum((tally) => tally.asked),
    cached,
    saved: Math.max(0, sum((tally) => tally.found + tally.absent) - cached - requests),
    providers: mergeTallies(tallies),
    limiters: reports,
    elapsedMs: run.elapsedMs,
    degraded: run.limiters.degraded(),
  }
}

/** Says which rows of the overrides are about nobody who is played; with a limit not all acts come by. */
function adviseUnused({ log, limit }: EnrichOptions, { unused }: Decisions): void {
  const [first] = unused
  if (first === undefined || limit !== undefined) return
  const rows = unused
    .slice(0, 100)
    .map(({ row }) => row)
    .join(', ')
  const of = first.title === undefined ? first.artist : `${first.title} of ${first.artist}`
  log.warn(`overrides about nobody who is played: rows ${rows} (row ${first.row}: ${printable(of)})`)
}

/** Says what a contact would gain, where a service that is asked has a slower limit without one. */
function adviseContact({ contact, log }: EnrichOptions, plan: Plan): void {
  if (contactAddress(contact) !== null) return
  const perMinute = (count: number, perMs: number) => Math.round((count * 60_000) / perMs)
  for (const line of plan.lines) {
    const service = serviceAt(line.service)
    const now = service?.unidentifiedLimit?.limits.reservoir
    const then = service?.limit.limits.reservoir
    if (!now || !then) continue
    const nowPerMin = perMinute(now.count, now.perMs)
    const thenPerMin = perMinute(then.count, then.perMs)
    log.info(
      `ENRICH_CONTACT would let us ask ${service.limit.title} ${Math.floor(thenPerMin / nowPerMin)} times as fast`,
      {
        now_per_min: nowPerMin,
        then_per_min: thenPerMin,
      },
    )
  }
}

// What the answers of a run depend on; stored with the run so that a difference between two can be explained.
function fingerprint(options: EnrichOptions, identified: boolean): string {
  const keyed = services.filter((one) => one.key && !one.optIn && options.keys?.[one.name])
  return [
    'rules:1',
    ...(identified ? ['contact'] : []),
    ...keyed.map((one) =>
      one === roles.listenerNames ? `${one.name}:${options.listenerMode ?? 'default'}` : one.name,
    ),
    ...(options.optional ?? []),
  ].join(' ')
}

function mergeTallies(tallies: readonly { kind: string; provider: string; tally: Tally }[]) {
  const merged = new Map<string, { provider: string; kind: string; tally: Tally }>()
  for (const { kind, provider, tally } of tallies) {
    if (tally.asked === 0) continue
    const key = `${provider} ${kind}`
    const none: Tally = { asked: 0, cached: 0, found: 0, absent: 0, failed: 0, requests: 0 }
    const one = merged.get(key) ?? { provider, kind, tally: none }
    for (const name of Object.keys(one.tally) as (keyof Tally)[]) one.tally[name] += tally[name]
    merged.set(key, one)
  }
  return [...merged.values()]
}
