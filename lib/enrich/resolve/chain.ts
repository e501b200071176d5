import type { Sender } from '../http/call.ts'
import { steps } from '../plan/steps.ts'
import { BatchSize } from '../requests/batch-size.ts'
import { batchSizes } from '../requests/batch-sizes.ts'
import type { Batcher } from '../requests/batcher.ts'
import type { Budget } from '../requests/budget.ts'
import type { RequestSpec } from '../requests/request-spec.ts'
import { commons, fileRequest } from '../services/commons.ts'
import { lastfm, lastfmArtistRequest, lastfmTrackRequest } from '../services/lastfm.ts'
import { listenBrainz, metadataRequest, pairAloneRequest, pairRequest } from '../services/listenbrainz.ts'
import { artistLookupRequest, linkRequest, musicBrainz, searchRequest, verifyRequest } from '../services/musicbrainz.ts'
import { lengthRequest, songRequest, wideSongRequest } from '../services/musicbrainz-recordings.ts'
import { type Service, sourceOf } from '../services/service.ts'
import {
  artistImageRequest,
  entityRequest,
  itemImageRequest,
  nameRequest,
  wikidata,
  wikidataQuery,
} from '../services/wikidata.ts'

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
  const open = <Q, A>(service: Service, spec: RequestSpec<Q, A>) =>
    batcher.open(spec, service, options.sender(service), options.base(service))
  const pictures = (rank: number) => ({
    byArtist: open(wikidataQuery, artistImageRequest(rank)),
    links: open(musicBrainz, linkRequest(rank + 1)),
    items: open(wikidataQuery, itemImageRequest(rank + 2)),
    entities: open(wikidata, entityRequest(rank + 3)),
    files: open(commons, fileRequest(rank + 4, options.base(commons))),
  })
  const pairs = open(listenBrainz, pairRequest(0, key(listenBrainz)))
  const pairsWork = () => options.pairs && pairs.works
  const songs = new BatchSize({ ...options, step: steps.recordings, pairsWork })
  const usual = {
    pairs,
    pairMetadata: open(listenBrainz, metadataRequest(1)),
    names: open(wikidataQuery, nameRequest(2)),
    verify: open(musicBrainz, verifyRequest(3)),
    lookup: open(musicBrainz, artistLookupRequest(4)),
    search: open(
      musicBrainz,
      searchRequest(5, () => (pairsWork() ? batchSizes.unmatched : batchSizes.search)),
    ),
    recordings: open(musicBrainz, songRequest(6, songs)),
    wide: open(musicBrainz, wideSongRequest(7)),
    pairAlone: open(listenBrainz, pairAloneRequest(8, key(listenBrainz))),
    metadata: open(listenBrainz, metadataRequest(9)),
    lengths: open(musicBrainz, lengthRequest(10)),
    pictures: pictures(11),
  }
  return {
    ...usual,
    listenerArtists: open(lastfm, lastfmArtistRequest(20, key(lastfm))),
    listenerTracks: open(lastfm, lastfmTrackRequest(20, key(lastfm))),
    // The kinds that listeners' names lead to, once more: they come after them in rank, so that a slow limit does not send
    // the batches of the others half empty. Without those names nothing leads to them.
    secondPass:
      key(lastfm) === ''
        ? usual
        : {
            verify: open(musicBrainz, verifyRequest(21)),
            lookup: open(musicBrainz, artistLookupRequest(22)),
            lengths: open(musicBrainz, lengthRequest(23)),
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
