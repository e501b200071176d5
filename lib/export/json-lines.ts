import { zoneClock } from '../stations/index.ts'
import type { Blocks } from './blocks.ts'
import type { ExportBatch, ExportOptions } from './types.ts'

/**
 * Batches as JSON lines: one object a row, numbers as numbers with all their digits, null as null. Where a table has
 * `time_unix` each row ends with `played_at`, the same moment in the zone: `2014-06-16T02:07:21+02:00`.
 */
export class JsonLines {
  readonly guarded = 0
  readonly #names: readonly string[]
  readonly #blocks: Blocks
  readonly #time: number
  readonly #playedAt: (unix: number) => string

  constructor(columns: readonly string[], blocks: Blocks, { timezone = 'UTC' }: ExportOptions) {
    this.#names = columns.map((name) => `${JSON.stringify(name)}:`)
    this.#blocks = blocks
    this.#time = columns.indexOf('time_unix')
    const clock = zoneClock(timezone)
    this.#playedAt = (unix) => timestamp(clock(unix), clock(unix) - unix)
  }

  async write({ numRows, columns }: ExportBatch): Promise<void> {
    for (let r = 0; r < numRows; r++) {
      const fields = this.#names.map((name, c) => name + json(columns[c]![r]))
      if (this.#time >= 0) fields.push(`"played_at":${json(this.#playedAt(Number(columns[this.#time]![r])))}`)
      this.#blocks.add(`{${fields.join(',')}}\n`)
    }
    await this.#blocks.drain()
  }

  async end(): Promise<void> {}
}

function json(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? 'null')
}

function timestamp(local: number, offset: number): string {
  const text = new Date(local * 1000).toISOString().slice(0, 19)
  if (offset === 0) return `${text}Z`
  const minutes = Math.round(Math.abs(offset) / 60)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${text}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
