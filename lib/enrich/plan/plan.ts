import { batchSizes, maxFutileLookups } from '../requests/batch-sizes.ts'
import { limitOf } from '../services/list.ts'
import type { Service } from '../services/service.ts'
import { type Guess, none, type Requests, requestsFor, some, sum, sure } from './guess.ts'
import { type PlanRange, rangeOf } from './range.ts'
import { type Step, serviceAt, serviceOf, stepOf, steps } from './steps.ts'

/** Kinds of requests that the plan tells apart; their names are those of the chain. */
export const plannedKinds = [
  'pairs',
  'names',
  'verify',
  'lookup',
  'search',
  'recordings',
  'wide',
  'pairAlone',
  'metadata',
  'lengths',
  'byArtist',
  'links',
  'items',
  'files',
  'listenerArtists',
  'listenerTracks',
] as const
export type PlannedKind = (typeof plannedKinds)[number]

/** How far the cache leads, and where its answers end: what the plan is made of. */
export interface PlanCounts {
  /** Requests that a run makes for sure, because the cache leads to them and does not answer them. */
  readonly asked: Readonly<Partial<Record<PlannedKind, number>>>
  /** Artists that are identified by what ListenBrainz matches their songs with, once it has answered. */
  readonly voters: number
  /** Artists whose picture waits until it is known who they are. */
  readonly pictures: number
  /** Songs that MusicBrainz is asked about once it is known who their artist is. */
  readonly songs: number
  /** Artists of the first kind with a guest in their name: who is unknown as a whole is searched for by its first act. */
  readonly guests: number
  /** Songs whose parts are searched for where nobody knows the whole. */
  readonly medleys: number
  /** ListenBrainz matches songs, so that whom it leaves over is searched for in larger batches. */
  readonly lookup: boolean
  /** Every source of pictures is asked about everybody. */
  readonly smallRun: boolean
  /** Entities that are due, for services that are asked about gaps only. */
  readonly dueArtists: number
  readonly dueSongs: number
  /** Opt-in services that the run names. */
  readonly optIn: readonly Service[]
}

/** The planned requests to one service. */
export interface PlanLine {
  readonly service: string
  readonly requests: number
  /** Time at the service's documented limit, in ms. */
  readonly ms: number
  readonly steps: ReadonlyMap<Step, number>
}

/** How many requests a run will send, and how long they take. */
export interface Plan {
  readonly lines: readonly PlanLine[]
  /** Requests that any service may need, because what it is asked depends on answers that nobody knows yet. */
  readonly reserve: number
  /** An upper bound of the run's requests, retries aside: those of the lines and the reserve. */
  readonly requests: number
  /** Time of the slowest limit: all work at once. */
  readonly ms: number
  /** Songs that MusicBrainz is expected to be asked about. */
  readonly searches: number
  readonly range: PlanRange
}

/**
 * How often one answer leads to the next request. They are what the services' coverage suggests; where a world is poorer,
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
  unmatched: 0.2,
  /** Of songs that are searched for: those without a studio recording at first, and of all songs: those that nobody finds. */
  unfound: 0.05,
  unknown: 0.029,
  leftOver: 0.09,
  stillUnknown: 0.5,
  parts: 0.6,
  unvoted: 0.035,
  /** Acts of whom it becomes known who they are. */
  identified: 0.97,
  recorded: 0.95,
  lengthless: 0.003,
  /** Searches of songs that are asked once more, in other company. */
  crowded: 0.1,
  crowdedFull: 0.6,
  gaps: 0.15,
} as const

/**
 * The requests that a run will send at most, by service. Pure; the same numbers bind the run and make `--dry-run`.
 *
 * What the cache leads to is counted, what follows from answers that are still unknown is estimated. Each step gets its
 * expected requests; what is left over of a request, and how much all of it may vary, is one reserve for all services:
 * kept apart, every step would need a spare request of its own, and of ten steps eight would not use it.
 */
export function makePlan(counts: PlanCounts, contact: boolean): Plan {
  const needs = new Needs()
  const recordings = needSongs(needs, counts)
  needNames(needs, counts)
  needLengths(needs, counts, recordings)
  needPictures(needs, counts)
  needExtras(needs, counts)
  // Fuller batches are crowded more often.
  const crowded = counts.lookup ? share.crowdedFull : share.crowded
  return planOf(needs.wanted, recordings.mean, crowded, contact)
}

