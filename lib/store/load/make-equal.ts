import { type RawBuilder, sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Dialect, Session } from '../engine/types.ts'
import type { Db } from '../schema/database.ts'
import { allColumns, meaningColumns, quote, shapes, type TableShape } from '../schema/tables.ts'
import { assertNamed } from './checks.ts'
import type { TableChange } from './load.ts'

const nothing: TableChange = { inserted: 0, updated: 0, deleted: 0 }

interface EqualOptions {
  readonly dialect: Dialect
  /** Rows in the staging table. */
  readonly staged: number
  /** Whether rows stay that are not staged. */
  readonly keep: boolean
  readonly now: string
  readonly onStep: (step: string) => void
}

/**
 * Makes a table equal to its staging: what is gone is deleted, what differs is updated, what is new is inserted.
 *
 * The keys are matched first, so that only the statements run that have something to do; a run that changes nothing
 * costs two passes and no write.
 */
export async function makeEqual(
  session: Session,
  db: Db,
  shape: TableShape,
  { dialect, staged, keep, now, onStep }: EqualOptions,
): Promise<TableChange> {
  const statements = statementsOf(session, shape, now)
  const run = async (name: string, statement: Statement): Promise<number> => {
    onStep(`${shape.name} ${name}`)
    const { numAffectedRows } = await statement.execute(db).catch((error: unknown) => {
      throw dialect.isDuplicateKey(error) ? duplicateKey(shape, error) : error
    })
    onStep(`${shape.name} ${name} done`)
    return Number(numAffectedRows ?? 0)
  }

  const { rows: first } = await statements.first.execute(db)
  if (first.length === 0) {
    if (staged === 0) return nothing
    const inserted = await run('fill', statements.fill)
    if (inserted !== staged && shape.name === shapes.plays.name) await assertNamed(session, db)
    return { ...nothing, inserted }
  }

  const { rows: counted } = await statements.counts.execute(db)
  const { present, keys, matched } = counted[0]!
  // Where the table is filled, its own key finds these; here a repeated row would hide one that is gone.
  if (keys !== staged) {
    if (shape.name === shapes.plays.name) await assertNamed(session, db)
    throw duplicateKey(shape)
  }
  const deleted = matched < present && !keep ? await run('delete', statements.delete) : 0
  const hasValues = shape.columns.length > shape.key.length
  const updated = matched > 0 && hasValues ? await run('update', statements.update) : 0
  const inserted = matched < staged ? await run('insert', statements.insert) : 0
  return { inserted, updated, deleted }
}

type Statement = RawBuilder<unknown>

/** The statements that compare a table with its staging and make it equal; `now` is what they stamp. */
function statementsOf(session: Session, shape: TableShape, now: string) {
  const target = sql.raw(quote(shape.name))
  const staging = sql.raw(session.staging.table(shape))
  const rows = sql.raw(stagedRows(session, shape))
  const own = shape.columns.map((column) => column.name)
  const values = own.filter((name) => !shape.key.includes(name))
  const sameKey = sql.raw(shape.key.map((name) => `t.${quote(name)} = s.${quote(name)}`).join(' and '))
  const differs = sql`(${list(values, 't')}) is distinct from (${list(values, 's')})`
  const set = sql.raw(values.map((name) => `${quote(name)} = s.${quote(name)}`).join(', '))
  const stamp = shape.stamped ? sql`, updated_at = ${now}` : sql``
  const stamps = shape.stamped ? sql`, ${now}, ${now}` : sql``
  // In key order: the key's index is then appended to, and rows that are read in key order lie side by side.
  const insert = (where: Statement): Statement =>
    sql`insert into ${target} (${list(allColumns(shape))})
      select ${list(own, 's')}${stamps} from ${rows} s ${where} order by ${list(shape.key, 's')}`
  return {
    first: sql`select 1 from ${target} limit 1`,
    // The staged keys in order, once each, walked along the table's index.
    counts: sql<{ present: number; keys: number; matched: number }>`
      select (select count(*) from ${target}) as present, count(*) as keys, count(t.${sql.raw(quote(shape.key[0]!))}) as matched
      from (select ${list(shape.key)} from ${rows} r group by ${list(shape.key)}) s
      left join ${target} t on ${sameKey}`,
    fill: insert(sql``),
    delete: sql`delete from ${target} as t where not exists (select 1 from ${staging} s where ${sameKey})`,
    update: sql`update ${target} as t set ${set}${stamp} from ${rows} s where ${sameKey} and ${differs}`,
    insert: insert(sql`where not exists (select 1 from ${target} t where ${sameKey})`),
  }
}

function list(names: readonly string[], alias?: string): Statement {
  return sql.raw(names.map((name) => (alias === undefined ? quote(name) : `${alias}.${quote(name)}`)).join(', '))
}

/** The staged rows with all columns of the table: plays get from `song_names` what their names mean. */
function stagedRows(session: Session, shape: TableShape): string {
  if (shape.name !== 'plays') return session.staging.table(shape)
  const meaning = meaningColumns.map((name) => `n.${quote(name)}`).join(', ')
  return `(select p.*, ${meaning} from ${session.staging.table(shape)} p
    join ${session.staging.table(shapes.song_names)} n on n.raw_artist = p.raw_artist and n.raw_song = p.raw_song)`
}

function duplicateKey(shape: TableShape, cause?: unknown): AppError {
  return new AppError('check', `two rows of ${shape.name} have the same ${shape.key.join(', ')}`, {
    place: 'staging tables of this run',
    remedy: 'please report it with the input',
    cause,
  })
}
