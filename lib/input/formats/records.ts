import { fieldNamed } from '../column-names.ts'
import { lastName } from '../nested-name.ts'

/** One play of a format with names for its values: names of nested values have dots. */
export type FlatRecord = ReadonlyMap<string, string>

// A log has tens of columns; a document with thousands of names is none.
const maxColumns = 300
const judgedRecords = 1_000

/**
 * Records as CSV: a line of names, then a line for each record. Names are those of the first thousand records. A record that is a
 * text alone was damaged: its line has this field and no other, and so is refused.
 */
export async function* csvOf(records: AsyncIterable<FlatRecord | string>): AsyncGenerator<Buffer, void, undefined> {
  let names: readonly string[] | undefined
  const first: (FlatRecord | string)[] = []
  let lines: string[] = []
  const add = (record: FlatRecord | string) =>
    lines.push(
      lineOf(typeof record === 'string' ? [record.slice(0, maxShown)] : names!.map((name) => record.get(name) ?? '')),
    )
  const start = () => {
    const all = first.flatMap((record) => (typeof record === 'string' ? [] : [...record.keys()]))
    names = [...new Set(all)].slice(0, maxColumns)
    lines.push(lineOf(shortNames(names)))
    first.forEach(add)
  }
  for await (const record of records) {
    if (names) add(record)
    else if (first.push(record) === judgedRecords) start()
    if (lines.length >= judgedRecords) {
      yield Buffer.from(lines.join(''))
      lines = []
    }
  }
  if (!names && first.length > 0) start()
  if (lines.length > 0) yield Buffer.from(lines.join(''))
}

const maxShown = 1_000

/** A nested name goes by its last part if that is its own and says a field: `track_metadata.artist_name`. */
function shortNames(names: readonly string[]): readonly string[] {
  const count = Map.groupBy(names, lastName)
  return names.map((name) =>
    count.get(lastName(name))!.length === 1 && fieldNamed(lastName(name)) ? lastName(name) : name,
  )
}

/** A line of CSV; line ends in a value become spaces. */
export const lineOf = (values: readonly string[]): string => `${values.map(quotedValue).join(',')}\n`

function quotedValue(value: string): string {
  const line = value.replace(/[\r\n]+/g, ' ')
  return /[",]|^ | $/.test(line) ? `"${line.replaceAll('"', '""')}"` : line
}
