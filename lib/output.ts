import { once } from 'node:events'
import { closeSync, constants, existsSync, lstatSync, openSync, readSync } from 'node:fs'
import { access, type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from './errors.ts'
import { makeFolders } from './folders.ts'
import { printable } from './terminal.ts'

/*
 * The one rule for every file that a command writes: regular files only, whole or not at all, never a database, and never
 * over a file that the command did not make, unless it is told to.
 */

/** As the place of an output: stdout. */
export const stdoutMark = '-'

export interface OutputOptions {
  /** Whether a command of ours wrote the file that begins with these bytes (at most 4 KiB). Default: none did. */
  readonly isOurs?: ((start: Buffer) => boolean) | undefined
  /** Also replaces files that we did not make. Databases, links, devices and folders stay. Default: false. */
  readonly force?: boolean | undefined
  /** Only for its owner to read. Default: false, as the umask says. */
  readonly isPrivate?: boolean | undefined
  /** The flag that names the place, for remedies. Default: `--out`. */
  readonly flag?: string | undefined
}

/** A file that is being written. Disposed of before `publish`, nothing of it stays. */
export interface OutputFile extends AsyncDisposable {
  write(data: string | Uint8Array): Promise<void>
  /** Everything is written: brings it to the disk, still under a temporary name. */
  complete(): Promise<void>
  /** Gives the complete file its name, in one step. */
  publish(): Promise<void>
}

/**
 * The same without making the folder, for those who do not know yet whether there will be a file. *Errors:* those of
 * `checkOutput` for what is there already.
 */
export async function checkOccupied(path: string, options: OutputOptions = {}): Promise<void> {
  if (path !== stdoutMark) await refuseOccupied(path, options)
}

/**
 * Fails early where a file cannot or must not be written, before the work and not after it. Makes the folder of the file.
 *
 * *Errors:* `AppError('usage')` for a folder, device, pipe or link, a database, and a file that we did not make;
 * `AppError('input')` if the file system refuses.
 */
export async function checkOutput(path: string, options: OutputOptions = {}): Promise<void> {
  if (path === stdoutMark) return
  const flag = options.flag ?? '--out'
  const folder = dirname(resolve(path))
  makeOutputFolder(folder, flag)
  await refuseOccupied(path, options)
  await access(folder, constants.W_OK).catch((error) => {
    throw outputError(path, error, flag)
  })
}

/** Writes one file whole, or to stdout. *Errors:* those of `checkOutput`. */
export async function writeOutput(
  path: string,
  contents: string | Uint8Array,
  options: OutputOptions = {},
): Promise<void> {
  await using file = await createOutput(path, options)
  await file.write(contents)
  await file.complete()
  await file.publish()
}

/**
 * Begins a file under a temporary name beside its place; `-` is stdout, where there is nothing to take back.
 *
 * *Errors:* those of `checkOutput`, here and in all that is done with the file.
 */
export async function createOutput(path: string, options: OutputOptions = {}): Promise<OutputFile> {
  if (path === stdoutMark) return stdoutFile
  await checkOutput(path, options)
  const flag = options.flag ?? '--out'
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${Date.now().toString(36)}.tmp`)
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error) => {
      throw outputError(path, error, flag)
    })
  // A new file or none: a link that somebody put in the way is not followed.
  const mode = options.isPrivate ? 0o600 : 0o666
  const handle = await guarded(open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode))
  let published = false
  return {
    write: (data) => guarded(handle.writeFile(data)),

    async complete() {
      await guarded(handle.sync())
      await guarded(handle.close())
    },

    async publish() {
      // Somebody may have put something there meanwhile.
      await refuseOccupied(path, options)
      await guarded(rename(temporary, path))
      published = true
      await syncFolder(dirname(resolve(path)))
    },

    async [Symbol.asyncDispose]() {
      await handle.close().catch(() => undefined)
      if (!published) await rm(temporary, { force: true }).catch(() => undefined)
    },
  }
}

const stdoutFile: OutputFile = {
  async write(data) {
    if (!process.stdout.write(data)) await once(process.stdout, 'drain')
  },
  async complete() {},
  async publish() {},
  async [Symbol.asyncDispose]() {},
}

/** Makes the folder that outputs go to. *Errors:* `AppError('usage')` for a file in its place, else as `checkOutput`. */
export function makeOutputFolder(folder: string, flag = '--out'): void {
  refuseNameless(folder, flag)
  // SQLite would take a folder in the place of its journal for a broken disk.
  if (!existsSync(folder) && isDatabaseFile(folder.replace(/\/+$/, ''))) refuseDatabaseFile(folder, flag)
  try {
    makeFolders(folder)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw new AppError('usage', `${printable(folder)} is not a folder`, {
        place: printable(resolve(folder)),
        remedy: `name another place with ${flag}`,
        cause,
      })
    }
    throw outputError(folder, cause, flag)
  }
}

function refuseNameless(path: string, flag: string): void {
  if (path === '') throw new AppError('usage', `${flag} is empty`, { place: flag, remedy: 'name a place after it' })
}

function refuseDatabaseFile(path: string, flag: string): never {
  throw new AppError('usage', `${printable(path)} belongs to a database, which is never replaced`, {
    place: printable(resolve(path)),
    remedy: `name another place with ${flag}`,
  })
}

async function refuseOccupied(path: string, options: OutputOptions): Promise<void> {
  const flag = options.flag ?? '--out'
  refuseNameless(path, flag)
  const refuse = (what: string, remedy: string): never => {
    throw new AppError('usage', `${printable(path)} ${what}`, { place: printable(resolve(path)), remedy })
  }
  const elsewhere = `name another place with ${flag}`
  if (isDatabaseFile(path)) refuseDatabaseFile(path, flag)
  const info = await lstat(path).catch(() => undefined)
  if (info === undefined) return
  if (info.isDirectory()) refuse('is a folder', `move it away or ${elsewhere}`)
  // Also with force: /dev/stdout is a link, and what it leads to may be a file.
  if (info.isSymbolicLink()) refuse('is a link, not a file', `${elsewhere}, or write to stdout with ${flag} -`)
  if (!info.isFile()) {
    refuse('is not a regular file, but a device, pipe or socket', `${elsewhere}, or write to stdout with ${flag} -`)
  }
  // In an empty file there is nothing to lose.
  if (info.size === 0 || options.force) return
  if (options.isOurs?.(startOrError(path, flag))) return
  refuse('already exists, and this command did not create it', `${elsewhere}, or replace the file with --force`)
}

const sqliteMark = Buffer.from('SQLite format 3\0', 'latin1')

/** Whether the path is an SQLite database, or the journal of one that stands beside it. */
function isDatabaseFile(path: string): boolean {
  return [path, path.replace(/-(wal|shm|journal)$/, '')].some((base) => {
    if (!lstatSync(base, { throwIfNoEntry: false })?.isFile()) return false
    try {
      return startOf(base, sqliteMark.length).equals(sqliteMark)
    } catch {
      return true
    }
  })
}

function startOrError(path: string, flag: string): Buffer {
  try {
    return startOf(path, 4096)
  } catch (error) {
    throw outputError(path, error, flag)
  }
}

function startOf(path: string, bytes: number): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const buffer = Buffer.alloc(bytes)
    return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, 0))
  } finally {
    closeSync(descriptor)
  }
}

async function syncFolder(folder: string): Promise<void> {
  // The rename itself must survive a power cut; file systems that cannot sync folders say so.
  const handle: FileHandle | undefined = await open(folder, 'r').catch(() => undefined)
  if (!handle) return
  try {
    await handle.sync().catch(() => undefined)
  } finally {
    await handle.close()
  }
}

const fileSystemErrors = new Set(
  'ENOSPC EDQUOT EFBIG EACCES EPERM EROFS EIO ENOENT ENOTDIR EEXIST EISDIR ELOOP ENAMETOOLONG EMFILE ENFILE ETXTBSY EBUSY EINVAL'.split(
    ' ',
  ),
)

/** What an error of the file system means for the user; other errors come back as they are. */
function outputError(path: string, error: unknown, flag: string): unknown {
  if (error instanceof AppError) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined || !fileSystemErrors.has(code)) return error
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
  return new AppError('input', `${printable(path)} cannot be written (${code})`, {
    place: printable(resolve(path)),
    remedy: full
      ? `make room on the disk or name another place with ${flag}`
      : `check the rights, or name another place with ${flag}`,
    cause: error,
  })
}
