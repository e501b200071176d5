import type { Chain } from './chain.ts'
import type { Clock } from './clock.ts'
import type { Job } from './due.ts'
import type { LookupStore } from './memory.ts'
import type { Desk } from './questions.ts'

/** Told how far an artist has come; the plan counts who has what still before it. */
export interface Told {
  /** All its songs are looked up at ListenBrainz. */
  voted(): void
  /** It is known who it is, or that nobody knows. */
  identified(): void
  /** A song has its match, or MusicBrainz is asked about it. */
  song(): void
}

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
  /** So few artists are due that all sources of pictures are asked about each at once: see `findPicture`. */
  readonly few: boolean
  readonly deezer: boolean
  readonly itunes: boolean
  readonly theaudiodb: boolean
  readonly fanarttv: boolean
  readonly told?: Told
}

/** One artist on its way from first question to last row. */
export interface Case extends ResolveOptions {
  readonly job: Job
}
