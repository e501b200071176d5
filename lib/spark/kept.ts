import * as local from 'spark-connect-js/local'
import { AppError } from '../errors.ts'
import { sparkFolder } from './folder.ts'

/** What there is to say of the embedded server that waits for a next run. */
export async function keptServerText(home = sparkFolder): Promise<string> {
  const kept = await local.keptServer(home)
  if (kept === null) return 'no Spark is kept; the next run starts one'
  const since = `a Spark is kept since ${kept.startedAt.toISOString()}`
  if (kept.heldBy !== null) return `${since}; process ${kept.heldBy} is using it`
  return `${since}; it ends in ${Math.ceil((kept.endsInMs ?? 0) / 60_000)} min, unless a run takes it`
}

/**
 * Ends the embedded server that waits for a next run, and says what was done.
 * *Errors:* `AppError('locked')` while a run is using it.
 */
export async function stopKeptServer(home = sparkFolder): Promise<string> {
  const kept = await local.stopKeptServer(home)
  if (kept === null) return 'no Spark is kept; there is nothing to stop'
  if (kept.heldBy === null) return 'the Spark that was kept has ended'
  throw new AppError('locked', `process ${kept.heldBy} is using the Spark that is kept`, {
    remedy: `wait for it, or stop it: kill ${kept.heldBy}`,
  })
}
