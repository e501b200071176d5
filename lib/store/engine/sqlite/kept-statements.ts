import type BetterSqlite from 'better-sqlite3'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

/** Number of prepared statements to keep: enrichment uses about thirty, a load fewer. */
const maxKept = 64

/**
 * The connection for Kysely, which keeps its prepared statements: preparing an insert of eight wide rows takes as long as
 * running it. A statement is busy while its rows are iterated, so each iteration gets a statement of its own.
 */
export function keepStatements(handle: BetterSqlite.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    close: () => handle.close(),
    prepare(sql) {
      const known = kept.get(sql)
      if (known) return known
      const prepared = handle.prepare(sql)
      const statement: SqliteStatement = {
        reader: prepared.reader,
        all: (parameters) => prepared.all(parameters),
        run: (parameters) => prepared.run(parameters),
        iterate: (parameters) => handle.prepare(sql).iterate(parameters) as IterableIterator<unknown>,
      }
      // Statements that change the schema run once and are not kept.
      if (/^\s*(select|insert|update|delete|with)\b/i.test(sql)) {
        const oldest = kept.keys().next()
        if (kept.size >= maxKept && !oldest.done) kept.delete(oldest.value)
        kept.set(sql, statement)
      }
      return statement
    },
  }
}
