import type { HttpRequest } from '../http.ts'
import { artistScore, readTitle, titleScore } from '../match.ts'
import { pairKey } from '../memory.ts'
import { oneAnswer, type QuestionSpec } from '../questions.ts'
import { isRecord, number, records, text } from '../wire.ts'

/* The iTunes search API, opt-in and slow (18 a minute): lengths of songs that nobody else knows. */

/** Songs for artist and title. */
export function itunesSongs(artist: string, title: string): HttpRequest {
  return {
    method: 'GET',
    path: 'search',
    query: { term: `${artist} ${readTitle(title).shown}`, media: 'music', entity: 'song', limit: '50' },
    maxBytes: 4 << 20,
  }
}

/** The length in ms of the first song that agrees in artist and title; null: none; undefined: another shape. */
export function readItunesSong(json: unknown, artist: string, title: string): number | null | undefined {
  if (!isRecord(json) || !Array.isArray(json.results)) return undefined
  const ours = readTitle(title)
  for (const song of records(json.results)) {
    const ms = number(song.trackTimeMillis)
    if (song.kind !== 'song' || ms === null) continue
    if (titleScore(ours, readTitle(text(song.trackName) ?? '')) < 0.92) continue
    if (artistScore(artist, { name: text(song.artistName) ?? '' }) >= 0.95) return ms
  }
  return null
}

/** A song's length in ms. */
export const itunesTrackQuestion = (
  rank: number,
): QuestionSpec<{ readonly artist: string; readonly title: string }, number> => ({
  kind: 'track',
  provider: 'itunes',
  step: 'itunes.tracks',
  rank,
  term: 'track',
  key: ({ artist, title }) => pairKey(artist, title),
  size: () => 1,
  request: ([pair]) => itunesSongs(pair?.artist ?? '', pair?.title ?? ''),
  read(json, [pair]) {
    const { artist, title } = pair ?? { artist: '', title: '' }
    return oneAnswer(pairKey(artist, title), readItunesSong(json, artist, title))
  },
})
