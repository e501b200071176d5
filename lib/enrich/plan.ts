import { documentedLimits, type LaneName, unidentifiedLimits } from './services.ts'

/** A step of the chain; the part before the dot is the service whose limit it counts against. */
export type Step =
  | 'listenbrainz.lookup'
  | 'listenbrainz.metadata'
  | 'wikidata-query.names'
  | 'wikidata-query.images'
  | 'musicbrainz.verify'
  | 'musicbrainz.search'
  | 'musicbrainz.recordings'
  | 'musicbrainz.links'
  | 'musicbrainz.lengths'
  | 'wikimedia.entities'
  | 'wikimedia.pictures'
  | 'lastfm.artists'
  | 'lastfm.tracks'
  | 'deezer.artists'
  | 'deezer.tracks'
  | 'itunes.tracks'
  | 'theaudiodb.artists'
  | 'fanarttv.artists'

export const serviceOf = (step: Step): LaneName => step.slice(0, step.indexOf('.')) as LaneName

/** What is to be asked, after what is remembered was taken off. */
export interface PlanCounts {
  /** Artists of which more than Last.fm's name is wanted. */
  readonly artists: number
  /** Those of them whose name nobody was asked about. */
  readonly names: number
  /** Pictures are wanted. */
  readonly images: boolean
  /** Songs of which more than Last.fm's name is wanted. */
  readonly songs: number
  /** Songs that ListenBrainz' look-up was not asked about (0 without a token). */
  readonly pairs: number
  /** Songs that MusicBrainz was not asked about. */
  readonly searches: number
  readonly lastfmArtists: number
  readonly lastfmSongs: number
  readonly deezer: boolean
  readonly itunes: boolean
  readonly theaudiodb: boolean
  readonly fanarttv: boolean
}

export interface PlanLine {
  readonly service: LaneName
  readonly requests: number
  /** Time at the service's documented limit, in ms. */
  readonly ms: number
  readonly steps: ReadonlyMap<Step, number>
  /** Requests for what cannot be foreseen (crowded searches, merged ids, second pictures); part of `requests`. */
  readonly slack: number
}

export interface Plan {
  readonly lines: readonly PlanLine[]
  /** An upper bound of the run's requests, retries aside. */
  readonly requests: number
  /** Time of the slowest lane: all work at once. */
  readonly ms: number
  readonly counts: PlanCounts
}

/** Questions per request, as documented or measured (enrichment design, §1). */
export const batch = {
  names: 40,
  items: 200,
  verify: 100,
  search: 5,
  /** An act has one or two of the addresses that are asked for; the hundred rows of a page hold those of 75 acts. */
  links: 75,
  lengths: 100,
  entities: 25,
  /** Songs per MusicBrainz search at the plan's pace; it may go down to `fewest` and up to `most`. */
  songs: 8,
  fewestSongs: 4,
  mostSongs: 16,
} as const

/**
 * Shares of artists and songs that need the later steps of a chain. They are what the services' coverage suggests; where
 * a world is poorer, what goes beyond the plan is left to the next run, because the plan is a promise.
 */
const share = {
  keyless: { candidates: 1.2, search: 0.15, links: 0.4, items: 0.2 },
  token: { names: 0.08, verify: 0.05, search: 0.01, links: 0.15, items: 1, songs: 0.07 },
  gaps: 0.15,
} as const

