export const stubToken = 'stub-listenbrainz-token'
export const stubKey = 'stub-lastfm-key'
/** The token and the key as a run takes them. */
export const stubKeys = { listenbrainz: stubToken, lastfm: stubKey } as const

export const serviceNames = ['musicbrainz', 'listenbrainz', 'wikidataQuery', 'wikidata', 'commons', 'lastfm'] as const
export type ServiceName = (typeof serviceNames)[number]
