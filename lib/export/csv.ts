import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format } from 'fast-csv'
import { AppError } from '../errors.ts'
import { createOutput, makeOutputFolder, type OutputFile, stdoutMark } from '../output.ts'
import { printable } from '../terminal.ts'
import { formulaSafe } from './formula.ts'

/** Rows by columns: `columns[c][r]`. */
export interface CsvBatch {
  readonly numRows: number
  readonly columns: readonly ArrayLike<unknown>[]
}

export interface CsvTable {
  /** The file's name without `.csv`. */
  readonly name: string
  readonly columns: readonly string[]
  readonly batches: AsyncIterable<CsvBatch>
}

export interface CsvOptions {
  /** Writes texts that a spreadsheet would run as formulas as they are. Default: false, see `formulaSafe`. */
  readonly raw?: boolean
  /** Replaces files that no export made. Default: false. */
  readonly force?: boolean
  /** Data rows kept for `head`. Default: 5. */
  readonly headRows?: number
  readonly signal?: AbortSignal
  /** Told of progress after each batch. */
  readonly onRows?: (table: string, rows: number) => void
}

/** One file as it was written. */
export interface CsvFile {
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

const chunkBytes = 1 << 18

/**
 * Writes the tables as CSV files into a folder, all or none, with `manifest.json` beside them.
 *
 * UTF-8, `,`, LF, a header line, quotes where needed, null as the empty field. Every file is written under another name and
 * synced; when all are complete they take their names, the manifest last: files whose SHA-256 is not the manifest's are from
 * an export that was cut between two renames. Same rows, same bytes. Streams: *memory* is one batch and 256 KiB.
 *
 * *Errors:* those of `lib/output.ts`; earlier files stay as they are and no temporary file is left. A file in the place of
 * one of ours is replaced if it has the header of its table or stands in the manifest beside it.
 */
export async function writeCsvFiles(
  folder: string,
  tables: readonly CsvTable[],
  options: CsvOptions = {},
): Promise<CsvFile[]> {
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
    const name = `${fileName(table.name)}.csv`
    places.push(await create(name, (start) => earlier.has(name) || hasHeader(start, table.columns)))
  }
  const manifest = await create('manifest.json', isManifest)
  const files: CsvFile[] = []
  for (const [i, table] of tables.entries()) files.push(await writeTable(places[i]!, table, options))
  const facts = { version: 1, formula_safe: options.raw !== true, files: files.map(manifestEntry) }
  await manifest.write(`${JSON.stringify(facts, null, 2)}\n`)
  await manifest.complete()
  for (const output of outputs) await output.publish()
  return files
}

/** One table as CSV to stdout, without a manifest. *Errors:* those of the batches. */
export async function writeCsv(table: CsvTable, options: CsvOptions = {}): Promise<CsvFile> {
  return writeTable(await createOutput(stdoutMark), table, options)
}

/** The names of the files that the manifest of an earlier export lists. */
async function earlierFiles(folder: string): Promise<ReadonlySet<string>> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => '')
  if (!isManifest(text)) return new Set()
  return new Set([...text.matchAll(/^ {6}"name": "([a-z0-9_]+\.csv)"/gm)].map(([, name]) => name!))
}

function isManifest(start: Buffer | string): boolean {
  return /^\{\s*"version": 1,\s*"formula_safe": (true|false),\s*"files": \[/.test(start.toString())
}

function hasHeader(start: Buffer, columns: readonly string[]): boolean {
  return start.toString().startsWith(`${columns.join(',')}\n`)
}

function manifestEntry(file: CsvFile): object {
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

async function writeTable(output: OutputFile, table: CsvTable, options: CsvOptions): Promise<CsvFile> {
  const raw = options.raw === true
  const headRows = options.headRows ?? 5
  const head: string[][] = []
  const hash = createHash('sha256')
  let rows = 0
  let bytes = 0
  let guardedCells = 0

  const cell = (value: unknown): string => {
    if (value === null || value === undefined) return ''
    if (typeof value !== 'string') return String(value)
    if (raw) return value
    const safe = formulaSafe(value)
    if (safe !== value) guardedCells++
    return safe
  }

  const formatter = format({ headers: [...table.columns], alwaysWriteHeaders: true, includeEndRowDelimiter: true })
  let pending: string[] = []
  let pendingLength = 0
  formatter.on('data', (text: Buffer | string) => {
    pending.push(text.toString())
    pendingLength += text.length
  })
  const flush = async () => {
    const block = Buffer.from(pending.join(''))
    pending = []
    pendingLength = 0
    hash.update(block)
    bytes += block.length
    await output.write(block)
  }
  for await (const batch of table.batches) {
    options.signal?.throwIfAborted()
    // Column by column: a column's values are of one type, which makes this loop twice as fast as one by rows.
    const records = Array.from({ length: batch.numRows }, () => new Array<string>(batch.columns.length))
    batch.columns.forEach((column, c) => {
      for (let r = 0; r < batch.numRows; r++) records[r]![c] = cell(column[r])
    })
    for (const record of records) {
      if (head.length < headRows) head.push(record)
      if (!formatter.write(record)) await once(formatter, 'drain')
      if (pendingLength >= chunkBytes) await flush()
    }
    rows += batch.numRows
    options.onRows?.(table.name, rows)
  }
  formatter.end()
  await once(formatter, 'end')
  await flush()
  await output.complete()
  return {
    name: `${fileName(table.name)}.csv`,
    rows,
    bytes,
    sha256: hash.digest('hex'),
    columns: table.columns,
    head,
    guardedCells,
  }
}

// Table names are ours, but a path must never come of one.
function fileName(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new AppError('bug', `"${printable(name)}" is no table name`)
  return name
}
