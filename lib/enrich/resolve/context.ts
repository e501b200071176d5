import type { LookupStore } from '../../model/lookups.ts'
import type { Clock } from '../clock.ts'
import type { ActDescriptions } from '../match/descriptions.ts'
import type { Batcher } from '../requests/batcher.ts'
import type { Chain } from './chain.ts'
import type { ActDecisions, Decisions } from './decisions.ts'
import type { Job } from './job.ts'

/** Called as an artist comes along; the plan counts which artists have which steps before them. */
export interface ResolveObserver {
  /** Pairs of names of all its songs are looked up. */
  voted(): void
  /** It is known who it is, or that nobody knows. */
  identified(): void
  /** A song has its match, or is being searched for. */
  song(): void
}

/** What the steps of every artist share. */
export interface ResolveOptions {
  readonly chain: Chain
  readonly batcher: Batcher
  readonly store: LookupStore
  readonly clock: Clock
  readonly random: () => number
  /** Pairs of names may be looked up. */
  readonly pairs: boolean
  /** What is asked about the names that listeners use. */
  readonly listenerNames: 'all' | 'gaps' | 'off'
  readonly images: boolean
  /** Similar artists are kept, where listeners' names bring them. */
  readonly similar: boolean
  /** So few artists are due that all sources of pictures are asked about each at once: see `findPicture`. */
  readonly smallRun: boolean
  /** A person's word about all acts. */
  readonly decisions: Decisions
  readonly observer?: ResolveObserver
}

/** One artist on its way from first request to last row. */
export interface ResolveContext extends ResolveOptions {
  readonly job: Job
  /** A person's word about this one. */
  readonly decided: ActDecisions
  /** What the answers say of the acts beyond who they are. */
  readonly descriptions: ActDescriptions
}
