import { type FileHandle, open } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { AppError } from '../errors.ts'
import { networkError, Passing, shown } from './errors.ts'
import type { FetchOptions } from './options.ts'
import { dropPart, type PartState, partOf, writeState } from './part.ts'
import { received } from './received.ts'
import { follow } from './request.ts'

const defaultMaxBytes = 200_000_000
// Answers that another try may turn into the file.
const passing = new Set([408, 425, 429, 500, 502, 503, 504])

/** Brings what is missing of the file into its `.part`, with one request; returns the bytes that it did not have to bring. */
export async function transfer(url: URL, part: PartState, options: FetchOptions): Promise<number> {
  const response = await follow(url, part, options)
  const chunks = received(response)
  try {
    await checkAnswer(response, url, options.target)
    const start = response.statusCode === 206 ? rangeStart(response.headers['content-range']) : 0
    if (start === null || start > part.bytes) {
      await dropPart(options.target)
      throw new Passing('the server sent a different range than requested', { waitMs: 0 })
    }
    const length = numberOf(response.headers['content-length'])
    const total = length === null ? null : start + length
    const limit = new SizeLimit(url, options)
    if (total !== null) limit.check(total)
    await writeState(options.target, url, validatorOf(response))
    const end = await writePart(chunks, { start, total, limit }, options)
    if (total !== null && end !== total) throw new Passing(`the transfer ended after ${end} of ${total} bytes`)
    return start
  } finally {
    response.destroy()
  }
}

/** Refuses an answer that is not the file. */
async function checkAnswer(response: IncomingMessage, url: URL, target: string): Promise<void> {
  const status = response.statusCode ?? 0
  if (status === 416) {
    // The file became shorter than what we have of it.
    await dropPart(target)
    throw new Passing('the partial download no longer matches the file', { waitMs: 0 })
  }
  if (passing.has(status)) {
    const waitMs = retryAfterMs(response.headers['retry-after'])
    throw new Passing(`the server answers ${status}`, waitMs === undefined ? {} : { waitMs })
  }
  if (status !== 200 && status !== 206) {
    throw new AppError('input', `the server answers ${status} ${response.statusMessage ?? ''}`.trim(), {
      place: shown(url),
      remedy:
        status === 404 || status === 410
          ? 'correct the address: nothing is there'
          : 'correct the address, or try later',
    })
  }
  if (/^text\/html\b/i.test(response.headers['content-type'] ?? '')) {
    // A portal that wants a login, or a page about the file instead of the file.
    throw new AppError('input', 'the server sent a web page instead of a file', {
      place: shown(url),
      remedy: 'name the file’s own address, and check that no login page is in between',
    })
  }
  const encoding = response.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return
  throw new AppError('input', `the server compressed the file (${encoding}), although it was asked not to`, {
    place: shown(url),
    remedy: 'name another address',
  })
}

class SizeLimit {
  readonly #url: URL
  readonly #maxBytes: number

  constructor(url: URL, options: FetchOptions) {
    this.#url = url
    this.#maxBytes = options.maxBytes ?? defaultMaxBytes
  }

  check(bytes: number): void {
    if (bytes <= this.#maxBytes) return
    throw new AppError('input', `the file is larger than ${this.#maxBytes} bytes`, {
      place: shown(this.#url),
      remedy: 'raise --max-bytes if that is intended',
    })
  }
}

/** Writes the answer into the part, from `start` on; returns where it ended. */
async function writePart(
  chunks: AsyncIterable<Buffer>,
  { start, total, limit }: { readonly start: number; readonly total: number | null; readonly limit: SizeLimit },
  options: FetchOptions,
): Promise<number> {
  let position = start
  const file = await open(partOf(options.target), start === 0 ? 'w' : 'r+')
  try {
    await file.truncate(start)
    options.onProgress?.(position, total)
    for await (const chunk of chunks) {
      limit.check(position + chunk.length)
      await writeAll(file, chunk, position)
      position += chunk.length
      options.onProgress?.(position, total)
    }
  } catch (error) {
    if (error instanceof AppError) await dropPart(options.target)
    throw networkError(error)
  } finally {
    await file.close()
  }
  return position
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

/** The wait that the server asks for; undefined for none, and for one that is over at once, which would be a hot loop. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return ms > 0 ? ms : undefined
}

function numberOf(header: string | undefined): number | null {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : null
}

async function writeAll(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written, chunk.length - written, position + written)).bytesWritten
  }
}
