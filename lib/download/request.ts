import type { IncomingMessage } from 'node:http'
import { AppError } from '../errors.ts'
import { networkError, shown } from './errors.ts'
import type { FetchOptions } from './options.ts'
import type { PartState } from './part.ts'

const maxRedirects = 5

/** Sends the request and follows where it is sent to. */
export async function follow(first: URL, part: PartState, options: FetchOptions): Promise<IncomingMessage> {
  let url = first
  for (let redirects = 0; ; redirects += 1) {
    const response = await send(url, part, options)
    const status = response.statusCode ?? 0
    const location = response.headers.location
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return response
    response.destroy()
    const refuse = (why: string) =>
      new AppError('input', why, { place: shown(url), remedy: 'name the file’s own address' })
    if (redirects === maxRedirects) throw refuse(`the server redirects more than ${maxRedirects} times`)
    const next = URL.parse(location, url.href)
    if (next === null || !/^https?:$/.test(next.protocol)) throw refuse('the server redirects to a non-HTTP address')
    // What began with a proof of who answers must not end without one.
    if (url.protocol === 'https:' && next.protocol === 'http:') throw refuse('the server redirects from https to http')
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
      request.destroy(Object.assign(new Error('the server stopped responding'), { code: 'ETIMEDOUT' })),
    )
    request.once('error', (error) => reject(networkError(error)))
    request.once('response', resolve)
    request.end()
  })
}
