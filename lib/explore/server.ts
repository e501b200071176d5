import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { type ZoneClock, zoneClock } from '../stations/index.ts'
import { loadTables } from '../store/index.ts'
import { policyWith } from './document.ts'
import type { Asked } from './pages/asked.ts'
import { errorPage } from './pages/error.ts'
import { artistPage, playPage, songPage } from './pages/names.ts'
import { sqlPage } from './pages/sql.ts'
import { stationPage } from './pages/station.ts'
import { facetsPage, landingPage, searchPage, tablePage } from './pages/tables.ts'
import type { Reply } from './reply.ts'
import { ReviewPages, reviewForms } from './review/answer.ts'
import { Decisions } from './review/decisions.ts'
import { ForeignRequestError, Guard } from './review/guard.ts'
import { OverloadError, type Sandbox } from './sandbox.ts'
import { type View, viewReply } from './view.ts'

/** Where `explore serve` listens, and what its pages show. */
export interface ServeOptions {
  /** 0: a free one. */
  readonly port: number
  /** For people, without secrets: it stands on the first page. */
  readonly database: string
  /** Zone of the report. */
  readonly timezone: string
  /** The file that decisions are written to. */
  readonly overrides: string
  readonly log: Logger
}

/** The running pages of `explore serve`. */
export interface ExplorerServer {
  readonly url: string
  close(): Promise<void>
}

/** The report reads every table once; everything else has the limit of the sandbox. */
const reportMs = 60_000

/** A connection without a request is closed after so long. */
const idleMs = 10_000
/** A decision is a few words; a larger body ends the connection. */
const maxBodyBytes = 64 * 1024

/** How old an answer may be: who asks for what was just asked gets the same one, however many they are. */
const freshMs = 1000
const maxKept = 200

/** Answers that are being made or are not yet too old, by name. What failed is made anew. */
class Recent {
  readonly #answers = new Map<string, { readonly answer: Promise<unknown>; until: number }>()

  get<T>(name: string, make: () => Promise<T>, keepMs = freshMs): Promise<T> {
    const kept = this.#answers.get(name)
    if (kept && performance.now() < kept.until) return kept.answer as Promise<T>
    const answer = make()
    const entry = { answer, until: Number.POSITIVE_INFINITY }
    this.#answers.delete(name)
    this.#answers.set(name, entry)
    answer.then(
      () => {
        entry.until = performance.now() + keepMs
      },
      () => {
        if (this.#answers.get(name) === entry) this.#answers.delete(name)
      },
    )
    if (this.#answers.size > maxKept) this.#answers.delete(this.#answers.keys().next().value!)
    return answer
  }
}

/**
 * Pages of a database on 127.0.0.1: tables, values of columns, search, why a name is what it is, the report; and one on which
 * names are decided, which writes the overrides file.
 *
 * *Errors:* AppError `usage` if the port is taken. Of a page: 400 for what cannot be asked, 403 for a decision that no page of this server sent, 404,
 * 405 for anything but GET and HEAD elsewhere, 413 for a large body, 421 for a request that means another host (a page elsewhere whose name was made to point
 * here), 503 at the time limit.
 */
export async function serveExplorer(sandbox: Sandbox, options: ServeOptions): Promise<ExplorerServer> {
  const decisions = new Decisions(options.overrides, (question, args, ms) => sandbox.ask(question, args, ms))
  const pages: Pages = {
    sandbox,
    recent: new Recent(),
    review: new ReviewPages(decisions, new Guard()),
    clock: zoneClock(options.timezone),
  }
  const server = createServer(
    // Half a request may not hold a connection either; looked at each second instead of every 30.
    { requestTimeout: idleMs, headersTimeout: idleMs, keepAliveTimeout: 5000, connectionsCheckingInterval: 1000 },
    (request, response) => {
      // A page may take its time; Node starts the clock again when the answer is sent.
      request.socket.setTimeout(0)
      if (refuseLargeBody(request, response)) return
      void handle(request, response, pages, options)
    },
  )
  server.maxHeadersCount = 50
  server.maxConnections = 2000
  server.on('connection', (socket) => socket.setTimeout(idleMs, () => socket.destroy()))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(
        new AppError(
          'usage',
          taken ? `port ${options.port} is taken` : `cannot listen on port ${options.port} (${error.code})`,
          {
            place: '--port',
            remedy: 'name another port, or leave --port out for a free one',
            cause: error,
          },
        ),
      )
    })
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Ends the connection of a body beyond the limit, announced or not; true if the request is done with. */
function refuseLargeBody(request: IncomingMessage, response: ServerResponse): boolean {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) {
    response.writeHead(413, { connection: 'close', 'content-length': 0 })
    response.end(() => request.socket.destroy())
    return true
  }
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBodyBytes) request.socket.destroy()
  })
  return false
}

