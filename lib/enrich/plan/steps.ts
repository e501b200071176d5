import { roles, services } from '../services/list.ts'
import type { Service } from '../services/service.ts'

/** A step of the chain; the part before the dot is the limit that it counts against. */
export type Step = string

export const stepOf = (service: Service, name: string): Step => `${service.limit.name}.${name}`
export const serviceOf = (step: Step): string => step.slice(0, step.indexOf('.'))

/** A service that counts against the limit of that name. */
export const serviceAt = (limit: string): Service | undefined => services.find((one) => one.limit.name === limit)

/** The steps of the services that every run asks. */
export const steps = {
  lookup: stepOf(roles.songMatches, 'lookup'),
  metadata: stepOf(roles.songMatches, 'metadata'),
  alone: stepOf(roles.songMatches, 'alone'),
  names: stepOf(roles.items, 'names'),
  images: stepOf(roles.items, 'images'),
  verify: stepOf(roles.identities, 'verify'),
  search: stepOf(roles.identities, 'search'),
  recordings: stepOf(roles.identities, 'recordings'),
  wide: stepOf(roles.identities, 'wide'),
  links: stepOf(roles.identities, 'links'),
  lengths: stepOf(roles.identities, 'lengths'),
  entities: stepOf(roles.itemsByNumber, 'entities'),
  pictures: stepOf(roles.files, 'pictures'),
  listenerArtists: stepOf(roles.listenerNames, 'artists'),
  listenerTracks: stepOf(roles.listenerNames, 'tracks'),
} as const
