import { runCommand } from '../lib/cli.ts'
import { databaseUrl } from '../lib/config.ts'
import {
  type ActionOptions,
  actionOf,
  actionUsage,
  defaultLimitMs,
  patientMs,
  rendered,
  Sandbox,
  serveExplorer,
} from '../lib/explore/index.ts'
import { wholeNumber } from '../lib/flags.ts'
import { openReadOnly } from '../lib/store/index.ts'

interface Options extends ActionOptions {
  readonly port: number
  readonly csv?: true
  readonly json?: true
}

const usage = [...actionUsage, 'serve']

await runCommand<Options>({
  name: 'explore',
  summary: `Looks around in the database, read only: ${usage.join(', ')}.`,
  examples: [
    'npm run explore -- tables',
    'npm run explore -- search "led zep"',
    'npm run explore -- facets plays callsign --where first_play=1',
    'npm run explore -- explain artist BTO',
    `npm run explore -- sql "select callsign, count(*) from plays group by 1" --csv`,
    'npm run explore -- serve',
  ],
  settings: ['databaseUrl', 'databaseType', 'dbHost', 'dbPort', 'dbName', 'dbUser', 'dbPassword', 'timezone'],
  configure: (command) =>
    command
      .argument('<what...>', usage.join(' | '))
      .option('--limit <n>', 'most rows', wholeNumber('--limit', 1, 100_000), 50)
      .option(
        '--timeout <ms>',
        'most time of a question (default: 1000 for sql and serve)',
        wholeNumber('--timeout', 1, 600_000),
      )
      .option('--where <column=value>', 'only rows with this value (sample, facets)')
      .option('--max-score <percent>', 'only doubts of at most this score (review)', wholeNumber('--max-score', 0, 100))
      .option('--port <n>', 'port of serve (default: a free one)', wholeNumber('--port', 0, 65_535), 0)
      .option('--csv', 'print CSV')
      .option('--json', 'print JSON, with a version field'),
  async run({ settings, options, args, log, print, signal }) {
    const url = databaseUrl(settings)
    // Whether it can be opened at all is said before a process is started for it.
    const store = await openReadOnly(url, { log })
    await store.close()
    const serving = args[0] === 'serve' && args.length === 1
    const limitMs = options.timeout ?? (serving ? defaultLimitMs : patientMs)
    const sandbox = new Sandbox(url, { workers: serving ? 2 : 1, limitMs })
    try {
      if (serving) {
        const server = await serveExplorer(sandbox, {
          port: options.port,
          database: store.address,
          timezone: settings.timezone,
          log,
        })
        print(server.url)
        log.info('open it in a browser; Ctrl-C ends it')
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        return await server.close()
      }
      const [action, words] = actionOf(args)
      const result = await action.run((question, asked, ms) => sandbox.ask(question, asked, ms), words, options)
      print(rendered(result, options.json ? 'json' : options.csv ? 'csv' : 'text'))
      if (result.more) log.warn(`there are more rows; --limit ${options.limit} was reached`)
    } finally {
      sandbox.close()
    }
  },
})
