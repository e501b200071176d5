import { AppError } from '../errors.ts'
import type { Dialect } from '../model/dialect.ts'
import { decoderOf } from './code-pages.ts'
import { type ColumnOptions, type Columns, readColumns } from './columns.ts'
import { type Decoding, detectEncoding, type Encoding, lineToUtf8, namedEncoding } from './encoding.ts'
import { findInputs } from './find.ts'
import { formatNote, formatOf, refuseText } from './formats/index.ts'
import type { InputFile, LeftOutFile } from './input-file.ts'
import { type OtherQuote, otherQuotes, withDoubleQuotes } from './requote.ts'
import { formatSource, type ReadOptions, readBytes, readStart, readStartOfFormat } from './source.ts'

/** What a person says about the inputs. */
export interface InspectOptions extends ColumnOptions, ReadOptions {
  /** An encoding by its name in the WHATWG standard. Default: told from the bytes. */
  readonly encoding?: string
  /** The sheet of Excel files. Default: the first that is not hidden. */
  readonly sheet?: string
  /** Takes a file without plays as such instead of refusing it. Default: false. */
  readonly allowEmpty?: boolean
}

/** A file of which is known how to read it. */
export interface InspectedFile extends InputFile {
  readonly dialect: Dialect
  /** For people: `utf-8`, `windows-1252`, `utf-16le`, … */
  readonly encoding: string
  readonly headerLine: string | null
  /** Lines before the first play. */
  readonly skipLines: number
  /** Whether spaces around fields belong to none. */
  readonly trims: boolean
  /** The day of all plays, see `Columns`. */
  readonly day?: string | undefined
  /** What stands around fields, if that is not `"`. */
  readonly otherQuote: OtherQuote | undefined
  readonly gzip: boolean
  readonly decoding: Decoding
  /** No line of it is a play. */
  readonly empty: boolean
  /** What a careful reader should know, one sentence each. */
  readonly notes: readonly string[]
}

/** Files that are read alike. */
export interface InputGroup {
  readonly dialect: Dialect
  readonly files: readonly InspectedFile[]
}

/** A file that cannot be read as a play log, and why. */
export interface BadFile {
  readonly label: string
  readonly error: AppError
}

/** What a person says about the inputs, and who is called about bad files. */
export interface PlanOptions extends InspectOptions {
  /** Called with each file that cannot be read, which is then left out. Default: the first one is an error. */
  readonly onBad?: (file: BadFile) => void
}

/** All inputs of a run, grouped by dialect. */
export interface InputPlan {
  readonly groups: readonly InputGroup[]
  readonly files: readonly InspectedFile[]
  /** What folders and globs hold besides. */
  readonly leftOut: readonly LeftOutFile[]
  /** On disk. */
  readonly bytes: number
}

// Enough lines to judge columns by what they hold; read before the work starts, so it must cost nothing.
const sampleBytes = 1 << 18
const sampleLines = 1000

const formats: readonly {
  readonly start: string
  readonly at?: number
  readonly what: string
  readonly remedy: string
}[] = [
  {
    start: 'd0cf11e0a1b11ae1',
    what: 'an old Excel file (.xls) or one with a password',
    remedy: 'save it as .xlsx without a password, or as CSV (UTF-8)',
  },
  { start: '25504446', what: 'a PDF', remedy: 'ask the station for the log as CSV' },
  { start: '50415231', what: 'a Parquet file', remedy: 'export it as CSV' },
  { start: '53514c69746520666f726d6174', what: 'an SQLite database', remedy: 'export its table as CSV' },
  { start: '1f8b08', what: 'packed with gzip twice', remedy: 'unpack it once with gunzip' },
  { start: '28b52ffd', what: 'packed with zstd', remedy: 'unpack it with zstd -d, or pack it with gzip' },
  { start: '425a68', what: 'packed with bzip2', remedy: 'unpack it with bunzip2, or pack it with gzip' },
  { start: 'fd377a585a00', what: 'packed with xz', remedy: 'unpack it with unxz, or pack it with gzip' },
  { start: '377abcaf271c', what: 'packed with 7-Zip', remedy: 'unpack it' },
  { start: '7573746172', at: 257, what: 'a tar archive', remedy: 'unpack it and name the folder' },
]

