import { AppError } from '../errors.ts'
import { type Delimiter, type Dialect, delimiters, type PlayField } from '../model/dialect.ts'
import { printable } from '../terminal.ts'
import { splitRecord } from './record.ts'

export interface ColumnOptions {
  /** Columns by name (any case) or number (from 1) to fields: `{ Interpret: 'artist', 3: 'station', Notes: 'ignore' }`. */
  readonly map?: Readonly<Record<string, string>>
  /** Default: the one under which the first lines make the most sense. */
  readonly delimiter?: Delimiter
  /** Default: told from the first line. */
  readonly hasHeader?: boolean
}

// Per field the names that people give it, the surest first; in the form that `normalName` makes. A file that has two of
// them uses the surer one, so `RAW_ARTIST` wins over the `artist` that somebody cleaned.
const synonyms: Readonly<Record<PlayField, readonly string[]>> = {
  raw_song: [
    'raw song',
    'song raw',
    'song',
    'song title',
    'track title',
    'track',
    'title',
    'song name',
    'track name',
    'raw title',
    'titel',
    'liedtitel',
    'titre',
    'chanson',
    'titulo',
    'cancion',
    'musica',
    'titolo',
    'brano',
    'canzone',
    'nummer',
    'låt',
    'название',
    'песня',
    '曲名',
    '歌曲',
    'name',
  ],
  raw_artist: [
    'raw artist',
    'artist raw',
    'artist',
    'artist name',
    'artists',
    'performer',
    'band',
    'act',
    'track artist',
    'song artist',
    'interpret',
    'kunstler',
    'artiste',
    'interprete',
    'artista',
    'cantante',
    'artiest',
    'исполнитель',
    'артист',
    'アーティスト',
    '歌手',
    'album artist',
  ],
  callsign: [
    'callsign',
    'call sign',
    'call letters',
    'station',
    'radio station',
    'station id',
    'station name',
    'channel',
    'channel name',
    'radio',
    'stream',
    'sender',
    'kanal',
    'emisora',
    'emissora',
    'estacion',
    'estacao',
    'stazione',
    'emittente',
    'zender',
    'станция',
    '放送局',
  ],
  time: [
    'time',
    'played at',
    'play time',
    'played',
    'played on',
    'play date time',
    'timestamp',
    'time stamp',
    'datetime',
    'date time',
    'date and time',
    'air time',
    'airtime',
    'aired at',
    'aired',
    'air date time',
    'broadcast time',
    'start time',
    'start',
    'started at',
    'unix time',
    'time unix',
    'unix timestamp',
    'epoch',
    'uts',
    'utc',
    'utc time',
    'ts',
    'when',
    'play datetime',
    'scrobble time',
    'scrobbled at',
    'uhrzeit',
    'zeit',
    'zeitpunkt',
    'heure',
    'hora',
    'ora',
    'orario',
    'tijd',
    'tid',
    'время',
    '時刻',
  ],
  date: [
    'date',
    'play date',
    'played date',
    'air date',
    'airdate',
    'broadcast date',
    'date played',
    'day',
    'datum',
    'tag',
    'jour',
    'fecha',
    'data',
    'giorno',
    'dag',
    'дата',
    '日付',
  ],
  unique_id: [
    'unique id',
    'play id',
    'id',
    'uid',
    'uuid',
    'guid',
    'row id',
    'record id',
    'log id',
    'entry id',
    'event id',
    'key',
  ],
  combined: ['combined', 'song by artist', 'combined name', 'song and artist', 'song artist combined'],
  first_play: ['first', 'first play', 'is first', 'is first play', 'first time'],
}

// Names for `--map`, beside the fields' own.
const fieldNames: Readonly<Record<string, PlayField | null>> = {
  raw_song: 'raw_song',
  song: 'raw_song',
  title: 'raw_song',
  track: 'raw_song',
  raw_artist: 'raw_artist',
  artist: 'raw_artist',
  callsign: 'callsign',
  call_sign: 'callsign',
  station: 'callsign',
  time: 'time',
  played_at: 'time',
  date: 'date',
  unique_id: 'unique_id',
  id: 'unique_id',
  combined: 'combined',
  first_play: 'first_play',
  first: 'first_play',
  ignore: null,
  '-': null,
}

const fieldByName = new Map<string, { field: PlayField; rank: number }>()
for (const [field, names] of Object.entries(synonyms)) {
  names.forEach((name, rank) => {
    fieldByName.set(normalName(name), { field: field as PlayField, rank })
  })
}

