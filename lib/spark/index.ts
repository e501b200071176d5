// Hides where Spark comes from: a server that is named, that of `docker compose up`, or a JVM of our own.
// Needs Java and, once, Maven for the last of these; the client package spark-connect-js for all.
// Never reads a setting from the environment (programs and Java are found there), never outlives the process.
import { access, constants, mkdir } from 'node:fs/promises'
import { type ProgressEvent, recordOrigins, SparkSession } from 'spark-connect-js'
import * as local from 'spark-connect-js/local'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { findComposeServer } from './compose-server.ts'
import { explainAddress, explainEmbedded, explainLocal, explainQuery, whatIsLost } from './explain.ts'
import { sparkFolder } from './folder.ts'
import { checkPlaces } from './places.ts'
import { type Choice, chooseSpark, withoutSecrets, withToken } from './resolve.ts'
import { SentPlans } from './sent-plans.ts'

export {
  findProgram,
  oldestJava,
  type ProgramEnvironment,
  readJars,
  type SparkJars,
  smallInputBytes,
  sparkVersion,
} from 'spark-connect-js/local'
export { type ComposeServer, findComposeServer } from './compose-server.ts'
export { sparkFolder } from './folder.ts'
export { keptServerText, stopKeptServer } from './kept.ts'
export { type ReadLinesOptions, readLines } from './lines.ts'
export { overRows } from './over-rows.ts'
export { checkSparkFolder, checkTemporaryFolder } from './places.ts'
export { isPortOpen } from './probe.ts'
export { localPort, withoutSecrets } from './resolve.ts'
export { sparkOptions } from './settings.ts'
export { checkExecutorDatabase, type ExecutorDatabase, type ExecutorTable, writeTable } from './write-table.ts'

// The columns of a job are ours, not the user's, and there are thousands of them.
recordOrigins(false)

export interface OpenSparkOptions {
  /** `SPARK_REMOTE`: `sc://…`, or `local[*]` for the embedded server even if that of `docker compose up` runs. */
  readonly remote?: string | undefined
  /** The token that a remote or local server asks for, where the address holds none. */
  readonly token?: string | undefined
  /** Bytes of input, as far as known: sets the JVM of the embedded server for a fast start or for a high rate. */
  readonly inputBytes?: number | undefined
  /** Heap of the embedded server (`SPARK_DRIVER_MEMORY`), such as `4g`. Default: half of the memory, 1 to 4 GiB. */
  readonly driverMemory?: string | undefined
  /** `SPARK_HOME`: a Spark 4 to take where Maven is missing. */
  readonly sparkHome?: string | undefined
  /** How long the embedded server waits for the next run; default: 0, it ends with this one. */
  readonly keepMs?: number | undefined
  /** Where Spark is kept between runs. Default: {@link sparkFolder}. */
  readonly home?: string | undefined
  readonly log: Logger
  /** Called with one line for people at each step of installing and starting. */
  readonly onProgress?: ((text: string) => void) | undefined
  /** Called with what Spark reports of each query that runs (every 2 s) and at its end. */
  readonly onQuery?: ((event: ProgressEvent) => void) | undefined
  /** How long a remote server may leave us without an answer, at the start and later. Default: 30,000. */
  readonly connectTimeoutMs?: number | undefined
  /** Ends the opening; a server that is open is ended by `close`. */
  readonly signal?: AbortSignal | undefined
}

