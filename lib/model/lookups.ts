/*
 * The rows of enrichment as the database keeps them and `lib/enrich` makes them, and what one asks of the other.
 */

/** One cached answer: a row of `enrichment_lookup`, key (kind, key, provider). Time stamps are ISO-8601 UTC. */
export interface LookupRow {
  readonly kind: string
  readonly key: string
  readonly provider: string
  /** `found` and `not_found` are facts with a term; `transient` and `bad_request` say only when to ask again. */
  readonly outcome: 'found' | 'not_found' | 'transient' | 'bad_request'
  readonly http_status: number | null
  readonly api_code: string | null
  /** JSON of what was found, in our shape; null unless found. */
  readonly payload: string | null
  readonly fetched_at: string | null
  readonly expires_at: string | null
  /** How often it was asked without being found. */
  readonly attempts: number
  readonly next_attempt_at: string | null
}

export type Status = 'found' | 'not_found' | 'transient_error'

/** What is known of an act beyond who it is; the store's tables say what each column holds. Nulls: not known. */
export interface ActFacts {
  readonly act_type: string | null
  readonly country: string | null
  readonly area: string | null
  readonly begin_year: number | null
  readonly genres: string | null
  readonly similar_artists: string | null
}
export const noActFacts: ActFacts = {
  act_type: null,
  country: null,
  area: null,
  begin_year: null,
  genres: null,
  similar_artists: null,
}

/** What is known of a song beyond which recording it is. Nulls: not known. */
export interface SongFacts {
  readonly first_release_year: number | null
  readonly album: string | null
  readonly isrc: string | null
  readonly genres: string | null
  readonly cover_large_url: string | null
}
export const noSongFacts: SongFacts = {
  first_release_year: null,
  album: null,
  isrc: null,
  genres: null,
  cover_large_url: null,
}

/** A row of `artist_images`: one artist. Nulls: not known. */
export interface ArtistRow extends ActFacts {
  readonly artist_clean: string
  readonly artist_lastfm: string | null
  readonly canonical_name: string | null
  readonly canonical_source: string | null
  /** How sure it is, say `identity_status`, `ambiguous`, `match_method` and `match_score` together. */
  readonly mbid: string | null
  readonly wikidata_qid: string | null
  readonly image_url: string | null
  readonly image_thumb_url: string | null
  readonly image_mime: string | null
  readonly image_width: number | null
  readonly image_height: number | null
  readonly image_provider: string | null
  readonly image_page_url: string | null
  readonly licence: string | null
  readonly licence_url: string | null
  readonly attribution: string | null
  readonly attribution_required: number | null
  readonly identity_status: Status
  readonly image_status: Status
  readonly match_method: string | null
  readonly match_score: number | null
  readonly ambiguous: number
  /** Providers that answered definitively, sorted, `,` between them. */
  readonly providers_asked: string
  readonly fetched_at: string | null
  readonly expires_at: string | null
  readonly attempts: number
  readonly next_attempt_at: string | null
  /** Class and short text of the last failure, at most 200 characters. */
  readonly last_error: string | null
}

/** A row of `track_info`: one song of one artist. */
export interface TrackRow extends SongFacts {
  readonly artist_clean: string
  readonly song_clean: string
  readonly artist_lastfm: string | null
  readonly song_lastfm: string | null
  readonly canonical_artist: string | null
  readonly canonical_title: string | null
  readonly canonical_source: string | null
  readonly recording_mbid: string | null
  readonly duration_ms: number | null
  readonly duration_source: string | null
  readonly duration_spread_ms: number | null
  readonly cover_url: string | null
  readonly status: Status
  readonly match_method: string | null
  readonly match_score: number | null
  readonly providers_asked: string
  readonly fetched_at: string | null
  readonly expires_at: string | null
  readonly attempts: number
  readonly next_attempt_at: string | null
  readonly last_error: string | null
}

/** What the plan needs to know of a row that exists. */
export interface RowState {
  /** Of the act or of the recording. */
  readonly mbid: string | null
  readonly method: string | null
  /** Of an act. */
  readonly image: string | null
  readonly status: Status
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
