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

/** Kinds of questions that the plan tells apart; their names are those of the chain. */
export const plannedKinds = [
  'pairs',
  'names',
  'verify',
  'lookup',
  'search',
  'recordings',
  'metadata',
  'lengths',
  'byArtist',
  'links',
  'items',
  'files',
  'lastfmArtists',
  'lastfmTracks',
] as const
export type PlannedKind = (typeof plannedKinds)[number]

/** How far memory leads, and where its answers end: what the plan is made of. */
export interface PlanCounts {
  /** Questions that a run asks for sure, because memory leads to them and does not answer them. */
  readonly asked: Readonly<Partial<Record<PlannedKind, number>>>
  /** Artists that are told by what ListenBrainz matches their songs with, once it has answered. */
  readonly voters: number
  /** Artists whose picture waits until it is known who they are. */
  readonly pictures: number
  /** Songs that MusicBrainz is asked about once it is known who their artist is. */
  readonly songs: number
  /** Artists of the first kind with a guest in their name: who is unknown as a whole is searched for by its first act. */
  readonly guests: number
  /** ListenBrainz matches songs, so that whom it leaves over is searched for in larger batches. */
  readonly lookup: boolean
  /** Every source of pictures is asked about everybody. */
  readonly few: boolean
  /** Entities that are due, for services that are asked about gaps only. */
  readonly dueArtists: number
  readonly dueSongs: number
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
}

export interface Plan {
  readonly lines: readonly PlanLine[]
  /** Requests that any service may need, because what it is asked depends on answers that nobody knows yet. */
  readonly reserve: number
  /** An upper bound of the run's requests, retries aside: those of the lines and the reserve. */
  readonly requests: number
  /** Time of the slowest lane: all work at once. */
  readonly ms: number
  /** Songs that MusicBrainz is expected to be asked about. */
  readonly searches: number
}

/** Questions per request, as documented or measured (enrichment design, §1). */
export const batch = {
  names: 40,
  items: 200,
  verify: 100,
  search: 5,
  /** Acts that ListenBrainz matches with no song have few namesakes. */
  unmatched: 10,
  /** An act has one or two of the addresses that are asked for; the hundred rows of a page hold those of 75 acts. */
  links: 75,
  lengths: 100,
  entities: 25,
  /** Songs per MusicBrainz search at the plan's pace; it may go down to `fewest` and up to `most`. */
  songs: 8,
  fewestSongs: 4,
  mostSongs: 16,
  pairs: 50,
  metadata: 1_000,
  files: 50,
} as const

/**
 * How often one answer leads to the next question. They are what the services' coverage suggests; where a world is poorer,
 * what goes beyond the plan is left to the next run, because the plan is a promise.
 */
const share = {
  /** Names that Wikidata has, and items per name. */
  named: 0.95,
  /** Names that it has not: MusicBrainz is searched. */
  searched: 0.08,
  /** Names with a guest, that nobody has as a whole. */
  guests: 0.9,
  /** Ids that the index lacks, because they were merged. */
  moved: 0.002,
  /** Of acts whose name Wikidata has: without a picture there. Of all: a second look at Wikidata, by id. */
  unpictured: 0.12,
  unlabelled: 0.08,
  secondItem: 0.02,
  pictured: 0.9,
  secondFile: 0.02,
  /** Songs that ListenBrainz' look-up does not match, and artists of whom it matches none. */
  unmatched: 0.07,
  unvoted: 0.035,
  /** Acts of whom it becomes known who they are. */
  identified: 0.97,
  recorded: 0.95,
  lengthless: 0.003,
  /** Searches of songs that are asked once more, in other company. */
  crowded: 0.02,
  gaps: 0.15,
} as const

/** A number that nobody can know: its mean and its variance. */
interface Guess {
  readonly mean: number
  readonly variance: number
}

/** Requests that nobody can know, and how many of them are as good as certain. */
interface Requests extends Guess {
  readonly likely: number
}

