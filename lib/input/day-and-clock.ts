import { AppError } from '../errors.ts'
import type { PlayField } from '../model/dialect.ts'
import { mappedFields } from './column-map.ts'
import { normalName } from './column-names.ts'
import { isClock, isTime, mostly, valuesOf } from './contents.ts'
import { dayOfFile } from './day-of-file.ts'
import { quoted } from './quoted.ts'

interface NamedColumns {
  readonly columns: readonly (PlayField | null)[]
  readonly names: readonly string[]
  readonly data: readonly (readonly string[])[]
  readonly map: Readonly<Record<string, string>> | undefined
}

/**
 * The columns that make up the time: a `date` beside a `time` that holds the day is not used; a `date` alone is the time, unless
 * another column holds times of day that go on from row to row. AM and PM may have a column of their own.
 */
export function settleTimes(file: NamedColumns, notes: string[]): (PlayField | null)[] {
  return withHalf({ ...file, columns: settleDate(file, notes) })
}

function settleDate({ columns, names, data, map }: NamedColumns, notes: string[]): (PlayField | null)[] {
  const date = columns.indexOf('date')
  const time = columns.indexOf('time')
  if (date < 0) return [...columns]
  if (time >= 0) {
    const times = valuesOf(time, data)
    const whole = times.filter(isTime).length
    return columns.map((field) => (field === 'date' && times.length > 0 && whole * 2 > times.length ? null : field))
  }
  const clock = clockBeside(date, { columns, names, data, map }, notes)
  if (clock === undefined) return columns.map((field) => (field === 'date' ? 'time' : field))
  return columns.map((field, i) => (i === clock ? 'time' : field))
}

const lengthNames =
  /\b(length|dur|durations?|run ?time|playtime|play length|lange|lengte|dauer|duree|duracion|durata|duracao|duur|langd|laengde|varighed|varighet|kesto|czas trwania|delka|duur|intro|outro|fade|end|ende|fin|fine|slut|bis|until|to)\b/
const partNames = /^(hours?|hh|minutes?|mins?|mm|stunden?|minuten?|heures?|horas?|minutos?|ora|ore|minuti)$/

/**
 * The column of the times of day beside a column of days that has no time of day itself: the only one whose values go on within a
 * day. A note says that it was found, or that there are others.
 */
function clockBeside(date: number, { columns, names, data, map }: NamedColumns, notes: string[]): number | undefined {
  if (valuesOf(date, data).some((value) => /\d[:.h]\d{2}\b.*\d[:.h]\d{2}|[\sT]\d{1,2}[:.h]\d{2}/.test(value)))
    return undefined
  const said = new Set(Object.keys(map ?? {}).map(normalName))
  const isFree = (i: number) => columns[i] === null && !said.has(normalName(names[i] ?? '')) && !said.has(String(i + 1))
  const others = names.flatMap((name, i) => {
    const values = valuesOf(i, data)
    const isPart = partNames.test(normalName(name)) && mostly(values, (value) => /^\d{1,2}$/.test(value))
    const holdsClocks = mostly(values, isClock) && values.length * 2 >= data.length
    return isFree(i) && !lengthNames.test(normalName(name)) && (holdsClocks || isPart) ? [{ i, isPart }] : []
  })
  const going = others.filter(({ i, isPart }) => !isPart && goesOn(date, i, data))
  const [only, ...more] = going
  if (only && more.length === 0) {
    notes.push(
      `the time of day is read from column ${quoted(names[only.i] ?? '')}, by its contents; if it is another: --map ${only.i + 1}=ignore`,
    )
    return only.i
  }
  const [first] = others
  if (first) {
    const listed = others.map(({ i }) => quoted(names[i] ?? '')).join(' or ')
    const remedy = first.isPart ? 'save the log with hours and minutes in one column' : `--map ${first.i + 1}=time`
    notes.push(`only the day of a play is read; if ${listed} holds the time of day: ${remedy}`)
  }
  return undefined
}

const minPairs = 2
const minShare = 0.9

/** Whether the values of a column rise, or fall, from row to row of one day (of one log, where `date` is -1): lengths do not. */
export function goesOn(date: number, clock: number, data: readonly (readonly string[])[]): boolean {
  let rises = 0
  let falls = 0
  let pairs = 0
  for (let i = 1; i < data.length; i++) {
    const [before, here] = [data[i - 1]!, data[i]!]
    if ((before[date] ?? '') !== (here[date] ?? '')) continue
    const [a, b] = [secondsOf(before[clock] ?? ''), secondsOf(here[clock] ?? '')]
    if (a === undefined || b === undefined) continue
    pairs++
    if (b >= a) rises++
    if (b <= a) falls++
  }
  return pairs >= minPairs && Math.max(rises, falls) >= minShare * pairs
}

