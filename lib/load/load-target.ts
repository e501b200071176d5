import { databaseUrl, type Settings } from '../config.ts'
import type { Logger } from '../log.ts'
import { type JdbcAddress, jdbcAddress, openStore, type RunInfo, type Store } from '../store/index.ts'
import { version } from '../version.ts'
import type { Inputs } from './find-plays.ts'
import { fingerprint } from './fingerprint.ts'
import { type KnownNames, readKnownNames } from './known-names.ts'
import { confirmReplacement, type ReplacementOptions } from './replaced-plays.ts'
import { storedPlayBytes } from './stored-plays.ts'

/** The run that loads. */
export interface LoadRun {
  readonly runId: string
  readonly startedAt: Date
  readonly settings: Settings
  readonly options: ReplacementOptions
  /** Inputs that stand by themselves on the command line. */
  readonly args: readonly string[]
  readonly log: Logger
  /** Asks the person at the terminal; undefined where there is none. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined
}

/** The database that a run loads into, with what it already knows. Disposed of, it is closed and its lock released. */
export interface LoadTarget extends AsyncDisposable {
  readonly store: Store
  readonly known: KnownNames
  /** Of all that the tables follow from, see `fingerprint`. */
  readonly fingerprint: string
  /** Files that cannot be read and are left out. */
  readonly skippedFiles: readonly string[]
  /** Plays that stay; 0 unless the run appends. */
  readonly playsBefore: bigint
  /** About how many bytes of lines the run has to do with. */
  readonly inputBytes: number
}

const job = 'job:aggregate'

/**
 * Opens the database of a run that loads these inputs, locks it, and says which plays of other files the run takes away.
 *
 * *Errors:* those of `openStore`; AppError `locked` if another run loads, `usage` for invalid overrides and
 * where a person wants to keep such plays.
 */
export async function openTarget(run: LoadRun, inputs: Inputs): Promise<LoadTarget> {
  const { runId, settings, options, log } = run
  const store = await openStore(databaseUrl(settings), { log, waitMs: settings.databaseWaitS * 1000 })
  await using opened = new AsyncDisposableStack()
  opened.defer(() => store.close())
  await store.lock({ runId, job })
  await confirmReplacement(store, inputs, { files: run.args, ...options }, run)
  const known = await readKnownNames(settings.overrides, store, log)
  const playsBefore = options.append ? (await store.totals()).plays : 0
  const closing = opened.move()
  return {
    store,
    known,
    fingerprint: fingerprint(run, inputs, known),
    skippedFiles: inputs.bad.map(({ label }) => label),
    playsBefore: BigInt(playsBefore),
    inputBytes: inputs.bytes + playsBefore * storedPlayBytes,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

/** The database as executors reach it; undefined where this process writes. *Errors:* those of `jdbcAddress`. */
export function executorDatabase(settings: Settings, write: 'stream' | 'executors'): JdbcAddress | undefined {
  return write === 'executors' ? jdbcAddress(settings.executorDatabaseUrl ?? databaseUrl(settings)) : undefined
}

/** What the table of runs keeps of this run; `spark` is the version of the server that it used. */
export function runInfo(
  { runId, startedAt, settings, options }: LoadRun,
  { known, fingerprint, skippedFiles }: Pick<LoadTarget, 'known' | 'fingerprint' | 'skippedFiles'>,
  { inputs, spark }: Pick<RunInfo, 'inputs'> & { readonly spark: string },
): RunInfo {
  const { timezone, fuzzyThreshold } = settings
  return {
    runId,
    job,
    startedAt,
    inputs,
    versions: { 'radio-plays': version(), node: process.version, spark },
    settings: {
      append: options.append === true,
      timezone,
      fuzzyThreshold,
      overrides: known.overrides.length,
      fingerprint,
      ...(skippedFiles.length === 0 ? {} : { skippedFiles }),
    },
  }
}
