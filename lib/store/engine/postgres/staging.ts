import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { AppError } from '../../../errors.ts'
import { quote, type TableShape } from '../../schema/tables.ts'
import type { ColumnBatch } from '../column-batch.ts'
import type { SharedStaging, Staging } from '../types.ts'
import type { Connection } from './connection.ts'
import { copyText } from './copy-text.ts'
import { dialect } from './dialect.ts'

/** Unlogged tables `stg_<run>_<table>` of the database, filled with COPY. */
export class PostgresStaging implements Staging {
  readonly #connection: Connection
  readonly #address: string
  #prefix = ''
  #staged: readonly TableShape[] = []

  constructor(connection: Connection, address: string) {
    this.#connection = connection
    this.#address = address
  }

  async create(run: string, shapes: readonly TableShape[]): Promise<void> {
    const { rows } = await this.#connection.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = current_schema() and tablename ^@ 'stg_'`,
    )
    await this.#dropTables(rows.map(({ name }) => name))
    this.#prefix = `stg_${run}_`
    this.#staged = shapes
    for (const shape of shapes) await this.#createTable(this.table(shape), shape)
  }

  async #createTable(table: string, shape: TableShape, more: readonly string[] = []): Promise<void> {
    const columns = shape.columns.map(
      (c) => `${quote(c.name)} ${dialect.columnTypes[c.kind]}${c.nullable ? '' : ' not null'}`,
    )
    await this.#connection.query(
      `create unlogged table ${table} (${[...columns, ...more].join(', ')}) with (autovacuum_enabled = false)`,
    )
  }

  /** Drops staging tables, after ending the sessions that still write to them: executors of a load that has ended. */
  async #dropTables(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.#endWriters(name)
      await this.#connection.query(`drop table if exists ${quote(name)}`)
    }
  }

  /** Ends the sessions that have written to a staging table without committing. */
  async #endWriters(name: string): Promise<void> {
    await this.#connection.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join pg_class c on c.oid = l.relation
       where c.relname = $1 and c.relnamespace = current_schema()::regnamespace and l.pid <> pg_backend_pid()
         and l.mode = 'RowExclusiveLock' and l.granted
         and l.database = (select oid from pg_database where datname = current_database())`,
      [name],
    )
  }

  async openForOthers(shape: TableShape): Promise<SharedStaging> {
    const name = `${this.#prefix}in_${shape.name}`
    const partColumn = 'staged_part'
    await this.#createTable(quote(name), shape, [`${partColumn} integer not null`])
    const { rows } = await this.#connection.query<{ schema: string }>('select current_schema() as schema')
    return {
      table: `${quote(rows[0]!.schema)}.${quote(name)}`,
      partColumn,
      settle: () => this.#settle(shape, name, partColumn),
    }
  }

  /**
   * Puts the table that others filled in place of this session's own. After the rename nobody else can write to it: the
   * rename waits for running transactions, and later ones do not find a table of that name.
   */
  async #settle(shape: TableShape, name: string, partColumn: string): Promise<number> {
    // Spark has given up every task that has not committed by now; another task has written these rows.
    await this.#endWriters(name)
    const staging = this.table(shape)
    await this.#connection.query(`drop table ${staging}`)
    await this.#connection.query(`alter table ${quote(name)} rename to ${staging}`)
    // Every attempt at a part is one transaction; xmin is its number.
    const { rows: attempts } = await this.#connection.query<{ part: number; attempt: string; rows: number }>(
      `select ${partColumn} as part, xmin::text as attempt, count(*) as rows from ${staging} group by 1, 2 order by 1, 2`,
    )
    let total = 0
    const counted = new Map<number, number>()
    for (const { part, attempt, rows } of attempts) {
      const before = counted.get(part)
      if (before === undefined) {
        counted.set(part, rows)
        total += rows
      } else if (before === rows) {
        await this.#connection.query(`delete from ${staging} where ${partColumn} = $1 and xmin::text = $2`, [
          part,
          attempt,
        ])
      } else {
        throw new AppError('check', `a repeated task wrote ${rows} rows of ${shape.name}, the first one ${before}`, {
          place: this.#address,
          remedy: 'run again',
        })
      }
    }
    return total
  }

  table(shape: TableShape): string {
    return quote(this.#prefix + shape.name)
  }

  async append(shape: TableShape, batches: AsyncIterable<ColumnBatch>): Promise<number> {
    const columns = shape.columns.map((column) => quote(column.name)).join(', ')
    const source: { failure?: { readonly error: unknown } } = {}
    const rows = await this.#connection.use(async (client) => {
      const copy = client.query(copyFrom(`copy ${this.table(shape)} (${columns}) from stdin`))
      try {
        await pipeline(copyText(shape, recordFailure(batches, source)), copy)
      } catch (error) {
        // The batches may come from another connection; then that one broke, not ours.
        if (source.failure?.error !== error) throw error
      }
      return copy.rowCount
    })
    if (source.failure !== undefined) throw source.failure.error
    return rows
  }

  async finish(shape: TableShape): Promise<void> {
    // The planner then joins by hash, for which no index is needed.
    await this.#connection.query(`analyze ${this.table(shape)}`)
  }

  async drop(): Promise<void> {
    const staged = this.#staged
    this.#staged = []
    await this.#dropTables(staged.flatMap(({ name }) => [this.#prefix + name, `${this.#prefix}in_${name}`]))
  }
}

/** Passes batches through and records the error of their source. */
async function* recordFailure(
  batches: AsyncIterable<ColumnBatch>,
  source: { failure?: { readonly error: unknown } },
): AsyncGenerator<ColumnBatch, void, undefined> {
  try {
    yield* batches
  } catch (error) {
    source.failure = { error }
    throw error
  }
}
