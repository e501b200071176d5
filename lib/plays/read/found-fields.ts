import { array, type Column, get, lit } from 'spark-connect-js'
import type { LineDialect } from '../schema.ts'
import { fieldOf, type LineFields } from './checks.ts'
import { nameInOne } from './names-in-one.ts'

/** The fields of a line that was understood, in `fieldOrder`, and the rule that put it together again, if one did. */
export type FoundFields = Column<(string | null)[] | null>

const fieldOrder = [
  'raw_song',
  'raw_artist',
  'callsign',
  'date',
  'time',
  'half',
  'unique_id',
  'combined',
  'first_play',
] as const
type FoundField = (typeof fieldOrder)[number]

export const noText = lit(null).cast('string')

/** Fields that were found, by name. */
export const foundFields = (
  textOf: (field: FoundField) => Column<string | null>,
  rule: Column<string | null> = noText,
): Column<(string | null)[]> => array(...fieldOrder.map(textOf), rule)

/** The fields of a whole line; what the dialect lacks is null. */
export const wholeFields = (dialect: LineDialect, fields: LineFields): Column<(string | null)[]> =>
  foundFields((name) => {
    const inOne = name === 'raw_song' || name === 'raw_artist' ? nameInOne(dialect, fields, name) : undefined
    return inOne ?? (dialect.columns.includes(name) ? fieldOf(dialect, fields, name) : noText)
  })

/** One of the found fields; null if the line was not understood, or lacks it. */
export const foundField = (found: FoundFields, name: FoundField): Column<string | null> =>
  get(found, fieldOrder.indexOf(name))

/** The rule that put a line together again; null for whole lines. */
export const repairRule = (found: FoundFields): Column<string | null> => get(found, fieldOrder.length)
