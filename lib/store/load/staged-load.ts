import { randomBytes } from 'node:crypto'
import type { ColumnBatch } from '../engine/column-batch.ts'
import type { Session } from '../engine/types.ts'
import { type LoadTable, loadTables, shapes, stagedShapes, type TableShape } from '../schema/tables.ts'
import { commitRun } from './commit.ts'
import type { Load, LoadContext, PublishInput, PublishResult, RunInfo, StagingTarget } from './load.ts'
import { publishTables } from './publish-tables.ts'
import { recordFailedRun } from './run-record.ts'

/** Makes the staging tables of a run, after dropping those that dead runs left. */
export async function startLoad(context: LoadContext, run: RunInfo): Promise<Load> {
  const { lock } = context
  const { session } = lock
  if (lock.released || lock.runId !== run.runId) throw new Error('a load needs the run lock, under the same run id')
  await lock.assertHeld(session.db)
  await session.staging.create(stagingSuffix(run.runId), Object.values(stagedShapes))
  return new StagedLoad(context, run)
}

class StagedLoad implements Load {
  readonly #context: LoadContext
  readonly #session: Session
  readonly #run: RunInfo
  /** Rows by table that has been written. */
  readonly #staged = new Map<LoadTable, number>()
  #ended = false

  constructor(context: LoadContext, run: RunInfo) {
    this.#context = context
    this.#session = context.lock.session
    this.#run = run
  }

  async write(table: LoadTable, batches: AsyncIterable<ColumnBatch>): Promise<number> {
    this.#assertOpen()
    const started = performance.now()
    const rows = await this.#session.staging.append(stagedShapes[table], checked(stagedShapes[table], batches))
    this.#staged.set(table, (this.#staged.get(table) ?? 0) + rows)
    this.#context.log.debug('rows staged', { table, rows, ms: Math.round(performance.now() - started) })
    return rows
  }

  async writeByOthers(table: LoadTable, fill: (target: StagingTarget) => Promise<void>): Promise<number> {
    this.#assertOpen()
    const { staging } = this.#session
    if (staging.openForOthers === undefined) throw new Error('only this process can write to this database')
    if (this.#staged.has(table)) throw new Error(`${table} was written before`)
    const started = performance.now()
    const shared = await staging.openForOthers(stagedShapes[table])
    await fill({ table: shared.table, partColumn: shared.partColumn, columns: stagedShapes[table].columns })
    const filledMs = performance.now()
    const rows = await shared.settle()
    this.#staged.set(table, rows)
    this.#context.log.debug('rows staged by others', {
      table,
      rows,
      fillMs: Math.round(filledMs - started),
      settleMs: Math.round(performance.now() - filledMs),
    })
    return rows
  }

  async publish(input: PublishInput): Promise<PublishResult> {
    this.#assertOpen()
    const { log, onStep } = this.#context
    const missing = loadTables.filter((table) => !this.#staged.has(table))
    if (missing.length > 0) throw new Error(`not written before publish: ${missing.join(', ')}`)
    const started = performance.now()
    for (const table of loadTables) {
      await this.#session.staging.finish(shapes[table])
      onStep(`${table} staged`)
    }
    const preparedMs = performance.now()
    const result = await commitRun(this.#context, this.#run, (db) =>
      publishTables(this.#context, db, this.#run, this.#staged, input),
    )
    this.#ended = true
    onStep('committed')
    const done = performance.now()
    await this.#dropStaging()
    onStep('staging dropped')
    if (!result.unchanged) await this.#session.tidy().catch((error: unknown) => log.debug('not tidied', { error }))
    onStep('tidied')
    log.info(result.unchanged ? 'nothing changed' : 'published', {
      plays: result.ledger.plays,
      prepareMs: Math.round(preparedMs - started),
      publishMs: Math.round(done - preparedMs),
      tidyMs: Math.round(performance.now() - done),
    })
    return result
  }

  async abandon(error?: unknown): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    await this.#dropStaging()
    if (error === undefined) return
    await this.#session
      .transaction((db) => recordFailedRun(db, this.#run, this.#context.clock(), error))
      .catch((cause: unknown) => this.#context.log.debug('failed run not recorded', { error: cause }))
  }

  async #dropStaging(): Promise<void> {
    const { log } = this.#context
    await this.#session.staging.drop().catch((error: unknown) => log.debug('staging not dropped', { error }))
  }

  #assertOpen(): void {
    if (this.#ended) throw new Error('this load has ended')
  }
}

/**
 * Short enough for Postgres' 63 bytes with the longest table name, and safe as part of a file name. New for each load of a
 * run: executors of a Spark server that was lost may still write to the tables of the load before.
 */
export function stagingSuffix(runId: string): string {
  const run = runId.toLowerCase().replace(/[^a-z0-9]/g, '')
  return run.slice(-20) + randomBytes(4).toString('hex')
}

/** The batches as they come, each checked to have exactly the table's columns: a renamed column must not become null. */
export async function* checked(shape: TableShape, batches: AsyncIterable<ColumnBatch>): AsyncGenerator<ColumnBatch> {
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
