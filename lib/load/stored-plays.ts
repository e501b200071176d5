import type { DataFrame } from 'spark-connect-js'
import type { Stage } from '../model/stage.ts'
import { type ParsedPlay, storedColumns, storedPlays } from '../plays/index.ts'
import { readLines, type SparkServer } from '../spark/index.ts'
import type { ReadOnlyStore } from '../store/index.ts'
import { jsonLines } from './json-lines.ts'

export interface StoredPlaysOptions {
  readonly timezone: string
  readonly stage: Stage
  readonly signal: AbortSignal
}

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
    const lines = await readLines(server.session, jsonLines(batches, stage), { scratch: server.scratch, signal })
    return lines.transform(storedPlays({ timezone }))
  })
}
