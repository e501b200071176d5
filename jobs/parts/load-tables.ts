import type { DataFrame } from 'spark-connect-js'
import type { Stage } from '../../lib/progress.ts'
import { type ExecutorDatabase, type SparkServer, writeTable } from '../../lib/spark/index.ts'
import {
  type ColumnBatch,
  type Load,
  type LoadTable,
  loadTables as names,
  type PublishInput,
  type PublishResult,
  type RunInfo,
  type Store,
} from '../../lib/store/index.ts'
import { ahead } from './ahead.ts'

/** The frames of a run by table. */
// biome-ignore lint/suspicious/noExplicitAny: rows of any shape
export type TableFrames = Readonly<Record<LoadTable, DataFrame<any>>>

/** Tables whose rows are asked for already, by name. */
export type BegunTables = Partial<Record<LoadTable, AsyncIterable<ColumnBatch>>>

/**
 * Asks for the rows of tables that are ready before others: Spark computes them in the gaps that its other queries leave.
 * *Errors:* come when the rows are loaded.
 */
export function beginTables(frames: Partial<TableFrames>, signal: AbortSignal): BegunTables {
  return Object.fromEntries(
    Object.entries(frames).map(([name, frame]) => [name, ahead(frame.batches({ signal }))]),
  ) as BegunTables
}

export interface LoadOptions {
  /** Tables whose rows are on their way. Default: none. */
  readonly begun?: BegunTables | undefined
  readonly server: SparkServer
  /** Executors write to this by themselves; without it the rows come by way of this process. */
  readonly executors?: ExecutorDatabase | undefined
  readonly signal: AbortSignal
  /** Runs a stage of the progress line. */
  readonly stage: <T>(name: 'load' | 'publish', work: (stage: Stage) => Promise<T>) => Promise<T>
  /** What the publish is told besides, as late as possible. */
  readonly publishing: () => PublishInput
}

/** How often a database may drop us before we give up. */
const attempts = 3

/**
 * Makes the database equal to the frames: staged, then published in one transaction. Where the store was told to wait for
 * a database that is restarted or fails over meanwhile, the load then begins again.
 *
 * *Errors:* those of Spark and of the store; nothing was published then.
 */
export async function loadTables(
  store: Store,
  run: RunInfo,
  frames: TableFrames,
  options: LoadOptions,
): Promise<PublishResult> {
  let { begun } = options
  for (let attempt = 1; ; attempt++) {
    let load: Load | undefined
    try {
      const started = await store.startLoad(run)
      load = started
      await options.stage('load', (stage) => fillStaging(started, frames, { ...options, begun }, stage))
      return await options.stage('publish', () => started.publish(options.publishing()))
    } catch (error) {
      const again = !options.signal.aborted && attempt < attempts && (await store.recover(error, options.signal))
      await load?.abandon(again ? undefined : error)
      if (!again) throw error
      // Their rows are read.
      begun = {}
    }
  }
}

// Where a database takes one table after the other, the plays are the last: all are asked for at once, and a server gives up
// answers that wait for minutes while others are written.
const inOrder = [...names.filter((name) => name !== 'plays'), 'plays'] as const

async function fillStaging(load: Load, frames: TableFrames, options: LoadOptions, stage: Stage): Promise<void> {
  const { server, executors, begun = {} } = options
  if (executors !== undefined) {
    for (const name of names) {
      const rows = await load.writeByOthers(name, (target) =>
        writeTable(server.session, frames[name], executors, target, { signal: options.signal }),
      )
      stage.more(rows)
    }
    return
  }
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  // All at once: plays are written while Spark is still at the other tables.
  const results = inOrder.map((name) => [name, begun[name] ?? ahead(frames[name].batches({ signal }))] as const)
  await Promise.all(
    results.map(([name, batches]) =>
      load.write(name, counted(batches, stage.more)).catch((error: unknown) => failed.abort(error)),
    ),
  )
  if (failed.signal.aborted) throw failed.signal.reason
}

/** The same batches; `onRows` is told the rows of each when the next one is asked for. */
async function* counted<T extends { readonly numRows: number }>(
  batches: AsyncIterable<T>,
  onRows: (rows: number) => void,
): AsyncGenerator<T> {
  for await (const batch of batches) {
    yield batch
    onRows(batch.numRows)
  }
}
