import type { Sender } from '../http/call.ts'
import { steps } from '../plan/steps.ts'
import { BatchSize } from '../requests/batch-size.ts'
import { batchSizes } from '../requests/batch-sizes.ts'
import type { Batcher } from '../requests/batcher.ts'
import type { Budget } from '../requests/budget.ts'
import type { RequestSpec } from '../requests/request-spec.ts'
import { roles } from '../services/list.ts'
import { type Service, sourceOf } from '../services/service.ts'

export interface ChainOptions {
  readonly batcher: Batcher
  readonly budget: Budget
  readonly sender: (service: Service) => Sender
  readonly base: (service: Service) => URL
  /** Key or token; empty: none. */
  readonly key: (service: Service) => string
  /** Opt-in services that the run names. */
  readonly optIn: readonly Service[]
  /** Songs that a search is expected to be asked about. */
  readonly songsAhead: number
  /** Pairs of names are matched, and were so far. */
  readonly pairs: boolean
}

export type Chain = ReturnType<typeof openChain>
export type PictureChain = Chain['pictures']

/**
 * Opens every kind of request of the chain at a batcher. The number is its rank: a batch that is not full waits for the
 * requests of lower ranks, whose answers may lead to more of it.
 */
export function openChain(options: ChainOptions) {
  const { batcher, key } = options
  const { identities, songMatches, items, itemsByNumber, files, listenerNames } = roles
  const open = <Q, A>(service: Service, spec: RequestSpec<Q, A>) =>
    batcher.open(spec, service, options.sender(service), options.base(service))
  const pictures = (rank: number) => ({
    byArtist: open(items, items.requests.artistImage(rank)),
    links: open(identities, identities.requests.links(rank + 1)),
    items: open(items, items.requests.itemImage(rank + 2)),
    entities: open(itemsByNumber, itemsByNumber.requests.entity(rank + 3)),
    files: open(files, files.requests.file(rank + 4, options.base(files))),
  })
  const pairs = open(songMatches, songMatches.requests.pair(0, key(songMatches)))
  const pairsWork = () => options.pairs && pairs.works
  const songs = new BatchSize({ ...options, step: steps.recordings, pairsWork })
  const usual = {
    pairs,
    pairMetadata: open(songMatches, songMatches.requests.metadata(1)),
    names: open(items, items.requests.name(2)),
    verify: open(identities, identities.requests.verify(3)),
    lookup: open(identities, identities.requests.lookup(4)),
    search: open(
      identities,
      identities.requests.search(5, () => (pairsWork() ? batchSizes.unmatched : batchSizes.search)),
    ),
    recordings: open(identities, identities.requests.song(6, songs)),
    wide: open(identities, identities.requests.songWidely(7)),
    pairAlone: open(songMatches, songMatches.requests.pairAlone(8, key(songMatches))),
    metadata: open(songMatches, songMatches.requests.metadata(9)),
    lengths: open(identities, identities.requests.length(10)),
    pictures: pictures(11),
  }
  return {
    ...usual,
    listenerArtists: open(listenerNames, listenerNames.requests.artist(20, key(listenerNames))),
    listenerTracks: open(listenerNames, listenerNames.requests.track(20, key(listenerNames))),
    // The kinds that listeners' names lead to, once more: they come after them in rank, so that a slow limit does not send
    // the batches of the others half empty. Without those names nothing leads to them.
    secondPass:
      key(listenerNames) === ''
        ? usual
        : {
            verify: open(identities, identities.requests.verify(21)),
            lookup: open(identities, identities.requests.lookup(22)),
            lengths: open(identities, identities.requests.length(23)),
            pictures: pictures(24),
          },
    optIn: options.optIn.map((service) => openOptIn(service, open, key(service))),
  }
}

type Open = <Q, A>(service: Service, spec: RequestSpec<Q, A>) => ReturnType<typeof Batcher.prototype.open<Q, A>>

const optInRank = 30

function openOptIn(service: Service, open: Open, key: string) {
  const { artistPicture, songLength } = service.optIn ?? {}
  return {
    source: sourceOf(service),
    imageHosts: service.imageHosts ?? [],
    artistPicture: artistPicture && {
      by: artistPicture.by,
      queue: open(service, artistPicture.request(optInRank, key)),
    },
    songLength: songLength && open(service, songLength(optInRank, key)),
  }
}
