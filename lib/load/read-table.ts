import { from_json, functions, get, types, type UntypedFrame } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import { sparkTypes } from '../model/columns.ts'
import type { Stage } from '../model/stage.ts'
import { readLines, type SparkServer } from '../spark/index.ts'
import { describeRelation, type ReadOnlyStore, relationNamed } from '../store/index.ts'
import { jsonLines } from './json-lines.ts'

/**
 * A table of the database as a frame, its columns typed as they are stored; without the store's own time stamps.
 *
 * *Cost:* the table is brought to the server by way of a folder or an upload, in slices: this process holds some 16 MB of it.
 * *Errors:* AppError `usage` for a name that is not that of a table; those of Spark and of the store.
 */
export async function readTable(
  store: ReadOnlyStore,
  server: Pick<SparkServer, 'session' | 'scratch'>,
  name: string,
  { stage, signal }: { readonly stage: Stage; readonly signal: AbortSignal },
): Promise<UntypedFrame> {
  return await store.snapshot(async (reader) => {
    const described = describeRelation(reader, relationNamed(reader, name))
    const columns = described.filter((column) => !column.isStamp)
    if (columns.some(({ type }) => type === null)) {
      throw new AppError('usage', `${name} is a view; a job reads tables`, {
        remedy: 'read the tables that it is made of, such as plays, artist_images and track_info, and join them',
      })
    }
    const batches = reader.batches(name, { columns: columns.map((column) => column.name), batchRows: 5_000 })
    const lines = await readLines(server.session, jsonLines(batches, stage), { scratch: server.scratch, signal })
    const { col } = functions
    const rows = lines.select((c) => ({ f: from_json(c.value, types.array(types.string)) }))
    return rows.select(
      ...columns.map((column, i) => get(col<string[]>('f'), i).cast(sparkTypes[column.type!]).as(column.name)),
    )
  })
}
