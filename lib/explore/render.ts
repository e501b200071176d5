import { table } from '../terminal.ts'

/** Rows under their columns, as every question gives them. */
export interface Result {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  /** Whether there were more than were asked for. */
  readonly more: boolean
}

/** How a result is printed. */
export type Format = 'text' | 'csv' | 'json'

/** Rows as objects of one kind, as a result. */
export function resultOf<T extends object>(
  columns: readonly (keyof T & string)[],
  rows: readonly T[],
  more = false,
): Result {
  return { columns, rows: rows.map((row) => columns.map((column) => row[column])), more }
}

/**
 * A result for a terminal, a spreadsheet or a program.
 *
 * CSV is RFC 4180 with the data as it is: what a spreadsheet would run as a formula is made safe by `npm run export`
 * alone. In JSON, whole numbers beyond 2^53 are text, and so are bytes, in base64; a second column `a` is `a_2`.
 */
export function rendered(result: Result, format: Format): string {
  if (format === 'json') {
    const columns = uniqueNames(result.columns)
    const rows = result.rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, jsonValue(row[i])])))
    return JSON.stringify({ version: 1, columns, rows, more: result.more })
  }
  if (format === 'csv') {
    return [result.columns, ...result.rows].map((row) => row.map(csvCell).join(',')).join('\r\n')
  }
  return table(
    [result.columns, ...result.rows.map((row) => row.map((value, i) => textCell(value, result.columns[i]!)))],
    result.columns.map((column) => (reasons.has(column) ? 400 : 60)),
  )
}

/** An object has a name once; SQL may give it to several columns. */
function uniqueNames(columns: readonly string[]): readonly string[] {
  const taken = new Set(columns)
  return columns.map((column, i) => {
    if (columns.indexOf(column) === i) return column
    let n = 2
    while (taken.has(`${column}_${n}`)) n++
    taken.add(`${column}_${n}`)
    return `${column}_${n}`
  })
}

// A reason that is cut off tells nothing.
const reasons: ReadonlySet<string> = new Set(['how', 'why', 'evidence', 'reason', 'meaning'])

/** A value as text: null is nothing, numbers are exact, bytes are base64. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date) return value.toISOString()
  // Not an exact number, so it must not look like one: 9223372036854775807 + 1 is 9.223372036854776e+18 to SQLite.
  if (typeof value === 'number' && Math.abs(value) >= 2 ** 53) return value.toExponential()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function textCell(value: unknown, column: string): string | number | bigint | null {
  if (value === null || value === undefined) return null
  // A moment in seconds is not an amount.
  if (column.endsWith('_unix')) return plain(value)
  if (typeof value === 'bigint') return value
  // As in the text beside it: three digits tell decisions apart.
  if (column === 'score' && typeof value === 'number') return value.toFixed(3)
  // The table groups digits of whole numbers; others stay as they are.
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  return plain(value)
}

function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  return value === undefined ? null : plain(value)
}

function csvCell(value: unknown): string {
  const text = plain(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
