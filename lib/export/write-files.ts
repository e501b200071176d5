import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import { createOutput, makeOutputFolder, type OutputFile, stdoutMark } from '../output.ts'
import { printable } from '../terminal.ts'
import { Blocks } from './blocks.ts'
import { Cells } from './cells.ts'
import { Csv } from './csv.ts'
import { JsonLines } from './json-lines.ts'
import { Parquet } from './parquet.ts'
import type { ExportFile, ExportOptions, ExportTable } from './types.ts'

/**
 * Writes the tables as files into a folder, all or none, with `manifest.json` beside them.
 *
 * CSV is UTF-8, `,`, LF, a header line, quotes where needed, null as the empty field; JSON lines: `json-lines.ts`; Parquet: `parquet.ts`. Every file is written under another name and
 * synced; when all are complete they take their names, the manifest last: files whose SHA-256 is not the manifest's are from
 * an export that was cut between two renames. Same rows, same bytes. Streams: *memory* is one batch and 256 KiB.
 *
 * *Errors:* those of `lib/output.ts`; earlier files stay as they are and no temporary file is left. A file in the place of
 * one of ours is replaced if it has the header of its table or stands in the manifest beside it.
 */
export async function writeFiles(
  folder: string,
  tables: readonly ExportTable[],
  options: ExportOptions = {},
): Promise<ExportFile[]> {
  makeOutputFolder(folder)
  await using stack = new AsyncDisposableStack()
  const earlier = await earlierFiles(folder)
  const outputs: OutputFile[] = []
  const create = async (name: string, isOurs: (start: Buffer) => boolean) => {
    const output = stack.use(await createOutput(join(folder, name), { isOurs, force: options.force }))
    outputs.push(output)
    return output
  }
  const places: OutputFile[] = []
  for (const table of tables) {
    const name = `${fileName(table.name)}.${options.format ?? 'csv'}`
    places.push(await create(name, (start) => earlier.has(name) || isTable(start, table.columns, options)))
  }
  const manifest = await create('manifest.json', isManifest)
  const files: ExportFile[] = []
  for (const [i, table] of tables.entries()) files.push(await writeTable(places[i]!, table, options))
  const facts = {
    version: 1,
    formula_safe: options.raw !== true && (options.format ?? 'csv') === 'csv',
    files: files.map(manifestEntry),
  }
  await manifest.write(`${JSON.stringify(facts, null, 2)}\n`)
  await manifest.complete()
  for (const output of outputs) await output.publish()
  return files
}

/** One table to stdout, without a manifest. *Errors:* those of the batches. */
export async function writeToStdout(table: ExportTable, options: ExportOptions = {}): Promise<ExportFile> {
  return writeTable(await createOutput(stdoutMark), table, options)
}

/** The names of the files that the manifest of an earlier export lists. */
async function earlierFiles(folder: string): Promise<ReadonlySet<string>> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => '')
  if (!isManifest(text)) return new Set()
  return new Set([...text.matchAll(/^ {6}"name": "([a-z0-9_]+\.(?:csv|jsonl|parquet))"/gm)].map(([, name]) => name!))
}

function isManifest(start: Buffer | string): boolean {
  return /^\{\s*"version": 1,\s*"formula_safe": (true|false),\s*"files": \[/.test(start.toString())
}

/** Whether a file begins as this table does; of Parquet, and of no JSON lines, only the manifest knows. */
function isTable(start: Buffer, columns: readonly string[], { format, delimiter = ',' }: ExportOptions): boolean {
  if (format === 'parquet') return false
  const text = start.toString().replace(/^\ufeff/, '')
  return format === 'jsonl' ? text.startsWith(`{"${columns[0]}":`) : text.startsWith(`${columns.join(delimiter)}\n`)
}

function manifestEntry(file: ExportFile): object {
  return {
    name: file.name,
    rows: file.rows,
    bytes: file.bytes,
    sha256: file.sha256,
    guarded_cells: file.guardedCells,
    columns: file.columns,
    head: file.head,
  }
}

function writerOf(table: ExportTable, blocks: Blocks, options: ExportOptions): Csv | JsonLines | Parquet {
  if (options.format === 'parquet') return new Parquet(table, blocks)
  if (options.format === 'jsonl') return new JsonLines(table.columns, blocks, options)
  return new Csv(table.columns, blocks, options)
}

async function writeTable(output: OutputFile, table: ExportTable, options: ExportOptions): Promise<ExportFile> {
  const blocks = new Blocks(output)
  const writer = writerOf(table, blocks, options)
  const shown = new Cells(options.raw === true)
  const headRows = options.headRows ?? 5
  const head: string[][] = []
  let rows = 0
  for await (const batch of table.batches) {
    options.signal?.throwIfAborted()
    if (head.length < headRows) head.push(...shown.records(batch).slice(0, headRows - head.length))
    await writer.write(batch)
    rows += batch.numRows
    options.onRows?.(table.name, rows)
  }
  await writer.end()
  const { bytes, sha256 } = await blocks.end()
  await output.complete()
  return {
    name: `${fileName(table.name)}.${options.format ?? 'csv'}`,
    rows,
    bytes,
    sha256,
    columns: table.columns,
    head,
    guardedCells: writer.guarded,
  }
}

// Table names are ours, but a path must never come of one.
function fileName(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new AppError('bug', `"${printable(name)}" is not a table name`)
  return name
}
