import { access, constants, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '../../schema/database.ts'
import type { EngineHealth, Writable } from '../types.ts'
import { maxNameBytes } from './connection.ts'

/** What a SQLite file says about itself; nothing is changed. */
export async function sqliteHealth(file: string, db: Db, maxCheckedBytes: number): Promise<EngineHealth> {
  const { size } = await stat(file)
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db)
  return {
    version: `SQLite ${rows[0]!.version}`,
    writable: await writableFile(file),
    integrity: size > maxCheckedBytes ? { is: 'unchecked', reason: 'size' } : await quickCheck(db),
    bytes: size,
    clockAheadMs: null,
  }
}

/** Whether this user may write the file or, if it does not exist, create it in the nearest existing folder. */
export async function writableFile(file: string): Promise<Writable> {
  const may = (path: string) =>
    access(path, constants.W_OK).then(
      () => true,
      () => false,
    )
  const exists = (path: string) =>
    access(path, constants.F_OK).then(
      () => true,
      () => false,
    )
  if ((await exists(file)) && !(await may(file))) return { is: false, why: `no right to write ${file}` }
  if (Buffer.byteLength(basename(file)) > maxNameBytes) {
    return { is: false, why: `the file name has more than ${maxNameBytes} bytes` }
  }
  // SQLite keeps two more files beside the database.
  let folder = dirname(file)
  while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder)
  return (await may(folder)) ? { is: true, why: '' } : { is: false, why: `no right to write into ${folder}` }
}

async function quickCheck(db: Db): Promise<EngineHealth['integrity']> {
  const { rows } = await sql<Record<string, string>>`pragma quick_check(1)`.execute(db)
  const lines = String(Object.values(rows[0] ?? {})[0]).split('\n')
  const first = lines.find((line) => !line.startsWith('***')) ?? ''
  return first === 'ok' ? { is: 'ok' } : { is: 'damaged', first }
}
