import { randomUUID } from 'node:crypto'
import type { Settings } from '../config.ts'
import { AppError, type AppErrorFields, asAppError } from '../errors.ts'
import { createLogger, type Logger } from '../log.ts'
import { writeOutput } from '../output.ts'
import { redact, rememberSecrets, secretsOfArguments } from '../secrets.ts'
import { version } from '../version.ts'
import { type CommandLine, parseCommandLine } from './command-line.ts'
import type { CommandContext, CommandSpec } from './command-spec.ts'
import { questionsTo } from './confirm.ts'
import { endWithReader } from './end-with-reader.ts'
import { metricsText, type RunMetrics } from './metrics.ts'
import { sendMetrics } from './otlp.ts'
import { Progress } from './progress.ts'
import { report, reportBug, stackOf } from './report-error.ts'
import { listenForStop } from './stop-signals.ts'
import { asTyped } from './typed-commands.ts'

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
  const progress = new Progress({ log, stages: spec.stages })
  const startedAt = new Date()
  const figures: Record<string, number> = {}
  const context: CommandContext<Options> = {
    ...{ runId, startedAt, settings, options: line.options as Options, args, log, progress },
    signal: stop.signal,
    measure: (more) => void Object.assign(figures, more),
    confirm: questionsTo(process, stop.signal),
    print: (text) => void process.stdout.write(`${asTyped(text)}\n`),
  }
  const exitCode = await spec.run(context).then(
    () => 0,
    (error: unknown) => reportEnd(spec, error, { log, stoppedBy: stop.by }),
  )
  const run = { command: spec.name, version: version(), exitCode, startedAt, finishedAt: new Date() }
  await tellMetrics(settings, { ...run, stages: progress.stages, figures }, log)
  return exitCode
}

/** Says why a command ended, and gives its exit code. */
async function reportEnd<Options>(
  spec: CommandSpec<Options>,
  error: unknown,
  { log, stoppedBy }: { readonly log: Logger; readonly stoppedBy: 'interrupted' | 'terminated' | undefined },
): Promise<number> {
  const known = asAppError(error)
  if (stoppedBy !== undefined) return report(new AppError(stoppedBy, ...stoppedBecause(known, spec.stopped)))
  if (known === undefined) return reportBug(spec.name, error)
  log.debug('error', { stack: redact(stackOf(error)) })
  return report(known)
}

/** Gives the metrics to who wants them. What the run did does not depend on it. */
async function tellMetrics({ metricsFile, otlpEndpoint }: Settings, run: RunMetrics, log: Logger): Promise<void> {
  const warn = (message: string, place: string) => (error: unknown) => {
    const remedy = asAppError(error)?.remedy
    log.warn(message, { place, error: redact(errorText(error)), ...(remedy === undefined ? {} : { do: remedy }) })
  }
  // The file is replaced at once, so that nobody reads half of it.
  const isOurs = (start: Buffer) => start.toString().startsWith('# HELP radio_plays_')
  if (metricsFile !== undefined) {
    const written = writeOutput(metricsFile, metricsText(run), { isOurs, flag: 'METRICS_FILE' })
    await written.catch(warn('the metrics were not written', metricsFile))
  }
  if (otlpEndpoint !== undefined)
    await sendMetrics(otlpEndpoint, run).catch(warn('the metrics were not sent', redact(otlpEndpoint)))
}

const errorText = (error: unknown) => (error instanceof Error ? error.message : String(error))

/**
 * What is said of a command that was stopped: its own words, unless the data was there already or nobody knows whether it
 * is; then the error says more.
 */
function stoppedBecause(error: AppError | undefined, stopped = 'stopped'): [string, AppErrorFields?] {
  const late = error?.published === 'yes' || error?.published === 'unknown'
  return late ? [error.message, error] : [stopped]
}
