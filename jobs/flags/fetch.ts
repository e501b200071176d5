import type { Command } from 'commander'
import { byteCount, wholeNumber } from '../../lib/cli/index.ts'

export interface FetchFlags {
  readonly url: string
  readonly out: string
  readonly maxBytes: number
  readonly tries: number
  readonly renew?: true
  readonly force?: true
  readonly json?: true
}

// FiveThirtyEight's log of what 25 classic-rock stations of the US played in a week of June 2014 (CC BY 4.0).
const publisher = 'https://raw.githubusercontent.com/fivethirtyeight/data/master/classic-rock/classic-rock-raw-data.csv'

export const addFetchFlags = (command: Command): Command =>
  command
    .option('--url <address>', 'the address of the file', publisher)
    .option('--out <file>', 'where it goes', 'data/input/classic-rock-raw-data.csv')
    .option('--max-bytes <size>', 'refuse a larger file, such as 2GB', byteCount, 200_000_000)
    .option('--tries <n>', 'tries without progress before giving up', wholeNumber(1, 100), 5)
    .option('--renew', 'fetch it again and remember the checksum of what comes now')
    .option('--force', 'replace a file that was not fetched')
    .option('--json', 'print the result as JSON, with a version field')
