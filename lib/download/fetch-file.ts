import { open, rename, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import { stdoutMark } from '../output.ts'
import { fileError, Passing, shown, unreachable } from './errors.ts'
import type { FetchOptions } from './options.ts'
import { checkPlaces, dropPart, partOf, partState, readPin, sha256Of, sizeOf, writePin } from './part.ts'
import { transfer } from './transfer.ts'

/** A file that was fetched or verified. */
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

const maxWaitMs = 60_000

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
  if (url.protocol === 'http:') options.log.warn('plain http: the first checksum cannot be trusted', { host: url.host })
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
      throw new AppError('input', 'the publisher’s file differs from the one fetched first', {
        place: `${shown(url)}: sha256 ${sha256}, remembered ${pinned}`,
        remedy: 'nothing was replaced; if the new file is what you want, fetch it with --renew',
      })
    }
    // The checksum first: a file without one would count as somebody else's.
    if (pinned === null) await writePin(target, sha256)
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

async function presentFile(target: string, pinned: string | null): Promise<FetchedFile> {
  if (pinned === null) {
    throw new AppError('usage', 'a file that was not fetched is there already', {
      place: target,
      remedy: 'name another place with --out, or replace it with --force',
    })
  }
  const sha256 = await sha256Of(target)
  if (sha256 !== pinned) {
    throw new AppError('input', 'the file was changed after it was fetched: its checksum differs', {
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
      if (failures >= tries) throw unreachable(url, error, after.bytes)
      const waitMs = Math.min(error.waitMs ?? (options.backoffMs ?? 500) * 2 ** (failures - 1), maxWaitMs)
      options.log.warn('fetching failed; trying again', { reason: error.message, waitMs, bytesSoFar: after.bytes })
      await sleep(waitMs, undefined, options.signal ? { signal: options.signal } : {})
    }
  }
}

function addressOf(text: string): URL {
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new AppError('usage', `${JSON.stringify(text)} is not an http or https address`, {
    place: '--url',
    remedy: 'write https://HOST/PATH',
  })
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
