import { setImmediate } from 'node:timers/promises'
import type { Db } from '../../schema/database.ts'
import type { Snapshot } from '../types.ts'
import type { Handle } from './connection.ts'
import { dialect } from './dialect.ts'

/** The snapshot of a connection whose transaction has begun. */
export function snapshotOn(handle: Handle, db: Db): Snapshot {
  return {
    db,
    dialect,

    async *stream(sql, names, batchRows) {
      const rows = handle.prepare(sql).raw().safeIntegers().iterate() as IterableIterator<unknown[]>
      let columns: unknown[][] = names.map(() => [])
      let count = 0
      for (const row of rows) {
        for (let c = 0; c < columns.length; c += 1) columns[c]![count] = row[c]
        count += 1
        if (count === batchRows) {
          yield { numRows: count, names, columns }
          // The driver is synchronous: without this, signals and timers would wait until the stream has ended.
          await setImmediate()
          columns = names.map(() => [])
          count = 0
        }
      }
      if (count > 0) yield { numRows: count, names, columns }
    },

    async query(sql, maxRows) {
      const statement = handle.prepare(sql).raw().safeIntegers()
      const columns = statement.columns().map((column) => column.name)
      const rows: unknown[][] = []
      let more = false
      for (const row of statement.iterate() as IterableIterator<unknown[]>) {
        more = rows.length === maxRows
        if (more) break
        rows.push(row)
      }
      return { columns, rows, more }
    },
  }
}
