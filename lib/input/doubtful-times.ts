import { AppError } from '../errors.ts'
import type { PlayField } from '../model/dialect.ts'
import { serialPattern } from '../model/time-forms.ts'
import { mappedFields } from './column-map.ts'
import { fieldNamed } from './column-names.ts'
import { mostly, valuesOf } from './contents.ts'
import { quoted } from './quoted.ts'

/** The columns of a file whose times are to be looked at. */
interface TimesOfFile {
  readonly columns: readonly (PlayField | null)[]
  readonly names: readonly string[]
  readonly data: readonly (readonly string[])[]
  readonly map: Readonly<Record<string, string>> | undefined
  readonly place: string
}

/**
 * Refuses times that could silently be read as others: a two-digit year that stands first (`23/02/21`), and plain numbers that only
 * might be days of a spreadsheet. `--map COLUMN=time` is the user's word that they are what they are read as.
 *
 * *Errors:* `AppError('input')` with the values. A note says what a file of too few dates leaves open.
 */
export function checkTimes(file: TimesOfFile, notes: string[]): void {
  const { columns, data, map } = file
  for (const field of ['time', 'date'] as const) {
    const at = columns.indexOf(field)
    if (at < 0 || mappedFields(map).has(field)) continue
    const values = valuesOf(at, data)
    checkShortYears(at, values, file, notes)
    if (field === 'time' && !columns.includes('date')) checkSerialDays(at, values, file)
  }
}

const shortDate = /^(\d{1,2})([/.])(\d{1,2})\2(\d{2})(?!\d)/

function checkShortYears(at: number, values: readonly string[], file: TimesOfFile, notes: string[]): void {
  const dates = values.flatMap((value) => {
    const match = shortDate.exec(value)
    return match ? [{ value, first: match[1]!, second: Number(match[3]), last: match[4]!, mark: match[2]! }] : []
  })
  const [one] = dates
  if (one === undefined) return
  // A day in the middle, and a month or day of one digit or a year beyond 31 at the end, are of years that stand last.
  if (dates.some(({ first, second, last }) => first.length < 2 || second > 12 || Number(last) > 31 || last === '00'))
    return
  const [firsts, lasts] = [new Set(dates.map(({ first }) => first)), new Set(dates.map(({ last }) => last))]
  const isYearFirst = [...firsts].some((first) => Number(first) > 31) || (lasts.size > firsts.size && firsts.size <= 2)
  if (isYearFirst) {
    throw new AppError('input', `column ${nameOf(at, file)} holds years of two digits that seem to stand first`, {
      place: `${file.place}: ${examplesOf(values)}`,
      remedy: `save the log with years of four digits; if they stand last all the same: --map ${at + 1}=time`,
    })
  }
  if (one.mark === '/' && lasts.size >= firsts.size) {
    notes.push(
      `years of two digits are read as the last part of a date (${quoted(one.value)}), which these few dates do not prove`,
    )
  }
}

const serial = new RegExp(`^(?:${serialPattern})$`)

function checkSerialDays(at: number, values: readonly string[], file: TimesOfFile): void {
  const days = values.filter((value) => serial.test(value))
  if (!mostly(values, (value) => serial.test(value))) return
  const isNamed = fieldNamed(file.names[at] ?? '')?.field === 'date' || /date|serial|excel/i.test(file.names[at] ?? '')
  const hasClock = days.some((value) => /[.,]/.test(value))
  // A day has many plays; seconds of a day, or numbers that count, repeat rarely.
  const isRepeated = days.length >= 4 && new Set(days).size * 2 <= days.length
  if (isNamed || hasClock || isRepeated) return
  throw new AppError('input', `column ${nameOf(at, file)} holds numbers that may be no times`, {
    place: `${file.place}: ${examplesOf(days)}`,
    remedy: `if they are day numbers of a spreadsheet: --map ${at + 1}=time; else name the column with the times: --map COLUMN=time`,
  })
}

const nameOf = (at: number, { names }: TimesOfFile) => (names[at] ? quoted(names[at]) : String(at + 1))
const examplesOf = (values: readonly string[]) => [...new Set(values)].slice(0, 3).map(quoted).join(', ')
