import type { HttpRequest } from '../http.ts'
import { oneAnswer, type QuestionSpec } from '../questions.ts'
import { isRecord, mbid, number, records, text } from '../wire.ts'

/* fanart.tv, opt-in: pictures by MusicBrainz id. Its key goes into a header, never into the address. */

/** The act of an id. */
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

/** The picture of an act, by its MusicBrainz id. */
export const fanartQuestion = (rank: number, key: string): QuestionSpec<string, string> => ({
  kind: 'artist',
  provider: 'fanarttv',
  step: 'fanarttv.artists',
  rank,
  term: 'image',
  key: (id) => id,
  size: () => 1,
  request: ([id = '']) => fanartArtist(id, key),
  read: (json, [id = '']) => oneAnswer(id, readFanartArtist(json, id)),
})
