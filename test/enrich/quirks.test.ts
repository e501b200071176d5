import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { fastClock } from '../../lib/enrich/index.ts'
import { type Fault, type ServiceName, StubServer, serviceNames, stubKeys, TableWorld } from '../../lib/stubs/index.ts'
import { type Catalogue, startWorld, type World } from './harness.ts'

/*
 * One file per quirk of the services: a small catalogue, the answers in their real shapes (facts and names are made up), and
 * the rows that a whole run has to leave. What no recorded answer is for is answered by stubs of today's services.
 */

interface Answer {
  readonly service: ServiceName | 'deezer'
  /** Text of the address or body that the answer is for; default: every request. */
  readonly when?: string
  /** Only for requests about so many recordings or more. */
  readonly manyIds?: number
  /** Only the first so many requests. */
  readonly times?: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Instead of `body`: so many bytes. */
  readonly bytes?: number
  /** Instead of `body`: the pairs that were asked about, none of them matched. */
  readonly echoPairs?: boolean
}

interface Quirk {
  readonly quirk: string
  readonly source: string
  readonly catalogue: Catalogue
  readonly world?: ConstructorParameters<typeof TableWorld>[0]
  readonly keys?: readonly (keyof typeof stubKeys)[]
  readonly optional?: readonly string[]
  readonly answers?: readonly Answer[]
  /** Fields of the rows of acts and songs. */
  readonly artists?: Readonly<Record<string, object>>
  readonly songs?: Readonly<Record<string, object>>
  /** Requests that a service gets, retries included. */
  readonly requests?: Readonly<Record<string, number>>
  /** Runs until all of it is there, default 1: a plan of a few requests has little room for acts that are all odd. */
  readonly runs?: number
  /** Requests of a second run. */
  readonly again?: number
  /** Bounds of the time between a service's first two requests, ms. */
  readonly gaps?: Readonly<Record<string, readonly [number, number]>>
  readonly degraded?: readonly string[]
  /** Names whose ids the next `job:aggregate` may take as evidence. */
  readonly evidence?: readonly string[]
}

const folder = new URL('./quirks/', import.meta.url)
const quirks = readdirSync(folder).map((file) => {
  const quirk = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Quirk
  return [file.replace('.json', ''), quirk] as const
})

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Answers what its quirk recorded, and leaves everything else to the stub. */
function recorded(answers: readonly Answer[]): Fault {
  const given = new Map<Answer, number>()
  return (request) => {
    const text = `${decodeURIComponent(request.url.replace(/\+/g, ' '))} ${request.body}`
    const ids = (request.json as { recording_mbids?: string[] } | undefined)?.recording_mbids?.length ?? 0
    const answer = answers.find(
      (one) =>
        (given.get(one) ?? 0) < (one.times ?? Infinity) && text.includes(one.when ?? '') && ids >= (one.manyIds ?? 0),
    )
    if (answer === undefined) return undefined
    given.set(answer, (given.get(answer) ?? 0) + 1)
    const { status, headers, bytes, echoPairs } = answer
    const body = bytes ? Buffer.alloc(bytes, ' ') : echoPairs ? unmatched(request.json) : answer.body
    return { ...(status ? { status } : {}), ...(headers ? { headers } : {}), body }
  }
}

const unmatched = (asked: unknown) =>
  (asked as { recordings: { artist_name: string; recording_name: string }[] }).recordings.map((pair, index) => ({
    artist_name_arg: pair.artist_name,
    recording_name_arg: pair.recording_name,
    release_name_arg: null,
    index,
  }))

async function replay(quirk: Quirk) {
  const clock = fastClock(50, Date.UTC(2026, 10, 1))
  const stubs = { world: new TableWorld(quirk.world ?? {}), era: '2026' } as const
  const world: World = await startWorld({ catalogue: quirk.catalogue, stubs, clock })
  closing.push(() => world.close())
  const deezer = await new StubServer(() => ({ status: 500 }), clock).listen()
  closing.push(() => deezer.close())
  const servers = { ...world.stubs.servers, deezer }
  for (const service of [...serviceNames, 'deezer'] as const) {
    const answers = quirk.answers?.filter((one) => one.service === service) ?? []
    if (answers.length > 0) servers[service].fault = recorded(answers)
  }
  const options = {
    keys: Object.fromEntries((quirk.keys ?? []).map((name) => [name, stubKeys[name]])),
    optional: quirk.optional ?? [],
    bases: { ...world.stubs.bases, deezer: deezer.origin },
  }
  return { world, servers, run: () => world.run(options) }
}

describe('a whole run over recorded answers', () => {
  test.each(quirks)('%s', async (_, quirk) => {
    const { world, servers, run } = await replay(quirk)
    const result = await run()
    for (let more = 1; more < (quirk.runs ?? 1); more++) await run()
    const artists = Object.fromEntries((await world.database.artists()).map((row) => [row.artist_clean, row]))
    for (const [name, fields] of Object.entries(quirk.artists ?? {})) {
      expect({ name, ...artists[name] }).toMatchObject({ name, ...fields })
    }
    const songs = Object.fromEntries((await world.database.tracks()).map((row) => [row.song_clean, row]))
    for (const [title, fields] of Object.entries(quirk.songs ?? {})) {
      expect({ title, ...songs[title] }).toMatchObject({ title, ...fields })
    }
    for (const [service, count] of Object.entries(quirk.requests ?? {})) {
      expect({ service, requests: servers[service as ServiceName].seen.length }).toEqual({ service, requests: count })
    }
    for (const [service, [least, most]] of Object.entries(quirk.gaps ?? {})) {
      const [first = 0, second = 0] = servers[service as ServiceName].times
      expect(second - first).toBeGreaterThanOrEqual(least)
      expect(second - first).toBeLessThanOrEqual(most)
    }
    if (quirk.degraded) expect(result.degraded).toEqual(quirk.degraded)
    if (quirk.evidence) {
      expect((await world.database.lookups.artistMbids()).map((row) => row.artist)).toEqual(quirk.evidence)
    }
    if (quirk.again !== undefined) expect((await run()).requests).toBe(quirk.again)
  })
})

test.each(quirks)('%s says what is odd, where it is from, and checks something', (_, quirk) => {
  expect(quirk.quirk).toMatch(/\.$/)
  expect(quirk.source).not.toBe('')
  expect(Object.keys({ ...quirk.artists, ...quirk.songs }).length).toBeGreaterThan(0)
})
