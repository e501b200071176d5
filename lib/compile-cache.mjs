import './node-version.mjs'
import * as module from 'node:module'
import { join } from 'node:path'

// Loaded before a command (`node --import`), and plain JavaScript, so that an older Node can read it.
// The modules of a command, stripped of types and compiled, are kept between runs. Saves a command 0.3 s of processor; a
// folder that cannot be written only means that nothing is kept.
module.enableCompileCache?.(join(import.meta.dirname, '..', 'node_modules', '.cache', 'compile'))
