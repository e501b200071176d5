import { join } from 'node:path'

/** What the JVM is started with, plain files of this package: pom.xml, options, log settings, the shell that watches. */
export const serverFiles = join(import.meta.dirname, '..', '..', 'server')
