import type { Settings } from '../config.ts'
import type { LakeFacts } from '../model/run-facts.ts'
import { type OpenSparkOptions, type SparkServer, sparkOptions, withSpark } from '../spark/index.ts'
import type { ReadOnlyStore } from '../store/index.ts'
import { isOf, Lake, type LakeRun, lakeFacts, publishedState } from './lake.ts'
import { lakePlace } from './place.ts'
import { currentInFolder } from './versions.ts'

/** A run that writes a lake and needs a Spark for nothing else. */
export interface LakeAlone extends LakeRun {
  readonly settings: Settings
  readonly options: { readonly rerun?: boolean }
  readonly progress: LakeRun['progress'] & {
    readonly ofSpark: Pick<OpenSparkOptions, 'onProgress' | 'onQuery'> & {
      readonly opening: (open: () => Promise<SparkServer>) => Promise<SparkServer>
    }
  }
}

/** About what a play is as a line of JSON: sizes the JVM of an embedded Spark. */
const bytesOfPlay = 300

/**
 * Brings the lake that the settings name to what the database holds; says nothing where they name none. Spark is not started for a
 * folder of this machine that has it already. Needs the run lock.
 *
 * *Errors:* those of {@link Lake.open}, of Spark and of the store; the lake is as it was then.
 */
export async function writeLake(store: ReadOnlyStore, run: LakeAlone): Promise<{ readonly lake?: LakeFacts }> {
  const { settings, options, log, progress, signal } = run
  if (settings.lake === undefined) return {}
  const place = lakePlace(settings.lake)
  const state = await publishedState(store)
  const current =
    place.folder === null || settings.lakeFormat !== 'parquet' || options.rerun
      ? undefined
      : currentInFolder(place.folder)
  if (isOf(current, state)) return { lake: lakeFacts(place, current, false) }
  const { plays } = await store.totals()
  const spark = { ...sparkOptions(settings), ...progress.ofSpark, inputBytes: plays * bytesOfPlay, log, signal }
  return await withSpark(spark, async (server) => {
    const lake = await Lake.open(server, run)
    return lake === undefined ? {} : { lake: await lake.write(store, { always: options.rerun }) }
  })
}