/** What answers requests, beside the options. */
interface Pages {
  readonly sandbox: Sandbox
  readonly recent: Recent
  readonly review: ReviewPages
  readonly clock: ZoneClock
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  pages: Pages,
  options: ServeOptions,
): Promise<void> {
  const started = performance.now()
  const { status, body, type = 'text/html', policy = policyWith(), headers } = await replyTo(request, pages, options)
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
  options.log.debug('page', { status, ms: Math.round(performance.now() - started) })
}

async function replyTo(request: IncomingMessage, pages: Pages, options: ServeOptions): Promise<Reply> {
  const failed = (status: number, title: string, message: string, remedy?: string): Reply => ({
    status,
    body: errorPage(title, message, remedy),
  })
  try {
    const port = request.socket.localPort
    if (![`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? ''))
      return failed(421, 'Not here', 'Host header does not match this server.')
    const url = URL.parse(request.url ?? '/', `http://127.0.0.1:${port}`)
    if (url === null) return failed(400, 'Not understood', 'Invalid address.')
    if (request.method === 'POST' && reviewForms.has(url.pathname))
      return await pages.review.take(request, url.pathname)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const refused = failed(405, 'Not here', 'Only decisions of the page Review are written; everything else is read.')
      return { ...refused, headers: { allow: reviewForms.has(url.pathname) ? 'POST' : 'GET, HEAD' } }
    }
    const reply = await pageFor(url, pages, options)
    return reply ?? failed(404, 'Not found', 'Page not found.')
  } catch (error) {
    if (!(error instanceof AppError)) {
      options.log.error('page failed', { error, path: request.url })
      return failed(500, 'Failed', 'This is a bug; see the terminal for details.')
    }
    if (error instanceof OverloadError) return failed(503, 'Too slow', error.message, error.remedy)
    if (error instanceof ForeignRequestError) return failed(403, 'Not accepted', error.message, error.remedy)
    const where = error.place === undefined ? error.message : `${error.message} (${error.place})`
    return failed(error.kind === 'usage' ? 400 : 500, 'Cannot be shown', where, error.remedy)
  }
}

async function pageFor(url: URL, pages: Pages, options: ServeOptions): Promise<Reply | null> {
  const { sandbox, recent, review } = pages
  if (url.pathname === '/review') return review.show(url.searchParams.get('said'))
  if (url.pathname === '/report') {
    const { timezone, database } = options
    const body = await recent.get('/report', () => sandbox.ask('report', { timezone, database }, reportMs))
    // The page brings a policy of its own, for the hosts of its pictures.
    return { status: 200, body, policy: "frame-ancestors 'none'" }
  }
  return keptPage(url, pages, options)
}

/** The values of a loaded table stay what they are until the next run; everything else is at most a second old. */
async function keptPage(
  url: URL,
  { sandbox, recent, clock }: Pages,
  { database, timezone }: ServeOptions,
): Promise<Reply | null> {
  const page = Object.hasOwn(pagesByPath, url.pathname) ? pagesByPath[url.pathname]! : undefined
  if (page === undefined) return null
  const ask: Sandbox['ask'] = (question, args, ms) => sandbox.ask(question, args, ms)
  const make = async () => viewReply(await page({ url, ask, database, timezone, clock }), url)
  const loaded = (loadTables as readonly string[]).includes(url.searchParams.get('table') ?? '')
  if (url.pathname !== '/facets' || !loaded) return recent.get(url.pathname + url.search, make)
  const state = await recent.get('state', () => sandbox.ask('state', {}))
  return recent.get(`${url.search} ${state}`, make, Number.POSITIVE_INFINITY)
}

const pagesByPath: Readonly<Record<string, (asked: Asked) => Promise<View>>> = {
  '/': landingPage,
  '/table': tablePage,
  '/facets': facetsPage,
  '/search': searchPage,
  '/artist': artistPage,
  '/song': songPage,
  '/play': playPage,
  '/station': stationPage,
  '/sql': sqlPage,
}
