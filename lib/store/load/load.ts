import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { ColumnBatch } from '../engine/column-batch.ts'
import type { Dialect, Engine, Session, SharedStaging } from '../engine/types.ts'
import { waitUntilReachable } from '../engine/wait-until-reachable.ts'
import type { HeldLock } from '../lock/run-lock.ts'
import type { Db, NameDoubtsTable } from '../schema/database.ts'
import {
  allColumns,
  type ColumnShape,
  type LoadTable,
  loadTables,
  meaningColumns,
  quote,
  shapes,
  stagedShapes,
  type TableShape,
} from '../schema/tables.ts'
import { assertNamed, assertStaging, type Ledger, type LedgerInput } from './checks.ts'
import { type IdEvent, keepIds } from './keep-ids.ts'

/** One input of a run; bytes and checksum are not known of what Spark read by itself. */
export interface RunInput {
  readonly label: string
  readonly bytes?: number
  readonly sha256?: string
}

/** What `runs` keeps of a run besides its counts. */
export interface RunInfo {
  /** Unique; the lock must have been taken under the same name. */
  readonly runId: string
  /** As users know it: `job:aggregate`. */
  readonly job: string
  readonly startedAt: Date
  readonly inputs: readonly RunInput[]
  readonly versions: Readonly<Record<string, string>>
  /** Settings that shape the result, secrets left out. */
  readonly settings: Readonly<Record<string, unknown>>
}

