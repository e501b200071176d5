import { runCommand } from '../lib/cli/index.ts'
import { fetchFile } from '../lib/download/index.ts'
import { bytes } from '../lib/terminal.ts'
import { addFetchFlags, type FetchFlags } from './flags/fetch.ts'

await runCommand<FetchFlags>({
  name: 'data:fetch',
  summary:
    'Fetches the public file of plays, once: resumes, tries again, verifies its checksum, never leaves half a file.',
  examples: [
    'npm run data:fetch',
    'npm run data:fetch -- --renew',
    'npm run data:fetch -- --url https://example.org/log.csv --out data/input/log.csv',
  ],
  settings: [],
  configure: addFetchFlags,
  async run({ options, log, progress, signal, print }) {
    const { url, out, maxBytes, tries, renew = false, force = false } = options
    const file = await progress.stage('fetch', (stage) =>
      fetchFile({
        url,
        target: out,
        maxBytes,
        tries,
        renew,
        force,
        log,
        signal,
        onProgress: (done, total) => stage.note(total === null ? bytes(done) : `${bytes(done)} of ${bytes(total)}`),
      }),
    )
    if (options.json) return print(JSON.stringify({ version: 1, ...file }))
    const resumed = file.resumedBytes > 0 ? ` (went on after ${bytes(file.resumedBytes)})` : ''
    const what = file.outcome === 'present' ? 'was there already' : `fetched${resumed}`
    print(`${file.path}: ${bytes(file.bytes)}, ${what}, checksum ${file.checksum}`)
    print(`sha256 ${file.sha256}`)
    print(`\nNext: npm run job:aggregate -- --input ${file.path}`)
  },
})
