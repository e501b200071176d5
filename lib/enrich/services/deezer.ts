import type { HttpRequest } from '../http.ts'
import { isPlaceholder } from '../images.ts'
import { artistScore, readTitle, titleScore } from '../match.ts'
import { pairKey } from '../memory.ts'
import { oneAnswer, type QuestionSpec } from '../questions.ts'
import { isRecord, number, record, records, text } from '../wire.ts'

/* Deezer (https://developers.deezer.com/api), opt-in: its pictures carry no free licence. Keyless, errors come as 200. */

const get = (path: string, query: Readonly<Record<string, string>>): HttpRequest => ({
  method: 'GET',
  path,
  query,
  maxBytes: 4 << 20,
})

/** Acts of a name. */
export function deezerArtists(name: string): HttpRequest {
  return get('search/artist', { q: name, limit: '25' })
}

/** Tracks of a title by an act. */
export function deezerTracks(artist: string, title: string): HttpRequest {
  const quoted = (value: string) => `"${value.replace(/"/g, ' ')}"`
  return get('search/track', { q: `artist:${quoted(artist)} track:${quoted(readTitle(title).shown)}`, limit: '25' })
}

/** The picture of the act that carries the name exactly and has most fans; null: none; undefined: another shape. */
export function readDeezerArtist(
  json: unknown,
  name: string,
): { image: string; page: string | null } | null | undefined {
  if (!isRecord(json) || !Array.isArray(json.data)) return undefined
  const acts = records(json.data)
    .filter((act) => artistScore(name, { name: text(act.name) ?? '' }) >= 0.95)
    .sort((a, b) => (number(b.nb_fan) ?? 0) - (number(a.nb_fan) ?? 0))
  for (const act of acts) {
    const image = text(act.picture_xl, 2_048) ?? text(act.picture_big, 2_048)
    if (image !== null && !isPlaceholder(image)) return { image, page: text(act.link, 2_048) }
  }
  return null
}

/** The length in ms of the first track that agrees in artist and title; null: none; undefined: another shape. */
export function readDeezerTrack(json: unknown, artist: string, title: string): number | null | undefined {
  if (!isRecord(json) || !Array.isArray(json.data)) return undefined
  const ours = readTitle(title)
  for (const track of records(json.data)) {
    const name = [text(track.title_short) ?? text(track.title) ?? '', text(track.title_version) ?? ''].join(' ').trim()
    const theirs = readTitle(name)
    const other = [...theirs.tags].some((tag) => tag === 'live' || tag === 'karaoke' || tag === 'remix')
    if (other && !ours.tags.has('live')) continue
    const seconds = number(track.duration)
    if (
      titleScore(ours, theirs) >= 0.92 &&
      artistScore(artist, { name: text(record(track.artist).name) ?? '' }) >= 0.95 &&
      seconds
    )
      return seconds * 1000
  }
  return null
}

/** An act's picture. */
export const deezerArtistQuestion = (
  rank: number,
): QuestionSpec<string, { readonly image: string; readonly page: string | null }> => ({
  kind: 'artist',
  provider: 'deezer',
  step: 'deezer.artists',
  rank,
  term: 'image',
  key: (name) => name,
  size: () => 1,
  request: ([name = '']) => deezerArtists(name),
  read: (json, [name = '']) => oneAnswer(name, readDeezerArtist(json, name)),
})

/** A song's length in ms. */
export const deezerTrackQuestion = (
  rank: number,
): QuestionSpec<{ readonly artist: string; readonly title: string }, number> => ({
  kind: 'track',
  provider: 'deezer',
  step: 'deezer.tracks',
  rank,
  term: 'track',
  key: ({ artist, title }) => pairKey(artist, title),
  size: () => 1,
  request: ([pair]) => deezerTracks(pair?.artist ?? '', pair?.title ?? ''),
  read(json, [pair]) {
    const { artist, title } = pair ?? { artist: '', title: '' }
    return oneAnswer(pairKey(artist, title), readDeezerTrack(json, artist, title))
  },
})
