import type { Column } from '../../column/column.ts'
import { mistake } from '../../trace/error-stack.ts'
import type {
  CalendarInterval,
  DayTimeInterval,
  LocalDateTime,
  Timestamp,
  YearMonthInterval,
} from '../../types/index.ts'
import {
  type ColumnArg,
  fn,
  type MomentArg,
  type NullsOf,
  type NumberArg,
  type PartOf,
  type TextArg,
  type ValueArg,
  value,
} from '../call.ts'

/** `date_part(field, source)`: a part of a date, time or interval: YEAR, DOW, …; seconds are a Decimal. */
export const date_part = <const F extends ValueArg<string>, A extends ColumnArg>(
  field: F,
  source: A,
): Column<PartOf<F> | NullsOf<A>> => fn('date_part', [value(field), source])
/** `datepart(field, source)`: the same as `date_part`. */
export const datepart = <const F extends ValueArg<string>, A extends ColumnArg>(
  field: F,
  source: A,
): Column<PartOf<F> | NullsOf<A>> => fn('datepart', [value(field), source])
/** `extract(field, source)`: the same as `date_part`. */
export const extract = <const F extends ValueArg<string>, A extends ColumnArg>(
  field: F,
  source: A,
): Column<PartOf<F> | NullsOf<A>> => fn('extract', [value(field), source])

/** `convert_timezone(from, to, time)`: a clock time of one zone in another; without `from` of the session's zone. */
export const convert_timezone = (
  from: ValueArg<string> | null,
  to: ValueArg<string>,
  time: MomentArg,
): Column<LocalDateTime | null> =>
  fn('convert_timezone', from === null ? [value(to), time] : [value(from), value(to), time])

/** `unix_timestamp(time, format)`: seconds since 1970; without arguments those of the query's start. */
export function unix_timestamp(): Column<bigint>
export function unix_timestamp(time: MomentArg, format?: ValueArg<string>): Column<bigint | null>
export function unix_timestamp(time?: MomentArg, format?: ValueArg<string>): Column<bigint | null> {
  return fn('unix_timestamp', time === undefined ? [] : [time, value(format)])
}

/** Parts of a moment. What is left out of a date counts as missing, not as zero. */
export interface MomentParts {
  readonly years?: NumberArg
  readonly months?: NumberArg
  readonly days?: NumberArg
  readonly hours?: NumberArg
  readonly mins?: NumberArg
  readonly secs?: NumberArg
  readonly timezone?: TextArg
  /** With `time`, in place of the six parts (Spark 4.1). */
  readonly date?: ColumnArg
  readonly time?: ColumnArg
}

const momentArgs = ({ years, months, days, hours, mins, secs, timezone, date, time }: MomentParts): unknown[] => {
  if (date !== undefined) return [date, time, timezone]
  const parts = [years, months, days, hours, mins, secs]
  if (parts.includes(undefined)) throw mistake('give years, months, days, hours, mins and secs, or date and time')
  return [...parts, timezone]
}

/** `make_timestamp(…)`: a moment of its parts. */
export const make_timestamp = (parts: MomentParts): Column<Timestamp | null> => fn('make_timestamp', momentArgs(parts))
/** `try_make_timestamp(…)`: a moment of its parts; null where there is none. */
export const try_make_timestamp = (parts: MomentParts): Column<Timestamp | null> =>
  fn('try_make_timestamp', momentArgs(parts))
/** `make_timestamp_ntz(…)`: a clock time of its parts. */
export const make_timestamp_ntz = (parts: Omit<MomentParts, 'timezone'>): Column<LocalDateTime | null> =>
  fn('make_timestamp_ntz', momentArgs(parts))
/** `try_make_timestamp_ntz(…)`: a clock time of its parts; null where there is none. */
export const try_make_timestamp_ntz = (parts: Omit<MomentParts, 'timezone'>): Column<LocalDateTime | null> =>
  fn('try_make_timestamp_ntz', momentArgs(parts))

/** Parts of an interval; those left out are zero. */
export interface IntervalParts {
  readonly years?: NumberArg
  readonly months?: NumberArg
  readonly weeks?: NumberArg
  readonly days?: NumberArg
  readonly hours?: NumberArg
  readonly mins?: NumberArg
  readonly secs?: NumberArg
}

/** Seconds are DECIMAL in Spark's signature; a literal 0 must be one too, or the call would not resolve. */
const upTo = (args: readonly unknown[]): unknown[] => {
  const last = args.findLastIndex((arg) => arg !== undefined)
  return args.slice(0, last + 1).map((arg) => arg ?? 0)
}

const intervalArgs = ({ years, months, weeks, days, hours, mins, secs }: IntervalParts): unknown[] =>
  upTo([years, months, weeks, days, hours, mins, secs])

/** `make_interval(…)`: an interval of its parts. */
export const make_interval = (parts: IntervalParts): Column<CalendarInterval | null> =>
  fn('make_interval', intervalArgs(parts))
/** `try_make_interval(…)`: an interval of its parts; null where it overflows. */
export const try_make_interval = (parts: IntervalParts): Column<CalendarInterval | null> =>
  fn('try_make_interval', intervalArgs(parts))
/** `make_dt_interval(days, hours, mins, secs)`: a length of time of its parts. */
export const make_dt_interval = ({
  days,
  hours,
  mins,
  secs,
}: Pick<IntervalParts, 'days' | 'hours' | 'mins' | 'secs'>): Column<DayTimeInterval | null> =>
  fn('make_dt_interval', upTo([days, hours, mins, secs]))
/** `make_ym_interval(years, months)`: a count of months of its parts. */
export const make_ym_interval = ({
  years,
  months,
}: Pick<IntervalParts, 'years' | 'months'>): Column<YearMonthInterval | null> =>
  fn('make_ym_interval', upTo([years, months]))

/** `window(time, '10 minutes', '5 minutes', '0 seconds')`: the time windows that a moment is in, as structs of start and end. */
export const window = (
  time: ColumnArg,
  windowDuration: string,
  slideDuration?: string,
  startTime?: string,
): Column<{ start: Timestamp; end: Timestamp }> =>
  fn('window', [
    time,
    value(windowDuration),
    ...(slideDuration === undefined && startTime === undefined ? [] : [value(slideDuration ?? windowDuration)]),
    value(startTime),
  ])

/** `session_window(time, gap)`: the time between two pauses that a moment is in. */
export const session_window = (time: ColumnArg, gap: ValueArg<string>): Column<{ start: Timestamp; end: Timestamp }> =>
  fn('session_window', [time, value(gap)])

/** `time_bucket(width, time, origin)`: the start of the bucket of so long that a moment is in. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const time_bucket = (width: ColumnArg, time: ColumnArg, origin?: ColumnArg): Column<any> =>
  fn('time_bucket', [width, time, origin])
