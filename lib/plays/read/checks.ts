import { array_join, type Column, coalesce, get, lit, size, slice, trim } from 'spark-connect-js'
import { clockPattern, dayPattern, timePattern } from '../../model/time-forms.ts'
import type { LineDialect, LineField } from '../schema.ts'
import { literally } from '../text.ts'
import { isWholeEpoch } from './time.ts'

/** The fields of a line by place; one that the CSV parser did not find is null. */
export type LineFields = Column<(string | null)[]>

// The CSV parser of Spark makes room for so many fields; a line with more delimiters is none of ours.
export const maxFields = 2000

const yesNo = '(?:[01]|[Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO)'

/** What a column's text looks like if the column is what it should be; free text has no check. */
export function checkPattern(
  field: LineField | null,
  columns: LineDialect['columns'],
  delimiter: string,
): string | null {
  const noDelimiter = `[^"${literally(delimiter)}`
  switch (field) {
    case 'callsign':
      return `${noDelimiter}]{1,64}`
    case 'unique_id':
      return `${noDelimiter}\\s]{1,128}`
    case 'date':
      return dayPattern
    case 'time':
      return columns.includes('date') ? clockPattern : timePattern
    case 'first_play':
      return yesNo
    default:
      return null
  }
}

/** Whether a column may be empty in a line that is otherwise fine: a call sign, id or first-play column; a time may not. */
export const mayBeEmpty = (field: LineField): boolean => field !== 'time' && field !== 'date'

/** A field of a line by its name; empty if the dialect or the line lacks it. */
export const fieldOf = ({ columns }: LineDialect, fields: LineFields, name: LineField): Column<string> =>
  columns.includes(name) ? coalesce(get(fields, columns.indexOf(name)), lit('')) : lit('')

/** Whether every column that has a check passes it, but for those left out, and nothing stands behind the last column. */
export function passesChecks(
  dialect: LineDialect,
  fields: LineFields,
  except: readonly LineField[] = [],
): Column<boolean | null> {
  const { columns, delimiter } = dialect
  const passed = columns.flatMap((column) => {
    const pattern = checkPattern(column, columns, delimiter)
    if (pattern === null || column === null || except.includes(column)) return []
    const value = trim(fieldOf(dialect, fields, column))
    const passes = value.rlike(`^(?:${pattern})${mayBeEmpty(column) ? '?' : ''}$`)
    // The form that nearly every line has is checked without a pattern.
    if (column === 'time' && !columns.includes('date')) return [isWholeEpoch(value).or(passes)]
    if (column === 'first_play') return [value.isin('0', '1', '').or(passes)]
    return [passes]
  })
  const behind = trim(array_join(slice(fields, columns.length + 1, maxFields), ''))
  const noMore = size(fields).leq(columns.length).or(behind.eq(''))
  return [...passed, noMore].reduce((all, each) => all.and(each))
}
