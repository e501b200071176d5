import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { extname, join } from 'node:path'
import { type Keeping, keepingName, maxSocketPath, socketName } from './words.ts'

/**
 * Hands a server over to a process that keeps it for the next run. False where that cannot be; the server is still ours then.
 *
 * @param lifeline the end of the pipe by which the server lives: the keeper inherits it, and this process lets go of it.
 */
export async function handOver(keeping: Keeping, lifeline: Socket): Promise<boolean> {
  const folder = keeping.server.scratch
  // As the files beside this one: TypeScript here, JavaScript in the package, missing in somebody's bundle.
  const keeper = join(import.meta.dirname, `keeper${extname(import.meta.filename)}`)
  if (join(folder, socketName).length > maxSocketPath || !existsSync(keeper)) return false
  await writeFile(join(folder, keepingName), JSON.stringify(keeping), { mode: 0o600 })
  const log = await open(keeping.server.logFile, 'a')
  let child: ChildProcess
  try {
    child = spawn(process.execPath, ['--no-warnings', keeper, folder], {
      // Neither the terminal's end nor the folder that the run was started in concerns it.
      detached: true,
      cwd: '/',
      env: {},
      stdio: ['ignore', 'ignore', log.fd, lifeline],
    })
  } finally {
    await log.close()
  }
  child.on('error', () => {})
  if (child.pid === undefined) return false
  // Whoever sweeps up what dead runs left looks here.
  await writeFile(join(folder, 'owner.pid'), String(child.pid))
  child.unref()
  lifeline.destroy()
  return true
}
