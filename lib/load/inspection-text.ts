import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { clip, count, printable, table } from '../terminal.ts'
import type { ReadingOptions } from './find-plays.ts'
import { type FileInspection, type Inspection, inspectInputs } from './inspection.ts'

const maxValue = 60
const maxNames = 10

/**
 * Prints what `inspectInputs` finds, as JSON or for people.
 *
 * *Errors:* `AppError('input')`, after that, if a file cannot be read (unless `skipBad`).
 */
export async function showInspection(
  options: ReadingOptions & { readonly json?: boolean; readonly append?: boolean },
  { log, signal, print }: { readonly log: Logger; readonly signal: AbortSignal; print(text: string): void },
): Promise<void> {
  const found = await inspectInputs(options, { log, signal })
  print(options.json ? JSON.stringify(found) : textOf(found))
  const { bad, files } = found
  if (bad.length === 0 || (options.skipBad && files.length > 0)) return
  throw new AppError('input', `${bad.length} of ${bad.length + files.length} files cannot be read as play logs`, {
    place: bad.map(({ file }) => file).join(', '),
    remedy: files.length > 0 ? 'see above, or leave them out: --skip-bad' : 'see above',
  })
}

function textOf(inspection: Inspection): string {
  const { files, bad, notRead, uris, commands } = inspection
  const parts = [...Map.groupBy(files, (file) => likeness(file)).values()].map(alikeText)
  if (bad.length > 0) parts.push(badText(bad))
  if (notRead.length > 0) {
    parts.push(
      `Not read\n${table(
        notRead.map(({ label, why }) => ['', label, why]),
        100,
      )}`,
    )
  }
  if (uris.length > 0) parts.push(`Read by Spark, and not looked at here\n  ${uris.map(printable).join('\n  ')}`)
  if (commands.length > 0) {
    const rest = bad.length > 0 ? ' (without the files that cannot be read)' : ''
    parts.push(
      `To read it otherwise, change a word of this${rest}\n${commands.map((line) => `  ${printable(line)}`).join('\n')}`,
    )
  }
  return parts.join('\n\n')
}

function badText(bad: Inspection['bad']): string {
  const lines = bad.flatMap(({ file, problem, at, do: remedy }) => [
    `  ${printable(problem)}`,
    ...(at === undefined || at === file ? [] : [`    at: ${printable(at)}`]),
    ...(remedy === undefined ? [] : [`    do: ${printable(remedy)}`]),
  ])
  return `Cannot be read: ${count(bad.length)}\n${lines.join('\n')}`
}

/** Equal for files that are read alike, and of which nothing else is to be said: a folder of hundreds of logs fits a screen. */
function likeness(file: FileInspection): string {
  const { columns, refused, dates, notes, rows } = file
  // A file with something of its own is shown by itself.
  if (refused.length > 0 || notes.length > 0 || dates?.why.startsWith('a guess')) return file.file
  const named = columns.map(({ name, field, why }) => [name, field, why])
  return JSON.stringify([formText(file), named, dates?.order, rows.length === 0])
}

function alikeText([first, ...others]: readonly FileInspection[]): string {
  if (others.length === 0) return fileText(first!)
  const names = others.slice(0, maxNames).map(({ file }) => `    ${printable(file)}`)
  const more = others.length - names.length
  if (more > 0) names.push(`    and ${count(more)} more (--json lists them all)`)
  const [files, their] = others.length === 1 ? ['file is', 'its'] : ['files are', 'their']
  return `${fileText(first!)}

  ${count(others.length)} more ${files} read like this one, and none of ${their} first rows will be refused
${names.join('\n')}`
}

function fileText(file: FileInspection): string {
  const { columns, rows, refused, dates, notes } = file
  const lines = [printable(file.file), `  ${formText(file)}`, '']
  lines.push(
    indented(
      table(
        [
          ['column', 'name', 'read as', 'why', 'holds'],
          ...columns.map(({ number, name, field, why, examples }) => [
            String(number),
            name,
            field ?? '-',
            why,
            examples.map((value) => clip(value, 24)).join(' · '),
          ]),
        ],
        [6, 30, 12, 50, 60],
      ),
    ),
    '',
  )
  if (rows.length > 0) {
    const shown = rows.map(({ line, station, playedAt, artist, title }) => [
      String(line),
      station ?? '?',
      playedAt,
      artist,
      title,
    ])
    lines.push('  As they will be read (times in UTC)')
    lines.push(indented(table([['line', 'station', 'played at', 'artist', 'title'], ...shown])))
  }
  const rowsRead = `${count(file.rowsRead)} ${file.rowsRead === 1 ? 'row' : 'rows'}`
  const judged = file.whole ? `its ${rowsRead}` : `its first ${rowsRead}`
  const none =
    file.rowsRead === 1 ? `  Its ${file.whole ? '' : 'first '}row will be read` : `  None of ${judged} will be refused`
  lines.push(refused.length === 0 ? none : `  Refused, of ${judged}`)
  for (const { reason, rows: number, examples } of refused) {
    const values = examples.map(({ line, value }) => `line ${line}: ${clip(printable(value), maxValue)}`)
    lines.push(`    ${reason} (${count(number)}): ${values.join(' · ')}`)
  }
  if (dates) lines.push(`  Dates: ${dates.order}; ${printable(dates.why)}`)
  for (const note of notes) lines.push(`  Note: ${printable(note)}`)
  return lines.join('\n')
}

const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars (|)',
}

function formText({ form, gzip, encoding, delimiter, headerLine, columns }: FileInspection): string {
  const packed = gzip ? ', packed with gzip' : ''
  if (form !== 'lines of fields') return `${form}${packed}`
  const header = headerLine === null ? 'no line of column names' : `column names in line ${headerLine}`
  return `${columns.length} columns between ${delimiterNames[delimiter]}, ${encoding}, ${header}${packed}`
}

const indented = (text: string) => text.replace(/^/gm, '  ')
