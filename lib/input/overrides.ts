import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { parseString } from 'fast-csv'
import { AppError } from '../errors.ts'
import type { Decision } from '../model/decisions.ts'
import { decoderOf } from './code-pages.ts'
import { detectEncoding, lineToUtf8 } from './encoding.ts'

/** What a person decided about two names: of two artists, or of two titles of `artist`. */
export interface Override {
  readonly verdict: 'same' | 'different'
  readonly a: string
  readonly z: string
  readonly artist?: string
  /** Row of the file, from 1, as a spreadsheet counts; the first one names the columns. */
  readonly row: number
}

const columns = ['verdict', 'a', 'b', 'artist']
const nameVerdicts = ['same', 'different'] as const
const decisionVerdicts = ['mbid', 'not mbid', 'picture', 'no picture'] as const
const verdicts: readonly string[] = [...nameVerdicts, ...decisionVerdicts]

/** The file that every run reads if there is one, kept beside the database so that it holds in every run. */
export const usualOverrides = 'data/overrides.csv'

/** Called when the encoding of the file was guessed, with a sentence for people. */
type OnGuess = (note: string) => void

/** What one row of the file says, of names or of look-ups. */
export interface OverrideLine {
  readonly verdict: string
  readonly a: string
  readonly b: string
  /** Of titles; else empty. */
  readonly artist: string
}

/** One row of the file, with its number. */
export interface OverrideRow extends OverrideLine {
  readonly row: number
}

/**
 * Reads what a CSV says of names: the columns `verdict` (same or different), `a`, `b` and, for titles, `artist`; commas or
 * semicolons. Rows about look-ups are checked and left out.
 *
 * *Errors:* AppError `input` for a file that cannot be read, `usage` with the row for a row that is not a pair of names.
 */
export async function readOverrides(path: string, onGuess?: OnGuess): Promise<readonly Override[]> {
  return (await readRows(path, onGuess)).flatMap(({ verdict, a, b, artist, row }) =>
    verdict === 'same' || verdict === 'different'
      ? [{ verdict, a, z: b, row, ...(artist === '' ? {} : { artist }) }]
      : [],
  )
}

/** Reads what the same CSV says of look-ups: `mbid`, `not mbid`, `picture`, `no picture`. *Errors:* those of `readOverrides`. */
export async function readDecisions(path: string, onGuess?: OnGuess): Promise<readonly Decision[]> {
  return (await readRows(path, onGuess)).flatMap(({ verdict, a, b, artist, row }) => {
    const known = decisionVerdicts.find((one) => one === verdict)
    if (known === undefined) return []
    return [{ verdict: known, value: b, row, ...(artist === '' ? { artist: a } : { artist, title: a }) }]
  })
}

async function readRows(path: string, onGuess: OnGuess | undefined): Promise<readonly OverrideRow[]> {
  return overrideRows(await readBytes(path), path, onGuess)
}

/** What the bytes of an overrides file say; comments and empty rows are left out. *Errors:* those of `readOverrides`. */
export async function overrideRows(bytes: Buffer, path: string, onGuess?: OnGuess): Promise<readonly OverrideRow[]> {
  const rows = await cellsOf(overrideText(bytes, onGuess), path)
  const fault = (row: number, message: string): never => {
    throw new AppError('usage', `invalid overrides file: ${message}`, {
      place: `${path}, row ${row}`,
      remedy:
        'the first row is verdict,a,b,artist; each other one says same or different, two names, and for titles their artist; ' +
        'or mbid or not mbid, a name and a MusicBrainz id; or picture, a name and a Commons file or address; or no picture and a name',
    })
  }
  const first = rows.findIndex((cells) => !isComment(cells) && cells.some((cell) => cell.trim() !== ''))
  if (first < 0) return []
  const [head = [], ...body] = rows.slice(first)
  const names = head.map((name) => name.trim().toLowerCase())
  const unknown = names.find((name) => !columns.includes(name))
  const missing = columns.find((name) => name !== 'artist' && !names.includes(name))
  if (missing !== undefined) fault(first + 1, `column "${missing}" is missing`)
  if (unknown !== undefined) fault(first + 1, `"${unknown}" is not a column of an overrides file`)
  return body.flatMap((cells, i): OverrideRow[] => {
    if (cells.every((cell) => cell.trim() === '')) return []
    const cell = (name: string) => cells[names.indexOf(name)]?.trim() ?? ''
    const verdict = cell('verdict').toLowerCase()
    const at = first + i + 2
    // A name may begin with "#" as well; then there is a verdict beside it.
    if (isComment(cells) && !verdicts.includes(verdict)) return []
    if (!verdicts.includes(verdict)) {
      return fault(at, `the verdict is "${verdict}", not same or different, mbid or not mbid, picture or no picture`)
    }
    if (cells.length > names.length) fault(at, 'it has more cells than the first row; names with commas need quotes')
    const read = { verdict, a: cell('a'), b: cell('b'), artist: cell('artist'), row: at }
    const wrong = faultIn(read)
    return [wrong === undefined ? read : fault(read.row, wrong)]
  })
}

const mbidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function faultIn({ verdict, a, b, artist }: OverrideRow): string | undefined {
  if (a === '' || (b === '' && verdict !== 'no picture'))
    return isNameVerdict(verdict) ? 'a name is missing' : `${verdict} needs a and b`
  if (isNameVerdict(verdict)) return undefined
  if (artist !== '' && verdict !== 'mbid')
    return `${verdict} is said of acts, and a title has no act of its own: leave artist empty`
  if (verdict.endsWith('mbid') && !mbidForm.test(b))
    return `"${b}" is not a MusicBrainz id, such as 0383dadf-2a4e-4d10-a46a-e9e041da8eb3`
  if (verdict === 'no picture' && b !== '') return 'no picture takes a name alone; leave b empty'
  if (verdict === 'picture' && !/^(https:\/\/\S+|(File:)?[^/<>|#]+\.\w{3,4})$/i.test(b)) {
    return `"${b}" is not a file of Wikimedia Commons, such as File:Queen 1984.jpg, and not an https address`
  }
  return undefined
}

const isNameVerdict = (verdict: string) => (nameVerdicts as readonly string[]).includes(verdict)

const isComment = ([cell = '']: readonly string[]) => cell.trimStart().startsWith('#')

/** Excel saves CSV in Windows-1252, in UTF-8 with a byte order mark, or, as "Unicode text", in UTF-16. */
export function overrideText(bytes: Buffer, onGuess?: OnGuess): string {
  const { decoding, note } = detectEncoding(bytes)
  if (note !== undefined) onGuess?.(`${note.split(';', 1)[0]}; if names look wrong, save the file as UTF-8`)
  if (decoding.kind === 'decoder') return decoderOf(decoding.label).decode(bytes)
  const text = bytes.subarray(decoding.kind === 'format' ? 0 : decoding.bomBytes)
  return isUtf8(text) ? text.toString() : lineToUtf8(text).toString()
}

/** The delimiter of the row that names the columns: a spreadsheet of half of Europe writes semicolons. */
export function overrideDelimiter(text: string): string {
  const head = text.split(/[\r\n]+/).find((line) => line.trim() !== '' && !isComment([line])) ?? ''
  return /^[^,]*;/.test(head) ? ';' : /^[^,]*\t/.test(head) ? '\t' : ','
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw unreadable(path, `cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause)
  }
}

/** The cells of each row, comments and empty rows included. *Errors:* AppError `input` for what is not a CSV. */
export async function cellsOf(text: string, path: string): Promise<string[][]> {
  try {
    const rows: string[][] = []
    for await (const row of parseString(text, { delimiter: overrideDelimiter(text) })) rows.push(row as string[])
    return rows
  } catch (cause) {
    throw unreadable(path, `is not a CSV: ${(cause as Error).message}`, cause)
  }
}

function unreadable(path: string, message: string, cause: unknown): AppError {
  return new AppError('input', `the file of overrides ${message}`, {
    place: path,
    remedy: 'name a CSV in --overrides, or leave it out',
    cause,
  })
}
