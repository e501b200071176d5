import type { HttpRequest } from '../http/client.ts'
import { byStatus } from '../http/outcome.ts'
import { isRecord, mbid, number, records, text } from '../json.ts'
import { pictureById } from './opt-in-requests.ts'
import type { Service } from './service.ts'

/** The act of an id. The key goes into a header, never into the address. */
export function fanartArtist(id: string, key: string): HttpRequest {
  return { method: 'GET', path: id, headers: { 'api-key': key }, maxBytes: 4 << 20 }
}

/** The portrait that most people like; null: none, or of another id; undefined: another shape. */
export function readFanartArtist(json: unknown, id: string): string | null | undefined {
  if (!isRecord(json)) return undefined
  // `{"status":"error","error message":"Not found"}`
  if (json.status === 'error') return /not found/i.test(String(json['error message'])) ? null : undefined
  if (!('mbid_id' in json) && !('name' in json)) return undefined
  if ((mbid(json.mbid_id) ?? id) !== id) return null
  const portraits = records(json.artistthumb)
    .flatMap((one) => {
      const url = text(one.url, 2_048)
      return url === null ? [] : [{ url, likes: number(one.likes) ?? 0 }]
    })
    .sort((a, b) => b.likes - a.likes)
  return portraits[0]?.url ?? null
}

/** fanart.tv, opt-in: pictures by MusicBrainz id. It names no limit, so one request a second. */
export const fanartTv: Service = {
  name: 'fanarttv',
  address: 'https://webservice.fanart.tv/v3/music/',
  hosts: ['webservice.fanart.tv'],
  imageHosts: ['assets.fanart.tv'],
  key: { setting: 'fanartKey', word: 'key', required: true },
  extra: true,
  limit: {
    name: 'fanarttv',
    title: 'fanart.tv',
    limits: { maxConcurrent: 1, minTimeMs: 1_000, timeoutMs: 15_000 },
  },
  classify(answer) {
    const { status } = answer
    if (status === 401 || status === 403)
      return { kind: 'fatal', text: `HTTP ${status}`, hint: 'check FANARTTV_API_KEY' }
    return byStatus(answer)
  },
  optIn: {
    artistPicture: {
      by: 'mbid',
      request: (rank, key) => pictureById(rank, (id) => fanartArtist(id, key), readFanartArtist),
    },
  },
}
