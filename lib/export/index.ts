/*
 * Hides: how tables become CSV files that spreadsheets open safely, JSON lines or Parquet, with their manifest.
 * Needs: batches of columns, a folder or stdout.
 * Never: leaves a half-written file under its final name, holds a table in memory, or knows where the rows come from.
 */

export { fileText } from './file-text.ts'
export { formulaSafe } from './formula.ts'
export type { ExportBatch, ExportFile, ExportOptions, ExportTable } from './types.ts'
export { writeFiles, writeToStdout } from './write-files.ts'
