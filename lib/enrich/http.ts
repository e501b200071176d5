import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import axios, { type AxiosInstance } from 'axios'
import { AppError } from '../errors.ts'
import type { Clock } from './clock.ts'

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
export type HttpOutcome =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly failure: Failure; readonly text: string }

export interface HttpOptions {
  readonly userAgent: string
  readonly clock: Clock
  /** Keys and tokens: taken out of every text that leaves this module. */
  readonly secrets?: readonly string[]
}

/**
 * The one door to the outside: no redirects, no environment proxies, bounded body and time, connections kept open.
 *
 * The body is bounded after decompression, so that a small gzip bomb fails like any other body that is too large.
 */
export class HttpDoor {
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
      // A redirect must go through the lane again, paced and checked; axios would follow it unseen.
      maxRedirects: 0,
      proxy: false,
      decompress: true,
      responseType: 'arraybuffer',
      // Last.fm and Deezer send errors as 200 and answers as 400: the body is read whatever the status.
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
  async send(base: URL, request: HttpRequest, timeoutMs: number, signal?: AbortSignal): Promise<HttpOutcome> {
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

  #failure(error: unknown, timedOut: boolean, aborted: boolean): HttpOutcome {
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

/** True for an address on this machine. */
export const isLoopback = (url: URL): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)

/**
 * Checks a base address: the service's own host over https, or one on loopback (stubs), or anything when
 * `allowCustom` is set (mirrors).
 *
 * *Errors:* AppError `usage`.
 */
export function baseAddress(given: string | undefined, official: string, setting: string, allowCustom: boolean): URL {
  const known = new URL(official)
  const url = new URL(given ?? official)
  // `http://localhost:8001` means the service's usual paths there.
  if (url.pathname === '/') url.pathname = known.pathname
  const loopback = isLoopback(url)
  const own = url.protocol === 'https:' && url.hostname === known.hostname && url.port === ''
  if (url.username !== '' || url.password !== '')
    throw new AppError('usage', `${setting} must not hold a user or a password`)
  if (!own && !loopback && !allowCustom) {
    throw new AppError('usage', `${setting} is neither ${known.hostname} nor on this machine`, {
      place: url.host,
      remedy: 'set ALLOW_CUSTOM_HOSTS=1 to send requests to a mirror',
    })
  }
  return url
}

/**
 * The address of who asks, as the services want it in the User-Agent, or null if none was given.
 *
 * *Errors:* AppError `usage` for a placeholder or something that is neither a web nor a mail address.
 */
export function contactAddress(given: string | undefined): string | null {
  const contact = given?.trim() ?? ''
  if (contact === '') return null
  const form = /^(https?:\/\/[^\s()]+|(mailto:)?[^\s()@]+@[^\s()@]+\.[^\s()@]+)$/i
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a header must not hold them
  const bad = /example\.(com|org|net)|localhost|127\.0\.0\.1|changeme|change-me|[\u0000-\u001f\u007f-\uffff]/i
  if (!form.test(contact) || bad.test(contact) || contact.length > 200) {
    throw new AppError('usage', 'ENRICH_CONTACT is not an address under which you can be reached', {
      place: contact.slice(0, 60),
      remedy: 'set it to your web page or mail address, or leave it out and accept the slower limit',
    })
  }
  return contact
}
