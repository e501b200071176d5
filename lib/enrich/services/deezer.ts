import type { HttpRequest } from '../http/client.ts'
import { byStatus, rateLimited, transient } from '../http/outcome.ts'
import { isPlaceholder } from '../images.ts'
import { isRecord, type Json, number, record, records, text } from '../json.ts'
import { artistScore } from '../match/artists.ts'
import { readTitle, titleScore } from '../match/titles.ts'
import { pairKey } from '../requests/cache.ts'
import { oneAnswer } from '../requests/request-spec.ts'
import { lengthByNames } from './opt-in-requests.ts'
import type { OtherPicture, Service } from './service.ts'

const get = (path: string, query: Readonly<Record<string, string>>): HttpRequest => ({
  method: 'GET',
  path,
  query,
  maxBytes: 4 << 20,
})

/** Tracks of a title by an act. */
export function deezerTracks(artist: string, title: string): HttpRequest {
  const quoted = (value: string) => `"${value.replace(/"/g, ' ')}"`
  return get('search/track', { q: `artist:${quoted(artist)} track:${quoted(readTitle(title).shown)}`, limit: '25' })
}

/** Tracks of an answer that are by our artist and carry our title; undefined: another shape. */
function tracksOf(json: unknown, artist: string, title: string): Json[] | undefined {
  if (!isRecord(json) || !Array.isArray(json.data)) return undefined
  const ours = readTitle(title)
  return records(json.data).filter((track) => {
    const name = [text(track.title_short) ?? text(track.title) ?? '', text(track.title_version) ?? ''].join(' ').trim()
    const theirs = readTitle(name)
    const other = [...theirs.tags].some((tag) => tag === 'live' || tag === 'karaoke' || tag === 'remix')
    if (other && !ours.tags.has('live')) return false
    const act = { name: text(record(track.artist).name) ?? '' }
    return titleScore(ours, theirs) >= 0.92 && artistScore(artist, act) >= 0.95
  })
}

/**
 * The picture of the act that carries our name and has our title; null: none; undefined: another shape. A name alone is no
 * sign: many acts share one, and the best known of them is not always ours.
 */
export function readDeezerPicture(json: unknown, artist: string, title: string): OtherPicture | null | undefined {
  const tracks = tracksOf(json, artist, title)
  if (tracks === undefined) return undefined
  for (const track of tracks) {
    const act = record(track.artist)
    const image = text(act.picture_xl, 2_048) ?? text(act.picture_big, 2_048)
    if (image !== null && !isPlaceholder(image)) return { image, page: text(act.link, 2_048) }
  }
  return null
}

/** The length in ms of the first track that agrees in artist and title; null: none; undefined: another shape. */
export function readDeezerTrack(json: unknown, artist: string, title: string): number | null | undefined {
  const tracks = tracksOf(json, artist, title)
  if (tracks === undefined) return undefined
  const seconds = tracks.map((track) => number(track.duration)).find((length) => length !== null && length > 0)
  return seconds ? seconds * 1000 : null
}

/** Deezer (https://developers.deezer.com/api), opt-in: its pictures carry no free licence. Keyless, 50 requests per 5 s. */
export const deezer: Service = {
  name: 'deezer',
  address: 'https://api.deezer.com/',
  hosts: ['api.deezer.com'],
  imageHosts: ['cdn-images.dzcdn.net', 'e-cdns-images.dzcdn.net'],
  extra: true,
  limit: {
    name: 'deezer',
    title: 'Deezer',
    limits: { maxConcurrent: 2, minTimeMs: 112, reservoir: { count: 45, perMs: 5_000 }, timeoutMs: 15_000 },
  },
  classify(answer) {
    // Every error is HTTP 200.
    const error = record(record(answer.json).error)
    if (error.code === undefined) return byStatus(answer)
    const code = Number(error.code)
    const message = `error ${code}: ${text(error.message, 100) ?? ''}`
    if (code === 4) return rateLimited(answer.waitMs, message, 5_000)
    if (code === 800) return { kind: 'not_found', code: '800' }
    if (code === 500 || code === 501 || code === 600) return { kind: 'bad_request', text: message }
    return transient(message)
  },
  optIn: {
    artistPicture: {
      by: 'title',
      request: (rank) => ({
        kind: 'artist-by-title',
        step: 'artists',
        rank,
        term: 'image',
        key: ({ artist, title }) => pairKey(artist, title ?? ''),
        size: () => 1,
        httpRequest: ([act]) => deezerTracks(act?.artist ?? '', act?.title ?? ''),
        read(json, [act]) {
          const [artist, title] = [act?.artist ?? '', act?.title ?? '']
          return oneAnswer(pairKey(artist, title), readDeezerPicture(json, artist, title))
        },
      }),
    },
    songLength: (rank) => lengthByNames(rank, deezerTracks, readDeezerTrack),
  },
}
