/** The token that the stub of ListenBrainz accepts. */
export const stubToken = 'stub-listenbrainz-token'
/** The key that the stub of Last.fm accepts. */
export const stubKey = 'stub-lastfm-key'
/** The token and the key as a run takes them. */
export const stubKeys = { listenbrainz: stubToken, lastfm: stubKey } as const

/** The services that have a stub. */
export const serviceNames = ['musicbrainz', 'listenbrainz', 'wikidataQuery', 'wikidata', 'commons', 'lastfm'] as const
/** A service that has a stub. */
export type ServiceName = (typeof serviceNames)[number]
