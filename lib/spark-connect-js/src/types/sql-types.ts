import type {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Timestamp,
  YearMonthInterval,
} from './values.ts'
import type { Variant } from './variant.ts'

/** The JavaScript type behind a type name of SQL, for `cast('bigint')`. */
export interface SqlTypes {
  string: string
  boolean: boolean
  tinyint: number
  byte: number
  smallint: number
  short: number
  int: number
  integer: number
  bigint: bigint
  long: bigint
  float: number
  real: number
  double: number
  decimal: Decimal
  dec: Decimal
  numeric: Decimal
  binary: Uint8Array
  date: LocalDate
  timestamp: Timestamp
  timestamp_ltz: Timestamp
  timestamp_ntz: LocalDateTime
  time: LocalTime
  interval: CalendarInterval
  variant: Variant
  void: null
}

/** The JavaScript type behind a type as SQL writes it: `decimal(5,1)`, `array<string>`; unknown for maps and structs. */
export type SqlType<N extends string> =
  Lowercase<N> extends infer Name
    ? Name extends keyof SqlTypes
      ? SqlTypes[Name]
      : Name extends `${'decimal' | 'dec' | 'numeric'}${' ' | ''}(${string}`
        ? Decimal
        : Name extends `${'varchar' | 'char'}${' ' | ''}(${string}` | `string collate ${string}`
          ? string
          : Name extends `time${' ' | ''}(${string}`
            ? LocalTime
            : Name extends `interval ${'year' | 'month'}${string}`
              ? YearMonthInterval
              : Name extends `interval ${'day' | 'hour' | 'minute' | 'second'}${string}`
                ? DayTimeInterval
                : Name extends `array<${infer Element}>`
                  ? (SqlType<Element> | null)[]
                  : unknown
    : never
