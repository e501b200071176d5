import { settings } from '../config.ts'
import { type BaseAddresses, type Clock, services, systemClock } from '../enrich/index.ts'
import { type ServiceName, serviceNames, stubOf } from './list.ts'
import { StubServer } from './server.ts'
import { MadeUpWorld, type World } from './world.ts'
import { type Era, type EraName, eras } from './worlds.ts'

/*
 * Hides: the services' shapes, their limits, a world of acts and songs, faults, the log of what arrived.
 * Needs: nothing but free ports on loopback; a clock to run on.
 * Never: reaches beyond this machine.
 */

export * from './list.ts'
export { type Fault, maxInWindow, type Reply, type Seen, StubServer } from './server.ts'
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
  const behaviour = {
    ...era,
    ownPictures: options.ownPictures ?? false,
    enforceLimits: options.enforceLimits ?? false,
    sharedTimes: [],
  }
  const servers = {} as Record<ServiceName, StubServer>
  for (const [at, name] of serviceNames.entries()) {
    const handler = stubOf(name).handler(world, behaviour)
    servers[name] = await new StubServer(handler, clock).listen(options.port ? options.port + at : 0)
  }
  const addresses = serviceNames.map((name) => {
    const { service } = stubOf(name)
    return { service, address: `${servers[name].origin}${new URL(service.address).pathname}` }
  })
  return {
    servers,
    bases: Object.fromEntries(addresses.map(({ service, address }) => [service.name, address])),
    world,
    environment: Object.fromEntries(
      addresses.flatMap(({ service: { addressSetting }, address }) =>
        addressSetting ? [[settings[addressSetting].env, address]] : [],
      ),
    ),
    total: () => serviceNames.reduce((sum, name) => sum + servers[name].seen.length, 0),
    clear() {
      for (const name of serviceNames) servers[name].seen.length = 0
    },
    async close() {
      await Promise.all(serviceNames.map((name) => servers[name].close()))
    },
  }
}

/**
 * The settings that give a run the keys which the stubs accept.
 *
 * @param of only those of these services; default: all that have one
 */
export function keyEnvironment(of: readonly (typeof services)[number][] = services): Record<string, string> {
  const keyed = serviceNames.map(stubOf).filter(({ service }) => of.includes(service))
  return Object.fromEntries(
    keyed.flatMap(({ service, key }) => (service.key && key ? [[settings[service.key.setting].env, key]] : [])),
  )
}
