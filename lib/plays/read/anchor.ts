import {
  type Column,
  get,
  lit,
  octet_length,
  regexp_extract,
  regexp_replace,
  size,
  split,
  using,
  when,
} from 'spark-connect-js'
import { fieldSeparator } from '../../model/framing.ts'
import type { LineDialect, LineField } from '../schema.ts'
import { literally, replaced } from '../text.ts'
import { checkPattern, mayBeEmpty } from './checks.ts'
import { type FoundFields, foundFields, noText } from './found-fields.ts'
import { maxLineBytes } from './limits.ts'

/** Columns of a line that one group of the anchor holds. */
interface Run {
  readonly columns: readonly (LineField | null)[]
  readonly hasCheck: boolean
}

/**
 * The columns in runs: each that can be recognised by its own check alone, those without a check together. Null if too few
 * can be recognised to be sure of the place.
 */
function runsOf({ columns, delimiter }: LineDialect): readonly Run[] | null {
  if (!columns.includes('raw_song') || !columns.includes('raw_artist')) return null
  const isSure = columns.includes('time') && columns.some((c) => c === 'unique_id' || c === 'callsign')
  if (!isSure) return null
  const named = columns.slice(0, columns.findLastIndex((column) => column !== null) + 1)
  const runs: Run[] = []
  for (const column of named) {
    const hasCheck = checkPattern(column, named, delimiter) !== null
    const last = runs.at(-1)
    if (hasCheck || !last || last.hasCheck) runs.push({ columns: [column], hasCheck })
    else runs[runs.length - 1] = { columns: [...last.columns, column], hasCheck: false }
  }
  return runs
}

/**
 * The anchor of shifted lines, a Java regular expression for the whole line: the columns that can be recognised by their own
 * checks, side by side in their order, with anything between them; a group for each run.
 */
function anchorPattern(runs: readonly Run[], { columns, delimiter }: LineDialect): string {
  const mark = literally(delimiter)
  const groups = runs.map(({ columns: [column], hasCheck }) =>
    hasCheck ? `((?:${checkPattern(column!, columns, delimiter)})${mayBeEmpty(column!) ? '?' : ''})` : '(.*?)',
  )
  return `^${groups.join(mark)}(?:${mark}|\\s)*$`
}

/**
 * The fields that the anchor finds in a damaged line, with the rule behind them; null if none.
 *
 * A run of free columns with the right number of pieces is taken as it is. Song and artist that were torn apart come from
 * COMBINED: its pieces joined by the comma that once was there, split at the last " by ".
 */
export function anchoredFields(dialect: LineDialect, text: Column<string>): FoundFields {
  const runs = runsOf(dialect)
  if (!runs) return lit(null).cast<string[] | null>('array<string>')
  const pattern = anchorPattern(runs, dialect)
  const groups = runs.map((_, i) => `$${i + 1}`).join(fieldSeparator)
  const held = split(regexp_replace(text, pattern, groups), fieldSeparator, -1)
  const found = using(held, (group) =>
    using(combinedOf(runs, dialect, group), (combined) => fieldsOfRuns(runs, dialect, group, combined)),
  )
  return when(octet_length(text).leq(maxLineBytes).and(text.rlike(pattern)), found)
}

const placeOf = (runs: readonly Run[], field: LineField): number => runs.findIndex((run) => run.columns.includes(field))

/** COMBINED without the quotes at the ends of it and of its pieces, which the writer of the log put around fields with commas. */
function combinedOf(runs: readonly Run[], { delimiter }: LineDialect, group: Column<string[]>): Column<string | null> {
  const place = placeOf(runs, 'combined')
  if (place < 0) return lit('')
  const mark = literally(delimiter)
  const quotes = `(?:^|(?<=${mark}))"+|"+(?=${mark}|$)`
  return replaced(regexp_replace(get(group, place), quotes, '').$notNull(), delimiter, ',')
}

function fieldsOfRuns(
  runs: readonly Run[],
  { delimiter }: LineDialect,
  group: Column<string[]>,
  combined: Column<string | null>,
): FoundFields {
  const [song, artist, label] = [placeOf(runs, 'raw_song'), placeOf(runs, 'raw_artist'), placeOf(runs, 'combined')]
  const pieces = (run: number) => split(get(group, run), literally(delimiter), -1)
  const piece = (field: LineField): Column<string | null> => {
    const place = placeOf(runs, field)
    if (place < 0) return noText
    const { columns } = runs[place]!
    return columns.length === 1 ? get(group, place) : get(pieces(place), columns.indexOf(field))
  }
  const withTexts = (texts: Partial<Record<LineField, Column<string | null>>>, rule: string) =>
    foundFields((field) => texts[field] ?? piece(field), lit(rule))

  const areWhole = [...new Set([song, artist])]
    .map((run): Column<boolean | null> => size(pieces(run)).eq(runs[run]!.columns.length))
    .reduce((all, each) => all.and(each))
  const whole = withTexts({ combined: label < 0 ? noText : combined }, 'anchor: text fits')
  if (label < 0 || label === song || label === artist) return when(areWhole, whole)
  const part = (i: number) => regexp_extract(combined, '^(.*) by (.*)$', i)
  const rebuilt = withTexts({ raw_song: part(1), raw_artist: part(2), combined }, 'anchor: text from COMBINED')
  return when(areWhole, whole).when(combined.rlike(' by \\S'), rebuilt)
}
