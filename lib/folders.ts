import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder with those above it that are missing. Not `mkdir` with `recursive`: where a file system answers ENOENT to
 * every new folder, as /proc does, Node tries again for ever and hears no signal.
 *
 * *Errors:* those of the file system, with their code.
 */
export function makeFolders(folder: string): void {
  const missing: string[] = []
  for (let at = resolve(folder); !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const each of missing) {
    try {
      mkdirSync(each)
    } catch (error) {
      // Another process may have been quicker.
      if (!statSync(each, { throwIfNoEntry: false })?.isDirectory()) throw error
    }
  }
  // What is there already must be a folder.
  if (missing.length === 0) mkdirSync(folder, { recursive: true })
}
