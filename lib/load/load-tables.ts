import type { Stages } from '../model/stage.ts'
import type { PublishInput, PublishResult, RunInfo, Store } from '../store/index.ts'
import { Filling, type LoadOptions, type TableFrames } from './filling.ts'

/** What the end of a load needs. */
export interface FinishOptions {
  /** Where the stages `load` and `publish` run; how long all stages took goes into the table of runs. */
  readonly stages: Stages
  readonly publish: Omit<PublishInput, 'stagesMs'>
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

    async finish(rest, { stages, publish }) {
      frames = { ...frames, ...rest }
      let due = rest
      for (let attempt = 1; ; attempt++) {
        try {
          filling ??= new Filling(await store.startLoad(run), options)
          const { load } = filling
          await stages.stage('load', (stage) => filling!.finish(due, stage))
          const result = await stages.stage('publish', () => load.publish({ ...publish, stagesMs: stages.stagesMs }))
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
