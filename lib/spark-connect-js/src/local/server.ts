import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { archiveDeadlineMs, type ClassArchive, dropArchive, findArchive, keepArchive } from './archive.ts'
import { checkJars, describeFaults } from './checksums.ts'
import { LocalServerError } from './error.ts'
import { explainExit, UnexplainedEnd } from './exit.ts'
import { serverFile } from './files.ts'
import { installSpark } from './install.ts'
import { fingerprintJars, type SparkJars } from './jars.ts'
import { findJava, type Java } from './java.ts'
import { handOver, leaseKept, recordName, type ServerFacts } from './kept/index.ts'
import type { LocalServer, LocalServerOptions } from './local-server.ts'
import { type LocalLog, noLog } from './log.ts'
import { folderPrefix, sweepLeftovers } from './stale-servers.ts'
import { sessionPart, type Tuning, thisMachine, tune } from './tuning.ts'

/** How long a JVM may take from its launch to its listening socket: 4 s on two quiet cores without an archive. */
const startDeadlineMs = 90_000

const keptLogs = 10

/**
 * Starts a Spark Connect server that only this process can use and that cannot outlive it.
 *
 * It listens on a port that the kernel chose, on 127.0.0.1 only, and asks for a random token. The token goes through
 * the environment of the JVM, which other users cannot read. *Errors:* `LocalServerError` with what the JVM said.
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const log = options.log ?? noLog
  await sweepLeftovers(log)
  const [java, jars] = await Promise.all([findJava(process.env), options.jars ?? installSpark(options)])
  const tuning = tune(options.inputBytes, options.memory, thisMachine())
  const parts = { ...options, log, java, jars, tuning }
  const key = options.keepMs ? await keyOf(parts) : undefined
  const kept = key === undefined ? null : await leaseKept(join(options.home, recordName), key, log)
  if (kept !== null) return { ...kept, sessionConfig: sessionPart(tuning) }
  try {
    return await launchWithArchive({ ...parts, key })
  } catch (error) {
    throw error instanceof UnexplainedEnd ? ((await damagedJars(jars, options.home)) ?? error) : error
  }
}

/**
 * A JVM that ends for no reason that its log tells may have a damaged jar: now, and only now, they are all read. Jars that
 * somebody else installed (SPARK_HOME) may differ from the list, and are not ours to remove.
 */
async function damagedJars(jars: SparkJars, home: string): Promise<LocalServerError | null> {
  if (jars.folder !== join(home, jars.version, 'jars')) return null
  const faults = await checkJars(jars)
  const found = faults && describeFaults(faults)
  if (found === null) return null
  return new LocalServerError(`Spark does not start, because its jars changed since they were installed: ${found}`, {
    code: 'DATA_LOSS',
    place: jars.folder,
    remedy: `have them installed anew: rm -r '${jars.folder}', and start again`,
  })
}

async function launchWithArchive(parts: Parts): Promise<LocalServer> {
  const { log, java, jars, ...options } = parts
  const mode = options.archive ?? 'use'
  const archive = mode === 'off' ? null : await findArchive(options.home, java, jars)
  if (archive?.exists) {
    try {
      return await launch(parts, archive, 'use')
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!(error instanceof UnexplainedEnd)) throw error
      // A damaged archive can keep a JVM from starting; doing without it costs only time.
      log.warn('starting again without the class archive', { reason: error.message })
      const server = await launch(parts, null, 'off')
      // That it starts without shows that the archive was to blame; the next run records another.
      await dropArchive(archive)
      return server
    }
  }
  return await launch(parts, archive, mode)
}

interface Parts extends LocalServerOptions {
  readonly log: LocalLog
  readonly java: Java
  readonly jars: SparkJars
  readonly tuning: Tuning
  /** What a run must be equal in to get this server when it is kept; undefined: it is not. */
  readonly key?: string | undefined
}

/** All that makes a server what it is, but for what a session can set; with the environment, which may hold credentials. */
async function keyOf({ java, jars, tuning, master, config, token, port }: Parts): Promise<string> {
  const [session, settings] = [sessionPart(tuning), Object.entries(tuning.spark)]
  const fixed = settings.filter(([name]) => session[name] === undefined)
  const all = [await fingerprintJars(jars, java.path), java.version, tuning.jvm, fixed, master, config, token, port]
  return createHash('sha256')
    .update(JSON.stringify([...all, environmentForJvm()]))
    .digest('hex')
}

