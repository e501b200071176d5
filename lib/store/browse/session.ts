import { dialectOf, kyselyOf } from '../kysely-of.ts'
import type { Reader } from './reader.ts'

/** Identifies the state of the loaded tables, for caches: the id of the last run that changed them; empty before the first. */
export async function stateOf(reader: Reader): Promise<string> {
  const run = await kyselyOf(reader)
    .selectFrom('runs')
    .select('run_id')
    .where('outcome', '=', 'published')
    .orderBy('finished_at', 'desc')
    .orderBy('run_id')
    .limit(1)
    .executeTakeFirst()
  return run?.run_id ?? ''
}

/**
 * Makes the database end each later statement of this reader after so many milliseconds. SQLite has no such limit: there,
 * end the process that runs the statement.
 */
export async function limitStatements(reader: Reader, limitMs: number): Promise<void> {
  await dialectOf(reader).limitStatements(limitMs)?.execute(kyselyOf(reader))
}
