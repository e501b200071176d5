import {
  type Column,
  call_function,
  coalesce,
  get,
  length,
  lit,
  lower,
  nullif,
  regexp_replace,
  replace,
  size,
  split,
  struct,
  substring_index,
  try_make_timestamp,
  unix_seconds,
  using,
  when,
} from 'spark-connect-js'

// An offset beyond ±18:00 makes Spark raise an error instead of a null, so it is no time at all here.
const zonePattern = '(?:Z|z|UTC|GMT|[+-](?:0\\d|1[0-7]):?[0-5]\\d)'
const clockPattern = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)? ?(?:[AaPp]\\.?[Mm]\\.?)?'
const datePattern = '(?:\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{4})'
const epochPattern = '(?:\\d{9,10}(?:\\.\\d{1,9})?|\\d{12,13})'

/**
 * What a time looks like, as a Java regular expression without groups: `1402943314` (s), `1402943314000` (ms),
 * `2023-01-01 12:30:45`, `01/01/2023 12:30:45 PM`, `2023-01-01T12:30Z`, `01/01/2023`, `31.12.2023 8:05` …
 */
export const timePattern = `(?:${epochPattern}|${datePattern}(?:(?:[Tt]|,? +)${clockPattern})? ?${zonePattern}?)`

/** What a column with the day alone looks like. */
export const dayPattern = datePattern
/** What a column with the time of day alone looks like. */
export const clockOnlyPattern = `${clockPattern} ?${zonePattern}?`

// Year, month or day, day or month, hour, minute, second, a/p, zone, separator, in one order for both ways to write a date.
const tailGroups =
  '(?:(?:[Tt]|,? +)(\\d{1,2}):(\\d{2})(?::(\\d{2}(?:[.,]\\d{1,9})?))? ?([AaPp])?(?:\\.?[Mm]\\.?)?)? ?(Z|z|UTC|GMT|[+-]\\d{2}:?\\d{2})?'
const yearFirst = `^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${tailGroups}$`
const yearLast = `^(\\d{1,2})([-/.])(\\d{1,2})[-/.](\\d{4})${tailGroups}$`

/**
 * Whether the text is whole seconds or milliseconds since 1970. Most logs have nothing else, and this costs a tenth of what
 * the pattern does.
 */
export const isWholeEpoch = (text: Column<string | null>): Column<boolean | null> =>
  length(text).isin(9, 10, 12, 13).and(text.geq('0')).and(text.lt(':')).and(text.try_cast('bigint').isNotNull())

/** UTC seconds of a text that is seconds (also with decimals) or milliseconds since 1970; null for other text. */
export const epochSeconds = (text: Column<string | null>): Column<bigint | null> => {
  const whole = text.try_cast('bigint')
  const seconds = when(length(text).gt(10), call_function<bigint | null>('div', whole, lit(1000))).otherwise(whole)
  return when(isWholeEpoch(text), seconds).when(
    text.rlike('^\\d{9,10}\\.\\d{1,9}$'),
    substring_index(text, '.', 1).try_cast('bigint'),
  )
}

/** A date as it is written. */
export type WrittenDate = { unix: bigint | null; other: bigint | null; date_order: string | null }

/** The parts of a written date, by their places in `written`. */
interface DateParts {
  readonly year: Column<number | null>
  readonly first: Column<number | null>
  readonly second: Column<number | null>
  /** What stands between the first two numbers, if the year does not come first; else empty. */
  readonly separator: Column<string | null>
  at(month: Column<number | null>, day: Column<number | null>): Column<bigint | null>
}

function dateParts(parts: Column<string[] | null>, zone: string): DateParts {
  const text = (i: number) => get(parts, i)
  const number = (i: number) => nullif(text(i), lit('')).try_cast('int')
  const [clock, minutes, half, offset] = [number(3), number(4), lower(text(6)), text(7)]
  const hours = when(half.eq('p').and(clock.lt(12)), clock.plus(12))
    .when(half.eq('a').and(clock.eq(12)), 0)
    .otherwise(coalesce(clock, lit(0)))
  const seconds = coalesce(nullif(replace(text(5), lit(','), lit('.')), lit('')), lit('0')).cast('decimal(8, 6)')
  const namedZone = when(offset.eq(''), zone)
    .when(offset.rlike('^[A-Za-z]'), 'UTC')
    .otherwise(regexp_replace(offset, '^(...):?(..)$', '$1:$2'))
  return {
    year: number(0),
    first: number(1),
    second: number(2),
    separator: text(8),
    at: (months, days) =>
      unix_seconds(
        try_make_timestamp({
          years: number(0),
          months,
          days,
          hours,
          mins: coalesce(minutes, lit(0)),
          secs: seconds,
          timezone: namedZone,
        }),
      ),
  }
}

/**
 * A written date, see `ParsedPlay`.
 *
 * *Nulls:* every field, if there is no such date (`2023-02-30`). *Units and zone:* UTC seconds; a text without a zone is in
 * `zone`; a local time that a clock change skips is moved forward by the gap. Days without a time are their midnight.
 * With dots the day comes first: nobody writes `12.31.2023`.
 */
export const writtenDate = (text: Column<string | null>, zone: string): Column<WrittenDate> => {
  const ordered = when(text.rlike('^\\d{4}'), regexp_replace(text, yearFirst, '$1|$2|$3|$4|$5|$6|$7|$8|')).otherwise(
    regexp_replace(text, yearLast, '$4|$1|$3|$5|$6|$7|$8|$9|$2'),
  )
  return using(split(ordered, '[|]', -1), (parts) => {
    const { first, second, separator, at } = dateParts(parts, zone)
    const date = (
      unix: Column<bigint | null>,
      other: Column<bigint | null>,
      date_order: Column<string | null>,
    ): Column<WrittenDate> => struct({ unix, other, date_order })
    const noMoment = lit(null).cast('bigint')
    const noOrder = lit(null).cast('string')
    const [monthFirst, dayFirst] = [at(first, second), at(second, first)]
    return when(size(parts).lt(9), date(noMoment, noMoment, noOrder))
      .when(separator.eq(''), date(monthFirst, noMoment, noOrder))
      .when(separator.eq('.').or(first.gt(12)), date(dayFirst, noMoment, when(separator.neq('.'), 'dmy')))
      .when(second.gt(12).or(first.eq(second)), date(monthFirst, noMoment, when(second.gt(12), 'mdy')))
      .otherwise(date(monthFirst, dayFirst, lit('either')))
  })
}
