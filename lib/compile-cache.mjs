import * as module from 'node:module'
import { join } from 'node:path'

// Loaded before a command (`node --import`), and plain JavaScript, so that an older Node can read it. The Node of the project
// is not found where the path of the project has a colon, which ends a folder in PATH.
const folder = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
if (Number(process.versions.node.split('.')[0]) < 24) {
  const [what, remedy] = folder.includes(':')
    ? ['there is a colon in the path of the project, so npm does not find its Node there', 'move it to another folder']
    : ['the Node that npm ci brings is missing', 'npm ci']
  process.stderr.write(`error: ${what}\n  at: ${folder}\n  do: ${remedy}\n`)
  process.exit(2)
}

// The modules of a command, stripped of types and compiled, are kept between runs. Saves a command 0.3 s of processor; a
// folder that cannot be written only means that nothing is kept.
module.enableCompileCache(join(folder, 'node_modules', '.cache', 'compile'))
