import { type Command, Option } from 'commander'
import { duration, wholeNumber } from '../../lib/cli/index.ts'
import { databaseSettings, type SettingName, type Settings } from '../../lib/config.ts'
import {
  type EnrichOptions,
  optionalProviders,
  type Refresh,
  roles,
  serviceOptions,
  serviceSettings,
} from '../../lib/enrich/index.ts'

export interface EnrichFlags {
  readonly artists?: boolean
  readonly tracks?: boolean
  readonly limit?: number
  readonly dryRun?: boolean
  readonly refresh: Refresh
  readonly providers?: string[]
  readonly similar?: boolean
  /** Milliseconds. */
  readonly deadline?: number
  readonly strict?: boolean
  readonly json?: boolean
}

export const enrichSettings: readonly SettingName[] = [
  ...databaseSettings,
  'enrichContact',
  'overrides',
  'maxApiCalls',
  'apiTimeoutS',
  ...serviceSettings,
  'allowCustomHosts',
]

export const addEnrichFlags = (command: Command): Command =>
  command
    .addOption(new Option('--artists', 'only artists: names and pictures').conflicts('tracks'))
    .option('--tracks', 'only songs: ids and durations')
    .option('--limit <n>', 'only so many artists and songs, the most played ones', wholeNumber(1, 999_999_999))
    .option('--dry-run', 'print what a run would ask, and send nothing')
    .addOption(
      new Option('--refresh <what>', 'what is due, what failed (at once), or all')
        .choices(['due', 'failed', 'all'])
        .default('due'),
    )
    .addOption(new Option('--providers <names...>', 'ask these as well').choices(optionalProviders))
    .option(
      '--similar',
      `keep the similar artists that ${roles.listenerNames.limit.title} names (with its key); costs no request`,
    )
    .option('--deadline <time>', 'ask nothing new after this time: 90s, 30m, 2h', duration)
    .option('--strict', 'exit with 6 if anything failed or is left')
    .option('--json', 'print plan or summary as JSON')

/** What settings and flags want of a run. */
export function wantedBy(
  settings: Settings,
  flags: EnrichFlags,
): Omit<EnrichOptions, 'store' | 'decisions' | 'log' | 'version' | 'homepage' | 'signal'> {
  return {
    contact: settings.enrichContact,
    ...serviceOptions(settings),
    maxRequests: settings.maxApiCalls,
    timeoutMs: settings.apiTimeoutS === undefined ? undefined : settings.apiTimeoutS * 1000,
    allowCustomHosts: settings.allowCustomHosts,
    scope: flags.artists ? 'artists' : flags.tracks ? 'tracks' : 'both',
    refresh: flags.refresh,
    optional: flags.providers ?? [],
    similar: flags.similar ?? false,
    limit: flags.limit,
    deadlineMs: flags.deadline,
  }
}
