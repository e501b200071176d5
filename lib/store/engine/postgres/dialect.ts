import { sql } from 'kysely'
import { errorCode } from '../error-code.ts'
import type { Dialect } from '../types.ts'
import { sqlState } from './sql-states.ts'

const contention: readonly (string | undefined)[] = [
  sqlState.serializationFailure,
  sqlState.deadlockDetected,
  sqlState.lockNotAvailable,
]

export const dialect: Dialect = {
  // Text in the order of its bytes: exports of all databases are identical, and SQLite has no other order.
  columnTypes: { text: 'text collate "C"', int64: 'bigint', int32: 'integer', double: 'double precision' },
  tableOptions: undefined,
  replacesViews: true,
  currentSchema: 'select current_schema() as name',
  jsonPairs: (json) => sql`jsonb_each_text(cast(${json} as jsonb))`,
  lockTable: (table) => sql`lock table ${sql.table(table)} in share row exclusive mode`,
  limitStatements: (limitMs) => sql`select set_config('statement_timeout', ${String(Math.max(1, limitMs))}, true)`,
  // The server sees to it; one setting for all.
  durability: () => undefined,
  isContention: (error) => contention.includes(errorCode(error)),
  isDuplicateKey: (error) => errorCode(error) === sqlState.uniqueViolation,
}
