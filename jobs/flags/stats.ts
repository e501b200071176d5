import type { Command } from 'commander'
import { wholeNumber } from '../../lib/cli/index.ts'
import { didYouMean } from '../../lib/config.ts'
import { AppError } from '../../lib/errors.ts'
import type { PlayLog, StationLog } from '../../lib/stations/index.ts'

export interface StatsFlags {
  readonly top: number
  readonly json?: true
  readonly station?: string
}

export const addStatsFlags = (command: Command): Command =>
  command
    .option('--top <n>', 'names in each ranking', wholeNumber(1, 1000), 10)
    .option('--station <name>', 'how one station sounds: turnover, repeats, separation, parts of the day, silences, …')
    .option('--json', 'print it as JSON, with a version field')

/** The station that a flag names, in any case of letters. *Errors:* AppError `usage`, with what was meant. */
export function stationNamed({ stations }: PlayLog, name: string): StationLog {
  const found =
    stations.find(({ callsign }) => callsign === name) ??
    stations.find(({ callsign }) => callsign.toLowerCase() === name.toLowerCase())
  if (found) return found
  const names = stations.map(({ callsign }) => callsign)
  const meant = didYouMean(name, names)
  throw new AppError('usage', `no station is named "${name}"${meant ? `; did you mean ${meant}?` : ''}`, {
    place: '--station',
    remedy:
      names.length > 0
        ? `there are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`
        : 'npm run job:aggregate loads plays',
  })
}
