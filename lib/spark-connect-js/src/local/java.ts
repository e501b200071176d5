import { execFile } from 'node:child_process'
import { access, constants, readFile, realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { LocalServerError } from './error.ts'

/** The first Java that Spark 4 runs on. */
export const oldestJava = 17

/** A Java that can run Spark. */
export interface Java {
  /** Absolute path of the `java` executable, symbolic links resolved. */
  readonly path: string
  /** The full version, for example `17.0.15`: a class-data archive fits exactly one. */
  readonly version: string
  /** The feature release, for example 17. */
  readonly major: number
}

/** The environment that decides which programs are found; tests pass their own. */
export interface ProgramEnvironment {
  readonly PATH?: string | undefined
  readonly JAVA_HOME?: string | undefined
}

/** The absolute path of a program on the PATH, or null when there is none. */
export async function findProgram(name: string, env: ProgramEnvironment): Promise<string | null> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue
    const path = join(folder, name)
    if (await isExecutable(path)) return path
  }
  return null
}

/**
 * The Java of `JAVA_HOME`, else the first on the PATH.
 *
 * *Errors:* `LocalServerError` if there is none, if it does not start, or if it is older than {@link oldestJava}.
 */
export async function findJava(env: ProgramEnvironment): Promise<Java> {
  const remedy = `install a Java runtime, ${oldestJava} or later (for example the package openjdk-17-jre-headless), or use a server that runs already (SPARK_REMOTE=sc://HOST:PORT)`
  const ofHome = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : null
  if (ofHome !== null && !(await isExecutable(ofHome))) {
    throw new LocalServerError('JAVA_HOME has no bin/java', {
      place: env.JAVA_HOME!,
      remedy: `correct JAVA_HOME, or ${remedy}`,
    })
  }
  const found = ofHome ?? (await findProgram('java', env))
  if (found === null) {
    throw new LocalServerError(`Java ${oldestJava} or later is needed and none was found`, { place: 'PATH', remedy })
  }
  const path = await realpath(found)
  const version = (await versionOfRelease(path)) ?? (await versionOfProgram(path, remedy))
  const major = Number(/^(?:1\.)?(\d+)/.exec(version)?.[1])
  if (!(major >= oldestJava)) {
    throw new LocalServerError(`Java ${version} is too old for Spark 4`, { place: path, remedy })
  }
  return { path, version, major }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// Every Java installation since 9 has a `release` file; reading it is 50 ms faster than starting `java -version`.
async function versionOfRelease(java: string): Promise<string | null> {
  try {
    const release = await readFile(join(dirname(dirname(java)), 'release'), 'utf8')
    return /^JAVA_VERSION="([^"]+)"/m.exec(release)?.[1] ?? null
  } catch {
    return null
  }
}

async function versionOfProgram(java: string, remedy: string): Promise<string> {
  try {
    const { stderr, stdout } = await promisify(execFile)(java, ['-version'], { timeout: 10_000 })
    const version = /version "([^"]+)"/.exec(`${stderr}${stdout}`)?.[1]
    if (version !== undefined) return version
  } catch (cause) {
    // macOS has a /usr/bin/java even where no Java is installed; it fails with a sentence of its own.
    throw new LocalServerError('Java was found but does not start', { place: java, remedy, cause })
  }
  throw new LocalServerError('Java was found but does not tell its version', { place: java, remedy })
}
