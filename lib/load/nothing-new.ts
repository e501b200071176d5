import { checksumOf } from '../input/index.ts'
import type { RunFacts } from '../model/run-facts.ts'
import { loadTables, type RunInput } from '../store/index.ts'
import type { Inputs } from './find-plays.ts'
import { figuresOf, stateFacts } from './gather-facts.ts'
import { type LoadRun, type LoadTarget, runInfo } from './load-target.ts'

/** A run that is about to load. */
export interface LoadAhead extends LoadRun {
  readonly options: LoadRun['options'] & { readonly rerun?: boolean }
  readonly signal: AbortSignal
  /** Takes the figures of the run for its metrics. */
  measure(figures: Readonly<Record<string, number>>): void
}

/**
 * Where the tables are already those that this run would make: records in `runs` that it changed nothing, and returns its
 * facts. Spark is not started. undefined where there is something to do, or where nobody can tell without doing it.
 *
 * So it is if the newest load had the same fingerprint, read the same bytes, and left as many rows as there are now. A run that
 * appends, reads a URI or is told to run all the same (`rerun`) always has something to do; so has one that starts before the
 * newest load, since a clock that went back hides which load was the last. A cell that somebody changed in the database by hand
 * is not noticed.
 *
 * *Errors:* those of the store; `AppError('input')` for a file that cannot be read.
 */
export async function nothingNew(run: LoadAhead, inputs: Inputs, target: LoadTarget): Promise<RunFacts | undefined> {
  const { options, startedAt, log, signal } = run
  const { store } = target
  if (options.append || options.rerun || inputs.uris.length > 0) return undefined
  const last = await store.lastRun()
  if (last === null || JSON.parse(last.settings).fingerprint !== target.fingerprint) return undefined
  if (startedAt.toISOString() < last.started_at) return undefined
  const state = await stateFacts(store)
  if (state.playsInAll !== Number(last.plays) || state.quarantinedInAll !== Number(last.quarantined)) return undefined
  const files: readonly RunInput[] = JSON.parse(last.inputs)
  if (!(await readsTheSame(inputs, files, signal))) return undefined
  await store.recordUnchanged(runInfo(run, target, { inputs: files, spark: JSON.parse(last.versions).spark }), last)
  const since = `${new Date(last.finished_at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  log.info('nothing new', { since })
  const facts = {
    ...state,
    skippedFiles: target.skippedFiles,
    rowsIn: Number(last.rows_in),
    plays: Number(last.plays),
    duplicates: Number(last.duplicates),
    changes: loadTables.map((table) => ({ table, inserted: 0, updated: 0, deleted: 0 })),
    stages: [],
    totalMs: Date.now() - startedAt.getTime(),
    spark: `not needed: input, settings and names are as in the run of ${since} (--rerun runs all the same)`,
  }
  run.measure(figuresOf(facts))
  return facts
}

/** Whether the files hold, byte by byte, what a run before has read. */
async function readsTheSame({ files }: Inputs, before: readonly RunInput[], signal: AbortSignal): Promise<boolean> {
  const sums: string[] = []
  for (const file of files) sums.push(`${await checksumOf(file, { signal })} ${file.label}`)
  const sumsBefore = before.map(({ sha256, label }) => `${sha256} ${label}`)
  return sums.sort().join('\n') === sumsBefore.sort().join('\n')
}
