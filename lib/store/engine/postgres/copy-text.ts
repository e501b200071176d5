import type { TableShape } from '../../schema/tables.ts'
import type { ColumnBatch } from '../column-batch.ts'

/** Characters of COPY text in one chunk. */
const chunkLength = 1 << 16

/**
 * The batches in COPY's text format: tab between columns, newline after a row, `\N` for null.
 *
 * NUL is dropped: Postgres text cannot hold it.
 */
export async function* copyText(
  shape: TableShape,
  batches: AsyncIterable<ColumnBatch>,
): AsyncGenerator<Buffer, void, undefined> {
  const last = shape.columns.length - 1
  for await (const batch of batches) {
    const columns = shape.columns.map((column) => batch.columns[batch.names.indexOf(column.name)]!)
    let text = ''
    for (let row = 0; row < batch.numRows; row += 1) {
      for (let c = 0; c <= last; c += 1) text += copyField(columns[c]![row]) + (c === last ? '\n' : '\t')
      if (text.length >= chunkLength) {
        yield Buffer.from(text)
        text = ''
      }
    }
    if (text !== '') yield Buffer.from(text)
  }
}

// The characters that COPY's text format reserves, and NUL, which Postgres text cannot hold.
const reserved = /[\\\t\n\r\0]/
const reservedAll = /[\\\t\n\r\0]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' }

function copyField(value: unknown): string {
  if (typeof value === 'string') return reserved.test(value) ? value.replace(reservedAll, (c) => escapes[c]!) : value
  if (value === null || value === undefined) return '\\N'
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
}