export interface TableChange {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

export interface PublishResult {
  readonly changed: Readonly<Record<LoadTable, TableChange>>
  /** No row of any table differs from before. */
  readonly unchanged: boolean
  readonly ledger: Ledger
  /** Ids of artists and songs that changed their meaning. */
  readonly idEvents: readonly IdEvent[]
}

/** Two names that were joined on thin evidence or nearly joined. */
export type NameDoubt = Readonly<NameDoubtsTable>

export interface PublishInput extends LedgerInput {
  /** Milliseconds by stage, for `runs`. */
  readonly stagesMs?: Readonly<Record<string, number>>
  /** What `name_doubts` holds after this run. Default: nothing. */
  readonly doubts?: readonly NameDoubt[]
}

/** One load: staging tables that nobody else sees, then one transaction. */
export interface Load {
  /**
   * Appends batches to a table's staging; columns are matched by name, and there must be exactly those of the table
   * (without created_at and updated_at), but for what a play's names mean: `featured` and `version` come with `song_names`,
   * and `plays` come without these two and without clean names. Returns the rows. Only as many batches as are being written
   * are in memory.
   *
   * *Errors:* AppError `check` for null where the table has none.
   */
  write(table: LoadTable, batches: AsyncIterable<ColumnBatch>): Promise<number>
  /**
   * Has others fill a table's staging over connections of their own: Spark's executors. `fill` ends when they have; what
   * was written by then is what counts, each part once, however often a task was repeated. Returns the rows.
   *
   * *Errors:* those of `fill`; AppError `check` for a part that was written twice and differently.
   */
  writeByOthers(table: LoadTable, fill: (target: StagingTarget) => Promise<void>): Promise<number>
  /**
   * Makes the database equal to the staging tables, all of them in one transaction with the row in `runs`, after
   * asserting the ledger and the references between the tables. Every table must have been written, if only with no row.
   * With `append`, no play and no refused row of before goes: `checks.ts` says what staging holds then.
   * Rows that do not differ are not touched; `updated_at` moves only with the content. Look-up tables are not touched.
   * Artists and songs keep the ids that most of their plays had; ids that changed their meaning go to `id_events`.
   *
   * *Errors:* AppError `check` (nothing published), `locked` (the lock was lost), `database`.
   */
  publish(input: PublishInput): Promise<PublishResult>
  /** Drops the staging tables; with an error, the run is kept in `runs` as failed. Never throws, safe to call twice. */
  abandon(error?: unknown): Promise<void>
}

/** Where others write the rows of a table to. */
export interface StagingTarget extends Pick<SharedStaging, 'table' | 'partColumn'> {
  readonly columns: readonly ColumnShape[]
}

export interface LoadContext {
  readonly engine: Engine
  readonly lock: HeldLock
  readonly clock: () => Date
  readonly log: Logger
  /** Called at every step of a publish, for tests that end the process there. */
  readonly onStep: (step: string) => void
  /** How long a database that went away is waited for. */
  readonly waitMs: number
}

const allShapes = loadTables.map((name) => shapes[name])
const nothing: TableChange = { inserted: 0, updated: 0, deleted: 0 }

/** Whether a load was published is worth some seconds, also where nobody wants to wait for the database. */
export const minLookMs = 5_000

/** Makes the staging tables of a run, after dropping those that dead runs left. */
export async function startLoad(context: LoadContext, run: RunInfo): Promise<Load> {
  const { engine, lock, clock, log, onStep, waitMs } = context
  const { session } = lock
  if (lock.released || lock.runId !== run.runId) throw new Error('a load needs the run lock, under the same run id')
  await lock.assertHeld(session.db)
  await session.staging.create(stagingSuffix(run.runId), Object.values(stagedShapes))
  const written = new Map<LoadTable, number>()
  let state: 'open' | 'ended' = 'open'

  const insertRun = async (db: Db, fields: RunFields) => {
    // A run that begins again, after its Spark or its database was lost, has failed before.
    await db.deleteFrom('runs').where('run_id', '=', run.runId).where('outcome', '=', 'failed').execute()
    await db
      .insertInto('runs')
      .values({
        run_id: run.runId,
        job: run.job,
        started_at: run.startedAt.toISOString(),
        finished_at: clock().toISOString(),
        inputs: JSON.stringify(run.inputs),
        versions: JSON.stringify(run.versions),
        settings: JSON.stringify(run.settings),
        ...fields,
      })
      .execute()
  }

  const publishOnce = async (db: Db, input: PublishInput): Promise<PublishResult> => {
    onStep('transaction begun')
    await lock.assertHeld(db)
    const idEvents = await keepIds(engine.dialect, session, db)
    onStep('ids kept')
    const ledger = await assertStaging(session, db, input)
    onStep('checks done')
    const now = clock().toISOString()
    const changed = {} as Record<LoadTable, TableChange>
    for (const shape of allShapes) {
      // SQLite's statements never wait; this lets signals and the progress line have their turn.
      await setImmediate()
      const keep = input.append === true && shape.name === 'quarantined_plays'
      changed[shape.name] = await makeEqual(session, db, shape, {
        dialect: engine.dialect,
        staged: written.get(shape.name)!,
        keep,
        now,
        onStep,
      })
      if (input.append === true && shape.name === 'plays') assertNoneGone(changed.plays)
    }
    await replaceDoubts(db, input.doubts ?? [])
    await writeEvents(db, run.runId, now, idEvents)
    const unchanged = Object.values(changed).every((each) => each.inserted + each.updated + each.deleted === 0)
    await insertRun(db, {
      outcome: unchanged ? 'unchanged' : 'published',
      error: null,
      rows_in: ledger.rowsIn,
      plays: ledger.plays,
      quarantined: ledger.quarantined,
      duplicates: ledger.duplicates,
      repaired: ledger.repaired,
      changes: JSON.stringify(changed),
      stages_ms: JSON.stringify(input.stagesMs ?? {}),
    })
    onStep('run written')
    return { changed, unchanged, ledger, idEvents }
  }

  const isPublished = async (lost: unknown): Promise<boolean> => {
    try {
      return await waitUntilReachable(() => wasPublished(engine, session, run.runId), {
        waitMs: Math.max(waitMs, minLookMs),
      })
    } catch {
      throw new AppError('database', 'the database was lost while it confirmed the load', {
        place: engine.address,
        remedy: 'run again when it is back: the load is there or it is not, and the next one makes it right',
        cause: lost,
        published: 'unknown',
      })
    }
  }

  return {
    async write(table, batches) {
      if (state !== 'open') throw new Error('this load has ended')
      const started = performance.now()
      const rows = await session.staging.append(stagedShapes[table], checked(stagedShapes[table], batches))
      written.set(table, (written.get(table) ?? 0) + rows)
      log.debug('rows staged', { table, rows, ms: Math.round(performance.now() - started) })
      return rows
    },

    async writeByOthers(table, fill) {
      if (state !== 'open') throw new Error('this load has ended')
      if (session.staging.openForOthers === undefined) throw new Error('nobody else can write to this database')
      if (written.has(table)) throw new Error(`${table} was written before`)
      const started = performance.now()
      const shared = await session.staging.openForOthers(stagedShapes[table])
      await fill({ table: shared.table, partColumn: shared.partColumn, columns: stagedShapes[table].columns })
      const filledMs = performance.now()
      const rows = await shared.settle()
      written.set(table, rows)
      log.debug('rows staged by others', {
        table,
        rows,
        fillMs: Math.round(filledMs - started),
        settleMs: Math.round(performance.now() - filledMs),
      })
      return rows
    },

    async publish(input) {
      if (state !== 'open') throw new Error('this load has ended')
      const missing = loadTables.filter((table) => !written.has(table))
      if (missing.length > 0) throw new Error(`not written before publish: ${missing.join(', ')}`)
      const started = performance.now()
      for (const shape of allShapes) {
        await session.staging.finish(shape)
        onStep(`${shape.name} staged`)
      }
      const preparedMs = performance.now()
      const outcome: { result?: PublishResult } = {}
      try {
        await session.transaction(async (db) => {
          outcome.result = await publishOnce(db, input)
        })
      } catch (error) {
        // Where the answer to a commit was lost, only the database knows whether it happened; `runs` is part of it.
        if (outcome.result === undefined || !(await isPublished(error))) throw error
        log.warn('connection lost while the publish was confirmed; it is there', { run: run.runId })
      }
      state = 'ended'
      onStep('committed')
      const done = performance.now()
      await session.staging.drop().catch((error: unknown) => log.debug('staging not dropped', { error }))
      onStep('staging dropped')
      const result = outcome.result!
      if (!result.unchanged) await session.tidy().catch((error: unknown) => log.debug('not tidied', { error }))
      onStep('tidied')
      log.info(result.unchanged ? 'nothing changed' : 'published', {
        plays: result.ledger.plays,
        prepareMs: Math.round(preparedMs - started),
        publishMs: Math.round(done - preparedMs),
        tidyMs: Math.round(performance.now() - done),
      })
      return result
    },

    async abandon(error) {
      if (state === 'ended') return
      state = 'ended'
      await session.staging.drop().catch((cause: unknown) => log.debug('staging not dropped', { error: cause }))
      if (error === undefined) return
      const none = { rows_in: null, plays: null, quarantined: null, duplicates: null, repaired: null, changes: null }
      const message = (error instanceof Error ? error.message : String(error)).slice(0, 500)
      await session
        .transaction((db) => insertRun(db, { outcome: 'failed', error: message, ...none, stages_ms: '{}' }))
        .catch((cause: unknown) => log.debug('failed run not recorded', { error: cause }))
    },
  }
}

// So many parameters fit into a statement of either database.
const rowsPerStatement = 500

async function replaceDoubts(db: Db, doubts: readonly NameDoubt[]): Promise<void> {
  await db.deleteFrom('name_doubts').execute()
  for (let at = 0; at < doubts.length; at += rowsPerStatement) {
    await db
      .insertInto('name_doubts')
      .values(doubts.slice(at, at + rowsPerStatement))
      .execute()
  }
}

async function writeEvents(db: Db, runId: string, at: string, events: readonly IdEvent[]): Promise<void> {
  const rows = events.map(({ kind, level, id, into, name }) => ({
    run_id: runId,
    at,
    kind,
    level,
    id,
    into_id: into,
    name,
  }))
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    await db
      .insertInto('id_events')
      .values(rows.slice(from, from + rowsPerStatement))
      .execute()
  }
}

