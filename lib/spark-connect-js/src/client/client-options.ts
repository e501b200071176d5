import type { TransportOptions } from './connection.ts'
import type { ErrorCode, SparkConnectError } from './errors.ts'
import type { ProgressEvent } from './progress.ts'
import type { RetryPolicy, Timing } from './retry.ts'
import type { Transport } from './transport.ts'

/** What happens on the wire, for traces and metrics. Never holds a token or data. */
export type ClientEvent =
  | {
      readonly kind: 'request'
      readonly method: string
      readonly operationId: string | null
      /** Bytes of a plan that is sent to be executed. */
      readonly planBytes?: number
    }
  | {
      readonly kind: 'response'
      readonly method: string
      readonly operationId: string | null
      readonly durationMs: number
      readonly code: ErrorCode | 'OK'
    }
  | {
      readonly kind: 'retry'
      readonly method: string
      readonly operationId: string | null
      readonly attempt: number
      readonly waitMs: number
      readonly error: SparkConnectError | null
    }
  | {
      /** A release in the background failed; the server frees the operation by itself after five minutes. */
      readonly kind: 'releaseFailed'
      readonly operationId: string
      readonly error: SparkConnectError
    }

export interface ClientOptions extends TransportOptions {
  /** Replaces single numbers of the policy. */
  readonly retry?: Partial<RetryPolicy> | undefined
  /** Called for each progress report of each execution; what it throws is ignored. */
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined
  /** Called for each call, answer and retry; what it throws is ignored. */
  readonly onEvent?: ((event: ClientEvent) => void) | undefined
  /** Time for each try of a call that only manages (settings, status, interrupt, release). Default: 60,000. */
  readonly callTimeoutMs?: number | undefined
  /** Tags of executions beside those of the call. */
  readonly tags?: (() => Iterable<string>) | undefined
  readonly timing?: Timing | undefined
  /** Default: one to `remote`. */
  readonly transport?: Transport | undefined
  /** What a server of our own died of, asked when it does not answer any more; null if it did not. */
  readonly causeOfDeath?: (() => Promise<SparkConnectError | null>) | undefined
  /** What the server called this session before, where it is known. */
  readonly serverSideSessionId?: string | undefined
}
