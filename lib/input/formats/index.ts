/*
 * Hides: logs that are not lines of fields. Each format gives its plays as CSV in UTF-8, which the framing reads like any other.
 * Needs: the blocks of a file, unpacked. Never: holds more of a file than one play, unless the format allows nothing else.
 */

import { jsonRecords, looksLikeJson } from './json.ts'
import { csvOf } from './records.ts'

export { refuseText } from './refused.ts'

export type FormatName = 'json'

interface Format {
  readonly matches: (start: string) => boolean
  readonly toCsv: (blocks: AsyncIterable<Buffer>, label: string) => AsyncGenerator<Buffer, void, undefined>
}

const formats: Readonly<Record<FormatName, Format>> = {
  json: { matches: looksLikeJson, toCsv: (blocks, label) => csvOf(jsonRecords(blocks, label)) },
}

/** The format of a file by its first bytes; undefined for lines of fields. */
export function formatOf(start: Buffer): FormatName | undefined {
  const text = start.subarray(0, 4_096).toString('latin1').replace(/^ï»¿/, '')
  return (Object.keys(formats) as FormatName[]).find((name) => formats[name].matches(text))
}

/** A file of a format as CSV. */
export const formatToCsv = (name: FormatName, blocks: AsyncIterable<Buffer>, label: string) =>
  formats[name].toCsv(blocks, label)
