import type { IsAny } from './nulls.ts'
import type {
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
import type { Variant } from './variant.ts'

/** Objects in JavaScript that are one value, not a record. */
export type SingleValue =
  | Uint8Array
  | Decimal
  | LocalDate
  | LocalDateTime
  | LocalTime
  | Timestamp
  | YearMonthInterval
  | DayTimeInterval
  | CalendarInterval
  | Geo
  | Variant

/** The choice to read BIGINT as number. */
export interface BigintAsNumber {
  readonly bigint: 'number'
}

/** `T` where every bigint is a number: rows as `collect({ bigint: 'number' })` gives them. */
export type Numbered<T> =
  IsAny<T> extends true
    ? T
    : T extends bigint
      ? number
      : T extends readonly (infer E)[]
        ? Numbered<E>[]
        : T extends ReadonlyMap<infer K, infer V>
          ? Map<Numbered<K>, Numbered<V>>
          : T extends SingleValue
            ? T
            : T extends object
              ? { [K in keyof T]: Numbered<T[K]> }
              : T
