import type { Db } from '../schema/database.ts'

/** How a data check of a run ended. */
export interface CheckResult {
  readonly name: string
  /** What failing rows mean: a warning, or that nothing is published. */
  readonly level: 'warn' | 'error'
  /** Rows that fail. */
  readonly failing: number
  /** Some of them. */
  readonly examples: readonly unknown[]
}

/** Writes the results of a run's checks into `data_checks`. */
export async function recordChecks(
  db: Db,
  { runId, job }: { readonly runId: string; readonly job: string },
  at: string,
  checks: readonly CheckResult[],
): Promise<void> {
  // A run that begins again has checked before.
  await db.deleteFrom('data_checks').where('run_id', '=', runId).execute()
  for (const { name, level, failing, examples } of checks) {
    await db
      .insertInto('data_checks')
      .values({
        run_id: runId,
        name,
        job,
        at,
        level,
        outcome: failing === 0 ? 'passed' : 'failed',
        failing,
        examples: examples.length === 0 ? null : JSON.stringify(examples),
      })
      .execute()
  }
}
