import { flag, int32, means, nullable, oneOf, type RowOf, text } from './columns.ts'
import { shared } from './shared-columns.ts'

/*
 * The tables of enrichment: what `lib/enrich` makes and `lib/store` keeps. They survive every load. Time stamps are ISO-8601 UTC.
 */

export type LookupStatus = 'found' | 'not_found' | 'transient_error'

const timestamp = nullable(text)

/** One row per canonical artist that was looked up, key `artist_clean`. Nulls: not known. */
export const artistImageColumns = {
  artist_clean: shared.artist_clean,
  artist_lastfm: shared.artist_lastfm,
  canonical_name: means(nullable(text), 'name of the artist, as the public source writes it'),
  canonical_source: shared.canonical_source,
  /**
   * The act on MusicBrainz.
   *
   * Sure enough to be evidence that two names are one act: `identity_status` is `found`, `ambiguous` is 0, `match_method`
   * names no doubt (`:unverified`, `:part`), and either `match_score` is at least 0.95 (its name, an alias or its sort name)
   * or `match_method` ends with `titles` (a near spelling whose songs agree).
   */
  mbid: means(nullable(text), 'MusicBrainz id of the artist; null: not known there'),
  wikidata_qid: means(nullable(text), 'Wikidata id of the artist'),
  image_url: means(nullable(text), 'address of the picture'),
  image_thumb_url: means(nullable(text), 'address of a small picture'),
  image_mime: means(nullable(text), 'media type of the picture'),
  image_width: means(nullable(int32), 'pixels'),
  image_height: means(nullable(int32), 'pixels'),
  image_provider: means(nullable(text), 'the public source of the picture'),
  image_page_url: means(nullable(text), 'address of the page of the picture'),
  licence: means(nullable(text), 'licence of the picture'),
  licence_url: means(nullable(text), 'address of the licence'),
  attribution: means(nullable(text), 'author, or the text that the author asks for'),
  attribution_required: means(nullable(flag), '1: the licence asks for the attribution; 0: not'),
  identity_status: means(oneOf<LookupStatus>(), 'found, not_found or transient_error (to be asked again)'),
  image_status: means(oneOf<LookupStatus>(), 'found, not_found or transient_error (to be asked again)'),
  /**
   * `name`, `name+titles`, `titles` (by the matches of its songs), `weight` (the best known of several, always ambiguous),
   * `lastfm`, `lastfm+id`, `special`; with `:unverified` MusicBrainz did not confirm it, with `:part` it is the first of
   * several acts that the name names.
   */
  match_method: shared.match_method,
  /** 1 its name, 0.97 an alias, 0.95 its sort name, 0.9 a near spelling. */
  match_score: shared.match_score,
  ambiguous: means(flag, '1: several acts carry the name and the titles do not tell them apart; 0: not'),
  providers_asked: shared.providers_asked,
  fetched_at: shared.fetched_at,
  expires_at: shared.expires_at,
  attempts: shared.attempts,
  next_attempt_at: shared.next_attempt_at,
  /** Class and short text of the last failure, at most 200 characters; errors never stand in a data column. */
  last_error: shared.last_error,
  created_at: nullable(shared.created_at),
  updated_at: nullable(shared.updated_at),
  act_type: means(nullable(text), 'as MusicBrainz calls it: Person, Group, Orchestra, Choir, Character, Other'),
  country: means(nullable(text), 'ISO 3166-1 code'),
  area: means(nullable(text), 'country or region, as it is called'),
  begin_year: means(nullable(int32), 'year of birth or foundation'),
  genres: means(nullable(text), 'genres of the artist, at most five, most named first, with ", " between them'),
  similar_artists: means(nullable(text), 'names, most similar first, with " · " between them; only with --similar'),
}

/** One row per canonical song that was looked up, key `(artist_clean, song_clean)`. Nulls: not known. */
export const trackInfoColumns = {
  artist_clean: shared.artist_clean,
  song_clean: shared.song_clean,
  artist_lastfm: shared.artist_lastfm,
  song_lastfm: means(nullable(text), 'title on Last.fm'),
  canonical_artist: means(nullable(text), 'artist of the song, as the public source writes it'),
  canonical_title: means(nullable(text), 'title of the song, as the public source writes it'),
  canonical_source: shared.canonical_source,
  recording_mbid: means(nullable(text), 'MusicBrainz id of the recording'),
  duration_ms: means(nullable(int32), 'length of the song in milliseconds'),
  duration_source: means(nullable(text), 'the public source of the length'),
  duration_spread_ms: means(nullable(int32), 'milliseconds between the shortest and the longest length that was found'),
  cover_url: means(nullable(text), 'address of the cover, 250 pixels wide'),
  status: means(oneOf<LookupStatus>(), 'found, not_found or transient_error (to be asked again)'),
  match_method: shared.match_method,
  match_score: shared.match_score,
  providers_asked: shared.providers_asked,
  fetched_at: shared.fetched_at,
  expires_at: shared.expires_at,
  attempts: shared.attempts,
  next_attempt_at: shared.next_attempt_at,
  last_error: shared.last_error,
  first_release_year: means(nullable(int32), 'earliest year of all known recordings of the song by this artist'),
  album: means(nullable(text), 'album of the recording'),
  isrc: means(nullable(text), 'code of the recording, without hyphens'),
  genres: means(nullable(text), 'genres of the song, else of its album, at most three, with ", " between them'),
  cover_large_url: means(nullable(text), 'address of the cover, 1,200 pixels wide'),
}

/** `found` and `not_found` are facts with a term; `transient` and `bad_request` say only when to ask again. */
export type LookupOutcome = 'found' | 'not_found' | 'transient' | 'bad_request'

/** One row per request to one provider about one entity, key `(kind, key, provider)`: what it answered. */
export const lookupColumns = {
  kind: means(text, 'what the row is about'),
  key: means(text, 'what the request was about'),
  provider: means(text, 'the public source'),
  outcome: means(nullable(oneOf<LookupOutcome>()), 'how it ended'),
  http_status: means(nullable(int32), 'HTTP status of the answer'),
  api_code: means(nullable(text), 'code of the answer, where the service has codes of its own'),
  payload: means(nullable(text), 'JSON of the answer'),
  fetched_at: shared.fetched_at,
  expires_at: shared.expires_at,
  attempts: nullable(shared.attempts),
  next_attempt_at: shared.next_attempt_at,
}

/** One row per enrichment job, key `id`; the newest unfinished row with a fresh heartbeat is the lease. */
export const enrichmentRunColumns = {
  id: means(text, 'id of the run'),
  started_at: nullable(shared.started_at),
  finished_at: nullable(shared.finished_at),
  config_fingerprint: means(nullable(text), 'tells configurations of the enrichment apart'),
  heartbeat_at: means(timestamp, 'time stamp at which the run was last seen alive'),
  /** Its process, as `identityText` writes it: `HOST:PID` and what tells it from others of the same pid. */
  owner: means(nullable(text), 'the process that runs it'),
  counters: means(nullable(text), 'JSON: what the run did, counted'),
  exit: means(nullable(text), 'how the run ended'),
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
