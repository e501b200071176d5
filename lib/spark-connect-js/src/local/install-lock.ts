import { link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long an installer may be silent before another takes its lock: no slow network needs as long for one jar. */
const staleLockMs = 10 * 60_000

/**
 * One installer at a time per folder: two Mavens at once may spoil their common repository.
 *
 * A lock names its holder; one whose holder is dead (same host) or that was not renewed for ten minutes is taken over.
 */
export async function withInstallLock<T>(
  folder: string,
  options: { onProgress?: ((text: string) => void) | undefined; signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const path = join(folder, 'install.lock')
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), nonce: Math.random() })
  let told = false
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      const handle = await open(path, 'wx')
      await handle.writeFile(mine)
      await handle.close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const dead = await abandonedLock(path)
    if (dead !== null) {
      await removeLock(path, dead)
      continue
    }
    if (!told) options.onProgress?.(`another run is installing Spark; waiting for it (${basename(path)})`)
    told = true
    await sleep(250, undefined, options.signal ? { signal: options.signal } : {})
  }
  const renew = setInterval(() => void writeFile(path, mine).catch(() => {}), 60_000)
  renew.unref()
  try {
    return await work()
  } finally {
    clearInterval(renew)
    await rm(path, { force: true })
  }
}

/** The content of a lock whose holder is gone, or null while somebody holds it. */
async function abandonedLock(path: string): Promise<string | null> {
  let text: string
  let ageMs: number
  try {
    text = await readFile(path, 'utf8')
    ageMs = Date.now() - (await stat(path)).mtimeMs
  } catch {
    return null
  }
  if (ageMs > staleLockMs) return text
  // Between its creation and its content a lock is empty for a moment.
  if (text === '') return ageMs > 10_000 ? text : null
  try {
    const holder = JSON.parse(text) as { pid: number; host: string }
    if (holder.host === hostname()) process.kill(holder.pid, 0)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? text : null
  }
}

/** Removes the dead holder's lock, and only that: another waiter may have put its own there since we looked. */
async function removeLock(path: string, dead: string): Promise<void> {
  const aside = `${path}.${process.pid}`
  try {
    await rename(path, aside)
    if ((await readFile(aside, 'utf8')) !== dead) await link(aside, path).catch(() => {})
  } catch {
    return
  }
  await rm(aside, { force: true })
}
