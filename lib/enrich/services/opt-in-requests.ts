import type { HttpRequest } from '../http/client.ts'
import { pairKey } from '../requests/cache.ts'
import { oneAnswer, type RequestSpec } from '../requests/request-spec.ts'
import type { NamedAct, NamedSong, OtherPicture } from './service.ts'

/*
 * What opt-in services are asked in one way: each request is about one act or song. `read` gives undefined for an answer of
 * another shape and null for none.
 */

/** A song's length in ms, by its names. */
export const lengthByNames = (
  rank: number,
  httpRequest: (artist: string, title: string) => HttpRequest,
  read: (json: unknown, artist: string, title: string) => number | null | undefined,
): RequestSpec<NamedSong, number> => ({
  kind: 'track',
  step: 'tracks',
  rank,
  term: 'track',
  key: ({ artist, title }) => pairKey(artist, title),
  size: () => 1,
  httpRequest: ([song]) => httpRequest(song?.artist ?? '', song?.title ?? ''),
  read(json, [song]) {
    const { artist, title } = song ?? { artist: '', title: '' }
    return oneAnswer(pairKey(artist, title), read(json, artist, title))
  },
})

/** An act's picture, by its id. */
export const pictureById = (
  rank: number,
  httpRequest: (mbid: string) => HttpRequest,
  read: (json: unknown, mbid: string) => string | null | undefined,
): RequestSpec<NamedAct, OtherPicture> => ({
  kind: 'artist',
  step: 'artists',
  rank,
  term: 'image',
  key: (act) => act.mbid ?? '',
  size: () => 1,
  httpRequest: ([act]) => httpRequest(act?.mbid ?? ''),
  read(json, [act]) {
    const id = act?.mbid ?? ''
    const image = read(json, id)
    return oneAnswer(id, typeof image === 'string' ? { image, page: null } : image)
  },
})
