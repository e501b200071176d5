import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../enrich/index.ts'

/** One request as it arrived. */
export interface Seen {
  /** Stub's clock, ms. */
  readonly at: number
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Requests under way, this one included. */
  readonly inFlight: number
  readonly path: string
  readonly query: URLSearchParams
  /** Fields of a form body. */
  readonly form: URLSearchParams
  /** Fields of a JSON body. */
  readonly json: unknown
  status: number
}

/** What a stub sends. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  readonly body?: unknown
  /** On the stub's clock. */
  readonly delayMs?: number
  /** Takes the response over: slow, broken or endless bodies. */
  readonly raw?: (request: IncomingMessage, response: ServerResponse) => void
}

export type Handler = (request: Seen) => Reply | Promise<Reply>
/** Sees each request first; a reply is sent in place of the service's, undefined lets it pass. `nth` counts from 1. */
export type Fault = (request: Seen, nth: number) => Reply | undefined

/** A plain HTTP server on a free loopback port that answers as a service does and writes down everything. */
export class StubServer {
  readonly seen: Seen[] = []
  fault: Fault | null = null
  maxInFlight = 0
  readonly #handler: Handler
  readonly #clock: Clock
  readonly #server: Server
  #inFlight = 0

  constructor(handler: Handler, clock: Clock) {
    this.#handler = handler
    this.#clock = clock
    this.#server = createServer((request, response) => void this.#serve(request, response))
    this.#server.keepAliveTimeout = 60_000
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
    return this
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Arrival times. */
  get times(): number[] {
    return this.seen.map((one) => one.at)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = this.#clock.now()
    this.#inFlight++
    this.maxInFlight = Math.max(this.maxInFlight, this.#inFlight)
    let open = true
    const ended = () => {
      if (open) this.#inFlight--
      open = false
    }
    response.once('close', ended)
    const inFlight = this.#inFlight
    const parts: Buffer[] = []
    try {
      for await (const part of request) parts.push(part as Buffer)
    } catch {
      return
    }
    const body = Buffer.concat(parts).toString('utf8')
    const url = new URL(request.url ?? '/', 'http://stub')
    const type = String(request.headers['content-type'] ?? '')
    const seen: Seen = {
      at,
      method: request.method ?? '',
      url: request.url ?? '',
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body,
      inFlight,
      path: url.pathname,
      query: url.searchParams,
      form: new URLSearchParams(type.includes('x-www-form-urlencoded') ? body : ''),
      json: type.includes('json') && body !== '' ? JSON.parse(body) : undefined,
      status: 0,
    }
    this.seen.push(seen)
    const reply = this.fault?.(seen, this.seen.length) ?? (await this.#handler(seen))
    if (reply.delayMs) await this.#clock.sleep(reply.delayMs)
    seen.status = reply.status ?? 200
    if (reply.raw) {
      reply.raw(request, response)
      return
    }
    const text = typeof reply.body === 'string' || Buffer.isBuffer(reply.body)
    const headers: Record<string, string> = {
      'content-type': 'application/json; charset=utf-8',
      date: new Date(this.#clock.now()).toUTCString(),
      ...reply.headers,
    }
    response.writeHead(reply.status ?? 200, headers)
    response.end(text ? (reply.body as string | Buffer) : JSON.stringify(reply.body ?? {}))
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}

/** The most of these times within any window of that length. */
export function maxInWindow(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  let most = 0
  let from = 0
  sorted.forEach((time, to) => {
    while (time - (sorted[from] ?? 0) >= windowMs) from++
    most = Math.max(most, to - from + 1)
  })
  return most
}