/** A Spark to work with. */
export interface SparkServer {
  readonly kind: 'remote' | 'local' | 'embedded'
  readonly session: SparkSession
  /** Host and port, for people and logs; no secrets. */
  readonly address: string
  /** Whether the server sees this machine's files at the same paths. */
  readonly readsLocalFiles: boolean
  /**
   * A private folder that the server reads and that is removed at the end, even after `kill -9`; null unless embedded.
   */
  readonly scratch: string | null
  /** Whether it is an embedded server that an earlier run has left. */
  readonly wasKept: boolean
  /**
   * What an error thrown by the session means for the user: out of memory, server gone, query failed. An error that is
   * no error of Spark comes back as it is. The embedded server is asked what it died of.
   */
  explain(error: unknown): Promise<unknown>
  /** Ends the session, and the embedded server with it. Safe to call twice. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A session on the Spark that the settings and this machine suggest; what was chosen and why is one log line.
 *
 * *Errors:* `AppError('spark')` if the server cannot be reached, installed or started, `AppError('usage')` for a
 * malformed `remote` or `driverMemory`. *Cost:* see {@link installSpark} for the first embedded start.
 */
export async function openSpark(options: OpenSparkOptions): Promise<SparkServer> {
  const choice = await chooseSpark(options.remote, () => findComposeServer(options))
  const server =
    choice.kind === 'embedded' ? await openEmbedded(options, choice.master) : await openRemote(options, choice)
  options.log.info('spark', { kind: server.kind, address: server.address, why: choice.why })
  return server
}

/**
 * Runs work on a Spark and closes it, whatever happens; errors come out as {@link SparkServer.explain} puts them.
 *
 * When a server that is not ours loses the session, because it was restarted say, or an executor with rows that only it
 * had, the work is run once more from its start on a new session: views, checkpoints and uploads of the first are gone
 * with it. A second loss is the error.
 * The work must therefore publish nothing before its last query is through.
 */
export async function withSpark<T>(
  options: OpenSparkOptions & {
    /** Runs each opening, to time it or to say that it goes on. */
    readonly opening?: (open: () => Promise<SparkServer>) => Promise<SparkServer>
  },
  work: (server: SparkServer) => Promise<T>,
): Promise<T> {
  const opening = options.opening ?? ((open) => open())
  for (let attempt = 1; ; attempt++) {
    const server = await opening(() => openSpark(options))
    try {
      return await work(server)
    } catch (error) {
      const meaning = await server.explain(error)
      const lost = whatIsLost(error)
      const isNew = server.kind === 'embedded' && !server.wasKept
      if (attempt > 1 || isNew || options.signal?.aborted || lost === null) throw meaning
      options.log.warn(`${lost}; starting over`, { address: server.address, reason: String(meaning) })
    } finally {
      await server.close()
    }
  }
}

/** The Java that the embedded server would run on. *Errors:* `AppError('spark')` if there is none that can. */
export function findJava(env: local.ProgramEnvironment): Promise<local.Java> {
  return orExplained(local.findJava(env))
}

/** Brings Spark into `home` if it is not there: what the first embedded start does by itself. See the client's install.ts. */
export function installSpark(
  options: Pick<OpenSparkOptions, 'home' | 'sparkHome' | 'log' | 'onProgress' | 'signal'>,
): Promise<local.SparkJars> {
  return orExplained(local.installSpark({ ...options, home: options.home ?? sparkFolder }))
}

/** An embedded server that others connect to by its address, for benchmarks and for a host of several short jobs. */
export async function startSparkServer(
  options: Pick<
    OpenSparkOptions,
    'home' | 'sparkHome' | 'driverMemory' | 'inputBytes' | 'log' | 'onProgress' | 'signal'
  >,
): Promise<{
  /** A connection string with the server's token in it: a secret. */
  readonly url: string
  close(): Promise<void>
}> {
  const server = await startEmbedded(options, {})
  return { url: server.url, close: async () => void (await server.stop()) }
}

async function startEmbedded(
  options: OpenSparkOptions,
  special: Pick<local.LocalServerOptions, 'master' | 'archive'>,
): Promise<local.LocalServer> {
  await checkPlaces(options.home ?? sparkFolder)
  const home = await makeHome(options.home ?? sparkFolder)
  const { sparkHome, inputBytes, driverMemory: memory, keepMs, log, onProgress, signal } = options
  const given = { home, sparkHome, inputBytes, memory, keepMs, log, onProgress, signal }
  return await orExplained(
    local.startLocalServer({ ...given, ...special, config: { 'spark.app.name': 'radio-plays' } }),
  )
}

async function orExplained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw explainLocal(error)
  }
}

