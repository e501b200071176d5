import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Logger } from '../log.ts'
import { isPortOpen, speaksConnect } from './probe.ts'
import { localPort } from './resolve.ts'

/** The server of `docker compose up`, proven to be it. */
export interface ComposeServer {
  readonly url: string
  /** The only certificate that a connection to it may show, as PEM. */
  readonly certificate: string
}

export interface FindComposeServerOptions {
  readonly token?: string | undefined
  readonly log: Logger
  readonly signal?: AbortSignal | undefined
  /** Another port only in tests. */
  readonly port?: number | undefined
  /** What `docker` prints, null if it fails; another one only in tests. */
  readonly docker?: ((args: readonly string[], signal?: AbortSignal) => Promise<string | null>) | undefined
}

/**
 * The server of `docker compose up` if it runs; null if not, and then a job may start its own.
 *
 * Any user of this machine can listen on a port. So nothing is sent before the listener has shown, in a TLS handshake, that
 * it holds the private key of the container. Docker, which answers for its containers, gives us the certificate. Every later
 * connection is checked in the same way.
 *
 * *Cost:* 1 ms where the port is free, else two calls of `docker`. *Errors:* the reason of `signal`.
 */
export async function findComposeServer(options: FindComposeServerOptions): Promise<ComposeServer | null> {
  const { log, signal, docker = askDocker, port = localPort } = options
  if (!(await isPortOpen(port, 500))) return null
  const url = `sc://localhost:${port}`
  const filters = ['label=radio-plays.connect=tls', `publish=${port}`, 'status=running']
  const found = await docker(['ps', '--quiet', ...filters.flatMap((filter) => ['--filter', filter])], signal)
  const container = found?.split('\n')[0]?.trim()
  const certificate = container ? await docker(['exec', container, 'cat', '/var/spark/tls/cert.pem'], signal) : null
  signal?.throwIfAborted()
  if (certificate?.includes('-----BEGIN CERTIFICATE-----')) {
    return (await speaksConnect(url, { ...options, certificate })) ? { url, certificate } : null
  }
  log.warn(`port ${port} is in use by a program that is not the server of "docker compose up"; it is not used`, {
    address: url,
    remedy: `if it is your Spark server: SPARK_REMOTE=${url}; if it is that container: let this user call docker`,
  })
  return null
}

async function askDocker(args: readonly string[], signal?: AbortSignal): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('docker', args, { timeout: 5000, ...(signal ? { signal } : {}) })
    return stdout
  } catch {
    return null
  }
}
