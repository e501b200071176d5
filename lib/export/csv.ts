import { once } from 'node:events'
import { format } from 'fast-csv'
import type { Blocks } from './blocks.ts'
import { Cells } from './cells.ts'
import type { ExportBatch, ExportOptions } from './types.ts'

/** Batches as CSV. */
export class Csv {
  readonly #blocks: Blocks
  readonly #cells: Cells
  readonly #formatter: ReturnType<typeof format>

  constructor(columns: readonly string[], blocks: Blocks, { raw, delimiter = ',', bom = false }: ExportOptions) {
    this.#blocks = blocks
    this.#cells = new Cells(raw === true)
    this.#formatter = format({
      headers: [...columns],
      alwaysWriteHeaders: true,
      includeEndRowDelimiter: true,
      delimiter,
      writeBOM: bom,
    })
    this.#formatter.on('data', (text: Buffer | string) => blocks.add(text.toString()))
  }

  /** Cells that `formulaSafe` changed. */
  get guarded(): number {
    return this.#cells.guarded
  }

  async write(batch: ExportBatch): Promise<void> {
    for (const record of this.#cells.records(batch)) {
      if (!this.#formatter.write(record)) await once(this.#formatter, 'drain')
      await this.#blocks.drain()
    }
  }

  async end(): Promise<void> {
    this.#formatter.end()
    await once(this.#formatter, 'end')
  }
}
