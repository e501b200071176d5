import { AppError } from '../errors.ts'
import { type Delimiter, type Dialect, delimiters, type PlayField } from '../model/dialect.ts'
import { printable } from '../terminal.ts'
import { applyMap, mappedFields } from './column-map.ts'
import { fieldNamed, normalName } from './column-names.ts'
import { guessColumns, isTime } from './guess-columns.ts'
import { listed, quoted } from './quoted.ts'
import { splitRecord } from './record.ts'

export interface ColumnOptions {
  /** Columns by name (any case) or number (from 1) to fields: `{ Interpret: 'artist', 3: 'station', Notes: 'ignore' }`. */
  readonly map?: Readonly<Record<string, string>>
  /** Default: the one under which the first lines make the most sense. */
  readonly delimiter?: Delimiter
  /** Default: told from the first line. */
  readonly hasHeader?: boolean
}

/** The first lines of a file, as `readColumns` judges them. */
export interface Sample {
  /** For messages: the file as people know it. */
  readonly label: string
  /** Lines that are not blank, in order, with their numbers from 1. */
  readonly lines: readonly { readonly number: number; readonly text: string }[]
  /** Whether these are all lines of the file. */
  readonly whole: boolean
}

export interface Columns {
  readonly dialect: Dialect
  /** The line of names, or null. */
  readonly headerLine: string | null
  /** How many lines come before the first play. */
  readonly skipLines: number
  /** What a careful reader should know: columns that were chosen between or guessed. */
  readonly notes: readonly string[]
}

// A log has tens of columns. Spark would plan a field for each, and take minutes for tens of thousands.
const mostColumns = 1000

/**
 * What the columns of a file are: by the names in its first line, else (no names there) by what the columns hold.
 *
 * *Errors:* `AppError('input')` with the file and line if song, artist or time has no column, if two columns claim to be the same
 * thing and differ, if there are more than a thousand, and if there is no header and the contents leave a doubt; `AppError('usage')` for a `map` that does not fit.
 */
export function readColumns(sample: Sample, options: ColumnOptions = {}): Columns {
  const [first, ...rest] = sample.lines
  if (!first) throw new AppError('input', `${sample.label} has no lines`, { place: sample.label })
  // Excel's own way of naming the delimiter.
  const separator = /^sep=(.)$/i.exec(first.text)?.[1]
  const named = delimiters.find((each) => each === separator)
  const lines = named ? rest : sample.lines
  const header = lines[0]
  if (!header) {
    throw new AppError('input', `${sample.label} has no lines below "${first.text}"`, { place: `${sample.label}:1` })
  }

  const delimiter = options.delimiter ?? named ?? sniffDelimiter(lines.map((line) => line.text))
  const names = splitRecord(header.text, delimiter).map((name) => name.trim())
  if (names.length > mostColumns) {
    throw new AppError('input', `${sample.label} has more than ${mostColumns} columns`, {
      place: `${sample.label}:${header.number}`,
      remedy: 'save only the columns of a play: station, time, artist, song, id; or name another --delimiter',
    })
  }
  const data = lines.slice(1).map((line) => splitRecord(line.text, delimiter))
  const hasHeader = options.hasHeader ?? looksLikeHeader(names, options.map)
  const notes: string[] = []

  if (!hasHeader) {
    const records = [names, ...data]
    const columns = applyMap(
      options.map,
      names.map((_, i) => String(i + 1)),
      guessColumns(records),
      sample.label,
    )
    requireFields(columns, names, sample.label, header.number, false, records)
    notes.push(
      `no line of column names; read as ${columns
        .map((field, i) => (field ? `${i + 1} ${field}` : ''))
        .filter(Boolean)
        .join(', ')}`,
    )
    return { dialect: { delimiter, columns, hasHeader }, headerLine: null, skipLines: header.number - 1, notes }
  }

  const byName = columnsByName(names, data, options.map, sample.label, header.number, notes)
  const columns = applyMap(options.map, names, byName, sample.label)
  const dated = settleDate(columns, data)
  requireFields(dated, names, sample.label, header.number, true, data)
  return { dialect: { delimiter, columns: dated, hasHeader }, headerLine: header.text, skipLines: header.number, notes }
}

function sniffDelimiter(lines: readonly string[]): Delimiter {
  const scored = delimiters.map((delimiter) => {
    const known = new Set(splitRecord(lines[0] ?? '', delimiter).map((name) => fieldNamed(name)?.field))
    known.delete(undefined)
    const counts = lines.slice(0, 200).map((line) => splitRecord(line, delimiter).length)
    const byCount = new Map<number, number>()
    for (const count of counts) byCount.set(count, (byCount.get(count) ?? 0) + 1)
    const [columns, lineCount] = [...byCount].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0]
    return { delimiter, known: known.size, steady: columns > 1 ? lineCount / counts.length : 0, columns }
  })
  scored.sort((a, b) => b.known - a.known || b.steady - a.steady || b.columns - a.columns)
  return scored[0]!.delimiter
}

