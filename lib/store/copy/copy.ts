import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { AppError } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { ColumnBatch } from '../engine/column-batch.ts'
import { databaseOf, guardOf, openEngine } from '../engine/databases.ts'
import type { Engine, Snapshot } from '../engine/types.ts'
import { takeLock } from '../lock/run-lock.ts'
import { migrate, pending } from '../migrations/migrate.ts'
import type { OwnTable } from '../own/own-table.ts'
import { createTable, dropTable, ownTablesOf, tableExists } from '../own/registry.ts'
import type { Db } from '../schema/database.ts'
import { allColumns, keptShapes, loadTables, quote, shapes, type TableShape } from '../schema/tables.ts'

/** How a database is copied. */
export interface CopyOptions {
  readonly log: Logger
  /** Replace what the target holds; without it a target with rows is refused. */
  readonly replace?: boolean
  /** Rows copied so far, by table. */
  readonly onRows?: (table: string, rows: number) => void
}

/** A copied table, verified by a hash. */
export interface CopiedTable {
  readonly table: string
  readonly rows: number
  /** Over every value of every row in key order; equal in both databases. */
  readonly sha256: string
}

/** Every table of the product that holds data, with created_at and updated_at as columns like any other: a copy keeps them. */
const copied: readonly TableShape[] = [
  ...loadTables.map((name): TableShape => {
    const table = shapes[name]
    const stamps = allColumns(table).slice(table.columns.length)
    const columns = stamps.map((stamp) => ({ name: stamp, kind: 'text', nullable: false }) as const)
    return { ...table, columns: [...table.columns, ...columns], stamped: false }
  }),
  ...Object.values(keptShapes),
]

/**
 * Copies all tables of one database to another of either kind, in one transaction of the target, and reads the target
 * back: rows and a hash of every table must be those of the source.
 *
 * The source is read in one frozen state and not locked; the target is locked as by a run.
 * *Errors:* AppError `usage` (target not empty, or the same database), `locked`, `check` (the copy differs), `database`.
 */
