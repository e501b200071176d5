import { BatchSize } from '../requests/batch-size.ts'
import { Budget } from '../requests/budget.ts'
import type { RequestSpec } from '../requests/request-spec.ts'
import { roles, services } from '../services/list.ts'
import type { Service } from '../services/service.ts'

/** One request whose answer shows whether a service still answers as our readers expect. */
export interface Sample {
  readonly service: string
  readonly name: string
  // The specs of a list have nothing in common but how they are sent and read.
  readonly spec: RequestSpec<never, unknown>
  readonly requests: readonly never[]
}

// An act, a song and a recording that every service knows; the recording is an example of the documentation.
const act = { artist: 'Radiohead', mbid: 'a74b1b7f-71a5-4011-9441-d0b5e4122711', title: 'Creep' }
const qid = 'Q44190'
const recording = 'b9ad642e-b012-41c7-b72a-42cf4911f9ff'
const file = 'Commons-logo.svg'

function sample<Q, A>(service: Service, name: string, spec: RequestSpec<Q, A>, ...requests: Q[]): Sample {
  return {
    service: service.name,
    name,
    spec: spec as unknown as RequestSpec<never, unknown>,
    requests: requests as unknown as readonly never[],
  }
}

/** The requests that a recording sends: one of each kind, a dozen at most for any service. */
export function samplesOf(service: Service, key: string): readonly Sample[] {
  const { identities, songMatches, items, itemsByNumber, files, listenerNames } = roles
  const song = { artist: act.artist, title: act.title, artistMbids: [act.mbid] }
  const pair = { artist: act.artist, title: act.title }
  const budget = new Budget({ lines: [], reserve: 0 })
  const batch = new BatchSize({ budget, step: '', songsAhead: 1, pairsWork: () => false })
  const one = () => 1
  const keyed =
    key === ''
      ? []
      : [
          sample(songMatches, 'pairs', songMatches.requests.pair(0, key), pair),
          sample(songMatches, 'pair-alone', songMatches.requests.pairAlone(0, key), pair),
          sample(listenerNames, 'artist', listenerNames.requests.artist(0, key), act.artist),
          sample(listenerNames, 'track', listenerNames.requests.track(0, key), pair),
        ]
  const all = [
    sample(identities, 'artists-by-id', identities.requests.verify(0), act.mbid),
    sample(identities, 'artists-by-name', identities.requests.search(0, one), act.artist),
    sample(identities, 'artist', identities.requests.lookup(0), act.mbid),
    sample(identities, 'recordings', identities.requests.song(0, batch), song),
    sample(identities, 'recordings-widely', identities.requests.songWidely(0), song),
    sample(identities, 'recordings-by-id', identities.requests.length(0), recording),
    sample(identities, 'links', identities.requests.links(0), act.mbid),
    sample(songMatches, 'metadata', songMatches.requests.metadata(0), recording),
    sample(items, 'names', items.requests.name(0), act.artist),
    sample(items, 'images-by-artist', items.requests.artistImage(0), act.mbid),
    sample(items, 'images-by-item', items.requests.itemImage(0), qid),
    sample(itemsByNumber, 'entities', itemsByNumber.requests.entity(0), qid),
    sample(files, 'files', files.requests.file(0, new URL(files.address)), file),
    ...keyed,
  ]
  const { artistPicture, songLength } = service.optIn ?? {}
  return [
    ...all.filter((one) => one.service === service.name),
    ...(artistPicture ? [sample(service, 'picture', artistPicture.request(0, key), act)] : []),
    ...(songLength ? [sample(service, 'length', songLength(0, key), pair)] : []),
  ]
}

/** The sample that a recording is of; undefined: none of that name. */
export function sampleNamed(service: string, name: string): Sample | undefined {
  const known = services.find((one) => one.name === service)
  // Reading an answer needs no key.
  return known && samplesOf(known, 'none').find((one) => one.name === name)
}
