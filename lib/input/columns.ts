import { AppError } from '../errors.ts'
import { type Delimiter, type Dialect, delimiters, type PlayField } from '../model/dialect.ts'
import { adviceFor, fieldWords, type RequiredField, requiredFields } from './column-advice.ts'
import { applyMap, columnsFirst, mappedFields } from './column-map.ts'
import { fieldNamed, normalName, rankByWords } from './column-names.ts'
import { canBeName, isClock, isTime, mostly, valuesOf } from './contents.ts'
import { goesOn, requireDays, settleTimes, zoneNamed } from './day-and-clock.ts'
import { checkTimes } from './doubtful-times.ts'
import { guessColumns } from './guess-columns.ts'
import { findHeader, type Header, type NumberedLine } from './header.ts'
import { namesInOneColumn } from './one-column.ts'
import { listed, quoted } from './quoted.ts'
import { splitRecord } from './record.ts'
import { withoutSongId } from './song-id.ts'

/** What a person says about the columns. */
export interface ColumnOptions {
  /** Columns by name (any case) or number (from 1) to fields: `{ Interpret: 'artist', 3: 'station', Notes: 'ignore' }`. */
  readonly map?: Readonly<Record<string, string>>
  /** Default: the one under which the first lines make the most sense. */
  readonly delimiter?: Delimiter
  /** Default: told from the first twenty lines. */
  readonly hasHeader?: boolean
}

/** The first lines of a file, as `readColumns` judges them. */
export interface Sample {
  /** For messages: the file as people know it. */
  readonly label: string
  /** In order, without blank ones. */
  readonly lines: readonly NumberedLine[]
  /** Whether these are all lines of the file. */
  readonly whole: boolean
}

/** The columns of a file, and where its plays begin. */
export interface Columns {
  readonly dialect: Dialect
  /** The line of names, or null. */
  readonly headerLine: string | null
  /** How many lines come before the first play. */
  readonly skipLines: number
  /** Whether spaces around fields belong to none. */
  readonly trims: boolean
  /**
   * The day of all plays, where the lines hold times of day alone: `2014-06-16`. Each line is framed with it as its first field, and
   * so the dialect has one column more than the file.
   */
  readonly day?: string | undefined
  /** What a careful reader should know: columns that were chosen between or guessed. */
  readonly notes: readonly string[]
}

// A log has tens of columns. Spark would plan a field for each, and take minutes for tens of thousands.
const maxColumns = 1000

/**
 * What the columns of a file are: by the names in its header, else (no names there) by what the columns hold.
 *
 * *Errors:* `AppError('input')` with the file and line if song, artist or time has no column, if two columns claim to be the same
 * thing and differ, if there are more than a thousand, and if the file has no header and the contents leave a doubt; `AppError('usage')` for a `map` that does not fit.
 */
export function readColumns(sample: Sample, options: ColumnOptions = {}): Columns {
  const { lines, named } = belowSeparator(sample)
  const map = columnsFirst(options.map)
  const header = findHeader(lines, map, options.delimiter ?? named, options.hasHeader)
  const { delimiter, names } = header
  const place = { label: sample.label, line: header.number }
  if (names.length > maxColumns) {
    throw new AppError('input', `${sample.label} has more than ${maxColumns} columns`, {
      place: `${place.label}:${place.line}`,
      remedy: 'save only the columns of a play: station, time, artist, song, id; or name another --delimiter',
    })
  }
  const data = header.below.map((line) => splitRecord(line.text, delimiter))
  const above = lines.filter(({ number }) => number < header.number).map(({ text }) => text)
  return header.isHeader
    ? columnsOfHeader(header, data, map, { ...place, above, whole: sample.whole })
    : columnsOfContents(header, data, map, place)
}

/** Excel's own line that names the delimiter (`sep=;`), and the lines below it. */
function belowSeparator({ label, lines }: Sample): { lines: readonly NumberedLine[]; named: Delimiter | undefined } {
  const [first, ...rest] = lines
  if (!first) throw new AppError('input', `${label} has no lines`, { place: label })
  const separator = /^sep=(.)$/i.exec(first.text)?.[1]
  const named = delimiters.find((each) => each === separator)
  if (!named) return { lines, named }
  if (rest.length > 0) return { lines: rest, named }
  throw new AppError('input', `${label} has no lines below "${first.text}"`, { place: `${label}:1` })
}

