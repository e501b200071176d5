import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { type EnrichOptions, type EnrichResult, planEnrichment, planText } from '../../lib/enrich/index.ts'
import { makePlan, type PlanCounts } from '../../lib/enrich/plan/plan.ts'
import { batchSizes } from '../../lib/enrich/requests/batch-sizes.ts'
import { serviceNamed } from '../../lib/enrich/services/list.ts'
import { silent } from '../../lib/log.ts'
import { MadeUpWorld, maxInWindow, type StubOptions, stubKey } from '../../lib/stubs/index.ts'
import {
  type Catalogue,
  listeningLog,
  madeUpCatalogue,
  startWorld,
  type World,
  watchLateness,
  withBoth,
  withKey,
  withToken,
} from './harness.ts'

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})
async function open(options: { catalogue: Catalogue; stubs?: StubOptions; speed?: number }): Promise<World> {
  const world = await startWorld(options)
  worlds.push(world)
  return world
}

const planOf = (world: World, more: Partial<EnrichOptions> = {}) =>
  planEnrichment({
    store: world.database.lookups,
    log: silent,
    version: '0.1.0',
    contact: 'ops@plays.fm',
    clock: world.clock,
    ...more,
  })

/** The fewest requests that a run with a token can make: each batch as full as its service takes it. */
function fewestRequests({ providers }: EnrichResult): number {
  const sizes: Readonly<Record<string, number>> = {
    pair: batchSizes.pairs,
    'recording-metadata': batchSizes.metadata,
    'artist-name': batchSizes.names,
    'artist-by-id': batchSizes.verify,
    'artist-search': batchSizes.unmatched,
    song: batchSizes.maxSongs,
    'song-wide': batchSizes.wide,
    'artist-image': batchSizes.items,
    'item-image': batchSizes.items,
    'artist-links': batchSizes.links,
    file: batchSizes.files,
  }
  const fewest = providers.map(({ kind, tally }) => Math.ceil((tally.asked - tally.cached) / (sizes[kind] ?? 1)))
  return fewest.reduce((sum, requests) => sum + requests, 0)
}