interface RunFields {
  readonly outcome: 'published' | 'unchanged' | 'failed'
  readonly error: string | null
  readonly rows_in: number | null
  readonly plays: number | null
  readonly quarantined: number | null
  readonly duplicates: number | null
  readonly repaired: number | null
  readonly changes: string | null
  readonly stages_ms: string
}

/**
 * Short enough for Postgres' 63 bytes with the longest table name, and safe as part of a file name. New for each load of a
 * run: executors of a Spark server that was lost may still write to the tables of the load before.
 */
function stagingSuffix(runId: string): string {
  const run = runId.toLowerCase().replace(/[^a-z0-9]/g, '')
  return run.slice(-20) + randomBytes(4).toString('hex')
}

/** The batches as they come, each checked to have exactly the table's columns: a renamed column must not become null. */
async function* checked(shape: TableShape, batches: AsyncIterable<ColumnBatch>): AsyncGenerator<ColumnBatch> {
  const wanted = shape.columns.map((column) => column.name)
  for await (const batch of batches) {
    const missing = wanted.filter((name) => !batch.names.includes(name))
    const unknown = batch.names.filter((name) => !wanted.includes(name))
    if (missing.length > 0 || unknown.length > 0) {
      throw new Error(`batch for ${shape.name}: missing columns [${missing}], unknown columns [${unknown}]`)
    }
    yield batch
  }
}

function duplicateKey(shape: TableShape, cause?: unknown): AppError {
  return new AppError('check', `two rows of ${shape.name} have the same ${shape.key.join(', ')}`, {
    place: 'staging tables of this run',
    remedy: 'please report it with the input',
    cause,
  })
}

async function wasPublished(engine: Engine, session: Session, runId: string): Promise<boolean> {
  // One that answers has come to the end of its commit.
  if (!(await session.isAlive()) && !(await engine.hasEnded(session)))
    throw new Error('the lost session may still commit')
  const row = await engine.db
    .selectFrom('runs')
    .select('run_id')
    .where('run_id', '=', runId)
    .where('outcome', '<>', 'failed')
    .executeTakeFirst()
  return row !== undefined
}

