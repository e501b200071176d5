import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Session } from '../engine/types.ts'
import { quote } from '../schema/tables.ts'
import type { OwnTable } from './own-table.ts'

const shownExamples = 3

/** Makes sure that the staged rows have a key each. *Errors:* AppError `check`, with examples. */
export async function checkKeys(session: Session, table: OwnTable): Promise<void> {
  const staging = sql.raw(session.staging.table(table))
  const key = sql.raw(table.key.map(quote).join(', '))
  const isNull = sql.raw(table.key.map((name) => `${quote(name)} is null`).join(' or '))
  const { rows: nameless } = await sql<Record<string, unknown>>`
    select * from ${staging} where ${isNull} limit ${shownExamples}`.execute(session.db)
  if (nameless.length > 0) {
    throw refused(table, `rows of ${table.name} have null in the key (${table.key.join(', ')})`, nameless)
  }
  const { rows: repeated } = await sql<Record<string, unknown>>`
    select ${key}, count(*) as "rows" from ${staging} group by ${key} having count(*) > 1
    order by count(*) desc, ${key} limit ${shownExamples}`.execute(session.db)
  if (repeated.length > 0) {
    throw refused(table, `rows of ${table.name} have the same key (${table.key.join(', ')})`, repeated)
  }
}

function refused(table: OwnTable, what: string, examples: readonly Record<string, unknown>[]): AppError {
  const shown = examples.map((row) => JSON.stringify(row)).join(', ')
  return new AppError('check', `${what}, such as ${shown}`, {
    place: `table ${table.name}`,
    remedy: 'filter or group such rows in the job, or name a key that tells rows apart',
  })
}
