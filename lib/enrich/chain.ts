import type { Provider } from './decide.ts'
import type { Service } from './lanes.ts'
import { type PackOptions, PackSize } from './pack.ts'
import { batch, serviceOf } from './plan.ts'
import type { Desk, QuestionSpec } from './questions.ts'
import { fileQuestion } from './services/commons.ts'
import { deezerArtistQuestion, deezerTrackQuestion } from './services/deezer.ts'
import { fanartQuestion } from './services/fanarttv.ts'
import { itunesTrackQuestion } from './services/itunes.ts'
import { lastfmArtistQuestion, lastfmTrackQuestion } from './services/lastfm.ts'
import { metadataQuestion, pairQuestion } from './services/listenbrainz.ts'
import {
  artistLookupQuestion,
  lengthQuestion,
  linkQuestion,
  searchQuestion,
  songQuestion,
  verifyQuestion,
} from './services/musicbrainz.ts'
import { audioDbQuestion } from './services/theaudiodb.ts'
import { artistImageQuestion, entityQuestion, itemImageQuestion, nameQuestion } from './services/wikidata.ts'
import type { Bases, LaneName } from './services.ts'

export interface ChainOptions extends PackOptions {
  readonly desk: Desk
  readonly lane: (name: LaneName) => Service
  readonly bases: Bases
  readonly lastfmKey: string
  readonly listenbrainzToken: string
  readonly fanartKey: string
}

const baseOf: Readonly<Record<Provider, keyof Bases>> = {
  musicbrainz: 'musicbrainz',
  listenbrainz: 'listenbrainz',
  'wikidata-query': 'wikidataQuery',
  wikidata: 'wikidata',
  commons: 'commons',
  lastfm: 'lastfm',
  deezer: 'deezer',
  itunes: 'itunes',
  theaudiodb: 'theaudiodb',
  fanarttv: 'fanarttv',
}

export type Chain = ReturnType<typeof openChain>
export type PictureChain = Chain['pictures']

/**
 * Opens every kind of question of the chain at a desk. The number is its rank: a batch that is not full waits for the
 * questions of lower ranks, whose answers may lead to more of it.
 */
export function openChain(options: ChainOptions) {
  const { desk, lane, bases, lastfmKey, listenbrainzToken } = options
  const ask = <Q, A>(spec: QuestionSpec<Q, A>) =>
    desk.open(spec, lane(serviceOf(spec.step)), bases[baseOf[spec.provider]])
  const pictures = (rank: number) => ({
    byArtist: ask(artistImageQuestion(rank)),
    links: ask(linkQuestion(rank + 1)),
    items: ask(itemImageQuestion(rank + 2)),
    entities: ask(entityQuestion(rank + 3)),
    files: ask(fileQuestion(rank + 4, bases.commons)),
  })
  const usual = {
    pairs: ask(pairQuestion(0, listenbrainzToken)),
    pairMetadata: ask(metadataQuestion(1)),
    names: ask(nameQuestion(2)),
    verify: ask(verifyQuestion(3)),
    lookup: ask(artistLookupQuestion(4)),
    search: ask(searchQuestion(5, () => (options.pairsWork() ? batch.unmatched : batch.search))),
    recordings: ask(songQuestion(6, new PackSize(options))),
    metadata: ask(metadataQuestion(7)),
    lengths: ask(lengthQuestion(8)),
    pictures: pictures(9),
  }
  return {
    ...usual,
    lastfmArtists: ask(lastfmArtistQuestion(20, lastfmKey)),
    lastfmTracks: ask(lastfmTrackQuestion(20, lastfmKey)),
    // The kinds that Last.fm's answers lead to, once more: they come after it in rank, so that its slow lane does not send
    // the batches of the others half empty. Without Last.fm nothing leads to them.
    late:
      lastfmKey === ''
        ? usual
        : {
            verify: ask(verifyQuestion(21)),
            lookup: ask(artistLookupQuestion(22)),
            lengths: ask(lengthQuestion(23)),
            pictures: pictures(24),
          },
    deezerArtists: ask(deezerArtistQuestion(30)),
    deezerTracks: ask(deezerTrackQuestion(30)),
    itunesTracks: ask(itunesTrackQuestion(30)),
    audioDbArtists: ask(audioDbQuestion(30)),
    fanartArtists: ask(fanartQuestion(30, options.fanartKey)),
  }
}
