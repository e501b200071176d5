import { type BaseAddresses, type Clock, systemClock } from '../enrich/index.ts'
import { lastfm, lastfmError } from './lastfm.ts'
import { listenbrainz } from './listenbrainz.ts'
import { musicbrainz, tooFast } from './musicbrainz.ts'
import { type Handler, type Reply, StubServer } from './server.ts'
import { commons, tooManyRequests, wikidata, wikidataQuery } from './wikimedia.ts'
import { MadeUpWorld, type World } from './world.ts'

/*
 * Hides: the services' shapes, their limits, a world of acts and songs, faults, the log of what arrived.
 * Needs: nothing but free ports on loopback; a clock to run on.
 * Never: reaches beyond this machine.
 */

export { lastfmError, star } from './lastfm.ts'
export { missingUserAgent, shed, tooFast } from './musicbrainz.ts'
export { type Fault, mostInWindow, type Reply, type Seen, StubServer } from './server.ts'
export { imageInfo, maxlag, queryTimeout, tooManyRequests } from './wikimedia.ts'
export {
  MadeUpWorld,
  madeUpId,
  type StubArtist,
  type StubFile,
  type StubRecording,
  TableWorld,
  type World,
} from './world.ts'

export const stubToken = 'stub-listenbrainz-token'
export const stubKey = 'stub-lastfm-key'
/** The token and the key as a run takes them. */
export const stubKeys = { listenbrainz: stubToken, lastfm: stubKey } as const

export const serviceNames = ['musicbrainz', 'listenbrainz', 'wikidataQuery', 'wikidata', 'commons', 'lastfm'] as const
export type ServiceName = (typeof serviceNames)[number]

export interface StubOptions {
  readonly world?: World
  readonly clock?: Clock
  /** Answer as the services do to who is too fast; default false. */
  readonly enforceLimits?: boolean
  /** Commons names pictures of its own, which it has; default: such as the real one names, which nobody can load. */
  readonly ownPictures?: boolean
  /** First of six ports; default: free ones. */
  readonly port?: number
}

export interface Stubs {
  readonly servers: Readonly<Record<ServiceName, StubServer>>
  readonly bases: BaseAddresses
  readonly world: World
  /** Lines to paste into a shell. */
  readonly environment: Readonly<Record<string, string>>
  /** Requests that arrived, all services. */
  total(): number
  /** Forgets what arrived. */
  clear(): void
  close(): Promise<void>
}

/** Starts all services on loopback. */
export async function startStubs(options: StubOptions = {}): Promise<Stubs> {
  const world = options.world ?? new MadeUpWorld()
  const clock = options.clock ?? systemClock
  const limit = (
    handler: Handler,
    refuse: (times: readonly number[], request: Parameters<Handler>[0]) => Reply | undefined,
  ): Handler => {
    if (!options.enforceLimits) return handler
    const times: number[] = []
    return (request) => {
      times.push(request.at)
      return refuse(times, request) ?? handler(request)
    }
  }
  const within = (times: readonly number[], ms: number) => {
    const last = times[times.length - 1] ?? 0
    return times.filter((time) => last - time < ms).length
  }
  const wikimediaTimes: number[] = []
  const wikimedia = (handler: Handler) =>
    limit(handler, (_, request) => {
      // One counter over all of Wikimedia; who names no contact of their own has ten a minute.
      wikimediaTimes.push(request.at)
      const identified = !/operator not given/.test(request.headers['user-agent'] ?? '')
      return within(wikimediaTimes, 60_000) > (identified ? 200 : 10) ? tooManyRequests('20') : undefined
    })
  // Pictures come from another host in the real world, which counts no requests.
  const withPictures = (handler: Handler, own = false): Handler =>
    own ? (request) => (request.method === 'GET' ? commons(world, true)(request) : handler(request)) : handler
  const handlers: Record<ServiceName, Handler> = {
    // On average one a second: a burst of two is let pass, as the service's own counter does.
    musicbrainz: limit(musicbrainz(world), (times) => (within(times, 10_000) > 11 ? tooFast('1') : undefined)),
    listenbrainz: limit(listenbrainz(world, stubToken), (times) =>
      within(times, 10_000) > 30
        ? {
            status: 429,
            headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-in': '5' },
            body: { code: 429, error: 'You have exceeded your rate limit. See the X-RateLimit-* response headers' },
          }
        : undefined,
    ),
    wikidataQuery: wikimedia(wikidataQuery(world)),
    wikidata: wikimedia(wikidata(world)),
    commons: withPictures(wikimedia(commons(world, options.ownPictures)), options.ownPictures),
    lastfm: limit(lastfm(world, stubKey), (times) =>
      within(times, 1_000) > 5
        ? lastfmError(29, 'Rate Limit Exceeded - Your IP has made too many requests in a short period', 429)
        : undefined,
    ),
  }
  const servers = {} as Record<ServiceName, StubServer>
  for (const [at, name] of serviceNames.entries()) {
    servers[name] = await new StubServer(handlers[name], clock).listen(options.port ? options.port + at : 0)
  }
  const bases = {
    musicbrainz: `${servers.musicbrainz.origin}/ws/2/`,
    listenbrainz: `${servers.listenbrainz.origin}/1/`,
    'wikidata-query': `${servers.wikidataQuery.origin}/sparql`,
    wikidata: `${servers.wikidata.origin}/w/api.php`,
    commons: `${servers.commons.origin}/w/api.php`,
    lastfm: `${servers.lastfm.origin}/2.0/`,
  }
  return {
    servers,
    bases,
    world,
    environment: {
      MUSICBRAINZ_URL: bases.musicbrainz,
      LISTENBRAINZ_URL: bases.listenbrainz,
      WIKIDATA_QUERY_URL: bases['wikidata-query'],
      WIKIDATA_URL: bases.wikidata,
      COMMONS_URL: bases.commons,
      LASTFM_URL: bases.lastfm,
    },
    total: () => serviceNames.reduce((sum, name) => sum + servers[name].seen.length, 0),
    clear() {
      for (const name of serviceNames) servers[name].seen.length = 0
    },
    async close() {
      await Promise.all(serviceNames.map((name) => servers[name].close()))
    },
  }
}
