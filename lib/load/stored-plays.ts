import type { DataFrame } from 'spark-connect-js'
import type { Stage } from '../model/stage.ts'
import { type ParsedPlay, storedColumns, storedPlays } from '../plays/index.ts'
import { readLines, type SparkServer } from '../spark/index.ts'
import type { ColumnBatch, ReadOnlyStore } from '../store/index.ts'

export interface StoredPlaysOptions {
  readonly timezone: string
  readonly stage: Stage
  readonly signal: AbortSignal
}

// Of one slice of lines; what is in memory here.
const sliceBytes = 16_000_000

/** About what a play of the database is as a line. */
export const storedPlayBytes = 150

/** The plays of the database, brought to the server by the way that the lines of files go. */
export async function readStoredPlays(
  store: ReadOnlyStore,
  server: SparkServer,
  { timezone, stage, signal }: StoredPlaysOptions,
): Promise<DataFrame<ParsedPlay>> {
  return await store.snapshot(async (reader) => {
    const batches = reader.batches('plays', { columns: storedColumns, batchRows: 5_000 })
    const lines = await readLines(server.session, slices(batches, stage), { scratch: server.scratch, signal })
    return lines.transform(storedPlays({ timezone }))
  })
}

/** Each row as a line of JSON, in slices that end at a line end. */
async function* slices(batches: AsyncIterable<ColumnBatch>, stage: Stage): AsyncGenerator<Uint8Array> {
  let parts: Buffer[] = []
  let bytes = 0
  let rows = 0
  for await (const { numRows, columns } of batches) {
    let text = ''
    for (let row = 0; row < numRows; row += 1) text += `[${columns.map((column) => json(column[row])).join()}]\n`
    const part = Buffer.from(text)
    parts.push(part)
    bytes += part.length
    rows += numRows
    stage.rows(rows)
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
