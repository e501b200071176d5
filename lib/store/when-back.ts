import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'

const recoveryMs = 60_000

/** Does `work` as soon as the database answers again; what it says after a minute is the error. */
export async function whenBack<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const deadline = performance.now() + recoveryMs
  for (let waitMs = 250; ; waitMs = Math.min(2 * waitMs, 4000)) {
    try {
      return await work()
    } catch (error) {
      if (performance.now() + waitMs > deadline || (error instanceof AppError && error.kind === 'locked')) throw error
      await sleep(waitMs, undefined, signal === undefined ? {} : { signal })
    }
  }
}
