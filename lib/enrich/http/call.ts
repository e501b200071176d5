import type { AnswerReader } from './classify.ts'
import type { HttpRequest } from './client.ts'
import type { Limits } from './limits.ts'

/** How a call ended; `ok` has been accepted (stored) before the limiter sent its next request. */
export type CallResult<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly status: number }
  | { readonly kind: 'not_found'; readonly code: string; readonly id?: string }
  | { readonly kind: 'bad_request' | 'split'; readonly text: string }
  /** Tried as often as is polite. */
  | { readonly kind: 'transient'; readonly text: string }
  | Closed
  /** The run is over (stop, deadline) or its number of requests is used up: not sent. */
  | { readonly kind: 'left' }

/** The breaker is open or the service refused us: not sent. `off`: for the rest of the run. */
export interface Closed {
  readonly kind: 'closed'
  readonly off: boolean
  readonly retryAt: number | null
  readonly text: string
}

export interface Call<T> {
  /** Whose answers these are. */
  readonly service: AnswerReader & { readonly name: string; readonly address: string }
  /** What a refusal switches off; default: the service. */
  readonly needs?: string | undefined
  readonly base: URL
  readonly request: HttpRequest
  /** 0 is served first, 9 last. */
  readonly priority: number
  /** False: the plan has no request left for it now. Asked before it waits for its turn. */
  canAcquire(retry: boolean): boolean
  /** Called when it is this call's turn; false: the plan has no request left for it. */
  tryAcquire(retry: boolean): boolean
  /** Reads and stores an answer, inside the limiter's slot; null: not the shape we know, which is passing. */
  accept(json: unknown, redirected: readonly string[]): Promise<T | null>
  /** Stores the service's "no such thing", inside the slot. `id`: only that one of a batch. */
  absent(code: string, id?: string): Promise<void>
}

/** What a queue of requests needs of a rate limiter. */
export interface Sender {
  readonly limits: Limits
  /** The run is over: nothing is sent any more. */
  readonly stopped: boolean
  /** Why a request that needs this would not be sent now; null: it would. */
  closed(needs: string): Closed | null
  call<T>(call: Call<T>): Promise<CallResult<T>>
}
