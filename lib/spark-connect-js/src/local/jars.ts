import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder with everything on it that a Spark Connect server needs. */
export interface SparkJars {
  readonly folder: string
  /** For example `4.2.0`, from the name of the Connect server's jar. */
  readonly version: string
  /** Absolute paths, sorted: the order of a class path is part of what a class-data archive is checked against. */
  readonly paths: readonly string[]
}

/** The jars of a folder, or null if it does not exist or holds no Spark Connect server of version 4. */
export async function readJars(folder: string): Promise<SparkJars | null> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch {
    return null
  }
  const jars = names.filter((name) => name.endsWith('.jar')).sort()
  const version = jars.map((name) => /^spark-connect_2\.13-(4\..+)\.jar$/.exec(name)?.[1]).find((found) => found)
  if (version === undefined) return null
  return { folder, version, paths: jars.map((name) => join(folder, name)) }
}

/**
 * A name that changes whenever one of the jars does (path, size or time), as the JVM's own check of an archive does, or
 * the Java that reads them: two builds of one version are not the same to it.
 */
export async function fingerprintJars(jars: SparkJars, java: string): Promise<string> {
  const facts = await Promise.all(
    jars.paths.map(async (path) => {
      const { size, mtimeMs } = await stat(path)
      return `${path}\n${size}\n${Math.floor(mtimeMs / 1000)}`
    }),
  )
  return createHash('sha256')
    .update([java, ...facts].join('\n'))
    .digest('hex')
    .slice(0, 16)
}
