import { roles } from '../enrich/index.ts'
import { limited, within } from './limits.ts'
import { type Node, parseLucene, ways } from './lucene.ts'
import type { Handler, Reply, Seen } from './server.ts'
import type { Stub } from './stub.ts'
import { chance, creditOf, plainKey, type StubArtist, type StubRecording, type World } from './world.ts'

const created = '2026-09-06T10:57:34.794Z'
const imageType = '221132e9-e30e-43f2-a741-15afc4c5fa7c'

/** The 403 for requests without a User-Agent. */
export const missingUserAgent: Reply = {
  status: 403,
  headers: { 'x-ratelimit-who': 'ua-missing' },
  body: {
    error:
      'Your requests are being throttled by MusicBrainz because the application you are using has not identified itself. Please update your application, and see http://musicbrainz.org/doc/XML_Web_Service/Rate_Limiting for more information.',
  },
}

/** The 503 that means us. */
export const tooFast = (retryAfter = '1'): Reply => ({
  status: 503,
  headers: {
    'x-ratelimit-zone': 'ws ip=203.0.113.7',
    'x-ratelimit-limit': '22',
    'x-ratelimit-remaining': '0',
    'retry-after': retryAfter,
  },
  body: {
    error:
      'Your requests are exceeding the allowable rate limit. Please see http://wiki.musicbrainz.org/XMLWebService for more information.',
  },
})

/** The 503 that means everybody. */
export const shed: Reply = {
  status: 503,
  headers: {
    'x-ratelimit-zone': 'search-global',
    'x-ratelimit-who': 'search-shed',
    'x-ratelimit-remaining': '12',
    'retry-after': '0',
    server: 'openresty',
  },
  body: { error: 'The MusicBrainz web server is currently busy. Please try again later.' },
}

