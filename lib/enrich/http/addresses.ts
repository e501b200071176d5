import { AppError } from '../../errors.ts'

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
