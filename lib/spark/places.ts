import { access, constants, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../errors.ts'

/**
 * Makes sure that the places an embedded Spark needs can serve it: a JVM that starts in spite of them ends with a stack that
 * names none of them. *Errors:* `AppError('usage')` for a path that Java or Spark would split, `AppError('spark')` for a
 * folder that is missing, full or not writable.
 */
export async function checkPlaces(home: string): Promise<void> {
  checkSparkFolder(home)
  await checkTemporaryFolder()
}

/** *Errors:* `AppError('usage')` for a path that Java would split. */
export function checkSparkFolder(home: string): void {
  refuseMark(home, /[:\r\n]/, 'Java splits its class path there', 'move the project to a folder without it in its path')
}

/** *Errors:* as {@link checkPlaces}, for the folder that TMPDIR names. */
export async function checkTemporaryFolder(temporary = tmpdir()): Promise<void> {
  const elsewhere = 'set TMPDIR to another folder, such as TMPDIR=/tmp'
  refuseMark(temporary, /[,\r\n]/, 'Spark splits its list of folders there', elsewhere)
  try {
    if (!(await stat(temporary)).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
    await access(temporary, constants.W_OK)
    const probe = await mkdtemp(join(temporary, 'radio-plays-'))
    await writeFile(join(probe, 'file'), Buffer.alloc(1 << 16)).finally(() =>
      rm(probe, { recursive: true, force: true }),
    )
  } catch (cause) {
    const code = String((cause as NodeJS.ErrnoException).code)
    throw new AppError('spark', `the folder for temporary files ${reasons[code] ?? `cannot be used (${code})`}`, {
      place: temporary,
      remedy: elsewhere,
      cause,
    })
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not a folder',
  EACCES: 'cannot be written',
  EPERM: 'cannot be written',
  EROFS: 'cannot be written',
  ENOSPC: 'is full',
  EDQUOT: 'is full',
}

function refuseMark(path: string, marks: RegExp, why: string, remedy: string): void {
  const mark = marks.exec(path)?.[0]
  if (mark === undefined) return
  const name = mark === ':' ? 'a colon' : mark === ',' ? 'a comma' : 'a line break'
  throw new AppError('usage', `there is ${name} in the path of a folder that Spark needs; ${why}`, {
    place: path,
    remedy,
  })
}
