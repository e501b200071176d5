import { setImmediate } from 'node:timers/promises'
import { systemClock } from '../clock.ts'
import type { Sender } from '../http/call.ts'
import { firstAct } from '../match/artists.ts'
import { medleyParts } from '../match/titles.ts'
import type { EnrichOptions } from '../options.ts'
import { Batcher } from '../requests/batcher.ts'
import { Budget } from '../requests/budget.ts'
import { type Chain, openChain } from '../resolve/chain.ts'
import type { ResolveObserver, ResolveOptions } from '../resolve/context.ts'
import type { Job } from '../resolve/job.ts'
import { resolveArtist } from '../resolve/resolve-artist.ts'
import { roles } from '../services/list.ts'
import { type PlannedKind, plannedKinds } from './plan.ts'

/** Where the cache's answers about some artists end. */
export interface Forecast {
  readonly asked: Readonly<Record<PlannedKind, number>>
  readonly voters: number
  readonly pictures: number
  readonly songs: number
  readonly guests: number
  /** Songs that may have to be searched for by their parts. */
  readonly medleys: number
}

// A service that never answers: every request that the cache does not answer stays open, and with it all that would follow.
const silent: Sender = {
  limits: { maxConcurrent: 1, minTimeMs: 0, timeoutMs: 0 },
  stopped: false,
  closed: () => null,
  call: () => new Promise(() => {}),
}

/**
 * Runs the chain as far as the cache leads and counts where it ends: the first requests that a run makes, exactly, and who
 * waits for their answers. Sends nothing and stores nothing.
 */
export async function dryRun(
  jobs: readonly Job[],
  options: EnrichOptions,
  { listenerNames, smallRun, decisions }: Pick<ResolveOptions, 'listenerNames' | 'smallRun' | 'decisions'>,
): Promise<Forecast> {
  const { store, log, clock = systemClock, refresh = 'due', scope = 'both' } = options
  const pairs = options.keys?.[roles.songMatches.name] !== undefined
  const budget = new Budget({ lines: [], reserve: 0 })
  const random = () => 0.5
  const batcher = new Batcher({ store, clock, random, log, budget, refresh, onFailure: () => {} })
  const chain = openChain({
    batcher,
    budget,
    sender: () => silent,
    base: (service) => new URL(service.address),
    key: (service) => (service === roles.listenerNames && listenerNames !== 'off' ? 'none is sent' : ''),
    optIn: [],
    songsAhead: 0,
    pairs,
  })
  const images = scope !== 'tracks'
  const waiting = new Waiting(jobs, images)
  let failure: unknown
  for (const job of jobs) {
    const observer = waiting.observer(job)
    const context = {
      chain,
      batcher,
      store,
      clock,
      random,
      pairs,
      listenerNames,
      images,
      similar: false,
      decisions,
      smallRun,
      observer,
    }
    resolveArtist(job, context).catch((error: unknown) => {
      failure ??= error
    })
  }
  do await setImmediate()
  while (!batcher.quiet)
  failure ??= batcher.failure
  if (failure !== undefined) throw failure
  const asked = Object.fromEntries(plannedKinds.map((kind) => [kind, open(chain, kind)])) as Record<PlannedKind, number>
  // Songs whose match is being looked up, or known already, are not asked about in another way for sure.
  const songs = Math.max(0, waiting.songs - chain.pairs.undecided - chain.pairMetadata.undecided)
  return {
    asked,
    voters: pairs ? waiting.voters : 0,
    pictures: waiting.pictures,
    songs,
    guests: waiting.guests,
    medleys: countMedleys(jobs),
  }
}

const countMedleys = (jobs: readonly Job[]): number =>
  jobs.reduce((sum, job) => sum + job.songs.filter(({ song }) => medleyParts(song).length > 1).length, 0)

/** Who still waits for what. An artist that is not due itself was identified before. */
class Waiting {
  voters: number
  pictures: number
  guests: number
  songs: number
  readonly #images: boolean

  constructor(jobs: readonly Job[], images: boolean) {
    const due = jobs.filter((job) => job.due !== null)
    this.#images = images
    this.voters = due.length
    this.pictures = images ? due.length : 0
    this.guests = due.filter((job) => firstAct(job.artist) !== null).length
    this.songs = jobs.reduce((sum, job) => sum + job.songs.filter(({ song }) => song.trim() !== '').length, 0)
  }

  observer(job: Job): ResolveObserver {
    return {
      voted: () => {
        if (job.due !== null) this.voters--
      },
      identified: () => {
        if (job.due === null) return
        if (this.#images) this.pictures--
        if (firstAct(job.artist) !== null) this.guests--
      },
      song: () => {
        this.songs--
      },
    }
  }
}

/** Requests of a kind that nobody answered, those of its second pass included. */
function open({ secondPass, ...chain }: Chain, kind: PlannedKind): number {
  const kinds = (steps: Partial<Chain>) => ({ ...steps, ...steps.pictures }) as Partial<Record<PlannedKind, Undecided>>
  const twins = [kinds(chain)[kind], kinds(secondPass)[kind], kind === 'metadata' ? chain.pairMetadata : undefined]
  return [...new Set(twins)].reduce((sum, one) => sum + (one?.undecided ?? 0), 0)
}

type Undecided = { readonly undecided: number }
