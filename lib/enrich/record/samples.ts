import { BatchSize } from '../requests/batch-size.ts'
import { Budget } from '../requests/budget.ts'
import type { RequestSpec } from '../requests/request-spec.ts'
import { fileRequest } from '../services/commons.ts'
import { lastfmArtistRequest, lastfmTrackRequest } from '../services/lastfm.ts'
import { services } from '../services/list.ts'
import { metadataRequest, pairAloneRequest, pairRequest } from '../services/listenbrainz.ts'
import { artistLookupRequest, linkRequest, searchRequest, verifyRequest } from '../services/musicbrainz.ts'
import { lengthRequest, songRequest, wideSongRequest } from '../services/musicbrainz-recordings.ts'
import type { Service } from '../services/service.ts'
import { artistImageRequest, entityRequest, itemImageRequest, nameRequest } from '../services/wikidata.ts'

/** One request whose answer shows whether a service still answers as our readers expect. */
export interface Sample {
  readonly service: string
  readonly name: string
  // The specs of a list have nothing in common but how they are sent and read.
  readonly spec: RequestSpec<never, unknown>
  readonly requests: readonly never[]
}

// An act, a song and a recording that every service knows; the recording is the one of MusicBrainz' own documentation.
const act = { artist: 'Radiohead', mbid: 'a74b1b7f-71a5-4011-9441-d0b5e4122711', title: 'Creep' }
const qid = 'Q44190'
const recording = 'b9ad642e-b012-41c7-b72a-42cf4911f9ff'
const file = 'Commons-logo.svg'

function sample<Q, A>(service: string, name: string, spec: RequestSpec<Q, A>, ...requests: Q[]): Sample {
  return {
    service,
    name,
    spec: spec as unknown as RequestSpec<never, unknown>,
    requests: requests as unknown as readonly never[],
  }
}

/** The requests that a recording sends: one of each kind, a dozen at most for any service. */
export function samplesOf(service: Service, key: string): readonly Sample[] {
  const song = { artist: act.artist, title: act.title, artistMbids: [act.mbid] }
  const pair = { artist: act.artist, title: act.title }
  const budget = new Budget({ lines: [], reserve: 0 })
  const batch = new BatchSize({ budget, step: '', songsAhead: 1, pairsWork: () => false })
  const { name } = service
  const keyed =
    key === ''
      ? []
      : [
          sample('listenbrainz', 'pairs', pairRequest(0, key), pair),
          sample('listenbrainz', 'pair-alone', pairAloneRequest(0, key), pair),
          sample('lastfm', 'artist', lastfmArtistRequest(0, key), act.artist),
          sample('lastfm', 'track', lastfmTrackRequest(0, key), pair),
        ]
  const all = [
    sample('musicbrainz', 'artists-by-id', verifyRequest(0), act.mbid),
    sample(
      'musicbrainz',
      'artists-by-name',
      searchRequest(0, () => 1),
      act.artist,
    ),
    sample('musicbrainz', 'artist', artistLookupRequest(0), act.mbid),
    sample('musicbrainz', 'recordings', songRequest(0, batch), song),
    sample('musicbrainz', 'recordings-widely', wideSongRequest(0), song),
    sample('musicbrainz', 'recordings-by-id', lengthRequest(0), recording),
    sample('musicbrainz', 'links', linkRequest(0), act.mbid),
    sample('listenbrainz', 'metadata', metadataRequest(0), recording),
    sample('wikidata-query', 'names', nameRequest(0), act.artist),
    sample('wikidata-query', 'images-by-artist', artistImageRequest(0), act.mbid),
    sample('wikidata-query', 'images-by-item', itemImageRequest(0), qid),
    sample('wikidata', 'entities', entityRequest(0), qid),
    sample('commons', 'files', fileRequest(0, new URL('https://commons.wikimedia.org/')), file),
    ...keyed,
  ]
  const { artistPicture, songLength } = service.optIn ?? {}
  return [
    ...all.filter((one) => one.service === name),
    ...(artistPicture ? [sample(name, 'picture', artistPicture.request(0, key), act)] : []),
    ...(songLength ? [sample(name, 'length', songLength(0, key), pair)] : []),
  ]
}

/** The sample that a recording is of; undefined: none of that name. */
export function sampleNamed(service: string, name: string): Sample | undefined {
  const known = services.find((one) => one.name === service)
  // Reading an answer needs no key.
  return known && samplesOf(known, 'none').find((one) => one.name === name)
}
