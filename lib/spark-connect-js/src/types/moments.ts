import { printAs } from './printed.ts'

/** *Unit:* microseconds. */
export const microsPerDay = 86_400_000_000n

const floorDiv = (a: bigint, b: bigint): bigint => (a % b !== 0n && a < 0n !== b < 0n ? a / b - 1n : a / b)
const pad = (value: number | bigint, width: number): string => value.toString().padStart(width, '0')

/** Year, month and day of a day number (days since 1970-01-01) in the proleptic Gregorian calendar. */
const civil = (days: number): { year: number; month: number; day: number } => {
  // Howard Hinnant's "civil_from_days": Date ends at ±100,000,000 days, Spark's dates go to year 9999 and, by arithmetic, beyond.
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yoe + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
  }
}

const daysOf = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yoe = y - era * 400
  const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468
}

const dateText = (days: number): string => {
  const { year, month, day } = civil(days)
  const sign = year < 0 ? '-' : year > 9999 ? '+' : ''
  return `${sign}${pad(Math.abs(year), 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** Time of day of microseconds since midnight. */
export const clockText = (micros: bigint): string => {
  const seconds = Number(micros / 1_000_000n)
  const rest = micros % 1_000_000n
  const text = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`
  return rest === 0n ? text : `${text}.${pad(rest, 6).replace(/0+$/, '')}`
}

const parseMoment = (text: string): { micros: bigint; zoned: boolean } => {
  const match =
    /^([+-]?\d{4,7})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text.trim(),
    )
  if (!match) throw new RangeError(`'${text}' is not a timestamp like 2024-05-01T12:30:00.123456Z`)
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  const days = daysOf(Number(year), Number(month), Number(day))
  const back = civil(days)
  if (back.month !== Number(month) || back.day !== Number(day) || +hour > 23 || +minute > 59 || +second > 59) {
    throw new RangeError(`'${text}' is not a moment of the calendar`)
  }
  if (/[1-9]/.test(fraction.slice(6))) throw new RangeError(`'${text}' is finer than a microsecond`)
  let micros = BigInt(days) * microsPerDay
  micros += BigInt(+hour * 3600 + +minute * 60 + +second) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
  if (zone && zone !== 'Z') {
    const offset = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0)
    micros -= BigInt(zone.startsWith('-') ? -offset : offset) * 60_000_000n
  }
  return { micros, zoned: zone !== undefined }
}

/** A calendar day without zone (Spark's DATE): days since 1970-01-01. Compares with `<` and `>` by `valueOf`. */
export class LocalDate {
  /** Keeps the compiler from taking one class of values for another of the same shape. */
  protected declare readonly nominal: 'LocalDate'
  readonly days: number

  constructor(days: number) {
    this.days = days
  }

  /** Reads "2024-05-01". *Errors:* RangeError for anything that is not a day of the calendar. */
  static parse(text: string): LocalDate {
    const { micros } = parseMoment(text)
    if (micros % microsPerDay !== 0n) throw new RangeError(`'${text}' has a time of day`)
    return new LocalDate(Number(micros / microsPerDay))
  }

  /** The day that the moment has in UTC. *Errors:* RangeError for an Invalid Date. */
  static fromDate(date: Date): LocalDate {
    if (Number.isNaN(date.getTime())) throw new RangeError('Invalid Date has no day')
    return new LocalDate(Math.floor(date.getTime() / 86_400_000))
  }

  /** Midnight of the day in UTC. */
  toDate(): Date {
    return new Date(this.days * 86_400_000)
  }

  valueOf(): number {
    return this.days
  }

  toString(): string {
    return dateText(this.days)
  }

  toJSON(): string {
    return this.toString()
  }
}

/** A moment in time (Spark's TIMESTAMP): microseconds since 1970-01-01T00:00Z, exact, where Date keeps milliseconds. */
export class Timestamp {
  /** Keeps the compiler from taking one class of values for another of the same shape. */
  protected declare readonly nominal: 'Timestamp'
  readonly micros: bigint

  constructor(micros: bigint) {
    this.micros = micros
  }

  /** Reads ISO-8601 text; text without a zone is taken as UTC. *Errors:* RangeError. */
  static parse(text: string): Timestamp {
    return new Timestamp(parseMoment(text).micros)
  }

  /** *Errors:* RangeError for an Invalid Date. */
  static fromDate(date: Date): Timestamp {
    if (Number.isNaN(date.getTime())) throw new RangeError('Invalid Date is not a moment')
    return new Timestamp(BigInt(date.getTime()) * 1000n)
  }

  /** The moment cut to whole milliseconds. */
  toDate(): Date {
    return new Date(Number(floorDiv(this.micros, 1000n)))
  }

  valueOf(): bigint {
    return this.micros
  }

  /** "2024-05-01T12:30:00.123456Z", as many places as needed. */
  toString(): string {
    const days = floorDiv(this.micros, microsPerDay)
    return `${dateText(Number(days))}T${clockText(this.micros - days * microsPerDay)}Z`
  }

  toJSON(): string {
    return this.toString()
  }
}

/** Date and time of day without a zone (Spark's TIMESTAMP_NTZ): microseconds since 1970-01-01 00:00 on the same wall clock. */
export class LocalDateTime {
  /** Keeps the compiler from taking one class of values for another of the same shape. */
  protected declare readonly nominal: 'LocalDateTime'
  readonly micros: bigint

  constructor(micros: bigint) {
    this.micros = micros
  }

  /** Reads "2024-05-01T12:30:00.123456". *Errors:* RangeError, also for text with a zone. */
  static parse(text: string): LocalDateTime {
    const { micros, zoned } = parseMoment(text)
    if (zoned) throw new RangeError(`'${text}' has a zone; use Timestamp.parse`)
    return new LocalDateTime(micros)
  }

  valueOf(): bigint {
    return this.micros
  }

  toString(): string {
    const days = floorDiv(this.micros, microsPerDay)
    return `${dateText(Number(days))}T${clockText(this.micros - days * microsPerDay)}`
  }

  toJSON(): string {
    return this.toString()
  }
}

/** A time of day (Spark 4.1's TIME): nanoseconds since midnight. */
export class LocalTime {
  /** Keeps the compiler from taking one class of values for another of the same shape. */
  protected declare readonly nominal: 'LocalTime'
  readonly nanos: bigint

  constructor(nanos: bigint) {
    this.nanos = nanos
  }

  /** Reads "12:30:00.123456789". *Errors:* RangeError. */
  static parse(text: string): LocalTime {
    const match = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/.exec(text.trim())
    if (!match || +match[1]! > 23 || +match[2]! > 59 || +(match[3] ?? 0) > 59) {
      throw new RangeError(`'${text}' is not a time of day like 12:30:00.5`)
    }
    const seconds = +match[1]! * 3600 + +match[2]! * 60 + +(match[3] ?? 0)
    return new LocalTime(BigInt(seconds) * 1_000_000_000n + BigInt((match[4] ?? '').padEnd(9, '0')))
  }

  valueOf(): bigint {
    return this.nanos
  }

  toString(): string {
    const rest = this.nanos % 1_000n
    const text = clockText(this.nanos / 1_000n)
    if (rest === 0n) return text
    const [clock, micros = ''] = text.split('.')
    return `${clock}.${micros.padEnd(6, '0')}${pad(rest, 3).replace(/0+$/, '')}`
  }

  toJSON(): string {
    return this.toString()
  }
}

printAs('date', LocalDate, LocalTime, LocalDateTime, Timestamp)
