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
  /** Called with the progress after each batch. */
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
  const cells = new Cells(options.raw === true)
  const text = new CsvText(table.columns, output)
  const headRows = options.headRows ?? 5
  const head: string[][] = []
  let rows = 0
  for await (const batch of table.batches) {
    options.signal?.throwIfAborted()
    for (const record of cells.records(batch)) {
      if (head.length < headRows) head.push(record)
      await text.write(record)
    }
    rows += batch.numRows
    options.onRows?.(table.name, rows)
  }
  const { bytes, sha256 } = await text.end()
  await output.complete()
  return {
    name: `${fileName(table.name)}.csv`,
    rows,
    bytes,
    sha256,
    columns: table.columns,
    head,
    guardedCells: cells.guarded,
  }
}

/** The values of batches as texts of cells. */
class Cells {
  readonly #raw: boolean
  /** Cells that `formulaSafe` changed. */
  guarded = 0

  constructor(raw: boolean) {
    this.#raw = raw
  }

  records(batch: CsvBatch): string[][] {
    // Column by column: a column's values are of one type, which makes this loop twice as fast as one by rows.
    const records = Array.from({ length: batch.numRows }, () => new Array<string>(batch.columns.length))
    batch.columns.forEach((column, c) => {
      for (let r = 0; r < batch.numRows; r++) records[r]![c] = this.#cell(column[r])
    })
    return records
  }

  #cell(value: unknown): string {
    if (value === null || value === undefined) return ''
    if (typeof value !== 'string') return String(value)
    if (this.#raw) return value
    const safe = formulaSafe(value)
    if (safe !== value) this.guarded++
    return safe
  }
}

/** Records as CSV, written to the output in blocks. */
class CsvText {
  readonly #output: OutputFile
  readonly #hash = createHash('sha256')
  readonly #formatter: ReturnType<typeof format>
  #pending: string[] = []
  #pendingLength = 0
  #bytes = 0

  constructor(columns: readonly string[], output: OutputFile) {
    this.#output = output
    this.#formatter = format({ headers: [...columns], alwaysWriteHeaders: true, includeEndRowDelimiter: true })
    this.#formatter.on('data', (text: Buffer | string) => {
      this.#pending.push(text.toString())
      this.#pendingLength += text.length
    })
  }

  async write(record: readonly string[]): Promise<void> {
    if (!this.#formatter.write(record)) await once(this.#formatter, 'drain')
    if (this.#pendingLength >= chunkBytes) await this.#flush()
  }

  async end(): Promise<{ bytes: number; sha256: string }> {
    this.#formatter.end()
    await once(this.#formatter, 'end')
    await this.#flush()
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  async #flush(): Promise<void> {
    const block = Buffer.from(this.#pending.join(''))
    this.#pending = []
    this.#pendingLength = 0
    this.#hash.update(block)
    this.#bytes += block.length
    await this.#output.write(block)
  }
}

// Table names are ours, but a path must never come of one.
function fileName(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new AppError('bug', `"${printable(name)}" is not a table name`)
  return name
}
