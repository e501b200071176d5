import { type Command, Option } from 'commander'
import { byteCount, flagValue, pairs } from '../../lib/cli/index.ts'
import { type Delimiter, delimiters } from '../../lib/model/dialect.ts'

/** The flags that say what is read, and how: those of `InputOptions`. */
export function addInputFlags(command: Command): Command {
  return command
    .argument('[path...]', 'the same as --input')
    .option(
      '--input <path...>',
      'files (also .gz, .zip and .xlsx), folders, globs, http(s) addresses or URIs that Spark reads (default: what data:fetch brought, else the sample)',
    )
    .option('--map <column=field>', 'what a column with a strange name is: artist, title, station, time, …', pairs)
    .option('--station <name>', 'the station of rows that name none')
    .option(
      '--encoding <name>',
      'encoding of all files: utf-8, utf-16le, windows-1250, -1251, -1252, iso-8859-2, koi8-r, macintosh, cp850, cp437, shift_jis, gbk … (default: told from the bytes)',
    )
    .option('--sheet <name>', 'the sheet of Excel files (default: the first)')
    .option('--delimiter <mark>', 'what separates the columns: ";", ",", "|" or tab', delimiter)
    .option('--no-header', 'the first line is a play')
    .addOption(
      new Option(
        '--date-order <order>',
        'of days like 01/02/2011: mdy or dmy (default: as other dates show it)',
      ).choices(['mdy', 'dmy']),
    )
    .option('--skip-bad', 'leave out the files that cannot be read')
    .option('--max-bytes <size>', 'refuse a file with more bytes, unpacked, such as 2GB', byteCount)
    .option('--allow-empty', 'take an input without plays as such')
}

const delimiter = flagValue<Delimiter>('";", ",", "|" or tab', (text) =>
  delimiters.find((each) => each === (text === 'tab' || text === '\\t' ? '\t' : text)),
)
