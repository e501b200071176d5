import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Clock, type EnrichOptions, type EnrichResult, enrich, fastClock } from '../../lib/enrich/index.ts'
import { type Logger, silent } from '../../lib/log.ts'
import { openLookups, openStore } from '../../lib/store/index.ts'
import { kyselyOf } from '../../lib/store/kysely-of.ts'
import type { ArtistImagesTable, Db, EnrichmentLookupTable, TrackInfoTable } from '../../lib/store/schema/database.ts'
import { type StubOptions, type Stubs, startStubs, stubKey, stubKeys, stubToken } from '../../lib/stubs/index.ts'

export type Catalogue = Readonly<Record<string, readonly string[]>>

/** A database with these artists and songs, in a folder of its own. */
export async function openDatabase(catalogue: Catalogue, at?: { readonly path?: string; readonly url?: string }) {
  const folder = at === undefined ? mkdtempSync(join(tmpdir(), 'enrich-')) : null
  const file = at?.path ?? join(folder ?? '', 'plays.db')
  const store = await openStore(at?.url ?? `sqlite:${file}`, { log: silent })
  const db: Db = kyselyOf(store)
  await fill(db, catalogue)
  return {
    file,
    store,
    db,
    lookups: openLookups(store),
    artists: () => db.selectFrom('artist_images').selectAll().orderBy('artist_clean').execute(),
    tracks: () => db.selectFrom('track_info').selectAll().orderBy('artist_clean').orderBy('song_clean').execute(),
    memory: () => db.selectFrom('enrichment_lookup').selectAll().orderBy('kind').orderBy('key').execute(),
    async close() {
      await store.close()
      if (folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type TestDatabase = Awaited<ReturnType<typeof openDatabase>>

async function fill(db: Db, catalogue: Catalogue): Promise<void> {
  const artists = Object.entries(catalogue)
  const seen = { stations: 1, first_play_unix: 1, last_play_unix: 2 }
  for (let at = 0; at < artists.length; at += 200) {
    const part = artists.slice(at, at + 200)
    await db
      .insertInto('artists')
      .values(
        part.map(([name, songs], i) => ({
          artist_id: `a${at + i}`,
          artist_clean: name,
          plays: 1_000_000 - at - i,
          songs: songs.length,
          ...seen,
        })),
      )
      .execute()
  }
  const songs = artists.flatMap(([artist, titles], i) => titles.map((song) => ({ artist, song, id: i })))
  for (let at = 0; at < songs.length; at += 500) {
    await db
      .insertInto('songs')
      .values(
        songs.slice(at, at + 500).map(({ artist, song, id }, i) => ({
          song_id: `s${at + i}`,
          artist_id: `a${id}`,
          artist_clean: artist,
          song_clean: song,
          plays: 1_000_000 - at - i,
          ...seen,
        })),
      )
      .execute()
  }
}

/** A made-up catalogue: `songs` titles spread over `artists` acts as in real logs, where half have two and some have many. */
export function madeUpCatalogue(artists: number, songs: number): Catalogue {
  const titles = Array.from({ length: artists }, () => 1)
  let left = songs - artists
  for (let round = 1; left > 0; round++) {
    for (let at = 0; at < artists && left > 0; at++) {
      // The first acts get most: act k takes part in every (k+1)-th round.
      if (round % (1 + Math.floor((at * 8) / artists)) === 0) {
        titles[at] = (titles[at] ?? 0) + 1
        left--
      }
    }
  }
  return Object.fromEntries(
    titles.map((many, at) => [
      `${words[at % words.length]} ${words[(at * 7 + 3) % words.length]} ${at}`,
      Array.from({ length: many }, (_, song) => `Song ${song + 1} of ${at}`),
    ]),
  )
}
const words = 'Alpha Bravo Crimson Delta Echo Foxtrot Golf Hotel India Juliet Kilo Lima Mike November Oscar Papa'.split(
  ' ',
)

export interface World {
  readonly stubs: Stubs
  readonly database: TestDatabase
  readonly clock: Clock
  run(options?: Partial<EnrichOptions>): Promise<EnrichResult>
  close(): Promise<void>
}

/** Stubs and a database on one clock that runs `speed` times as fast as the machine's (default 50). */
export async function startWorld(options: {
  readonly catalogue: Catalogue
  readonly stubs?: StubOptions
  readonly speed?: number
  readonly clock?: Clock
  /** A database of its own kind; default: a new SQLite file. */
  readonly url?: string
}): Promise<World> {
  const speed = options.speed ?? 50
  const clock = options.clock ?? fastClock(speed, Date.UTC(2026, 10, 1))
  const stubs = await startStubs({ clock, ...options.stubs })
  const database = await openDatabase(options.catalogue, options.url === undefined ? undefined : { url: options.url })
  return {
    stubs,
    database,
    clock,
    run: (more = {}) =>
      enrich({
        store: database.lookups,
        log: silent,
        version: '0.1.0',
        contact: 'ops@plays.fm',
        bases: stubs.bases,
        clock,
        random: () => 0.5,
        // Ten of the machine's seconds: on a fast clock a busy machine would look like a service that does not answer.
        timeoutMs: 10_000 * speed,
        ...more,
      }),
    async close() {
      await stubs.close()
      await database.close()
    },
  }
}

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: Record<string, unknown>
}

/** A logger that keeps what it is told. */
export function listeningLog(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      lines.push({ level, message, fields })
    }
  const log = { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log }
  return log
}

/** Limits that bind nobody, for tests of everything but pace. */
export const withToken = { keys: { listenbrainz: stubToken } } as const
export const withKey = { keys: { lastfm: stubKey } } as const
export const withBoth = { keys: stubKeys } as const
export type Row = ArtistImagesTable | TrackInfoTable | EnrichmentLookupTable

/**
 * How late this process may have noted what arrived, in ms of a clock that runs `speed` times as fast: client and stubs
 * share one event loop, and a busy machine holds it up. Windows and gaps are judged less that much.
 */
export function watchLateness(speed: number): () => number {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  return () => {
    delay.disable()
    return (delay.max / 1e6) * speed
  }
}
