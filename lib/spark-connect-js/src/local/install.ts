import { execFile, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { checkJars, describeFaults } from './checksums.ts'
import { LocalServerError } from './error.ts'
import { serverFile } from './files.ts'
import { withInstallLock } from './install-lock.ts'
import { readJars, type SparkJars } from './jars.ts'
import { findJava, findProgram, type ProgramEnvironment } from './java.ts'
import type { LocalLog } from './log.ts'
import { sparkVersion } from './version.ts'

/** What the jars of {@link sparkVersion} weigh (176 files), so that a progress line can say how far a download is. */
const downloadMb = 292

const pom = () => serverFile('pom.xml')

export interface InstallOptions {
  /** The folder that keeps Spark between runs. */
  readonly home: string
  /** Default: {@link sparkVersion}. */
  readonly version?: string | undefined
  /** A Spark 4 installation to take where Maven is missing. */
  readonly sparkHome?: string | undefined
  readonly log?: LocalLog | undefined
  readonly onProgress?: ((text: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** The file of checksums that all jars are compared with. Default: the one of {@link sparkVersion}, none for others. */
  readonly checksums?: string | undefined
  /** Where `mvn`, `java` and `python3` are looked for. Default: the environment of this process. */
  readonly env?: ProgramEnvironment | undefined
}

/**
 * The jars of Spark, brought by Maven into `home` on the first call and found there ever after.
 *
 * The folder appears whole or not at all; a second installer waits for the first. Where Maven is missing, the jars of
 * `sparkHome` or of pip's pyspark are taken, if they are of Spark 4. What Maven brought is compared with the checksums of
 * its version before it is used; later only where Spark does not start, because reading 292 MB takes a second of processor.
 *
 * *Errors:* `LocalServerError` if Java or Maven is missing, the download fails or a jar is damaged. *Cost:* once, 292 MB.
 */
export async function installSpark(options: InstallOptions): Promise<SparkJars> {
  const version = options.version ?? sparkVersion
  const ofVersion = join(options.home, version)
  const folder = join(ofVersion, 'jars')
  const installed = await readJars(folder)
  if (installed !== null) return installed
  const env = options.env ?? process.env
  await findJava(env)
  const maven = await findProgram('mvn', env)
  if (maven === null) return await borrowJars(version, options, env)

  await mkdir(ofVersion, { recursive: true })
  return await withInstallLock(ofVersion, options, async () => {
    const meanwhile = await readJars(folder)
    if (meanwhile !== null) return meanwhile
    const startedMs = performance.now()
    const work = await mkdtemp(join(ofVersion, '.install-'))
    try {
      await runMaven(maven, version, join(work, 'jars'), options, env)
      const complete = await readJars(join(work, 'jars'))
      if (complete === null || complete.version !== version) {
        throw new LocalServerError(`Maven ended well but brought no Spark ${version}`, { place: pom() })
      }
      await requireIntact(complete, options)
      await rename(join(work, 'jars'), folder)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
    const jars = (await readJars(folder))!
    options.log?.info('spark installed', {
      version: jars.version,
      jars: jars.paths.length,
      seconds: Math.round((performance.now() - startedMs) / 1000),
    })
    return jars
  })
}

/** *Errors:* `LocalServerError DATA_LOSS` that names the jars that are not what the list of checksums says. */
async function requireIntact(jars: SparkJars, options: InstallOptions): Promise<void> {
  const faults = await checkJars(jars, options.checksums)
  if (faults === null) {
    options.log?.warn(
      `the jars of Spark ${jars.version} were not checked: there are checksums for ${sparkVersion} only`,
      {},
    )
    return
  }
  const found = describeFaults(faults)
  if (found === null) return
  const names = [...faults.damaged, ...faults.unknown]
  throw new LocalServerError(`Maven brought jars that are not those of Spark ${jars.version}: ${found}`, {
    code: 'DATA_LOSS',
    place: '~/.m2/repository, or where Maven keeps what it downloads',
    remedy:
      names.length === 0
        ? 'start again'
        : `remove Maven's copy and start again: find ~/.m2/repository ${names.map((name) => `-name '${name}'`).join(' -o ')} | xargs rm; if that does not help, ask who keeps the mirror in ~/.m2/settings.xml`,
  })
}

/** Jars of somebody else's Spark, for machines without Maven. */
async function borrowJars(version: string, options: InstallOptions, env: ProgramEnvironment): Promise<SparkJars> {
  // Any Spark 4 will do, unless one was asked for.
  const fits = (jars: SparkJars | null): jars is SparkJars =>
    jars !== null && (options.version === undefined || jars.version === options.version)
  if (options.sparkHome) {
    const jars = await readJars(join(options.sparkHome, 'jars'))
    if (fits(jars)) return jars
  }
  const python = await findProgram('python3', env)
  if (python !== null) {
    try {
      // find_spec imports nothing of pyspark, which would take a second.
      const script =
        'import importlib.util as u; s = u.find_spec("pyspark"); print(s.submodule_search_locations[0] if s else "")'
      const { stdout } = await promisify(execFile)(python, ['-c', script], { timeout: 10_000 })
      const jars = stdout.trim() === '' ? null : await readJars(join(stdout.trim(), 'jars'))
      if (fits(jars)) return jars
    } catch (error) {
      options.log?.debug('python3 could not be asked for pyspark', { error })
    }
  }
  throw new LocalServerError(`Maven is needed once, to bring Spark ${version}, and none was found`, {
    place: options.sparkHome ? `PATH, and SPARK_HOME=${options.sparkHome} holds no Spark 4 with Connect` : 'PATH',
    remedy:
      'install Maven (for example the package maven), set SPARK_HOME to a Spark 4, or use a server that runs already (SPARK_REMOTE=sc://HOST:PORT)',
  })
}

/** Runs Maven and turns its chatter into progress; its whole output is kept beside the logs of the server. */
async function runMaven(
  maven: string,
  version: string,
  into: string,
  options: InstallOptions,
  env: ProgramEnvironment,
): Promise<void> {
  const logs = join(options.home, 'logs')
  await mkdir(logs, { recursive: true })
  const logFile = join(logs, 'install.log')
  const log = createWriteStream(logFile, { mode: 0o600 })
  const started = `installing Spark ${version}, once`
  options.onProgress?.(started)
  const child = spawn(
    maven,
    [
      ...['--batch-mode', '--file', pom(), 'dependency:copy-dependencies'],
      ...[`-Dspark.version=${version}`, `-DoutputDirectory=${into}`],
    ],
    {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal ? { signal: options.signal } : {}),
    },
  )
  const errors: string[] = []
  let megabytes = 0
  let copied = 0
  const read = async (stream: NodeJS.ReadableStream): Promise<void> => {
    for await (const line of createInterface({ input: stream })) {
      log.write(`${line}\n`)
      const size = /^\[INFO\] Downloaded from .*\.jar \(([\d.]+) ([kM])B/.exec(line)
      if (size) {
        megabytes += Number(size[1]) / (size[2] === 'k' ? 1024 : 1)
        options.onProgress?.(`${started}: ${Math.round(megabytes)} of about ${downloadMb} MB`)
      } else if (line.startsWith('[INFO] Copying ')) {
        copied++
        if (copied % 50 === 0) options.onProgress?.(`${started}: ${copied} files in place`)
      } else if (/^\[ERROR\]/.test(line) && errors.length < 20) errors.push(line.replace(/^\[ERROR\] ?/, ''))
    }
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  try {
    const [code] = await Promise.all([ended, read(child.stdout), read(child.stderr)])
    if (code === 0) return
    throw new LocalServerError(`Maven could not bring Spark ${version}: ${errors[0] ?? `exit code ${code}`}`, {
      place: logFile,
      remedy: 'check the network (mirrors and proxies belong into ~/.m2/settings.xml) and start again',
      cause: new Error(errors.join('\n')),
    })
  } catch (error) {
    options.signal?.throwIfAborted()
    throw error
  } finally {
    log.end()
  }
}
