import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../errors.ts'
import type { Db } from '../schema/database.ts'
import { type LoadTable, loadTables, shapes } from '../schema/tables.ts'
import { assertStaging, type Ledger } from './checks.ts'
import { type IdEvent, keepIds } from './keep-ids.ts'
import type { LoadContext, NameDoubt, PublishInput, PublishResult, RunInfo, TableChange } from './load.ts'
import { makeEqual } from './make-equal.ts'
import { recordRun } from './run-record.ts'

/**
 * Checks what a run has staged and makes the tables equal to it, with the row in `runs`: the work of the one transaction of a
 * publish, in `db`. `staged` has the rows of each staging table.
 *
 * *Errors:* AppError `check`, `locked`.
 */
export async function publishTables(
  context: LoadContext,
  db: Db,
  run: RunInfo,
  staged: ReadonlyMap<LoadTable, number>,
  input: PublishInput,
): Promise<PublishResult> {
  const { engine, lock, clock, onStep } = context
  onStep('transaction begun')
  await lock.assertHeld(db)
  const idEvents = await keepIds(engine.dialect, lock.session, db)
  onStep('ids kept')
  const ledger = await assertStaging(lock.session, db, input)
  onStep('checks done')
  const now = clock().toISOString()
  const changed = await makeAllEqual(context, db, staged, { append: input.append === true, now })
  await replaceDoubts(db, input.doubts ?? [])
  await writeEvents(db, run.runId, now, idEvents)
  const unchanged = Object.values(changed).every((each) => each.inserted + each.updated + each.deleted === 0)
  await recordRun(db, run, clock(), {
    outcome: unchanged ? 'unchanged' : 'published',
    error: null,
    ...countsOf(ledger),
    changes: JSON.stringify(changed),
    stages_ms: JSON.stringify(input.stagesMs ?? {}),
  })
  onStep('run written')
  return { changed, unchanged, ledger, idEvents }
}

async function makeAllEqual(
  context: LoadContext,
  db: Db,
  staged: ReadonlyMap<LoadTable, number>,
  { append, now }: { readonly append: boolean; readonly now: string },
): Promise<Record<LoadTable, TableChange>> {
  const { engine, lock, onStep } = context
  const changed = {} as Record<LoadTable, TableChange>
  for (const name of loadTables) {
    // SQLite's statements never wait; this lets signals and the progress line have their turn.
    await setImmediate()
    changed[name] = await makeEqual(lock.session, db, shapes[name], {
      dialect: engine.dialect,
      staged: staged.get(name)!,
      keep: append && name === 'quarantined_plays',
      now,
      onStep,
    })
    if (append && name === 'plays') assertNoneGone(changed.plays)
  }
  return changed
}

const countsOf = ({ rowsIn, plays, quarantined, duplicates, repaired }: Ledger) => ({
  rows_in: rowsIn,
  plays,
  quarantined,
  duplicates,
  repaired,
})

function assertNoneGone({ deleted }: TableChange): void {
  if (deleted === 0) return
  throw new AppError('check', `${deleted} plays of before are not among those that are to stay`, {
    place: 'staging tables of this run',
    remedy: 'please report it with the input',
  })
}

// So many parameters fit into a statement of either database.
const rowsPerStatement = 500

async function replaceDoubts(db: Db, doubts: readonly NameDoubt[]): Promise<void> {
  await db.deleteFrom('name_doubts').execute()
  for (let at = 0; at < doubts.length; at += rowsPerStatement) {
    await db
      .insertInto('name_doubts')
      .values(doubts.slice(at, at + rowsPerStatement))
      .execute()
  }
}

async function writeEvents(db: Db, runId: string, at: string, events: readonly IdEvent[]): Promise<void> {
  const rows = events.map(({ kind, level, id, into, name }) => ({
    run_id: runId,
    at,
    kind,
    level,
    id,
    into_id: into,
    name,
  }))
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    await db
      .insertInto('id_events')
      .values(rows.slice(from, from + rowsPerStatement))
      .execute()
  }
}
