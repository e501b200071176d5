import { AppError } from '../../errors.ts'
import type { HeldLock } from '../lock/run-lock.ts'
import { dropTable, ownTablesOf } from './registry.ts'

/** Removes a table that a job of one's own has made. *Errors:* AppError `usage`, listing what there is. */
export async function dropOwnTable(lock: HeldLock, name: string): Promise<void> {
  await lock.session.transaction(async (db) => {
    await lock.assertHeld(db)
    const known = (await ownTablesOf(db)).map((table) => table.name)
    if (!known.includes(name)) {
      throw new AppError('usage', `no job of your own has made a table ${JSON.stringify(name)}`, {
        remedy: known.length === 0 ? 'there is none yet' : `there are ${known.join(', ')}`,
      })
    }
    await dropTable(db, name)
    await db.deleteFrom('own_tables').where('name', '=', name).execute()
  })
}
