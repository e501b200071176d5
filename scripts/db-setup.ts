import { runCommand } from '../lib/cli/index.ts'
import { databaseUrl } from '../lib/config.ts'
import { openStore } from '../lib/store/index.ts'
import { table } from '../lib/terminal.ts'

interface Options {
  readonly drop?: string
}

await runCommand<Options>({
  name: 'db:setup',
  summary: 'Makes the tables of a new database, or brings those of an older version up to date; data stays.',
  examples: [
    'npm run db:setup',
    'npm run db:setup -- --database-url postgres://me@localhost/radio_plays',
    'npm run db:setup -- --drop weekly_chart',
  ],
  settings: ['databaseUrl', 'databaseType', 'dbHost', 'dbPort', 'dbName', 'dbUser', 'dbPassword'],
  configure: (command) => command.option('--drop <table>', 'remove a table that a job of your own has made'),
  async run({ runId, settings, options, log, print }) {
    const store = await openStore(databaseUrl(settings), { log })
    try {
      if (options.drop !== undefined) {
        await store.lock({ runId, job: 'db:setup' })
        await store.dropOwnTable(options.drop)
      }
      const counts = await store.counts()
      print(`Database: ${store.address}`)
      print(table(Object.entries(counts).map(([name, rows]) => [name, rows])))
    } finally {
      await store.close()
    }
  },
})
