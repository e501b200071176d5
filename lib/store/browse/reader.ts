import { type Selectable, sql } from 'kysely'
import { noActs } from '../../model/no-act.ts'
import type { ColumnBatch } from '../engine/column-batch.ts'
import type { QueryResult, Snapshot } from '../engine/types.ts'
import { rememberKysely } from '../kysely-of.ts'
import type { OwnTable } from '../own/own-table.ts'
import type { RunsTable } from '../schema/database.ts'
import { type RelationShape, relationNames, relations, selectAll, stored } from '../schema/relations.ts'

/** What a run did, as it stands in `runs`. */
export type RunRecord = Readonly<Selectable<RunsTable>>

/** The totals of the database. */
export interface Totals {
  readonly plays: number
  readonly repaired: number
  readonly quarantined: number
  readonly stations: number
  readonly artists: number
  readonly songs: number
  /** Seconds since 1970, UTC; null without plays. */
  readonly firstPlayUnix: number | null
  readonly lastPlayUnix: number | null
}

/** Which columns are streamed, and how many rows at a time. */
export interface StreamOptions {
  /** Default: all, in the order of the relation. */
  readonly columns?: readonly string[]
  /** Default: 2,000. Memory is in proportion to it and to nothing else. */
  readonly batchRows?: number
}

/** Reads one frozen state of the database; everything asked of one reader belongs together. */
export interface Reader {
  /** What can be read: the relations of the product, then the tables of one's own jobs. */
  readonly names: readonly string[]
  /** The tables of one's own jobs. */
  readonly own: readonly OwnTable[]
  /** The newest run whose tables these are (`published` or `unchanged`); null: none yet. */
  lastRun(): Promise<RunRecord | null>
  /** How many runs have changed these tables, and the newest of them; null: none yet. */
  publishes(): Promise<{ readonly publishes: number; readonly lastRunId: string | null }>
  /** Rows of these relations, default all. *Cost:* a scan of an index each. */
  counts<Name extends string = string>(names?: readonly Name[]): Promise<Readonly<Record<Name, number>>>
  totals(): Promise<Totals>
  /** Refused rows by reason, most frequent first, then by reason. */
  quarantineReasons(limit?: number): Promise<readonly { readonly reason: string; readonly rows: number }[]>
  /** Most played first, then by name. */
  topArtists(limit?: number): Promise<readonly { readonly artist: string; readonly plays: number }[]>
  /** Names and order of a relation. *Errors:* if there is none of that name. */
  shape(relation: string): RelationShape
  columns(relation: string): readonly string[]
  /**
   * A relation in its fixed order, the same in both databases, by batches of columns. Integers are bigint, exactly; text
   * is string, doubles are number. It is what exports read, and what a run that appends gives back to Spark as old plays.
   */
  batches(relation: string, options?: StreamOptions): AsyncGenerator<ColumnBatch, void, undefined>
  /** The same row by row. */
  rows(relation: string, options?: StreamOptions): AsyncGenerator<Record<string, unknown>, void, undefined>
  /**
   * One statement of a person, at most `maxRows` rows (default 1,000); `more` says that there were more. The connection
   * refuses to write. It has no time limit: whoever offers it to people runs it in a thread that can be ended.
   */
  query(text: string, options?: { readonly maxRows?: number }): Promise<QueryResult>
}

export function readerOn(snapshot: Snapshot, own: readonly OwnTable[]): Reader {
  const reader = new SnapshotReader(snapshot, own)
  rememberKysely(reader, snapshot)
  return reader
}

class SnapshotReader implements Reader {
  readonly own: readonly OwnTable[]
  readonly #snapshot: Snapshot

  constructor(snapshot: Snapshot, own: readonly OwnTable[]) {
    this.#snapshot = snapshot
    this.own = own
  }

  get names(): readonly string[] {
    return [...relationNames, ...this.own.map(({ name }) => name)]
  }

  async lastRun(): Promise<RunRecord | null> {
    const row = await this.#loads('published', 'unchanged').selectAll().limit(1).executeTakeFirst()
    return row ?? null
  }

