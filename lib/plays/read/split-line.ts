import {
  array,
  type Column,
  fieldsOf,
  from_csv,
  length,
  octet_length,
  split,
  types,
  using,
  when,
} from 'spark-connect-js'
import { refusedMark } from '../../model/framing.ts'
import type { LineDialect } from '../schema.ts'
import { literally, noTexts, replaced } from '../text.ts'
import { anchoredFields } from './anchor.ts'
import { type LineFields, maxFields, passesChecks } from './checks.ts'
import { type FoundFields, wholeFields } from './found-fields.ts'
import { maxLineBytes } from './limits.ts'

/** Whether a line has quotes, and a size that the CSV parser can take. */
const isQuoted = ({ delimiter }: LineDialect, text: Column<string>): Column<boolean> => {
  const delimiters = length(text).minus(length(replaced(text, delimiter, '')))
  return text.contains('"').and(octet_length(text).leq(maxLineBytes)).and(delimiters.lt(maxFields))
}

const splitAtDelimiters = ({ delimiter }: LineDialect, text: Column<string>): Column<string[]> =>
  split(text, literally(delimiter), -1)

function csvFields({ columns, delimiter }: LineDialect, text: Column<string>): LineFields {
  // One field more than there are columns shows a line that has too many.
  const names = [...columns, null].map((_, i) => `f${i}`)
  const schema = types.struct(Object.fromEntries(names.map((name) => [name, types.string])))
  const options = { sep: delimiter, quote: '"', escape: '"', maxColumns: `${maxFields + 1}` }
  return using(from_csv(text, schema, options), (line) => array(...names.map((name) => fieldsOf(line)[name]!)))
}

/** The fields of a line, by RFC 4180 where it has quotes. */
export const splitLine = (dialect: LineDialect, text: Column<string>): LineFields =>
  when(octet_length(text).gt(maxLineBytes), noTexts)
    .when(isQuoted(dialect, text), csvFields(dialect, text))
    .otherwise(splitAtDelimiters(dialect, text))

/**
 * The fields that pass the checks of the dialect, read in the first way in which they do; null if they do not. `other` is not
 * null where the time is in a form that is rare.
 */
export function understood(
  dialect: LineDialect,
  text: Column<string>,
  fields: LineFields,
  other: Column<string | null>,
): FoundFields {
  const pieces = splitAtDelimiters(dialect, text)
  return when(passesChecks(dialect, fields), wholeFields(dialect, fields))
    .when(text.startsWith(refusedMark), null)
    .when(
      isQuoted(dialect, text).and(using(pieces, (each) => passesChecks(dialect, each))),
      using(pieces, (each) => wholeFields(dialect, each)),
    )
    .when(other.isNotNull().and(passesChecks(dialect, fields, ['time', 'date'])), wholeFields(dialect, fields))
    .otherwise(anchoredFields(dialect, text))
}
