import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { access, type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { format } from 'fast-csv'
import { AppError } from '../errors.ts'
import { makeFolders } from '../folders.ts'
import { printable } from '../terminal.ts'

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
  /** Writes texts that a spreadsheet would run as formulas as they are. Default: false, they get a `'` in front. */
  readonly raw?: boolean
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
  /** Cells that got a `'` in front. */
  readonly guardedCells: number
}

// What spreadsheets take for the begin of a formula, also in the full-width forms that East Asian input makes (OWASP,
// "CSV Injection"). Numbers are safe: they come as numbers, not as text.
const formulaStarts = new Set([...'=+-@\t\r\n＝＋－＠'].map((mark) => mark.charCodeAt(0)))

const chunkBytes = 1 << 18

/**
 * Writes the tables as CSV files into a folder, all or none, with `manifest.json` beside them.
 *
 * UTF-8, `,`, LF, a header line, quotes where needed, null as the empty field. Every file is written under another name and
 * synced; when all are complete they take their names, the manifest last: files whose SHA-256 is not the manifest's are from
 * an export that was cut between two renames. Same rows, same bytes. Streams: *memory* is one batch and 256 KiB.
 *
 * *Errors:* `AppError('usage')` for a folder that is a file; `AppError('input')` if the disk is full or refuses; earlier files
 * stay as they are and no temporary file is left.
 */
export async function writeCsvFiles(
  folder: string,
  tables: readonly CsvTable[],
  options: CsvOptions = {},
): Promise<CsvFile[]> {
  await makeFolder(folder)
  const places = tables.map((table) => join(folder, `${fileName(table.name)}.csv`))
  for (const place of places) await refuseFolder(place)
  const suffix = `.${process.pid}-${Date.now().toString(36)}.tmp`
  const temporary: string[] = []
  const complete: { from: string; to: string }[] = []
  const files: CsvFile[] = []
  try {
    for (const [i, table] of tables.entries()) {
      const from = join(folder, `.${fileName(table.name)}${suffix}`)
      temporary.push(from)
      files.push(await writeTable(from, table, options))
      complete.push({ from, to: places[i]! })
    }
    const manifest = { version: 1, formula_safe: options.raw !== true, files: files.map(manifestEntry) }
    const from = join(folder, `.manifest${suffix}`)
    temporary.push(from)
    await writeSynced(from, async (handle) => {
      await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
    })
    complete.push({ from, to: join(folder, 'manifest.json') })
    for (const each of complete) await rename(each.from, each.to)
    await syncFolder(folder)
    return files
  } catch (error) {
    throw outputError(folder, error, options.signal)
  } finally {
    for (const path of temporary) await rm(path, { force: true }).catch(() => undefined)
  }
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

async function writeTable(path: string, table: CsvTable, options: CsvOptions): Promise<CsvFile> {
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
    if (raw || !formulaStarts.has(value.charCodeAt(0))) return value
    guardedCells++
    return `'${value}`
  }

  await writeSynced(path, async (handle) => {
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
      await handle.writeFile(block)
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
  })
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

/**
 * Makes the folder of a file that is to be written; a place that cannot be written to is told of before the work, not after
 * it. *Errors:* as `writeCsvFiles`.
 */
export async function makeRoomFor(path: string): Promise<void> {
  const folder = dirname(resolve(path))
  await makeFolder(folder)
  await refuseFolder(path)
  await access(folder, constants.W_OK).catch((error) => {
    throw outputError(path, error)
  })
}

/**
 * Writes one file whole: under another name, synced, then renamed. *Errors:* as `writeCsvFiles`.
 */
export async function writeWhole(path: string, contents: string | Uint8Array): Promise<void> {
  await makeRoomFor(path)
  const from = `${path}.${process.pid}-${Date.now().toString(36)}.tmp`
  try {
    await writeSynced(from, (handle) => handle.writeFile(contents))
    await rename(from, path)
    await syncFolder(dirname(resolve(path)))
  } catch (error) {
    throw outputError(path, error)
  } finally {
    await rm(from, { force: true }).catch(() => undefined)
  }
}

async function writeSynced(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  // A new file or none: a link that somebody put in the way is not followed.
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
  try {
    await write(handle)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

// Table names are ours, but a path must never come of one.
function fileName(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new AppError('bug', `"${printable(name)}" is no table name`)
  return name
}

async function makeFolder(folder: string): Promise<void> {
  try {
    makeFolders(folder)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw new AppError('usage', `${printable(folder)} is not a folder`, {
        place: printable(resolve(folder)),
        remedy: 'name another place with --out',
        cause,
      })
    }
    throw outputError(folder, cause)
  }
}

async function refuseFolder(path: string): Promise<void> {
  const info = await lstat(path).catch(() => undefined)
  if (info?.isDirectory()) {
    throw new AppError('usage', `${printable(path)} is a folder`, {
      place: printable(resolve(path)),
      remedy: 'move it away or name another place with --out',
    })
  }
}

async function syncFolder(folder: string): Promise<void> {
  // The rename itself must survive a power cut; file systems that cannot sync folders say so.
  const handle = await open(folder, 'r').catch(() => undefined)
  if (!handle) return
  try {
    await handle.sync().catch(() => undefined)
  } finally {
    await handle.close()
  }
}

function outputError(path: string, error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof AppError || signal?.aborted) return error
  const code = (error as NodeJS.ErrnoException).code
  // Errors of the database come through here on their way from the batches; only those of the file system are ours.
  if (
    !['ENOSPC', 'EDQUOT', 'EFBIG', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOENT', 'EMFILE', 'ENFILE'].includes(code ?? '')
  )
    return error
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
  return new AppError('input', `${printable(path)} cannot be written (${code})`, {
    place: printable(resolve(path)),
    remedy: full
      ? 'make room on the disk or name another place with --out'
      : 'check the rights, or name another place with --out',
    cause: error,
  })
}
