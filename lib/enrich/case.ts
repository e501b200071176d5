import type { Chain } from './chain.ts'
import type { Clock } from './clock.ts'
import type { Job } from './due.ts'
import type { LookupStore } from './memory.ts'
import type { Desk } from './questions.ts'

/** What the steps of every artist share. */
export interface ResolveOptions {
  readonly chain: Chain
  readonly desk: Desk
  readonly store: LookupStore
  readonly clock: Clock
  readonly random: () => number
  /** ListenBrainz' look-up may be asked. */
  readonly pairs: boolean
  readonly lastfm: 'all' | 'gaps' | 'off'
  readonly images: boolean
  readonly deezer: boolean
  readonly itunes: boolean
  readonly theaudiodb: boolean
  readonly fanarttv: boolean
}

/** One artist on its way from first question to last row. */
export interface Case extends ResolveOptions {
  readonly job: Job
}
