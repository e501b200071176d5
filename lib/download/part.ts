import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../errors.ts'
import { checkOccupied, writeOutput } from '../output.ts'
import { fileError, shown } from './errors.ts'
import type { FetchOptions } from './options.ts'

/*
 * The files beside the target: `.part` and `.part.json` while it is under way, `.sha256` for ever.
 */

const isPin = (start: Buffer) => /^[0-9a-f]{64} /.test(start.toString())
const isState = (start: Buffer) => start.toString().startsWith('{"url":')

/** The file and what stands beside it are ours to write, or nothing is begun. No folder is made while nothing has come. */
export async function checkPlaces({ target, force }: FetchOptions): Promise<void> {
  const wasFetched = (await readPin(target).catch(() => null)) !== null
  const isUnderWay = await readFile(stateOf(target)).then(isState, () => false)
  await checkOccupied(target, { isOurs: () => wasFetched, force })
  await checkOccupied(pinOf(target), { isOurs: isPin, force })
  await checkOccupied(stateOf(target), { isOurs: isState, force })
  await checkOccupied(partOf(target), { isOurs: () => isUnderWay, force })
}

const hashOf = (url: URL) => createHash('sha256').update(url.href).digest('hex')

/** What there is of a file that is under way. */
export interface PartState {
  readonly bytes: number
  /** What `If-Range` needs to be sure that the rest is the rest of the same file; null: start over. */
  readonly validator: string | null
}

const nothing: PartState = { bytes: 0, validator: null }

export const partOf = (target: string) => `${target}.part`
const stateOf = (target: string) => `${target}.part.json`
const pinOf = (target: string) => `${target}.sha256`

export async function partState(target: string, url: URL): Promise<PartState> {
  const bytes = await sizeOf(partOf(target))
  if (bytes === null) return nothing
  try {
    const state: unknown = JSON.parse(await readFile(stateOf(target), 'utf8'))
    if (typeof state !== 'object' || state === null) return nothing
    const { address, validator } = state as { address?: unknown; validator?: unknown }
    if (address !== hashOf(url) || typeof validator !== 'string') return nothing
    return { bytes, validator }
  } catch {
    return nothing
  }
}

export async function dropPart(target: string): Promise<void> {
  await Promise.all([partOf(target), stateOf(target)].map((path) => rm(path, { force: true })))
}

/** The remembered checksum; null: this file was never fetched. */
export async function readPin(target: string): Promise<string | null> {
  let text: string
  try {
    text = await readFile(pinOf(target), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fileError(error, pinOf(target))
  }
  const sha256 = /^([0-9a-f]{64})(?: |$)/m.exec(text)?.[1]
  if (sha256 !== undefined) return sha256
  throw new AppError('input', 'the stored checksum cannot be read', {
    place: pinOf(target),
    remedy: 'fetch the file again with --renew',
  })
}

/** Remembers the checksum. */
export async function writePin(target: string, sha256: string): Promise<void> {
  await writeOutput(pinOf(target), `${sha256}  ${basename(target)}\n`, { isOurs: isPin })
}

/** Remembers which file of which address is under way; its user, password and query only as a hash. */
export async function writeState(target: string, url: URL, validator: string | null): Promise<void> {
  await writeOutput(stateOf(target), `${JSON.stringify({ url: shown(url), address: hashOf(url), validator })}\n`, {
    isOurs: isState,
  })
}

export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch {
    return null
  }
}

export async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, signal ? { signal } : {})) hash.update(chunk)
  return hash.digest('hex')
}
