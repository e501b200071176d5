import { type Delimiter, delimiters, type PlayField } from '../model/dialect.ts'
import { fieldNamed, normalName } from './column-names.ts'
import { isTime } from './contents.ts'
import { splitRecord } from './record.ts'

/** A line that is not blank, with its number from 1. */
export interface NumberedLine {
  readonly number: number
  readonly text: string
}

/** The line of column names, or the first line where none is known. */
export interface Header {
  readonly delimiter: Delimiter
  readonly names: readonly string[]
  /** Its text; line ends inside quotes are spaces. */
  readonly text: string
  /** Of its first and its last line: a cell in quotes may hold line ends. */
  readonly number: number
  readonly lastNumber: number
  /** The lines below it. */
  readonly below: readonly NumberedLine[]
  /** Whether it names columns. */
  readonly isHeader: boolean
}

// Titles, dates of the export and comments stand before the names of some logs.
const maxLinesBefore = 20
const maxHeaderLines = 8
// Two names that we know: one alone may be a word of a title ("Playlist", "Station KGB").
const minKnown = 2

/**
 * The line of column names: the one of the first twenty with the most names that we know, or that `map` names.
 *
 * A header is searched for under each delimiter. Without one, the first line is taken, which is a header unless it holds a time.
 */
export function findHeader(
  lines: readonly NumberedLine[],
  map: Readonly<Record<string, string>> | undefined,
  given: Delimiter | undefined,
  hasHeader: boolean | undefined,
): Header {
  const mapped = new Set(Object.keys(map ?? {}).map(normalName))
  const known = (names: readonly string[]) => knownFields(names, mapped)
  const searched = hasHeader === false ? 1 : maxLinesBefore
  const candidates = (given ? [given] : delimiters).map((delimiter) => {
    const headers = lines.slice(0, searched).map((_, i) => headerAt(lines, i, delimiter))
    const [first] = headers
    const most = Math.max(...headers.map(({ names }) => known(names)))
    const found = most < minKnown ? first! : headers.find(({ names }) => known(names) === most)!
    return {
      ...found,
      known: known(found.names),
      ...steadiness(found.below.length > 0 ? found.below : lines, delimiter),
    }
  })
  candidates.sort((a, b) => b.known - a.known || b.steady - a.steady || b.columns - a.columns)
  const { known: count, steady: _, columns: __, ...best } = candidates[0]!
  const isNamed = best.names.some((name) => name !== '' && mapped.has(normalName(name)) && !/^\d+$/.test(name))
  return { ...best, isHeader: hasHeader ?? (count >= minKnown || isNamed || !best.names.some(isTime)) }
}

/** How many different columns of a play the names say; none if one of them is a time, for then they are values. */
function knownFields(names: readonly string[], mapped: ReadonlySet<string>): number {
  if (names.some(isTime)) return 0
  const known = new Set<PlayField | string>()
  for (const name of names) {
    const normal = normalName(name)
    if (normal !== '' && mapped.has(normal)) known.add(normal)
    else {
      const field = fieldNamed(name)?.field
      if (field) known.add(field)
    }
  }
  return known.size
}

type FoundHeader = Omit<Header, 'isHeader'>

/** Line `i` as a header, with the lines that its quoted cells reach into. */
function headerAt(lines: readonly NumberedLine[], i: number, delimiter: Delimiter): FoundHeader {
  let last = i
  let text = lines[i]!.text
  while (isOpen(text) && last + 1 < lines.length && last - i < maxHeaderLines) text += ` ${lines[++last]!.text}`
  // A quote that never closes costs its own line only.
  if (isOpen(text)) {
    last = i
    text = lines[i]!.text
  }
  return {
    delimiter,
    names: splitRecord(text, delimiter).map((name) => name.trim()),
    text,
    number: lines[i]!.number,
    lastNumber: lines[last]!.number,
    below: lines.slice(last + 1),
  }
}

const isOpen = (text: string) => (text.split('"').length - 1) % 2 === 1

/** The share of lines with the usual number of columns, and that number. */
function steadiness(lines: readonly NumberedLine[], delimiter: Delimiter): { steady: number; columns: number } {
  const counts = lines.slice(0, 200).map((line) => splitRecord(line.text, delimiter).length)
  const byCount = new Map<number, number>()
  for (const count of counts) byCount.set(count, (byCount.get(count) ?? 0) + 1)
  const [columns, lineCount] = [...byCount].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0]
  return { steady: columns > 1 ? lineCount / counts.length : 0, columns }
}
