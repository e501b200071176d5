import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import type { ColumnKind } from '../model/columns.ts'
import type { Blocks } from './blocks.ts'
import type { ExportBatch, ExportTable } from './types.ts'

const groupRows = 20_000

/**
 * Batches as Parquet, compressed with Snappy: text is UTF-8, numbers keep their type, every column may be null. Where a table
 * has `time_unix` the last column is `played_at`, a timestamp in UTC. *Memory:* 20,000 rows.
 */
export class Parquet {
  readonly guarded = 0
  readonly #blocks: Blocks
  readonly #names: readonly string[]
  readonly #types: readonly ColumnKind[]
  readonly #time: number
  readonly #bytes = new ByteWriter()
  readonly #writer: ParquetWriter
  #group: unknown[][]

  constructor({ columns, types }: ExportTable, blocks: Blocks) {
    this.#blocks = blocks
    this.#types = columns.map((_, c) => types?.[c] ?? 'text')
    this.#time = columns.indexOf('time_unix')
    this.#names = this.#time < 0 ? columns : [...columns, 'played_at']
    this.#group = this.#names.map(() => [])
    const elements = columns.map((name, c) => ({
      name,
      repetition_type: 'OPTIONAL' as const,
      ...stored[this.#types[c]!],
    }))
    const schema: SchemaElement[] = [{ name: 'root', num_children: this.#names.length }, ...elements]
    if (this.#time >= 0) {
      schema.push({
        name: 'played_at',
        repetition_type: 'OPTIONAL',
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      })
    }
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema, createdBy: 'radio-plays' })
  }

  async write({ numRows, columns }: ExportBatch): Promise<void> {
    for (const [c, column] of columns.entries()) {
      const values = this.#group[c]!
      for (let r = 0; r < numRows; r++) values.push(typed(column[r], this.#types[c]!))
    }
    if (this.#time >= 0) {
      const moments = this.#group.at(-1)!
      for (let r = 0; r < numRows; r++) moments.push(new Date(Number(columns[this.#time]![r]) * 1000))
    }
    if (this.#group[0]!.length >= groupRows) await this.#endGroup()
  }

  async end(): Promise<void> {
    await this.#endGroup()
    await this.#writer.finish()
    await this.#drain()
  }

  async #endGroup(): Promise<void> {
    const rows = this.#group[0]!.length
    if (rows === 0) return
    const columnData = this.#names.map((name, c) => ({ name, data: this.#group[c]! }))
    await this.#writer.write({ columnData, rowGroupSize: rows })
    this.#group = this.#names.map(() => [])
    await this.#drain()
  }

  /** What was written so far leaves memory; the writer's offset goes on. */
  async #drain(): Promise<void> {
    await this.#blocks.write(Buffer.from(this.#bytes.getBytes()))
    this.#bytes.index = 0
  }
}

const stored = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int64: { type: 'INT64' },
  int32: { type: 'INT32' },
  double: { type: 'DOUBLE' },
} as const

function typed(value: unknown, type: ColumnKind): unknown {
  if (value === null || value === undefined) return null
  if (type === 'text') return String(value)
  if (type === 'int64') return BigInt(value as bigint | number)
  return Number(value)
}
