import { explainColumns, type InspectedFile } from '../input/index.ts'
import { shellWord } from '../terminal.ts'
import type { ReadingOptions } from './find-plays.ts'

/**
 * The command line that says all that is known of how some files of one dialect are read. Run as it is, it reads the same; to read
 * them otherwise, change a word of it. With `append` it leaves the plays that are there; `named` are the words that named these
 * files, where they name no others.
 */
export function pasteLine(
  files: readonly InspectedFile[],
  options: ReadingOptions & { readonly append?: boolean; readonly named?: readonly string[] | undefined },
): string {
  const [file] = files
  if (!file) return ''
  const words = [
    'npm run job:aggregate --',
    ...(options.append ? ['--append'] : []),
    '--input',
    ...(options.named?.length ? options.named : files.map(({ label }) => label)).map(shellWord),
  ]
  words.push(...encodingWords(files))
  if (file.decoding.kind === 'format' && file.decoding.sheet) words.push('--sheet', shellWord(file.decoding.sheet))
  if (file.decoding.kind !== 'format') words.push('--delimiter', delimiterWord(file.dialect.delimiter))
  if (!file.dialect.hasHeader) words.push('--no-header')
  const columns = explainColumns(file, options.map)
  for (const { field, mapName } of columns) if (field) words.push('--map', shellWord(`${mapName}=${field}`))
  for (const { field, mapName, why } of columns) {
    if (field === null && !why.startsWith('no field')) words.push('--map', shellWord(`${mapName}=ignore`))
  }
  if (!file.dialect.columns.includes('callsign')) words.push('--station', shellWord(options.station ?? 'NAME'))
  words.push('--timezone', shellWord(options.timezone))
  if (options.dateOrder) words.push('--date-order', options.dateOrder)
  return words.join(' ')
}

const delimiterWord = (delimiter: string) => (delimiter === '\t' ? 'tab' : `"${delimiter}"`)

/** Files that are read line by line need no encoding: to name UTF-8 would forbid the other lines of a mixed file. */
function encodingWords(files: readonly InspectedFile[]): string[] {
  const [name, ...others] = [...new Set(files.map(({ encoding }) => encoding))]
  const isSaid = files.every(({ decoding }) => decoding.kind === 'decoder' || decoding.kind === 'strict')
  return name !== undefined && others.length === 0 && isSaid ? ['--encoding', shellWord(name)] : []
}
