import { existsSync } from 'node:fs'
import { runCommand } from '../../../lib/cli/index.ts'
import { openStore } from '../../../lib/store/index.ts'
import { dataset, run } from './dataset.ts'

/*
 * A command that loads and sums up as job:aggregate does, without Spark: `node load-command.ts URL SEED STEP FILE`.
 * At the step of that name it says so, and does nothing until the file is there; its words and exit code are those of any command.
 */
const [url, seed, wanted, goFile] = process.argv.splice(2)

await runCommand({
  name: 'load-command',
  summary: 'Loads.',
  examples: [],
  settings: [],
  stopped: 'stopped; nothing was published',
  async run({ runId, log, print }) {
    const onStep = (step: string) => {
      if (step !== wanted) return
      process.stdout.write(`at ${step}\n`)
      while (!existsSync(goFile!)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    }
    const store = await openStore(url!, { log, onStep })
    await using cleanup = new AsyncDisposableStack()
    cleanup.defer(() => store.close())
    await run(store, dataset({ plays: 300, seed: Number(seed) }), runId)
    onStep('summary')
    const { plays } = await store.snapshot(async (reader) => {
      const totals = await reader.totals()
      onStep('summary begun')
      await reader.topArtists()
      return totals
    })
    print(`summary ${plays}`)
    onStep('end')
  },
})
