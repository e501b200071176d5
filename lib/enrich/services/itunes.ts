import type { HttpRequest } from '../http/client.ts'
import { byStatus, rateLimited } from '../http/outcome.ts'
import { isRecord, number, records, text } from '../json.ts'
import { artistScore } from '../match/artists.ts'
import { readTitle, titleScore } from '../match/titles.ts'
import { lengthByNames } from './opt-in-requests.ts'
import type { Service } from './service.ts'

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

/** The iTunes search API, opt-in and slow (20 requests a minute): lengths of songs that nobody else knows. */
export const itunes: Service = {
  name: 'itunes',
  address: 'https://itunes.apple.com/',
  hosts: ['itunes.apple.com'],
  extra: true,
  limit: {
    name: 'itunes',
    title: 'iTunes',
    limits: { maxConcurrent: 1, minTimeMs: 3_340, reservoir: { count: 18, perMs: 60_000 }, timeoutMs: 15_000 },
  },
  classify(answer) {
    // Its only sign of a limit is an empty 403; it may last half an hour, the limiter closes if it comes again and again.
    if (answer.status === 403 || answer.status === 429)
      return rateLimited(answer.waitMs, `HTTP ${answer.status}`, 60_000)
    return byStatus(answer)
  },
  optIn: {
    songLength: (rank) => lengthByNames(rank, itunesSongs, readItunesSong),
  },
}
