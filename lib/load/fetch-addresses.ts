import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fetchFile } from '../download/index.ts'
import type { Logger } from '../log.ts'

/** Where the files of addresses are kept: HOST/PATH below it. */
const downloads = 'data/downloads'

const isAddress = (input: string) => /^https?:\/\//i.test(input)

/**
 * The inputs with a file of this machine in the place of each http(s) address.
 *
 * A file is fetched anew in every run, since logs grow, and replaced as a whole; a transfer that was cut goes on where it
 * ended. *Errors:* `AppError('input')` for an address that does not answer, holds a web page, or is larger than `maxBytes`.
 */
export async function fetchAddresses(
  inputs: readonly string[],
  options: { readonly maxBytes?: number | undefined; readonly log: Logger; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const files: string[] = []
  for (const input of inputs) files.push(isAddress(input) ? await fetchOne(new URL(input), options) : input)
  return files
}

async function fetchOne(
  url: URL,
  { maxBytes, log, signal }: { maxBytes?: number | undefined; log: Logger; signal: AbortSignal },
): Promise<string> {
  const target = join(downloads, fileOf(url))
  await mkdir(dirname(target), { recursive: true })
  const limit = maxBytes === undefined ? {} : { maxBytes }
  const { bytes } = await fetchFile({ url: url.href, target, renew: true, log, signal, ...limit })
  log.info('fetched', { address: `${url.origin}${url.pathname}`, file: target, bytes })
  return target
}

/** HOST/PATH as a path that no other address has and that leads nowhere else; the query, which may hold a secret, as a hash. */
function fileOf(url: URL): string {
  const parts = [url.host, ...decodeURI(url.pathname).split('/')]
  const path = join(...parts.map((part) => part.replace(/^\.+/, '').replace(/[^\p{L}\p{N}._-]/gu, '_')))
  if (url.search === '') return path
  const ending = extname(path)
  const hash = createHash('sha256').update(url.search).digest('hex').slice(0, 8)
  return `${path.slice(0, path.length - ending.length)}-${hash}${ending}`
}
