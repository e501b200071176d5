import { Command, CommanderError, Option } from 'commander'
import { flagProperty, loadSettings, type Setting, type SettingName, type Settings, settings } from '../config.ts'
import { AppError, exitCodes } from '../errors.ts'
import { versions } from '../version.ts'
import type { CommandSpec } from './command-spec.ts'
import { asTyped } from './typed-commands.ts'

// Settings that every command has.
const common: readonly SettingName[] = ['logLevel', 'logFormat', 'metricsFile', 'otlpEndpoint']

export interface CommandLine {
  readonly settings: Settings
  readonly options: Record<string, unknown>
  readonly args: readonly string[]
}

/**
 * Parses flags and settings; null if the command line asked for help or the version, which are printed then.
 *
 * *Errors:* `AppError('usage')`.
 */
export function parseCommandLine<Options>(spec: CommandSpec<Options>, argv: readonly string[]): CommandLine | null {
  const names = [...spec.settings, ...common]
  const command = commandOf(spec, names)
  refuseFlagsBeforeDashes(spec.name, command)
  try {
    command.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return null
    throw new AppError('usage', error.message.replace(/^error: /, '').replace(/\n/g, ' '), {
      remedy: `npm run ${spec.name} -- --help shows the options`,
    })
  }
  const options: Record<string, unknown> = command.opts()
  const load = spec.loadSettings ?? loadSettings
  return { settings: load({ flags: settingsFlags(names, options) }), options, args: command.args }
}

// npm has these itself, and a user may have set them for good.
const flagsOfNpm = new Set(['--json', '--color', '--no-color', '--quiet', '--debug', '--version', '--help', '--yes'])

/** npm keeps flags for itself that stand before `--`: `npm run job:aggregate --append new.csv` would not append. */
function refuseFlagsBeforeDashes(name: string, command: Command): void {
  const [kept] = command.options.flatMap(({ long }) => {
    const setting = `npm_config_${(long ?? '').replace(/^--/, '').replaceAll('-', '_')}`
    return long && !flagsOfNpm.has(long) && process.env[setting] !== undefined ? [long] : []
  })
  if (kept === undefined) return
  throw new AppError('usage', `npm took ${kept} for itself`, {
    remedy: `put -- before the flags: npm run ${name} -- ${kept} …`,
  })
}

function commandOf<Options>(spec: CommandSpec<Options>, names: readonly SettingName[]): Command {
  const command = new Command(asTyped(`npm run ${spec.name} --`))
    .description(spec.summary)
    .version(versions(), '--version', 'print the versions of this tool, Node, the Spark client and the embedded Spark')
    .helpOption('--help', 'show this help')
    .addOption(new Option('--quiet', 'only warnings and errors on stderr').conflicts('debug'))
    .option('--debug', 'debug messages and stack traces on stderr')
    .option('--no-color', 'no colours, like NO_COLOR=1 or TERM=dumb')
    .showSuggestionAfterError(true)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError() {}, writeOut: (text) => void process.stdout.write(asTyped(text)) })
    .addHelpText('before', `Examples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}\n`)
    .addHelpText('after', `\nSettings (environment or .env):\n${settingsHelp(names)}\n\n${exitCodeHelp}`)
  spec.configure?.(command)
  for (const name of names) {
    const each: Setting<unknown> = settings[name]
    if (each.flag) command.option(each.flag, each.summary)
  }
  for (const option of command.options) sayWhatIsAllowed(option)
  return command
}

/** Gives invalid values of a flag the words that invalid settings have. */
function sayWhatIsAllowed(option: Option): void {
  const { parseArg, argChoices } = option
  if (parseArg === undefined) return
  option.parseArg = (text, previous) => {
    try {
      return parseArg(text, previous)
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error
      const allowed = argChoices ? oneOf(argChoices) : error.message
      throw new AppError('usage', `${option.long} is ${JSON.stringify(text)} but must be ${allowed}`, { cause: error })
    }
  }
}

const oneOf = (words: readonly string[]) =>
  [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' or ')

function settingsFlags(names: readonly SettingName[], options: Record<string, unknown>): Record<string, unknown> {
  const flags: Record<string, unknown> = {}
  for (const name of names) {
    const each: Setting<unknown> = settings[name]
    if (each.flag) flags[name] = options[flagProperty(each.flag)]
  }
  if (options.quiet || options.debug) flags.logLevel ??= options.debug ? 'debug' : 'warn'
  return flags
}

function settingsHelp(names: readonly SettingName[]): string {
  const width = Math.max(...names.map((name) => settings[name].env.length))
  return names.map((name) => `  ${settings[name].env.padEnd(width)}  ${settings[name].summary}`).join('\n')
}

const exitCodeHelp = `Exit codes: 0 done, ${Object.entries(exitCodes)
  .map(([kind, code]) => `${code} ${kind}`)
  .join(', ')}`
