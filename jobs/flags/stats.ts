import type { Command } from 'commander'
import { wholeNumber } from '../../lib/cli/index.ts'

export interface StatsFlags {
  readonly top: number
  readonly json?: true
}

export const addStatsFlags = (command: Command): Command =>
  command
    .option('--top <n>', 'names in each ranking', wholeNumber(1, 1000), 10)
    .option('--json', 'print it as JSON, with a version field')
