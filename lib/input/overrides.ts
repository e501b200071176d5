import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { parseString } from 'fast-csv'
import { AppError } from '../errors.ts'
import { decoderOf } from './code-pages.ts'
import { detectEncoding, lineToUtf8 } from './encoding.ts'

/** What a person decided about two names: of two artists, or of two titles of `artist`. */
export interface Override {
  readonly verdict: 'same' | 'different'
  readonly a: string
  readonly z: string
  readonly artist?: string
  /** Row of the file, from 1, where the first one names the columns. */
  readonly row: number
}

const columns = ['verdict', 'a', 'b', 'artist']

/**
 * Reads a CSV with the columns `verdict` (same or different), `a`, `b` and, for titles, `artist`; commas or semicolons.
 *
 * *Errors:* AppError `input` for a file that cannot be read, `usage` with the row for what is no pair of names.
 */
export async function readOverrides(path: string): Promise<readonly Override[]> {
  const rows = await rowsOf(path)
  const fault = (row: number, message: string): never => {
    throw new AppError('usage', `the overrides are not as they should be: ${message}`, {
      place: `${path}, row ${row}`,
      remedy: `the first row is verdict,a,b,artist; each other one says same or different, two names, and for titles their artist`,
    })
  }
  const [head, ...body] = rows
  if (head === undefined) return []
  const names = head.map((name) => name.trim().toLowerCase())
  const unknown = names.find((name) => !columns.includes(name))
  const missing = columns.find((name) => name !== 'artist' && !names.includes(name))
  if (missing !== undefined) fault(1, `there is no column "${missing}"`)
  if (unknown !== undefined) fault(1, `"${unknown}" is no column of theirs`)
  return body.map((cells, i): Override => {
    const cell = (name: string) => cells[names.indexOf(name)]?.trim() ?? ''
    const verdict = cell('verdict').toLowerCase()
    if (verdict !== 'same' && verdict !== 'different') {
      return fault(i + 2, `the verdict is "${verdict}", not same or different`)
    }
    if (cells.length > names.length) fault(i + 2, 'it has more cells than the first row; names with commas need quotes')
    const [a, z, artist] = [cell('a'), cell('b'), cell('artist')]
    if (a === '' || z === '') fault(i + 2, 'a name is missing')
    return { verdict, a, z, row: i + 2, ...(artist === '' ? {} : { artist }) }
  })
}

/** Excel saves CSV in Windows-1252, in UTF-8 with a byte order mark, or, as "Unicode text", in UTF-16. */
function textOf(bytes: Buffer): string {
  const { decoding } = detectEncoding(bytes)
  if (decoding.kind === 'decoder') return decoderOf(decoding.label).decode(bytes)
  const text = bytes.subarray(decoding.bomBytes)
  return isUtf8(text) ? text.toString() : lineToUtf8(text).toString()
}

async function rowsOf(path: string): Promise<string[][]> {
  try {
    const text = textOf(await readFile(path))
    // A spreadsheet of half of Europe writes semicolons.
    const delimiter = /^[^\r\n,]*;/.test(text) ? ';' : /^[^\r\n,]*\t/.test(text) ? '\t' : ','
    const rows: string[][] = []
    for await (const row of parseString(text, { delimiter, ignoreEmpty: true })) rows.push(row as string[])
    return rows
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const message = code === undefined ? `is no CSV: ${(cause as Error).message}` : `cannot be read (${code})`
    throw new AppError('input', `the file of overrides ${message}`, {
      place: path,
      remedy: 'name a CSV in --overrides, or leave it out',
      cause,
    })
  }
}
