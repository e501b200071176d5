import { constants } from 'node:fs'
import { access, glob, lstat, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize, relative, sep } from 'node:path'
import { AppError } from '../errors.ts'
import { printable } from '../terminal.ts'
import { logsOfZip } from './archive.ts'
import { type InputFile, isExcelLock, isHidden, isNamedAsLog, type LeftOutFile, logExtensions } from './input-file.ts'

const globCharacters = /[*?[\]{}]/

/** Whether the pattern is for Spark to read (`s3a://…`, `hdfs://…`, `file:///…`) and not a path of this machine. */
export function isUri(pattern: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(pattern)
}

/**
 * The files that the patterns mean, each once, in the order of the patterns and by name within one.
 *
 * A pattern is a file, a folder (searched to its depths for `logExtensions`, each also with `.gz`; names that start with `.` or `_`
 * are left out) or a glob. A zip file stands for the logs inside of it, and `logs.zip/june.csv` is one of them. A path that exists is taken as it is, whatever characters
 * are in it. Links are followed. Every other file of a folder or glob is told to `onLeftOut`, but for hidden ones that are
 * not named as logs.
 *
 * *Errors:* `AppError('input')` for what is missing, not readable, not a regular file, or a folder or glob without files.
 */
export async function findInputs(
  patterns: readonly string[],
  onLeftOut: (file: LeftOutFile) => void = () => {},
): Promise<InputFile[]> {
  if (patterns.length === 0) {
    throw new AppError('input', 'no input was named', { remedy: 'name a file, a folder or a glob with --input' })
  }
  const found = new Map<string, InputFile>()
  for (const pattern of patterns) {
    for (const [key, file] of await filesOf(pattern, onLeftOut)) if (!found.has(key)) found.set(key, file)
  }
  return [...found.values()]
}

/** The files of one pattern, each with what tells it from others. */
async function filesOf(pattern: string, onLeftOut: (file: LeftOutFile) => void): Promise<[string, InputFile][]> {
  const leftOut = (path: string, why: string) => onLeftOut({ label: label(path), why })
  const archive = await archiveOf(pattern)
  const files: [string, InputFile][] = []
  for (const path of archive === undefined ? await expand(pattern, leftOut) : [archive]) {
    const file = await regularFile(path)
    const real = await realpath(path)
    const inside = (await logsOfZip(file, archive === undefined ? onLeftOut : () => undefined)) ?? [file]
    if (inside.length === 0) leftOut(path, 'holds no play log')
    for (const each of inside) {
      if (archive !== undefined && each.label !== label(pattern)) continue
      files.push([each.member ? `${real}/${each.member.entry.relativeOffsetOfLocalHeader}` : real, each])
    }
  }
  if (files.length > 0) return files
  throw archive === undefined ? noLogsInZip(printable(pattern)) : notFound(pattern)
}

/** The file that the path goes through, if it does: `logs.zip` of `logs.zip/2014/june.csv`. */
async function archiveOf(path: string): Promise<string | undefined> {
  for (let at = path; dirname(at) !== at; at = dirname(at)) {
    const info = await stat(at).catch(() => undefined)
    if (info) return at !== path && info.isFile() ? at : undefined
  }
  return undefined
}

function noLogsInZip(shown: string): AppError {
  return new AppError('input', `there is no play log in the zip file ${shown}`, {
    place: shown,
    remedy: `members that end in ${logExtensions.join(' ')} (or these with .gz) are taken; unpack it to name others themselves`,
  })
}

// What a transfer that was cut leaves beside the file that it was to bring.
const fetchLeftover = /\.(part|part\.json|sha256)$/

/** Whether the folder is there and holds a file that could be meant as an input: leftovers of a fetch are none. */
export async function holdsInput(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw unreadable(folder, error)
    },
  )
  return entries.some((each) => !each.isDirectory() && !each.name.startsWith('.') && !fetchLeftover.test(each.name))
}

type LeaveOut = (path: string, why: string) => void

