import type { HttpRequest } from '../http/client.ts'
import { byStatus } from '../http/outcome.ts'
import { isRecord, mbid, records, text } from '../json.ts'
import { pictureById } from './opt-in-requests.ts'
import type { Service } from './service.ts'

/** The act of an id. The free key is public and part of the path. */
export function audioDbArtist(id: string): HttpRequest {
  return { method: 'GET', path: '123/artist-mb.php', query: { i: id }, maxBytes: 4 << 20 }
}

/** The picture of the act; null: none (`{"artists":null}`), or of another id; undefined: another shape. */
export function readAudioDbArtist(json: unknown, id: string): string | null | undefined {
  if (!isRecord(json) || !('artists' in json)) return undefined
  const artist = records(json.artists)[0]
  if (artist === undefined || (mbid(artist.strMusicBrainzID) ?? id) !== id) return null
  return text(artist.strArtistThumb, 2_048)
}

/** TheAudioDB, opt-in: pictures by MusicBrainz id, at most 30 requests a minute. */
export const theAudioDb: Service = {
  name: 'theaudiodb',
  address: 'https://www.theaudiodb.com/api/v1/json/',
  hosts: ['www.theaudiodb.com'],
  imageHosts: ['r2.theaudiodb.com', 'www.theaudiodb.com'],
  extra: true,
  limit: {
    name: 'theaudiodb',
    title: 'TheAudioDB',
    limits: { maxConcurrent: 1, minTimeMs: 2_400, reservoir: { count: 25, perMs: 60_000 }, timeoutMs: 15_000 },
  },
  classify(answer) {
    const { status } = answer
    if (status === 401 || status === 403) return { kind: 'fatal', text: `HTTP ${status}`, hint: null }
    return byStatus(answer)
  },
  optIn: {
    artistPicture: {
      by: 'mbid',
      request: (rank) => pictureById(rank, audioDbArtist, readAudioDbArtist),
    },
  },
}
