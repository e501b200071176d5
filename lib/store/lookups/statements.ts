import { CompiledQuery, type Insertable, sql } from 'kysely'
import type { Database, Db, TrackInfoTable } from '../schema/database.ts'

/**
 * Writes rows over those that have the same key. All rows have the columns of the first one.
 *
 * @param texts statements of this database: building one of eight wide rows takes longer than running it
 */
export async function upsert<T extends 'enrichment_lookup' | 'track_info' | 'artist_images'>(
  db: Db,
  texts: Map<string, string>,
  table: T,
  key: readonly (keyof Database[T] & string)[],
  rows: readonly object[],
): Promise<void> {
  const first = rows[0]
  if (first === undefined) return
  const columns = Object.keys(first)
  const id = `${table} ${rows.length} ${columns.join()}`
  const text = texts.get(id) ?? upsertText(db, table, key, rows, columns)
  texts.set(id, text)
  const values = rows.flatMap((row) => columns.map((column) => (row as Record<string, unknown>)[column] ?? null))
  await db.executeQuery(CompiledQuery.raw(text, values))
}

function upsertText(
  db: Db,
  table: string,
  key: readonly string[],
  rows: readonly object[],
  columns: readonly string[],
): string {
  // One statement for three tables: Kysely cannot know the columns of a table that is only named at run time. It leaves
  // columns out that no row has a value for, so that the text must not depend on the values.
  const filled = rows.map(() => Object.fromEntries(columns.map((column) => [column, ''])))
  const insert = db.insertInto(table as 'track_info').values(filled as unknown as Insertable<TrackInfoTable>[])
  const others = columns.filter((column) => !key.includes(column))
  return insert
    .onConflict((conflict) =>
      conflict
        .columns(key as readonly ('artist_clean' | 'song_clean')[])
        .doUpdateSet(Object.fromEntries(others.map((column) => [column, sql.ref(`excluded.${column}`)]))),
    )
    .compile().sql
}

// Statements come in few sizes (1, 2, 4, 8 …), so that the database finds them prepared: preparing each
// number of rows anew took a sixth of a long run's time.
export function* chunks<T>(rows: readonly T[], most: number): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; ) {
    const size = 2 ** Math.floor(Math.log2(Math.min(most, rows.length - at)))
    yield rows.slice(at, at + size)
    at += size
  }
}

/** The keys, the last one repeated up to the next of those sizes: naming a key twice finds it once. */
export function inWholeSizes(keys: readonly string[]): string[] {
  const last = keys.at(-1)
  return last === undefined
    ? []
    : [...keys, ...Array<string>(2 ** Math.ceil(Math.log2(keys.length)) - keys.length).fill(last)]
}
