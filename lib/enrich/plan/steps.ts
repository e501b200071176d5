import { commons } from '../services/commons.ts'
import { lastfm } from '../services/lastfm.ts'
import { services } from '../services/list.ts'
import { listenBrainz } from '../services/listenbrainz.ts'
import { musicBrainz } from '../services/musicbrainz.ts'
import type { Service } from '../services/service.ts'
import { wikidata, wikidataQuery } from '../services/wikidata.ts'

/** A step of the chain; the part before the dot is the limit that it counts against. */
export type Step = string

export const stepOf = (service: Service, name: string): Step => `${service.limit.name}.${name}`
export const serviceOf = (step: Step): string => step.slice(0, step.indexOf('.'))

/** A service that counts against the limit of that name. */
export const serviceAt = (limit: string): Service | undefined => services.find((one) => one.limit.name === limit)

/** The steps of the services that every run asks. */
export const steps = {
  lookup: stepOf(listenBrainz, 'lookup'),
  metadata: stepOf(listenBrainz, 'metadata'),
  alone: stepOf(listenBrainz, 'alone'),
  names: stepOf(wikidataQuery, 'names'),
  images: stepOf(wikidataQuery, 'images'),
  verify: stepOf(musicBrainz, 'verify'),
  search: stepOf(musicBrainz, 'search'),
  recordings: stepOf(musicBrainz, 'recordings'),
  wide: stepOf(musicBrainz, 'wide'),
  links: stepOf(musicBrainz, 'links'),
  lengths: stepOf(musicBrainz, 'lengths'),
  entities: stepOf(wikidata, 'entities'),
  pictures: stepOf(commons, 'pictures'),
  listenerArtists: stepOf(lastfm, 'artists'),
  listenerTracks: stepOf(lastfm, 'tracks'),
} as const
