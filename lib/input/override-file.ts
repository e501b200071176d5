import { isUtf8 } from 'node:buffer'
import { lstat, readFile, realpath } from 'node:fs/promises'
import { AppError } from '../errors.ts'
import { writeOutput } from '../output.ts'
import { shellWord } from '../terminal.ts'
import { type Encode, encoderOf } from './encode.ts'
import { detectEncoding } from './encoding.ts'
import {
  cellsOf,
  type OverrideLine,
  type OverrideRow,
  overrideDelimiter,
  overrideRows,
  overrideText,
} from './overrides.ts'

/*
 * Adds rows to a file of overrides and takes them out again, as a careful person would: every other byte stays, comments
 * included, and the new row has the delimiter, the encoding and the line end of the others.
 */

const columnNames = 'verdict,a,b,artist'

/** The rows of the file; none if there is no file. *Errors:* those of `readOverrides`. */
export async function overridesIn(path: string): Promise<readonly OverrideRow[]> {
  return overrideRows(await bytesOf(path), path)
}

/**
 * Adds a row at the end of the file, in one step; a file that is not there is made.
 *
 * *Errors:* those of `readOverrides` for a file that a run would refuse; AppError `usage` for a name that the encoding of the
 * file cannot hold; those of `writeOutput`.
 */
export async function addOverride(path: string, line: OverrideLine): Promise<void> {
  const before = await bytesOf(path)
  const rows = await overrideRows(before, path)
  const base = await withColumnNames(before, path)
  const text = overrideText(base)
  const encode = encodeLike(base)
  const added = encode(`${missingEnd(text)}${await rowText(text, line, path)}${lineEnd(text)}`)
  const after = added === undefined ? undefined : Buffer.concat([base, added])
  // The encoding is guessed from the letters, so that a new name may change what the others seem to be.
  const read = after === undefined ? [] : await overrideRows(after, path).catch(() => [])
  const last = read.at(-1)
  const kept = read.length === rows.length + 1 && rows.every((row, i) => isSaid(read[i]!, row))
  if (after === undefined || last === undefined || !kept || !isSaid(last, line)) {
    const names = [line.a, line.b].map((name) => `"${name}"`).join(' and ')
    throw new AppError('usage', `the overrides file cannot hold ${names} in its encoding`, {
      place: path,
      remedy: 'save the file as UTF-8, then decide again',
    })
  }
  await replace(path, before, after)
}

/**
 * Takes the last row that says so out of the file, in one step; false if there is none.
 *
 * *Errors:* those of `addOverride`; AppError `usage` with the row where the bytes of the file are damaged.
 */
export async function removeOverride(path: string, line: OverrideLine): Promise<boolean> {
  const before = await bytesOf(path)
  const rows = await overrideRows(before, path)
  const row = rows.findLast((each) => isSaid(each, line))
  if (row === undefined) return false
  const text = overrideText(before)
  const [from, to] = spanOfRow(text, row.row)
  const encode = encodeLike(before)
  const bom = bomBytes(before)
  const [head, gone] = [encode(text.slice(0, from)), encode(text.slice(from, to))]
  const after =
    head === undefined || gone === undefined
      ? undefined
      : Buffer.concat([before.subarray(0, bom + head.length), before.subarray(bom + head.length + gone.length)])
  const read = after === undefined ? [] : await overrideRows(after, path).catch(() => [])
  const others = rows.filter((each) => each !== row)
  if (after === undefined || read.length !== others.length || !others.every((each, i) => isSaid(read[i]!, each))) {
    throw new AppError('usage', 'the row cannot be taken out without changing others', {
      place: `${path}, row ${row.row}`,
      remedy: 'take it out in an editor',
    })
  }
  await replace(path, before, after)
  return true
}

/** The bytes with a row of column names below them, where they hold comments and blank rows alone. */
async function withColumnNames(bytes: Buffer, path: string): Promise<Buffer> {
  const text = overrideText(bytes)
  if (headOf(await cellsOf(text, path)) !== undefined) return bytes
  const names = encodeLike(bytes)(`${missingEnd(text)}${columnNames}${lineEnd(text)}`)
  return names === undefined ? bytes : Buffer.concat([bytes, names])
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return Buffer.alloc(0)
    throw new AppError('input', `the file of overrides cannot be read (${code})`, {
      place: path,
      remedy: 'check the rights, or name another file with --overrides',
      cause,
    })
  }
}

