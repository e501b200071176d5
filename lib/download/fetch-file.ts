import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { basename, dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { checkOccupied, stdoutMark, writeOutput } from '../output.ts'

export interface FetchOptions {
  /** `https://…`, or `http://…`, which is warned of. */
  readonly url: string
  /** Where the file goes. Beside it: `.sha256` for ever, `.part` and `.part.json` while it is under way. */
  readonly target: string
  /** More than this is refused. Default: 200 MB. */
  readonly maxBytes?: number
  /** Tries without a byte of progress between them. Default: 5. */
  readonly tries?: number
  /** Wait before the second try, doubled with each further one, up to a minute. Default: 500. */
  readonly backoffMs?: number
  /** How long the server may be silent. Default: 30,000. */
  readonly idleMs?: number
  /** Fetch again even if the file is there, and remember the checksum of what comes now. */
  readonly renew?: boolean
  /** Also replace a file that was not fetched. */
  readonly force?: boolean
  readonly log: Logger
  readonly onProgress?: (bytes: number, total: number | null) => void
  readonly signal?: AbortSignal
}

export interface FetchedFile {
  readonly path: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
  /** `present`: it was there already and is what it was; nothing was asked of the network. */
  readonly outcome: 'fetched' | 'present'
  /** Whether the checksum was known before or is remembered from now on. */
  readonly checksum: 'verified' | 'remembered'
  /** Bytes that did not have to be sent again, since an earlier try had brought them. */
  readonly resumedBytes: number
}

const maxRedirects = 5
const longestWaitMs = 60_000
// Answers that another try may turn into the file.
const passing = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Brings a file from the network, once: what is under `target` is whole and is what it was the first time.
 *
 * A cut transfer goes on where it ended, within this run and in the next, if the server can (`Range` with `If-Range`: a
 * file that has changed meanwhile starts from its beginning). The first fetch writes the checksum beside the file in
 * the form of sha256sum; every later one, and every call that finds the file there, compares with it.
 *
 * *Errors:* AppError `input`: not reachable, refused, too large, a web page instead of a file, another checksum; `usage`:
 * malformed address, a file of somebody else in the place. The file under `target` is replaced whole or not at all.
 */
export async function fetchFile(options: FetchOptions): Promise<FetchedFile> {
  const url = addressOf(options.url)
  if (url.protocol === 'http:')
    options.log.warn('plain http: nobody vouches for the first checksum', { host: url.host })
  const { target } = options
  if (target === stdoutMark) {
    throw new AppError('usage', 'a fetched file is kept beside its checksum and does not go to stdout', {
      place: '--out',
      remedy: 'name a file with --out',
    })
  }
  const renew = (options.renew ?? false) || (options.force ?? false)
  const pinned = renew ? null : await readPin(target)
  if (!renew && (await sizeOf(target)) !== null) return presentFile(target, pinned)
  try {
    await checkPlaces(options)
    const { resumedBytes } = await download(url, options)
    const part = partOf(target)
    const sha256 = await sha256Of(part, options.signal)
    const bytes = (await stat(part)).size
    if (pinned !== null && pinned !== sha256) {
      await dropPart(target)
      throw new AppError('input', 'the publisher’s file is another one than the first time', {
        place: `${shown(url)}: sha256 ${sha256}, remembered ${pinned}`,
        remedy: 'nothing was replaced; if the new file is what you want, fetch it with --renew',
      })
    }
    // The checksum first: a file without one would count as somebody else's.
    if (pinned === null) await writeOutput(pinOf(target), `${sha256}  ${basename(target)}\n`, { isOurs: isPin })
    await syncFile(part)
    await rename(part, target)
    await dropPart(target)
    await syncFile(dirname(resolve(target)))
    return {
      path: target,
      bytes,
      sha256,
      outcome: 'fetched',
      checksum: pinned === null ? 'remembered' : 'verified',
      resumedBytes,
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    throw fileError(error, target)
  }
}

const isPin = (start: Buffer) => /^[0-9a-f]{64} /.test(start.toString())
const isState = (start: Buffer) => start.toString().startsWith('{"url":')

/** The file and what stands beside it are ours to write, or nothing is begun. No folder is made while nothing has come. */
async function checkPlaces({ target, force }: FetchOptions): Promise<void> {
  const wasFetched = (await readPin(target).catch(() => null)) !== null
  const isUnderWay = await readFile(stateOf(target)).then(isState, () => false)
  await checkOccupied(target, { isOurs: () => wasFetched, force })
  await checkOccupied(pinOf(target), { isOurs: isPin, force })
  await checkOccupied(stateOf(target), { isOurs: isState, force })
  await checkOccupied(partOf(target), { isOurs: () => isUnderWay, force })
}

async function presentFile(target: string, pinned: string | null): Promise<FetchedFile> {
  if (pinned === null) {
    throw new AppError('usage', 'there is a file already that was not fetched', {
      place: target,
      remedy: 'name another place with --out, or replace it with --force',
    })
  }
  const sha256 = await sha256Of(target)
  if (sha256 !== pinned) {
    throw new AppError('input', 'the file is not what was fetched: its checksum differs', {
      place: `${target}: sha256 ${sha256}, remembered ${pinned}`,
      remedy: 'delete it and fetch it again',
    })
  }
  const { size } = await stat(target)
  return { path: target, bytes: size, sha256, outcome: 'present', checksum: 'verified', resumedBytes: 0 }
}

/** Brings the whole file into its `.part`, over as many tries as it takes. */
async function download(url: URL, options: FetchOptions): Promise<{ resumedBytes: number }> {
  const tries = options.tries ?? 5
  let failures = 0
  let resumedBytes = 0
  for (;;) {
    options.signal?.throwIfAborted()
    const before = await partState(options.target, url)
    try {
      resumedBytes += await transfer(url, before, options)
      return { resumedBytes }
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!(error instanceof Passing)) throw error
      const after = await partState(options.target, url)
      if (after.bytes > before.bytes) failures = 0
      failures += 1
      if (failures >= tries) throw unreachable(url, options.target, error, after.bytes)
      const waitMs = Math.min(error.waitMs ?? (options.backoffMs ?? 500) * 2 ** (failures - 1), longestWaitMs)
      options.log.warn('fetching failed; trying again', { reason: error.message, waitMs, bytesSoFar: after.bytes })
      await sleep(waitMs, undefined, options.signal ? { signal: options.signal } : {})
    }
  }
}

/** A failure that may pass: the network, or a server that is busy. */
class Passing extends Error {
  readonly waitMs: number | undefined
  readonly code: string | undefined
  constructor(message: string, more: { waitMs?: number; code?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.waitMs = more.waitMs
    this.code = more.code
  }
}

/** What there is of a file that is under way. */
interface PartState {
  readonly bytes: number
  /** What `If-Range` needs to be sure that the rest is the rest of the same file; null: start over. */
  readonly validator: string | null
}

const nothing: PartState = { bytes: 0, validator: null }

/** One request; returns the bytes that it did not have to bring. */
async function transfer(url: URL, part: PartState, options: FetchOptions): Promise<number> {
  const maxBytes = options.maxBytes ?? 200_000_000
  const response = await follow(url, part, options)
  try {
    const status = response.statusCode ?? 0
    if (status === 416) {
      // The file became shorter than what we have of it.
      await dropPart(options.target)
      throw new Passing('the part that was kept no longer fits', { waitMs: 0 })
    }
    if (passing.has(status)) {
      const waitMs = retryAfterMs(response.headers['retry-after'])
      throw new Passing(`the server answers ${status}`, waitMs === undefined ? {} : { waitMs })
    }
    if (status !== 200 && status !== 206) {
      throw new AppError('input', `the server answers ${status} ${response.statusMessage ?? ''}`.trim(), {
        place: shown(url),
        remedy: status === 404 || status === 410 ? 'correct --url: nothing is there' : 'correct --url, or try later',
      })
    }
    const type = response.headers['content-type'] ?? ''
    if (/^text\/html\b/i.test(type)) {
      // A portal that wants a login, or a page about the file instead of the file.
      throw new AppError('input', 'a web page came instead of a file', {
        place: shown(url),
        remedy: 'name the file’s own address with --url, and check that no login page is in between',
      })
    }
    const encoding = response.headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity') {
      throw new AppError('input', `the server sends the file packed (${encoding}), which was not asked for`, {
        place: shown(url),
        remedy: 'name another address with --url',
      })
    }

    const start = status === 206 ? rangeStart(response.headers['content-range']) : 0
    if (start === null || start > part.bytes) {
      await dropPart(options.target)
      throw new Passing('the server sent another part than was asked for', { waitMs: 0 })
    }
    const length = numberOf(response.headers['content-length'])
    const total = length === null ? null : start + length
    const tooLarge = () =>
      new AppError('input', `the file is larger than ${maxBytes} bytes`, {
        place: shown(url),
        remedy: 'raise --max-bytes if that is meant',
      })
    if (total !== null && total > maxBytes) throw tooLarge()

    const state = JSON.stringify({ url: url.href, validator: validatorOf(response) })
    await writeOutput(stateOf(options.target), `${state}\n`, { isOurs: isState })
    let position = start
    const file = await open(partOf(options.target), start === 0 ? 'w' : 'r+')
    try {
      await file.truncate(start)
      options.onProgress?.(position, total)
      await pipeline(response, async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          if (position + chunk.length > maxBytes) throw tooLarge()
          await writeAll(file, chunk, position)
          position += chunk.length
          options.onProgress?.(position, total)
        }
      }).catch((error: unknown) => {
        throw networkError(error)
      })
    } catch (error) {
      if (error instanceof AppError) await dropPart(options.target)
      throw error
    } finally {
      await file.close()
    }
    if (total !== null && position !== total)
      throw new Passing(`the transfer ended after ${position} of ${total} bytes`)
    return start
  } finally {
    response.destroy()
  }
}

