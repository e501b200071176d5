import { connect } from 'node:net'
import { SparkSession } from 'spark-connect-js'
import type { Logger } from '../log.ts'
import { withoutSecrets, withToken } from './resolve.ts'

/**
 * How long an open port has to answer in the protocol. A server that has worked takes 10 ms, the first answer of a fresh
 * one 0.3 s, on a machine with six times more to do than it can more than 2 s.
 */
export const probeTimeoutMs = 5000

export interface ProbeOptions {
  readonly token?: string | undefined
  /** The only certificate that the server may show; nothing, the token included, is sent to one that shows another. */
  readonly certificate?: string | undefined
  readonly log: Logger
  readonly signal?: AbortSignal | undefined
}

/**
 * Whether a Spark Connect server answers in its protocol: an open port may be anything.
 *
 * *Cost:* 1 ms where nobody listens, at most {@link probeTimeoutMs} otherwise. *Errors:* the reason of `signal`.
 */
export async function speaksConnect(url: string, options: ProbeOptions): Promise<boolean> {
  const [, host, port] = /^sc:\/\/([^:/;]+):(\d+)/.exec(url) ?? []
  if (host === undefined || !(await isPortOpen(Number(port), 500, host))) return false
  const timeout = AbortSignal.timeout(probeTimeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  let session: SparkSession | undefined
  try {
    session = await SparkSession.connect(withToken(url, options.token), {
      signal,
      connectWaitMs: probeTimeoutMs,
      ...(options.certificate === undefined ? {} : { tls: { ca: options.certificate } }),
    })
    const version = await session.version()
    options.log.debug('a server answers', { address: withoutSecrets(url), version })
    return true
  } catch (error) {
    options.signal?.throwIfAborted()
    // The user may have meant this server: why it is passed over must be seen.
    options.log.warn('something listens there but is no Spark Connect server that lets us in', {
      address: withoutSecrets(url),
      error,
    })
    return false
  } finally {
    await session?.stop().catch(() => {})
  }
}

/** Whether somebody listens on a port: the cheap question (1 ms) before the real one. */
export async function isPortOpen(port: number, timeoutMs: number, host = 'localhost'): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs })
    const answer = (value: boolean) => () => {
      socket.destroy()
      resolve(value)
    }
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false))
  })
}