describe('475 artists and 1,600 songs', () => {
  const catalogue = madeUpCatalogue(475, 1_600)

  test.each([
    ['with a ListenBrainz token', '2026', 170, withToken],
    ['keyless', '2025', 280, {}],
    ['keyless', '2026', 280, {}],
  ] as const)(
    '%s, world %s: at most %d requests, the plan is kept and nearly used, a second run sends none',
    async (_, era, most, more) => {
      const world = await open({ catalogue, speed: 100, stubs: { era } })
      const plan = await planOf(world, more)
      expect(world.stubs.total()).toBe(0)
      const result = await world.run(more)
      const arrived = world.stubs.total()
      expect(arrived).toBe(result.requests)
      expect(arrived).toBeLessThanOrEqual(most)
      expect(plan.requests).toBeLessThanOrEqual(most)
      expect(arrived).toBeLessThanOrEqual(plan.requests)
      expect(arrived).toBeGreaterThanOrEqual(0.8 * plan.requests)
      for (const line of plan.lines) {
        const sent = result.limiters.find((limiter) => limiter.service === line.service)?.requests ?? 0
        const most = line.requests + plan.reserve
        expect({ service: line.service, kept: sent <= most, near: sent >= 0.75 * line.requests }).toEqual({
          service: line.service,
          kept: true,
          near: true,
        })
      }
      expect(result).toMatchObject({ end: 'done', left: 0, retries: 0 })
      if (more === withToken) expect(plan.requests).toBeLessThanOrEqual(1.2 * fewestRequests(result))
      expect(result.artists.found).toBeGreaterThanOrEqual(460)
      expect(result.images.found).toBeGreaterThanOrEqual(400)
      expect(result.tracks.found).toBeGreaterThanOrEqual(1_500)
      world.stubs.clear()
      expect((await planOf(world, more)).requests).toBe(0)
      expect(await world.run(more)).toMatchObject({ requests: 0, end: 'done' })
      expect(world.stubs.total()).toBe(0)
    },
    60_000,
  )

  test('with Last.fm for everything: 2,075 more, exactly', async () => {
    const world = await open({ catalogue: madeUpCatalogue(95, 320), speed: 100 })
    const plan = await planOf(world, withKey)
    await world.run(withKey)
    expect(plan.lines.find((line) => line.service === 'lastfm')?.requests).toBe(415)
    expect(world.stubs.servers.lastfm.seen).toHaveLength(415)
    expect(world.stubs.total()).toBeLessThanOrEqual(plan.requests)
    expect(world.stubs.total()).toBeGreaterThanOrEqual(0.8 * plan.requests)
    const rows = await world.database.artists()
    expect(rows.filter((row) => row.artist_lastfm !== null).length).toBeGreaterThan(85)
  }, 180_000)

  test('with Last.fm for gaps: artists, and the songs that lack something', async () => {
    const world = await open({ catalogue: madeUpCatalogue(95, 320), speed: 100 })
    const more = { ...withKey, listenerMode: 'gaps' as const }
    const plan = await planOf(world, more)
    await world.run(more)
    const asked = world.stubs.servers.lastfm.seen.map((one) => one.form.get('method'))
    expect(asked.filter((method) => method === 'artist.getInfo')).toHaveLength(95)
    expect(asked.length).toBeLessThan(95 + 0.15 * 320)
    expect(world.stubs.total()).toBeLessThanOrEqual(plan.requests)
    world.stubs.clear()
    await world.run(more)
    expect(world.stubs.total()).toBe(0)
  }, 180_000)

  test.each([
    ['keyless', {}],
    ['with a token', withToken],
  ] as const)(
    '%s in the hard world: at most a twentieth is left, and the second run finishes it',
    async (_, more) => {
      const world = await open({ catalogue: madeUpCatalogue(160, 540), speed: 150, stubs: { era: 'hard' } })
      const plan = await planOf(world, more)
      const result = await world.run(more)
      expect(result.requests - result.retries).toBeLessThanOrEqual(plan.requests)
      expect(result.left + result.tracks.transient).toBeLessThanOrEqual(0.05 * 540)
      const second = await world.run({ ...more, refresh: 'failed' })
      expect(second.left + second.tracks.transient + second.artists.transient).toBe(0)
      const tracks = await world.database.tracks()
      expect(tracks).toHaveLength(540)
      expect(tracks.filter((row) => row.status === 'found').length).toBeGreaterThanOrEqual(0.95 * 540 - 3)
    },
    90_000,
  )

  test('in a poor world the plan is kept all the same; what is over is left, and later runs finish it', async () => {
    const world = await open({
      catalogue: madeUpCatalogue(120, 400),
      speed: 200,
      stubs: {
        world: new MadeUpWorld({
          inItems: 0.3,
          pictured: 0.3,
          unknownSongs: 0.5,
          inLookup: 0.4,
          unknownArtists: 0.2,
        }),
      },
    })
    let runs = 0
    for (; runs < 12; runs++) {
      const plan = await planOf(world, withToken)
      if (plan.requests === 0) break
      const result = await world.run(withToken)
      expect(result.requests).toBeLessThanOrEqual(plan.requests)
      expect(result.artists.transient + result.tracks.transient).toBe(0)
    }
    expect(runs).toBeLessThan(8)
    expect(await world.database.tracks()).toHaveLength(400)
    expect(await world.database.artists()).toHaveLength(120)
  }, 180_000)
})

describe('the plan', () => {
  const counts = (artists: number, songs: number): PlanCounts => ({
    asked: { names: artists },
    voters: 0,
    pictures: artists,
    songs,
    guests: 0,
    medleys: 0,
    lookup: false,
    smallRun: artists <= 25,
    dueArtists: artists,
    dueSongs: songs,
    optIn: [],
  })

  test('keyless: at most an eighth of a request per song and artist, and 60', () => {
    for (const artists of [1, 2, 7, 10, 40, 100, 475, 1_000, 3_333, 10_000, 200_000]) {
      for (const perArtist of [0, 1, 2, 3.4, 10, 50]) {
        const songs = Math.round(artists * perArtist)
        const { requests } = makePlan(counts(artists, songs), true)
        expect({ artists, songs, ok: requests <= songs / 8 + artists / 8 + 60 }).toEqual({ artists, songs, ok: true })
      }
    }
  })

  test('fault 41: --dry-run shows a line per service with its time, and the total last; it needs no contact', async () => {
    const world = await open({ catalogue: madeUpCatalogue(20, 60) })
    const plan = await planOf(world, { contact: undefined, keys: { lastfm: stubKey } })
    expect(world.stubs.total()).toBe(0)
    const lines = planText(plan, 20).split('\n')
    expect(lines.map((line) => line.split(/\s{2,}/)[0])).toEqual([
      'ListenBrainz',
      'Wikidata query',
      'MusicBrainz',
      'Wikimedia',
      'Last.fm',
      'in reserve',
      expect.stringMatching(/^all at once: about /),
      expect.stringMatching(/^expected: \d+ to \d+ requests, and up to \d+ retries where services are busy$/),
      `total requests: ${plan.requests}`,
    ])
    expect(plan.requests).toBe(plan.lines.reduce((sum, line) => sum + line.requests, plan.reserve))
    // 80 requests at 220 ms.
    expect(plan.lines.find((line) => line.service === 'lastfm')).toMatchObject({ requests: 80, ms: 17_600 })
  })

  test('after 5,000 entities Last.fm is asked for gaps only, and the log says so', async () => {
    const world = await open({ catalogue: madeUpCatalogue(1_001, 4_000) })
    const log = listeningLog()
    const plan = await planOf(world, { ...withKey, log })
    expect(log.lines.map((line) => line.message)).toEqual(['Last.fm is asked for gaps only'])
    expect(plan.lines.find((line) => line.service === 'lastfm')?.requests).toBe(1_001 + 600)
    const all = await planOf(world, { ...withKey, listenerMode: 'all', log })
    expect(all.lines.find((line) => line.service === 'lastfm')?.requests).toBe(5_001)
  })
})

