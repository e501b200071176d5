import type { Call } from './call.ts'
import type { HttpRequest } from './client.ts'

/**
 * The request that a redirect leads to, or null for a foreign host. Only path and query are taken over: with a mirror or
 * a stub as base the request stays there.
 *
 * @param hosts that a redirect may name, beside the base address's own
 */
export function redirected<T>(call: Call<T>, location: string, hosts: readonly string[]): HttpRequest | null {
  let target: URL
  try {
    target = new URL(location, call.base)
  } catch {
    return null
  }
  const known = target.origin === call.base.origin || (target.protocol === 'https:' && hosts.includes(target.hostname))
  if (!known || target.username !== '' || target.password !== '') return null
  const prefixes = [call.base, new URL(call.service.address)].map((base) => base.pathname.replace(/\/?$/, '/'))
  const prefix = prefixes.find((one) => target.pathname.startsWith(one)) ?? ''
  return { ...call.request, path: target.pathname.slice(prefix.length), query: Object.fromEntries(target.searchParams) }
}
