import type { Stage } from '../../lib/progress.ts'
import type { PublishInput, PublishResult, RunInfo, Store } from '../../lib/store/index.ts'
import { Filling, type LoadOptions, type TableFrames } from './filling.ts'

export interface FinishOptions {
  /** Runs a stage of the progress line. */
  readonly stage: <T>(name: 'load' | 'publish', work: (stage: Stage) => Promise<T>) => Promise<T>
  /** What the publish is told besides, as late as possible. */
  readonly publishing: () => PublishInput
}

/** A load that takes tables as they become ready. Disposed of before its end, nothing of it stays. */
export interface TableLoad extends AsyncDisposable {
  /** Stages these from now on, while Spark is at the others. *Errors:* come with `finish`. */
  add(frames: TableFrames): void
  /**
   * Stages the rest and makes the database equal to all, in one transaction. Where the store was told to wait for a database
   * that is restarted or fails over meanwhile, the load then begins again.
   *
   * *Errors:* those of Spark and of the store; nothing was published then.
   */
  finish(rest: TableFrames, options: FinishOptions): Promise<PublishResult>
}

/** How often a database may drop us before we give up. */
const attempts = 3

/** Begins a load of this run. *Errors:* those of the store. */
export async function beginLoad(store: Store, run: RunInfo, options: LoadOptions): Promise<TableLoad> {
  let filling: Filling | undefined = new Filling(await store.startLoad(run), options)
  let frames: TableFrames = {}
  return {
    add(ready) {
      frames = { ...frames, ...ready }
      filling?.add(ready)
    },

    async finish(rest, { stage, publishing }) {
      frames = { ...frames, ...rest }
      let due = rest
      for (let attempt = 1; ; attempt++) {
        try {
          filling ??= new Filling(await store.startLoad(run), options)
          const { load } = filling
          await stage('load', (progress) => filling!.finish(due, progress))
          const result = await stage('publish', () => load.publish(publishing()))
          filling = undefined
          return result
        } catch (error) {
          const again = !options.signal.aborted && attempt < attempts && (await store.recover(error, options.signal))
          await filling?.stop(again ? undefined : error)
          filling = undefined
          if (!again) throw error
          due = frames
        }
      }
    },

    async [Symbol.asyncDispose]() {
      await filling?.stop()
    },
  }
}
