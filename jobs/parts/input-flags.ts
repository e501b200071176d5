import { relative } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { byteCount, pairs } from '../../lib/cli.ts'
import { AppError } from '../../lib/errors.ts'
import { holdsInput } from '../../lib/input/index.ts'
import { type Delimiter, delimiters } from '../../lib/model/dialect.ts'

// What `data:fetch` brought, else the sample that comes with the project.
const fetched = 'data/input'
const sample = relative(process.cwd(), new URL('../../sample/plays.csv', import.meta.url).pathname)

/** The flags that say what is read, and how: those of `InputOptions`, `--input` and `--station`. */
export function inputFlags(command: Command): Command {
  return command
    .option('--input <path...>', 'files, folders, globs or URIs (default: what data:fetch brought, else the sample)')
    .option('--map <column=field>', 'what a column with a strange name is: artist, title, station, time, …', pairs)
    .option('--station <call sign>', 'the station of rows that name none')
    .option('--encoding <name>', 'encoding of all files, such as windows-1252 (default: told from the bytes)')
    .option('--delimiter <mark>', 'what separates the columns: ";", ",", "|" or tab', delimiter)
    .option('--no-header', 'the first line is a play')
    .option('--max-bytes <n>', 'refuse a file with more bytes, unpacked, such as 2GB', byteCount)
    .option('--allow-empty', 'take an input without plays as such')
}

/**
 * The patterns of `--input`, or what there is without it. *Errors:* `AppError('usage')` if only the sample is there and is to be
 * appended: made-up plays are for a look at the product, not for a database that has plays already.
 */
export async function inputPatterns(options: {
  readonly input?: string[]
  readonly append?: boolean
}): Promise<string[]> {
  const { input, append } = options
  if (input) return input
  if (await holdsInput(fetched)) return [fetched]
  if (append) throw new AppError('usage', '--append needs an input', { remedy: 'name new logs with --input' })
  return [sample]
}

function delimiter(text: string): Delimiter {
  const mark = delimiters.find((each) => each === (text === 'tab' || text === '\\t' ? '\t' : text))
  if (mark === undefined) throw new InvalidArgumentError('It must be ";", ",", "|" or tab.')
  return mark
}
