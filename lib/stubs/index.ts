import { type BaseAddresses, type Clock, systemClock } from '../enrich/index.ts'
import { handlersOf } from './handlers.ts'
import { limited } from './limits.ts'
import { type ServiceName, serviceNames } from './names.ts'
import { StubServer } from './server.ts'
import { MadeUpWorld, type World } from './world.ts'
import { type Era, type EraName, eras } from './worlds.ts'

/*
 * Hides: the services' shapes, their limits, a world of acts and songs, faults, the log of what arrived.
 * Needs: nothing but free ports on loopback; a clock to run on.
 * Never: reaches beyond this machine.
 */

export { lastfmError, star } from './lastfm.ts'
export { missingUserAgent, shed, tooFast } from './musicbrainz.ts'
export { type ServiceName, serviceNames, stubKey, stubKeys, stubToken } from './names.ts'
export { type Fault, maxInWindow, type Reply, type Seen, StubServer } from './server.ts'
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
export { type EraName, eraNames, isEra } from './worlds.ts'

export interface StubOptions {
  /** Default: a made-up one, as `era` has it. */
  readonly world?: World
  /** How the services answer; default: 2025, the kind world. */
  readonly era?: `${EraName}`
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
  const era: Era = eras[options.era ?? '2025']
  const world = options.world ?? new MadeUpWorld(era.shares)
  const clock = options.clock ?? systemClock
  const plain = handlersOf(world, era, options)
  const handlers = options.enforceLimits ? limited(plain) : plain
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
