import { runCommand } from '../lib/cli/index.ts'
import { databaseSettings, databaseUrl } from '../lib/config.ts'
import { statisticsText } from '../lib/explore/index.ts'
import { openReadOnly, statistics } from '../lib/store/index.ts'
import { addStatsFlags, type StatsFlags } from './flags/stats.ts'

await runCommand<StatsFlags>({
  name: 'stats',
  summary: 'Prints what is in the database: records, look-ups, rankings of artists, records of each station.',
  examples: ['npm run stats', 'npm run stats -- --json', 'npm run stats -- --top 25'],
  settings: databaseSettings,
  configure: addStatsFlags,
  async run({ settings, options, log, print }) {
    await using store = await openReadOnly(databaseUrl(settings), { log })
    const found = await store.snapshot((reader) => statistics(reader, { top: options.top }))
    if (options.json) return print(JSON.stringify({ version: 1, database: store.address, ...found }))
    print(`${statisticsText(found)}\n\nDatabase: ${store.address}`)
  },
})
