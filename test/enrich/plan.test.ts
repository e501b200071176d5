import { afterEach, describe, expect, test } from '@jest/globals'
import { type EnrichOptions, planEnrichment } from '../../lib/enrich/index.ts'
import { silent } from '../../lib/log.ts'
import { madeUpCatalogue, startWorld, type World, withKey, withToken } from './harness.ts'

/*
 * The plan against what a run really sends, by size, by what there is to ask with, and by what memory holds.
 *
 * A run never sends more than its plan, and at least 80 % of it. Where memory answers a part, what is left may be a handful
 * of requests, each for a single act that needs it or does not: then at most two less.
 */
const tinyGap = 2

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const sizes = [
  [1, 1],
  [3, 5],
  [10, 20],
  [50, 150],
  [475, 1_600],
] as const
const means: Readonly<Record<string, Partial<EnrichOptions>>> = {
  keyless: {},
  'with a token': withToken,
  'with Last.fm': withKey,
}
const cases = sizes.flatMap(([artists, songs]) =>
  Object.keys(means).map((name) =>
    // One request an entity: more of them show nothing that fewer do not, and take minutes.
    means[name] === withKey && artists > 95
      ? ([95, 320, name, withKey] as const)
      : ([artists, songs, name, means[name]!] as const),
  ),
)

async function open(artists: number, songs: number): Promise<World> {
  const world = await startWorld({ catalogue: madeUpCatalogue(artists, songs), speed: 400, stubs: { era: '2026' } })
  worlds.push(world)
  return world
}

/** Plans, runs, and holds both against each other. */
async function runAsPlanned(world: World, more: Partial<EnrichOptions>, gap = tinyGap) {
  const { lookups } = world.database
  const options = {
    store: lookups,
    log: silent,
    version: '0.1.0',
    contact: 'ops@plays.fm',
    clock: world.clock,
    ...more,
  }
  world.stubs.clear()
  const plan = (await planEnrichment(options)).requests
  expect(world.stubs.total()).toBe(0)
  const result = await world.run(more)
  expect(result.retries).toBe(0)
  const sent = world.stubs.total()
  const near = sent >= 0.8 * plan || plan - sent <= gap
  expect({ plan, sent, kept: sent <= plan, near }).toEqual({ plan, sent, kept: true, near: true })
  return { ...result, plan, sent }
}

/** Goes on until nothing is due; every run keeps its plan. */
async function untilDone(world: World, more: Partial<EnrichOptions>) {
  let runs = 0
  while (runs < 5 && (await runAsPlanned(world, more)).plan > 0) runs++
  return runs
}

describe.each(cases)('%d artists and %d songs, %s', (artists, songs, _, more) => {
  test('empty memory: the plan is kept and nearly used, and one run finishes', async () => {
    const world = await open(artists, songs)
    const first = await runAsPlanned(world, more, 0)
    expect(first.plan).toBeGreaterThan(0)
    expect(first.left).toBe(0)
    expect(await untilDone(world, more)).toBe(0)
    expect(await world.database.artists()).toHaveLength(artists)
    expect(await world.database.tracks()).toHaveLength(songs)
  }, 180_000)

  test('memory partly answered: what it leads to is counted, not guessed', async () => {
    const world = await open(artists, songs)
    const { lookups } = world.database
    const options = { store: lookups, log: silent, version: '0.1.0', contact: 'ops@plays.fm', clock: world.clock }
    const all = (await planEnrichment({ ...options, ...more })).requests
    // A run that is cut in its middle leaves answers whose consequences nobody asked about.
    await world.run({ ...more, maxRequests: Math.ceil(all / 3) })
    const second = await runAsPlanned(world, more)
    expect(second.plan).toBeLessThanOrEqual(all)
    expect(second.sent).toBeGreaterThan(0)
    expect(await untilDone(world, more)).toBeLessThanOrEqual(1)
  }, 180_000)

  test('artists known by id: their songs are planned without asking who they are', async () => {
    const world = await open(artists, songs)
    await runAsPlanned(world, { ...more, scope: 'artists' })
    const rest = await runAsPlanned(world, { ...more, scope: 'tracks' })
    expect(rest.sent).toBeGreaterThan(0)
  }, 180_000)
})
