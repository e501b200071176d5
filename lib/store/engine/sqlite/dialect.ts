import { sql } from 'kysely'
import { errorCode } from '../error-code.ts'
import type { Dialect } from '../types.ts'

/** Whether another connection holds the write lock. */
export const isBusy = (error: unknown): boolean => errorCode(error)?.startsWith('SQLITE_BUSY') === true

export const dialect: Dialect = {
  columnTypes: { text: 'text', int64: 'integer', int32: 'integer', double: 'real' },
  // SQLite would otherwise store a word in a column of numbers.
  tableOptions: 'strict',
  replacesViews: false,
  currentSchema: undefined,
  jsonPairs: (json) => sql`json_each(${json})`,
  // The first write takes the only write lock of the database.
  lockTable: () => undefined,
  // A statement runs in the thread that calls it; only its process can be ended.
  limitStatements: () => undefined,
  // In WAL mode NORMAL survives the end of the process and does not wait for the disk after each commit.
  durability: (of) => sql`pragma synchronous = ${sql.raw(of === 'process' ? 'normal' : 'full')}`,
  isContention: isBusy,
  isDuplicateKey: (error) => errorCode(error) === 'SQLITE_CONSTRAINT_PRIMARYKEY',
}