const sure = (count: number): Guess => ({ mean: count, variance: 0 })
/** So many of `count`, each with this chance. */
const some = (count: number, chance: number): Guess => ({
  mean: count * chance,
  variance: count * chance * (1 - chance),
})
const none: Requests = { ...sure(0), likely: 0 }
const sum = (...guesses: readonly Guess[]): Guess => ({
  mean: guesses.reduce((all, one) => all + one.mean, 0),
  variance: guesses.reduce((all, one) => all + one.variance, 0),
})

/** Chance that a normal variable is above `z`. */
function above(z: number): number {
  // Logistic approximation of the normal distribution; off by 0.01 at most.
  return 1 / (1 + Math.exp(1.702 * z))
}

/** A request that is sent in so many of all cases is counted on. */
const asGoodAsCertain = 0.85

/** Requests for that many questions, `size` of them in one. */
function requestsFor({ mean, variance }: Guess, size: number): Requests {
  if (variance === 0) {
    const count = Math.ceil(mean / size - 1e-9)
    return { ...sure(count), likely: count }
  }
  const deviation = Math.sqrt(variance)
  const result = { mean: 0, variance: 0, likely: 0 }
  for (let full = 0; ; full += size) {
    // One request more if there are more questions than these.
    const chance = above((full + 0.5 - mean) / deviation)
    if (chance < 1e-4) return result
    result.mean += chance
    result.variance += chance * (1 - chance)
    if (chance >= asGoodAsCertain) result.likely++
  }
}

/**
 * The requests that a run will send at most, by service. Pure; the same numbers bind the run and make `--dry-run`.
 *
 * What memory leads to is counted, what follows from answers that are still unknown is estimated. Each step gets its
 * expected requests; what is left over of a request, and how much all of it may vary, is one reserve for all services:
 * kept apart, every step would need a spare request of its own, and of ten steps eight would not use it.
 */
export function makePlan(counts: PlanCounts, contact: boolean): Plan {
  const asked = (kind: PlannedKind) => counts.asked[kind] ?? 0
  const wanted = new Map<Step, Requests>()
  const need = (step: Step, questions: Guess, size: number) => {
    const requests = requestsFor(questions, size)
    if (requests.mean === 0) return
    const before = wanted.get(step) ?? none
    wanted.set(step, { ...sum(before, requests), likely: before.likely + requests.likely })
  }
  const names = sure(asked('names'))
  const whole = some(counts.guests, share.guests)
  const search = sum(
    sure(asked('search')),
    some(Math.max(0, names.mean - counts.guests), share.searched),
    some(counts.voters, share.unvoted),
    whole,
  )
  const recordings = sum(sure(asked('recordings') + counts.songs), some(asked('pairs'), share.unmatched))
  const { pictures } = counts

  need('listenbrainz.lookup', sure(asked('pairs')), batch.pairs)
  need(
    'listenbrainz.metadata',
    sum(sure(asked('metadata')), some(counts.lookup ? asked('pairs') : recordings.mean, share.recorded)),
    batch.metadata,
  )
  need('wikidata-query.names', names, batch.names)
  need('musicbrainz.verify', sum(sure(asked('verify')), some(names.mean, share.named)), batch.verify)
  need('musicbrainz.verify', sum(sure(asked('lookup')), some(asked('verify') + names.mean, share.moved)), 1)
  need('musicbrainz.search', search, counts.lookup ? batch.unmatched : batch.search)
  need('musicbrainz.search', some(whole.mean, share.guests), counts.lookup ? batch.unmatched : batch.search)
  need('musicbrainz.recordings', ...songSearches(recordings, counts.lookup))
  need(
    'musicbrainz.lengths',
    sum(sure(asked('lengths')), some(recordings.mean + asked('metadata'), share.lengthless)),
    batch.lengths,
  )
  const identified = some(pictures, share.identified)
  // A label brings its picture with it; who is told by their songs is looked up by id.
  const voters = Math.min(counts.voters, pictures)
  const byId = counts.few ? identified : sum(some(voters, share.identified), some(pictures - voters, share.unlabelled))
  need(
    'wikidata-query.images',
    sum(sure(asked('byArtist') + asked('items')), byId, some(pictures, share.secondItem)),
    batch.items,
  )
  const unpictured = some(pictures + asked('byArtist'), share.unpictured)
  const links = sum(sure(asked('links')), counts.few ? identified : unpictured)
  need('musicbrainz.links', links, batch.links)
  const files = sum(
    sure(asked('files')),
    some(pictures + asked('byArtist') + asked('items'), share.pictured),
    some(asked('links'), 0.3),
    some(pictures, share.secondFile),
  )
  need('wikimedia.pictures', files, batch.files)
  need('lastfm.artists', sure(asked('lastfmArtists')), 1)
  need('lastfm.tracks', sure(asked('lastfmTracks')), 1)
  const gaps = (entities: number) => sure(Math.ceil(entities * share.gaps))
  if (counts.deezer) {
    need('deezer.artists', gaps(counts.dueArtists), 1)
    need('deezer.tracks', gaps(counts.dueSongs), 1)
  }
  if (counts.itunes) need('itunes.tracks', gaps(counts.dueSongs), 1)
  if (counts.theaudiodb) need('theaudiodb.artists', gaps(counts.dueArtists), 1)
  if (counts.fanarttv) need('fanarttv.artists', gaps(counts.dueArtists), 1)
  return planOf(wanted, recordings.mean, contact)
}

