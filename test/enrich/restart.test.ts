import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { enrich } from '../../lib/enrich/index.ts'
import { silent } from '../../lib/log.ts'
import { openLookups } from '../../lib/store/index.ts'
import { lastfmError, type Stubs, startStubs, tooFast } from '../../lib/stubs/index.ts'
import {
  listeningLog,
  madeUpCatalogue,
  openDatabase,
  startWorld,
  type TestDatabase,
  withKey,
  withToken,
} from './harness.ts'

const root = new URL('../../', import.meta.url).pathname
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const over = (child: ChildProcess) =>
  new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  )

/** Rows without their times: what a run found out. */
async function facts(database: TestDatabase) {
  const timeless = (row: object) => Object.fromEntries(Object.entries(row).filter(([name]) => !/_at$/.test(name)))
  return {
    artists: (await database.artists()).map(timeless),
    tracks: (await database.tracks()).map(timeless),
  }
}

describe('a run that is killed', () => {
  test('fault 36: ten SIGKILLs at random moments: the same tables, and no answered question is asked again', async () => {
    const speed = 200
    const catalogue = madeUpCatalogue(120, 1_500)
    const undisturbed = await startWorld({ catalogue, speed })
    closing.push(() => undisturbed.close())
    await undisturbed.run()

    const stubs = await startStubs()
    closing.push(() => stubs.close())
    const database = await openDatabase(catalogue)
    closing.push(() => database.close())
    const origin = Date.now()
    const start = Date.UTC(2026, 10, 1)
    const run = () =>
      spawn(
        process.execPath,
        ['test/enrich/child.ts', JSON.stringify({ file: database.file, bases: stubs.bases, speed, origin, start })],
        {
          cwd: root,
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
    const answered = async () => {
      const rows = await database.memory()
      return new Set(
        rows
          .filter((row) => row.outcome === 'found' || row.outcome === 'not_found')
          // Searches come in lower case and without the artist's name, which is in the title of this catalogue.
          .map((row) => `${row.kind} ${(row.key.split('\u001f')[1] ?? row.key).toLowerCase()}`),
      )
    }
    const askedAgain = (known: ReadonlySet<string>) => keysAsked(stubs).filter((key) => known.has(key))
    let kills = 0
    // A run may end before it is killed; the first ten that do not are the ten moments.
    for (let round = 0; kills < 10 && round < 30; round++) {
      const known = await answered()
      const before = stubs.total()
      const child = run()
      const end = over(child)
      // From the first request on, at a moment between 0 and 200 ms: some of a run's two hundred requests.
      while (stubs.total() === before && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2))
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200))
      child.kill('SIGKILL')
      if ((await end).signal === 'SIGKILL') kills++
      expect(askedAgain(known)).toEqual([])
      expect(
        await database.db.selectFrom('enrichment_lookup').select('key').where('outcome', '=', 'transient').execute(),
      ).toEqual([])
      // The dead run's lease lasts a minute of its clock.
      await new Promise((resolve) => setTimeout(resolve, 61_000 / speed))
    }
    const known = await answered()
    for (const kind of ['song', 'artist-name', 'artist-by-id']) {
      expect([...known].filter((key) => key.startsWith(`${kind} `)).length).toBeGreaterThan(0)
    }
    const last = run()
    expect(await over(last)).toEqual({ code: 0, signal: null })
    expect(askedAgain(known)).toEqual([])
    expect(kills).toBe(10)
    expect(await facts(database)).toEqual(await facts(undisturbed.database))
    const runs = await database.db.selectFrom('enrichment_run').select('exit').orderBy('started_at').execute()
    expect(runs[runs.length - 1]!.exit).toBe('done')
    expect(runs.filter((one) => one.exit === 'abandoned').length).toBeGreaterThanOrEqual(9)
  }, 240_000)
})

/** What the services were asked since the last call, as kind and key of the memory; forgets it. */
function keysAsked(stubs: Stubs): string[] {
  const { musicbrainz, wikidataQuery, listenbrainz, commons } = stubs.servers
  const uuids = (text: string) => text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []
  const keys: string[] = []
  const add = (kind: string, all: Iterable<string>) => {
    for (const key of all) keys.push(`${kind} ${key.toLowerCase()}`)
  }
  for (const one of musicbrainz.seen.splice(0)) {
    const query = one.query.get('query') ?? ''
    if (one.path === '/ws/2/artist') add('artist-by-id', /^arid:/.test(query) ? uuids(query) : [])
    if (one.path === '/ws/2/url') add('artist-links', uuids(query))
    if (one.path === '/ws/2/recording') {
      add(
        // Only first searches leave concerts out; the others are in other words.
        query.includes('NOT secondarytype') ? 'song' : 'song-wide',
        [...query.matchAll(/"(song \d+ of \d+)"/g)].map(([, title = '']) => title),
      )
    }
  }
  for (const one of wikidataQuery.seen.splice(0)) {
    const query = one.form.get('query') ?? ''
    add(
      'artist-name',
      [...query.matchAll(/"([^"]+)"@en/g)].map(([, name = '']) => name),
    )
    if (/VALUES \?mbid/.test(query)) add('artist-image', uuids(query))
  }
  for (const one of listenbrainz.seen.splice(0)) add('recording-metadata', uuids(one.body))
  for (const one of commons.seen.splice(0)) {
    add(
      'file',
      (one.form.get('titles') ?? '').split('|').map((title) => title.replace(/^File:/, '')),
    )
  }
  return keys
}

