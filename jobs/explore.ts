import { runCommand } from '../lib/cli/index.ts'
import { databaseSettings, databaseUrl } from '../lib/config.ts'
import { answerOnce, Sandbox, sandboxOptions, serveUntil } from '../lib/explore/index.ts'
import { usualOverrides } from '../lib/input/index.ts'
import { openReadOnly } from '../lib/store/index.ts'
import { addExploreFlags, type ExploreFlags, exploreUsage } from './flags/explore.ts'

await runCommand<ExploreFlags>({
  name: 'explore',
  summary: `Looks around in the database, read only: ${exploreUsage.join(', ')} (pages; doubtful names are decided there).`,
  examples: [
    'npm run explore -- tables',
    'npm run explore -- search "led zep"',
    'npm run explore -- facets plays callsign --where first_play=1',
    'npm run explore -- explain artist BTO',
    `npm run explore -- sql "select callsign, count(*) from plays group by 1" --csv`,
    'npm run explore -- serve',
  ],
  settings: [...databaseSettings, 'timezone', 'overrides'],
  configure: addExploreFlags,
  async run({ settings, options, args, log, print, signal }) {
    const url = databaseUrl(settings)
    // Whether it can be opened at all is said before a process is started for it.
    const store = await openReadOnly(url, { log })
    await store.close()
    const serving = args[0] === 'serve' && args.length === 1
    using sandbox = new Sandbox(url, sandboxOptions(serving, options.timeout))
    if (serving) {
      const { timezone, overrides = usualOverrides } = settings
      const page = { port: options.port, database: store.address, timezone, overrides, log }
      return await serveUntil(signal, sandbox, { ...page, onReady: print })
    }
    const { text, more } = await answerOnce(sandbox, args, options)
    print(text)
    if (more) log.warn(`there are more rows; --limit ${options.limit} was reached`)
  },
})
