import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fetchFile } from '../download/index.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'

/** Where the files of addresses are kept: HOST/PATH below it. */
const downloads = 'data/downloads'

const isAddress = (input: string) => /^https?:\/\//i.test(input)

/**
 * The inputs with a file of this machine in the place of each http(s) address.
 *
 * A file is fetched anew in every run, since logs grow, and replaced as a whole; a transfer that was cut goes on where it
 * ended. *Errors:* `AppError('input')` for an address that does not answer, holds a web page, or is larger than `maxBytes`;
 * `AppError('usage')` for one that is malformed.
 */
export async function fetchAddresses(
  inputs: readonly string[],
  options: { readonly maxBytes?: number | undefined; readonly log: Logger; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const files: string[] = []
  for (const input of inputs) files.push(isAddress(input) ? await fetchOne(urlOf(input), options) : input)
  return files
}

async function fetchOne(
  url: URL,
  { maxBytes, log, signal }: { maxBytes?: number | undefined; log: Logger; signal: AbortSignal },
): Promise<string> {
  const target = join(downloads, fileOf(url))
  await makeFolder(dirname(target))
  const limit = maxBytes === undefined ? {} : { maxBytes }
  const { bytes } = await fetchFile({ url: url.href, target, renew: true, log, signal, ...limit })
  log.info('fetched', { address: `${url.origin}${url.pathname}`, file: target, bytes })
  return target
}

function urlOf(input: string): URL {
  const url = URL.parse(input)
  if (url) return url
  throw new AppError('usage', 'an address is malformed', {
    // Without the user, the password and the query.
    place: input.replace(/\/\/.*@/s, '//').replace(/\?.*/s, ''),
    remedy: 'write https://HOST/PATH, in quotes',
  })
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    const inTheWay = cause.code === 'EEXIST' || cause.code === 'ENOTDIR'
    throw new AppError('input', `the folder ${folder} cannot be made (${cause.code})`, {
      place: folder,
      remedy: inTheWay ? 'a file has its name: move it away' : 'check the disk and the rights of the folder',
      cause,
    })
  })
}

// Names of files have at most 255 bytes; those of a transfer that is under way are longer than the file's.
const maxNameBytes = 200
const keptCharacters = 60
const longEnding = 10

/**
 * HOST/PATH as a path that no other address has and that leads nowhere else. Where that is not the address to the letter, a hash of it
 * follows; so does it in place of the query, which may hold a secret.
 */
function fileOf(url: URL): string {
  const parts = [url.hostname, ...readablePath(url).slice(1).split('/')]
  const names = parts.map(safeName)
  const isExact = url.protocol === 'https:' && url.port === '' && url.username === '' && url.search === ''
  const last = names.pop()!
  const ending = extname(last).length > longEnding ? '' : extname(last)
  // One without an ending may be the folder of another address.
  if (isExact && ending !== '' && [...names, last].join('/') === parts.join('/')) return join(...names, last)
  const hash = createHash('sha256').update(`${url.username}@${url.origin}${url.pathname}${url.search}`).digest('hex')
  return join(...names, `${last.slice(0, last.length - ending.length) || 'index'}-${hash.slice(0, 8)}${ending}`)
}

function readablePath({ pathname }: URL): string {
  try {
    return decodeURI(pathname)
  } catch {
    return pathname
  }
}

function safeName(part: string): string {
  const name = part.replace(/^\.+/, '').replace(/[^\p{L}\p{N}._-]/gu, '_')
  if (Buffer.byteLength(name) <= maxNameBytes) return name
  const ending = extname(name)
  return `${name.slice(0, keptCharacters)}${ending.length > longEnding ? '' : ending}`
}
