import { fieldNamed } from '../column-names.ts'

/** One play of a format with names for its values: names of nested values have dots. */
export type FlatRecord = ReadonlyMap<string, string>

// A log has tens of columns; a document with thousands of names is none.
const maxColumns = 300
const judgedRecords = 1_000

/** Records as CSV: a line of names, then a line for each record. Names are those of the first thousand records. */
export async function* csvOf(records: AsyncIterable<FlatRecord>): AsyncGenerator<Buffer, void, undefined> {
  let names: readonly string[] | undefined
  const first: FlatRecord[] = []
  let lines: string[] = []
  const start = () => {
    names = [...new Set(first.flatMap((record) => [...record.keys()]))].slice(0, maxColumns)
    lines.push(
      lineOf(shortNames(names)),
      ...first.map((record) => lineOf(names!.map((name) => record.get(name) ?? ''))),
    )
  }
  for await (const record of records) {
    if (names) lines.push(lineOf(names.map((name) => record.get(name) ?? '')))
    else if (first.push(record) === judgedRecords) start()
    if (lines.length >= judgedRecords) {
      yield Buffer.from(lines.join(''))
      lines = []
    }
  }
  if (!names && first.length > 0) start()
  if (lines.length > 0) yield Buffer.from(lines.join(''))
}

/** A nested name goes by its last part if that is its own and says a field: `track_metadata.artist_name`. */
function shortNames(names: readonly string[]): readonly string[] {
  const last = (name: string) => name.split('.').at(-1)!
  const count = Map.groupBy(names, last)
  return names.map((name) => (count.get(last(name))!.length === 1 && fieldNamed(last(name)) ? last(name) : name))
}

/** A line of CSV; line ends in a value become spaces. */
export const lineOf = (values: readonly string[]): string => `${values.map(quotedValue).join(',')}\n`

function quotedValue(value: string): string {
  const line = value.replace(/[\r\n]+/g, ' ')
  return /[",]|^ | $/.test(line) ? `"${line.replaceAll('"', '""')}"` : line
}
