import { runCommand } from '../lib/cli.ts'
import { fetchFile } from '../lib/download/index.ts'
import { wholeNumber } from '../lib/flags.ts'
import { bytes } from '../lib/terminal.ts'

interface Options {
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

await runCommand<Options>({
  name: 'data:fetch',
  summary:
    'Fetches the public file of plays, once: resumes, tries again, verifies its checksum, never leaves half a file.',
  examples: [
    'npm run data:fetch',
    'npm run data:fetch -- --renew',
    'npm run data:fetch -- --url https://example.org/log.csv --out data/input/log.csv',
  ],
  settings: [],
  configure: (command) =>
    command
      .option('--url <address>', 'the address of the file', publisher)
      .option('--out <file>', 'where it goes', 'data/input/classic-rock-raw-data.csv')
      .option('--max-bytes <n>', 'refuse a larger file', wholeNumber('--max-bytes', 1, 1e12), 200_000_000)
      .option('--tries <n>', 'tries without progress before giving up', wholeNumber('--tries', 1, 100), 5)
      .option('--renew', 'fetch it again and remember the checksum of what comes now')
      .option('--force', 'replace a file that was not fetched')
      .option('--json', 'print the result as JSON, with a version field'),
  async run({ options, log, progress, signal, print }) {
    const { url, out, maxBytes, tries } = options
    const file = await progress.stage('fetch', (stage) =>
      fetchFile({
        url,
        target: out,
        maxBytes,
        tries,
        renew: options.renew ?? false,
        force: options.force ?? false,
        log,
        signal,
        onProgress: (done, total) => stage.note(total === null ? bytes(done) : `${bytes(done)} of ${bytes(total)}`),
      }),
    )
    if (options.json) return print(JSON.stringify({ version: 1, ...file }))
    const what = file.outcome === 'present' ? 'was there already' : `fetched${resumed(file.resumedBytes)}`
    print(`${file.path}: ${bytes(file.bytes)}, ${what}, checksum ${file.checksum}`)
    print(`sha256 ${file.sha256}`)
    print(`\nNext: npm run job:aggregate -- --input ${file.path}`)
  },
})

function resumed(kept: number): string {
  return kept > 0 ? ` (went on after ${bytes(kept)})` : ''
}
