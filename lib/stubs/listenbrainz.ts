import { roles } from '../enrich/index.ts'
import { limited, within } from './limits.ts'
import type { Handler, Reply } from './server.ts'
import type { Stub } from './stub.ts'
import { creditOf, plainKey, type StubRecording, type World } from './world.ts'

/** The token that the stub of ListenBrainz accepts. */
export const stubToken = 'stub-listenbrainz-token'

const error = (code: number, text: string): Reply => ({ status: code, body: { code, error: text } })

/**
 * ListenBrainz under `/1/`; `token` is the one that look-ups need.
 *
 * @param exactOnly the look-up of many pairs compares exactly, as since December 2025; the one of a single pair does not
 */
function listenbrainz(world: World, token: string, exactOnly = false): Handler {
  return (request) => {
    const path = request.path.replace(/^\/1\//, '')
    const json = request.json as { recordings?: unknown; recording_mbids?: unknown; inc?: string } | undefined
    const headers = {
      'x-ratelimit-limit': '30',
      'x-ratelimit-remaining': '25',
      'x-ratelimit-reset-in': '8',
      'x-ratelimit-reset': '0',
    }
    if (path === 'metadata/lookup/') {
      if (request.headers.authorization !== `Token ${token}`)
        return error(401, 'You need to provide an Authorization header.')
      if (request.method === 'GET') {
        const [artist, title] = [request.query.get('artist_name'), request.query.get('recording_name')]
        if (!artist || !title) return error(400, 'artist_name and recording_name are required')
        const { index: _, ...found } = lookup(world, artist, title, 0, false)
        return { headers, body: 'recording_mbid' in found ? found : {} }
      }
      const pairs = json?.recordings
      if (!Array.isArray(pairs) || pairs.length === 0) return error(400, 'recordings is missing')
      if (pairs.length > 50) return error(400, 'Too many recordings, the maximum is 50')
      if (pairs.some((pair) => `${pair.artist_name}${pair.recording_name}`.length > 250)) {
        return error(400, 'artist_name and recording_name are too long')
      }
      return {
        headers,
        body: pairs.map((pair, index) => lookup(world, pair.artist_name, pair.recording_name, index, exactOnly)),
      }
    }
    if (path === 'metadata/recording/') {
      const ids = json?.recording_mbids
      if (!Array.isArray(ids) || ids.length === 0) return error(400, 'recording_mbids is missing')
      if (ids.length > 1_000) return error(400, 'Too many recording_mbids, the maximum is 1000')
      const withTags = json?.inc?.split(' ').includes('tag') ?? false
      return { headers, body: Object.fromEntries(ids.flatMap((id) => metadata(world, String(id), withTags))) }
    }
    return error(404, 'Not Found')
  }
}

function lookup(world: World, artistName: string, title: string, index: number, exactOnly: boolean) {
  const asked = { artist_name_arg: artistName, recording_name_arg: title, release_name_arg: null, index }
  for (const artist of world.named(artistName)) {
    const key = plainKey(title.replace(/\s*\([^)]*\)/g, ''))
    const one = world
      .recordings(artist, title.replace(/\s*\([^)]*\)/g, ''))
      .find((recording) => plainKey(recording.title) === key && recording.inLookup !== false)
    if (one && (!exactOnly || isExact(world, one, artistName, title))) {
      return {
        ...asked,
        artist_credit_name: creditOf(world, one),
        artist_mbids: one.artists,
        recording_mbid: one.mbid,
        recording_name: one.title,
        release_mbid: one.cover?.release ?? one.mbid,
        release_name: 'LP',
      }
    }
  }
  return asked
}

// As the service compares: without accents, in lower case, word characters only.
const exactKey = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, '')

const isExact = (world: World, one: StubRecording, artist: string, title: string) =>
  one.exact ?? exactKey(artist + title) === exactKey(creditOf(world, one) + one.title)

const genreId = '0e3fc579-2d24-4f20-9dae-736e1ec78798'

// Tags that are genres have an id; the others are whatever listeners wrote.
function tagsOf(world: World, one: StubRecording) {
  const tag = (name: string, at: number) => ({ tag: name, count: 9 - at, genre_mbid: genreId })
  return {
    artist: one.artists.flatMap((id) => [
      ...(world.byId(id)?.genres ?? []).map((name, at) => ({ ...tag(name, at), artist_mbid: id })),
      { tag: 'seen live', count: 99, artist_mbid: id },
    ]),
    recording: (one.genres ?? []).map(tag),
    release_group: [],
  }
}

function metadata(world: World, id: string, withTags: boolean): [string, unknown][] {
  const one = world.recording(id)
  if (!one) return []
  return [
    [
      id,
      {
        recording: {
          name: one.title,
          ...(one.lengthMs ? { length: one.lengthMs } : {}),
          isrcs: one.isrc ? [one.isrc] : [],
          first_release_date: one.date ?? null,
          rels: [],
        },
        artist: {
          name: creditOf(world, one),
          artist_credit_id: 1,
          artists: one.artists.map((artist, at) => {
            const known = world.byId(artist)
            return {
              artist_mbid: artist,
              name: known?.name ?? '',
              join_phrase: at < one.artists.length - 1 ? (one.join ?? ' & ') : '',
              type: known?.type ?? 'Group',
              ...(known?.country ? { area: known.country[1] } : {}),
              ...(known?.begin ? { begin_year: Number(known.begin.slice(0, 4)) } : {}),
              rels: known?.qid ? { wikidata: `https://www.wikidata.org/wiki/${known.qid}` } : {},
            }
          }),
        },
        release: one.cover
          ? {
              mbid: one.cover.release,
              name: one.album ?? 'LP',
              caa_id: one.cover.id,
              caa_release_mbid: one.cover.release,
              ...(one.date ? { year: Number(one.date.slice(0, 4)) } : {}),
            }
          : {},
        ...(withTags ? { tag: tagsOf(world, one) } : {}),
      },
    ],
  ]
}

const tooFast: Reply = {
  status: 429,
  headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-in': '5' },
  body: { code: 429, error: 'You have exceeded your rate limit. See the X-RateLimit-* response headers' },
}

export const listenBrainzStub = {
  listenbrainz: {
    service: roles.songMatches,
    key: stubToken,
    handler: (world, behaviour) =>
      limited(listenbrainz(world, stubToken, behaviour.since2026), behaviour, (times) =>
        within(times, 10_000) > 30 ? tooFast : undefined,
      ),
  },
} satisfies Record<string, Stub>
