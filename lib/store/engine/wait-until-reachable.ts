import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../errors.ts'

interface WaitOptions {
  readonly waitMs: number
  readonly signal?: AbortSignal | undefined
  /** Errors after which to try again. Default: all but that of a lock that another run holds. */
  readonly while?: (error: unknown) => boolean
}

/** Repeats `work` until it succeeds; after `waitMs` it throws the last error. */
export async function waitUntilReachable<T>(work: () => Promise<T>, options: WaitOptions): Promise<T> {
  const { signal, while: again = (error: unknown) => !(error instanceof AppError && error.kind === 'locked') } = options
  const deadline = performance.now() + options.waitMs
  for (let waitMs = 250; ; waitMs = Math.min(2 * waitMs, 4000)) {
    try {
      return await work()
    } catch (error) {
      if (performance.now() + waitMs > deadline || !again(error)) throw error
      await sleep(waitMs, undefined, signal === undefined ? {} : { signal })
    }
  }
}
