import { homedir } from 'node:os'
import { join } from 'node:path'
import { LocalServerError } from './error.ts'
import { readJars } from './jars.ts'
import type { LocalServer, LocalServerOptions } from './local-server.ts'
import { startLocalServer } from './server.ts'

/** Where local mode keeps Spark between runs: `SPARK_CONNECT_JS_HOME`, else a folder among the user's caches. */
export function defaultHome(env: NodeJS.ProcessEnv = process.env): string {
  return env.SPARK_CONNECT_JS_HOME || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'spark-connect-js')
}

/** A share in a local server, which ends when the last of its sessions has given it back. */
export interface LocalLease {
  /** The connection string, with the token in it: a secret. */
  readonly url: string
  /** Another share, for another session. */
  share(): LocalLease
  /** What the JVM died of, if it did by itself. */
  failure(): Promise<LocalServerError | null>
  release(): Promise<void>
}

interface Shared {
  readonly server: LocalServer
  sessions: number
}

// One server for all sessions of this process that ask for the same master and settings.
const running = new Map<string, Promise<Shared>>()

/**
 * A share in the local server for a master and settings, which is started for the first.
 *
 * `SPARK_HOME` is taken if it holds a Spark 4; else Spark is installed into `home`, once, by Maven.
 * `spark.driver.memory` (or `SPARK_DRIVER_MEMORY`) is the heap. *Errors:* {@link LocalServerError}.
 */
export async function leaseLocalServer(
  options: Partial<LocalServerOptions> & { readonly master: string },
): Promise<LocalLease> {
  const key = JSON.stringify([options.master, Object.entries(options.config ?? {}).sort()])
  let start = running.get(key)
  if (start === undefined) {
    start = startShared(options)
    running.set(key, start)
    forgetAtEnd(key, start)
  }
  const shared = await start
  // It may have ended, by itself or with its last session, while we waited.
  if (running.get(key) !== start) return await leaseLocalServer(options)
  return leaseOf(key, shared)
}

/** A server that did not start, or that died, is given to nobody else. */
function forgetAtEnd(key: string, start: Promise<Shared>): void {
  const forget = (): void => {
    if (running.get(key) === start) running.delete(key)
  }
  start.then(({ server }) => server.ended.then(forget), forget)
}

async function startShared(options: Partial<LocalServerOptions> & { readonly master: string }): Promise<Shared> {
  if (process.platform === 'win32') {
    throw new LocalServerError('a local Spark needs a Unix shell', {
      remedy: 'run inside WSL, or use a server that runs already (sc://HOST:PORT)',
    })
  }
  const sparkHome = process.env.SPARK_HOME
  const own = sparkHome ? await readJars(join(sparkHome, 'jars')) : null
  const server = await startLocalServer({
    home: defaultHome(),
    memory: options.config?.['spark.driver.memory'] ?? (process.env.SPARK_DRIVER_MEMORY || undefined),
    ...(own === null ? {} : { jars: own }),
    ...options,
  })
  return { server, sessions: 0 }
}

function leaseOf(key: string, shared: Shared): LocalLease {
  shared.sessions++
  let released: Promise<void> | undefined
  const end = async (): Promise<void> => {
    if (--shared.sessions > 0) return
    running.delete(key)
    await shared.server.stop()
  }
  return {
    url: shared.server.url,
    share: () => leaseOf(key, shared),
    failure: () => shared.server.failure(),
    release: () => {
      released ??= end()
      return released
    },
  }
}