describe('pace at the documented limits, on the machine’s own clock', () => {
  // The stubs log arrivals, and a machine that stalls bunches what was sent at the right pace.
  jest.retryTimes(2, { logErrorsBeforeRetry: true })

  test('no sliding window above any limit, retries included, and within 10 % of the slowest limiter', async () => {
    const world = await open({ catalogue: madeUpCatalogue(60, 64), speed: 1 })
    const { musicbrainz, listenbrainz, wikidataQuery, wikidata, commons, lastfm } = world.stubs.servers
    lastfm.fault = (_, nth) => (nth % 25 === 0 ? { status: 500, body: '{"error":8,"message":"x"}' } : undefined)
    const lateness = watchLateness(1)
    const result = await world.run({ ...withBoth })
    const late = Math.max(50, lateness())
    const within = (ms: number) => Math.max(1, ms - late)
    expect(maxInWindow(musicbrainz.times, within(1_000))).toBe(1)
    expect(maxInWindow(musicbrainz.times, within(10_000))).toBeLessThanOrEqual(10)
    expect(maxInWindow(lastfm.times, within(1_000))).toBeLessThanOrEqual(5)
    expect(maxInWindow(listenbrainz.times, within(10_000))).toBeLessThanOrEqual(30)
    expect(maxInWindow(wikidataQuery.times, within(1_000))).toBe(1)
    expect(maxInWindow([...commons.times, ...wikidata.times], within(180_000))).toBeLessThanOrEqual(150)
    expect([musicbrainz.maxInFlight, wikidataQuery.maxInFlight]).toEqual([1, 1])
    expect(lastfm.maxInFlight).toBeLessThanOrEqual(4)
    expect(commons.maxInFlight).toBeLessThanOrEqual(2)
    for (const server of Object.values(world.stubs.servers)) {
      for (const one of server.seen)
        expect(one.headers['user-agent']).toMatch(/^radio-plays\/0\.1\.0 \( ops@plays\.fm \) axios\/1\./)
    }
    const limiter = result.limiters.find((one) => one.service === 'lastfm')!
    expect(limiter.requests).toBeGreaterThan(124)
    expect(result.elapsedMs).toBeLessThanOrEqual(
      1.1 * limiter.requests * serviceNamed('lastfm').limit.limits.minTimeMs + 2_500 + late * 10,
    )
  }, 90_000)

  test('without a contact all of Wikimedia gets eight requests a minute, and the log says what a contact gains', async () => {
    const world = await open({ catalogue: madeUpCatalogue(170, 170), speed: 30 })
    const log = listeningLog()
    const lateness = watchLateness(30)
    await world.run({ contact: undefined, homepage: 'https://plays.fm/about', log })
    const late = Math.max(3_000, lateness())
    const { commons, wikidata, wikidataQuery } = world.stubs.servers
    const together = [...commons.times, ...wikidata.times, ...wikidataQuery.times].sort((a, b) => a - b)
    expect(together.length).toBeGreaterThanOrEqual(9)
    expect(maxInWindow(together, Math.max(1, 60_000 - late))).toBeLessThanOrEqual(8)
    expect(log.lines.some((line) => line.message.includes('ENRICH_CONTACT'))).toBe(true)
    expect(commons.seen[0]!.headers['user-agent']).toMatch(
      /^radio-plays\/0\.1\.0 \( operator not given; https:\/\/plays\.fm\/about \) axios/,
    )
  }, 180_000)
})
