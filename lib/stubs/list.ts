import { lastfmStub, stubKey } from './lastfm.ts'
import { listenBrainzStub, stubToken } from './listenbrainz.ts'
import { musicBrainzStub } from './musicbrainz.ts'
import type { Stub } from './stub.ts'
import { wikimediaStubs } from './wikimedia.ts'

/** The stand-ins, in the order of their ports. */
export const stubs = { ...musicBrainzStub, ...listenBrainzStub, ...wikimediaStubs, ...lastfmStub }
/** A service that has a stub. */
export type ServiceName = keyof typeof stubs
/** The services that have a stub. */
export const serviceNames = Object.keys(stubs) as ServiceName[]
/** The stub of a service. */
export const stubOf = (name: ServiceName): Stub => stubs[name]

/** The token and the key as a run takes them. */
export const stubKeys = { listenbrainz: stubToken, lastfm: stubKey } as const

export { lastfmError, star, stubKey } from './lastfm.ts'
export { stubToken } from './listenbrainz.ts'
export { missingUserAgent, shed, tooFast } from './musicbrainz.ts'
export { imageInfo, maxlag, queryTimeout, tooManyRequests } from './wikimedia.ts'
