import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { AppError } from '../../errors.ts'

/** A request that did not come from a page of ours. */
export class ForeignRequestError extends AppError {}

/**
 * Lets only pages that this server itself has given out write: each has a token of its own, which pages elsewhere cannot read,
 * and a browser says where a request comes from.
 */
export class Guard {
  // Of this process alone: the tokens end with it.
  readonly #secret = randomBytes(32)

  /** A token for one page. */
  token(): string {
    const nonce = randomBytes(12).toString('base64url')
    return `${nonce}.${this.#sign(nonce)}`
  }

  /** *Errors:* ForeignRequestError for a request that no page of ours has sent. */
  check(request: IncomingMessage, form: URLSearchParams): void {
    const refuse = (why: string): never => {
      throw new ForeignRequestError('usage', `the decision was not accepted: ${why}`, {
        remedy: 'load the page of this server again and decide there',
      })
    }
    // The Host header was checked before: it is one of this server's names.
    if (request.headers.origin !== `http://${request.headers.host}`) refuse('it comes from another page')
    const site = request.headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin') refuse('it comes from another site')
    const [nonce = '', signature = ''] = (form.get('token') ?? '').split('.')
    const [given, right] = [Buffer.from(signature), Buffer.from(this.#sign(nonce))]
    if (given.length !== right.length || !timingSafeEqual(given, right)) refuse('its token is not of this server')
  }

  #sign(nonce: string): string {
    return createHmac('sha256', this.#secret).update(nonce).digest('base64url')
  }
}

/** The fields of a form; call it at once, before the body has gone by. *Errors:* AppError `usage` for another type. */
export async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? '')
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  if (!isForm) throw new AppError('usage', 'only forms are accepted here')
  return new URLSearchParams(Buffer.concat(parts).toString())
}
