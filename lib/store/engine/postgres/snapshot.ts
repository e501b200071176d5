import Cursor from 'pg-cursor'
import type { Snapshot } from '../types.ts'
import { type Connection, kyselyOn } from './connection.ts'
import { dialect } from './dialect.ts'
import { restrictToReading } from './reading-role.ts'
import { exactParser } from './values.ts'

/** The snapshot of a connection whose transaction has begun. */
export function snapshotOn(connection: Connection): Snapshot {
  /** Runs `work` on a cursor; other statements of this snapshot wait until it has ended. */
  async function* withCursor<T>(
    text: string,
    work: (cursor: Cursor<unknown[]>) => AsyncGenerator<T>,
  ): AsyncGenerator<T> {
    const release = await connection.take()
    const cursor = connection.client.query(
      new Cursor<unknown[]>(text, [], { rowMode: 'array', types: { getTypeParser: exactParser as never } }),
    )
    try {
      yield* work(cursor)
    } catch (error) {
      throw connection.explain(error)
    } finally {
      // A broken connection never answers the close.
      await Promise.race([cursor.close(), connection.ended])
      release()
    }
  }
  const db = kyselyOn(connection)
  return {
    db,
    dialect,

    stream: (text, names, batchRows) =>
      withCursor(text, async function* (cursor) {
        for (;;) {
          const rows = await cursor.read(batchRows)
          if (rows.length === 0) return
          yield { numRows: rows.length, names, columns: names.map((_, c) => rows.map((row) => row[c])) }
        }
      }),

    async query(text, maxRows) {
      await restrictToReading(db, text)
      const answers = withCursor(text, async function* (cursor) {
        yield await new Promise<{ rows: unknown[][]; columns: string[] }>((resolve, reject) => {
          cursor.read(maxRows + 1, (error, found, result) => {
            if (error) reject(error)
            else resolve({ rows: found, columns: (result?.fields ?? []).map((field) => field.name) })
          })
        })
      })
      for await (const { rows, columns } of answers) {
        return { columns, rows: rows.slice(0, maxRows), more: rows.length > maxRows }
      }
      throw new Error('no answer')
    },
  }
}
