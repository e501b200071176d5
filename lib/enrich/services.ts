import { baseAddress } from './http.ts'

/** A lane is a limit, not an address: Commons and Wikidata's API share one counter and therefore one lane. */
export type LaneName =
  | 'musicbrainz'
  | 'listenbrainz'
  | 'wikidata-query'
  | 'wikimedia'
  | 'lastfm'
  | 'deezer'
  | 'itunes'
  | 'theaudiodb'
  | 'fanarttv'

export interface LaneLimits {
  readonly maxConcurrent: number
  /** Between the starts of two requests. */
  readonly minTimeMs: number
  /** At most so many per window, beside the spacing. */
  readonly reservoir?: { readonly count: number; readonly perMs: number }
  /** For one whole request, answer read. */
  readonly timeoutMs: number
  /** Measured time of answering that a minute may hold (the query service counts that, not requests). */
  readonly workMsPerMinute?: number
  /** While the breaker is open its questions wait for the probe, because nobody else could answer them. */
  readonly noOtherWay?: boolean
}

/**
 * What the services ask of a well-behaved client, each a little slower than its limit.
 *
 * The spacing alone keeps every sliding window: Bottleneck's reservoir is a fixed window and lets twice its count pass
 * at an edge. MusicBrainz 1/s; ListenBrainz 30 per 10 s; Wikimedia 200/min for who names a contact, planned at 150;
 * Last.fm 5/s and 1,500 per 5 min; Deezer 50 per 5 s; iTunes 20/min; TheAudioDB 30/min;
 * fanart.tv names none, so one a second.
 */
export const documentedLimits: Readonly<Record<LaneName, LaneLimits>> = {
  musicbrainz: { maxConcurrent: 1, minTimeMs: 1_100, timeoutMs: 25_000, noOtherWay: true },
  listenbrainz: { maxConcurrent: 3, minTimeMs: 340, reservoir: { count: 30, perMs: 10_000 }, timeoutMs: 25_000 },
  'wikidata-query': { maxConcurrent: 1, minTimeMs: 1_000, timeoutMs: 65_000, workMsPerMinute: 60_000 },
  wikimedia: {
    maxConcurrent: 2,
    minTimeMs: 400,
    reservoir: { count: 150, perMs: 60_000 },
    timeoutMs: 25_000,
    noOtherWay: true,
  },
  lastfm: {
    maxConcurrent: 4,
    minTimeMs: 220,
    reservoir: { count: 1_400, perMs: 300_000 },
    timeoutMs: 15_000,
    noOtherWay: true,
  },
  deezer: { maxConcurrent: 2, minTimeMs: 112, reservoir: { count: 45, perMs: 5_000 }, timeoutMs: 15_000 },
  itunes: { maxConcurrent: 1, minTimeMs: 3_340, reservoir: { count: 18, perMs: 60_000 }, timeoutMs: 15_000 },
  theaudiodb: { maxConcurrent: 1, minTimeMs: 2_400, reservoir: { count: 25, perMs: 60_000 }, timeoutMs: 15_000 },
  fanarttv: { maxConcurrent: 1, minTimeMs: 1_000, timeoutMs: 15_000 },
}

/** Without a contact Wikimedia allows ten requests a minute over all its services: eight, in one lane. */
export const unidentifiedLimits: LaneLimits = {
  maxConcurrent: 1,
  minTimeMs: 7_500,
  reservoir: { count: 8, perMs: 60_000 },
  timeoutMs: 65_000,
  noOtherWay: true,
}

/** Services that are asked only when they are named: their pictures carry no free licence. */
export const optionalProviders = ['deezer', 'itunes', 'theaudiodb', 'fanarttv'] as const
export type OptionalProvider = (typeof optionalProviders)[number]

/** Base addresses; default: the services' own. Beyond loopback they need `allowCustomHosts`. */
export interface BaseAddresses {
  readonly musicbrainz?: string | undefined
  readonly listenbrainz?: string | undefined
  readonly wikidataQuery?: string | undefined
  readonly wikidata?: string | undefined
  readonly commons?: string | undefined
  readonly lastfm?: string | undefined
  readonly deezer?: string | undefined
  readonly itunes?: string | undefined
  readonly theaudiodb?: string | undefined
  readonly fanarttv?: string | undefined
}

/** Each service's own address, and the setting that names another. */
const official = {
  musicbrainz: ['https://musicbrainz.org/ws/2/', 'MUSICBRAINZ_URL'],
  listenbrainz: ['https://api.listenbrainz.org/1/', 'LISTENBRAINZ_URL'],
  wikidataQuery: ['https://query.wikidata.org/sparql', 'WIKIDATA_QUERY_URL'],
  wikidata: ['https://www.wikidata.org/w/api.php', 'WIKIDATA_URL'],
  commons: ['https://commons.wikimedia.org/w/api.php', 'COMMONS_URL'],
  lastfm: ['https://ws.audioscrobbler.com/2.0/', 'LASTFM_URL'],
  deezer: ['https://api.deezer.com/', 'base address of Deezer'],
  itunes: ['https://itunes.apple.com/', 'base address of iTunes'],
  theaudiodb: ['https://www.theaudiodb.com/api/v1/json/', 'base address of TheAudioDB'],
  fanarttv: ['https://webservice.fanart.tv/v3/music/', 'base address of fanart.tv'],
} as const satisfies Record<keyof BaseAddresses, readonly [string, string]>

export type Bases = { readonly [name in keyof typeof official]: URL }

/**
 * The address of every service: the given one, else its own.
 *
 * *Errors:* AppError `usage` for an address that is not allowed.
 */
export function baseAddresses(given: BaseAddresses = {}, allowCustomHosts = false): Bases {
  const address = (name: keyof typeof official): URL => {
    const [own, setting] = official[name]
    return baseAddress(given[name], own, setting, allowCustomHosts)
  }
  return {
    musicbrainz: address('musicbrainz'),
    listenbrainz: address('listenbrainz'),
    wikidataQuery: address('wikidataQuery'),
    wikidata: address('wikidata'),
    commons: address('commons'),
    lastfm: address('lastfm'),
    deezer: address('deezer'),
    itunes: address('itunes'),
    theaudiodb: address('theaudiodb'),
    fanarttv: address('fanarttv'),
  }
}

/** Hosts that a redirect within a lane may name. */
export const laneHosts: Readonly<Record<LaneName, readonly string[]>> = {
  musicbrainz: ['musicbrainz.org', 'beta.musicbrainz.org'],
  listenbrainz: ['api.listenbrainz.org'],
  'wikidata-query': ['query.wikidata.org'],
  wikimedia: ['commons.wikimedia.org', 'www.wikidata.org'],
  lastfm: ['ws.audioscrobbler.com'],
  deezer: ['api.deezer.com'],
  itunes: ['itunes.apple.com'],
  theaudiodb: ['www.theaudiodb.com'],
  fanarttv: ['webservice.fanart.tv'],
}
