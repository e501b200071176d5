import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'

/** Does `work` as soon as the database answers again; what it says after `waitMs` is the error. */
export async function whenBack<T>(
  work: () => Promise<T>,
  options: { readonly waitMs: number; readonly signal?: AbortSignal | undefined },
): Promise<T> {
  const { signal } = options
  const deadline = performance.now() + options.waitMs
  for (let waitMs = 250; ; waitMs = Math.min(2 * waitMs, 4000)) {
    try {
      return await work()
    } catch (error) {
      if (performance.now() + waitMs > deadline || (error instanceof AppError && error.kind === 'locked')) throw error
      await sleep(waitMs, undefined, signal === undefined ? {} : { signal })
    }
  }
}