function secondsOf(text: string): number | undefined {
  const match = /^(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?.*?([ap])?\.?m?\.?$/i.exec(text.trim())
  if (!match) return undefined
  const [, hour, minute, second = '0', half] = match
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  return hours * 3600 + Number(minute) * 60 + Number(second)
}

/** The column that says AM or PM of times that do not say so themselves. */
function withHalf({ columns, names, data, map }: NamedColumns): (PlayField | null)[] {
  const time = columns.indexOf('time')
  if (mappedFields(map).has('half')) return [...columns]
  const isHalf = (i: number) => {
    const values = valuesOf(i, data)
    return values.length > 0 && values.every((value) => /^[ap]\.?\s?(?:m\.?)?$/i.test(value))
  }
  const said = columns.indexOf('half')
  const saysItself = time >= 0 && valuesOf(time, data).some((value) => /\d\s?[ap]\.?\s?m?\.?$/i.test(value))
  const free = names.findIndex((_, i) => (columns[i] === null || i === said) && isHalf(i))
  const half = time < 0 || saysItself ? -1 : free
  return columns.map((field, i) => (i === half ? 'half' : field === 'half' ? null : field))
}

/** Whether times of day rise, or fall, all the way: they are of one day, and not lengths. */
function goesOnFrom(values: readonly string[]): boolean {
  const seconds = values.map((value) => secondsOf(value) ?? Number.NaN)
  const all = (test: (a: number, b: number) => boolean) =>
    seconds.every((each, i) => i === 0 || test(seconds[i - 1]!, each))
  return all((a, b) => a <= b) || all((a, b) => a >= b)
}

/** The zone of a column of times whose name says it, as `UTC` or `+05:30`: `Time (UTC)`, `Zeit (GMT+1)`. */
export function zoneNamed(name: string): string | undefined {
  const spaced = name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
  const found = /(?<![\p{L}\p{N}])(?:utc|gmt)(?:\s*([-+−–])\s*(\d{1,2})(?::?([0-5]\d))?)?(?![\p{L}\p{N}])/iu.exec(
    spaced,
  )
  if (!found) return undefined
  const [, sign, hours = '0', minutes = '00'] = found
  if (sign === undefined) return 'UTC'
  return Number(hours) > 14 ? undefined : `${sign === '+' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}`
}

/** Where the names of columns stand, for messages and for the day of the file. */
interface Place {
  readonly label: string
  readonly line: number
  readonly above?: readonly string[]
  /** Whether the data are all lines of the file. */
  readonly whole: boolean
}

/**
 * The day of a log whose only time is a time of day, by its name or title. Refuses it where these do not say it: which day it was, no
 * line says.
 */
export function requireDays(
  columns: readonly (PlayField | null)[],
  names: readonly string[],
  { label, line, above = [], whole }: Place,
  data: readonly (readonly string[])[],
): ReturnType<typeof dayOfFile> {
  const time = columns.indexOf('time')
  const values = valuesOf(time, data)
  if (columns.includes('date') || values.length === 0 || !values.every(isClock)) return undefined
  const others = columns.map((field, i) => (i === time ? 'time' : field))
  const examples = [...new Set(values)].slice(0, 3).map(quoted).join(', ')
  const moments = names.findIndex((_, i) => others[i] === null && mostly(valuesOf(i, data), isTime))
  const named = moments < 0 ? dayOfFile(label, above) : undefined
  const goesOn = goesOnFrom(values)
  // Where some lines were not looked at, their times may begin again, on the next day.
  if (named && goesOn && whole) return named
  throw new AppError('input', `column ${quoted(names[time] ?? '')} holds times of day or lengths without a day`, {
    place: `${label}:${line}: ${examples}`,
    remedy:
      moments < 0
        ? goesOn
          ? whole
            ? 'name the file by the day of its plays, as log-2014-06-16.csv; or save the log with a column for the day'
            : 'the file is too long to be of one day for sure: save the log with a column for the day'
          : 'they go up and down, so they are of several days or are lengths: save the log with a column for the day'
        : `if column ${moments + 1} (${quoted(names[moments] ?? '')}) holds the day of the play: --map ${moments + 1}=date; if it holds day and time: --map ${moments + 1}=time`,
  })
}
