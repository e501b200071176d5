import { randomUUID } from 'node:crypto'
import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf'
import type { CallOptions } from '../core/executor.ts'
import { SparkConnectService, type UserContext, UserContextSchema } from '../gen/spark/connect/base_pb.ts'
import type { Method } from './call.ts'
import type { ClientEvent, ClientOptions } from './client-options.ts'
import { abortError, type ErrorCode, SparkConnectError, withDetails } from './errors.ts'
import type { ExecutionRetry } from './execute.ts'
import { defaultRetryPolicy, type RetryPolicy, retrying, systemTiming, type Timing } from './retry.ts'
import { createTransport, type Transport } from './transport.ts'
import type { Remote } from './url.ts'

/** The version that the user agent tells; the same as in package.json. */
export const clientVersion = '0.1.0'

/** open → closing → closed; open → lost → closed. While closing, only what is given up is still told to the server. */
export type State =
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly error: SparkConnectError }
  | { readonly kind: 'closing' }
  | { readonly kind: 'closed' }

/** A shorter limit to the waits between tries for some errors. */
export interface Patience {
  readonly maxWaitMs?: ((error: SparkConnectError) => Promise<number | undefined>) | undefined
}

/** How long the server is waited for where its answer changes nothing. */
export const releaseTimeoutMs = 5_000

/** What all answers have. */
export interface Answer {
  readonly sessionId: string
  readonly serverSideSessionId: string
}

/**
 * Calls in one session: with what each request holds, repeated where that may be done, each answer checked, errors with the
 * server's details.
 */
export class SessionCalls {
  readonly sessionId: string
  readonly transport: Transport
  readonly policy: RetryPolicy
  readonly timing: Timing
  readonly userContext: UserContext
  readonly clientType: string
  readonly #options: ClientOptions
  #serverSideSessionId: string | undefined
  state: State = { kind: 'open' }