async function expand(pattern: string, tell: LeaveOut): Promise<string[]> {
  const shown = printable(pattern)
  const reasons: string[] = []
  const leftOut: LeaveOut = (path, why) => {
    reasons.push(`${printable(label(path))} ${why}`)
    tell(path, why)
  }
  const info = await stat(pattern).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw unreadable(pattern, error)
  })
  if (info?.isDirectory()) {
    const inside = await logsInside(pattern, leftOut)
    if (inside.length > 0) return inside
    throw new AppError('input', `no play log in the folder ${shown}`, {
      place: withReasons(shown, reasons),
      remedy: `files that end in ${logExtensions.join(' ')} (or these with .gz) are taken; name others themselves`,
    })
  }
  if (info) return [pattern]
  if (globCharacters.test(pattern)) {
    const matches: string[] = []
    for await (const match of glob(pattern)) {
      const each = await stat(match).catch(() => undefined)
      if (each === undefined) leftOut(match, await whyMissing(match))
      else if (!each.isDirectory() && !isExcelLock(match)) matches.push(match)
    }
    if (matches.length > 0) return matches.sort(byName)
    throw new AppError('input', `no file ${reasons.length > 0 ? 'that can be read ' : ''}matches ${shown}`, {
      place: withReasons(shown, reasons),
      remedy: `the pattern is searched from ${process.cwd()}; put it in quotes if the shell must leave it alone`,
    })
  }
  if ((await lstat(pattern).catch(() => undefined))?.isSymbolicLink()) {
    throw new AppError('input', `${shown} is a broken link`, {
      place: shown,
      remedy: 'name the file itself, or repair the link',
    })
  }
  if (pattern.includes(undecoded)) {
    throw new AppError('input', `${shown} has a name that is not UTF-8`, { place: shown, remedy: 'rename it' })
  }
  throw notFound(pattern)
}

function notFound(pattern: string): AppError {
  const shown = printable(pattern)
  return new AppError('input', `file not found: ${shown}`, {
    place: shown,
    remedy: isAbsolute(pattern)
      ? 'check the path'
      : `check the path; relative paths are searched from ${process.cwd()}`,
  })
}

/** The place of an error that nothing can be read there, with what there is. */
function withReasons(shown: string, reasons: readonly string[]): string {
  if (reasons.length === 0) return shown
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more` : ''
  return `${shown}: ${reasons.slice(0, 3).join('; ')}${more}`
}

async function logsInside(folder: string, leftOut: LeaveOut): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(folder, error)
  })
  const paths: string[] = []
  for (const entry of entries.sort(byName)) {
    const path = join(folder, entry)
    const isLog = isNamedAsLog(entry)
    if (isExcelLock(entry)) continue
    if (isHidden(entry, sep)) {
      if (isLog) leftOut(path, 'has a name (or a folder) that begins with . or _')
      continue
    }
    const info = await stat(path).catch(() => undefined)
    if (info?.isDirectory() || besidesFetched.test(entry)) continue
    if (info === undefined) leftOut(path, await whyMissing(path))
    else if (!info.isFile()) leftOut(path, 'is not a regular file')
    else if (!isLog) leftOut(path, 'is not named as a log')
    else paths.push(path)
  }
  return paths
}

// What data:fetch writes beside a file.
const besidesFetched = /\.(sha256|part\.json)$/

/** What Node puts for bytes of a name that are not UTF-8; the name is then another one. */
const undecoded = '\ufffd'

/** Why a name that a folder gives leads to no file. */
async function whyMissing(path: string): Promise<string> {
  const info = await lstat(path).catch(() => undefined)
  if (info?.isSymbolicLink()) return 'is a broken link'
  return path.includes(undecoded) ? 'has a name that is not UTF-8; rename it' : 'is gone'
}

async function regularFile(path: string): Promise<InputFile> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error)
  })
  if (!info.isFile()) {
    // Opening a pipe would wait for a writer that may never come.
    const kind = info.isFIFO() ? 'a pipe' : info.isSocket() ? 'a socket' : 'a device'
    throw new AppError('input', `${printable(path)} is ${kind}, not a file`, {
      place: printable(path),
      remedy: 'write its contents into a file first: inputs are read twice',
    })
  }
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error)
  })
  return { path, label: label(path), bytes: info.size }
}

function unreadable(path: string, cause: NodeJS.ErrnoException): AppError {
  const why = cause.code === 'EACCES' || cause.code === 'EPERM' ? 'may not be read' : `cannot be read (${cause.code})`
  return new AppError('input', `${printable(path)} ${why}`, {
    place: printable(path),
    remedy: 'check that the file exists and that you have the right to read it',
    cause,
  })
}

function label(path: string): string {
  const inside = relative(process.cwd(), path)
  const shown = inside === '' || inside.startsWith('..') || isAbsolute(inside) ? normalize(path) : inside
  return shown.split(sep).join('/')
}

// By code unit, so that the order does not depend on the language of the machine.
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
