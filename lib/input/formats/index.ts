/*
 * Hides: logs that are not lines of fields. Each format gives its plays as CSV in UTF-8, which the framing reads like any other.
 * Needs: the blocks of a file, unpacked. Never: holds more of a file than one play, unless the format allows nothing else.
 */

import { isZip } from '../zip.ts'
import { jsonRecords, looksLikeJson } from './json.ts'
import { csvOf } from './records.ts'
import type { FormatOptions, FormatSource } from './source.ts'
import { excelLines, excelNote } from './xlsx.ts'

export { refuseText } from './refused.ts'
export type { FormatOptions, FormatSource } from './source.ts'

export type FormatName = 'json' | 'xlsx'

interface Format {
  readonly matches: (start: Buffer) => boolean
  readonly toCsv: (source: FormatSource, options: FormatOptions) => AsyncGenerator<Buffer, void, undefined>
  /** What a careful reader should know. */
  readonly note?: (source: FormatSource, options: FormatOptions) => Promise<string | undefined>
}

const formats: Readonly<Record<FormatName, Format>> = {
  json: {
    matches: (start) => looksLikeJson(start.subarray(0, 4_096).toString('latin1').replace(/^ï»¿/, '')),
    toCsv: ({ blocks, label }) => csvOf(jsonRecords(blocks, label)),
  },
  xlsx: { matches: isZip, toCsv: excelLines, note: excelNote },
}

/** The format of a file by its first bytes; undefined for lines of fields. */
export function formatOf(start: Buffer): FormatName | undefined {
  return (Object.keys(formats) as FormatName[]).find((name) => formats[name].matches(start))
}

/** A file of a format as CSV. */
export const formatToCsv = (name: FormatName, source: FormatSource, options: FormatOptions = {}) =>
  formats[name].toCsv(source, options)

/** What a careful reader should know of a file of a format. */
export const formatNote = async (name: FormatName, source: FormatSource, options: FormatOptions) =>
  formats[name].note?.(source, options)