function assertNoneGone({ deleted }: TableChange): void {
  if (deleted === 0) return
  throw new AppError('check', `${deleted} plays of before are not among those that are to stay`, {
    place: 'staging tables of this run',
    remedy: 'please report it with the input',
  })
}

/** The staged rows with all columns of the table: plays get from `song_names` what their names mean. */
function stagedRows(session: Session, shape: TableShape): string {
  if (shape.name !== 'plays') return session.staging.table(shape)
  const meaning = meaningColumns.map((name) => `n.${quote(name)}`).join(', ')
  return `(select p.*, ${meaning} from ${session.staging.table(shape)} p
    join ${session.staging.table(shapes.song_names)} n on n.raw_artist = p.raw_artist and n.raw_song = p.raw_song)`
}

interface EqualOptions {
  readonly dialect: Dialect
  /** Rows in the staging table. */
  readonly staged: number
  /** Whether rows stay that are not staged. */
  readonly keep: boolean
  readonly now: string
  readonly onStep: (step: string) => void
}

/**
 * Makes a table equal to its staging: what is gone is deleted, what differs is updated, what is new is inserted.
 *
 * The keys are matched first, so that only the statements run that have something to do; a run that changes nothing
 * costs two passes and no write.
 */
async function makeEqual(
  session: Session,
  db: Db,
  shape: TableShape,
  { dialect, staged, keep, now, onStep }: EqualOptions,
): Promise<TableChange> {
  const target = sql.raw(quote(shape.name))
  const staging = sql.raw(session.staging.table(shape))
  const rows = sql.raw(stagedRows(session, shape))
  const own = shape.columns.map((column) => column.name)
  const values = own.filter((name) => !shape.key.includes(name))
  const list = (names: readonly string[], alias?: string) =>
    sql.raw(names.map((name) => (alias === undefined ? quote(name) : `${alias}.${quote(name)}`)).join(', '))
  const sameKey = sql.raw(shape.key.map((name) => `t.${quote(name)} = s.${quote(name)}`).join(' and '))
  const differs = sql`(${list(values, 't')}) is distinct from (${list(values, 's')})`

  const insert = (where: ReturnType<typeof sql>) => {
    const stamps = shape.stamped ? sql`, ${now}, ${now}` : sql``
    // In key order: the key's index is then appended to, and rows that are read in key order lie side by side.
    return sql`insert into ${target} (${list(allColumns(shape))})
      select ${list(own, 's')}${stamps} from ${rows} s ${where} order by ${list(shape.key, 's')}`
  }
  const step = async (name: string, statement: ReturnType<typeof sql>): Promise<number> => {
    onStep(`${shape.name} ${name}`)
    const { numAffectedRows } = await statement.execute(db).catch((error: unknown) => {
      throw dialect.isDuplicateKey(error) ? duplicateKey(shape, error) : error
    })
    onStep(`${shape.name} ${name} done`)
    return Number(numAffectedRows ?? 0)
  }

  const { rows: first } = await sql`select 1 from ${target} limit 1`.execute(db)
  if (first.length === 0) {
    if (staged === 0) return nothing
    const inserted = await step('fill', insert(sql``))
    if (inserted !== staged) await assertNamed(session, db)
    return { ...nothing, inserted }
  }

  // The staged keys in order, once each, walked along the table's index.
  const {
    rows: [counts],
  } = await sql<{ present: number; keys: number; matched: number }>`
    select (select count(*) from ${target}) as present, count(*) as keys, count(t.${sql.raw(quote(shape.key[0]!))}) as matched
    from (select ${list(shape.key)} from ${rows} r group by ${list(shape.key)}) s
    left join ${target} t on ${sameKey}`.execute(db)
  const { present, keys, matched } = counts!
  // Where the table is filled, its own key finds these; here a repeated row would hide one that is gone.
  if (keys !== staged) {
    await assertNamed(session, db)
    throw duplicateKey(shape)
  }
  const change = { inserted: 0, updated: 0, deleted: 0 }
  if (matched < present && !keep) {
    change.deleted = await step(
      'delete',
      sql`delete from ${target} as t where not exists (select 1 from ${staging} s where ${sameKey})`,
    )
  }
  if (matched > 0) {
    const stamp = shape.stamped ? sql`, updated_at = ${now}` : sql``
    const set = sql.raw(values.map((name) => `${quote(name)} = s.${quote(name)}`).join(', '))
    change.updated = await step(
      'update',
      sql`update ${target} as t set ${set}${stamp} from ${rows} s where ${sameKey} and ${differs}`,
    )
  }
  if (matched < staged) {
    change.inserted = await step('insert', insert(sql`where not exists (select 1 from ${target} t where ${sameKey})`))
  }
  return change
}
