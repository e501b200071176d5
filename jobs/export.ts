import { runCommand } from '../lib/cli.ts'
import { databaseUrl, didYouMean } from '../lib/config.ts'
import { AppError } from '../lib/errors.ts'
import { type CsvFile, writeCsv, writeCsvFiles } from '../lib/export/index.ts'
import { stdoutMark } from '../lib/output.ts'
import { openReadOnly, type Relation, relationNames } from '../lib/store/index.ts'
import { bytes, count, table } from '../lib/terminal.ts'

interface Options {
  readonly out: string
  readonly table?: readonly string[]
  readonly all?: true
  readonly raw?: true
  readonly force?: true
}

// What older users of the data know.
const usual: readonly Relation[] = ['music_records', 'artist_images', 'track_info', 'distinct_artists']
// Wide tables are shown with as many columns as fit a terminal.
const shownColumns = 6

await runCommand<Options>({
  name: 'export',
  summary: `Writes tables as CSV files with a manifest of rows and checksums: ${usual.join(', ')}, or others by name.`,
  examples: [
    'npm run export',
    'npm run export -- --out /data/radio --all',
    'npm run export -- --table plays --table quarantined_plays',
    'npm run export -- --raw',
    'npm run -s export -- --table plays --out - | head',
  ],
  settings: ['databaseUrl', 'databaseType', 'dbHost', 'dbPort', 'dbName', 'dbUser', 'dbPassword'],
  configure: (command) =>
    command
      .option('--out <folder>', 'where the files go; - for one table to stdout', 'data/export')
      .option('--table <name...>', `instead of the usual ones; there are ${relationNames.join(', ')}`)
      .option('--all', 'every table')
      .option('--raw', 'leave texts that a spreadsheet would run as formulas as they are')
      .option('--force', 'replace files that no export made'),
  async run({ settings, options, log, progress, signal, print }) {
    const names = options.all ? relationNames : (options.table ?? usual).map(relation)
    const toStdout = options.out === stdoutMark
    if (toStdout && names.length !== 1) {
      throw new AppError('usage', `--out - writes one table, not ${names.length}`, {
        remedy: 'npm run -s export -- --table plays --out -',
      })
    }
    const store = await openReadOnly(databaseUrl(settings), { log })
    try {
      const files = await store.snapshot((reader) =>
        progress.stage('export', async (stage) => {
          const total = await reader.counts(names)
          const expected = names.reduce((sum, name) => sum + Number(total[name]), 0)
          const done = new Map<string, number>()
          const tables = names.map((name) => ({ name, columns: reader.columns(name), batches: reader.batches(name) }))
          const how = {
            raw: options.raw ?? false,
            force: options.force ?? false,
            signal,
            onRows(name: string, rows: number) {
              done.set(name, rows)
              stage.rows(
                [...done.values()].reduce((sum, each) => sum + each, 0),
                expected,
              )
            },
          }
          return toStdout ? [await writeCsv(tables[0]!, how)] : writeCsvFiles(options.out, tables, how)
        }),
      )
      if (toStdout) return
      for (const file of files) print(described(file))
      print(`${files.length} files and manifest.json in ${options.out}`)
    } finally {
      await store.close()
    }
  },
})

function relation(name: string): Relation {
  const known = relationNames.find((each) => each === name)
  if (known) return known
  const meant = didYouMean(name, relationNames)
  throw new AppError('usage', `there is no table "${name}"${meant ? `; did you mean ${meant}?` : ''}`, {
    place: '--table',
    remedy: `there are ${relationNames.join(', ')}`,
  })
}

function described(file: CsvFile): string {
  const guarded = file.guardedCells > 0 ? `, ${count(file.guardedCells)} cells made safe` : ''
  const more = file.columns.length - shownColumns
  const header = file.columns.slice(0, shownColumns)
  const rows = [header, ...file.head.map((row) => row.slice(0, shownColumns))]
  const head = table(rows, 24).replace(/^/gm, '  ')
  const rest = more > 0 ? `\n  … and ${more} more columns` : ''
  return `${file.name}: ${count(file.rows)} rows, ${bytes(file.bytes)}${guarded}\n${head}${rest}\n`
}
