import type { HttpRequest } from '../http.ts'
import { isPlaceholder } from '../images.ts'
import { pairKey } from '../memory.ts'
import type { QuestionSpec } from '../questions.ts'
import { isRecord, type Json, mbid, number, record, records, text } from '../wire.ts'

/*
 * Last.fm (https://www.last.fm/api): one artist or one track a request, key required. POST keeps the key out of addresses
 * and sends `+` and `%` in names as they are.
 */

const answerBytes = 4 << 20

const call = (key: string, method: string, fields: Readonly<Record<string, string>>): HttpRequest => ({
  method: 'POST',
  path: '',
  form: { method, ...fields, autocorrect: '1', api_key: key, format: 'json' },
  maxBytes: answerBytes,
})

/** `artist.getInfo` by name. */
export function artistInfo(artist: string, key: string): HttpRequest {
  return call(key, 'artist.getInfo', { artist })
}

/** `track.getInfo` by names. */
export function trackInfo(artist: string, track: string, key: string): HttpRequest {
  return call(key, 'track.getInfo', { artist, track })
}

export interface LastfmArtist {
  readonly name: string
  readonly mbid: string | null
  /** The largest picture that is not the star, or null. */
  readonly image: string | null
  readonly pageUrl: string | null
}

/** Null: another shape. */
export function readArtistInfo(json: unknown): LastfmArtist | null {
  const artist = record(json).artist
  if (!isRecord(artist)) return null
  const name = text(artist.name)
  if (name === null) return null
  return { name, mbid: mbid(artist.mbid), image: largestImage(artist.image), pageUrl: text(artist.url, 2_048) }
}

const sizes = ['mega', 'extralarge', 'large', '', 'medium', 'small']

function largestImage(value: unknown): string | null {
  const images = records(value).flatMap((image: Json) => {
    const url = text(image['#text'], 2_048)
    const size = sizes.indexOf(String(image.size ?? ''))
    return url !== null && !isPlaceholder(url) ? [{ url, size: size < 0 ? sizes.length : size }] : []
  })
  return images.sort((a, b) => a.size - b.size)[0]?.url ?? null
}

export interface LastfmTrack {
  readonly title: string
  readonly artist: string | null
  readonly mbid: string | null
  /** Null when Last.fm says 0: it does not know. */
  readonly lengthMs: number | null
}

/**
 * The track; `shadow` for an entry that a listener's misspelling made (no id, no length, hardly a listener): not found
 * for us. Null: another shape.
 */
export function readTrackInfo(json: unknown): LastfmTrack | 'shadow' | null {
  const track = record(json).track
  if (!isRecord(track)) return null
  const title = text(track.name)
  if (title === null) return null
  const id = mbid(track.mbid)
  const lengthMs = number(track.duration) ?? 0
  if (id === null && lengthMs <= 0 && (number(track.listeners) ?? 0) < 50) return 'shadow'
  const artist = isRecord(track.artist) ? text(track.artist.name) : text(track.artist)
  return { title, artist, mbid: id, lengthMs: lengthMs > 0 ? lengthMs : null }
}

/** An act's name, id and picture. */
export const lastfmArtistQuestion = (rank: number, key: string): QuestionSpec<string, LastfmArtist> => ({
  kind: 'artist',
  provider: 'lastfm',
  step: 'lastfm.artists',
  rank,
  term: 'identity',
  key: (artist) => artist,
  size: () => 1,
  request: ([artist = '']) => artistInfo(artist, key),
  read(json, [artist = '']) {
    const found = readArtistInfo(json)
    return found && { answers: new Map([[artist, found]]) }
  },
})

/** A song's names, id and length. */
export const lastfmTrackQuestion = (
  rank: number,
  key: string,
): QuestionSpec<{ readonly artist: string; readonly title: string }, LastfmTrack> => ({
  kind: 'track',
  provider: 'lastfm',
  step: 'lastfm.tracks',
  rank,
  term: 'track',
  key: ({ artist, title }) => pairKey(artist, title),
  size: () => 1,
  request: ([pair]) => trackInfo(pair?.artist ?? '', pair?.title ?? '', key),
  read(json, [pair]) {
    const found = readTrackInfo(json)
    const asked = pairKey(pair?.artist ?? '', pair?.title ?? '')
    return found && { answers: new Map([[asked, found === 'shadow' ? null : found]]) }
  },
})
