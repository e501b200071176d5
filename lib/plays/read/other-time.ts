import {
  type Column,
  concat,
  concat_ws,
  date_from_unix_date,
  day,
  length,
  lit,
  lower,
  month,
  pmod,
  regexp_extract,
  regexp_replace,
  replace,
  round,
  substring_index,
  trim,
  using,
  when,
  year,
} from 'spark-connect-js'
import {
  halfBefore,
  maxTimeLength,
  monthPattern,
  otherTimeForms,
  serialPattern,
  spacePattern,
} from '../../model/time-forms.ts'
import { monthNames } from '../../model/time-words.ts'
import { quotient } from '../quotient.ts'

/** A table of words in one text, for `lookedUp`: a map of Spark's would be a plan of hundreds of literals. */
export const wordTable = (entries: Iterable<readonly [word: string, meaning: string]>): string =>
  `${[...entries].map(([word, meaning]) => `|${word}=${meaning}`).join('')}|`

/** What a word means; empty if the table does not have it. */
export const lookedUp = (table: string, word: Column<string>): Column<string> =>
  substring_index(substring_index(lit(table), concat(lit('|'), word, lit('=')), lit(-1)), '|', 1)

const months = wordTable(
  monthNames.flatMap((names, i) => names.map((name) => [name, String(i + 1).padStart(2, '0')] as const)),
)

/** In small letters, with single spaces, and `~04` for the name of a month. */
function tidied(text: Column<string>): Column<string> {
  const plain = trim(regexp_replace(lower(text), spacePattern, ' '))
  const halved = regexp_replace(regexp_replace(plain, halfBefore.am, '$1 am'), halfBefore.pm, '$1 pm')
  return using(halved, (whole) =>
    using(regexp_extract(whole, monthPattern, 2), (name) =>
      when(name.eq(''), whole).otherwise(
        regexp_replace(whole, monthPattern, concat(lit('$1~'), lookedUp(months, name))),
      ),
    ),
  )
}

/** The parts of a time that is not written in a usual form, in the order of `timeParts` with `|` between them; null if it is none. */
export const otherTime = (text: Column<string | null>): Column<string | null> => {
  const short = when(length(text).leq(maxTimeLength).and(text.contains('|').not()), text).$notNull()
  const parts = otherTimeForms.reduce(
    (found, form) => regexp_replace(found, form.pattern, form.template),
    tidied(short),
  )
  return when(text.rlike(`^(?:${serialPattern})$`), serialDay(short)).otherwise(
    using(parts, (found) => when(found.contains('|'), found)),
  )
}

// 1970-01-01, as spreadsheets count days.
const firstUnixDay = 25_569
const daySeconds = 86_400

/** The parts of a day number of a spreadsheet, to the second. */
function serialDay(text: Column<string>): Column<string> {
  const days = replace(text, lit(','), lit('.')).try_cast('double').minus(firstUnixDay)
  return using(round(days.multiply(daySeconds)).cast('bigint'), (unix) =>
    using(pmod(unix, lit(daySeconds)), (second) =>
      using(date_from_unix_date(quotient(unix, daySeconds).cast('int')), (date) => {
        const clock = [quotient(second, 3600), quotient(pmod(second, lit(3600)), 60), pmod(second, lit(60))]
        const numbers = [year(date), month(date), day(date), ...clock]
        return concat_ws('|', ...numbers.map((each) => each.cast('string')), lit(''), lit(''), lit(''))
      }),
    ),
  )
}