/** Songs that MusicBrainz is searched for, and how many go into one search. */
function songSearches(songs: Guess, lookup: boolean): [Guess, number] {
  if (lookup) return [songs, batch.mostSongs]
  // An eighth of a request per song, ListenBrainz' part of it included.
  const paid = Math.max(0, songs.mean - batch.songs * Math.floor(songs.mean / 1_000))
  return [{ mean: paid, variance: songs.variance }, batch.songs]
}

/**
 * Requests that a single act may need beyond the usual ones, each in a batch that nobody else fills: a search by name, a second
 * look at Wikidata by its id, MusicBrainz' addresses of it. Without room for them a run of one odd act would end unfinished.
 */
const oddAct = 3

/** How much of the plan is used at least, unless the answers are odd. */
const leastUsed = 0.8

/** How much of what is expected the room for an unlucky run may be. */
const roomShare = 0.1

function planOf(wanted: ReadonlyMap<Step, Requests>, searches: number, identified: boolean): Plan {
  const steps = new Map(
    // One that may well not be sent is in the reserve.
    [...wanted]
      .map(([step, { mean, likely }]) => [step, mean < 1 ? likely : Math.round(mean)] as const)
      .filter(([, n]) => n > 0),
  )
  const certain = [...steps.values()].reduce((all, count) => all + count, 0)
  const all = sum(...wanted.values())
  const crowded = Math.min((wanted.get('musicbrainz.recordings')?.mean ?? 0) * share.crowded, 20)
  const expected = all.mean + crowded
  const deviation = Math.sqrt(all.variance)
  // Where there is much to ask, room for an unlucky run costs little; where there is little, one odd act is most of it.
  // Each of a few likely questions may lead to one; a bound that is exact has no need of it.
  const odd = deviation === 0 ? 0 : Math.max(0, oddAct - expected / 20)
  const room = expected + Math.max(deviation, Math.min(2 * deviation, expected * roomShare), odd)
  // The plan promises to be nearly used, too.
  const likely = [...wanted.values()].reduce((all, one) => all + one.likely, 0)
  const most = Math.min(Math.ceil(room - 1e-9), Math.floor(likely / leastUsed + 1e-9))
  const reserve = Math.max(0, most - certain)
  const lines = [...new Set([...steps.keys()].map(serviceOf))].map((service): PlanLine => {
    const own = new Map([...steps].filter(([step]) => serviceOf(step) === service))
    const requests = [...own.values()].reduce((sum, count) => sum + count, 0)
    return { service, requests, ms: laneTimeMs(service, requests, identified), steps: own }
  })
  const wikimedia = lines.filter((line) => line.service === 'wikimedia' || line.service === 'wikidata-query')
  // Without a contact both wait in one lane.
  const shared = identified ? 0 : wikimedia.reduce((sum, line) => sum + line.ms, 0)
  return {
    lines,
    reserve,
    requests: certain + reserve,
    ms: Math.max(0, shared, ...lines.map((line) => line.ms)),
    searches: Math.ceil(searches),
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