describe('the job as a process', () => {
  async function start(more: Record<string, string> = {}, args: string[] = []) {
    const stubs = await startStubs()
    closing.push(() => stubs.close())
    const database = await openDatabase(madeUpCatalogue(30, 200))
    closing.push(() => database.close())
    const child = spawn(process.execPath, ['jobs/enrich.ts', ...args], {
      cwd: root,
      env: {
        ...process.env,
        ...stubs.environment,
        DATABASE_URL: `sqlite:${database.file}`,
        ENRICH_CONTACT: 'ops@plays.fm',
        LASTFM_API_KEY: '',
        LISTENBRAINZ_TOKEN: '',
        LOG_FORMAT: 'json',
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const out: string[] = []
    child.stdout.on('data', (data) => out.push(String(data)))
    child.stderr.on('data', (data) => out.push(String(data)))
    return { stubs, database, child, end: over(child), text: () => out.join('') }
  }

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s: ends with %d in seconds, every answer is kept',
    async (signal, code) => {
      const { stubs, database, child, end } = await start()
      while (stubs.servers.musicbrainz.seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 20))
      const asked = performance.now()
      child.kill(signal)
      expect(await end).toEqual({ code, signal: null })
      expect(performance.now() - asked).toBeLessThan(10_000)
      const songs = (await database.memory()).filter((row) => row.kind === 'song')
      expect(songs.length).toBeGreaterThanOrEqual(8)
      expect(songs.every((row) => row.outcome !== 'transient')).toBe(true)
      const [run] = await database.db.selectFrom('enrichment_run').selectAll().execute()
      expect(run).toMatchObject({ exit: 'stopped' })
      expect(run!.finished_at).not.toBeNull()
    },
    30_000,
  )

  test('fault 37: a second one exits with 75 and names the first', async () => {
    const { database, end, text } = await start()
    const now = new Date().toISOString()
    // Won by whoever comes first: here it is the test, before the child has opened the database.
    await database.db
      .insertInto('enrichment_run')
      .values({
        id: 'first',
        started_at: now,
        heartbeat_at: now,
        owner: 'otherhost:4711',
        finished_at: null,
        config_fingerprint: null,
        counters: null,
        exit: null,
      })
      .execute()
    expect((await end).code).toBe(75)
    expect(text()).toContain('another enrichment is running')
    expect(text()).toContain('otherhost:4711')
  }, 30_000)

  test('keys stand in no log, error, address or database, whatever the services do', async () => {
    const key = 'canary1lastfm0key2of3thirty4two5'
    const token = 'canary-listenbrainz-0123-token'
    const { stubs, database, end, text } = await start(
      { LASTFM_API_KEY: key, LISTENBRAINZ_TOKEN: token, LOG_LEVEL: 'debug' },
      ['--limit', '6'],
    )
    // Services that throw our own secrets back at us.
    stubs.servers.lastfm.fault = (_, nth) =>
      nth < 3 ? { body: `<html>key ${key}` } : lastfmError(10, `Invalid API key - ${key}`, 403)
    stubs.servers.listenbrainz.fault = (seen) =>
      seen.path.endsWith('/lookup/') ? { status: 401, body: { code: 401, error: `bad token ${token}` } } : undefined
    expect((await end).code).toBe(0)
    await database.db.executeQuery(database.db.selectFrom('enrichment_run').selectAll().compile())
    const stored = [database.file, `${database.file}-wal`].map((file) => {
      try {
        return readFileSync(file, 'latin1')
      } catch {
        return ''
      }
    })
    const addresses = Object.values(stubs.servers).flatMap((server) => server.seen.map((one) => one.url))
    expect(stubs.servers.lastfm.seen[0]!.form.get('api_key')).toBe(key)
    expect(stubs.servers.listenbrainz.seen[0]!.headers.authorization).toBe(`Token ${token}`)
    expect(text()).toContain('lastfm is off for this run')
    for (const place of [text(), ...stored, ...addresses]) {
      expect(place.includes(key)).toBe(false)
      expect(place.includes(token)).toBe(false)
    }
  }, 60_000)
})

describe('the lease', () => {
  test('fault 37: held by a live run, taken over from a dead one', async () => {
    const world = await startWorld({ catalogue: madeUpCatalogue(10, 30), speed: 20 })
    closing.push(() => world.close())
    const first = world.run()
    const other = {
      store: openLookups(world.database.store),
      log: silent,
      version: '0.1.0',
      bases: world.stubs.bases,
      clock: world.clock,
    }
    await expect(enrich(other)).rejects.toMatchObject({ kind: 'locked', exitCode: 75 })
    expect((await first).end).toBe('done')
    await world.database.db
      .insertInto('enrichment_run')
      .values({
        id: 'dead',
        started_at: null,
        heartbeat_at: new Date(world.clock.now() - 61_000).toISOString(),
        owner: 'x:1',
        finished_at: null,
        config_fingerprint: null,
        counters: null,
        exit: null,
      })
      .execute()
    expect((await enrich(other)).end).toBe('done')
    const dead = await world.database.db
      .selectFrom('enrichment_run')
      .selectAll()
      .where('id', '=', 'dead')
      .executeTakeFirst()
    expect(dead).toMatchObject({ exit: 'abandoned' })
  })

  test('a run whose lease was taken over stops asking', async () => {
    const world = await startWorld({ catalogue: madeUpCatalogue(200, 800), speed: 100 })
    closing.push(() => world.close())
    const log = listeningLog()
    const run = world.run({ log })
    while (world.stubs.total() < 5) await new Promise((resolve) => setTimeout(resolve, 5))
    await world.database.db.updateTable('enrichment_run').set({ finished_at: 'x', exit: 'abandoned' }).execute()
    await expect(run).rejects.toMatchObject({ kind: 'locked' })
    expect(world.stubs.total()).toBeLessThan(60)
    expect(log.lines.some((line) => line.level === 'error')).toBe(true)
  })
})

test('a run that is stopped, and one whose time is up, leave the rest to the next; nothing is asked twice', async () => {
  const world = await startWorld({ catalogue: madeUpCatalogue(60, 300), speed: 50 })
  closing.push(() => world.close())
  const cut = await world.run({ deadlineMs: 20_000 })
  expect(cut.end).toBe('partial')
  expect(cut.left).toBeGreaterThan(0)
  const stopping = new AbortController()
  const second = world.run({ signal: stopping.signal })
  const before = world.stubs.total()
  while (world.stubs.total() < before + 5) await new Promise((resolve) => setTimeout(resolve, 5))
  stopping.abort()
  expect((await second).end).toBe('stopped')
  const third = await world.run()
  expect(third.end).toBe('done')
  const songs = world.stubs.servers.musicbrainz.seen
    // First searches leave concerts out; what they do not bring is searched for once more, in other words.
    .filter((one) => one.path === '/ws/2/recording' && one.query.get('query')?.includes('NOT secondarytype'))
    .flatMap((one) => [...(one.query.get('query') ?? '').matchAll(/"(song \d+ of \d+)"/g)].map((match) => match[1]))
  expect(new Set(songs).size).toBe(songs.length)
  expect(songs).toHaveLength(300)
})

test('--max-requests holds, retries included', async () => {
  const world = await startWorld({ catalogue: madeUpCatalogue(60, 300), speed: 50 })
  closing.push(() => world.close())
  world.stubs.servers.musicbrainz.fault = (_, nth) => (nth % 3 === 0 ? { status: 502, body: '' } : undefined)
  const result = await world.run({ ...withKey, maxRequests: 40 })
  expect(world.stubs.total()).toBe(40)
  expect(result.requests).toBe(40)
  expect(result.end).toBe('partial')
})

test.each([
  ['keyless', {}],
  ['with a token', withToken],
])('%s, few requests bring the most played acts to their end, and nobody waits once they are used up', async (_, more) => {
  const world = await startWorld({ catalogue: madeUpCatalogue(60, 600), speed: 50 })
  closing.push(() => world.close())
  const began = world.clock.now()
  const result = await world.run({ ...more, maxRequests: 14 })
  expect(result).toMatchObject({ requests: 14, end: 'partial' })
  const known = (await world.database.artists()).filter((row) => row.identity_status === 'found')
  expect(known.map((row) => row.artist_clean)).toContain('Alpha Delta 0')
  expect(known.some((row) => row.image_status === 'found')).toBe(true)
  expect((await world.database.tracks()).length).toBeGreaterThan(20)
  expect(world.clock.now() - began).toBeLessThan(60_000)
})

test('a pause is not sat out once the last request is used, nor where it outlasts the deadline', async () => {
  const world = await startWorld({ catalogue: madeUpCatalogue(60, 600), speed: 30 })
  closing.push(() => world.close())
  world.stubs.servers.musicbrainz.fault = () => tooFast('290')
  for (const limits of [{ maxRequests: 8 }, { deadlineMs: 280_000 }]) {
    const began = world.clock.now()
    const result = await world.run({ ...withToken, ...limits })
    expect(result.end).toBe('partial')
    expect(world.clock.now() - began).toBeLessThan(200_000)
  }
})
