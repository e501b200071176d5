import type { HttpRequest } from '../http/client.ts'
import { type Outcome, rateLimited, said, transient } from '../http/outcome.ts'
import { isPlaceholder } from '../images.ts'
import { isRecord, type Json, mbid, number, record, records, text } from '../json.ts'
import { pairKey } from '../requests/cache.ts'
import type { RequestSpec } from '../requests/request-spec.ts'
import type { ListenerArtist, ListenerTrack } from './answers.ts'
import type { Service, ServiceKey } from './service.ts'

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

/** Null: another shape. */
export function readArtistInfo(json: unknown): ListenerArtist | null {
  const artist = record(json).artist
  if (!isRecord(artist)) return null
  const name = text(artist.name)
  if (name === null) return null
  const similar = records(record(artist.similar).artist).flatMap((one) => text(one.name, 200) ?? [])
  return {
    name,
    mbid: mbid(artist.mbid),
    image: largestImage(artist.image),
    pageUrl: text(artist.url, 2_048),
    ...(similar.length > 0 ? { similar: similar.slice(0, 5) } : {}),
  }
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

/**
 * The track; `shadow` for an entry that a listener's misspelling made (no id, no length, hardly a listener): not found
 * for us. Null: another shape.
 */
export function readTrackInfo(json: unknown): ListenerTrack | 'shadow' | null {
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
export const lastfmArtistRequest = (rank: number, key: string): RequestSpec<string, ListenerArtist> => ({
  kind: 'artist',
  step: 'artists',
  rank,
  term: 'identity',
  key: (artist) => artist,
  size: () => 1,
  httpRequest: ([artist = '']) => artistInfo(artist, key),
  read(json, [artist = '']) {
    const found = readArtistInfo(json)
    return found && { answers: new Map([[artist, found]]) }
  },
})

/** A song's names, id and length. */
export const lastfmTrackRequest = (
  rank: number,
  key: string,
): RequestSpec<{ readonly artist: string; readonly title: string }, ListenerTrack> => ({
  kind: 'track',
  step: 'tracks',
  rank,
  term: 'track',
  key: ({ artist, title }) => pairKey(artist, title),
  size: () => 1,
  httpRequest: ([pair]) => trackInfo(pair?.artist ?? '', pair?.title ?? '', key),
  read(json, [pair]) {
    const found = readTrackInfo(json)
    const asked = pairKey(pair?.artist ?? '', pair?.title ?? '')
    return found && { answers: new Map([[asked, found === 'shadow' ? null : found]]) }
  },
})

// Keys that are missing, wrong, suspended or not allowed to; programming errors.
const keyErrors = new Set([4, 9, 10, 13, 14, 17, 26])
const ourErrors = new Set([2, 3, 5])

const requests = { artist: lastfmArtistRequest, track: lastfmTrackRequest }

interface ListenerService extends Service {
  readonly requests: typeof requests
  readonly key: ServiceKey
  /** The setting that says what it is asked for. */
  readonly modeSetting: 'lastfmMode'
}

/** Last.fm: the names that listeners use, pictures and lengths, one entity a request; with a key only. */
export const lastfm: ListenerService = {
  requests,
  modeSetting: 'lastfmMode',
  name: 'lastfm',
  address: 'https://ws.audioscrobbler.com/2.0/',
  addressSetting: 'lastfmUrl',
  key: {
    setting: 'lastfmApiKey',
    word: 'key',
    required: false,
    form: { pattern: /^[0-9a-f]{32}$/i, title: '32 hex digits' },
  },
  hosts: ['ws.audioscrobbler.com'],
  imageHosts: ['lastfm.freetls.fastly.net'],
  extra: true,
  ownColumns: true,
  limit: {
    name: 'lastfm',
    title: 'Last.fm',
    // 5 a second and 1,500 per 5 minutes.
    limits: {
      maxConcurrent: 4,
      minTimeMs: 220,
      reservoir: { count: 1_400, perMs: 300_000 },
      timeoutMs: 15_000,
      noOtherWay: true,
    },
  },
  classify({ status, json, waitMs }) {
    // HTML, XML and empty bodies come with every status and mean that the backend stumbled.
    if (json === undefined || Array.isArray(json)) {
      return status === 429 ? rateLimited(waitMs, 'HTTP 429', 5_000) : transient(`HTTP ${status}, answer is not JSON`)
    }
    const answer = record(json)
    const code = Number(answer.error)
    if (answer.error === undefined || !Number.isInteger(code)) {
      if (status === 429) return rateLimited(waitMs, 'HTTP 429', 5_000)
      return status < 400 ? { kind: 'ok', json } : transient(said(status, json))
    }
    return byCode(code, text(answer.message, 120) ?? '', waitMs)
  },
}

function byCode(code: number, message: string, waitMs: number | null): Outcome {
  const error = `error ${code}: ${message}`
  if (code === 7) return { kind: 'not_found', code: '7' }
  if (code === 6) {
    return /not found|could not be found|no such page/i.test(message)
      ? { kind: 'not_found', code: '6' }
      : { kind: 'bad_request', text: error }
  }
  if (code === 29) return rateLimited(waitMs, error, 5_000)
  if (keyErrors.has(code)) return { kind: 'fatal', text: error, hint: 'check LASTFM_API_KEY' }
  if (ourErrors.has(code)) return { kind: 'fatal', text: error, hint: null }
  return transient(error, waitMs)
}
