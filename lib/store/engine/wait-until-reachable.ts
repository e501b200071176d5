import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../errors.ts'

interface WaitOptions {
  readonly waitMs: number
  readonly signal?: AbortSignal | undefined
  /** The errors after which it is tried again. Default: all but that of a lock that another run has. */
  readonly while?: (error: unknown) => boolean
}

/** Does `work` as soon as the database answers again; what it says after `waitMs` is the error. */
export async function whenBack<T>(work: () => Promise<T>, options: WaitOptions): Promise<T> {
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
