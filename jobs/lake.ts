import { lakeText, runCommand } from '../lib/cli/index.ts'
import { databaseSettings, databaseUrl, lakeSettings, sparkSettings } from '../lib/config.ts'
import { AppError } from '../lib/errors.ts'
import { writeLake } from '../lib/lake/index.ts'
import { openReadOnly, openStore } from '../lib/store/index.ts'
import { addLakeFlags, type LakeFlags } from './flags/lake.ts'

await runCommand<LakeFlags>({
  name: 'lake',
  summary:
    'Writes the published tables as Parquet into a lake, a folder or an address that Spark can write: a new version.',
  examples: [
    'npm run lake -- --lake data/lake',
    'npm run lake -- --lake s3a://bucket/radio --spark-remote sc://spark:15002',
    'npm run lake -- --rerun --json',
  ],
  settings: [...sparkSettings, ...databaseSettings, ...lakeSettings],
  configure: addLakeFlags,
  stopped: 'stopped; the lake is as it was',
  async run(context) {
    const { runId, settings, options, log, print } = context
    const url = databaseUrl(settings)
    // A database that is not there is an error, not to be made.
    await (await openReadOnly(url, { log })).close()
    await using store = await openStore(url, { log })
    await store.lock({ runId, job: 'lake' })
    const { lake } = await writeLake(store, context)
    if (lake === undefined) {
      throw new AppError('usage', 'there is no lake to write', { remedy: 'name one: npm run lake -- --lake data/lake' })
    }
    print(options.json ? JSON.stringify({ version: 1, database: store.address, lake }) : lakeText(lake))
  },
})
