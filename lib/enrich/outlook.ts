import { setImmediate } from 'node:timers/promises'
import { Budget } from './budget.ts'
import { type Chain, openChain } from './chain.ts'
import { systemClock } from './clock.ts'
import type { Due, Job } from './due.ts'
import type { Service } from './lanes.ts'
import { firstAct } from './match.ts'
import type { EnrichOptions } from './options.ts'
import { type PlannedKind, plannedKinds } from './plan.ts'
import { Desk } from './questions.ts'
import { resolveArtist } from './resolve.ts'
import { baseAddresses } from './services.ts'

/** Where memory's answers about some artists end. */
export interface Outlook {
  readonly asked: Readonly<Record<PlannedKind, number>>
  readonly voters: number
  readonly pictures: number
  readonly songs: number
  readonly guests: number
}

// A service that never answers: every question that memory does not answer stays open, and with it all that would follow.
const silent: Service = {
  limits: { maxConcurrent: 1, minTimeMs: 0, timeoutMs: 0 },
  stopped: false,
  closed: () => null,
  call: () => new Promise(() => {}),
}

/**
 * Runs the chain as far as memory leads and counts where it ends: the first questions that a run asks, exactly, and who
 * waits for their answers. Sends nothing and stores nothing.
 */
export async function lookAhead(
  jobs: readonly Job[],
  options: EnrichOptions,
  { lastfm, few }: Pick<Due, 'lastfm' | 'few'>,
): Promise<Outlook> {
  const { store, log, clock = systemClock, refresh = 'due', scope = 'both' } = options
  const pairs = options.listenbrainzToken !== undefined
  const budget = new Budget({ lines: [], reserve: 0 })
  const random = () => 0.5
  let failure: unknown
  const desk = new Desk({ store, clock, random, log, budget, refresh, onFailure: () => {} })
  const chain = openChain({
    desk,
    budget,
    lane: () => silent,
    bases: baseAddresses(),
    lastfmKey: lastfm === 'off' ? '' : 'none is sent',
    listenbrainzToken: '',
    fanartKey: '',
    songsAhead: 0,
    pairsWork: () => pairs,
  })
  const images = scope !== 'tracks'
  // Who is not due itself was told before.
  let voters = jobs.filter((job) => job.due !== null).length
  let pictures = images ? jobs.filter((job) => job.due !== null).length : 0
  let guests = jobs.filter((job) => job.due !== null && firstAct(job.artist) !== null).length
  let songs = jobs.reduce((sum, job) => sum + job.songs.filter(({ song }) => song.trim() !== '').length, 0)
  for (const job of jobs) {
    const told = {
      voted() {
        if (job.due !== null) voters--
      },
      identified() {
        if (job.due === null) return
        if (images) pictures--
        if (firstAct(job.artist) !== null) guests--
      },
      song() {
        songs--
      },
    }
    resolveArtist(job, { chain, desk, store, clock, random, pairs, lastfm, images, few, told, ...noneOptional }).catch(
      (error: unknown) => {
        failure ??= error
      },
    )
  }
  do await setImmediate()
  while (!desk.quiet)
  failure ??= desk.failure
  if (failure !== undefined) throw failure
  const asked = Object.fromEntries(plannedKinds.map((kind) => [kind, open(chain, kind)])) as Record<PlannedKind, number>
  // Songs whose match is being looked up, or known already, are not asked about in another way for sure.
  songs = Math.max(0, songs - chain.pairs.undecided - chain.pairMetadata.undecided)
  return { asked, voters: pairs ? voters : 0, pictures, songs, guests }
}

const noneOptional = { deezer: false, itunes: false, theaudiodb: false, fanarttv: false }

/** Questions of a kind that nobody answered, those of its late twin included. */
function open({ late, ...chain }: Chain, kind: PlannedKind): number {
  const kinds = (steps: Partial<Chain>) => ({ ...steps, ...steps.pictures }) as Partial<Record<PlannedKind, Undecided>>
  const twins = [kinds(chain)[kind], kinds(late)[kind], kind === 'metadata' ? chain.pairMetadata : undefined]
  return [...new Set(twins)].reduce((sum, one) => sum + (one?.undecided ?? 0), 0)
}

type Undecided = { readonly undecided: number }
