import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installSpark, type LocalServer, type SparkJars, startLocalServer } from '../../src/local/index.ts'

const run = promisify(execFile)

/** A server that has Spark's ML library too. Its jars (50 MB) are brought by Maven into `home` once. */
export async function startMlServer(home: string): Promise<LocalServer> {
  const jars = await installSpark({ home })
  const paths = [...jars.paths, ...(await mlPaths(home, jars))]
  return await startLocalServer({ home, jars: { ...jars, paths }, inputBytes: 1, memory: '1g', archive: 'off' })
}

/** The jars of ML and what they need, without those that Spark SQL has already. */
async function mlPaths(home: string, jars: SparkJars): Promise<string[]> {
  const folder = join(home, `ml-${jars.version}`)
  if (!existsSync(folder)) {
    const work = await mkdtemp(join(home, '.install-ml-'))
    try {
      const pom = join(import.meta.dirname, 'ml-pom.xml')
      const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(work, 'jars')}`]
      await run('mvn', ['--batch-mode', '--quiet', '--file', pom, `-Dspark.version=${jars.version}`, ...goal])
      await rename(join(work, 'jars'), folder)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  const nameOf = (file: string): string => file.replace(/-\d[^/]*\.jar$/, '')
  const known = new Set(jars.paths.map((path) => nameOf(path.slice(path.lastIndexOf('/') + 1))))
  return readdirSync(folder)
    .filter((file) => !known.has(nameOf(file)))
    .map((file) => join(folder, file))
}