/** Sends the request and follows where it is sent to. */
async function follow(first: URL, part: PartState, options: FetchOptions): Promise<IncomingMessage> {
  let url = first
  for (let redirects = 0; ; redirects += 1) {
    const response = await send(url, part, options)
    const status = response.statusCode ?? 0
    const location = response.headers.location
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return response
    response.destroy()
    const refuse = (why: string) =>
      new AppError('input', why, { place: shown(url), remedy: 'name the file’s own address with --url' })
    if (redirects === maxRedirects) throw refuse(`the server sends us on more than ${maxRedirects} times`)
    const next = URL.parse(location, url.href)
    if (next === null || !/^https?:$/.test(next.protocol)) throw refuse('the server sends us to an address of no web')
    // What began with a proof of who answers must not end without one.
    if (url.protocol === 'https:' && next.protocol === 'http:') throw refuse('the server sends us from https to http')
    url = next
  }
}

async function send(url: URL, part: PartState, options: FetchOptions): Promise<IncomingMessage> {
  // Loaded here, since node:http brings the whole of fetch along, which commands that only read files would pay for.
  const http = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const range =
    part.bytes > 0 && part.validator !== null ? { range: `bytes=${part.bytes}-`, 'if-range': part.validator } : {}
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      headers: { 'user-agent': 'radio-plays', accept: '*/*', 'accept-encoding': 'identity', ...range },
      timeout: options.idleMs ?? 30_000,
      agent: false,
      ...(options.signal ? { signal: options.signal } : {}),
    })
    request.once('timeout', () =>
      request.destroy(Object.assign(new Error('the server is silent'), { code: 'ETIMEDOUT' })),
    )
    request.once('error', (error) => reject(networkError(error)))
    request.once('response', resolve)
    request.end()
  })
}

