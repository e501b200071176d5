import { AppError } from '../../errors.ts'
import type { RunRecord } from '../../model/lookups.ts'
import type { Dialect } from '../engine/types.ts'
import { identityText, parseIdentity, processState, thisProcess } from '../lock/process-identity.ts'
import type { Database, Db, Timestamp } from '../schema/database.ts'

/** Makes a run the only enrichment of this database; in a transaction. *Errors:* AppError `locked`. */
export async function takeLease(db: Db, dialect: Dialect, run: RunRecord): Promise<void> {
  // The first statement takes the write lock or the lock of the table, so that of two runs that start together one sees
  // the other.
  await dialect.lockTable('enrichment_run')?.execute(db)
  const abandoned = db
    .updateTable('enrichment_run')
    .set({ finished_at: run.now, exit: 'abandoned' })
    .where('finished_at', 'is', null)
  await abandoned.where('heartbeat_at', '<', run.staleBefore).execute()
  const unfinished = await db
    .selectFrom('enrichment_run')
    .select(['id', 'owner', 'started_at', 'heartbeat_at'])
    .where('finished_at', 'is', null)
    .execute()
  for (const other of unfinished) {
    if (!isKnownDead(other.owner)) throw leaseHeld(other)
    await abandoned.where('id', '=', other.id).execute()
  }
  await db
    .insertInto('enrichment_run')
    .values({
      id: run.id,
      started_at: run.now,
      finished_at: null,
      config_fingerprint: run.fingerprint,
      heartbeat_at: run.now,
      owner: identityText(thisProcess()),
      counters: null,
      exit: null,
    })
    .execute()
}

/** Says that a run lives; false if another one has declared it abandoned. */
export async function renewLease(db: Db, id: string, now: Timestamp): Promise<boolean> {
  const result = await db
    .updateTable('enrichment_run')
    .set({ heartbeat_at: now })
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Records how a run ended, and with it the end of its lease. */
export async function endLease(db: Db, id: string, now: Timestamp, counters: string, exit: string): Promise<void> {
  await db
    .updateTable('enrichment_run')
    .set({ finished_at: now, heartbeat_at: now, counters, exit })
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .execute()
}

/** Whether the process of a run is gone for sure; one of another machine or container is known by its heartbeat alone. */
function isKnownDead(owner: string | null): boolean {
  const identity = parseIdentity(owner ?? '')
  return identity !== undefined && processState(identity) === 'dead'
}

function leaseHeld(run: Pick<Database['enrichment_run'], 'owner' | 'started_at' | 'heartbeat_at'>): AppError {
  const owner = run.owner?.split(' ')[0] ?? 'unknown'
  return new AppError('locked', 'another enrichment is running', {
    place: `${owner}, since ${run.started_at ?? '?'}, last seen ${run.heartbeat_at ?? '?'}`,
    remedy: 'wait for it to end; if its machine or container is gone, it counts as ended after a minute',
  })
}
