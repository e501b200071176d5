import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the package's dependencies are: its own folder, or that of the repository around it. */
export const modulesFolder = dirname(dirname(createRequire(import.meta.url).resolve('typescript/package.json')))

/** TypeScript's compiler. */
export const compiler = join(modulesFolder, '.bin', 'tsc')

/** Where the type definitions of Node are, for programs outside of the package. */
export const typeRoots = [join(modulesFolder, '@types')]