async function openRemote(
  options: OpenSparkOptions,
  choice: Exclude<Choice, { kind: 'embedded' }>,
): Promise<SparkServer> {
  const address = withoutSecrets(choice.url)
  const sent = new SentPlans()
  options.onProgress?.(`connecting to ${address}`)
  let session: SparkSession
  try {
    const connectTimeoutMs = options.connectTimeoutMs ?? 30_000
    session = await SparkSession.connect(withToken(choice.url, options.token), {
      signal: options.signal,
      ...(choice.kind === 'local' ? { tls: { ca: choice.certificate } } : {}),
      onProgress: options.onQuery,
      connectWaitMs: connectTimeoutMs,
      config: local.sessionSettings(options.inputBytes),
      // A job adds no artifacts. On the classes of the jobs before it a million plays took 23.0 s instead of 30.5.
      artifactIsolation: false,
      // PySpark's policy waits ten minutes in silence (reliability: every wait has a deadline and says what it is for).
      retry: { maxTotalWaitMs: connectTimeoutMs },
      onEvent: (event) => {
        sent.count(event)
        if (event.kind !== 'retry' || event.waitMs < 1000) return
        options.onProgress?.(`${address} does not answer; trying again in ${Math.round(event.waitMs / 1000)} s`)
      },
    })
  } catch (error) {
    options.signal?.throwIfAborted()
    throw explainAddress(error) ?? explainQuery(error, address)
  }
  return serve(
    {
      kind: choice.kind,
      session,
      address,
      readsLocalFiles: false,
      scratch: null,
      wasKept: false,
      explain: async (error) => explainQuery(error, address),
      end: async () => sent.log(options.log),
    },
    options.signal,
  )
}

async function openEmbedded(options: OpenSparkOptions, master: string): Promise<SparkServer> {
  if (process.platform === 'win32') {
    throw new AppError('spark', 'the embedded Spark needs a Unix shell', {
      remedy: 'run inside WSL, or start a server with "docker compose up"',
    })
  }
  const server = await startEmbedded(options, {
    master,
    // Only a run with an input is a real job, whose classes are worth keeping.
    archive: options.inputBytes ? 'record' : 'use',
  })
  const address = `sc://127.0.0.1:${server.port}`
  const sent = new SentPlans()
  let failed = false
  const explain = (error: unknown): Promise<unknown> => {
    failed = true
    return explainEmbedded(error, server, address)
  }
  try {
    const session = await SparkSession.connect(withToken(address, server.token), {
      signal: options.signal,
      onProgress: options.onQuery,
      onEvent: sent.count,
      // Nobody restarts this server: a connection that is refused for a second will be refused for ever.
      retry: { maxRetries: 3 },
      // The runs that a server is kept for find the classes of those before.
      ...(options.keepMs ? { artifactIsolation: false } : {}),
      ...(server.wasKept ? { config: server.sessionConfig } : {}),
    })
    return serve(
      {
        kind: 'embedded',
        session,
        address,
        readsLocalFiles: true,
        scratch: server.scratch,
        wasKept: server.wasKept,
        explain,
        async end() {
          sent.log(options.log)
          // A job that failed has not loaded all that a job needs, and may be the server's fault.
          const left = await server.stop({ keep: !failed, signal: options.signal })
          if (left === 'ended' || server.wasKept) return
          const minutes = Math.round((options.keepMs ?? 0) / 60_000)
          options.log.info(`Spark waits ${minutes} min for the next run ("npm run spark -- stop" ends it)`)
        },
      },
      options.signal,
    )
  } catch (error) {
    const meaning = await explain(error)
    await server.stop({ keep: false })
    options.signal?.throwIfAborted()
    throw meaning
  }
}

async function makeHome(home: string): Promise<string> {
  try {
    await mkdir(home, { recursive: true })
    await access(home, constants.W_OK)
  } catch (cause) {
    throw new AppError('spark', 'the folder that keeps Spark between runs cannot be written', {
      place: home,
      remedy: 'make it writable, or start a server with "docker compose up"',
      cause,
    })
  }
  return home
}

/** How long the good-bye to a session may take; a server that is gone or busy is left without one. */
const releaseTimeoutMs = 2000

function serve(
  parts: Omit<SparkServer, 'close' | typeof Symbol.asyncDispose> & { end(): Promise<void> },
  signal: AbortSignal | undefined,
): SparkServer {
  const { end, ...server } = parts
  // Whatever the job waits for on the server ends there, also where no signal was passed along.
  const interrupt = () => void server.session.interruptAll().catch(() => {})
  signal?.addEventListener('abort', interrupt, { once: true })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    signal?.removeEventListener('abort', interrupt)
    closing ??= (async () => {
      const patience = Promise.withResolvers<void>()
      const timer = setTimeout(patience.resolve, releaseTimeoutMs)
      await Promise.race([server.session.stop().catch(() => {}), patience.promise])
      clearTimeout(timer)
      await end()
    })()
    return closing
  }
  return { ...server, close, [Symbol.asyncDispose]: close }
}
