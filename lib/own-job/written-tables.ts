import type { DataFrame, UntypedFrame } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import type { Stage } from '../model/stage.ts'
import { type OwnLoad, type OwnTable, ownTable } from '../store/index.ts'
import { columnsOf } from './columns-of.ts'

/** How a job writes its table. */
export interface WriteOptions<Row> {
  /** Columns that no two rows share, none of them null; the table is read out in their order. */
  readonly key: readonly (keyof Row & string)[]
  /** What a row is, in a sentence: for `own_tables`, the report and whoever looks around. */
  readonly summary?: string
}

/** The database of a job, as far as the job writes to it. */
export interface OwnStore {
  /**
   * Makes a table of one's own equal to a frame, at the end of the run: all tables of a run are published in one transaction,
   * after its data checks. The table is created, and follows the frame where its columns change.
   *
   * *Errors:* AppError `usage` for a name of the product, a type that no table keeps, a key that the frame does not have; at the
   * end of the run `check` for rows with null or the same value in the key.
   */
  writeTable<Row>(name: string, frame: DataFrame<Row>, options: WriteOptions<Row>): Promise<void>
}

/** The tables that a run has said that it writes. */
export class WrittenTables implements OwnStore {
  readonly #job: string
  readonly #tables: { readonly table: OwnTable; readonly frame: UntypedFrame }[] = []

  constructor(job: string) {
    this.#job = job
  }

  get tables(): readonly OwnTable[] {
    return this.#tables.map(({ table }) => table)
  }

  async writeTable<Row>(name: string, frame: DataFrame<Row>, { key, summary }: WriteOptions<Row>): Promise<void> {
    if (this.tables.some((table) => table.name === name)) {
      throw new AppError('usage', `${name} is written twice in this run`, {
        place: `table ${name}`,
        remedy: 'put the frames together: first.unionByName(second)',
      })
    }
    const typed = await columnsOf(frame as UntypedFrame, name)
    const table = ownTable({ name, job: this.#job, summary, key, columns: typed.columns })
    await typed.frame.createOrReplaceTempView(name)
    this.#tables.push({ table, frame: typed.frame })
  }

  /** Brings the rows of all tables to their staging, table after table. */
  async stage(load: OwnLoad, stage: Stage, signal: AbortSignal): Promise<void> {
    for (const { table, frame } of this.#tables) {
      stage.note(table.name)
      const rows = await load.write(table.name, frame.batches({ signal }))
      stage.more(rows)
    }
  }
}
