import type { Command } from 'commander'
import type { SettingName, SettingSources, Settings } from '../config.ts'
import type { Logger } from '../log.ts'
import type { Progress } from './progress.ts'

/** What a command's `run` is given. */
export interface CommandContext<Options> {
  /** Of this run; it stands on each line of JSON logs, and a job writes it into the table of runs. */
  readonly runId: string
  readonly startedAt: Date
  readonly settings: Settings
  /** The command's own flags, as commander names them. */
  readonly options: Options
  readonly args: readonly string[]
  readonly log: Logger
  readonly progress: Progress
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
  /** Adds figures of this run to the metrics that METRICS_FILE gets: rows by what became of them. */
  measure(figures: Readonly<Record<string, number>>): void
  /** Asks the person at the terminal, who says yes or no; undefined where there is none. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined
  /** Writes a line of data to stdout; everything else goes to stderr through `log` and `progress`. */
  print(text: string): void
}

/** A command: its name, help, flags and settings, and what it does. */
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
  /** The stages of a whole run, in order; each says then which of how many it is. */
  readonly stages?: readonly string[]
  /** Reads the settings. Default: `loadSettings`, which refuses invalid ones. */
  readonly loadSettings?: (sources: SettingSources) => Settings
  /** What a user is told who stopped it: what became of the work so far. Default: `stopped`. */
  readonly stopped?: string
  /** Does the work; to end with another exit code than 0 it throws an `AppError`. */
  run(context: CommandContext<Options>): Promise<void>
}
