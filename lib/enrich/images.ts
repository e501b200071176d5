import { isLoopback } from './http/addresses.ts'

// The public hosts of pictures; those of other services count only for their own answers.
const usualHosts: ReadonlySet<string> = new Set([
  'upload.wikimedia.org',
  // Thumbnails moved here in August and September 2026; originals did not.
  'thumb.wikimedia.org',
  'commons.wikimedia.org',
  'coverartarchive.org',
])

/** An address that may be stored and shown, or why it may not. */
export type ImageAddress = { readonly url: string } | { readonly refused: string }

/**
 * Checks a picture's address before it is stored: https, one of the known hosts, no user, no port, at most 2,048
 * characters. `http:` is raised to `https:` for these hosts. Nothing is downloaded here or anywhere else.
 *
 * @param hosts further hosts: those of the service that named the picture
 * @param standIn where a service of this machine stands in for the real one: pictures of that origin are its own
 */
export function imageAddress(value: unknown, hosts: readonly string[] = [], standIn?: URL): ImageAddress {
  if (typeof value !== 'string' || value === '') return { refused: 'no address' }
  if (value.length > 2_048) return { refused: 'longer than 2,048 characters' }
  let url: URL
  try {
    url = new URL(value.startsWith('//') ? `https:${value}` : value)
  } catch {
    return { refused: 'not an address' }
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { refused: `not https: ${url.protocol}` }
  if (url.username !== '' || url.password !== '') return { refused: 'names a user' }
  if (standIn !== undefined && isLoopback(standIn) && url.origin === standIn.origin) return { url: url.href }
  if (url.port !== '') return { refused: 'names a port' }
  const known = usualHosts.has(url.hostname) || hosts.includes(url.hostname)
  if (!known) return { refused: 'host is not on the list' }
  url.protocol = 'https:'
  // The API adds parameters that tell Wikimedia where a view came from; the picture is the same without them.
  if (url.hostname.endsWith('.wikimedia.org')) url.search = ''
  return url.href.length > 2_048 ? { refused: 'longer than 2,048 characters' } : { url: url.href }
}

// Last.fm shows a star instead of every artist since 2019 and another for albums without a cover; others an empty hash
// or the MD5 of nothing. The hash in the path tells them on every host and in every size.
const placeholders =
  /2a96cbd8b46e442fc41c2b86b821562f|4128a6eb29f94943c9d206c08e625904|d41d8cd98f00b204e9800998ecf8427e|\/images\/artist\/\//i

/** True when the address is a provider's stand-in for "no picture". */
export function isPlaceholder(address: string): boolean {
  return placeholders.test(address)
}

/** The Cover Art Archive's address of a release's front cover made from ids alone: it costs no request. */
export function coverAddress(release: string | null, coverId: number | null, pixels: 250 | 1200 = 250): string | null {
  if (release === null || coverId === null || !Number.isSafeInteger(coverId) || coverId <= 0) return null
  return `https://coverartarchive.org/release/${release}/${coverId}-${pixels}.jpg`
}

/**
 * The Commons file name in an address or a title: `File:` off, percent-decoding once, underscores as blanks, NFC.
 *
 * Understands `https://commons.wikimedia.org/wiki/File:X`, `…/Special:FilePath/X` and `…/Special:Redirect/file/X`
 * (also over http, as Wikidata writes it) and bare names. Null for every other host, as old image relations have.
 */
export function fileTitle(value: unknown): string | null {
  if (typeof value !== 'string') return null
  let name = value.trim()
  if (/^[a-z]+:\/\//i.test(name)) {
    const path =
      /^https?:\/\/commons\.wikimedia\.org\/wiki\/(?:Special:FilePath\/|Special:Redirect\/file\/|(?=(?:File|Image):))([^?#]+)/i.exec(
        name,
      )
    if (!path?.[1]) return null
    try {
      name = decodeURIComponent(path[1])
    } catch {
      return null
    }
  }
  name = name
    .replace(/^(?:File|Image):/i, '')
    .replace(/_/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .normalize('NFC')
  // These cannot be part of a title; a `|` would break the list of titles in a request.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (name === '' || name.length > 240 || /[#<>[\]|{}\u0000-\u001f]/.test(name)) return null
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** The name of a file, percent-encoded, in the address of its picture; null: the picture is of another host. */
export function uploadedFile(address: string): string | null {
  const path = /^https:\/\/(?:upload|thumb)\.wikimedia\.org\/wikipedia\/commons\/(?:thumb\/)?\w\/\w\w\/([^/?#]+)/
  return path.exec(address)?.[1] ?? null
}
