import { matches, named, quoted, type Sql } from './sql.ts'

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
export function isWholeEpoch(text: Sql): Sql {
  return `(length(${text}) in (9, 10, 12, 13) and ${text} >= '0' and ${text} < ':' and try_cast(${text} as bigint) is not null)`
}

/** UTC seconds of a text that is seconds (also with decimals) or milliseconds since 1970; null for other text. */
export function epochSeconds(text: Sql): Sql {
  const whole = `try_cast(${text} as bigint)`
  return `case when ${isWholeEpoch(text)} then if(length(${text}) > 10, ${whole} div 1000, ${whole})
    when ${matches(text, '^\\d{9,10}\\.\\d{1,9}$')} then try_cast(substring_index(${text}, '.', 1) as bigint) end`
}

/**
 * A written date as `struct<unix: bigint, other: bigint, date_order: string>`, see `ParsedPlay`.
 *
 * *Nulls:* every field, if there is no such date (`2023-02-30`). *Units and zone:* UTC seconds; a text without a zone is in
 * `zone`; a local time that a clock change skips is moved forward by the gap. Days without a time are their midnight.
 * With dots the day comes first: nobody writes `12.31.2023`.
 */
export function writtenDate(text: Sql, zone: string): Sql {
  const ordered = `if(${matches(text, '^\\d{4}')},
    regexp_replace(${text}, ${quoted(yearFirst)}, '$1|$2|$3|$4|$5|$6|$7|$8|'),
    regexp_replace(${text}, ${quoted(yearLast)}, '$4|$1|$3|$5|$6|$7|$8|$9|$2'))`
  return named(`split(${ordered}, '[|]', -1)`, 't', (t) => {
    const number = (i: number): Sql => `try_cast(nullif(get(${t}, ${i}), '') as int)`
    const hour = `case when lower(get(t, 6)) = 'p' and ${number(3)} < 12 then ${number(3)} + 12
      when lower(get(t, 6)) = 'a' and ${number(3)} = 12 then 0 else coalesce(${number(3)}, 0) end`
    const seconds = `cast(coalesce(nullif(replace(get(t, 5), ',', '.'), ''), '0') as decimal(8, 6))`
    const namedZone = `case when get(t, 7) = '' then ${quoted(zone)} when get(t, 7) rlike '^[A-Za-z]' then 'UTC'
      else regexp_replace(get(t, 7), '^(...):?(..)$', '$1:$2') end`
    const at = (month: Sql, day: Sql): Sql =>
      `unix_seconds(try_make_timestamp(${number(0)}, ${month}, ${day}, ${hour}, coalesce(${number(4)}, 0), ${seconds}, ${namedZone}))`
    const monthFirst = at(number(1), number(2))
    const dayFirst = at(number(2), number(1))
    return `case
      when size(t) < 9 then named_struct('unix', cast(null as bigint), 'other', cast(null as bigint), 'date_order', cast(null as string))
      when get(t, 8) = '' then named_struct('unix', ${monthFirst}, 'other', null, 'date_order', null)
      when get(t, 8) = '.' or ${number(1)} > 12 then named_struct('unix', ${dayFirst}, 'other', null, 'date_order', if(get(t, 8) = '.', null, 'dmy'))
      when ${number(2)} > 12 or ${number(1)} = ${number(2)} then
        named_struct('unix', ${monthFirst}, 'other', null, 'date_order', if(${number(2)} > 12, 'mdy', null))
      else named_struct('unix', ${monthFirst}, 'other', ${dayFirst}, 'date_order', 'either') end`
  })
}
