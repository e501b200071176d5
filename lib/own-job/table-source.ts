import { readTable } from '../load/index.ts'
import type { Stage } from '../model/stage.ts'
import type { SparkServer } from '../spark/index.ts'
import type { ReadOnlyStore } from '../store/index.ts'
import type { TableSource } from './read.ts'

interface SourceOptions {
  readonly stage: Stage
  readonly signal: AbortSignal
  /** Whether reading a table takes long. */
  readonly isLarge: boolean
}

/**
 * The tables of a database for a job. Each is brought to the server once, and known to SQL by its name. A large one is parsed there
 * at once and kept: each query would parse its lines again, at a million plays 11 to 44 s a query instead of 19 s once.
 */
export function tableSource(
  store: ReadOnlyStore,
  server: Pick<SparkServer, 'session' | 'scratch'>,
  { stage, signal, isLarge }: SourceOptions,
): TableSource {
  const tables = new Map<string, ReturnType<TableSource['table']>>()
  const read = async (name: string) => {
    stage.note(`reading ${name}`)
    const lines = await readTable(store, server, name, { stage, signal })
    const frame = isLarge ? await lines.localCheckpoint() : lines
    await frame.createOrReplaceTempView(name)
    return frame
  }
  return {
    session: server.session,
    table(name) {
      const frame = tables.get(name) ?? read(name)
      tables.set(name, frame)
      return frame
    },
  }
}