/** MusicBrainz WS/2 under `/ws/2/`. */
function musicbrainz(world: World): Handler {
  return (request) => {
    if (!/\S+\/\S+ .*\(.*\)/.test(request.headers['user-agent'] ?? '')) return missingUserAgent
    if (request.query.get('fmt') !== 'json') return { status: 406, body: '<xml/>' }
    const path = request.path.replace(/^\/ws\/2\//, '')
    const [entity, id] = path.split('/')
    if (id !== undefined && entity === 'artist') return artistLookup(world, request, id)
    const limit = Math.min(100, Number(request.query.get('limit') ?? 25))
    const offset = Number(request.query.get('offset') ?? 0)
    let query: Node
    try {
      query = parseLucene(request.query.get('query') ?? '')
    } catch (error) {
      return {
        status: 400,
        body: { error: String(error), help: 'For usage, please see: https://musicbrainz.org/development/mmd' },
      }
    }
    const page = <T>(name: string, all: readonly T[], show: (one: T, at: number) => unknown): Reply => ({
      body: { created, count: all.length, offset, [name]: all.slice(offset, offset + limit).map(show) },
    })
    switch (entity) {
      case 'artist':
        return page('artists', artists(world, query), (one, at) => artistOf(one, Math.max(1, 100 - at)))
      case 'url':
        return page('urls', links(world, query), (one) => one)
      case 'recording':
        return page('recordings', recordings(world, query), (one, at) => recordingOf(world, one, Math.max(1, 100 - at)))
      default:
        return { status: 404, body: { error: 'Not Found' } }
    }
  }
}

function artistLookup(world: World, request: Seen, id: string): Reply {
  if (!/^[0-9a-f-]{36}$/.test(id)) return { status: 400, body: { error: 'Invalid mbid.' } }
  const artist = world.byId(id)
  if (artist?.mergedInto) {
    return {
      status: 301,
      headers: { location: `https://musicbrainz.org/ws/2/artist/${artist.mergedInto}?${request.query}` },
      body: '',
    }
  }
  if (!artist || artist.deleted) return { status: 404, body: { error: 'Not Found', help: '…' } }
  return { body: { ...artistOf(artist, 100), relations: [] } }
}

function artistOf(artist: StubArtist, score: number) {
  return {
    id: artist.mbid,
    type: artist.type ?? 'Group',
    score,
    name: artist.name,
    'sort-name': artist.sortName ?? artist.name,
    aliases: (artist.aliases ?? []).map((name) => ({
      'sort-name': name,
      name,
      locale: null,
      type: null,
      primary: null,
      'begin-date': null,
      'end-date': null,
    })),
    ...(artist.country
      ? { country: artist.country[0], area: { id: imageType, type: 'Country', name: artist.country[1] } }
      : {}),
    ...(artist.begin ? { 'life-span': { begin: artist.begin, ended: null } } : {}),
    tags: [{ count: 1, name: 'rock' }],
  }
}

const inIndex = (artist: StubArtist | undefined): artist is StubArtist =>
  artist !== undefined && !artist.mergedInto && !artist.deleted

function artists(world: World, query: Node): StubArtist[] {
  const found = new Map<string, StubArtist>()
  for (const way of ways(query)) {
    for (const { field, values } of way) {
      for (const value of values) {
        const hits = field === 'arid' ? [world.byId(value)] : world.named(value)
        for (const hit of hits.filter(inIndex)) found.set(hit.mbid, hit)
      }
    }
  }
  return [...found.values()]
}

function links(world: World, query: Node) {
  const urls: unknown[] = []
  const parts = 'and' in query ? query.and : [query]
  const ids = parts.flatMap((part) => ('field' in part && part.field === 'targetid' ? part.values : []))
  const types = new Set(parts.flatMap((part) => ('field' in part && part.field === 'relationtype' ? part.values : [])))
  for (const id of ids) {
    const artist = world.byId(id)
    if (!inIndex(artist)) continue
    const relation = (type: string, resource: string) => ({
      id: id,
      score: 100,
      resource,
      'relation-list': [
        {
          relations: [
            {
              type,
              'type-id': imageType,
              direction: 'backward',
              artist: { id, name: artist.name, 'sort-name': artist.name },
            },
          ],
        },
      ],
    })
    if (types.has('image')) for (const image of artist.images ?? []) urls.push(relation('image', image))
    if (types.has('wikidata') && artist.qid && artist.linksItem !== false) {
      urls.push(relation('wikidata', `https://www.wikidata.org/wiki/${artist.qid}`))
    }
  }
  return urls
}

function recordings(world: World, query: Node): StubRecording[] {
  const found = new Map<string, StubRecording>()
  for (const way of ways(query)) {
    for (const one of candidates(world, way)) if (way.every((term) => holds(world, one, term))) found.set(one.mbid, one)
  }
  return [...found.values()]
}

type Term = ReturnType<typeof ways>[number][number]

/** Recordings that a way may mean, by its ids, its acts and its titles. */
function candidates(world: World, way: readonly Term[]): StubRecording[] {
  const values = (field: string) => way.filter((one) => one.field === field && !one.not).flatMap((one) => one.values)
  const byId = values('rid').flatMap((id) => world.recording(id) ?? [])
  const names = values('artist')
  const acts = [...values('arid').map((id) => world.byId(id)), ...names.flatMap((name) => world.named(name))]
  const titles = values('recording')
  if (acts.length === 0 && names.length === 0 && titles.some((title) => plainKey(title) === ''))
    throw new Error('too wide')
  const phrases = titles.filter((title) => !title.endsWith('*'))
  const ofActs = acts
    .filter(inIndex)
    .flatMap((act) => (phrases.length > 0 ? phrases.flatMap((title) => world.recordings(act, title)) : world.all(act)))
  return [...byId, ...ofActs, ...names.flatMap((name) => world.creditedAs(name))]
}

/** True if a recording satisfies a term: one of its values, or none where it is negated. */
function holds(world: World, one: StubRecording, { field, values, not = false }: Term): boolean {
  const test = (value: string): boolean => {
    switch (field) {
      case 'rid':
        return one.mbid === value
      case 'arid':
        return one.artists.includes(value)
      case 'artist':
        return (
          plainKey(creditOf(world, one)).includes(plainKey(value)) ||
          world.named(value).some((act) => one.artists.includes(act.mbid))
        )
      case 'recording':
        return value.endsWith('*')
          ? words(one.title).some((word) => word.startsWith(value.slice(0, -1)))
          : holdsPhrase(one.title, value)
      case 'video':
        return (one.video === true) === (value === 'true')
      case 'status':
        return value !== 'official' || one.official !== false
      case 'secondarytype':
        return value === 'live' && one.live === true
      default:
        return true
    }
  }
  return values.some(test) !== not
}

const words = (title: string): string[] =>
  title
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

// The index compares whole words: "longtime" does not bring "Long Time". A title of signs alone is compared as it is.
function holdsPhrase(title: string, phrase: string): boolean {
  const wanted = words(phrase)
  return wanted.length === 0
    ? plainKey(title) === plainKey(phrase)
    : ` ${words(title).join(' ')} `.includes(` ${wanted.join(' ')} `)
}

function recordingOf(world: World, one: StubRecording, score: number) {
  const releases =
    one.releases === null
      ? undefined
      : Array.from({ length: one.releases ?? 1 }, (_, at) => ({
          id: one.mbid,
          title: one.album ?? 'LP',
          ...(one.date ? { date: one.date } : {}),
          status: one.official === false ? 'Bootleg' : 'Official',
          'release-group': {
            id: one.mbid,
            title: one.album ?? 'LP',
            'primary-type': at === 0 ? 'Album' : 'Single',
            'secondary-types': one.live ? ['Live'] : [],
          },
          media: [
            { position: 1, track: [{ id: one.mbid, number: '1', title: one.title, length: one.lengthMs ?? null }] },
          ],
        }))
  return {
    id: one.mbid,
    score,
    title: one.title,
    length: one.lengthMs === undefined ? 200_000 : one.lengthMs,
    video: one.video ?? null,
    'artist-credit': one.artists.map((id, at) => {
      const act = world.byId(id)
      const name = act?.name ?? 'Unknown'
      const aliases = (act?.aliases ?? []).map((alias) => ({ 'sort-name': alias, name: alias }))
      return {
        ...(at < one.artists.length - 1 ? { joinphrase: one.join ?? ' & ' } : {}),
        name,
        artist: { id, name, 'sort-name': name, ...(aliases.length > 0 ? { aliases } : {}) },
      }
    }),
    ...(one.date ? { 'first-release-date': one.date } : {}),
    ...(one.isrc ? { isrcs: [one.isrc] } : {}),
    ...(one.disambiguation ? { disambiguation: one.disambiguation } : {}),
    ...(releases ? { releases } : {}),
  }
}

/** Answers a share of requests as a service does that is too busy for anybody; which ones follows from their number. */
function shedding(handler: Handler, share: number): Handler {
  let requests = 0
  return (request) => {
    requests++
    return share > 0 && chance(`shed ${requests}`) < share ? shed : handler(request)
  }
}

export const musicBrainzStub = {
  musicbrainz: {
    service: roles.identities,
    handler: (world, behaviour) =>
      // On average one a second: a burst of two is let pass, as the service's own counter does.
      limited(shedding(musicbrainz(world), behaviour.shed), behaviour, (times) =>
        within(times, 10_000) > 11 ? tooFast('1') : undefined,
      ),
  },
} satisfies Record<string, Stub>
