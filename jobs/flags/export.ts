import { type Command, Option } from 'commander'
import { flagValue } from '../../lib/cli/index.ts'
import { didYouMean } from '../../lib/config.ts'
import { AppError } from '../../lib/errors.ts'
import { stdoutMark } from '../../lib/output.ts'
import { type Relation, relationNames } from '../../lib/store/index.ts'

export interface ExportFlags {
  readonly out: string
  readonly table?: readonly string[]
  readonly all?: true
  readonly raw?: boolean
  readonly format: 'csv' | 'jsonl' | 'parquet'
  readonly delimiter?: string
  readonly bom?: true
  readonly force?: boolean
}

/** What older users of the data know. */
export const usualTables: readonly Relation[] = ['music_records', 'artist_images', 'track_info', 'distinct_artists']

export const addExportFlags = (command: Command): Command =>
  command
    .option('--out <folder>', 'where the files go; - for one table to stdout', 'data/export')
    .option(
      '--table <name...>',
      `instead of the usual ones; there are ${relationNames.join(', ')}, and those of your own jobs`,
    )
    .option('--all', 'every table')
    .addOption(
      new Option('--format <format>', 'JSON lines and Parquet keep types')
        .choices(['csv', 'jsonl', 'parquet'])
        .default('csv'),
    )
    .option('--delimiter <mark>', 'between the fields of CSV (default: a comma)', delimiter)
    .option('--bom', 'a byte order mark before CSV, by which Excel recognises UTF-8')
    .option('--raw', 'leave texts that a spreadsheet would run as formulas as they are')
    .option('--force', 'replace files that no export made')

const marks: Readonly<Record<string, string>> = { ',': ',', ';': ';', '|': '|', tab: '\t', '\\t': '\t', '\t': '\t' }
const delimiter = flagValue('",", ";", "|" or tab', (text) => marks[text])

/** How files are written. *Errors:* AppError `usage` for flags of CSV with another format. */
export function exportForm({ format, delimiter: mark, bom }: ExportFlags) {
  if (format !== 'csv' && (mark !== undefined || bom)) {
    throw new AppError('usage', `${mark === undefined ? '--bom' : '--delimiter'} is for CSV, not for ${format}`, {
      remedy: 'leave it out, or leave out --format',
    })
  }
  return { format, ...(mark === undefined ? {} : { delimiter: mark }), bom: bom === true }
}

/** The tables that the flags name, of those that there are. *Errors:* AppError `usage` for unknown ones, and for several of them to stdout. */
export function exportedTables({ all, table, out }: ExportFlags, known: readonly string[]): readonly string[] {
  const names = all ? known : (table?.map((name) => relation(name, known)) ?? usualTables)
  if (out !== stdoutMark || names.length === 1) return names
  throw new AppError('usage', `--out - writes one table, not ${names.length}`, {
    remedy: 'npm run -s export -- --table plays --out -',
  })
}

function relation(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name
  const meant = didYouMean(name, known)
  throw new AppError('usage', `unknown table "${name}"${meant ? `; did you mean ${meant}?` : ''}`, {
    place: '--table',
    remedy: `there are ${known.join(', ')}`,
  })
}