/** An error of the transfer as one that may pass; errors of our own disk stay what they are. */
function networkError(error: unknown): unknown {
  if (error instanceof AppError || error instanceof Passing) return error
  const { code, message = 'the connection broke' } = fieldsOf(error)
  // A certificate that is wrong now is wrong in a second.
  if (code !== undefined && /^(CERT|DEPTH|UNABLE|SELF_SIGNED|ERR_TLS|HOSTNAME)/.test(code)) {
    return new AppError('input', `the server cannot prove who it is (${code})`, {
      remedy: 'check the clock and the certificates of this machine, or name another address with --url',
      cause: error,
    })
  }
  if (code !== undefined && ['ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EROFS', 'EFBIG'].includes(code)) return error
  return new Passing(code === undefined || message.includes(code) ? message : `${message} (${code})`, {
    code,
    cause: error,
  })
}

function unreachable(url: URL, target: string, error: Passing, kept: number): AppError {
  const lookup = error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN'
  const message = lookup ? `no network, or no such host: ${url.hostname}` : `fetching failed: ${error.message}`
  const again = kept > 0 ? `; ${kept} bytes are kept and the next run goes on from there` : ''
  return new AppError('input', message, {
    place: shown(url),
    remedy: `try again with a network, or take the sample: npm run job:aggregate needs no ${basename(target)}${again}`,
    cause: error,
  })
}

