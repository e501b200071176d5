// Values as the text that Spark's tests record (that of its command line).
import {
  type ArrayType,
  type CalendarInterval,
  type DataType,
  DayTimeInterval,
  type LocalTime,
  type MapType,
  type StructType,
  Timestamp,
} from '../../src/index.ts'

const javaDouble = (value: number): string => {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits, exponent] = value.toExponential().split('e') as [string, string]
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}

/** The shortest text that is this float and no other. */
const javaFloat = (value: number): string => {
  for (let digits = 1; digits <= 9; digits++) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return javaDouble(shorter)
  }
  return javaDouble(value)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

const clockOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = clocks.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
    year: 'numeric',
  })
  clocks.set(timeZone, made)
  return made
}

/** Seconds that a zone is ahead of UTC at a moment. */
function offsetOf(micros: bigint, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(Number(micros / 1000n))
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text)
  if (!match) return 0
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0)
  return match[1] === '-' ? -seconds : seconds
}

const wallClock = (text: string): string => text.replace('T', ' ').replace('Z', '')

const timestampText = (value: { readonly micros: bigint }, timeZone: string): string =>
  wallClock(new Timestamp(value.micros + BigInt(offsetOf(value.micros, timeZone)) * 1_000_000n).toString())

/** `1 02:03:04.500000000`: nine places, always. */
function dayTimeText(value: DayTimeInterval): string {
  const [head, fraction = ''] = value.toString().split('.')
  return `${head}.${fraction.padEnd(9, '0')}`
}

/** Fields behind the last one of the type are cut off: HOUR TO MINUTE has no seconds. */
function cutText(value: DayTimeInterval, type: DataType): string {
  const end = /(day|hour|minute|second)$/.exec(type.simpleString())?.[1] ?? 'second'
  const step = { day: 86_400_000_000n, hour: 3_600_000_000n, minute: 60_000_000n, second: 1n }[end]!
  return dayTimeText(new DayTimeInterval(value.micros - (value.micros % step)))
}

/** `1 years 2 months 3 days 4 hours 5.5 seconds`: units that are zero are left out. */
function calendarText({ months, days, micros }: CalendarInterval): string {
  const seconds = micros % 60_000_000n
  const sign = seconds < 0n ? '-' : ''
  const fraction = String(seconds < 0n ? -seconds : seconds).padStart(7, '0')
  const exact = `${sign}${fraction.slice(0, -6)}.${fraction.slice(-6)}`.replace(/\.?0+$/, '')
  const parts: [bigint | number | string, string][] = [
    [Math.trunc(months / 12), 'years'],
    [months % 12, 'months'],
    [days, 'days'],
    [micros / 3_600_000_000n, 'hours'],
    [(micros % 3_600_000_000n) / 60_000_000n, 'minutes'],
    [seconds === 0n ? 0 : exact, 'seconds'],
  ]
  const text = parts.filter(([count]) => String(count) !== '0').map(([count, unit]) => `${count} ${unit}`)
  return text.length === 0 ? '0 seconds' : text.join(' ')
}

/** How Spark prints BINARY: `spark.sql.binaryOutputStyle`. */
export type BinaryStyle = 'UTF-8' | 'BASIC' | 'BASE64' | 'HEX' | 'HEX_DISCRETE'

function binaryText(value: Uint8Array, style: BinaryStyle): string {
  const hex = Buffer.from(value).toString('hex').toUpperCase()
  switch (style) {
    case 'BASIC':
      return `[${[...Int8Array.from(value)].join(', ')}]`
    case 'BASE64':
      return Buffer.from(value).toString('base64').replace(/=+$/, '')
    case 'HEX':
      return hex
    case 'HEX_DISCRETE':
      return `[${(hex.match(/../g) ?? []).join(' ')}]`
    default:
      return Buffer.from(value).toString('utf8')
  }
}

/** What the text of values depends on. */
export interface TextStyle {
  readonly binary: BinaryStyle
  /** The session's time zone. */
  readonly timeZone: string
}

/** `null` within other values, `NULL` by itself. Structs come as tuples. */
export function textOf(value: unknown, type: DataType, style: TextStyle, isNested = false): string {
  const nested = (item: unknown, itemType: DataType): string => textOf(item, itemType, style, true)
  if (value === null || value === undefined) return isNested ? 'null' : 'NULL'
  switch (type.kind) {
    case 'float':
      return javaFloat(value as number)
    case 'double':
      return javaDouble(value as number)
    case 'string':
    case 'char':
    case 'varchar':
      return isNested ? `"${value}"` : String(value)
    case 'binary':
      return binaryText(value as Uint8Array, style.binary)
    case 'timestamp':
      return timestampText(value as Timestamp, style.timeZone)
    case 'timestamp_ntz':
      return wallClock(String(value))
    case 'time':
      return String(value as LocalTime)
    case 'interval_dt':
      return cutText(value as DayTimeInterval, type)
    case 'interval':
      return calendarText(value as CalendarInterval)
    case 'array': {
      const { elementType } = type as ArrayType
      return `[${(value as unknown[]).map((item) => nested(item, elementType)).join(',')}]`
    }
    case 'map': {
      const { keyType, valueType } = type as MapType
      const entries = [...(value as Map<unknown, unknown>)]
      const texts = entries.map(([key, item]) => `${nested(key, keyType)}:${nested(item, valueType)}`)
      return `{${texts.sort().join(',')}}`
    }
    case 'struct': {
      const { fields } = type as StructType
      const items = value as readonly unknown[]
      return `{${fields.map((field, i) => `"${field.name}":${nested(items[i], field.dataType)}`).join(',')}}`
    }
    default:
      return String(value)
  }
}
