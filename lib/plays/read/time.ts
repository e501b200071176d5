import {
  type Column,
  coalesce,
  type Decimal,
  fieldsOf,
  get,
  length,
  lit,
  lower,
  nullif,
  regexp_replace,
  replace,
  split,
  struct,
  substring_index,
  timestamp_seconds,
  to_utc_timestamp,
  try_make_timestamp,
  unix_seconds,
  using,
  when,
} from 'spark-connect-js'
import { compactMinute, fineEpochPattern, yearFirst, yearLast } from '../../model/time-forms.ts'
import { zonesByName } from '../../model/time-words.ts'
import { quotient } from '../quotient.ts'
import { lookedUp, otherTime, wordTable } from './other-time.ts'

const isCompactMinute = (text: Column<string | null>) =>
  length(text)
    .eq(12)
    .and(text.rlike(`^${compactMinute}$`))

/**
 * Whether the text is whole seconds or milliseconds since 1970. Most logs have nothing else, and this costs a tenth of what
 * the pattern does.
 */
export const isWholeEpoch = (text: Column<string | null>): Column<boolean | null> =>
  length(text)
    .isin(9, 10, 12, 13)
    .and(text.geq('0'))
    .and(text.lt(':'))
    .and(text.try_cast('bigint').isNotNull())
    .and(isCompactMinute(text).not())

const fineEpoch = `^(?:${fineEpochPattern})$`

/**
 * UTC seconds of a text that is seconds (also with decimals), milliseconds, microseconds or nanoseconds since 1970; null for
 * other text.
 */
export const epochSeconds = (text: Column<string | null>): Column<bigint | null> => {
  const whole = text.try_cast('bigint')
  const by = (unit: number) => quotient(whole, unit)
  const seconds = when(length(text).gt(10), by(1000)).otherwise(whole)
  return when(isWholeEpoch(text), seconds)
    .when(text.rlike('^\\d{9,10}\\.\\d{1,9}$'), substring_index(text, '.', 1).try_cast('bigint'))
    .when(text.rlike(fineEpoch), when(length(text).eq(16), by(1_000_000)).otherwise(by(1_000_000_000)))
}

/** A date as it is written. */
export type WrittenDate = {
  unix: bigint | null
  other: bigint | null
  date_order: string | null
  /** False for a day without a time. */
  has_clock: boolean
}

/** The parts of a written date. */
type DateParts = {
  year: number | null
  first: number | null
  second: number | null
  hours: number | null
  has_clock: boolean
  mins: number | null
  secs: Decimal
  /** Null for a name that means several zones. */
  timezone: string | null
  /** What stands between the first two numbers, if the year does not come first; else empty. */
  separator: string | null
}

/** Texts in the order of `timeParts` as numbers and a zone. */
function dateParts(parts: Column<string[]>, zone: string): Column<DateParts> {
  const text = (i: number) => get(parts, i)
  const number = (i: number) => nullif(text(i), lit('')).try_cast('int')
  const [clock, half] = [number(3), lower(text(6))]
  const short = when(number(0).lt(69), 2000).otherwise(1900)
  return struct({
    year: number(0).plus(when(length(text(0)).eq(2), short).otherwise(0)),
    first: number(1),
    second: number(2),
    hours: when(half.eq('p').and(clock.lt(12)), clock.plus(12))
      .when(half.eq('a').and(clock.eq(12)), 0)
      .otherwise(coalesce(clock, lit(0))),
    has_clock: clock.isNotNull(),
    mins: coalesce(number(4), lit(0)),
    secs: coalesce(nullif(replace(text(5), lit(','), lit('.')), lit('')), lit('0')).cast('decimal(8, 6)'),
    timezone: zoneOf(text(7), zone),
    separator: text(8),
  })
}

/**
 * UTC seconds of the parts with this month and day. A broadcast day goes on after midnight: 25:10 is 1:10 of the next day, up
 * to 29:59; later is not a time.
 */
function moment(parts: Column<DateParts>, months: Column<number | null>, days: Column<number | null>) {
  const { year: years, hours, mins, secs, timezone } = fieldsOf(parts)
  const day = { years, months, days, mins, secs }
  const midnight = unix_seconds(try_make_timestamp({ ...day, hours: 0, timezone: lit('UTC') }))
  const nextDay = to_utc_timestamp(timestamp_seconds(midnight.plus(hours.multiply(3600))), timezone)
  return when(hours.lt(24), unix_seconds(try_make_timestamp({ ...day, hours, timezone }))).when(
    hours.lt(30),
    unix_seconds(nextDay),
  )
}

/** The zone of a time by its offset or name; null for a name that means several zones. */
function zoneOf(offset: Column<string | null>, zone: string): Column<string | null> {
  const names = wordTable(zonesByName(zone))
  return when(offset.eq(''), zone)
    .when(offset.rlike('^[A-Za-z]'), nullif(lookedUp(names, lower(offset.$notNull())), lit('')))
    .otherwise(regexp_replace(offset, '^(...):?(..)$', '$1:$2'))
}

/**
 * A written date, see `ParsedPlay`. `other`: what `otherTime` gives for the text.
 *
 * *Nulls:* every field, if the date does not exist (`2023-02-30`). *Units and zone:* UTC seconds; a text without a zone is in
 * `zone`; a local time that a clock change skips is moved forward by the gap. Days without a time are their midnight.
 * With dots the day comes first: nobody writes `12.31.2023`. Of two-digit years those before 69 are of this century.
 */
export const writtenDate = (
  text: Column<string | null>,
  zone: string,
  other: Column<string | null> = otherTime(text),
): Column<WrittenDate> => {
  const ordered = when(text.rlike('^\\d{4}'), regexp_replace(text, yearFirst, '$1|$2|$3|$4|$5|$6|$7|$8|')).otherwise(
    regexp_replace(text, yearLast, '$4|$1|$3|$5|$6|$7|$8|$9|$2'),
  )
  const found = using(ordered, (usual) => when(usual.contains('|'), usual).otherwise(coalesce(other, lit(''))))
  // A text in no form has one part, and so no moment.
  const parts = using(split(found, '[|]', -1), (texts) => dateParts(texts.$notNull(), zone))
  return using(parts, (read) => {
    const { first, second, separator, has_clock } = fieldsOf(read)
    const isOrdered = separator.isin('', '.')
    const order = when(isOrdered, null)
      .when(first.gt(12), 'dmy')
      .when(second.gt(12), 'mdy')
      .when(first.neq(second), 'either')
    const isDayFirst = separator.eq('.').or(isOrdered.not().and(first.gt(12)))
    const monthFirst = moment(read, first, second)
    const dayFirst = moment(read, second, first)
    return struct({
      unix: when(isDayFirst, dayFirst).otherwise(monthFirst),
      other: when(order.eq('either'), dayFirst),
      date_order: order,
      has_clock,
    })
  })
}