/**
 * How to read a file: packing, encoding, delimiter, columns, header.
 *
 * *Cost:* reads the first 256 KiB. *Errors:* `AppError('input')` with file, line and remedy for a file that is empty, binary,
 * without rows below its header (unless `allowEmpty`), or whose columns are not clear (`readColumns`).
 */
export async function inspect(file: InputFile, options: InspectOptions = {}): Promise<InspectedFile> {
  const read = await readStart(file, sampleBytes, options)
  const { gzip } = read
  const found = encodingOf(read.start, options)
  const { name: encoding, decoding } = found
  const isFormat = decoding.kind === 'format'
  if (!isFormat) refuseBinary(file, read.start, decoding)
  const note = isFormat
    ? ((await formatNote(decoding.format, formatSource(file, gzip, readBytes(file, gzip, options)), decoding)) ??
      found.note)
    : found.note
  const { start, whole } = isFormat ? await readStartOfFormat(file, gzip, decoding, sampleBytes, options) : read
  const written = sampleText(start, decoding, whole)
  const quotes = isFormat
    ? undefined
    : written
        .slice(0, 20)
        .map(({ text }) => otherQuotes(text))
        .find(Boolean)
  const lines = quotes ? written.map(({ number, text }) => ({ number, text: withDoubleQuotes(text, quotes) })) : written
  if (!isFormat)
    refuseText(
      lines
        .map(({ text }) => text)
        .slice(0, 30)
        .join('\n'),
      file.label,
    )
  const base = { ...file, encoding, decoding, gzip, otherQuote: quotes?.quote }

  if (lines.length === 0) return { ...base, ...emptyFile(file, whole, options) }
  const columns = advisedBy(note, () => readColumns({ label: file.label, lines, whole }, options))
  const rows = lines.filter((line) => line.number > columns.skipLines).length
  if (rows === 0 && whole && !options.allowEmpty) {
    throw new AppError('input', `${file.label} has column names but no rows`, {
      place: `${file.label}:${columns.skipLines}`,
      remedy: 'name a log with at least one play, or give --allow-empty',
    })
  }
  const notes = note === undefined ? columns.notes : [note, ...columns.notes]
  return { ...base, ...columns, notes, empty: rows === 0 && whole }
}

/** How to read a file without a line, where that is allowed. *Errors:* `AppError('input')` where it is not. */
function emptyFile({ label }: InputFile, whole: boolean, { allowEmpty, delimiter }: InspectOptions) {
  if (!allowEmpty) {
    throw new AppError('input', whole ? `${label} is empty` : `${label} begins with ${sampleBytes} blank bytes`, {
      place: label,
      remedy: 'name a log with a line of column names and at least one play, or give --allow-empty',
    })
  }
  const dialect: Dialect = { delimiter: delimiter ?? ',', columns: [], hasHeader: false }
  return { dialect, headerLine: null, skipLines: 0, trims: false, empty: true, notes: ['the file is empty'] }
}

/** Where columns are missing, what is known of the file may be the reason: the plays stand on another sheet. */
function advisedBy(note: string | undefined, read: () => Columns): Columns {
  try {
    return read()
  } catch (error) {
    if (note === undefined || !(error instanceof AppError) || error.kind !== 'input') throw error
    const { message, place, remedy, cause } = error
    throw new AppError('input', message, { place, remedy: remedy === undefined ? note : `${remedy}; ${note}`, cause })
  }
}

function encodingOf(start: Buffer, options: InspectOptions): Encoding {
  const text = options.encoding ? namedEncoding(options.encoding, start) : detectEncoding(start)
  const { decoding } = text
  const plain = decoding.kind === 'decoder' ? Buffer.from(decoderOf(decoding.label).decode(start)) : start
  const format = formatOf(start) ?? formatOf(plain)
  if (!format) return text
  if (format !== 'json') return { name: format, decoding: { kind: 'format', format, sheet: options.sheet } }
  // JSON is UTF-8; what is not was written by a program that does not know it, in one encoding as a whole.
  const encoding = decoding.kind === 'decoder' || text.name === 'windows-1252' ? text.name : undefined
  const note = encoding === undefined || text.note === undefined ? {} : { note: text.note }
  return { name: format, decoding: { kind: 'format', format, sheet: options.sheet, encoding }, ...note }
}

