import type { ColumnKind } from '../model/columns.ts'

/** Rows by columns: `columns[c][r]`. */
export interface ExportBatch {
  readonly numRows: number
  readonly columns: readonly ArrayLike<unknown>[]
}

/** A table to write: columns and batches of rows. */
export interface ExportTable {
  /** The file's name without its extension. */
  readonly name: string
  readonly columns: readonly string[]
  /** Of the columns, for Parquet; default: texts. */
  readonly types?: readonly ColumnKind[]
  readonly batches: AsyncIterable<ExportBatch>
}

/** How a table is written to files. */
export interface ExportOptions {
  /** Default: CSV. */
  readonly format?: 'csv' | 'jsonl' | 'parquet'
  /** Of CSV; default: `,`. */
  readonly delimiter?: string
  /** Of CSV: a byte order mark, by which Excel recognises UTF-8. Default: false. */
  readonly bom?: boolean
  /** Zone of `played_at` in JSON lines. Default: UTC. */
  readonly timezone?: string
  /** Writes texts that a spreadsheet would run as formulas as they are. Default: false, see `formulaSafe`. */
  readonly raw?: boolean
  /** Replaces files that no export made. Default: false. */
  readonly force?: boolean
  /** Data rows kept for `head`. Default: 5. */
  readonly headRows?: number
  readonly signal?: AbortSignal
  /** Called with the progress after each batch. */
  readonly onRows?: (table: string, rows: number) => void
}

/** One file as it was written. */
export interface ExportFile {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  readonly columns: readonly string[]
  /** The first rows, as texts of the file. */
  readonly head: readonly (readonly string[])[]
  /** Cells that `formulaSafe` changed. */
  readonly guardedCells: number
}