  async publishes() {
    const rows = await this.#loads('published').select('run_id').execute()
    return { publishes: rows.length, lastRunId: rows[0]?.run_id ?? null }
  }

  /** The runs of the main job that ended so, newest first. */
  #loads(...outcomes: readonly RunRecord['outcome'][]) {
    return (
      this.#snapshot.db
        .selectFrom('runs')
        .where('outcome', 'in', outcomes)
        // Jobs of one's own load no plays.
        .where('job', 'not in', (e) => e.selectFrom('own_tables').select('job'))
        .where('job', 'not in', (e) => e.selectFrom('data_checks').select('job'))
        .orderBy('started_at', 'desc')
        .orderBy('run_id', 'desc')
    )
  }

  async counts<Name extends string>(names: readonly Name[] = this.names as readonly Name[]) {
    const each = names.map(
      (name) => sql`(select count(*) from ${sql.table(this.shape(name).rowPer ?? name)}) as ${sql.ref(name)}`,
    )
    const { rows } = await sql<Record<Name, number>>`select ${sql.join(each)}`.execute(this.#snapshot.db)
    return rows[0]!
  }

  async totals(): Promise<Totals> {
    const { rows } = await sql<Totals>`select
      (select count(*) from plays) as ${sql.ref('plays')},
      (select coalesce(sum(repaired), 0) from plays) as ${sql.ref('repaired')},
      (select count(*) from quarantined_plays) as ${sql.ref('quarantined')},
      (select count(*) from stations) as ${sql.ref('stations')},
      (select count(*) from artists) as ${sql.ref('artists')},
      (select count(*) from songs) as ${sql.ref('songs')},
      (select min(first_play_unix) from stations) as ${sql.ref('firstPlayUnix')},
      (select max(last_play_unix) from stations) as ${sql.ref('lastPlayUnix')}`.execute(this.#snapshot.db)
    return rows[0]!
  }

  quarantineReasons(limit = 10) {
    return this.#snapshot.db
      .selectFrom('quarantined_plays')
      .select((e) => ['reason', e.fn.countAll<number>().as('rows')])
      .groupBy('reason')
      .orderBy('rows', 'desc')
      .orderBy('reason')
      .limit(limit)
      .execute()
  }

  topArtists(limit = 10) {
    return this.#snapshot.db
      .selectFrom('distinct_artists')
      .select(['artist_name as artist', 'play_count as plays'])
      .where(sql`lower(artist_name)`, 'not in', noActs)
      .orderBy('play_count', 'desc')
      .orderBy('artist_name')
      .orderBy('artist_clean')
      .limit(limit)
      .execute()
  }

  shape(relation: string): RelationShape {
    const known = Object.hasOwn(relations, relation) ? relations[relation as keyof typeof relations] : undefined
    const own = this.own.find(({ name }) => name === relation)
    if (known === undefined && own === undefined) throw new Error(`there is no relation ${relation}`)
    return known ?? stored(own!)
  }

  columns(relation: string): readonly string[] {
    return this.shape(relation).columns
  }

  batches(relation: string, options: StreamOptions = {}): AsyncGenerator<ColumnBatch, void, undefined> {
    const shape = this.shape(relation)
    const columns = options.columns ?? shape.columns
    return this.#snapshot.stream(selectAll(relation, shape, columns), columns, options.batchRows ?? 2_000)
  }

  async *rows(relation: string, options?: StreamOptions): AsyncGenerator<Record<string, unknown>, void, undefined> {
    for await (const { numRows, names, columns } of this.batches(relation, options)) {
      for (let row = 0; row < numRows; row += 1) {
        const record: Record<string, unknown> = {}
        for (let c = 0; c < names.length; c += 1) record[names[c]!] = columns[c]![row]
        yield record
      }
    }
  }

  query(text: string, options: { readonly maxRows?: number } = {}): Promise<QueryResult> {
    return this.#snapshot.query(text, options.maxRows ?? 1_000)
  }
}