export async function copyDatabase(from: string, to: string, options: CopyOptions): Promise<readonly CopiedTable[]> {
  const { log } = options
  if (isSame(from, to))
    throw new AppError('usage', 'source and target are the same database', {
      place: '--from, --to',
      remedy: 'name another one with --to',
    })
  const source = await openEngine(from, { log, readOnly: true })
  try {
    const fromSource = guardOf(source)
    if ((await fromSource(() => pending(source, source.db))).length > 0) {
      throw new AppError('database', 'this database has no tables of this version', {
        place: source.address,
        remedy: 'open it once with npm run db:setup',
      })
    }
    const target = await openEngine(to, { log })
    try {
      return await guardOf(target)(async () => {
        await migrate(target, log)
        return source.snapshot(async (snapshot) => {
          const read = (shape: TableShape) => explained(source, readAll(snapshot, shape))
          const own = await fromSource(() => ownTablesOf(snapshot.db))
          return copyTables(read, target, own, options)
        })
      })
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** Through a hard link SQLite would keep a second journal for the same file, and damage it. */
function isSame(from: string, to: string): boolean {
  const identity = databaseOf(from).fileIdentity(from)
  return from === to || (identity !== undefined && identity === databaseOf(to).fileIdentity(to))
}

type Read = (shape: TableShape) => AsyncIterable<ColumnBatch>

/** Errors of reading are the source's, whatever they happen in the middle of. */
async function* explained(engine: Engine, batches: AsyncIterable<ColumnBatch>): AsyncGenerator<ColumnBatch> {
  const iterator = batches[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await iterator.next().catch((error: unknown) => {
        throw engine.explain(error) ?? error
      })
      if (done === true) return
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}

async function copyTables(
  read: Read,
  target: Engine,
  own: readonly OwnTable[],
  options: CopyOptions,
): Promise<readonly CopiedTable[]> {
  const all = [...copied, ...own]
  const runId = `copy-${randomUUID()}`
  const lock = await takeLock(target, { runId, job: 'db:copy' }, options.log)
  const { session } = lock
  try {
    if (options.replace !== true) await assertEmpty(target)
    await session.staging.create(runId.replaceAll('-', '').slice(0, 24), all)
    const sums = new Map<string, Sum>()
    for (const shape of all) {
      const sum = new Sum(shape.name, options.onRows)
      await session.staging.append(shape, sum.over(read(shape)))
      sums.set(shape.name, sum)
    }
    await session.transaction(async (db) => {
      await lock.assertHeld(db)
      await replaceOwnTables(target, db, own)
      for (const shape of all) {
        const table = sql.raw(quote(shape.name))
        const columns = sql.raw(allColumns(shape).map(quote).join(', '))
        await sql`delete from ${table}`.execute(db)
        await sql`insert into ${table} (${columns}) select ${columns} from ${sql.raw(session.staging.table(shape))}
          order by ${sql.raw(shape.key.map(quote).join(', '))}`.execute(db)
      }
    })
    await session.staging.drop()
    await session.tidy()
    await target.prepareForReaders()
    return await target.snapshot((copy) => compare(copy, all, sums))
  } finally {
    await lock.release()
  }
}

/** Makes the tables of one's own that the source has, in the place of those that the target has. */
async function replaceOwnTables({ dialect }: Engine, db: Db, own: readonly OwnTable[]): Promise<void> {
  for (const { name } of await ownTablesOf(db)) await dropTable(db, name)
  for (const table of own) {
    if (await tableExists(dialect, db, table.name)) {
      throw new AppError('usage', `the target has a table ${table.name} that no job has made`, {
        place: `table ${table.name}`,
        remedy: 'drop or rename it, or copy to a new database',
      })
    }
    await createTable(dialect, db, table)
  }
}

async function assertEmpty(target: Engine): Promise<void> {
  for (const { name } of copied) {
    const { rows } = await sql`select 1 from ${sql.raw(quote(name))} limit 1`.execute(target.db)
    if (rows.length > 0) {
      throw new AppError('usage', `the target is not empty (${name} has rows)`, {
        place: target.address,
        remedy: 'copy to a new database, or say --replace',
      })
    }
  }
}

async function compare(
  copy: Snapshot,
  all: readonly TableShape[],
  sums: ReadonlyMap<string, Sum>,
): Promise<readonly CopiedTable[]> {
  const result: CopiedTable[] = []
  for (const shape of all) {
    const there = new Sum(shape.name)
    for await (const _ of there.over(readAll(copy, shape))) {
      // Only the sum is wanted.
    }
    const wanted = sums.get(shape.name)!.digest()
    const found = there.digest()
    if (found.rows !== wanted.rows || found.sha256 !== wanted.sha256) {
      throw new AppError('check', `${shape.name} differs from its source: ${found.rows} rows of ${wanted.rows}`, {
        place: shape.name,
        remedy: 'copy again; if it stays, please report it',
      })
    }
    result.push(found)
  }
  return result
}

function readAll(snapshot: Snapshot, shape: TableShape): AsyncGenerator<ColumnBatch, void, undefined> {
  const columns = allColumns(shape)
  const text = `select ${columns.map(quote).join(', ')} from ${quote(shape.name)} order by ${shape.key.map(quote).join(', ')}`
  return snapshot.stream(text, columns, 2_000)
}

/** Counts and hashes rows as they pass. */
class Sum {
  readonly #table: string
  readonly #hash = createHash('sha256')
  readonly #onRows: ((table: string, rows: number) => void) | undefined
  #rows = 0

  constructor(table: string, onRows?: (table: string, rows: number) => void) {
    this.#table = table
    this.#onRows = onRows
  }

  async *over(batches: AsyncIterable<ColumnBatch>): AsyncGenerator<ColumnBatch, void, undefined> {
    for await (const batch of batches) {
      for (let row = 0; row < batch.numRows; row += 1) {
        let text = ''
        for (const column of batch.columns) text += canonical(column[row])
        this.#hash.update(text)
      }
      this.#rows += batch.numRows
      this.#onRows?.(this.#table, this.#rows)
      yield batch
    }
  }

  digest(): CopiedTable {
    return { table: this.#table, rows: this.#rows, sha256: this.#hash.copy().digest('hex') }
  }
}

/** A value so that no two different rows give the same text; a whole double is the integer it equals. */
function canonical(value: unknown): string {
  if (value === null || value === undefined) return 'n;'
  const text = String(value)
  return typeof value === 'string' ? `s${text.length}:${text}` : `${text};`
}
