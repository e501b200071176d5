import type { Command } from 'commander'
import { wholeNumber } from '../../lib/cli/index.ts'
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
    .option('--timeout <ms>', 'most time of a question (default: 1000 for sql and serve)', wholeNumber(1, 600_000))
    .option('--where <column=value>', 'only rows with this value; may be repeated (sample, facets)', repeated)
    .option('--sort <column>', 'by this column, -COLUMN for descending (sample)')
    .option('--max-score <percent>', 'only doubts of at most this score (review)', wholeNumber(0, 100))
    .option('--port <n>', 'port of serve (default: a free one)', wholeNumber(0, 65_535), 0)
    .option('--csv', 'print CSV')
    .option('--json', 'print JSON, with a version field')

const repeated = (value: string, before: readonly string[] = []) => [...before, value]
