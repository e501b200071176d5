import { AppError, exitCodes } from '../errors.ts'
import type { Logger } from '../log.ts'

// Ctrl-C reaches us twice under npm (from the terminal and passed on by npm), so only a later one means "at once".
const secondSignalMs = 500

export interface StopSignals {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
  /** What asked the process to stop; undefined while nothing did. */
  readonly by: 'interrupted' | 'terminated' | undefined
}

/** Listens for the signals that stop a command. The first one asks it to end, a later one ends the process at once. */
export function listenForStop(log: Logger): StopSignals {
  const stopping = new AbortController()
  let by: StopSignals['by']
  let stoppedAt = 0
  const onSignal = (signal: NodeJS.Signals) => {
    if (by !== undefined) {
      if (performance.now() - stoppedAt > secondSignalMs) process.exit(exitCodes[by])
      return
    }
    by = signal === 'SIGINT' ? 'interrupted' : 'terminated'
    stoppedAt = performance.now()
    log.warn('stopping; a second signal ends the process immediately', { signal })
    stopping.abort(new AppError(by, `stopped by ${signal}`))
  }
  // They stay until the process ends: closing down must not be torn by the same Ctrl-C that asked for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  return {
    signal: stopping.signal,
    get by() {
      return by
    },
  }
}