interface Place {
  /** The lines above it. */
  readonly above?: readonly string[]
  readonly label: string
  readonly line: number
}

function columnsOfContents(
  { delimiter, names, number }: Header,
  data: readonly (readonly string[])[],
  map: ColumnOptions['map'],
  place: Place,
): Columns {
  const records = [names, ...data]
  const numbers = names.map((_, i) => String(i + 1))
  const columns = applyMap(map, numbers, guessColumns(records), place.label)
  requireFields(columns, names, place, false, records)
  const fields = columns.flatMap((field, i) => (field ? [`${i + 1} ${field}`] : []))
  const notes = [`no line of column names; read as ${fields.join(', ')}`]
  checkTimes({ columns, names: [], data: records, map, place: `${place.label}:${place.line}` }, notes)
  return {
    dialect: { delimiter, columns, hasHeader: false },
    headerLine: null,
    skipLines: number - 1,
    trims: false,
    notes,
  }
}

function columnsOfHeader(
  header: Header,
  data: readonly (readonly string[])[],
  map: ColumnOptions['map'],
  place: Place & { readonly whole: boolean },
): Columns {
  const { delimiter, names, text, lastNumber } = header
  const notes: string[] = []
  const byName = columnsByName(names, data, map, place, notes)
  const mapped = withoutSongId(applyMap(map, names, byName, place.label), names, data, map, notes)
  const timed = settleTimes({ columns: mapped, names, data, map }, notes)
  const columns = namesInOneColumn(timed, names, data, map, notes)
  requireFields(columns, names, place, true, data)
  const day = requireDays(columns, names, place, data)
  if (day) notes.push(`the day of its plays is ${day.day}, by its ${day.by}`)
  checkTimes({ columns, names, data, map, place: `${place.label}:${place.line}` }, notes)
  const zone = zoneNamed(names[columns.indexOf('time')] ?? '')
  return {
    day: day?.day,
    dialect: {
      delimiter,
      columns: day ? ['date', ...columns] : columns,
      hasHeader: true,
      ...(zone === undefined ? {} : { zone }),
    },
    headerLine: text,
    skipLines: lastNumber,
    trims: isSpaced(text, delimiter),
    notes,
  }
}

/** Whether the writer puts a space behind each delimiter: then it belongs to no field. */
function isSpaced(headerText: string, delimiter: Delimiter): boolean {
  const [, ...behind] = headerText.split(delimiter)
  return behind.length > 0 && behind.every((cell) => cell.startsWith(' ') && cell.trim() !== '')
}

/** A column whose name says a field, and how sure the name is: 0 is the surest. */
interface Claim {
  readonly index: number
  readonly rank: number
}

function columnsByName(
  names: readonly string[],
  data: readonly (readonly string[])[],
  map: Readonly<Record<string, string>> | undefined,
  place: Place,
  notes: string[],
): (PlayField | null)[] {
  const columns: (PlayField | null)[] = names.map(() => null)
  const mapped = mappedFields(map)
  const mappedNames = new Set(Object.keys(map ?? {}).map(normalName))
  const claims = new Map<PlayField, Claim[]>()
  names.forEach((name, index) => {
    const known = fieldNamed(name)
    if (!known || mappedNames.has(normalName(name)) || mappedNames.has(String(index + 1))) return
    if (mapped.has(known.field)) return
    if (known.rank === rankByWords && !fitsName(known.field, valuesOf(index, data))) return
    claims.set(known.field, [...(claims.get(known.field) ?? []), { index, rank: known.rank }])
  })
  for (const [field, claimed] of claims) {
    const list = plausible(field, claimed, data, claims.get('date')?.[0]?.index ?? -1)
    const best = Math.min(...list.map((claim) => claim.rank))
    const equal = list.filter((claim) => claim.rank === best)
    const chosen = equal.length === 1 ? equal[0]! : settleDuplicate(equal, field, names, data, place)
    columns[chosen.index] = field
    const passedOver = claimed.filter((claim) => claim !== chosen && claim.rank !== chosen.rank)
    if (passedOver.length > 0) {
      const passed = passedOver.map((claim) => quoted(names[claim.index]!)).join(', ')
      notes.push(`${field} is read from column ${quoted(names[chosen.index]!)}, not from ${passed}`)
    }
  }
  return columns
}

