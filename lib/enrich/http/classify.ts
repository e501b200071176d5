import { isRecord, type Json } from '../json.ts'
import type { HttpResult } from './client.ts'
import { type HttpAnswer, type Outcome, retryAfterMs } from './outcome.ts'

/** How one service's answers read: the part of a service that `classify` needs. */
export interface AnswerReader {
  /** A request that timed out would time out again: halves may work. */
  readonly splitsOnTimeout?: boolean
  /** What an answer means, redirects aside. The body goes before the status: several services send errors as 200. */
  classify(answer: HttpAnswer): Outcome
}

/**
 * What to make of a request's result. Pure; what is particular to a service stands in the service.
 *
 * @param now ms since 1970, for a date in `Retry-After` when the server does not say what time it has
 */
export function classify(reader: AnswerReader, result: HttpResult, now: number): Outcome {
  if ('failure' in result) {
    if (result.failure === 'aborted') return { kind: 'stopped' }
    if (result.failure === 'timeout' && reader.splitsOnTimeout) return { kind: 'split', text: result.text }
    // The same request would bring the same answer.
    if (result.failure === 'too_large') return { kind: 'split', text: `answer too large: ${result.text}` }
    return { kind: 'transient', text: `${result.failure}: ${result.text}`, reached: result.failure !== 'refused' }
  }
  const { status, headers, body } = result
  if (status === 301 || status === 302 || status === 303 || status === 307 || status === 308) {
    return headers.location
      ? { kind: 'redirect', location: headers.location }
      : { kind: 'transient', text: `HTTP ${status} without a target`, reached: true }
  }
  return reader.classify({ status, headers, body, json: parse(body), waitMs: retryAfterMs(headers, now) })
}

function parse(body: string): Json | readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(body.replace(/^\ufeff/, ''))
    return isRecord(value) || Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
