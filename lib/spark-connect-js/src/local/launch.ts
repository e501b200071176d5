import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClassArchive } from './archive.ts'
import { LocalServerError } from './error.ts'
import { explainExit } from './exit.ts'
import { serverFile } from './files.ts'
import type { SparkJars } from './jars.ts'
import type { Java } from './java.ts'
import { environmentForJvm, type Jvm, quoteArgument, startJvm } from './jvm.ts'
import type { ServerFacts } from './kept/index.ts'
import type { LocalServer, LocalServerOptions } from './local-server.ts'
import type { LocalLog } from './log.ts'
import { settingsOf } from './settings.ts'
import { folderPrefix } from './stale-servers.ts'
import { Stopping } from './stopping.ts'
import { sessionPart, type Tuning } from './tuning.ts'

/** How long a JVM may take from its launch to its listening socket: 4 s on two quiet cores without an archive. */
const startDeadlineMs = 90_000

const keptLogs = 10

/** What a server is launched with. */
export interface Parts extends LocalServerOptions {
  readonly log: LocalLog
  readonly java: Java
  readonly jars: SparkJars
  readonly tuning: Tuning
  /** What a run must be equal in to get this server when it is kept; undefined: it is not. */
  readonly key?: string | undefined
}

/** The files of one server. */
interface Files {
  readonly logFile: string
  /** A private folder that is removed when the JVM is gone. */
  readonly scratch: string
  /** Java's temporary folder within it. */
  readonly temporary: string
  /** Where this run records a class archive; null where it does not. */
  readonly recording: string | null
}

/** Starts the JVM and waits until it listens. *Errors:* `LocalServerError` with what the JVM said. */
export async function launch(
  parts: Parts,
  archive: ClassArchive | null,
  mode: 'use' | 'record' | 'off',
): Promise<LocalServer> {
  const startedMs = performance.now()
  parts.signal?.throwIfAborted()
  const files = await makeFiles(parts.home, archive, mode)
  const token = parts.token ?? randomBytes(32).toString('hex')
  const jvm = await startServer(parts, files, archive, token)
  const stopping = new Stopping(parts, jvm, files.recording === null ? null : { at: files.recording, for: archive! })
  try {
    const { port, pid } = await waitUntilListening(files, jvm, parts.signal ?? new AbortController().signal)
    parts.log.debug('embedded spark started', {
      version: parts.jars.version,
      java: parts.java.version,
      profile: parts.tuning.profile,
      archive: archive?.exists ?? false,
      startMs: Math.round(performance.now() - startedMs),
    })
    const { scratch, logFile } = files
    const facts = { port, token, pid, scratch, logFile, usedArchive: archive?.exists ?? false }
    return serverOf(facts, parts, jvm, stopping)
  } catch (error) {
    const gone = jvm.exitCode
    await stopping.stop(undefined, { keep: false })
    parts.signal?.throwIfAborted()
    if (error instanceof LocalServerError) throw error
    throw await explainExit(gone ?? null, files.logFile)
  }
}

function serverOf(facts: ServerFacts, parts: Parts, jvm: Jvm, stopping: Stopping): LocalServer {
  return {
    ...facts,
    url: `sc://127.0.0.1:${facts.port}/;token=${encodeURIComponent(facts.token)}`,
    wasKept: false,
    sessionConfig: sessionPart(parts.tuning),
    ended: jvm.ended,
    stop: (how) => stopping.stop(facts, how),
    failure: async (patienceMs = 1000) => {
      const patience = new AbortController()
      await Promise.race([jvm.ended, sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => {})])
      patience.abort()
      if (jvm.exitCode === undefined || stopping.hasBegun) return null
      return await explainExit(jvm.exitCode, facts.logFile)
    },
  }
}

async function makeFiles(home: string, archive: ClassArchive | null, mode: 'use' | 'record' | 'off'): Promise<Files> {
  const logFile = await newLogFile(home)
  const scratch = await mkdtemp(join(tmpdir(), folderPrefix))
  const temporary = join(scratch, 'tmp')
  await mkdir(temporary)
  await writeFile(join(scratch, 'owner.pid'), String(process.pid))
  const records = archive !== null && !archive.exists && mode === 'record'
  return { logFile, scratch, temporary, recording: records ? `${archive.path}.${process.pid}.tmp` : null }
}

async function startServer(parts: Parts, files: Files, archive: ClassArchive | null, token: string): Promise<Jvm> {
  const { logFile, scratch, temporary } = files
  const argsFile = join(scratch, 'jvm.args')
  const args = argumentsOf(parts, files, archive)
  await writeFile(argsFile, args.map(quoteArgument).join('\n'), { mode: 0o600 })
  parts.onProgress?.('starting Spark')
  const environment = {
    ...environmentForJvm(),
    SPARK_CONNECT_AUTHENTICATE_TOKEN: token,
    SPARK_LOCAL_DIRS: temporary,
  }
  return await startJvm({ java: parts.java.path, argsFile, scratch, logFile, environment, log: parts.log })
}

function argumentsOf(parts: Parts, { scratch, temporary, recording }: Files, archive: ClassArchive | null): string[] {
  const share = archive?.exists
    ? [`-XX:SharedArchiveFile=${archive.path}`]
    : recording
      ? // Classes that cannot be archived are hundreds of warnings otherwise.
        [`-XX:ArchiveClassesAtExit=${recording}`, '-Xlog:cds=error', '-Xlog:cds+dynamic=error']
      : []
  const settings = settingsOf(parts, parts.tuning.spark, scratch)
  return [
    ...parts.tuning.jvm,
    ...share,
    `-Dlog4j2.configurationFile=${serverFile('log4j2.properties')}`,
    // Java knows nothing of TMPDIR; libraries that it unpacks and artifacts of sessions would stay in /tmp.
    `-Djava.io.tmpdir=${temporary}`,
    ...Object.entries(settings).map(([key, value]) => `-D${key}=${value}`),
    '-cp',
    parts.jars.paths.join(':'),
    'org.apache.spark.sql.connect.service.SparkConnectServer',
  ]
}

/** Polls the log for the line with the port. Throws anything but an LocalServerError when the JVM ended before that. */
async function waitUntilListening(
  where: { readonly logFile: string; readonly scratch: string },
  jvm: Jvm,
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
    if (jvm.exitCode !== undefined) throw new Error('ended before it listened')
    if (performance.now() > deadlineMs) {
      throw new LocalServerError(`Spark did not start within ${startDeadlineMs / 1000} s`, {
        place: where.logFile,
        remedy: 'see the log; an overloaded machine may only need another try',
      })
    }
    await sleep(20, undefined, { signal })
  }
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
