import type { ReportRelation, ReportSource } from './data.ts'

export type Row = Readonly<Record<string, unknown>>

/** The rows of a relation, one by one. */
export async function* scan(
  source: ReportSource,
  relation: ReportRelation,
  columns: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Row, void, undefined> {
  for await (const batch of source.batches(relation, { columns })) {
    signal?.throwIfAborted()
    for (let r = 0; r < batch.numRows; r++) {
      const row: Record<string, unknown> = {}
      for (let c = 0; c < batch.names.length; c++) row[batch.names[c]!] = batch.columns[c]![r] ?? null
      yield row
    }
  }
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function songKey(row: Row): string {
  return `${row.artist_clean}\u0000${row.song_clean}`
}

export function clip(line: string, characters: number): string {
  return line.length > characters ? `${line.slice(0, characters - 1)}…` : line
}

/** By code unit: the same order on every machine. */
export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The first `size` of what is added, by a total order. */
export class Best<T> {
  readonly #size: number
  readonly #compare: (a: T, b: T) => number
  #kept: T[] = []

  constructor(size: number, compare: (a: T, b: T) => number) {
    this.#size = size
    this.#compare = compare
  }

  add(item: T): void {
    this.#kept.push(item)
    if (this.#kept.length >= 64 * this.#size) this.#kept = this.sorted()
  }

  sorted(): T[] {
    return this.#kept.sort(this.#compare).slice(0, this.#size)
  }
}
