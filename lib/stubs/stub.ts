import type { services } from '../enrich/index.ts'
import type { Handler } from './server.ts'
import type { World } from './world.ts'

/** How the stubs of one start behave. */
export interface Behaviour {
  /** Thumbnails on a host of their own, tracking parameters, exact look-ups of many pairs. */
  readonly since2026: boolean
  /** Share of answers that say "too busy for anybody". */
  readonly shed: number
  /** Pictures are the stub's own, which it has. */
  readonly ownPictures: boolean
  /** Answer as the services do to who is too fast. */
  readonly enforceLimits: boolean
  /** When requests came that count against a limit of several services, in ms. */
  readonly sharedTimes: number[]
}

/** The stand-in of one service. */
export interface Stub {
  readonly service: (typeof services)[number]
  /** The key or token that it accepts. */
  readonly key?: string
  handler(world: World, behaviour: Behaviour): Handler
}
