import type { Answer } from '../requests/request-spec.ts'
import type { ListenerArtist, ListenerTrack } from '../services/answers.ts'
import { roles } from '../services/list.ts'
import { sourceOf } from '../services/service.ts'
import type { ResolveContext } from './context.ts'

/** How a row was matched by listeners' names alone, and by the id that they lead to. */
export const byListeners = sourceOf(roles.listenerNames)
export const byListenersId = `${byListeners}+id`

/** What was asked about the names that listeners use, and has perhaps no answer yet. */
export interface ListenerNames {
  /** Null: the artist is not due. */
  readonly artist: Promise<Answer<ListenerArtist>> | null
  readonly tracks: ReadonlyMap<string, Promise<Answer<ListenerTrack>>>
}

/** Asks about an artist and, in mode `all`, its songs; the slow service starts first and is waited for last. */
export function requestListenerNames({ job, chain, listenerNames }: ResolveContext): ListenerNames {
  const { artist, due, songs } = job
  const wanted = listenerNames === 'all' ? songs.filter(({ due, song }) => due !== null && song.trim() !== '') : []
  return {
    artist: due === null ? null : chain.listenerArtists.request(artist),
    tracks: new Map(wanted.map(({ song }) => [song, chain.listenerTracks.request({ artist, title: song })])),
  }
}