function addressOf(text: string): URL {
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new AppError('usage', `${JSON.stringify(text)} is no address of a file on the web`, {
    place: '--url',
    remedy: 'write https://HOST/PATH',
  })
}

/** The address for people: without user, password and query, which may hold a secret. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`
}

const partOf = (target: string) => `${target}.part`
const stateOf = (target: string) => `${target}.part.json`
const pinOf = (target: string) => `${target}.sha256`

async function partState(target: string, url: URL): Promise<PartState> {
  const bytes = await sizeOf(partOf(target))
  if (bytes === null) return nothing
  try {
    const state: unknown = JSON.parse(await readFile(stateOf(target), 'utf8'))
    if (typeof state !== 'object' || state === null) return nothing
    const { url: from, validator } = state as { url?: unknown; validator?: unknown }
    if (from !== url.href || typeof validator !== 'string') return nothing
    return { bytes, validator }
  } catch {
    return nothing
  }
}

async function dropPart(target: string): Promise<void> {
  await Promise.all([partOf(target), stateOf(target)].map((path) => rm(path, { force: true })))
}

/** The remembered checksum; null: this file was never fetched. */
async function readPin(target: string): Promise<string | null> {
  let text: string
  try {
    text = await readFile(pinOf(target), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fileError(error, pinOf(target))
  }
  const sha256 = /^([0-9a-f]{64})(?: |$)/m.exec(text)?.[1]
  if (sha256 !== undefined) return sha256
  throw new AppError('input', 'the remembered checksum cannot be read', {
    place: pinOf(target),
    remedy: 'fetch the file again with --renew',
  })
}

/** A strong one: a weak ETag promises the same meaning, not the same bytes (RFC 9110, 13.1.5). */
function validatorOf(response: IncomingMessage): string | null {
  const { etag } = response.headers
  if (etag !== undefined && !etag.startsWith('W/')) return etag
  return response.headers['last-modified'] ?? null
}

function rangeStart(header: string | undefined): number | null {
  const start = /^bytes (\d+)-\d+\/(?:\d+|\*)$/.exec(header ?? '')?.[1]
  return start === undefined ? null : Number(start)
}

function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

function numberOf(header: string | undefined): number | null {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : null
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch {
    return null
  }
}

async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, signal ? { signal } : {})) hash.update(chunk)
  return hash.digest('hex')
}

async function writeAll(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written, chunk.length - written, position + written)).bytesWritten
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Errors of the system are no `Error` of ours where the code runs in a context of its own, as tests do. */
function fieldsOf(error: unknown): { readonly code?: string; readonly message?: string } {
  return typeof error === 'object' && error !== null ? error : {}
}

function fileError(error: unknown, target: string): unknown {
  if (error instanceof AppError) return error
  const { code } = fieldsOf(error)
  if (code === undefined) return error
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new AppError('input', full ? 'no space is left on the disk' : `the file cannot be written (${code})`, {
    place: target,
    remedy: full ? 'make room and start again; what has arrived is kept' : 'name another place with --out',
    cause: error,
  })
}
