// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import type { Decimal, LocalDate, LocalDateTime, LocalTime, Timestamp } from '../types/index.ts'
import {
  type ClockOf,
  type ColumnArg,
  fn,
  internalFn,
  type MomentArg,
  type NullsOf,
  type NumberArg,
  type TextArg,
  type ValueArg,
  value,
} from './call.ts'

/** `add_months(start, months)`: so many months later. */
export const add_months = <A extends MomentArg, B extends NumberArg>(
  start: A,
  months: B,
): Column<LocalDate | NullsOf<A> | NullsOf<B>> => fn('add_months', [start, months])

/** `curdate()`: today, in the session's zone. */
export const curdate = (): Column<LocalDate> => fn('curdate', [])

/** `current_date()`: today, in the session's zone. */
export const current_date = (): Column<LocalDate> => fn('current_date', [])

/** `current_time(precision)`: time of day, in the session's zone. */
export const current_time = (precision?: ValueArg<number>): Column<LocalTime> => fn('current_time', [value(precision)])

/** `current_timestamp()`: the start of the query. */
export const current_timestamp = (): Column<Timestamp> => fn('current_timestamp', [])

/** `current_timezone()`: the session's zone. */
export const current_timezone = (): Column<string> => fn('current_timezone', [])

/** `date_add(start, days)`: so many days later. */
export const date_add = <A extends MomentArg, B extends NumberArg>(
  start: A,
  days: B,
): Column<LocalDate | NullsOf<A> | NullsOf<B>> => fn('date_add', [start, days])

