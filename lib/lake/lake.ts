import type { Settings } from '../config.ts'
import { AppError } from '../errors.ts'
import { readTable } from '../load/index.ts'
import type { Logger } from '../log.ts'
import type { LakeFacts } from '../model/run-facts.ts'
import type { Stage, Stages } from '../model/stage.ts'
import type { SparkServer } from '../spark/index.ts'
import type { ReadOnlyStore } from '../store/index.ts'
import { shellWord } from '../terminal.ts'
import { deltaTables } from './delta.ts'
import type { LakeFormat, LakeVersion } from './format.ts'
import { lakeTables, useLakeTypes, writeLakeTable } from './lake-tables.ts'
import { type LakePlace, lakePlace } from './place.ts'
import { parquetInSlots } from './versions.ts'

/** The run that writes a lake. */
export interface LakeRun {
  readonly settings: Pick<Settings, 'lake' | 'lakeFormat'>
  readonly log: Logger
  readonly progress: Stages
  readonly signal: AbortSignal
}

/** What the tables of a database are: the newest run that changed them, and how many did so far. */
export type PublishedState = Pick<LakeVersion, 'run_id' | 'publishes'>

/** *Errors:* AppError `usage` if nothing was published yet. */
export async function publishedState(store: ReadOnlyStore): Promise<PublishedState> {
  const last = await store.lastRun()
  const { lastRunId, publishes } = await store.snapshot((reader) => reader.publishes())
  // A load without a play has changed nothing.
  if (last !== null) return { run_id: lastRunId ?? last.run_id, publishes }
  throw new AppError('usage', 'the database has no plays to write to a lake', {
    place: store.address,
    remedy: 'load some first: npm run job:aggregate',
  })
}

/** Whether a version holds what the database holds. */
export const isOf = (version: LakeVersion | undefined, state: PublishedState): version is LakeVersion =>
  version?.run_id === state.run_id && version.publishes === state.publishes

/** What a run says of a version. */
export const lakeFacts = (place: LakePlace, version: LakeVersion, written: boolean): LakeFacts => ({
  ...{ address: place.shown, version: version.version, slot: version.slot, written },
})

const formatOf = ({ settings }: LakeRun): LakeFormat => (settings.lakeFormat === 'delta' ? deltaTables : parquetInSlots)

/** A lake that can be written. */
export class Lake {
  readonly #place: LakePlace
  readonly #format: LakeFormat
  readonly #server: SparkServer
  readonly #run: LakeRun
  readonly #current: LakeVersion | undefined

  private constructor(place: LakePlace, server: SparkServer, run: LakeRun, current: LakeVersion | undefined) {
    this.#place = place
    this.#format = formatOf(run)
    this.#server = server
    this.#run = run
    this.#current = current
  }

  /**
   * Opens the lake that the settings name, before the work whose tables it is to get: an address that Spark cannot write fails
   * here. undefined where the settings name none.
   *
   * *Errors:* AppError `usage` for a folder that the server does not see; those of Spark.
   */
  static async open(server: SparkServer, run: LakeRun): Promise<Lake | undefined> {
    if (run.settings.lake === undefined) return undefined
    const place = lakePlace(run.settings.lake)
    if (place.folder !== null && !server.readsLocalFiles) {
      throw new AppError('usage', `the Spark at ${server.address} cannot write folders of this machine`, {
        place: place.shown,
        remedy:
          'name an address that it can write, --lake s3a://BUCKET/lake, or --lake file:///FOLDER for a folder of its own',
      })
    }
    const format = formatOf(run)
    const current = await format.current(server.session, place.uri)
    await format.begin(server.session, place.uri, format.slotOf((current?.version ?? 0) + 1))
    return new Lake(place, server, run, current)
  }

  /** Writes the tables of a database as a new version, unless the current one has them. Nothing may be published meanwhile. */
  async write(
    store: ReadOnlyStore,
    { always = false }: { readonly always?: boolean | undefined } = {},
  ): Promise<LakeFacts> {
    const state = await publishedState(store)
    if (!always && isOf(this.#current, state)) return lakeFacts(this.#place, this.#current, false)
    if (this.#current !== undefined && this.#current.database !== store.address) {
      this.#run.log.warn('the lake was written from another database', {
        before: this.#current.database,
        now: store.address,
      })
    }
    return await this.#run.progress.stage('lake', (stage) => this.#writeVersion(store, state, stage))
  }

  async #writeVersion(store: ReadOnlyStore, state: PublishedState, stage: Stage): Promise<LakeFacts> {
    const { session } = this.#server
    const { signal } = this.#run
    const { uri } = this.#place
    const number = (this.#current?.version ?? 0) + 1
    const format = this.#format
    const slot = format.slotOf(number)
    await useLakeTypes(session)
    const counts = await store.snapshot((reader) => reader.counts(lakeTables))
    for (const table of lakeTables) {
      stage.note(table)
      const frame = await readTable(store, this.#server, table, { stage, signal })
      await writeLakeTable(session, {
        table,
        frame,
        path: `${uri}/${slot}/${table}`,
        rows: Number(counts[table]),
        format: format.name,
      })
      signal.throwIfAborted()
    }
    const tables = lakeTables.map((name) => ({ name, rows: Number(counts[name]) }))
    const version = {
      version: number,
      slot,
      ...state,
      database: store.address,
      written_at: new Date().toISOString(),
      tables,
    }
    await format.complete(session, uri, version)
    return lakeFacts(this.#place, version, true)
  }

  /**
   * The same after a load, whose plays are published whatever becomes of the lake.
   *
   * *Errors:* AppError that says so, and how to write the lake alone.
   */
  async writePublished(store: ReadOnlyStore): Promise<LakeFacts> {
    try {
      return await this.write(store)
    } catch (error) {
      const meaning = await this.#server.explain(error)
      const { aborted } = this.#run.signal
      if (!aborted && !(meaning instanceof AppError)) throw error
      const kind = meaning instanceof AppError ? meaning.kind : 'interrupted'
      const why = meaning instanceof AppError ? `: ${meaning.message}` : ''
      throw new AppError(kind, `the database is published, but the lake is as it was${why}`, {
        place: this.#place.shown,
        remedy: `write the lake alone, with the settings of this run: npm run lake -- --lake ${shellWord(this.#run.settings.lake!)}`,
        cause: error,
        published: 'yes',
      })
    }
  }
}
