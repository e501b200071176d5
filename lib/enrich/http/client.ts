import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import axios, { type AxiosInstance } from 'axios'
import type { Clock } from '../clock.ts'

/** One request, relative to a service's base address. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  /** Joined to the base address; never holds a secret. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>
  /** Sent as `application/json`. */
  readonly json?: unknown
  readonly maxBytes: number
}

/** Why no answer came. */
export type Failure =
  | 'refused' // nobody there: connection refused, no such name, no route
  | 'timeout'
  | 'reset' // the connection broke off
  | 'too_large'
  | 'aborted' // by us
  | 'other'

/** An answer of whatever status, or why there is none. Nothing else ever leaves this module: no error of axios does. */
export type HttpResult =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly failure: Failure; readonly text: string }

export interface HttpOptions {
  readonly userAgent: string
  readonly clock: Clock
  /** Keys and tokens: taken out of every text that leaves this module. */
  readonly secrets?: readonly string[]
}

/**
 * The one client to the outside: no redirects, no environment proxies, bounded body and time, connections kept open.
 *
 * The body is bounded after decompression, so that a small gzip bomb fails like any other body that is too large.
 */
export class HttpClient {
  readonly #axios: AxiosInstance
  readonly #agents: readonly [HttpAgent, HttpsAgent]
  readonly #clock: Clock
  readonly #secrets: readonly string[]

  constructor(options: HttpOptions) {
    this.#clock = options.clock
    this.#secrets = (options.secrets ?? []).filter((secret) => secret.length >= 4)
    this.#agents = [
      new HttpAgent({ keepAlive: true, maxSockets: 8 }),
      new HttpsAgent({ keepAlive: true, maxSockets: 8 }),
    ]
    this.#axios = axios.create({
      httpAgent: this.#agents[0],
      httpsAgent: this.#agents[1],
      // A redirect must go through the limiter again, paced and checked; axios would follow it unseen.
      maxRedirects: 0,
      proxy: false,
      decompress: true,
      responseType: 'arraybuffer',
      // Some services send errors as 200 and answers as 400: the body is read whatever the status.
      validateStatus: () => true,
      transformResponse: [],
      transformRequest: [(data) => data],
      headers: { common: {} },
    })
    this.#axios.defaults.headers.common['User-Agent'] = `${options.userAgent} axios/${axios.VERSION}`
    this.#axios.defaults.headers.common['Accept-Encoding'] = 'gzip'
    this.#axios.defaults.headers.common.Accept = 'application/json'
  }

  /** Sends one request and reads its whole answer, in at most `timeoutMs`; never throws for what the network does. */
  async send(base: URL, request: HttpRequest, timeoutMs: number, signal?: AbortSignal): Promise<HttpResult> {
    const url = requestAddress(base, request)
    // Not AbortSignal.timeout: its timer, and with it the answer, would be held until the time is up.
    const ending = new AbortController()
    let timedOut = false
    const abort = () => ending.abort()
    const timer = setTimeout(
      () => {
        timedOut = true
        abort()
      },
      Math.max(1, Math.ceil(this.#clock.real(timeoutMs))),
    )
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    const headers: Record<string, string> = { ...request.headers }
    let data: string | undefined
    if (request.form) {
      data = new URLSearchParams(request.form).toString()
      headers['Content-Type'] = 'application/x-www-form-urlencoded; charset=utf-8'
    } else if (request.json !== undefined) {
      data = JSON.stringify(request.json)
      headers['Content-Type'] = 'application/json; charset=utf-8'
    }
    try {
      const answer = await this.#axios.request<ArrayBuffer | Uint8Array>({
        method: request.method,
        url: url.href,
        headers,
        data,
        maxContentLength: request.maxBytes,
        maxBodyLength: 1 << 20,
        signal: ending.signal,
      })
      const received: Record<string, string> = {}
      for (const [name, value] of Object.entries(answer.headers)) {
        if (value !== undefined && value !== null) received[name.toLowerCase()] = String(value)
      }
      return {
        status: answer.status,
        headers: received,
        body: new TextDecoder('utf-8').decode(answer.data),
      }
    } catch (error) {
      return this.#failure(error, timedOut, signal?.aborted === true)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  #failure(error: unknown, timedOut: boolean, aborted: boolean): HttpResult {
    const code = (error as { code?: unknown }).code
    const message = error instanceof Error ? error.message : String(error)
    // Only code and message are read: the error's config holds headers and body, and with them key and token.
    const text = this.scrub(`${typeof code === 'string' ? `${code}: ` : ''}${message}`).slice(0, 160)
    if (aborted) return { failure: 'aborted', text: 'stopped by us' }
    if (timedOut || code === 'ECONNABORTED' || code === 'ETIMEDOUT')
      return { failure: 'timeout', text: 'no answer in time' }
    if (/maxContentLength/.test(message)) return { failure: 'too_large', text }
    if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(String(code)))
      return { failure: 'refused', text }
    if (/^(ECONNRESET|EPIPE|ERR_BAD_RESPONSE|Z_.*|ERR_STREAM_PREMATURE_CLOSE|HPE_.*)$/.test(String(code)))
      return { failure: 'reset', text }
    return { failure: 'other', text }
  }

  /** The text without any of our secrets. */
  scrub(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.split(secret).join('***'), text)
  }

  /** Closes the connections that are kept open, so that the process can end. */
  close(): void {
    for (const agent of this.#agents) agent.destroy()
  }
}

/** The full address of a request. */
export function requestAddress(base: URL, request: Pick<HttpRequest, 'path' | 'query'>): URL {
  const url = new URL(
    request.path === '' ? base.href : base.href.replace(/\/?$/, '/') + request.path.replace(/^\//, ''),
  )
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.append(name, value)
  return url
}
