import type { ColumnBatch } from '../engine/column-batch.ts'
import { commitRun } from '../load/commit.ts'
import type { LoadContext, RunInfo, TableChange } from '../load/load.ts'
import { makeEqual } from '../load/make-equal.ts'
import { recordFailedRun, recordRun } from '../load/run-record.ts'
import { checked, stagingSuffix } from '../load/staged-load.ts'
import type { Db } from '../schema/database.ts'
import { checkKeys } from './check-keys.ts'
import { type CheckResult, recordChecks } from './data-checks.ts'
import type { OwnTable } from './own-table.ts'
import { prepareOwnTable, saveOwnTables } from './registry.ts'

export interface OwnPublishInput {
  readonly checks: readonly CheckResult[]
  /** Milliseconds by stage, for `runs`. */
  readonly stagesMs: Readonly<Record<string, number>>
}

/** What a publish of own tables changed. */
export interface OwnPublishResult {
  /** By table. */
  readonly changed: Readonly<Record<string, TableChange>>
  readonly unchanged: boolean
}

/** A load of tables of one's own: staging that nobody else sees, then one transaction. */
export interface OwnLoad {
  /** Appends batches with exactly the table's columns, matched by name. Returns the rows. */
  write(table: string, batches: AsyncIterable<ColumnBatch>): Promise<number>
  /**
   * Makes the tables equal to their staging, all in one transaction with the rows in `runs` and `data_checks`; creates what
   * is missing and gives a table that is there the columns of its job.
   *
   * *Errors:* AppError `check` for rows without a key of their own, `usage` for a table of somebody else's, `locked`.
   */
  publish(input: OwnPublishInput): Promise<OwnPublishResult>
  /** Drops the staging tables. Never throws, safe to call twice. */
  drop(): Promise<void>
}

/** Makes the staging of these tables, after dropping what dead runs left. Needs the run lock, under the same run id. */
export async function startOwnLoad(context: LoadContext, run: RunInfo, tables: readonly OwnTable[]): Promise<OwnLoad> {
  const { lock } = context
  if (lock.released || lock.runId !== run.runId) throw new Error('a load needs the run lock, under the same run id')
  await lock.assertHeld(lock.session.db)
  // A null in a key is looked for afterwards, with examples.
  const staged = tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, nullable: true })),
  }))
  await lock.session.staging.create(stagingSuffix(run.runId), staged)
  return new StagedOwnLoad(context, run, tables)
}

class StagedOwnLoad implements OwnLoad {
  readonly #context: LoadContext
  readonly #run: RunInfo
  readonly #tables: readonly OwnTable[]
  readonly #staged = new Map<string, number>()

  constructor(context: LoadContext, run: RunInfo, tables: readonly OwnTable[]) {
    this.#context = context
    this.#run = run
    this.#tables = tables
  }

  async write(name: string, batches: AsyncIterable<ColumnBatch>): Promise<number> {
    const table = this.#tables.find((each) => each.name === name)
    if (table === undefined) throw new Error(`${name} is not a table of this load`)
    const rows = await this.#context.lock.session.staging.append(table, checked(table, batches))
    this.#staged.set(name, (this.#staged.get(name) ?? 0) + rows)
    return rows
  }

  async publish(input: OwnPublishInput): Promise<OwnPublishResult> {
    const { log, lock, engine } = this.#context
    for (const table of this.#tables) {
      await lock.session.staging.finish(table)
      await checkKeys(lock.session, table)
    }
    const result = await commitRun(this.#context, this.#run, (db) => this.#publishIn(db, input))
    await this.drop()
    await engine.prepareForReaders().catch((cause: unknown) => log.warn('readers have no rights yet', { cause }))
    if (!result.unchanged) await lock.session.tidy().catch((error: unknown) => log.debug('not tidied', { error }))
    return result
  }

  async #publishIn(db: Db, { checks, stagesMs }: OwnPublishInput): Promise<OwnPublishResult> {
    const { engine, lock, clock, log, onStep } = this.#context
    await lock.assertHeld(db)
    const now = clock().toISOString()
    const changed: Record<string, TableChange> = {}
    const tables: OwnTable[] = []
    for (const wanted of this.#tables) {
      const { done, table } = await prepareOwnTable(engine.dialect, db, wanted)
      if (done === 'widened' || done === 'remade') log.info(`${table.name} ${changeOfColumns[done]}`)
      const staged = this.#staged.get(table.name) ?? 0
      changed[table.name] = await makeEqual(lock.session, db, table, {
        ...{ dialect: engine.dialect, staged, keep: false, now, onStep },
      })
      tables.push(table)
    }
    await saveOwnTables(db, tables, { runId: this.#run.runId, now })
    await recordChecks(db, this.#run, now, checks)
    const unchanged = Object.values(changed).every((each) => each.inserted + each.updated + each.deleted === 0)
    await recordRun(db, this.#run, clock(), {
      outcome: unchanged ? 'unchanged' : 'published',
      error: null,
      ...noLines,
      changes: JSON.stringify(changed),
      stages_ms: JSON.stringify(stagesMs),
    })
    return { changed, unchanged }
  }

  async drop(): Promise<void> {
    const { lock, log } = this.#context
    await lock.session.staging.drop().catch((error: unknown) => log.debug('staging not dropped', { error }))
  }
}

/** It reads no log: the ledger that `runs` holds every published run to is 0 = 0 + 0 + 0. */
const noLines = { rows_in: 0, plays: 0, quarantined: 0, duplicates: 0, repaired: 0 }

const changeOfColumns = {
  widened: 'has new columns',
  remade: 'was made anew: its columns or its key have changed',
}

/** Keeps a run of one's own that failed in `runs`, with how its checks ended. Never throws. */
export async function recordFailedOwnRun(
  { lock, clock, log }: LoadContext,
  run: RunInfo,
  error: unknown,
  checks: readonly CheckResult[],
): Promise<void> {
  const write = async (db: Db) => {
    await recordFailedRun(db, run, clock(), error)
    await recordChecks(db, run, clock().toISOString(), checks)
  }
  await lock.session.transaction(write).catch((cause: unknown) => log.debug('failed run not recorded', { cause }))
}