/** A column name without case, accents, punctuation and camel case: `PlayedAt`, `played_at` and `"Played At:"` are one. */
function normalName(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
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

const shownNames = 12
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
    const known = new Set(
      splitRecord(lines[0] ?? '', delimiter).map((name) => fieldByName.get(normalName(name))?.field),
    )
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
  const mappedFields = new Set(Object.values(map ?? {}).map((name) => fieldNames[name.toLowerCase()]))
  const mappedNames = new Set(Object.keys(map ?? {}).map(normalName))
  const claims = new Map<PlayField, { index: number; rank: number }[]>()
  names.forEach((name, index) => {
    const known = fieldByName.get(normalName(name))
    if (!known || mappedNames.has(normalName(name)) || mappedNames.has(String(index + 1))) return
    if (mappedFields.has(known.field)) return
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

function applyMap(
  map: Readonly<Record<string, string>> | undefined,
  names: readonly string[],
  columns: readonly (PlayField | null)[],
  label: string,
): (PlayField | null)[] {
  const result = [...columns]
  for (const [column, name] of Object.entries(map ?? {})) {
    const field = fieldNames[name.trim().toLowerCase()]
    if (field === undefined) {
      throw new AppError('usage', `--map ${printable(column)}=${printable(name)}: ${quoted(name)} is not a field`, {
        place: '--map',
        remedy: 'fields are artist, song, time, date, station, id, combined, first, and ignore',
      })
    }
    const exact = names.indexOf(column)
    const byName =
      exact >= 0 ? exact : names.findIndex((each) => normalName(each) === normalName(column) && each !== '')
    const index = byName >= 0 ? byName : /^\d+$/.test(column) ? Number(column) - 1 : -1
    if (index < 0 || index >= names.length) {
      throw new AppError(
        'usage',
        `--map ${printable(column)}=${printable(name)}: there is no column ${quoted(column)}`,
        {
          place: label,
          remedy: `the columns are ${listed(names)}`,
        },
      )
    }
    if (field !== null) {
      result.forEach((each, i) => {
        if (each === field) result[i] = null
      })
    }
    result[index] = field
  }
  return result
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

function listed(names: readonly string[]): string {
  const given = names.filter((name) => name !== '')
  const shown = given.slice(0, shownNames).map(quoted).join(', ')
  return given.length > shownNames ? `${shown} and ${given.length - shownNames} more` : shown || 'no names'
}

function quoted(text: string): string {
  const safe = printable(text)
  return `"${safe.length > 40 ? `${safe.slice(0, 39)}…` : safe}"`
}

/** Whether the text is a moment or a day: Unix seconds or milliseconds, or three numbers of a date. */
function isTime(text: string): boolean {
  const value = text.trim()
  return /^\d{9,10}(\.\d+)?$|^\d{12,13}$/.test(value) || /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ,].*)?$/.test(value)
}

/** What the columns of a file without names hold. Whatever is not clear stays null. */
function guessColumns(records: readonly (readonly string[])[]): (PlayField | null)[] {
  const width = records[0]?.length ?? 0
  const columns: (PlayField | null)[] = Array.from({ length: width }, () => null)
  const values = columns.map((_, i) =>
    records.map((record) => (record[i] ?? '').trim()).filter((value) => value !== ''),
  )
  const mostly = (i: number, test: (value: string) => boolean, share = 0.8) =>
    values[i]!.length > 0 && values[i]!.filter(test).length >= share * values[i]!.length
  const distinct = (i: number) => new Set(values[i]).size
  const take = (field: PlayField, test: (i: number) => boolean) => {
    const i = columns.findIndex((taken, index) => taken === null && test(index))
    if (i >= 0) columns[i] = field
    return i
  }
  take('time', (i) => mostly(i, isTime))
  const clock = columns.findIndex((taken, i) => taken === null && mostly(i, (value) => /^\d{1,2}[:.]\d{2}/.test(value)))
  if (clock >= 0 && columns.includes('time')) {
    columns[columns.indexOf('time')] = 'date'
    columns[clock] = 'time'
  }
  take('combined', (i) => mostly(i, (value) => / by /i.test(value)))
  take('unique_id', (i) =>
    records.length >= 2
      ? distinct(i) === records.length && mostly(i, (value) => /^[^\s]*\d[^\s]*$/.test(value), 0.95)
      : false,
  )
  take('first_play', (i) => mostly(i, (value) => /^[01]$/.test(value), 0.95))
  take(
    'callsign',
    (i) =>
      mostly(i, (value) => /^[A-Z0-9][A-Z0-9.-]{1,9}$/.test(value)) &&
      distinct(i) * 2 <= Math.max(values[i]!.length, 4),
  )
  const texts = columns.flatMap((taken, i) =>
    taken === null && mostly(i, (value) => /\p{L}/u.test(value), 0.5) ? [i] : [],
  )
  const [a, b] = texts
  if (a === undefined || b === undefined || texts.length !== 2) return columns
  const songFirst = orderOfNames(records, a, b, columns, distinct)
  if (songFirst !== undefined) {
    columns[a] = songFirst ? 'raw_song' : 'raw_artist'
    columns[b] = songFirst ? 'raw_artist' : 'raw_song'
  }
  return columns
}

/** Which of two text columns is the song: by `song by artist` beside them, by the publisher's order, or by repetition (acts repeat more). */
function orderOfNames(
  records: readonly (readonly string[])[],
  a: number,
  b: number,
  columns: readonly (PlayField | null)[],
  distinct: (i: number) => number,
): boolean | undefined {
  const combined = columns.indexOf('combined')
  if (combined >= 0) {
    const same = (first: string, second: string, record: readonly string[]) =>
      normalName(`${first} by ${second}`) === normalName(record[combined] ?? '')
    const forward = records.filter((record) => same(record[a] ?? '', record[b] ?? '', record)).length
    const backward = records.filter((record) => same(record[b] ?? '', record[a] ?? '', record)).length
    if (forward !== backward) return forward > backward
  }
  if (a === 0 && b === 1 && columns[2] === 'callsign' && (columns[3] === 'time' || columns[3] === 'date')) return true
  if (records.length < 50) return undefined
  if (distinct(b) < 0.7 * distinct(a)) return true
  if (distinct(a) < 0.7 * distinct(b)) return false
  return undefined
}
