/** How the writer of a file sets off its fields. */
export interface QuoteStyle {
  /** Spaces around fields belong to none. */
  readonly trims: boolean
  /** Fields stand between `'`, not between `"`. */
  readonly singleQuotes: boolean
}

/**
 * The delimiter of a line of three cells or more that all stand between single quotes; undefined for other lines. Names of columns
 * are never written so by chance.
 */
export const delimiterOfSingleQuoted = (line: string): string | undefined =>
  /^'[^']*'([;,\t|]) ?'[^']*'(?:\1 ?'[^']*')+\s*$/.exec(line)?.[1]

/** The line with single and double quotes exchanged. */
const swapped = (line: string) => line.replace(/['"]/g, (mark) => (mark === '"' ? "'" : '"'))

/** A line with single quotes, as RFC 4180 wants it. */
export function withDoubleQuotes(line: string, delimiter: string): string {
  const found = readings.map((reading) => fieldsOf(swapped(line), delimiter, reading)).find((fields) => fields !== null)
  return found ? found.map((field) => quotedIfNeeded(swapped(field), delimiter)).join(delimiter) : line
}

/**
 * A line whose quotes are not as RFC 4180 wants them, in the form that it wants: `\"` and single quotes inside a quoted field are
 * doubled, spaces between a delimiter and a quote are dropped. Null if no reading gives a field for each column.
 */
export function requoted(
  line: string,
  delimiter: string,
  columns: number,
  { trims, singleQuotes }: QuoteStyle,
): string | null {
  const text = singleQuotes ? swapped(line) : line
  for (const reading of readings) {
    const read = fieldsOf(text, delimiter, reading)
    const fields = singleQuotes ? (read?.map(swapped) ?? null) : read
    if (fields === null || fields.length < columns) continue
    if (fields.slice(columns).some((field) => field.trim() !== '')) continue
    return fields.map((field) => quotedIfNeeded(trims ? field.trim() : field, delimiter)).join(delimiter)
  }
  return null
}

interface Reading {
  /** `\"` is a quote. */
  readonly escapes: boolean
  /** Of two quotes before a delimiter, the first is text and the second closes the field. */
  readonly pairCloses: boolean
}

// The surest first.
const readings: readonly Reading[] = [
  { escapes: true, pairCloses: false },
  { escapes: true, pairCloses: true },
  { escapes: false, pairCloses: false },
  { escapes: false, pairCloses: true },
]

/** Null if a quoted field never closes. */
function fieldsOf(line: string, delimiter: string, reading: Reading): string[] | null {
  const fields: string[] = []
  let at = 0
  for (;;) {
    const start = skipSpaces(line, at)
    const field = line[start] === '"' ? quotedField(line, start + 1, delimiter, reading) : null
    if (line[start] === '"' && field === null) return null
    const end = field ? field.end : line.indexOf(delimiter, at)
    const last = end < 0 || end >= line.length
    const text = field ? field.text : line.slice(at, end < 0 ? line.length : end)
    fields.push(field || !reading.escapes ? text : text.replaceAll('\\"', '"'))
    if (last) return fields
    at = end + 1
  }
}

/** The text of a quoted field and where the delimiter (or the end) after it stands. */
function quotedField(
  line: string,
  from: number,
  delimiter: string,
  { escapes, pairCloses }: Reading,
): { readonly text: string; readonly end: number } | null {
  let text = ''
  for (let at = from; at < line.length; at++) {
    const character = line[at]!
    if (escapes && character === '\\' && line[at + 1] === '"') {
      text += '"'
      at++
    } else if (character !== '"') text += character
    else if (line[at + 1] === '"' && !(pairCloses && closes(line, at + 1, delimiter))) {
      text += '"'
      at++
    } else if (closes(line, at, delimiter)) return { text, end: skipSpaces(line, at + 1) }
    else text += '"'
  }
  return null
}

/** Whether nothing but spaces stands between a quote and the delimiter or the end. */
function closes(line: string, quote: number, delimiter: string): boolean {
  const next = skipSpaces(line, quote + 1)
  return next >= line.length || line[next] === delimiter
}

function skipSpaces(line: string, from: number): number {
  let at = from
  while (line[at] === ' ') at++
  return at
}

function quotedIfNeeded(field: string, delimiter: string): string {
  return field.includes('"') || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field
}
