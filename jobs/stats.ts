import { runCommand } from '../lib/cli/index.ts'
import { databaseSettings, databaseUrl } from '../lib/config.ts'
import { stationText, statisticsText } from '../lib/explore/index.ts'
import { readMusicFacts, readPlayLog, stationViews } from '../lib/stations/index.ts'
import { openReadOnly, statistics } from '../lib/store/index.ts'
import { addStatsFlags, type StatsFlags, stationNamed } from './flags/stats.ts'

await runCommand<StatsFlags>({
  name: 'stats',
  summary: 'Prints what is in the database: plays, look-ups, rankings of artists; or how one station sounds.',
  examples: [
    'npm run stats',
    'npm run stats -- --json',
    'npm run stats -- --top 25',
    'npm run stats -- --station WBON --timezone America/New_York',
  ],
  settings: [...databaseSettings, 'timezone'],
  configure: addStatsFlags,
  async run({ settings, options, log, signal, print }) {
    await using store = await openReadOnly(databaseUrl(settings), { log })
    const { timezone } = settings
    if (options.station !== undefined) {
      const name = options.station
      const { view, clock } = await store.snapshot(async (reader) => {
        const plays = await readPlayLog(reader, { timezone, signal })
        const facts = await readMusicFacts(reader)
        return { view: stationViews(plays, { facts })(stationNamed(plays, name)), clock: plays.clock }
      })
      if (options.json) return print(JSON.stringify({ version: 1, database: store.address, timezone, ...view }))
      return print(`${stationText(view, clock)}\n\nTimes are in ${timezone}. Database: ${store.address}`)
    }
    const found = await store.snapshot((reader) => statistics(reader, { top: options.top }))
    if (options.json) return print(JSON.stringify({ version: 1, database: store.address, ...found }))
    print(`${statisticsText(found)}\n\nDatabase: ${store.address}`)
  },
})
