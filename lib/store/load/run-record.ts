import type { Db } from '../schema/database.ts'
import type { RunInfo } from './load.ts'

/** What a row of `runs` says of the end of a run. */
export interface RunFields {
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

/** Records how a run ended, in `runs`. */
export async function recordRun(db: Db, run: RunInfo, finishedAt: Date, fields: RunFields): Promise<void> {
  // A run that begins again, after its Spark or its database was lost, has failed before.
  await db.deleteFrom('runs').where('run_id', '=', run.runId).where('outcome', '=', 'failed').execute()
  await db
    .insertInto('runs')
    .values({
      run_id: run.runId,
      job: run.job,
      started_at: run.startedAt.toISOString(),
      finished_at: finishedAt.toISOString(),
      inputs: JSON.stringify(run.inputs),
      versions: JSON.stringify(run.versions),
      settings: JSON.stringify(run.settings),
      ...fields,
    })
    .execute()
}

/** Records that a run has failed, in `runs`. */
export async function recordFailedRun(db: Db, run: RunInfo, finishedAt: Date, error: unknown): Promise<void> {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 500)
  const none = { rows_in: null, plays: null, quarantined: null, duplicates: null, repaired: null, changes: null }
  const failed = { outcome: 'failed' as const, error: message, ...none, stages_ms: '{}' }
  await recordRun(db, run, finishedAt, failed)
}
