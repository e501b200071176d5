import { runCommand } from '../lib/cli/index.ts'
import { databaseUrl } from '../lib/config.ts'
import { AppError } from '../lib/errors.ts'
import { copyDatabase, copyFromContainers, copyToContainers, isContainers } from '../lib/store/index.ts'
import { table } from '../lib/terminal.ts'

interface Options {
  readonly from?: string
  readonly to?: string
  readonly replace?: true
}

await runCommand<Options>({
  name: 'db:copy',
  summary:
    'Copies all tables from one database to another, between SQLite and Postgres too, and compares rows and hashes.',
  examples: [
    'npm run db:copy -- --to sqlite:backup.db',
    'npm run db:copy -- --from docker --to sqlite:data/from-containers.db',
    'npm run db:copy -- --from postgres://me@localhost/radio_plays --to sqlite:data/plays.db --replace',
  ],
  settings: ['databaseUrl', 'databaseType', 'dbHost', 'dbPort', 'dbName', 'dbUser', 'dbPassword'],
  configure: (command) =>
    command
      .option(
        '--from <url>',
        'the database to read: an address, docker (of the containers here) or docker:VOLUME (default: the settings)',
      )
      .option('--to <url>', 'the database to write, named likewise (default: the settings)')
      .option('--replace', 'replace what the target holds'),
  async run({ settings, options, log, progress, signal, print }) {
    if (options.from === undefined && options.to === undefined) {
      throw new AppError('usage', 'neither --from nor --to is given', {
        remedy: 'name the other database with one of them',
      })
    }
    const [from, to] = [options.from ?? databaseUrl(settings), options.to ?? databaseUrl(settings)]
    if (isContainers(from) && isContainers(to)) {
      throw new AppError('usage', 'both --from and --to are containers', {
        remedy: 'copy by way of a file of this machine',
      })
    }
    const tables = await progress.stage('copy', (stage) => {
      const done = new Map<string, number>()
      const copying = {
        log,
        signal,
        replace: options.replace ?? false,
        onRows(name: string, rows: number) {
          done.set(name, rows)
          stage.rows([...done.values()].reduce((sum, each) => sum + each, 0))
        },
      }
      if (isContainers(from)) return copyFromContainers(from, to, copying)
      return isContainers(to) ? copyToContainers(from, to, copying) : copyDatabase(from, to, copying)
    })
    print(table([['table', 'rows', 'sha-256'], ...tables.map((each) => [each.table, each.rows, each.sha256])], 100))
    print('Rows and hashes of both databases are equal.')
  },
})
