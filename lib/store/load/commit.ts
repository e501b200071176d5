import { AppError } from '../../errors.ts'
import type { Engine, Session } from '../engine/types.ts'
import { waitUntilReachable } from '../engine/wait-until-reachable.ts'
import type { Db } from '../schema/database.ts'
import type { LoadContext, RunInfo } from './load.ts'

/** Whether a load was published is worth some seconds, also where nobody wants to wait for the database. */
export const minLookMs = 5_000

/**
 * Publishes in one transaction, and finds out whether it happened where the connection was lost meanwhile: `work` writes the
 * row of the run into `runs`.
 */
export async function commitRun<T>(context: LoadContext, run: RunInfo, work: (db: Db) => Promise<T>): Promise<T> {
  const { session } = context.lock
  const outcome: { result?: T } = {}
  try {
    await session.transaction(async (db) => {
      outcome.result = await work(db)
    })
  } catch (error) {
    // Where the answer to a commit was lost, only the database knows whether it happened; `runs` is part of it.
    if (outcome.result === undefined || !(await isPublished(context, run.runId, error))) throw error
    context.log.warn('connection lost while the publish was confirmed; it is there', { run: run.runId })
  }
  return outcome.result!
}

async function isPublished({ engine, lock, waitMs }: LoadContext, runId: string, lost: unknown): Promise<boolean> {
  try {
    return await waitUntilReachable(() => wasPublished(engine, lock.session, runId), {
      waitMs: Math.max(waitMs, minLookMs),
    })
  } catch {
    throw new AppError('database', 'the database was lost while it confirmed the load', {
      place: engine.address,
      remedy: 'run again when it is back: the load is there or it is not, and the next one makes it right',
      cause: lost,
      published: 'unknown',
    })
  }
}

async function wasPublished(engine: Engine, session: Session, runId: string): Promise<boolean> {
  // One that answers has come to the end of its commit.
  if (!(await session.isAlive()) && !(await engine.hasEnded(session)))
    throw new Error('the lost session may still commit')
  const row = await engine.db
    .selectFrom('runs')
    .select('run_id')
    .where('run_id', '=', runId)
    .where('outcome', '<>', 'failed')
    .executeTakeFirst()
  return row !== undefined
}