/** `date_diff(end, start)`: days between. */
export const date_diff = <A extends MomentArg, B extends MomentArg>(
  end: A,
  start: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('date_diff', [end, start])

/** `date_format(date, format)`: in a pattern, such as yyyy-MM-dd. */
export const date_format = <A extends MomentArg>(date: A, format: ValueArg<string>): Column<string | NullsOf<A>> =>
  fn('date_format', [date, value(format)])

/** `date_from_unix_date(days)`: the day of a count of days since 1970-01-01. */
export const date_from_unix_date = <A extends NumberArg>(days: A): Column<LocalDate | NullsOf<A>> =>
  fn('date_from_unix_date', [days])

/** `date_sub(start, days)`: so many days earlier. */
export const date_sub = <A extends MomentArg, B extends NumberArg>(
  start: A,
  days: B,
): Column<LocalDate | NullsOf<A> | NullsOf<B>> => fn('date_sub', [start, days])

/** `date_trunc(format, timestamp)`: the start of a unit: hour, day, month, …; null for an unknown unit. */
export const date_trunc = (format: ValueArg<string>, timestamp: MomentArg): Column<Timestamp | null> =>
  fn('date_trunc', [value(format), timestamp])

/** `dateadd(start, days)`: so many days later. */
export const dateadd = <A extends MomentArg, B extends NumberArg>(
  start: A,
  days: B,
): Column<LocalDate | NullsOf<A> | NullsOf<B>> => fn('dateadd', [start, days])

/** `datediff(end, start)`: days between. */
export const datediff = <A extends MomentArg, B extends MomentArg>(
  end: A,
  start: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('datediff', [end, start])

/** `day(col)`: day of the month. */
export const day = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('day', [col])

/** `dayname(col)`: short English name of the weekday. */
export const dayname = <A extends MomentArg>(col: A): Column<string | NullsOf<A>> => fn('dayname', [col])

/** `dayofmonth(col)`: day of the month. */
export const dayofmonth = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('dayofmonth', [col])

/** `dayofweek(col)`: 1 is Sunday. */
export const dayofweek = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('dayofweek', [col])

/** `dayofyear(col)`: day of the year. */
export const dayofyear = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('dayofyear', [col])

/** `from_unixtime(timestamp, format)`: seconds since 1970 in a pattern, in the session's zone. */
export const from_unixtime = <A extends NumberArg>(
  timestamp: A,
  format?: ValueArg<string>,
): Column<string | NullsOf<A>> => fn('from_unixtime', [timestamp, value(format)])

/** `from_utc_timestamp(timestamp, tz)`: clock time in a zone of a clock time in UTC. */
export const from_utc_timestamp = <A extends MomentArg>(
  timestamp: A,
  tz: ValueArg<string>,
): Column<Timestamp | NullsOf<A>> => fn('from_utc_timestamp', [timestamp, value(tz)])

/** `hour(col)`: hour of the day. */
export const hour = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('hour', [col])

/** `last_day(date)`: last day of the month. */
export const last_day = <A extends MomentArg>(date: A): Column<LocalDate | NullsOf<A>> => fn('last_day', [date])

/** `localtimestamp()`: the start of the query on the session's clock. */
export const localtimestamp = (): Column<LocalDateTime> => fn('localtimestamp', [])

/** `make_date(year, month, day)`: a date of its parts. */
export const make_date = <A extends NumberArg, B extends NumberArg, C extends NumberArg>(
  year: A,
  month: B,
  day: C,
): Column<LocalDate | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('make_date', [year, month, day])

/** `make_time(hour, minute, second)`: a time of day of its parts. */
export const make_time = <A extends NumberArg, B extends NumberArg, C extends NumberArg>(
  hour: A,
  minute: B,
  second: C,
): Column<LocalTime | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('make_time', [hour, minute, second])

/** `make_timestamp_ltz(years, months, days, hours, mins, secs, timezone)`: a moment of its parts. */
export const make_timestamp_ltz = <
  A extends NumberArg,
  B extends NumberArg,
  C extends NumberArg,
  D extends NumberArg,
  E extends NumberArg,
  F extends NumberArg,
  G extends TextArg = never,
>(
  years: A,
  months: B,
  days: C,
  hours: D,
  mins: E,
  secs: F,
  timezone?: G,
): Column<Timestamp | NullsOf<A> | NullsOf<B> | NullsOf<C> | NullsOf<D> | NullsOf<E> | NullsOf<F> | NullsOf<G>> =>
  fn('make_timestamp_ltz', [years, months, days, hours, mins, secs, timezone])

/** `minute(col)`: minute of the hour. */
export const minute = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('minute', [col])

/** `month(col)`: month of the year. */
export const month = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('month', [col])

/** `monthname(col)`: short English name of the month. */
export const monthname = <A extends MomentArg>(col: A): Column<string | NullsOf<A>> => fn('monthname', [col])

/** `months_between(date1, date2, roundOff)`: months between, with a fraction. */
export const months_between = <A extends MomentArg, B extends MomentArg>(
  date1: A,
  date2: B,
  roundOff?: ValueArg<boolean>,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('months_between', [date1, date2, value(roundOff)])

/** `next_day(date, dayOfWeek)`: the next such weekday; null for an unknown one. */
export const next_day = (date: MomentArg, dayOfWeek: ValueArg<string>): Column<LocalDate | null> =>
  fn('next_day', [date, value(dayOfWeek)])

/** `now()`: the start of the query. */
export const now = (): Column<Timestamp> => fn('now', [])

/** `quarter(col)`: quarter of the year. */
export const quarter = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('quarter', [col])

/** `second(col)`: second of the minute. */
export const second = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('second', [col])

/** `timestampadd(unit, quantity, ts)`: so many units later. */
export const timestamp_add = <A extends NumberArg, B extends MomentArg>(
  unit: ValueArg<string>,
  quantity: A,
  ts: B,
): Column<ClockOf<B> | NullsOf<A> | NullsOf<B>> => internalFn('timestampadd', [value(unit), quantity, ts])

/** `timestampdiff(unit, start, end)`: whole units between. */
export const timestamp_diff = <A extends MomentArg, B extends MomentArg>(
  unit: ValueArg<string>,
  start: A,
  end: B,
): Column<bigint | NullsOf<A> | NullsOf<B>> => internalFn('timestampdiff', [value(unit), start, end])

/** `timestamp_micros(col)`: the moment of microseconds since 1970. */
export const timestamp_micros = <A extends NumberArg>(col: A): Column<Timestamp | NullsOf<A>> =>
  fn('timestamp_micros', [col])

/** `timestamp_millis(col)`: the moment of milliseconds since 1970. */
export const timestamp_millis = <A extends NumberArg>(col: A): Column<Timestamp | NullsOf<A>> =>
  fn('timestamp_millis', [col])

/** `timestamp_seconds(col)`: the moment of seconds since 1970. */
export const timestamp_seconds = <A extends NumberArg>(col: A): Column<Timestamp | NullsOf<A>> =>
  fn('timestamp_seconds', [col])

/** `time_diff(unit, start, end)`: whole units between two times of day. */
export const time_diff = <A extends ColumnArg, B extends ColumnArg, C extends ColumnArg>(
  unit: A,
  start: B,
  end: C,
): Column<bigint | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('time_diff', [unit, start, end])

/** `time_from_micros(col)`: time of day of microseconds since midnight. */
export const time_from_micros = <A extends NumberArg>(col: A): Column<LocalTime | NullsOf<A>> =>
  fn('time_from_micros', [col])

/** `time_from_millis(col)`: time of day of milliseconds since midnight. */
export const time_from_millis = <A extends NumberArg>(col: A): Column<LocalTime | NullsOf<A>> =>
  fn('time_from_millis', [col])

/** `time_from_seconds(col)`: time of day of seconds since midnight. */
export const time_from_seconds = <A extends NumberArg>(col: A): Column<LocalTime | NullsOf<A>> =>
  fn('time_from_seconds', [col])

/** `time_to_micros(col)`: microseconds since midnight. */
export const time_to_micros = <A extends ColumnArg>(col: A): Column<bigint | NullsOf<A>> => fn('time_to_micros', [col])

/** `time_to_millis(col)`: milliseconds since midnight. */
export const time_to_millis = <A extends ColumnArg>(col: A): Column<bigint | NullsOf<A>> => fn('time_to_millis', [col])

/** `time_to_seconds(col)`: seconds since midnight. */
export const time_to_seconds = <A extends ColumnArg>(col: A): Column<Decimal | NullsOf<A>> =>
  fn('time_to_seconds', [col])

/** `time_trunc(unit, time)`: the start of a unit. */
export const time_trunc = <A extends ColumnArg, B extends ColumnArg>(
  unit: A,
  time: B,
): Column<LocalTime | NullsOf<A> | NullsOf<B>> => fn('time_trunc', [unit, time])

/** `to_date(col, format)`: text, or a moment, as a date. */
export const to_date = (col: MomentArg, format?: ValueArg<string>): Column<LocalDate | null> =>
  fn('to_date', [col, value(format)])

/** `to_time(str, format)`: text as a time of day. */
export const to_time = <A extends TextArg, B extends TextArg = never>(
  str: A,
  format?: B,
): Column<LocalTime | NullsOf<A> | NullsOf<B>> => fn('to_time', [str, format])

/** `to_timestamp(col, format)`: text as a moment. */
export const to_timestamp = (col: MomentArg, format?: ValueArg<string>): Column<Timestamp | null> =>
  fn('to_timestamp', [col, value(format)])

/** `to_timestamp_ltz(timestamp, format)`: text as a moment. */
export const to_timestamp_ltz = (timestamp: MomentArg, format?: TextArg): Column<Timestamp | null> =>
  fn('to_timestamp_ltz', [timestamp, format])

/** `to_timestamp_ntz(timestamp, format)`: text as a clock time. */
export const to_timestamp_ntz = (timestamp: MomentArg, format?: TextArg): Column<LocalDateTime | null> =>
  fn('to_timestamp_ntz', [timestamp, format])

/** `to_unix_timestamp(timestamp, format)`: text or a moment as seconds since 1970. */
export const to_unix_timestamp = (timestamp: MomentArg, format?: TextArg): Column<bigint | null> =>
  fn('to_unix_timestamp', [timestamp, format])

/** `to_utc_timestamp(timestamp, tz)`: clock time in UTC of a clock time in a zone. */
export const to_utc_timestamp = <A extends MomentArg>(
  timestamp: A,
  tz: ValueArg<string>,
): Column<Timestamp | NullsOf<A>> => fn('to_utc_timestamp', [timestamp, value(tz)])

/** `trunc(date, format)`: the start of a unit: year, quarter, month, week; null for an unknown one. */
export const trunc = (date: MomentArg, format: ValueArg<string>): Column<LocalDate | null> =>
  fn('trunc', [date, value(format)])

/** `try_make_timestamp_ltz(years, months, days, hours, mins, secs, timezone)`: a moment of its parts; null where there is none. */
export const try_make_timestamp_ltz = (
  years: NumberArg,
  months: NumberArg,
  days: NumberArg,
  hours: NumberArg,
  mins: NumberArg,
  secs: NumberArg,
  timezone?: TextArg,
): Column<Timestamp | null> => fn('try_make_timestamp_ltz', [years, months, days, hours, mins, secs, timezone])

/** `try_to_time(str, format)`: text as a time of day; null where it is malformed. */
export const try_to_time = (str: TextArg, format?: TextArg): Column<LocalTime | null> =>
  fn('try_to_time', [str, format])

/** `try_to_timestamp(col, format)`: text as a moment; null where it is malformed. */
export const try_to_timestamp = (col: MomentArg, format?: TextArg): Column<Timestamp | null> =>
  fn('try_to_timestamp', [col, format])

/** `try_to_date(col, format)`: text as a date; null where it is malformed. */
export const try_to_date = (col: MomentArg, format?: ValueArg<string>): Column<LocalDate | null> =>
  fn('try_to_date', [col, value(format)])

/** `unix_date(col)`: days since 1970-01-01. */
export const unix_date = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('unix_date', [col])

/** `unix_micros(col)`: microseconds since 1970. */
export const unix_micros = <A extends MomentArg>(col: A): Column<bigint | NullsOf<A>> => fn('unix_micros', [col])

/** `unix_millis(col)`: milliseconds since 1970. */
export const unix_millis = <A extends MomentArg>(col: A): Column<bigint | NullsOf<A>> => fn('unix_millis', [col])

/** `unix_seconds(col)`: seconds since 1970. */
export const unix_seconds = <A extends MomentArg>(col: A): Column<bigint | NullsOf<A>> => fn('unix_seconds', [col])

/** `weekday(col)`: 0 is Monday. */
export const weekday = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('weekday', [col])

/** `weekofyear(col)`: ISO week of the year. */
export const weekofyear = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('weekofyear', [col])

/** `window_time(windowColumn)`: the moment that a time window stands for. */
export const window_time = <A extends ColumnArg>(windowColumn: A): Column<Timestamp | NullsOf<A>> =>
  fn('window_time', [windowColumn])

/** `year(col)`: year. */
export const year = <A extends MomentArg>(col: A): Column<number | NullsOf<A>> => fn('year', [col])

/** `years(col)`: partitions of a table by year (only for partitionedBy). */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const years = (col: ColumnArg): Column<any> => internalFn('years', [col])

/** `months(col)`: partitions of a table by month (only for partitionedBy). */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const months = (col: ColumnArg): Column<any> => internalFn('months', [col])

/** `days(col)`: partitions of a table by day (only for partitionedBy). */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const days = (col: ColumnArg): Column<any> => internalFn('days', [col])

/** `hours(col)`: partitions of a table by hour (only for partitionedBy). */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const hours = (col: ColumnArg): Column<any> => internalFn('hours', [col])

/** `bucket(numBuckets, col)`: partitions of a table by a hash (only for partitionedBy). */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const bucket = (numBuckets: ValueArg<number>, col: ColumnArg): Column<any> =>
  internalFn('bucket', [value(numBuckets), col])
