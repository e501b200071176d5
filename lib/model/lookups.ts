import type { NotNull, RowOf } from './columns.ts'
import type { ArtistRow, LookupStatus, lookupColumns, TrackRow } from './lookup-tables.ts'

export {
  type ActFacts,
  type ArtistRow,
  type LookupStatus,
  noActFacts,
  noSongFacts,
  type SongFacts,
  type TrackRow,
} from './lookup-tables.ts'

/*
 * What enrichment asks of the database.
 */

/** One cached answer: a row of `enrichment_lookup`. */
export type LookupRow = Readonly<NotNull<RowOf<typeof lookupColumns>, 'outcome' | 'attempts'>>

/** What the plan needs to know of a row that exists. */
export interface RowState {
  /** Of the act or of the recording. */
  readonly mbid: string | null
  readonly method: string | null
  /** Of an act. */
  readonly image: string | null
  readonly status: LookupStatus
  /** Artists: state of the picture. Tracks: whether there is a length. */
  readonly complete: boolean
  readonly providers: string
  readonly expires_at: string | null
  readonly next_attempt_at: string | null
}

/** An artist of the plays with its songs. */
export interface WorkArtist {
  readonly artist: string
  /** False: beyond the limit, it is here for some of its songs. */
  readonly listed: boolean
  readonly state: RowState | null
  readonly songs: readonly { readonly song: string; readonly state: RowState | null }[]
}

/** How far the look-ups have come, for a summary. */
export interface LookupTotals {
  readonly artists: number
  readonly artistsWithMbid: number
  readonly artistsWithImage: number
  readonly artistsWithListenerName: number
  readonly tracks: number
  readonly tracksFound: number
  readonly tracksWithDuration: number
  readonly plays: number
  readonly playsWithImage: number
  readonly playsWithDuration: number
}

export interface RunRecord {
  readonly id: string
  readonly fingerprint: string
  readonly now: string
  /** A run whose heart last beat before this is dead. */
  readonly staleBefore: string
}

/**
 * Where lookups are kept: the cache of every answer, the rows made of them, the work list, the lease of a run.
 *
 * Every `save` is one transaction and an idempotent upsert. Deletes nothing.
 */
export interface LookupStore {
  /**
   * The artists of the plays with their songs and what is known of each, most played first, some hundred at a time.
   *
   * @param limit only so many artists and so many songs, the most played ones
   */
  work(limit?: number): AsyncIterable<readonly WorkArtist[]>
  /** The cached answers of these keys, fresh or not. */
  lookup(kind: string, provider: string, keys: readonly string[]): Promise<readonly LookupRow[]>
  artistRow(artist: string): Promise<ArtistRow | null>
  trackRows(artist: string): Promise<readonly TrackRow[]>
  save(changes: {
    readonly lookups?: readonly LookupRow[]
    readonly artists?: readonly ArtistRow[]
    readonly tracks?: readonly TrackRow[]
  }): Promise<void>
  /** Takes the lease; AppError `locked` if another run holds it. A dead run's lease is taken over. */
  beginRun(run: RunRecord): Promise<void>
  /** False if the lease was taken over by another run meanwhile. */
  beat(id: string, now: string): Promise<boolean>
  finishRun(id: string, now: string, counters: string, exit: string): Promise<void>
}

/**
 * MusicBrainz' special-purpose artists, which stand for nobody: Various Artists, [unknown], [no artist], [anonymous],
 * [traditional], [data], [dialogue], [Disney], [language instruction], [theatre].
 */
export const specialPurposeMbids: ReadonlySet<string> = new Set([
  '89ad4ac3-39f7-470e-963a-56509c546377',
  '125ec42a-7229-4250-afc5-e057484327fe',
  'eec63d3c-3b81-4ad4-b1e4-7c147d4d2b61',
  'f731ccc4-e22a-43af-a747-64213329e088',
  '9be7f096-97ec-4615-8957-8d40b5dcbc41',
  '33cf029c-63b0-41a0-9855-be2a3665fb3b',
  '314e1c25-dde7-4e4d-b2f4-0a7b9f7c56dc',
  '66ea0139-149f-4a0c-8fbf-5ea9ec4a6e49',
  '80a8851f-444c-4539-892b-ad2a49292aa9',
  'a0ef7e1d-44ff-4039-9435-7d5fefdeecc9',
])
