import { execFile } from 'node:child_process'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { LocalLog } from './log.ts'

/** How the private folder of each server begins, in the system's temporary folder. */
export const folderPrefix = 'spark-connect-js-'

/**
 * Removes what a run left whose Node and shell were both killed: the one case in which nobody was left to clean up.
 */
export async function sweepLeftovers(log: LocalLog): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(folderPrefix))
  for (const name of names) {
    const folder = join(tmpdir(), name)
    try {
      const { uid } = await stat(folder)
      if (uid !== process.getuid?.()) continue
      const owner = Number(await readFile(join(folder, 'owner.pid'), 'utf8'))
      if (isAlive(owner)) continue
      const jvm = Number(await readFile(join(folder, 'jvm.pid'), 'utf8').catch(() => ''))
      // The number may have been given to somebody else since; ours has the folder among its arguments.
      if (isAlive(jvm)) {
        if ((await argumentsOf(jvm)).includes(folder)) process.kill(jvm, 'SIGKILL')
        // Until it is gone it may still make files.
        for (let tries = 0; tries < 100 && (await argumentsOf(jvm)).includes(folder); tries++) await sleep(20)
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
      log.debug('removed what a killed run left', { folder })
    } catch (error) {
      log.debug('left alone', { folder, error })
    }
  }
}

/** The command line of a process; empty if it is gone meanwhile. */
async function argumentsOf(pid: number): Promise<string> {
  try {
    return (await promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)])).stdout
  } catch {
    return ''
  }
}

/** Whether there is a process of that number. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
