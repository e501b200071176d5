import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { flagProperty, loadSettings, type Setting, type SettingName, type Settings, settings } from './config.ts'
import { AppError, asAppError, exitCodes } from './errors.ts'
import { createLogger, type Logger } from './log.ts'
import { writeOutput } from './output.ts'
import { Progress } from './progress.ts'
import { redact, rememberSecrets, secretsOfArguments } from './secrets.ts'
import { printable } from './terminal.ts'

/** What a command's `run` is given. */
export interface CommandContext<Options> {
  /** Of this run; it stands on each line of JSON logs, and a job writes it into the table of runs. */
  readonly runId: string
  readonly settings: Settings
  /** The command's own flags, as commander names them. */
  readonly options: Options
  readonly args: readonly string[]
  readonly log: Logger
  readonly progress: Progress
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
  /** Writes a line of data to stdout; everything else goes to stderr through `log` and `progress`. */
  print(text: string): void
}

export interface CommandSpec<Options> {
  /** As users type it after `npm run`: `job:aggregate`. */
  readonly name: string
  readonly summary: string
  /** Whole command lines; `--help` starts with them. */
  readonly examples: readonly string[]
  /** The settings that this command reads; those with a flag get it. */
  readonly settings: readonly SettingName[]
  /** Adds the command's own flags and arguments. */
  readonly configure?: (command: Command) => void
  /** What a user is told who stopped it: what became of the work so far. Default: `stopped`. */
  readonly stopped?: string
  /** Does the work; to end with another exit code than 0 it throws an `AppError`. */
  run(context: CommandContext<Options>): Promise<void>
}

// Flags that every command has.
const common: readonly SettingName[] = ['logLevel', 'logFormat']
// Ctrl-C reaches us twice under npm (from the terminal and passed on by npm), so only a later one means "at once".
const secondSignalMs = 500

/** Parses a flag's value as a share in percent, for commander. */
export function percent(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('It must be a number from 0 to 100.')
  return value
}

/** Parses a flag's value as a number of bytes, such as `500000000`, `500MB` or `2GiB`, for commander. */
export function byteCount(text: string): number {
  const [, digits, unit = ''] = /^(\d+) ?((?:[kmgt]i?)?)b?$/i.exec(text.trim()) ?? []
  const power = ['', 'k', 'm', 'g', 't'].indexOf(unit.slice(0, 1).toLowerCase())
  const value = Number(digits) * (unit.length > 1 ? 1024 : 1000) ** power
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number of bytes above 0, such as 500MB.')
  return value
}

