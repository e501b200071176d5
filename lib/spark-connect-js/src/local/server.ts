import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { dropArchive, findArchive } from './archive.ts'
import { checkJars, describeFaults } from './checksums.ts'
import { LocalServerError } from './error.ts'
import { UnexplainedEnd } from './exit.ts'
import { installSpark } from './install.ts'
import { fingerprintJars, type SparkJars } from './jars.ts'
import { findJava } from './java.ts'
import { environmentForJvm } from './jvm.ts'
import { leaseKept, recordName } from './kept/index.ts'
import { launch, type Parts } from './launch.ts'
import type { LocalServer, LocalServerOptions } from './local-server.ts'
import { noLog } from './log.ts'
import { sweepLeftovers } from './stale-servers.ts'
import { sessionPart, thisMachine, tune } from './tuning.ts'

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
  const tuning = tune(options.inputBytes, options.memory, thisMachine(), Boolean(options.keepMs))
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

/** All that makes a server what it is, but for what a session can set; with the environment, which may hold credentials. */
async function keyOf({ java, jars, tuning, master, config, token, port }: Parts): Promise<string> {
  const [session, settings] = [sessionPart(tuning), Object.entries(tuning.spark)]
  const fixed = settings.filter(([name]) => session[name] === undefined)
  const all = [await fingerprintJars(jars, java.path), java.version, tuning.jvm, fixed, master, config, token, port]
  return createHash('sha256')
    .update(JSON.stringify([...all, environmentForJvm()]))
    .digest('hex')
}