/** Requests by step, added up. */
class Needs {
  readonly wanted = new Map<Step, Requests>()

  add(step: Step, entities: Guess, size: number): void {
    const requests = requestsFor(entities, size)
    if (requests.mean === 0) return
    const before = this.wanted.get(step) ?? none
    this.wanted.set(step, { ...sum(before, requests), likely: before.likely + requests.likely })
  }
}

const askedOf = (counts: PlanCounts) => (kind: PlannedKind) => counts.asked[kind] ?? 0

/** @returns songs that are searched for */
function needSongs(needs: Needs, counts: PlanCounts): Guess {
  const asked = askedOf(counts)
  const recordings = sum(sure(asked('recordings') + counts.songs), some(asked('pairs'), share.unmatched))
  const matched = some(counts.lookup ? asked('pairs') : recordings.mean, share.recorded)
  needs.add(steps.lookup, sure(asked('pairs')), batchSizes.pairs)
  needs.add(steps.metadata, sum(sure(asked('metadata')), matched), batchSizes.metadata)
  return recordings
}

function needNames(needs: Needs, counts: PlanCounts): void {
  const asked = askedOf(counts)
  const names = sure(asked('names'))
  const whole = some(counts.guests, share.guests)
  const search = sum(
    sure(asked('search')),
    some(Math.max(0, names.mean - counts.guests), share.searched),
    some(counts.voters, share.unvoted),
    whole,
  )
  const size = counts.lookup ? batchSizes.unmatched : batchSizes.search
  needs.add(steps.names, names, batchSizes.names)
  needs.add(steps.verify, sum(sure(asked('verify')), some(names.mean, share.named)), batchSizes.verify)
  needs.add(steps.verify, sum(sure(asked('lookup')), some(asked('verify') + names.mean, share.moved)), 1)
  needs.add(steps.search, search, size)
  needs.add(steps.search, some(whole.mean, share.guests), size)
}

function needLengths(needs: Needs, counts: PlanCounts, recordings: Guess): void {
  const asked = askedOf(counts)
  const lengthless = some(recordings.mean + asked('metadata'), share.lengthless)
  needs.add(steps.recordings, ...songSearches(recordings, counts.lookup))
  needs.add(steps.recordings, some(counts.medleys * 2, share.parts), batchSizes.songs)
  // With a token the songs that are searched for are those that the look-up left over: more of them are unknown.
  const searched = counts.lookup ? asked('recordings') + counts.songs : 0
  const unmatched = sum(some(counts.lookup ? asked('pairs') : 0, share.unknown), some(searched, share.leftOver))
  const unfound = counts.lookup ? unmatched : some(recordings.mean, share.unfound)
  needs.add(steps.wide, sum(sure(asked('wide')), unfound), batchSizes.wide)
  const alone = sum(sure(asked('pairAlone')), unmatched, some(counts.lookup ? asked('wide') : 0, share.stillUnknown))
  needs.add(steps.alone, alone, 1)
  needs.add(steps.lengths, sum(sure(asked('lengths')), lengthless), batchSizes.lengths)
}

function needPictures(needs: Needs, counts: PlanCounts): void {
  const asked = askedOf(counts)
  const { pictures, smallRun } = counts
  const identified = some(pictures, share.identified)
  // A label brings its picture with it; an act that is known by its songs is looked up by id.
  const voters = Math.min(counts.voters, pictures)
  const byId = smallRun ? identified : sum(some(voters, share.identified), some(pictures - voters, share.unlabelled))
  const images = sum(sure(asked('byArtist') + asked('items')), byId, some(pictures, share.secondItem))
  const unpictured = some(pictures + asked('byArtist'), share.unpictured)
  const links = sum(sure(asked('links')), smallRun ? identified : unpictured)
  const files = sum(
    sure(asked('files')),
    some(pictures + asked('byArtist') + asked('items'), share.pictured),
    some(asked('links'), 0.3),
    some(pictures, share.secondFile),
  )
  needs.add(steps.images, images, batchSizes.items)
  needs.add(steps.links, links, batchSizes.links)
  needs.add(steps.pictures, files, batchSizes.files)
}

