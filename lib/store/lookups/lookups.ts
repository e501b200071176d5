import type { Insertable } from 'kysely'
import { AppError } from '../../errors.ts'
import { namesOf } from '../../model/columns.ts'
import { artistImageColumns } from '../../model/lookup-tables.ts'
import {
  type ArtistRow,
  type LookupRow,
  type LookupStore,
  type LookupTotals,
  type RunRecord,
  specialPurposeMbids,
  type TrackRow,
  type WorkArtist,
} from '../../model/lookups.ts'
import type { Dialect } from '../engine/types.ts'
import { dialectOf, kyselyOf } from '../kysely-of.ts'
import type { ReadOnlyStore } from '../read-only.ts'
import type { ArtistImagesTable, Db, Timestamp } from '../schema/database.ts'
import { endLease, renewLease, takeLease } from './lease.ts'
import { chunks, inWholeSizes, upsert } from './statements.ts'
import { type LookupSamples, lookupSamples, lookupTotals } from './summary.ts'
import { workList } from './work-list.ts'

/** Look-ups on one database, with what a job tells and asks about them. */
export interface Lookups extends LookupStore {
  /** MusicBrainz ids of artists by canonical name, where the match is sure enough to be evidence: see `artistImageColumns`. */
  artistMbids(): Promise<readonly { readonly artist: string; readonly mbid: string }[]>
  totals(): Promise<LookupTotals>
  samples(most: number): Promise<LookupSamples>
}

// A publish of millions of plays holds SQLite's write lock; an answer waits for it rather than get lost.
const busyTries = 24

/** The look-ups of an open store; where it is open for reading, only those that write nothing. */
export function openLookups(store: ReadOnlyStore, clock: () => Date = () => new Date()): Lookups {
  return new KyselyLookups(kyselyOf(store), dialectOf(store), clock)
}

class KyselyLookups implements Lookups {
  readonly #db: Db
  readonly #dialect: Dialect
  readonly #clock: () => Date
  /** Texts of statements that write rows, by table and number of rows. */
  readonly #upserts = new Map<string, string>()

  constructor(db: Db, dialect: Dialect, clock: () => Date) {
    this.#db = db
    this.#dialect = dialect
    this.#clock = clock
  }

