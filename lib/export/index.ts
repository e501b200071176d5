/*
 * Hides: how tables become CSV files that spreadsheets open safely, with their manifest.
 * Needs: batches of columns, a folder or stdout.
 * Never: leaves a half-written file under its final name, holds a table in memory, or knows where the rows come from.
 */

export { type CsvBatch, type CsvFile, type CsvOptions, type CsvTable, writeCsv, writeCsvFiles } from './csv.ts'
export { csvFileText } from './csv-file-text.ts'
export { formulaSafe } from './formula.ts'
