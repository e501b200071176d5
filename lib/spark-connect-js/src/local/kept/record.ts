import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { KeptRecord } from './words.ts'

/** Where a folder that keeps Spark says which server is kept. */
export const recordName = 'kept-server.json'

/**
 * What the record says; null where there is none, or one that is not ours to believe: another user wrote it, or others may
 * write to it or to the folder of its socket.
 */
export async function readRecord(file: string): Promise<KeptRecord | null> {
  try {
    if (!(await isPrivate(file))) return null
    const record = JSON.parse(await readFile(file, 'utf8')) as KeptRecord
    return typeof record.socket === 'string' && (await isPrivate(dirname(record.socket))) ? record : null
  } catch {
    return null
  }
}

async function isPrivate(path: string): Promise<boolean> {
  const { uid, mode } = await stat(path)
  return uid === process.getuid?.() && (mode & 0o077) === 0
}