function looksLikeHeader(names: readonly string[], map: Readonly<Record<string, string>> | undefined): boolean {
  const mapped = Object.keys(map ?? {}).map(normalName)
  if (names.some((name) => name !== '' && mapped.includes(normalName(name)) && !/^\d+$/.test(name))) return true
  if (names.some(isTime)) return false
  return true
}

function columnsByName(
  names: readonly string[],
  data: readonly (readonly string[])[],
  map: Readonly<Record<string, string>> | undefined,
  label: string,
  line: number,
  notes: string[],
): (PlayField | null)[] {
  const columns: (PlayField | null)[] = names.map(() => null)
  const mapped = mappedFields(map)
  const mappedNames = new Set(Object.keys(map ?? {}).map(normalName))
  const claims = new Map<PlayField, { index: number; rank: number }[]>()
  names.forEach((name, index) => {
    const known = fieldNamed(name)
    if (!known || mappedNames.has(normalName(name)) || mappedNames.has(String(index + 1))) return
    if (mapped.has(known.field)) return
    claims.set(known.field, [...(claims.get(known.field) ?? []), { index, rank: known.rank }])
  })
  for (const [field, list] of claims) {
    const best = Math.min(...list.map((claim) => claim.rank))
    const equal = list.filter((claim) => claim.rank === best)
    const others = list.filter((claim) => claim.rank !== best)
    const chosen = equal.length === 1 ? equal[0]! : settleDuplicate(equal, field, names, data, label, line)
    columns[chosen.index] = field
    if (others.length > 0) {
      const passed = others.map((claim) => quoted(names[claim.index]!)).join(', ')
      notes.push(`${field} is read from column ${quoted(names[chosen.index]!)}, not from ${passed}`)
    }
  }
  return columns
}

/** Two columns of one name: harmless if they agree or one is empty; else the user must say which. */
function settleDuplicate(
  claims: readonly { index: number; rank: number }[],
  field: PlayField,
  names: readonly string[],
  data: readonly (readonly string[])[],
  label: string,
  line: number,
): { index: number; rank: number } {
  const filled = claims.filter((claim) => data.some((record) => (record[claim.index] ?? '').trim() !== ''))
  if (filled.length === 0) return claims[0]!
  const [first, ...rest] = filled
  const agree = rest.every((claim) =>
    data.every((record) => (record[claim.index] ?? '').trim() === (record[first!.index] ?? '').trim()),
  )
  if (agree) return first!
  const places = claims.map((claim) => claim.index + 1).join(' and ')
  throw new AppError('input', `columns ${places} are both called ${quoted(names[first!.index]!)} and differ`, {
    place: `${label}:${line}`,
    remedy: `say which one is meant: --map ${first!.index + 1}=${field}`,
  })
}

/** `date` beside a `time` that already holds the day is not used; a `date` alone is the time. */
function settleDate(
  columns: readonly (PlayField | null)[],
  data: readonly (readonly string[])[],
): (PlayField | null)[] {
  const date = columns.indexOf('date')
  const time = columns.indexOf('time')
  if (date < 0) return [...columns]
  if (time < 0) return columns.map((field) => (field === 'date' ? 'time' : field))
  const times = data.map((record) => (record[time] ?? '').trim()).filter((value) => value !== '')
  const whole = times.filter(isTime).length
  return columns.map((field) => (field === 'date' && times.length > 0 && whole * 2 > times.length ? null : field))
}

function requireFields(
  columns: readonly (PlayField | null)[],
  names: readonly string[],
  label: string,
  line: number,
  hasHeader: boolean,
  data: readonly (readonly string[])[],
): void {
  const wanted = { raw_song: 'song', raw_artist: 'artist', time: 'time' } as const
  const missing = (Object.keys(wanted) as (keyof typeof wanted)[]).filter((field) => !columns.includes(field))
  if (missing.length === 0) return
  const what = missing.map((field) => wanted[field]).join(', ')
  const free = columns.findIndex((field, i) => field === null && (names[i] ?? '') !== '')
  const at = free < 0 ? 0 : free
  const values = data.map((record) => record[at] ?? '').filter((value) => value.trim() !== '')
  const examples = [...new Set(values)].slice(0, 3).map(quoted)
  const holds = examples.length > 0 ? ` (column ${at + 1} holds ${examples.join(', ')})` : ''
  const name = hasHeader ? (names[at] ?? '') : ''
  // A name that nobody would type, or that is shown cut off, goes by its number.
  const column = /^[^"'$`\\]{1,24}$/.test(name) && printable(name) === name ? name : String(at + 1)
  throw new AppError(
    'input',
    hasHeader
      ? `no column for ${what} among ${listed(names)}`
      : `the first line holds no column names, and it is not clear which column is ${what}`,
    {
      place: `${label}:${line}`,
      remedy: `name it: --map ${/[\s;&|<>()*?]/.test(column) ? quoted(`${column}=${missing[0]}`) : printable(`${column}=${missing[0]}`)}${holds}`,
    },
  )
}