  constructor(remote: Remote, options: ClientOptions) {
    this.sessionId = remote.sessionId ?? randomUUID()
    this.#options = options
    this.transport =
      options.transport ??
      createTransport(remote, options, (transport, deadlineMs) => this.#probe(transport, deadlineMs))
    this.policy = { ...defaultRetryPolicy, ...options.retry }
    this.timing = options.timing ?? systemTiming
    this.#serverSideSessionId = options.serverSideSessionId
    this.userContext = create(UserContextSchema, { userId: remote.userId, userName: remote.userId })
    this.clientType =
      `${remote.userAgent ?? '_SPARK_CONNECT_JS'} spark-connect-js/${clientVersion} os/${process.platform} ` +
      `node/${process.versions.node}`
  }

  /** What the server calls this session; undefined until it has answered. */
  get serverSideSessionId(): string | undefined {
    return this.#serverSideSessionId
  }

  envelope() {
    return {
      sessionId: this.sessionId,
      userContext: this.userContext,
      clientType: this.clientType,
      ...(this.#serverSideSessionId === undefined
        ? {}
        : { clientObservedServerSideSessionId: this.#serverSideSessionId }),
    }
  }

  async unary<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    init: MessageInitShape<I>,
    options: CallOptions & Patience & { readonly deadline?: boolean; readonly policy?: RetryPolicy | undefined },
  ): Promise<MessageShape<O> & Answer> {
    const request = create(method.input, init)
    const signal = signalOf(options)
    const deadlineMs = options.deadline === false ? undefined : (this.#options.callTimeoutMs ?? 60_000)
    return await this.call(
      method.name,
      { signal, policy: options.policy, maxWaitMs: options.maxWaitMs },
      async () =>
        (await this.transport.unary(method, request, {
          signal,
          ...(deadlineMs ? { deadlineMs } : {}),
        })) as MessageShape<O> & Answer,
    )
  }

  /** One call with its retries: answers are checked, errors explained. */
  async call<T extends Answer>(
    method: string,
    options: Patience & { readonly signal?: AbortSignal | undefined; readonly policy?: RetryPolicy | undefined },
    send: () => Promise<T>,
  ): Promise<T> {
    this.assertOpen()
    const startedMs = this.timing.now()
    this.emit({ kind: 'request', method, operationId: null })
    const finished = (code: ErrorCode | 'OK') =>
      this.emit({ kind: 'response', method, operationId: null, durationMs: this.timing.now() - startedMs, code })
    try {
      const response = await retrying(send, {
        policy: options.policy ?? this.policy,
        timing: this.timing,
        signal: options.signal,
        maxWaitMs: options.maxWaitMs,
        onRetry: (event) => this.retried(method, null, event),
      })
      this.verify(response)
      finished('OK')
      return response
    } catch (error) {
      const failed = SparkConnectError.from(error, this.transport.redact)
      finished(failed.code)
      throw await this.explained(failed)
    }
  }

  /** Remembers who answered first; another one later has none of the session's views, settings and artifacts. */
  verify(response: Answer): void {
    if (response.sessionId !== '' && response.sessionId.toLowerCase() !== this.sessionId) {
      throw this.#lose(`an answer for session ${response.sessionId} arrived in session ${this.sessionId}`)
    }
    if (response.serverSideSessionId === '') return
    this.#serverSideSessionId ??= response.serverSideSessionId
    if (response.serverSideSessionId !== this.#serverSideSessionId) throw this.#lose('the server was restarted')
  }

  assertOpen(): void {
    if (this.state.kind === 'open') return
    if (this.state.kind === 'lost') {
      throw new SparkConnectError(this.state.error.message, {
        code: 'FAILED_PRECONDITION',
        errorClass: this.state.error.errorClass,
        cause: this.state.error,
      })
    }
    throw closedError()
  }

  /** The error with its details from the server; the error itself where those cannot be had. */
  async explained(error: SparkConnectError): Promise<SparkConnectError> {
    if (error.isSessionLost && this.state.kind === 'open') this.state = { kind: 'lost', error }
    if (error.code === 'UNAVAILABLE') return (await this.#options.causeOfDeath?.()) ?? error
    if (error.errorId === null || this.state.kind !== 'open') return error
    const method = SparkConnectService.method.fetchErrorDetails
    try {
      const request = create(method.input, { ...this.envelope(), errorId: error.errorId })
      const details = await this.transport.unary(method, request, { deadlineMs: releaseTimeoutMs })
      return withDetails(error, details, this.transport.redact)
    } catch {
      return error // the explanation must not hide what it was to explain
    }
  }

  retried(method: string, operationId: string | null, event: ExecutionRetry | Omit<ExecutionRetry, 'reason'>): void {
    this.emit({
      kind: 'retry',
      method,
      operationId,
      attempt: event.attempt,
      waitMs: event.waitMs,
      error: event.error,
    })
  }

  emit(event: ClientEvent): void {
    try {
      this.#options.onEvent?.(event)
    } catch {
      // an observer must not change what it observes
    }
  }

  #lose(what: string): SparkConnectError {
    const error = new SparkConnectError(
      `[INVALID_HANDLE.SESSION_CHANGED] ${what}: views, settings and artifacts of this session are gone; ` +
        'spark.reconnect() gives a new one',
      { code: 'FAILED_PRECONDITION', errorClass: 'INVALID_HANDLE.SESSION_CHANGED' },
    )
    if (this.state.kind === 'open') this.state = { kind: 'lost', error }
    return error
  }

  /** A question without an answer worth having; it also tells the server that the session is in use. */
  #probe(transport: Transport, deadlineMs: number): Promise<unknown> {
    const method = SparkConnectService.method.config
    const operation = { opType: { case: 'getOption' as const, value: { keys: [] } } }
    const request = create(method.input, { ...this.envelope(), operation })
    return transport.unary(method, request, { deadlineMs, isProbe: true })
  }
}

/** What calls on a session that we ended get. */
export function closedError(): SparkConnectError {
  return new SparkConnectError('[INVALID_HANDLE.SESSION_CLOSED] the session was stopped', {
    code: 'FAILED_PRECONDITION',
    errorClass: 'INVALID_HANDLE.SESSION_CLOSED',
  })
}

/** The signal of a call, with its time limit. *Errors:* AbortError if it is over already. */
export function signalOf(options: CallOptions): AbortSignal | undefined {
  if (options.timeoutMs === undefined) return options.signal
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  if (signal.aborted) throw abortError(signal)
  return signal
}