async function launch(
  options: Parts,
  archive: ClassArchive | null,
  mode: 'use' | 'record' | 'off',
): Promise<LocalServer> {
  const startedMs = performance.now()
  options.signal?.throwIfAborted()
  const { tuning } = options
  const logFile = await newLogFile(options.home)
  const scratch = await mkdtemp(join(tmpdir(), folderPrefix))
  const temporary = join(scratch, 'tmp')
  const token = options.token ?? randomBytes(32).toString('hex')
  const recording =
    archive !== null && !archive.exists && mode === 'record' ? `${archive.path}.${process.pid}.tmp` : null
  const share = archive?.exists
    ? [`-XX:SharedArchiveFile=${archive.path}`]
    : recording
      ? // Classes that cannot be archived are hundreds of warnings otherwise.
        [`-XX:ArchiveClassesAtExit=${recording}`, '-Xlog:cds=error', '-Xlog:cds+dynamic=error']
      : []
  const settings = settingsOf(options, tuning.spark, scratch)
  const args = [
    ...tuning.jvm,
    ...share,
    `-Dlog4j2.configurationFile=${serverFile('log4j2.properties')}`,
    // Java knows nothing of TMPDIR; libraries that it unpacks and artifacts of sessions would stay in /tmp.
    `-Djava.io.tmpdir=${temporary}`,
    ...Object.entries(settings).map(([key, value]) => `-D${key}=${value}`),
    '-cp',
    options.jars.paths.join(':'),
    'org.apache.spark.sql.connect.service.SparkConnectServer',
  ]
  const argsFile = join(scratch, 'jvm.args')
  await writeFile(argsFile, args.map(quoteArgument).join('\n'), { mode: 0o600 })
  await mkdir(temporary)
  await writeFile(join(scratch, 'owner.pid'), String(process.pid))

  options.onProgress?.('starting Spark')
  const log = await open(logFile, 'a', 0o600)
  let child: ChildProcess
  try {
    const [shell, shared] = [serverFile('lifeline.sh'), serverFile('jvm.args')]
    child = spawn('/bin/sh', [shell, scratch, options.java.path, `@${shared}`, `@${argsFile}`], {
      // A session of its own: Ctrl-C in the terminal reaches this process, which then ends the JVM in its own time.
      detached: true,
      stdio: ['pipe', log.fd, log.fd],
      env: { ...environmentForJvm(), SPARK_CONNECT_AUTHENTICATE_TOKEN: token, SPARK_LOCAL_DIRS: temporary },
    })
  } finally {
    await log.close()
  }
  // Neither the child nor the pipe keeps this process alive: at its end the pipe closes, and with it the JVM.
  child.unref()
  const lifeline = child.stdin!
  ;(lifeline as unknown as { unref?: () => void }).unref?.()
  lifeline.on('error', () => {})

  let exitCode: number | null | undefined
  let stopping = false
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      options.log.debug('the shell of the JVM did not start', { error })
      exitCode = null
      resolve()
    })
    child.once('exit', (code) => {
      exitCode = code
      resolve()
    })
  })

  const say = (word: 'term' | 'kill'): void => {
    // While words are waited for the pipe must keep the process alive, or nobody would be there to see the end.
    child.ref()
    if (lifeline.writable) lifeline.write(`${word}\n`)
  }
  let facts: ServerFacts | undefined
  let keptOn = false
  const keep = async (): Promise<boolean> => {
    const { key, keepMs: idleMs, home } = options
    if (key === undefined || !idleMs || facts === undefined) return false
    const written = recording === null ? null : { recorded: recording, path: archive!.path }
    const keeping = { server: facts, key, idleMs, recordFile: join(home, recordName), archive: written }
    return await handOver(keeping, lifeline as Socket)
  }
  const stop: LocalServer['stop'] = async (how = {}) => {
    const isFine = how.keep !== false && !how.signal?.aborted && exitCode === undefined && !stopping
    keptOn ||= isFine && (await keep())
    if (keptOn) return 'kept'
    const record =
      recording !== null && how.keep !== false && !how.signal?.aborted && exitCode === undefined && !stopping
    stopping = true
    let complete = false
    if (record) {
      options.onProgress?.('keeping what Spark loaded, once, so that it starts faster from now on')
      say('term')
      const enough = AbortSignal.any([AbortSignal.timeout(archiveDeadlineMs), ...(how.signal ? [how.signal] : [])])
      const brokenOff = new Promise<void>((resolve) => {
        if (enough.aborted) resolve()
        else enough.addEventListener('abort', () => resolve(), { once: true })
      })
      await Promise.race([ended, brokenOff])
      // A JVM that was killed while it wrote has left half an archive.
      complete = !enough.aborted
    }
    say('kill')
    await ended
    child.unref()
    if (complete && (await keepArchive(recording!, archive!))) {
      options.log.debug('class archive recorded', { path: archive!.path })
    } else if (recording !== null) await rm(recording, { force: true })
    return 'ended'
  }

  try {
    const { port, pid } = await waitUntilListening(
      { logFile, scratch },
      () => exitCode !== undefined,
      options.signal ?? new AbortController().signal,
    )
    options.log.debug('embedded spark started', {
      version: options.jars.version,
      java: options.java.version,
      profile: tuning.profile,
      archive: archive?.exists ?? false,
      startMs: Math.round(performance.now() - startedMs),
    })
    facts = { port, token, pid, scratch, logFile, usedArchive: archive?.exists ?? false }
    return {
      ...facts,
      url: `sc://127.0.0.1:${port}/;token=${encodeURIComponent(token)}`,
      wasKept: false,
      sessionConfig: sessionPart(tuning),
      ended,
      stop,
      failure: async (patienceMs = 1000) => {
        const patience = new AbortController()
        await Promise.race([ended, sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => {})])
        patience.abort()
        if (exitCode === undefined || stopping) return null
        return await explainExit(exitCode, logFile)
      },
    }
  } catch (error) {
    const gone = exitCode
    await stop({ keep: false })
    options.signal?.throwIfAborted()
    if (error instanceof LocalServerError) throw error
    throw await explainExit(gone ?? null, logFile)
  }
}