function needExtras(needs: Needs, counts: PlanCounts): void {
  const asked = askedOf(counts)
  needs.add(steps.listenerArtists, sure(asked('listenerArtists')), 1)
  needs.add(steps.listenerTracks, sure(asked('listenerTracks')), 1)
  const gaps = (entities: number) => sure(Math.ceil(entities * share.gaps))
  for (const service of counts.optIn) {
    if (service.optIn?.artistPicture) needs.add(stepOf(service, 'artists'), gaps(counts.dueArtists), 1)
    if (service.optIn?.songLength) needs.add(stepOf(service, 'tracks'), gaps(counts.dueSongs), 1)
  }
}

/** Songs that MusicBrainz is searched for, and how many go into one search. */
function songSearches(songs: Guess, lookup: boolean): [Guess, number] {
  if (lookup) return [songs, batchSizes.maxSongs]
  // An eighth of a request per song, all that is asked about it included.
  const paid = Math.max(0, songs.mean * (1 - share.unfound) - batchSizes.songs * Math.floor(songs.mean / 1_000))
  return [{ mean: paid, variance: songs.variance }, batchSizes.songs]
}

/**
 * Requests that a single act may need beyond the usual ones, each in a batch that nobody else fills: a search by name, a second
 * look at Wikidata by its id, MusicBrainz' addresses of it. Without room for them a run of one odd act would end unfinished.
 */
const oddAct = 3

/** How much of the plan is used at least, unless the answers are odd. */
const minUsed = 0.8

/** How much of what is expected the room for an unlucky run may be. */
const roomShare = 0.1

function planOf(
  wanted: ReadonlyMap<Step, Requests>,
  searches: number,
  crowdedShare: number,
  identified: boolean,
): Plan {
  const planned = new Map(
    // One that may well not be sent is in the reserve.
    [...wanted]
      .map(([step, { mean, likely }]) => [step, mean < 1 ? likely : Math.round(mean)] as const)
      .filter(([, n]) => n > 0),
  )
  const certain = [...planned.values()].reduce((all, count) => all + count, 0)
  const all = sum(...wanted.values())
  const crowded = Math.min((wanted.get(steps.recordings)?.mean ?? 0) * crowdedShare, 30)
  const expected = all.mean + crowded
  const deviation = Math.sqrt(all.variance)
  // Where there is much to ask, room for an unlucky run costs little; where there is little, one odd act is most of it.
  // Each of a few likely requests may lead to one; a bound that is exact has no need of it.
  const odd = deviation === 0 ? 0 : Math.max(0, oddAct - expected / 20)
  const room = expected + Math.max(deviation, Math.min(2 * deviation, expected * roomShare), odd)
  // The plan promises to be nearly used, too.
  const likely = [...wanted.values()].reduce((all, one) => all + one.likely, 0)
  const most = Math.min(Math.ceil(room - 1e-9), Math.floor(likely / minUsed + 1e-9))
  const reserve = Math.max(0, most - certain)
  const lines = [...new Set([...planned.keys()].map(serviceOf))].map((service): PlanLine => {
    const own = new Map([...planned].filter(([step]) => serviceOf(step) === service))
    const requests = [...own.values()].reduce((sum, count) => sum + count, 0)
    return { service, requests, ms: timeMs(service, requests, identified), steps: own }
  })
  // Without a contact several services wait at one limit.
  const together = lines.filter((line) => serviceAt(line.service)?.unidentifiedLimit)
  const shared = identified ? 0 : together.reduce((sum, line) => sum + line.ms, 0)
  const ms = Math.max(0, shared, ...lines.map((line) => line.ms))
  const requests = certain + reserve
  return {
    lines,
    reserve,
    requests,
    ms,
    searches: Math.ceil(searches),
    // Single look-ups end early where they bring nothing.
    range: rangeOf(
      lines,
      expected - Math.max(0, (wanted.get(steps.alone)?.mean ?? 0) - maxFutileLookups),
      requests,
      ms,
    ),
  }
}

function timeMs(limit: string, requests: number, identified: boolean): number {
  const service = serviceAt(limit)
  if (service === undefined) return 0
  const { reservoir, minTimeMs } = limitOf(service, identified).limits
  return requests * Math.max(minTimeMs, reservoir ? reservoir.perMs / reservoir.count : 0)
}

/** Share of songs that Last.fm is asked about in mode `gaps`. */
export const gapShare = share.gaps