/** Whether the contents can be what a name of several words says; no values can be anything. */
function fitsName(field: PlayField, values: readonly string[]): boolean {
  if (values.length === 0) return true
  if (field === 'time') return mostly(values, (value) => isTime(value) || isClock(value))
  return field === 'date' ? mostly(values, isTime) : mostly(values, canBeName)
}

/**
 * The claims that the contents bear out, if any are: a column of lengths is not the time beside one of moments or one whose times
 * of day go on, and a column of numbers is not the song beside one of words.
 */
function plausible(
  field: PlayField,
  claims: readonly Claim[],
  data: readonly (readonly string[])[],
  date: number,
): readonly Claim[] {
  const test = field === 'time' ? isTime : field === 'raw_song' || field === 'raw_artist' ? canBeName : undefined
  if (claims.length < 2 || !test) return claims
  const borne = claims.filter(({ index }) => mostly(valuesOf(index, data), test))
  if (borne.length > 0) return borne
  const going = field === 'time' ? claims.filter(({ index }) => goesOn(date, index, data)) : []
  const isLengths = ({ index }: Claim) =>
    valuesOf(index, data).every((value) => /^\d?\d[:.]/.test(value) && Number.parseInt(value, 10) < 20)
  return going.length > 0 && claims.every((each) => going.includes(each) || isLengths(each)) ? going : claims
}

/** Two columns of one name: harmless if they agree or one is empty; else the user must say which. */
function settleDuplicate(
  claims: readonly Claim[],
  field: PlayField,
  names: readonly string[],
  data: readonly (readonly string[])[],
  place: Place,
): Claim {
  const filled = claims.filter((claim) => data.some((record) => (record[claim.index] ?? '').trim() !== ''))
  if (filled.length === 0) return claims[0]!
  const [first, ...rest] = filled
  const agree = rest.every((claim) =>
    data.every((record) => (record[claim.index] ?? '').trim() === (record[first!.index] ?? '').trim()),
  )
  if (agree) return first!
  const inUtc = field === 'time' && filled.find(({ index }) => zoneNamed(names[index] ?? '') === 'UTC')
  if (inUtc) return inUtc
  const places = claims.map((claim) => claim.index + 1).join(' and ')
  const [one, ...more] = new Set(filled.map(({ index }) => quoted(names[index]!)))
  const called = more.length === 0 ? `both called ${one}` : `called ${[one, ...more].join(' and ')}`
  throw new AppError('input', `columns ${places} are ${called} and differ`, {
    place: `${place.label}:${place.line}`,
    remedy: `say which one is meant: --map ${first!.index + 1}=${field}`,
  })
}

function requireFields(
  columns: readonly (PlayField | null)[],
  names: readonly string[],
  { label, line }: Place,
  hasHeader: boolean,
  data: readonly (readonly string[])[],
): void {
  const missing = missingFields(columns)
  if (missing.length === 0) return
  const what = missing.map((field) => fieldWords[field]).join(', ')
  throw new AppError(
    'input',
    hasHeader
      ? `no column for ${what} among ${listed(names)}`
      : `the first line holds no column names, and it is not clear which column is ${what}`,
    { place: `${label}:${line}`, remedy: adviceFor(missing, { label, columns, names, data, hasHeader }) },
  )
}

/** Artist and title may stand in one column. */
function missingFields(columns: readonly (PlayField | null)[]): readonly RequiredField[] {
  const missing = requiredFields.filter((field) => !columns.includes(field))
  const hasBoth = columns.some((field) => field === 'artist_title' || field === 'title_artist' || field === 'combined')
  return hasBoth && missing.includes('raw_song') && missing.includes('raw_artist') ? missing.slice(2) : missing
}
