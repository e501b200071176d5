import type { Stage } from '../model/stage.ts'
import type { ColumnBatch } from '../store/index.ts'

// Of one slice of lines; what is in memory here.
const sliceBytes = 16_000_000

/** Each row as a line of JSON, an array of its values, in slices that end at a line end; integers are exact. */
export async function* jsonLines(batches: AsyncIterable<ColumnBatch>, stage: Stage): AsyncGenerator<Uint8Array> {
  let parts: Buffer[] = []
  let bytes = 0
  for await (const { numRows, columns } of batches) {
    let text = ''
    for (let row = 0; row < numRows; row += 1) text += `[${columns.map((column) => json(column[row])).join()}]\n`
    const part = Buffer.from(text)
    parts.push(part)
    bytes += part.length
    stage.more(numRows)
    if (bytes < sliceBytes) continue
    yield Buffer.concat(parts, bytes)
    parts = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(parts, bytes)
}

function json(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value ?? null)
}