/** Polls the log for the line with the port. Throws anything but an LocalServerError when the JVM ended before that. */
async function waitUntilListening(
  where: { logFile: string; scratch: string },
  hasEnded: () => boolean,
  signal: AbortSignal,
): Promise<{ port: number; pid: number }> {
  const deadlineMs = performance.now() + startDeadlineMs
  for (;;) {
    // The log of a start is a few lines; reading it whole every 20 ms costs less than watching it.
    const log = await readFile(where.logFile, 'utf8')
    const port = /Spark Connect server started at: .*:(\d+)\s*$/m.exec(log)?.[1]
    if (port !== undefined) {
      return { port: Number(port), pid: Number(await readFile(join(where.scratch, 'jvm.pid'), 'utf8')) }
    }
    if (hasEnded()) throw new Error('ended before it listened')
    if (performance.now() > deadlineMs) {
      throw new LocalServerError(`Spark did not start within ${startDeadlineMs / 1000} s`, {
        place: where.logFile,
        remedy: 'see the log; an overloaded machine may only need another try',
      })
    }
    await sleep(20, undefined, { signal })
  }
}

function settingsOf(
  options: LocalServerOptions,
  tuned: Readonly<Record<string, string>>,
  scratch: string,
): Record<string, string> {
  return {
    'spark.app.name': 'spark-connect-js',
    'spark.ui.enabled': 'false',
    'spark.ui.showConsoleProgress': 'false',
    'spark.sql.catalogImplementation': 'in-memory',
    'spark.sql.session.timeZone': 'UTC',
    'spark.sql.warehouse.dir': join(scratch, 'warehouse'),
    // Sessions without isolation of artifacts find the classes of earlier ones here. Spark's own 100 are fewer than a job has.
    'spark.sql.codegen.cache.maxEntries': '1000',
    ...tuned,
    ...options.config,
    'spark.master': localMaster(options.master ?? 'local[*]'),
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.connect.grpc.binding.address': '127.0.0.1',
    'spark.connect.grpc.binding.port': String(options.port ?? 0),
    // Spark's own ports on loopback deserialize objects; without this any local user could send them some.
    'spark.authenticate': 'true',
  }
}

/** `local[N]` gives up at a task's first failure, so the number of attempts that a cluster makes (four) is added. */
export function localMaster(master: string): string {
  const threads = /^local(?:\[(\*|\d+)\])?$/.exec(master)
  if (!threads) return master
  return `local[${threads[1] ?? '1'},4]`
}

/** Quotes an argument for a `java @file`, where backslashes escape and blanks separate. */
export function quoteArgument(argument: string): string {
  return `"${argument.replace(/[\\"]/g, '\\$&')}"`
}

// What Java, Hadoop and the object stores read. Everything else, database passwords and API keys with it, stays here.
const passedOn = /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|JAVA_|JDK_JAVA_|HADOOP_|KRB5|AWS_|AZURE_|GOOGLE_|SSL_)/

function environmentForJvm(): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && passedOn.test(name)) env[name] = value
  }
  // Without a UTF-8 locale Java 17 cannot open files whose names have other letters than ASCII.
  env.LC_ALL = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'
  // Otherwise Spark looks up the host's name and addresses, which waits for a DNS that may not answer.
  env.SPARK_LOCAL_IP = '127.0.0.1'
  return env
}

async function newLogFile(home: string): Promise<string> {
  const folder = join(home, 'logs')
  await mkdir(folder, { recursive: true })
  const old = (await readdir(folder)).filter((name) => name.startsWith('spark-')).sort()
  for (const name of old.slice(0, Math.max(0, old.length - keptLogs + 1))) await rm(join(folder, name), { force: true })
  const time = new Date().toISOString().replace(/[:.]/g, '-')
  const path = join(folder, `spark-${time}-${process.pid}.log`)
  await writeFile(path, '', { mode: 0o600 })
  return path
}
