import { basename } from 'node:path'
import type { ZipMember } from './zip.ts'

/** One file to read. */
export interface InputFile {
  /** Where it is, as the operating system knows it; of a member of a zip file, where that file is. */
  readonly path: string
  /** What people see and `source_file` holds: relative to the working folder if it is inside, else as given. */
  readonly label: string
  /** Its size on disk (packed, if it is packed); of a member, as it would be on disk. */
  readonly bytes: number
  /** Set for a member of a zip file. */
  readonly member?: ZipMember
}

/** A file that a folder, a glob or a zip file holds and that is not read. */
export interface LeftOutFile {
  readonly label: string
  /** As the end of a sentence: `is not named as a log`. */
  readonly why: string
}

/** What folders and zip files are searched for; a file that is named itself may be called anything. */
export const logExtensions = [
  '.csv',
  '.tsv',
  '.psv',
  '.txt',
  '.tab',
  '.log',
  '.json',
  '.jsonl',
  '.ndjson',
  '.xlsx',
  '.xlsm',
  '.zip',
]

export function isNamedAsLog(name: string): boolean {
  const plain = basename(name).toLowerCase().replace(/\.gz$/, '')
  return logExtensions.some((extension) => plain.endsWith(extension))
}

/** Whether a part of the path begins with `.` or `_`, as folders of the system do. */
export function isHidden(path: string, separator: string): boolean {
  return path.split(separator).some((part) => part.startsWith('.') || part.startsWith('_'))
}

/** Whether it is what Excel puts beside a workbook while somebody has it open: `~$june.xlsx`, with a name and nothing else. */
export function isExcelLock(path: string): boolean {
  return /^~\$.*\.xls[xm]$/i.test(basename(path))
}
