import { open } from 'node:fs/promises'
import { validateFileName } from 'yauzl'
import { type InputFile, isExcelLock, isHidden, isNamedAsLog, type LeftOutFile } from './input-file.ts'
import { isZip, refuseBomb, Zip, type ZipMember } from './zip.ts'

/**
 * The logs inside of a zip file, each as a file; undefined if the file is another one, or the zip file of an office program.
 *
 * Members are chosen as in a folder. *Errors:* `AppError('input')` for a damaged file, more than 20,000 members, and logs that
 * unpack to more than 250 times the size of the file (beyond 64 MiB).
 */
export async function logsOfZip(
  file: InputFile,
  onLeftOut: (file: LeftOutFile) => void,
): Promise<InputFile[] | undefined> {
  if (!(await beginsAsZip(file.path))) return undefined
  using zip = await Zip.open(file.path, file.label)
  const members = await zip.members()
  if (isOfficeFile(members)) return undefined
  const logs: ZipMember[] = []
  for (const member of members) {
    const why = whyNot(member.name)
    if (why === undefined) logs.push(member)
    else if (why !== '') onLeftOut({ label: labelOf(file, member), why })
  }
  refuseBomb(file.label, logs, file.bytes)
  return logs.map((member) => ({ path: file.path, label: labelOf(file, member), bytes: member.bytes, member }))
}

const labelOf = (file: InputFile, member: ZipMember) => `${file.label}/${member.name}`

async function beginsAsZip(path: string): Promise<boolean> {
  await using handle = await open(path, 'r')
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
  return isZip(buffer)
}

/** Spreadsheets and texts of office programs are zip files of parts. */
export function isOfficeFile(members: readonly ZipMember[]): boolean {
  return members.some(({ name }) => name === '[Content_Types].xml' || name === 'mimetype')
}

/** Why a member is not read; undefined if it is, empty for what nobody misses. */
function whyNot(name: string): string | undefined {
  if (name.endsWith('/') || /(^|\/)__MACOSX\//.test(name) || isExcelLock(name)) return ''
  if (validateFileName(name) !== null) return 'has a name that leads out of the zip file'
  if (isHidden(name, '/')) return isNamedAsLog(name) ? 'has a name (or a folder) that begins with . or _' : ''
  if (/\.zip$/i.test(name)) return 'is a zip file inside of a zip file; unpack it'
  return isNamedAsLog(name) ? undefined : 'is not named as a log'
}
