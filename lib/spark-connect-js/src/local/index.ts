// Hides: where Spark's jars come from, how its JVM is started, tuned, watched and ended.
// Needs: Java 17 or later, a Unix shell and, once, Maven (or a Spark that is there already).
// Never: listens beyond this machine, outlives the process, shows a token.
export { type ClassArchive, findArchive } from './archive.ts'
export { checkJars, describeFaults, type JarFaults } from './checksums.ts'
export { LocalServerError, type LocalServerErrorFields } from './error.ts'
export { explainExit } from './exit.ts'
export { type InstallOptions, installSpark } from './install.ts'
export { readJars, type SparkJars } from './jars.ts'
export { findJava, findProgram, type Java, oldestJava, type ProgramEnvironment } from './java.ts'
export { type KeptServer, keptServer, stopKeptServer } from './kept/index.ts'
export type { LocalServer, LocalServerOptions } from './local-server.ts'
export type { LocalLog } from './log.ts'
export { startLocalServer } from './server.ts'
export { defaultHome, type LocalLease, leaseLocalServer } from './shared.ts'
export { compiled, interpreted, sessionSettings, smallInputBytes } from './tuning.ts'
export { sparkVersion } from './version.ts'
