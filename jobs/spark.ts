import { runCommand } from '../lib/cli/index.ts'
import { AppError } from '../lib/errors.ts'
import { keptServerText, stopKeptServer } from '../lib/spark/index.ts'

await runCommand({
  name: 'spark',
  summary: 'Shows or stops the embedded Spark that the last run has left for the next one (see SPARK_KEEP).',
  examples: ['npm run spark -- status', 'npm run spark -- stop'],
  settings: [],
  configure: (command) => void command.argument('[action]', 'status or stop', 'status'),
  async run({ args: [action = 'status'], print }) {
    if (action === 'status') print(await keptServerText())
    else if (action === 'stop') print(await stopKeptServer())
    else throw new AppError('usage', `unknown action ${JSON.stringify(action)}`, { remedy: 'write status or stop' })
  },
})
