import type { DataFrame } from 'spark-connect-js'
import type { Stage } from '../../lib/progress.ts'
import { type ExecutorDatabase, type SparkServer, writeTable } from '../../lib/spark/index.ts'
import {
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

export interface LoadOptions {
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
  for (let attempt = 1; ; attempt++) {
    let load: Load | undefined
    try {
      load = await store.startLoad(run)
      const begun = load
      await options.stage('load', (stage) => fillStaging(begun, frames, options, stage))
      return await options.stage('publish', () => begun.publish(options.publishing()))
    } catch (error) {
      const again = !options.signal.aborted && attempt < attempts && (await store.recover(error, options.signal))
      await load?.abandon(again ? undefined : error)
      if (!again) throw error
    }
  }
}

async function fillStaging(load: Load, frames: TableFrames, options: LoadOptions, stage: Stage): Promise<void> {
  const { server, executors, signal } = options
  if (executors !== undefined) {
    for (const name of names) {
      const rows = await load.writeByOthers(name, (target) =>
        writeTable(server.session, frames[name], executors, target, { signal }),
      )
      stage.more(rows)
    }
    return
  }
  const results = names.map((name) => [name, ahead(frames[name].batches({ signal }), stage.more)] as const)
  for (const [name, batches] of results) await load.write(name, batches)
}
