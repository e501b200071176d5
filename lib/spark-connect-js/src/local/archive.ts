import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprintJars, type SparkJars } from './jars.ts'
import type { Java } from './java.ts'

/**
 * A class-data archive: Spark's classes as the JVM holds them, parsed and verified, mapped into memory at the start.
 *
 * It fits one version of Java and one set of jars, which its name says. The first run that does a real job leaves it
 * behind, because the classes of a real job are the ones worth archiving.
 */
export interface ClassArchive {
  readonly path: string
  readonly exists: boolean
}

/** How long a JVM may take to write its archive at its end; 8 s on two quiet cores. */
export const archiveDeadlineMs = 60_000

/** Archives kept per installation: one for each Java that is switched between, without growing for ever. */
const keptArchives = 3

/** Where the archive for this Java and these jars is or will be. */
export async function findArchive(home: string, java: Java, jars: SparkJars): Promise<ClassArchive> {
  const folder = join(home, 'classes')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `java-${java.version}-${await fingerprintJars(jars, java.path)}.jsa`)
  return { path, exists: await exists(path) }
}

/** Takes a recorded archive into use in one step, and lets go of old ones. False if the JVM left none. */
export async function keepArchive(recorded: string, archive: ClassArchive): Promise<boolean> {
  if (!(await exists(recorded))) return false
  await rename(recorded, archive.path)
  const folder = join(archive.path, '..')
  const files = (await readdir(folder)).map((name) => join(folder, name))
  const aged = await Promise.all(
    files.map(async (path) => ({ path, timeMs: (await stat(path).catch(() => null))?.mtimeMs ?? 0 })),
  )
  const archives = aged.filter(({ path }) => path.endsWith('.jsa')).sort((a, b) => b.timeMs - a.timeMs)
  // A recording that is a day old belongs to a JVM that was killed while it wrote.
  const dead = aged.filter(({ path, timeMs }) => !path.endsWith('.jsa') && Date.now() - timeMs > 24 * 3600_000)
  for (const { path } of [...archives.slice(keptArchives), ...dead]) await rm(path, { force: true })
  return true
}

/** Forgets an archive that a JVM could not use. */
export async function dropArchive(archive: ClassArchive): Promise<void> {
  await rm(archive.path, { force: true })
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
