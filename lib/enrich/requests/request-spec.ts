import type { HttpRequest } from '../http/client.ts'
import type { Term } from './cache.ts'

/** Whose answer it is, and what its absence means for a row. */
export interface AnswerSource {
  /** What rows name as the source. */
  readonly name: string
  /** It adds to a result that is complete without it. */
  readonly extra: boolean
  /** It fills columns of its own, which no other service can. */
  readonly ownColumns: boolean
  /** Other sources of a length are judged by its data. */
  readonly isReference: boolean
}

/**
 * An answer. `found` and `absent` are facts and hold until `until` (ms); `failed` says nothing about the entity:
 * `transient` tried in vain · `bad_request` the service refuses this request · `closed` the service is down, not asked ·
 * `off` it refused us, for this run it does not exist · `left` the run ended or its requests are used up.
 */
export type Answer<A> =
  | { readonly kind: 'found'; readonly value: A; readonly until: number; readonly from: AnswerSource }
  | { readonly kind: 'absent'; readonly until: number; readonly from: AnswerSource }
  | Failed

export interface Failed {
  readonly kind: 'failed'
  readonly why: 'transient' | 'bad_request' | 'closed' | 'off' | 'left'
  readonly text: string
  readonly retryAt: number | null
  readonly from: AnswerSource
}

/** What `read` makes of one answer to a batch. */
export interface Reading<A> {
  /** By key: found, or null for "the service does not know it". A key without entry and without `again` has failed. */
  readonly answers: ReadonlyMap<string, A | null>
  /** The next page of the same answer; nothing is stored before the last one. */
  readonly next?: HttpRequest
  /** Keys to ask again in other company. */
  readonly again?: readonly { readonly keys: readonly string[]; readonly variant: string }[]
}

/** A batch's answers by key: what was found, and null for what the service does not know; null for another shape. */
export function answersTo<A>(keys: readonly string[], found: ReadonlyMap<string, A> | null): Reading<A> | null {
  return found && { answers: new Map(keys.map((key) => [key, found.get(key) ?? null])) }
}

/** The answer to a request that travels alone; undefined: another shape. */
export function oneAnswer<A>(key: string, found: A | null | undefined): Reading<A> | null {
  return found === undefined ? null : { answers: new Map([[key, found]]) }
}

/** One kind of request to one service: how it is cached, batched, sent and read. */
export interface RequestSpec<Q, A> {
  /** With `key` and the service the key of the cache. */
  readonly kind: string
  /** Its part of the plan within the service's limit. */
  readonly step: string
  /** Position in the chain: a batch that is not full is sent once nothing before it can add to it. */
  readonly rank: number
  readonly term: Term
  key(request: Q): string
  /** Requests per batch, asked anew for each. */
  size(): number
  httpRequest(requests: readonly Q[], variant: string): HttpRequest
  /** Null: not the shape we know. `redirected` has the targets that the batch was sent on to. */
  read(json: unknown, requests: readonly Q[], variant: string, redirected: readonly string[]): Reading<A> | null
  /** What a refusal (bad key, bad token) switches off; default: the service. */
  readonly needs?: string
  /** True when the answers of this run say that asking on brings nothing: what waits counts as absent and is not cached. */
  isFutile?(): boolean
  /** Called once per request when it is settled (found, absent or failed). */
  settled?(): void
}
