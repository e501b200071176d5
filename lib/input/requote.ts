/** Single quotes, and the text marks of reports of use in the United States. */
export type OtherQuote = "'" | '^'

/** How the writer of a file sets off its fields. */
export interface QuoteStyle {
  /** Spaces around fields belong to none. */
  readonly trims: boolean
  /** Fields stand between these marks, not between `"`. */
  readonly otherQuote: OtherQuote | undefined
}

/**
 * The marks and the delimiter of a line of three cells or more that all stand between marks other than `"`; undefined for other
 * lines. Names of columns are never written so by chance.
 */
export function otherQuotes(line: string): { readonly quote: OtherQuote; readonly delimiter: string } | undefined {
  const found = /^(['^])(?:(?!\1).)*\1([;,\t|]) ?\1(?:(?!\1).)*\1(?:\2 ?\1(?:(?!\1).)*\1)+\s*$/.exec(line)
  return found ? { quote: found[1] as OtherQuote, delimiter: found[2]! } : undefined
}

/** The line with the other marks and double quotes exchanged. */
const swapped = (line: string, quote: OtherQuote) =>
  line.replace(/['"^]/g, (mark) => (mark === '"' ? quote : mark === quote ? '"' : mark))

/** A line with other marks, as RFC 4180 wants it. */
export function withDoubleQuotes(
  line: string,
  { quote, delimiter }: { readonly quote: OtherQuote; readonly delimiter: string },
): string {
  const text = swapped(line, quote)
  const found = readings.map((reading) => fieldsOf(text, delimiter, reading)).find((fields) => fields !== null)
  return found ? found.map((field) => quotedIfNeeded(swapped(field, quote), delimiter)).join(delimiter) : line
}

/**
 * A line whose quotes are not as RFC 4180 wants them, in the form that it wants: `\"` and single quotes inside a quoted field are
 * doubled, spaces between a delimiter and a quote are dropped. Null if no reading gives a field for each column.
 */
export function requoted(
  line: string,
  delimiter: string,
  columns: number,
  { trims, otherQuote }: QuoteStyle,
): string | null {
  const text = otherQuote ? swapped(line, otherQuote) : line
  for (const reading of readings) {
    const read = fieldsOf(text, delimiter, reading)
    const fields = otherQuote ? (read?.map((field) => swapped(field, otherQuote)) ?? null) : read
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