/** Whether both say the same of the same names. */
function isSaid(one: OverrideLine, other: OverrideLine): boolean {
  return (['verdict', 'a', 'b', 'artist'] as const).every((name) => one[name].trim() === other[name].trim())
}

async function replace(path: string, before: Buffer, after: Buffer): Promise<void> {
  // A link may lead to a folder that several share; the file there is the one to replace.
  const target = await realpath(path).catch(() => path)
  const mode = (await lstat(target).catch(() => undefined))?.mode
  const now = await bytesOf(path)
  if (!now.equals(before)) {
    throw new AppError('locked', 'the overrides file was changed at this moment', {
      place: path,
      remedy: 'decide again',
    })
  }
  if (mode !== undefined && (mode & 0o222) === 0) {
    const remedy = `chmod u+w ${shellWord(path)}, or name another file with --overrides`
    throw new AppError('usage', 'the overrides file is for reading only', { place: path, remedy })
  }
  const isPrivate = mode !== undefined && (mode & 0o077) === 0
  await writeOutput(target, after, { force: true, flag: '--overrides', isPrivate })
}

const bomBytes = (bytes: Buffer) => {
  const { decoding } = detectEncoding(bytes)
  if (decoding.kind === 'lines') return decoding.bomBytes
  return decoding.kind === 'decoder' && /^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2)) ? 2 : 0
}

/** Writes as `overrideText` reads these bytes. */
function encodeLike(bytes: Buffer): Encode {
  const { decoding } = detectEncoding(bytes)
  if (decoding.kind === 'decoder') return encoderOf(decoding.label)
  return encoderOf(isUtf8(bytes) ? 'utf-8' : 'windows-1252')
}

/** The line end that the file has; the last one, where it has several. */
function lineEnd(text: string): string {
  return text.match(/\r\n|\n|\r/g)?.at(-1) ?? '\n'
}

/** What ends the last line, where nothing does. */
const missingEnd = (text: string) => (text === '' || /[\r\n]$/.test(text) ? '' : lineEnd(text))

/** The row that names the columns; undefined in a file of comments and blank rows. */
const headOf = (rows: readonly string[][]) =>
  rows.find((cells) => cells.some((cell) => cell.trim() !== '') && !cells[0]!.trimStart().startsWith('#'))

/** A row in the order of the file's columns. */
async function rowText(text: string, line: OverrideLine, path: string): Promise<string> {
  const delimiter = overrideDelimiter(text)
  const rows = await cellsOf(text, path)
  const names = (headOf(rows) ?? []).map((name) => name.trim().toLowerCase())
  if (line.artist !== '' && !names.includes('artist')) {
    throw new AppError('usage', 'the overrides file has no column for the artist of a title', {
      place: path,
      remedy: `add "${delimiter}artist" to its first row`,
    })
  }
  const cells = names.map((name) => line[name as keyof OverrideLine])
  return cells.map((cell) => (cell.includes(delimiter) || /["\r\n]/.test(cell) ? quoted(cell) : cell)).join(delimiter)
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`

/** Where a row stands in the text, from 1, with its line end. A quote that begins a cell holds line ends. */
function spanOfRow(text: string, row: number): readonly [from: number, to: number] {
  const delimiter = overrideDelimiter(text)
  let from = 0
  let at = 1
  let isQuoted = false
  let isCellStart = true
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!
    if (isQuoted) {
      if (character === '"') isQuoted = false
      continue
    }
    if (character === '"' && (isCellStart || text[i - 1] === '"')) isQuoted = true
    isCellStart = character === delimiter || (isCellStart && character === ' ')
    if (character !== '\n' && character !== '\r') continue
    if (character === '\r' && text[i + 1] === '\n') i++
    if (at === row) return [from, i + 1]
    at++
    from = i + 1
    isCellStart = true
  }
  return [from, text.length]
}
