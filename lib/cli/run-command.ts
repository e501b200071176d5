import { randomUUID } from 'node:crypto'
import { AppError, type AppErrorFields, asAppError } from '../errors.ts'
import { createLogger } from '../log.ts'
import { redact, rememberSecrets, secretsOfArguments } from '../secrets.ts'
import { type CommandLine, parseCommandLine } from './command-line.ts'
import type { CommandSpec } from './command-spec.ts'
import { endWithReader } from './end-with-reader.ts'
import { Progress } from './progress.ts'
import { report, reportBug, stackOf } from './report-error.ts'
import { listenForStop } from './stop-signals.ts'

/**
 * Runs a command as the whole of this process: parses flags and settings, gives the work a logger, progress and a
 * signal, prints errors in at most four lines, and sets the exit code of `errors.ts`.
 *
 * The exit code is set, not forced, so that streams are flushed; a command must not leave timers or sockets behind.
 */
export async function runCommand<Options = Record<string, never>>(spec: CommandSpec<Options>): Promise<void> {
  process.exitCode = await commandExitCode(spec, process.argv.slice(2))
}

async function commandExitCode<Options>(spec: CommandSpec<Options>, argv: readonly string[]): Promise<number> {
  rememberSecrets(secretsOfArguments(argv))
  endWithReader()
  try {
    const line = parseCommandLine(spec, argv)
    return line === null ? 0 : await runParsed(spec, line)
  } catch (error) {
    const known = asAppError(error)
    if (known) return report(known)
    throw error
  }
}

async function runParsed<Options>(spec: CommandSpec<Options>, line: CommandLine): Promise<number> {
  const { settings, args } = line
  const runId = randomUUID()
  const log = createLogger({
    level: settings.logLevel,
    context: { command: spec.name, run_id: runId },
    ...(settings.logFormat === undefined ? {} : { format: settings.logFormat }),
  })
  const stop = listenForStop(log)
  try {
    await spec.run({
      runId,
      startedAt: new Date(),
      settings,
      options: line.options as Options,
      args,
      log,
      progress: new Progress({ log }),
      signal: stop.signal,
      print: (text) => void process.stdout.write(`${text}\n`),
    })
    return 0
  } catch (error) {
    const known = asAppError(error)
    if (stop.by !== undefined) return report(new AppError(stop.by, ...stoppedBecause(known, spec.stopped)))
    if (known === undefined) return reportBug(spec.name, error)
    log.debug('error', { stack: redact(stackOf(error)) })
    return report(known)
  }
}

/**
 * What is said of a command that was stopped: its own words, unless the data was there already or nobody knows whether it
 * is; then the error says more.
 */
function stoppedBecause(error: AppError | undefined, stopped = 'stopped'): [string, AppErrorFields?] {
  const late = error?.published === 'yes' || error?.published === 'unknown'
  return late ? [error.message, error] : [stopped]
}
