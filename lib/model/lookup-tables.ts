import { double, flag, int32, nullable, oneOf, type RowOf, text } from './columns.ts'

/*
 * The tables of enrichment: what `lib/enrich` makes and `lib/store` keeps. They survive every load. Time stamps are ISO-8601 UTC.
 */

export type LookupStatus = 'found' | 'not_found' | 'transient_error'

const timestamp = nullable(text)

/** One row per canonical artist that was looked up, key `artist_clean`. Nulls: not known. */
export const artistImageColumns = {
  artist_clean: text,
  artist_lastfm: nullable(text),
  canonical_name: nullable(text),
  canonical_source: nullable(text),
  /**
   * The act on MusicBrainz.
   *
   * Sure enough to be evidence that two names are one act: `identity_status` is `found`, `ambiguous` is 0, `match_method`
   * names no doubt (`:unverified`, `:part`), and either `match_score` is at least 0.95 (its name, an alias or its sort name)
   * or `match_method` ends with `titles` (a near spelling whose songs agree).
   */
  mbid: nullable(text),
  wikidata_qid: nullable(text),
  image_url: nullable(text),
  image_thumb_url: nullable(text),
  image_mime: nullable(text),
  image_width: nullable(int32),
  image_height: nullable(int32),
  image_provider: nullable(text),
  image_page_url: nullable(text),
  licence: nullable(text),
  licence_url: nullable(text),
  attribution: nullable(text),
  attribution_required: nullable(flag),
  identity_status: oneOf<LookupStatus>(),
  image_status: oneOf<LookupStatus>(),
  /**
   * `name`, `name+titles`, `titles` (by the matches of its songs), `weight` (the best known of several, always ambiguous),
   * `lastfm`, `lastfm+id`, `special`; with `:unverified` MusicBrainz did not confirm it, with `:part` it is the first of
   * several acts that the name names.
   */
  match_method: nullable(text),
  /** 1 its name, 0.97 an alias, 0.95 its sort name, 0.9 a near spelling. */
  match_score: nullable(double),
  /** 1: several acts carry the name and our titles do not tell them apart. */
  ambiguous: flag,
  /** Providers that answered definitively, sorted, `,` between them. */
  providers_asked: text,
  fetched_at: timestamp,
  expires_at: timestamp,
  attempts: int32,
  next_attempt_at: timestamp,
  /** Class and short text of the last failure, at most 200 characters; errors never stand in a data column. */
  last_error: nullable(text),
  created_at: timestamp,
  updated_at: timestamp,
  /** As MusicBrainz calls it: `Person`, `Group`, `Orchestra`, `Choir`, `Character`, `Other`. */
  act_type: nullable(text),
  /** ISO 3166-1 code. */
  country: nullable(text),
  /** The country or region as it is called. */
  area: nullable(text),
  /** Of birth or foundation. */
  begin_year: nullable(int32),
  /** At most five, most named first, with `, ` between them. */
  genres: nullable(text),
  /** With `--similar` only: names, most similar first, with ` · ` between them. */
  similar_artists: nullable(text),
}

/** One row per canonical song that was looked up, key `(artist_clean, song_clean)`. Nulls: not known. */
export const trackInfoColumns = {
  artist_clean: text,
  song_clean: text,
  artist_lastfm: nullable(text),
  song_lastfm: nullable(text),
  canonical_artist: nullable(text),
  canonical_title: nullable(text),
  canonical_source: nullable(text),
  recording_mbid: nullable(text),
  duration_ms: nullable(int32),
  duration_source: nullable(text),
  duration_spread_ms: nullable(int32),
  cover_url: nullable(text),
  status: oneOf<LookupStatus>(),
  match_method: nullable(text),
  match_score: nullable(double),
  providers_asked: text,
  fetched_at: timestamp,
  expires_at: timestamp,
  attempts: int32,
  next_attempt_at: timestamp,
  last_error: nullable(text),
  /** The earliest year of all known recordings of the song by this act. */
  first_release_year: nullable(int32),
  album: nullable(text),
  /** Of the recording, without hyphens. */
  isrc: nullable(text),
  /** Of the song, else of its album: at most three, most named first, with `, ` between them. */
  genres: nullable(text),
  /** `cover_url` with 1,200 pixels instead of 250. */
  cover_large_url: nullable(text),
}

/** `found` and `not_found` are facts with a term; `transient` and `bad_request` say only when to ask again. */
export type LookupOutcome = 'found' | 'not_found' | 'transient' | 'bad_request'

/** One row per request to one provider about one entity, key `(kind, key, provider)`: what it answered. */
export const lookupColumns = {
  kind: text,
  key: text,
  provider: text,
  outcome: nullable(oneOf<LookupOutcome>()),
  http_status: nullable(int32),
  api_code: nullable(text),
  /** JSON of what was found, in our shape; null unless found. */
  payload: nullable(text),
  fetched_at: timestamp,
  expires_at: timestamp,
  /** How often it was asked without being found. */
  attempts: nullable(int32),
  next_attempt_at: timestamp,
}

/** One row per enrichment job, key `id`; the newest unfinished row with a fresh heartbeat is the lease. */
export const enrichmentRunColumns = {
  id: text,
  started_at: timestamp,
  finished_at: timestamp,
  config_fingerprint: nullable(text),
  heartbeat_at: timestamp,
  /** Its process, as `identityText` writes it: `HOST:PID` and what tells it from others of the same pid. */
  owner: nullable(text),
  counters: nullable(text),
  exit: nullable(text),
}

/** A row of `artist_images`; the store stamps it. */
export type ArtistRow = Readonly<Omit<RowOf<typeof artistImageColumns>, 'created_at' | 'updated_at'>>
/** A row of `track_info`. */
export type TrackRow = Readonly<RowOf<typeof trackInfoColumns>>

/** What is known of an act beyond who it is, with nothing known. */
export const noActFacts = {
  act_type: null,
  country: null,
  area: null,
  begin_year: null,
  genres: null,
  similar_artists: null,
}
export type ActFacts = Pick<ArtistRow, keyof typeof noActFacts>

/** What is known of a song beyond which recording it is, with nothing known. */
export const noSongFacts = { first_release_year: null, album: null, isrc: null, genres: null, cover_large_url: null }
export type SongFacts = Pick<TrackRow, keyof typeof noSongFacts>
