import { roles } from '../enrich/index.ts'
import { limited, within } from './limits.ts'
import type { Handler, Reply } from './server.ts'
import type { Stub } from './stub.ts'
import type { World } from './world.ts'

/** The key that the stub of Last.fm accepts. */
export const stubKey = 'stub-lastfm-key'

/** The star that stands for every artist's picture. */
export const star = '2a96cbd8b46e442fc41c2b86b821562f'

/** An error as Last.fm sends it. */
export const lastfmError = (code: number, message: string, status = 200): Reply => ({
  status,
  body: { error: code, message, links: [] },
})

const sizes = [
  ['34s', 'small'],
  ['64s', 'medium'],
  ['174s', 'large'],
  ['300x300', 'extralarge'],
  ['300x300', 'mega'],
  ['300x300', ''],
] as const

/** Last.fm under `/2.0/`, POST or GET, key `key`. */
function lastfm(world: World, key: string): Handler {
  return (request) => {
    const given = request.method === 'POST' ? request.form : request.query
    if (given.get('format') !== 'json') return { headers: { 'content-type': 'text/xml' }, body: '<lfm status="ok"/>' }
    if (given.get('api_key') !== key)
      return lastfmError(10, 'Invalid API key - You must be granted a valid key by last.fm', 403)
    const artist = given.get('artist') ?? ''
    switch (given.get('method')) {
      case 'artist.getInfo':
        return artistInfo(world, artist)
      case 'track.getInfo':
        return trackInfo(world, artist, given.get('track') ?? '')
      default:
        return lastfmError(3, 'Invalid Method - No method with that name in this package', 400)
    }
  }
}

function artistInfo(world: World, artistName: string): Reply {
  if (artistName === '') return lastfmError(6, 'Invalid parameters - Your request is missing a required parameter')
  const artist = world.named(artistName)[0]
  if (!artist || artist.listeners === null) return lastfmError(6, 'The artist you supplied could not be found')
  const image = artist.listeners?.image ?? star
  const id = artist.listeners?.mbid === undefined ? artist.mbid : artist.listeners.mbid
  const name = artist.listeners?.name ?? artist.name
  return {
    body: {
      artist: {
        name,
        ...(id === null ? {} : { mbid: id }),
        url: `https://www.last.fm/music/${encodeURIComponent(name)}`,
        image: sizes.map(([path, size]) => ({
          '#text': image.includes('://') ? image : `https://lastfm.freetls.fastly.net/i/u/${path}/${image}.png`,
          size,
        })),
        streamable: '0',
        stats: { listeners: '12', playcount: '34' },
        similar: { artist: (artist.listeners?.similar ?? []).map((name) => ({ name, url: '', image: [] })) },
        tags: { tag: [] },
      },
    },
  }
}

function trackInfo(world: World, artistName: string, title: string): Reply {
  const artist = world.named(artistName)[0]
  const plain = title.replace(/\s*\([^)]*\)/g, '')
  const one = artist && world.recordings(artist, plain).find((recording) => recording.listeners !== null)
  if (!artist || !one) return lastfmError(6, 'Track not found')
  const known = one.listeners ?? { duration: String(one.lengthMs ?? 0), mbid: one.mbid, listeners: '900' }
  return {
    body: {
      track: {
        name: one.title,
        ...(known.mbid ? { mbid: known.mbid } : {}),
        url: 'https://www.last.fm/music/x/_/y',
        duration: known.duration ?? '0',
        streamable: { '#text': '0', fulltrack: '0' },
        listeners: known.listeners ?? '900',
        playcount: '2000',
        artist: {
          name: artist.listeners?.name ?? artist.name,
          mbid: artist.mbid,
          url: 'https://www.last.fm/music/x',
        },
        toptags: { tag: [] },
      },
    },
  }
}

const tooFast = lastfmError(29, 'Rate Limit Exceeded - Your IP has made too many requests in a short period', 429)

export const lastfmStub = {
  lastfm: {
    service: roles.listenerNames,
    key: stubKey,
    handler: (world, behaviour) =>
      limited(lastfm(world, stubKey), behaviour, (times) => (within(times, 1_000) > 5 ? tooFast : undefined)),
  },
} satisfies Record<string, Stub>
