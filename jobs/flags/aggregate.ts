import { type Command, Option } from 'commander'
import { numberWithin } from '../../lib/cli/index.ts'
import { databaseSettings, lakeSettings, type SettingName, sparkSettings } from '../../lib/config.ts'
import type { InputOptions } from '../../lib/load/index.ts'
import { addInputFlags } from './input.ts'

export interface AggregateFlags extends InputOptions {
  readonly append?: boolean
  readonly rerun?: boolean
  readonly yes?: boolean
  /** Percent. */
  readonly maxQuarantine: number
  readonly write: 'stream' | 'executors'
  readonly json?: boolean
  readonly inspect?: boolean
  readonly dateOrder?: 'mdy' | 'dmy'
}

export const aggregateSettings: readonly SettingName[] = [
  ...sparkSettings,
  ...databaseSettings,
  'databaseWaitS',
  'executorDatabaseUrl',
  'timezone',
  'fuzzyThreshold',
  'overrides',
  ...lakeSettings,
]

/** What every run goes through; `--append` and `--lake` add a stage of their own. */
export const aggregateStages: readonly string[] = ['inspect', 'spark', 'read', 'repair', 'resolve', 'load', 'publish']

export const addAggregateFlags = (command: Command): Command =>
  addInputFlags(command)
    .option('--inspect', 'only say how the input will be read, and why so; without Spark, in a second')
    .option(
      '--append',
      'add the input to the plays that are there (default: the tables become those of the input alone)',
    )
    .option('--rerun', 'run even if input, settings and names are those of the last run')
    .option('--yes', 'do not ask before plays of files that are not among the input are taken away')
    .option(
      '--max-quarantine <percent>',
      'refuse the whole input if more of its rows are refused',
      numberWithin(0, 100),
      5,
    )
    .addOption(
      new Option('--write <how>', 'who brings the rows to the database; executors: Postgres only')
        .choices(['stream', 'executors'])
        .default('stream'),
    )
    .option('--json', 'print the summary, or what --inspect finds, as JSON')
