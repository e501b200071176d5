import type { Command } from 'commander'
import { flagValue, wholeNumber } from '../../lib/cli/index.ts'
import { type ActionOptions, actionUsage } from '../../lib/explore/index.ts'

export interface ExploreFlags extends ActionOptions {
  readonly port: number
  readonly csv?: true
  readonly json?: true
}

export const exploreUsage: readonly string[] = [...actionUsage, 'serve']

export const addExploreFlags = (command: Command): Command =>
  command
    .argument('<what...>', exploreUsage.join(' | '))
    .option('--limit <n>', 'most rows', wholeNumber(1, 100_000), 50)
    .option('--timeout <time>', 'most time of a question: 500ms, 30s, 2m (default: 1s for sql and serve)', questionTime)
    .option('--where <column=value>', 'only rows with this value; may be repeated (sample, facets)', repeated)
    .option('--sort <column>', 'by this column, -COLUMN for descending (sample)')
    .option('--max-score <percent>', 'only doubts of at most this score (review)', wholeNumber(0, 100))
    .option('--port <n>', 'port of serve (default: a free one)', wholeNumber(0, 65_535), 0)
    .option('--csv', 'print CSV')
    .option('--json', 'print JSON, with a version field')

const repeated = (value: string, before: readonly string[] = []) => [...before, value]

const milliseconds: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000 }

/** In milliseconds, which a bare number is, too. */
const questionTime = flagValue('a time from 1ms to 10m, such as 500ms or 30s', (text) => {
  const [, amount, unit = ''] = /^(\d{1,6})(ms|s|m)?$/.exec(text) ?? []
  const ms = Number(amount) * milliseconds[unit]!
  return ms >= 1 && ms <= 600_000 ? ms : undefined
})
