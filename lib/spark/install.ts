import { execFile, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { link, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { readJars, type SparkJars } from './jars.ts'
import { findJava, findProgram, type ProgramEnvironment } from './java.ts'

/** The Spark that is installed; `lib/spark/pom.xml` pins the same and a test compares the two. */
export const sparkVersion = '4.2.0'

/** What the jars of {@link sparkVersion} weigh (176 files), so that a progress line can say how far a download is. */
const downloadMb = 292

const pom = join(import.meta.dirname, 'pom.xml')

export interface InstallOptions {
  /** The folder that keeps Spark between runs. */
  readonly home: string
  /** A Spark 4 installation to take where Maven is missing. */
  readonly sparkHome?: string | undefined
  readonly log: Logger
  readonly onProgress?: ((text: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Where `mvn`, `java` and `python3` are looked for. Default: the environment of this process. */
  readonly env?: ProgramEnvironment | undefined
}

/**
 * The jars of Spark, brought by Maven into `home` on the first call and found there ever after.
 *
 * The folder appears whole or not at all; a second installer waits for the first. Where Maven is missing, the jars of
 * `sparkHome` or of pip's pyspark are taken, if they are of Spark 4.
 *
 * *Errors:* `AppError('spark')` if Java or Maven is missing or the download fails. *Cost:* once, 292 MB.
 */
export async function installSpark(options: InstallOptions): Promise<SparkJars> {
  const folder = join(options.home, sparkVersion, 'jars')
  const installed = await readJars(folder)
  if (installed !== null) return installed
  const env = options.env ?? process.env
  await findJava(env)
  const maven = await findProgram('mvn', env)
  if (maven === null) return await borrowJars(options, env)

  await mkdir(join(options.home, sparkVersion), { recursive: true })
  return await withInstallLock(options, async () => {
    const meanwhile = await readJars(folder)
    if (meanwhile !== null) return meanwhile
    const startedMs = performance.now()
    const work = await mkdtemp(join(options.home, sparkVersion, '.install-'))
    try {
      await runMaven(maven, join(work, 'jars'), options, env)
      const complete = await readJars(join(work, 'jars'))
      if (complete === null || complete.version !== sparkVersion) {
        throw new AppError('spark', `Maven ended well but brought no Spark ${sparkVersion}`, { place: pom })
      }
      await rename(join(work, 'jars'), folder)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
    const jars = (await readJars(folder))!
    options.log.info('spark installed', {
      version: jars.version,
      jars: jars.paths.length,
      seconds: Math.round((performance.now() - startedMs) / 1000),
    })
    return jars
  })
}

/** Jars of somebody else's Spark, for machines without Maven. */
async function borrowJars(options: InstallOptions, env: ProgramEnvironment): Promise<SparkJars> {
  if (options.sparkHome) {
    const jars = await readJars(join(options.sparkHome, 'jars'))
    if (jars !== null) return jars
  }
  const python = await findProgram('python3', env)
  if (python !== null) {
    try {
      // find_spec imports nothing of pyspark, which would take a second.
      const script =
        'import importlib.util as u; s = u.find_spec("pyspark"); print(s.submodule_search_locations[0] if s else "")'
      const { stdout } = await promisify(execFile)(python, ['-c', script], { timeout: 10_000 })
      const jars = stdout.trim() === '' ? null : await readJars(join(stdout.trim(), 'jars'))
      if (jars !== null) return jars
    } catch (error) {
      options.log.debug('python3 could not be asked for pyspark', { error })
    }
  }
  throw new AppError('spark', `Maven is needed once, to bring Spark ${sparkVersion}, and none was found`, {
    place: options.sparkHome ? `PATH, and SPARK_HOME=${options.sparkHome} holds no Spark 4 with Connect` : 'PATH',
    remedy:
      'install Maven (for example the package maven), set SPARK_HOME to a Spark 4, or start a server with "docker compose up"',
  })
}

/** Runs Maven and turns its chatter into progress; its whole output is kept beside the logs of the server. */
async function runMaven(maven: string, into: string, options: InstallOptions, env: ProgramEnvironment): Promise<void> {
  const logs = join(options.home, 'logs')
  await mkdir(logs, { recursive: true })
  const logFile = join(logs, 'install.log')
  const log = createWriteStream(logFile, { mode: 0o600 })
  const started = `installing Spark ${sparkVersion}, once`
  options.onProgress?.(started)
  const child = spawn(
    maven,
    ['--batch-mode', '--file', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${into}`],
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
    throw new AppError('spark', `Maven could not bring Spark ${sparkVersion}: ${errors[0] ?? `exit code ${code}`}`, {
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

/** How long an installer may be silent before another takes its lock: no slow network needs as long for one jar. */
const staleLockMs = 10 * 60_000

/**
 * One installer at a time per folder: two Mavens at once may spoil their common repository.
 *
 * A lock names its holder; one whose holder is dead (same host) or that was not renewed for ten minutes is taken over.
 */
async function withInstallLock<T>(options: InstallOptions, work: () => Promise<T>): Promise<T> {
  const path = join(options.home, sparkVersion, 'install.lock')
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), nonce: Math.random() })
  let told = false
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      const handle = await open(path, 'wx')
      await handle.writeFile(mine)
      await handle.close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const dead = await abandonedLock(path)
    if (dead !== null) {
      await removeLock(path, dead)
      continue
    }
    if (!told) options.onProgress?.(`another run is installing Spark; waiting for it (${basename(path)})`)
    told = true
    await sleep(250, undefined, options.signal ? { signal: options.signal } : {})
  }
  const renew = setInterval(() => void writeFile(path, mine).catch(() => {}), 60_000)
  renew.unref()
  try {
    return await work()
  } finally {
    clearInterval(renew)
    await rm(path, { force: true })
  }
}

/** The content of a lock whose holder is gone, or null while somebody holds it. */
async function abandonedLock(path: string): Promise<string | null> {
  let text: string
  let ageMs: number
  try {
    text = await readFile(path, 'utf8')
    ageMs = Date.now() - (await stat(path)).mtimeMs
  } catch {
    return null
  }
  if (ageMs > staleLockMs) return text
  // Between its creation and its content a lock is empty for a moment.
  if (text === '') return ageMs > 10_000 ? text : null
  try {
    const holder = JSON.parse(text) as { pid: number; host: string }
    if (holder.host === hostname()) process.kill(holder.pid, 0)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? text : null
  }
}

/** Removes the dead holder's lock, and only that: another waiter may have put its own there since we looked. */
async function removeLock(path: string, dead: string): Promise<void> {
  const aside = `${path}.${process.pid}`
  try {
    await rename(path, aside)
    if ((await readFile(aside, 'utf8')) !== dead) await link(aside, path).catch(() => {})
  } catch {
    return
  }
  await rm(aside, { force: true })
}
