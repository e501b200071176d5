import type { BoundedStringType, DataType, DecimalType, GeoType, TimeType } from './data-type.ts'
import type { DayTimeIntervalType, YearMonthIntervalType } from './interval-types.ts'
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  Geo,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Timestamp,
  YearMonthInterval,
} from './values.ts'
import { Variant } from './variant.ts'

/** Why a value does not fit a type. Whoever knows the row and the column, or the literal, adds the place. */
export class MisfitError extends Error {
  /** Whether the value is of the right kind but out of range. */
  readonly isRange: boolean

  constructor(message: string, isRange = false) {
    super(message)
    this.isRange = isRange
  }
}

export const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined

const shortened = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)

/** A value in the words of an error message: `the text "x"`, `the number 1.5`, `an object of class Foo`. */
export const describeValue = (value: unknown): string => {
  if (isAbsent(value)) return String(value)
  if (typeof value === 'string') return `the text ${shortened(value)}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'function') return 'a function'
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'Invalid Date'
  if (typeof value === 'object') return `an object of class ${value.constructor?.name ?? '(none)'}`
  return `the ${typeof value} ${String(value)}`
}

/** Refuses a value: `what` does not fit the type, for a reason. */
export const refuse = (value: unknown, type: DataType, reason?: string, isRange = reason !== undefined): never => {
  throw new MisfitError(`${describeValue(value)} does not fit ${type}${reason ? `: ${reason}` : ''}`, isRange)
}

const bounds = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]
const intBounds: Readonly<Record<string, readonly [number, number]>> = {
  byte: bounds(8),
  short: bounds(16),
  integer: bounds(32),
}
const isInt32 = (value: number): boolean => value === (value | 0)
const isInt64 = (value: unknown): value is bigint => typeof value === 'bigint' && BigInt.asIntN(64, value) === value

const nanosPerDay = 86_400_000_000_000n

const boolean = (value: unknown, type: DataType): boolean => (typeof value === 'boolean' ? value : refuse(value, type))

/** BYTE, SHORT and INT. */
const int = (value: unknown, type: DataType): number => {
  const [min, max] = intBounds[type.kind]!
  if (typeof value !== 'number' && typeof value !== 'bigint') return refuse(value, type)
  if (typeof value === 'number' && !Number.isInteger(value)) refuse(value, type, 'it is not a whole number')
  return value >= min && value <= max ? Number(value) : refuse(value, type, `the range is ${min} to ${max}`)
}

/** BIGINT. A number beyond 2^53 is not exact in JavaScript already, so it is refused. */
const long = (value: unknown, type: DataType): bigint => {
  if (typeof value === 'bigint') return isInt64(value) ? value : refuse(value, type, 'it takes more than 64 bits')
  if (typeof value !== 'number') return refuse(value, type)
  return Number.isSafeInteger(value)
    ? BigInt(value)
    : refuse(value, type, 'it is not a whole number up to 2^53; give a bigint')
}

const double = (value: unknown, type: DataType): number => (typeof value === 'number' ? value : refuse(value, type))

const float = (value: unknown, type: DataType): number => {
  const number = double(value, type)
  const isLost = Number.isFinite(number) && !Number.isFinite(Math.fround(number))
  return isLost ? refuse(value, type, 'it is beyond ±3.4e38') : number
}

const text = (value: unknown, type: DataType): string => {
  if (typeof value !== 'string') return refuse(value, type)
  if (!value.isWellFormed()) refuse(value, type, 'it holds half of a surrogate pair, which UTF-8 cannot write')
  const { length } = type as BoundedStringType
  // A code point takes one or two units, so only long texts are counted.
  if (length !== undefined && value.length > length && [...value].length > length) {
    refuse(value, type, `it has ${[...value].length} characters`)
  }
  return value
}

const binary = (value: unknown, type: DataType): Uint8Array =>
  value instanceof Uint8Array ? value : refuse(value, type)

const decimal = (value: unknown, type: DataType): Decimal => {
  const { precision, scale } = type as DecimalType
  let exact: Decimal
  try {
    if (value instanceof Decimal) exact = value.rescale(scale)
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      exact = Decimal.of(value).rescale(scale)
    } else return refuse(value, type)
  } catch (error) {
    if (error instanceof MisfitError) throw error
    return refuse(value, type, (error as Error).message)
  }
  return exact.precision > precision ? refuse(value, type, `${exact} has ${exact.precision} digits`) : exact
}

/** Days of a DATE. */
const date = (value: unknown, type: DataType): number => {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? refuse(value, type, 'it has no day') : LocalDate.fromDate(value).days
  }
  if (!(value instanceof LocalDate)) return refuse(value, type)
  const { days } = value
  return isInt32(days) ? days : refuse(value, type, `its days are ${days}, not a whole number of 32 bits`)
}

const micros64 = (value: object, micros: unknown, type: DataType): bigint =>
  isInt64(micros) ? micros : refuse(value, type, `its microseconds are ${String(micros)}, not a bigint of 64 bits`)

/** Microseconds of a TIMESTAMP. */
const timestamp = (value: unknown, type: DataType): bigint => {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? refuse(value, type, 'it has no moment') : Timestamp.fromDate(value).micros
  }
  return value instanceof Timestamp ? micros64(value, value.micros, type) : refuse(value, type)
}

const timestampNtz = (value: unknown, type: DataType): bigint =>
  value instanceof LocalDateTime ? micros64(value, value.micros, type) : refuse(value, type)

/** Nanoseconds of a TIME. */
const time = (value: unknown, type: DataType): bigint => {
  if (!(value instanceof LocalTime)) return refuse(value, type)
  const { nanos } = value
  if (typeof nanos !== 'bigint' || nanos < 0n || nanos >= nanosPerDay) {
    return refuse(value, type, `its nanoseconds are ${String(nanos)}, and a day has 0 to ${nanosPerDay - 1n}`)
  }
  const { precision } = type as TimeType
  // Spark keeps nanoseconds in TIME(6), its default and greatest precision.
  return precision >= 6 || nanos % 10n ** BigInt(9 - precision) === 0n
    ? nanos
    : refuse(value, type, `${value} has more than ${precision} digits of a second`)
}

/** Months of an INTERVAL YEAR TO MONTH. */
const months = (value: unknown, type: DataType): number => {
  if (!(value instanceof YearMonthInterval)) return refuse(value, type)
  if (!isInt32(value.months)) refuse(value, type, `its months are ${value.months}, not a whole number of 32 bits`)
  return (type as YearMonthIntervalType).end === 0 && value.months % 12 !== 0
    ? refuse(value, type, `${value.months} months are not whole years`)
    : value.months
}

const microsPerUnit = [86_400_000_000n, 3_600_000_000n, 60_000_000n, 1n] as const

/** Microseconds of an INTERVAL DAY TO SECOND. */
const micros = (value: unknown, type: DataType): bigint => {
  if (!(value instanceof DayTimeInterval)) return refuse(value, type)
  const length = micros64(value, value.micros, type)
  const unit = microsPerUnit[(type as DayTimeIntervalType).end]!
  return length % unit === 0n ? length : refuse(value, type, `'${value}' has smaller parts`)
}

const interval = (value: unknown, type: DataType): CalendarInterval => {
  if (!(value instanceof CalendarInterval)) return refuse(value, type)
  for (const [name, count] of [
    ['months', value.months],
    ['days', value.days],
  ] as const) {
    if (!isInt32(count)) refuse(value, type, `its ${name} are ${count}, not a whole number of 32 bits`)
  }
  micros64(value, value.micros, type)
  return value
}

const variant = (value: unknown, type: DataType): Variant =>
  value instanceof Variant ? value : refuse(value, type, 'send its JSON as a STRING and make it by parse_json', false)

const geo = (value: unknown, type: DataType): Geo => {
  if (!(value instanceof Geo) || !(value.wkb instanceof Uint8Array)) return refuse(value, type)
  const { srid } = type as GeoType
  if (!isInt32(value.srid)) refuse(value, type, `its SRID is ${value.srid}`)
  return srid !== -1 && value.srid !== srid ? refuse(value, type, `its SRID is ${value.srid}`) : value
}

/**
 * What Spark stores for a value, by type; the same rules for rows of `createDataFrame` and for literals.
 *
 * Nothing is rounded, cut or wrapped: what the type cannot hold as it is is a MisfitError. (A FLOAT is the nearest one of
 * 32 bits, as everywhere.) Ranges are those of the stored form: Spark computes dates beyond the year 9999.
 */
export const stored = {
  boolean,
  int,
  long,
  float,
  double,
  text,
  binary,
  decimal,
  date,
  timestamp,
  timestampNtz,
  time,
  months,
  micros,
  interval,
  variant,
  geo,
}
