/**
 * The fields of one record by RFC 4180, leniently: spaces before a quote are skipped, text after a closing quote belongs to its
 * field, and a quote that never closes ends with the line.
 */
export function splitRecord(line: string, delimiter: string): string[] {
  const fields: string[] = []
  let at = 0
  for (;;) {
    let field = ''
    const start = quotedFrom(line, at)
    if (start >= 0) {
      at = start + 1
      for (;;) {
        const quote = line.indexOf('"', at)
        if (quote < 0) {
          field += line.slice(at)
          at = line.length
          break
        }
        field += line.slice(at, quote)
        at = quote + 1
        if (line[at] !== '"') break
        field += '"'
        at++
      }
    }
    const end = line.indexOf(delimiter, at)
    if (end < 0) {
      fields.push(field + line.slice(at))
      return fields
    }
    fields.push(field + line.slice(at, end))
    at = end + 1
  }
}

/** Where the quote of a field that begins at `at` stands; -1 if it has none. */
function quotedFrom(line: string, at: number): number {
  let start = at
  while (line[start] === ' ') start++
  return line[start] === '"' ? start : -1
}

const quote = 0x22
const backslash = 0x5c
const lf = 10
const cr = 13

/** How far the record that begins at `from` reaches. */
export type RecordEnd =
  /** It ends with its first line (closed, or damaged in a way that no later line mends). */
  | { readonly kind: 'line' }
  /** It goes on over line ends inside quotes and closes well; `end` is before its line end. */
  | { readonly kind: 'lines'; readonly end: number; readonly lineEnds: number }
  /** The bytes at hand end before that can be told. */
  | { readonly kind: 'unknown' }

/** The most lines that one record may have: enough for any title, little enough that a stray quote costs nothing. */
const maxRecordLines = 32

/**
 * Whether the record goes on in the next line because a quoted field holds a line end (RFC 4180).
 *
 * A stray quote at the start of a field must not swallow the lines after it (`"Heroes;David Bowie;…`, never closed). So lines
 * are joined only if all of this holds: the first line is not complete without quotes, no later line is a whole record without a
 * quote, each closing quote stands before a delimiter or a line end, the whole has as many fields as the header, and it has at
 * most 32 lines and `maxBytes` bytes.
 *
 * `lineEnd` is the end of the first line, `limit` the end of the bytes at hand.
 */
export function recordEnd(
  data: Buffer,
  from: number,
  lineEnd: number,
  limit: number,
  shape: { readonly delimiter: number; readonly columns: number; readonly maxBytes: number; readonly final: boolean },
): RecordEnd {
  const { delimiter, columns } = shape
  const furthest = Math.min(limit, from + shape.maxBytes)
  let at = from
  let field = 0
  let lineEnds = 0
  for (;;) {
    if (at < furthest && data[at] === quote) {
      let delimitersInside = 0
      at++
      for (;;) {
        // Before the first line end is crossed, what is naively complete stays what it is.
        if (at >= lineEnd && lineEnds === 0 && delimitersInside > 0 && field + delimitersInside === columns - 1) {
          return { kind: 'line' }
        }
        if (at >= furthest) return furthest === limit && !shape.final ? { kind: 'unknown' } : { kind: 'line' }
        const byte = data[at]
        if (byte === quote) {
          if (data[at + 1] === quote && at + 1 < furthest) at += 2
          else break
        } else {
          if (byte === delimiter) delimitersInside++
          else if (byte === lf || byte === cr) {
            if (byte === cr && data[at + 1] === lf) at++
            if (++lineEnds >= maxRecordLines) return { kind: 'line' }
            if (isWholeRecord(data, at + 1, furthest, shape)) return { kind: 'line' }
          }
          at++
        }
      }
      at++
      if (lineEnds > 0 && at < furthest && data[at] !== delimiter && data[at] !== lf && data[at] !== cr) {
        return { kind: 'line' }
      }
    }
    while (at < furthest && data[at] !== delimiter && data[at] !== lf && data[at] !== cr) at++
    if (at >= furthest) return furthest === limit && !shape.final ? { kind: 'unknown' } : { kind: 'line' }
    if (data[at] === delimiter) {
      at++
      field++
      if (field >= columns && lineEnds > 0) return { kind: 'line' }
      continue
    }
    if (lineEnds === 0) return { kind: 'line' }
    return field === columns - 1 ? { kind: 'lines', end: at, lineEnds } : { kind: 'line' }
  }
}

/** Whether the line that begins at `from` has a field for each column and no quote. */
function isWholeRecord(
  data: Buffer,
  from: number,
  limit: number,
  { delimiter, columns }: { readonly delimiter: number; readonly columns: number },
): boolean {
  let delimiters = 0
  for (let at = from; at < limit; at++) {
    const byte = data[at]
    if (byte === quote) return false
    if (byte === lf || byte === cr) break
    if (byte === delimiter) delimiters++
  }
  return delimiters >= columns - 1
}

/** Whether RFC 4180 describes the line: each quoted field closes before a delimiter or the end, and no `\"` occurs. */
export function isPlainRecord(data: Buffer, from: number, to: number, delimiter: number): boolean {
  let at = from
  for (;;) {
    if (data[at] === quote) {
      at++
      for (;;) {
        if (at >= to) return false
        if (data[at] !== quote) at++
        else if (data[at + 1] === quote && at + 1 < to) at += 2
        else break
        if (data[at] === quote && data[at - 1] === backslash) return false
      }
      at++
      if (at < to && data[at] !== delimiter) return false
    } else {
      let blank = true
      while (at < to && data[at] !== delimiter) {
        if (data[at] === quote && (blank || data[at - 1] === backslash)) return false
        if (data[at] !== 0x20) blank = false
        at++
      }
    }
    if (at >= to) return true
    at++
  }
}
