import { runCommand } from '../lib/cli/index.ts'
import { databaseUrl } from '../lib/config.ts'
import { openStore } from '../lib/store/index.ts'
import { table } from '../lib/terminal.ts'

await runCommand({
  name: 'db:setup',
  summary: 'Makes the tables of a new database, or brings those of an older version up to date; data stays.',
  examples: ['npm run db:setup', 'npm run db:setup -- --database-url postgres://me@localhost/radio_plays'],
  settings: ['databaseUrl', 'databaseType', 'dbHost', 'dbPort', 'dbName', 'dbUser', 'dbPassword'],
  async run({ settings, log, print }) {
    const store = await openStore(databaseUrl(settings), { log })
    try {
      const counts = await store.counts()
      print(`Database: ${store.address}`)
      print(table(Object.entries(counts).map(([name, rows]) => [name, rows])))
    } finally {
      await store.close()
    }
  },
})
