import type { HttpRequest } from '../http.ts'
import { oneAnswer, type QuestionSpec } from '../questions.ts'
import { isRecord, mbid, records, text } from '../wire.ts'

/* TheAudioDB, opt-in: pictures by MusicBrainz id. Its free key is public and part of the path. */

/** The act of an id. */
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

/** The picture of an act, by its MusicBrainz id. */
export const audioDbQuestion = (rank: number): QuestionSpec<string, string> => ({
  kind: 'artist',
  provider: 'theaudiodb',
  step: 'theaudiodb.artists',
  rank,
  term: 'image',
  key: (id) => id,
  size: () => 1,
  request: ([id = '']) => audioDbArtist(id),
  read: (json, [id = '']) => oneAnswer(id, readAudioDbArtist(json, id)),
})