/** Gathers the values `name=value` of a repeated flag, for commander; the name may hold a `=`, the value holds none. */
export function pairs(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.lastIndexOf('=')
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('It must be NAME=VALUE.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** The version of the product, as `package.json` has it. */
export function version(): string {
  return product().version
}

/** The page of the product, as `package.json` has it; undefined while it has none. */
export function homepage(): string | undefined {
  return product().homepage
}

function product(): { readonly version: string; readonly homepage?: string } {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
}

// Whoever reports a fault pastes this. A running server says its own version to `npm run doctor`.
function versions(): string {
  const client = readFileSync(new URL('spark-connect-js/package.json', import.meta.url), 'utf8')
  const pom = readFileSync(new URL('spark-connect-js/server/pom.xml', import.meta.url), 'utf8')
  return [
    `radio-plays ${version()}`,
    `Node ${process.version.slice(1)}`,
    `spark-connect-js ${JSON.parse(client).version}`,
    `Spark ${/<spark\.version>(.+)<\/spark\.version>/.exec(pom)?.[1]} (embedded server)`,
  ].join('\n')
}

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
  const shown = [...spec.settings, ...common]
  const command = new Command(`npm run ${spec.name} --`)
    .description(spec.summary)
    .version(versions(), '--version', 'print the versions of this tool, Node, the Spark client and the embedded Spark')
    .helpOption('--help', 'show this help')
    .addOption(new Option('--quiet', 'only warnings and errors on stderr').conflicts('debug'))
    .option('--debug', 'everything on stderr, with the stacks of errors')
    .option('--no-color', 'no colours; NO_COLOR=1 and TERM=dumb say the same')
    .showSuggestionAfterError(true)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError() {} })
    .addHelpText('before', `Examples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}\n`)
    .addHelpText('after', `\nSettings (environment or .env):\n${settingsHelp(shown)}\n\n${exitCodeHelp}`)
  spec.configure?.(command)
  for (const name of shown) {
    const each: Setting<unknown> = settings[name]
    if (each.flag) command.option(each.flag, each.summary)
  }

  let config: Settings
  let options: Record<string, unknown>
  try {
    command.parse(argv, { from: 'user' })
    options = command.opts()
    const flags: Record<string, unknown> = {}
    for (const name of shown) {
      const each: Setting<unknown> = settings[name]
      if (each.flag) flags[name] = options[flagProperty(each.flag)]
    }
    if (options.quiet || options.debug) flags.logLevel ??= options.debug ? 'debug' : 'warn'
    config = loadSettings({ flags })
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      return report(
        new AppError('usage', error.message.replace(/^error: /, '').replace(/\n/g, ' '), {
          remedy: `npm run ${spec.name} -- --help shows what there is`,
        }),
      )
    }
    const known = asAppError(error)
    if (known) return report(known)
    throw error
  }

  const runId = randomUUID()
  const log = createLogger({
    level: config.logLevel,
    context: { command: spec.name, run_id: runId },
    ...(config.logFormat === undefined ? {} : { format: config.logFormat }),
  })
  const stopping = new AbortController()
  let stoppedBy: 'interrupted' | 'terminated' | undefined
  let stoppedAt = 0
  const onSignal = (signal: NodeJS.Signals) => {
    if (stoppedBy !== undefined) {
      if (performance.now() - stoppedAt > secondSignalMs) process.exit(exitCodes[stoppedBy])
      return
    }
    stoppedBy = signal === 'SIGINT' ? 'interrupted' : 'terminated'
    stoppedAt = performance.now()
    log.warn('stopping; once more to end at once', { signal })
    stopping.abort(new AppError(stoppedBy, `stopped by ${signal}`))
  }
  // They stay until the process ends: closing down must not be torn by the same Ctrl-C that asked for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  // A reader that has seen enough (`… | head`) closes the pipe: that is a success, not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })

  try {
    await spec.run({
      runId,
      settings: config,
      options: options as Options,
      args: command.args,
      log,
      progress: new Progress({ log }),
      signal: stopping.signal,
      print: (text) => void process.stdout.write(`${text}\n`),
    })
    return 0
  } catch (error) {
    const known = asAppError(error)
    if (stoppedBy !== undefined) {
      // Stopped when the data was there already, or nobody knows whether it is: then the error says more than the command.
      const late = known?.published === 'yes' || known?.published === 'unknown' ? known : undefined
      return report(new AppError(stoppedBy, late?.message ?? spec.stopped ?? 'stopped', late))
    }
    if (known) {
      log.debug('error', { stack: redact(stackOf(error)) })
      return report(known)
    }
    return reportBug(spec.name, error)
  }
}

/** Prints an error in at most four lines (what, where, what to do) and gives its exit code. */
function report(error: AppError): number {
  const lines = [`error: ${clean(error.message)}`]
  if (error.place) lines.push(`  at: ${clean(error.place)}`)
  if (error.remedy) lines.push(`  do: ${clean(error.remedy)}`)
  process.stderr.write(`${lines.join('\n')}\n`)
  return error.exitCode
}

function clean(text: string): string {
  const line = printable(redact(text).replace(/\s*\n\s*/g, ' '))
  return line.length > 1000 ? `${line.slice(0, 999)}…` : line
}

async function reportBug(name: string, error: unknown): Promise<number> {
  const text = redact(
    [
      `radio-plays ${version()}, Node ${process.version}, ${process.platform} ${process.arch}`,
      `command: ${name} ${process.argv.slice(2).join(' ')}`,
      `time: ${new Date().toISOString()}`,
      '',
      stackOf(error),
      '',
    ].join('\n'),
  )
  const file = `bug-${new Date().toISOString().replace(/[:.]/g, '-')}.txt`
  const path = await firstWritten([join('data', file), join(tmpdir(), file)], text)
  const first = clean(error instanceof Error ? error.message : String(error))
  const what = path === undefined ? `this:\n${printableLines(text)}` : `the file ${path}`
  process.stderr.write(`error: this is a bug in radio-plays: ${first}\n  do: please report it with ${what}\n`)
  return exitCodes.bug
}

/** The first of the places that takes the text; undefined if none does. A report may show data: it is for its owner alone. */
async function firstWritten(places: readonly string[], text: string): Promise<string | undefined> {
  for (const place of places) {
    try {
      await writeOutput(place, text, { isPrivate: true })
      return place
    } catch {
      // The next place may be better.
    }
  }
  return undefined
}

const printableLines = (text: string) => text.trimEnd().split('\n').map(printable).join('\n')

/** The error with its stack and every cause below it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? `${error.name}: ${error.message}`
  return error.cause === undefined ? own : `${own}\ncaused by: ${stackOf(error.cause)}`
}

function settingsHelp(names: readonly SettingName[]): string {
  const width = Math.max(...names.map((name) => settings[name].env.length))
  return names.map((name) => `  ${settings[name].env.padEnd(width)}  ${settings[name].summary}`).join('\n')
}

const exitCodeHelp = `Exit codes: 0 done, ${Object.entries(exitCodes)
  .map(([kind, code]) => `${code} ${kind}`)
  .join(', ')}`
