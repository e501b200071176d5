import type { Reason } from '../plan/due-reason.ts'

/** One artist with its songs: what is to be done about each. */
export interface Job {
  readonly artist: string
  /** Its most played title, due or not. */
  readonly title: string | null
  /** Null: the artist's row is fresh. */
  readonly due: Reason | null
  /** Those that are due. */
  readonly songs: readonly { readonly song: string; readonly due: Reason }[]
  /** Songs that are not, and whose pairs were looked up: the cache has what they say about who the artist is. */
  readonly known: readonly string[]
}