/** The requests that a run will send at most, by service. Pure; the same numbers bind the run and make `--dry-run`. */
export function makePlan(counts: PlanCounts, identified: boolean): Plan {
  const steps = new Map<Step, number>()
  const slack = new Map<LaneName, number>()
  const need = (step: Step, entities: number, perRequest: number) => {
    // The tiny subtraction keeps 0.1 · 50 / 5 from becoming 2.
    const requests = Math.ceil(entities / perRequest - 1e-9)
    if (requests > 0) steps.set(step, (steps.get(step) ?? 0) + requests)
  }
  const { artists, songs } = counts
  const pictures = counts.images ? artists : 0
  const withToken = counts.pairs > 0
  need('listenbrainz.metadata', songs, 1_000)
  if (withToken) {
    need('listenbrainz.lookup', counts.pairs, 50)
    need('wikidata-query.names', counts.names * share.token.names, batch.names)
    need('wikidata-query.images', pictures * share.token.items, batch.items)
    need('musicbrainz.verify', artists * share.token.verify, batch.verify)
    need('musicbrainz.search', artists * share.token.search, batch.search)
    need('musicbrainz.links', pictures * share.token.links, batch.links)
    need('musicbrainz.recordings', counts.searches * share.token.songs, batch.mostSongs)
    slack.set('musicbrainz', artists > 0 ? 1 + Math.floor(counts.pairs / 2_000) : 0)
    slack.set('wikimedia', pictures > 0 ? 1 : 0)
  } else {
    need('wikidata-query.names', counts.names, batch.names)
    need('wikidata-query.images', pictures * share.keyless.items, batch.items)
    need('musicbrainz.verify', artists * share.keyless.candidates, batch.verify)
    need('musicbrainz.search', counts.names * share.keyless.search, batch.search)
    need('musicbrainz.links', pictures * share.keyless.links, batch.links)
    // An eighth of a request per song, ListenBrainz' part of it included.
    need('musicbrainz.recordings', counts.searches - batch.songs * Math.floor(counts.searches / 1_000), batch.songs)
    const unforeseen = Math.ceil(counts.searches / 100) + Math.ceil(artists / 100)
    slack.set('musicbrainz', Math.min(unforeseen, 14 + Math.floor(artists / 60)))
    slack.set('wikidata-query', Math.ceil(pictures / 500))
    slack.set('wikimedia', pictures > 0 ? 1 + Math.floor(pictures / 800) : 0)
  }
  need('wikimedia.pictures', pictures, 50)
  need('lastfm.artists', counts.lastfmArtists, 1)
  need('lastfm.tracks', counts.lastfmSongs, 1)
  if (counts.deezer) {
    need('deezer.artists', pictures * share.gaps, 1)
    need('deezer.tracks', songs * share.gaps, 1)
  }
  if (counts.itunes) need('itunes.tracks', songs * share.gaps, 1)
  if (counts.theaudiodb) need('theaudiodb.artists', pictures * share.gaps, 1)
  if (counts.fanarttv) need('fanarttv.artists', pictures * share.gaps, 1)

  const services = new Set<LaneName>([...steps.keys()].map(serviceOf))
  const lines = [...services].map((service): PlanLine => {
    const own = new Map([...steps].filter(([step]) => serviceOf(step) === service))
    const extra = slack.get(service) ?? 0
    const requests = [...own.values()].reduce((sum, count) => sum + count, extra)
    return { service, requests, ms: laneTimeMs(service, requests, identified), steps: own, slack: extra }
  })
  const wikimedia = lines.filter((line) => line.service === 'wikimedia' || line.service === 'wikidata-query')
  // Without a contact both wait in one lane.
  const shared = identified ? 0 : wikimedia.reduce((sum, line) => sum + line.ms, 0)
  return {
    lines,
    requests: lines.reduce((sum, line) => sum + line.requests, 0),
    ms: Math.max(0, shared, ...lines.map((line) => line.ms)),
    counts,
  }
}

function laneTimeMs(service: LaneName, requests: number, identified: boolean): number {
  const slow = !identified && (service === 'wikimedia' || service === 'wikidata-query')
  const limits = slow ? unidentifiedLimits : documentedLimits[service]
  const perWindow = limits.reservoir ? limits.reservoir.perMs / limits.reservoir.count : 0
  return requests * Math.max(limits.minTimeMs, perWindow)
}

/** Share of songs that Last.fm is asked about in mode `gaps`. */
export const gapShare = share.gaps