/** How to read lines that somebody else fetched: the first of a file that is not on this machine. Errors as `inspect`. */
export function inspectLines(label: string, lines: readonly string[], options: ColumnOptions = {}): Columns {
  const numbered = lines.map((text, i) => ({ number: i + 1, text })).filter(({ text }) => text.trim() !== '')
  const columns = readColumns({ label, lines: numbered, whole: false }, options)
  if (columns.day === undefined) return columns
  throw new AppError('input', `the lines of ${label} have times of day alone, and their day is only in its name`, {
    place: label,
    remedy: 'copy the file to this machine and name it with --input, or save the log with a column for the day',
  })
}

/**
 * All inputs that the patterns mean, inspected and grouped by dialect.
 *
 * A file without rows is refused only if none of the others has rows: a folder of days may hold a silent one.
 */
export async function planInputs(patterns: readonly string[], options: PlanOptions = {}): Promise<InputPlan> {
  const leftOut: LeftOutFile[] = []
  const found = await findInputs(patterns, (file) => leftOut.push(file))
  const files: InspectedFile[] = []
  let bad = 0
  const look = async (file: InputFile, each: InspectOptions): Promise<void> => {
    try {
      files.push(await inspect(file, each))
    } catch (error) {
      if (!options.onBad || !(error instanceof AppError)) throw error
      bad++
      options.onBad({ label: file.label, error })
    }
  }
  for (const file of found) await look(file, { ...options, allowEmpty: true })
  if (options.sheet !== undefined && bad === 0 && !files.some(({ encoding }) => encoding === 'xlsx')) {
    throw new AppError('usage', '--sheet names a sheet, but no input is an Excel file', {
      place: '--sheet',
      remedy: 'leave it out',
    })
  }
  const [first] = files
  if (first && files.every((file) => file.empty) && !options.allowEmpty) {
    files.length = 0
    await look(first, options)
  }
  const groups = new Map<string, { dialect: Dialect; files: InspectedFile[] }>()
  for (const file of files) {
    if (file.empty) continue
    const key = JSON.stringify([file.dialect.delimiter, file.dialect.columns, file.dialect.zone])
    const group = groups.get(key) ?? { dialect: file.dialect, files: [] }
    group.files.push(file)
    groups.set(key, group)
  }
  return { groups: [...groups.values()], files, leftOut, bytes: files.reduce((sum, file) => sum + file.bytes, 0) }
}

function refuseBinary(file: InputFile, start: Buffer, decoding: Decoding): void {
  const known = formats.find(({ start: magic, at = 0 }) =>
    start.subarray(at, at + magic.length / 2).equals(Buffer.from(magic, 'hex')),
  )
  if (known) {
    throw new AppError('input', `${file.label} is not text but ${known.what}`, {
      place: file.label,
      remedy: known.remedy,
    })
  }
  if (decoding.kind === 'decoder' && decoding.label !== 'utf-32') return
  // Text has tabs, line ends and, from old systems, a form feed or an end mark; NULs come in small numbers by accident.
  let control = 0
  // A program that makes room for its log ahead leaves NULs behind it.
  const text = start.subarray(0, start.findLastIndex((byte) => byte !== 0) + 1)
  for (const byte of text.length > 0 ? text : start) {
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 0x1a) control++
  }
  if (control * 20 <= (text.length || start.length)) return
  throw new AppError('input', `${file.label} is not a text file`, {
    place: file.label,
    remedy:
      'name a play log as text (CSV or tab separated), plain or gzip; --encoding names an encoding that was not recognised',
  })
}

function sampleText(start: Buffer, decoding: Decoding, whole: boolean): { number: number; text: string }[] {
  const text =
    decoding.kind === 'decoder'
      ? decoderOf(decoding.label).decode(start)
      : splitBytes(start.subarray(decoding.kind === 'format' ? 0 : decoding.bomBytes))
          .map((line) => lineToUtf8(line, decoding.kind !== 'lines').toString())
          .join('\n')
  const all = text.split(/\r\n|\n|\r/)
  // The last line of a part of a file is a part of a line.
  if (!whole && all.length > 1) all.pop()
  const lines: { number: number; text: string }[] = []
  all.forEach((line, i) => {
    const clean = line.replaceAll('\u0000', '')
    if (lines.length < sampleLines && clean.replaceAll('\u001a', '').trim() !== '')
      lines.push({ number: i + 1, text: clean })
  })
  return lines
}

function splitBytes(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  let from = 0
  for (let to = bytes.indexOf(10, from); to >= 0; to = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, to))
    from = to + 1
  }
  lines.push(bytes.subarray(from))
  return lines
}