  async *work(limit?: number): AsyncGenerator<readonly WorkArtist[]> {
    const pages = workList(this.#db, limit)
    for (;;) {
      const page = await this.#explained(() => pages.next())
      if (page.done === true) return
      yield page.value
    }
  }

  async lookup(kind: string, provider: string, keys: readonly string[]): Promise<readonly LookupRow[]> {
    if (keys.length === 0) return []
    return this.#explained(async () => {
      const rows = await this.#db
        .selectFrom('enrichment_lookup')
        .selectAll()
        .where('kind', '=', kind)
        .where('provider', '=', provider)
        .where('key', 'in', inWholeSizes(keys))
        .execute()
      return rows.map((row) => ({ ...row, outcome: row.outcome ?? 'transient', attempts: row.attempts ?? 0 }))
    })
  }

  async artistRow(artist: string): Promise<ArtistRow | null> {
    return this.#explained(async () => {
      const row = await this.#db
        .selectFrom('artist_images')
        .selectAll()
        .where('artist_clean', '=', artist)
        .executeTakeFirst()
      if (!row) return null
      const { created_at: _created, updated_at: _updated, ...rest } = row
      return rest
    })
  }

  async artistMbids() {
    return this.#explained(async () => {
      const rows = await this.#db
        .selectFrom('artist_images')
        .select(['artist_clean as artist', 'mbid'])
        .where('mbid', 'is not', null)
        .where('identity_status', '=', 'found')
        .where('ambiguous', '=', 0)
        .where('match_method', 'not like', '%:%')
        .where((eb) => eb.or([eb('match_score', '>=', 0.95), eb('match_method', 'like', '%titles')]))
        .where('mbid', 'not in', [...specialPurposeMbids])
        .orderBy('artist_clean')
        .execute()
      return rows.map(({ artist, mbid }) => ({ artist, mbid: mbid! }))
    })
  }

  async trackRows(artist: string): Promise<readonly TrackRow[]> {
    return this.#explained(() =>
      this.#db.selectFrom('track_info').selectAll().where('artist_clean', '=', artist).execute(),
    )
  }

  async save(changes: Parameters<Lookups['save']>[0]): Promise<void> {
    const { lookups = [], artists = [], tracks = [] } = changes
    if (lookups.length + artists.length + tracks.length === 0) return
    const texts = this.#upserts
    await this.#write(async (db) => {
      for (const rows of chunks(lookups, 512))
        await upsert(db, texts, 'enrichment_lookup', ['kind', 'key', 'provider'], rows)
      for (const rows of chunks(tracks, 256))
        await upsert(db, texts, 'track_info', ['artist_clean', 'song_clean'], rows)
      for (const rows of chunks(artists, 256)) {
        await upsert(db, texts, 'artist_images', ['artist_clean'], await this.#stamped(db, rows))
      }
    })
  }

  /** `updated_at` moves only when the content does. */
  async #stamped(db: Db, rows: readonly ArtistRow[]): Promise<Insertable<ArtistImagesTable>[]> {
    const known = await db
      .selectFrom('artist_images')
      .selectAll()
      .where(
        'artist_clean',
        'in',
        rows.map((row) => row.artist_clean),
      )
      .execute()
    const before = new Map(known.map((row) => [row.artist_clean, row]))
    const now = this.#clock().toISOString()
    return rows.map((row) => {
      const old = before.get(row.artist_clean)
      const same = old && contentColumns.every((column) => old[column] === row[column])
      return { ...row, created_at: old?.created_at ?? now, updated_at: same ? old.updated_at : now }
    })
  }

  async beginRun(run: RunRecord): Promise<void> {
    await this.#write((db) => takeLease(db, this.#dialect, run))
    // An answer must survive the process, not a power failure: not waiting for the disk after every response saves 8 ms of
    // 20 in a run without limits.
    await this.#durability('process')
  }

  async #durability(of: 'process' | 'machine'): Promise<void> {
    await this.#explained(async () => this.#dialect.durability(of)?.execute(this.#db))
  }

  async beat(id: string, now: Timestamp): Promise<boolean> {
    return this.#write((db) => renewLease(db, id, now))
  }

  async finishRun(id: string, now: Timestamp, counters: string, exit: string): Promise<void> {
    await this.#durability('machine')
    await this.#write((db) => endLease(db, id, now, counters, exit))
  }

  totals(): Promise<LookupTotals> {
    return this.#explained(() => lookupTotals(this.#db))
  }

  samples(most: number): Promise<LookupSamples> {
    return this.#explained(() => lookupSamples(this.#db, most))
  }

  async #write<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#explained(async () => {
      for (let tries = 1; ; tries++) {
        try {
          return await this.#db.transaction().execute((transaction) => work(transaction as unknown as Db))
        } catch (error) {
          if (!this.#dialect.isContention(error) || tries >= busyTries) throw error
          await new Promise((resolve) => setTimeout(resolve, 50 * tries))
        }
      }
    })
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof AppError) throw error
      const code = codeOf(error)
      if (code === undefined) throw error
      throw new AppError('database', `the lookups could not be read or written: ${(error as Error).message}`, {
        remedy: 'check that the database is reachable, writable and not full; every answer so far is kept',
        cause: error,
      })
    }
  }
}

const codeOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

// When and how a row was asked for: that alone does not move `updated_at`.
const askedColumns = [
  'providers_asked',
  'fetched_at',
  'expires_at',
  'attempts',
  'next_attempt_at',
  'last_error',
  'created_at',
  'updated_at',
] as const
type ContentColumn = Exclude<keyof typeof artistImageColumns, (typeof askedColumns)[number]>

const contentColumns = namesOf(artistImageColumns).filter(
  (name): name is ContentColumn => !(askedColumns as readonly string[]).includes(name),
)
