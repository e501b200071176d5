import { randomUUID } from 'node:crypto'
import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf'
import type { Artifact, CallOptions, ExecuteOptions, Executor } from '../core/executor.ts'
import {
  type AnalyzePlanRequest,
  type AnalyzePlanRequestSchema,
  type AnalyzePlanResponse,
  ConfigRequest_GetOptionSchema,
  type ConfigRequest_Operation,
  ConfigRequest_OperationSchema,
  type ConfigResponse,
  type ExecutePlanRequest,
  ExecutePlanRequest_RequestOptionSchema,
  ExecutePlanRequestSchema,
  type ExecutePlanResponse,
  type InterruptRequest,
  InterruptRequest_InterruptType as InterruptType,
  GetStatusResponse_OperationStatus_OperationState as OperationState,
  type Plan,
  SparkConnectService,
  type UserContext,
  UserContextSchema,
} from '../gen/spark/connect/base_pb.ts'
import { uploadRequests } from './artifacts.ts'
import type { Method } from './call.ts'
import { PlanCompression } from './compression.ts'
import type { TransportOptions } from './connection.ts'
import { encodeMessage } from './encode.ts'
import { abortError, type ErrorCode, isRefused, SparkConnectError, withDetails } from './errors.ts'
import { type ExecutionRetry, executeReattachable, type OperationCalls } from './execute.ts'
import { hostExists } from './host-exists.ts'
import { type ProgressEvent, ProgressReporter } from './progress.ts'
import { defaultRetryPolicy, type RetryPolicy, retrying, systemTiming, type Timing } from './retry.ts'
import { createTransport, type Transport } from './transport.ts'
import { defaultMaxMessageBytes, type Remote } from './url.ts'
import { compareVersions } from './version.ts'

/** The version that the user agent tells; the same as in package.json. */
export const clientVersion = '0.1.0'

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

// open → closing → closed; open → lost → closed. While closing, only what is given up is still told to the server.
type State =
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly error: SparkConnectError }
  | { readonly kind: 'closing' }
  | { readonly kind: 'closed' }

/** How an operation stands on the server. */
export type OperationStatus = 'unknown' | 'running' | 'terminating' | 'succeeded' | 'failed' | 'cancelled'

/** A shorter limit to the waits between tries for some errors. */
interface Patience {
  readonly maxWaitMs?: ((error: SparkConnectError) => Promise<number | undefined>) | undefined
}

const releaseTimeoutMs = 5_000

/**
 * How the server shall cut its Arrow batches where our limit for a message is below its own: without this the first
 * large batch would end the query as RESOURCE_EXHAUSTED. A tenth is left for what surrounds the data.
 */
function preferredChunk(maxMessageBytes: number): { preferredArrowChunkSize?: bigint } {
  if (maxMessageBytes >= defaultMaxMessageBytes) return {}
  return { preferredArrowChunkSize: BigInt(Math.max(1024, Math.floor(maxMessageBytes * 0.9))) }
}

/**
 * The calls of one session.
 *
 * Retries what may be retried, remembers who answered first and fails when another server answers later, fetches the
 * details of errors, and stops on the server what is given up here. It knows plans and responses, nothing of frames.
 */
export class SparkConnectClient implements Executor {
  readonly sessionId: string
  readonly remote: Remote
  readonly #options: ClientOptions
  readonly #transport: Transport
  readonly #policy: RetryPolicy
  readonly #timing: Timing
  readonly #userContext: UserContext
  readonly #clientType: string
  readonly #background = new Set<Promise<void>>()
  readonly #running = new Set<AbortController>()
  readonly #compression = new PlanCompression(async (keys, signal) => {
    const value = create(ConfigRequest_GetOptionSchema, { keys: [...keys] })
    const { pairs } = await this.config(
      create(ConfigRequest_OperationSchema, { opType: { case: 'getOption', value } }),
      { signal },
    )
    return keys.map((key) => pairs.find((pair) => pair.key === key)?.value)
  })
  #serverSideSessionId: string | undefined
  #state: State = { kind: 'open' }
  #planId = 0n
  #version: Promise<string> | undefined
  #knownVersion: string | undefined

  constructor(remote: Remote, options: ClientOptions = {}) {
    this.remote = remote
    this.sessionId = remote.sessionId ?? randomUUID()
    this.#options = options
    this.#transport =
      options.transport ??
      createTransport(remote, options, (transport, deadlineMs) => this.#probe(transport, deadlineMs))
    this.#policy = { ...defaultRetryPolicy, ...options.retry }
    this.#timing = options.timing ?? systemTiming
    this.#serverSideSessionId = options.serverSideSessionId
    this.#userContext = create(UserContextSchema, { userId: remote.userId, userName: remote.userId })
    this.#clientType =
      `${remote.userAgent ?? '_SPARK_CONNECT_JS'} spark-connect-js/${clientVersion} os/${process.platform} ` +
      `node/${process.versions.node}`
  }

  /** `open`, `lost` when the server no longer has the session, `closing` or `closed` by us. */
  get state(): State['kind'] {
    return this.#state.kind
  }

  nextPlanId(): bigint {
    this.#planId += 1n
    return this.#planId
  }

  execute(plan: Plan, options: ExecuteOptions = {}): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    // Read here and not in the generator: its body runs in the context of whoever asks first.
    const tags = [...new Set([...(this.#options.tags?.() ?? []), ...(options.tags ?? [])])]
    for (const tag of tags) checkTag(tag)
    return this.#execute(plan, tags, options)
  }

  async *#execute(
    plan: Plan,
    tags: readonly string[],
    options: CallOptions,
  ): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    this.#assertOpen()
    const operationId = randomUUID()
    const running = new AbortController()
    this.#running.add(running)
    const given = signalOf(options)
    const signal = given ? AbortSignal.any([given, running.signal]) : running.signal
    const progress = new ProgressReporter(operationId, this.#options.onProgress)
    try {
      let compressed = await this.#compression.compressed(plan, signal)
      while (true) {
        let received = false
        try {
          for await (const response of executeReattachable(
            this.#operation(operationId, this.#executeRequest(compressed ?? plan, tags, operationId)),
            {
              operationId,
              policy: this.#policy,
              timing: this.#timing,
              signal,
              onRetry: (event) => this.#retried('ExecutePlan', operationId, event),
              inBackground: (work) => this.#inBackground(work),
            },
          )) {
            received = true
            progress.see(response)
            yield response
          }
          return
        } catch (error) {
          const failed = SparkConnectError.from(error, this.#transport.redact)
          // A server that cannot read a compressed plan says so at once; then none is compressed any more.
          if (compressed && !received && failed.errorClass === 'CONNECT_INVALID_PLAN.CANNOT_PARSE') {
            this.#compression.giveUp()
            compressed = undefined
            continue
          }
          throw await this.#explained(failed.with({ operationId }))
        }
      }
    } finally {
      this.#running.delete(running)
      progress.end()
    }
  }

  async analyze(
    analyze: AnalyzePlanRequest['analyze'],
    options: CallOptions = {},
  ): Promise<AnalyzePlanResponse['result']> {
    const response = await this.#unary(
      SparkConnectService.method.analyzePlan,
      { ...this.#envelope(), analyze } as MessageInitShape<typeof AnalyzePlanRequestSchema>,
      // A plan over many files may take minutes to analyse; keepalive finds a dead connection.
      { ...options, deadline: false },
    )
    return response.result
  }

  config(operation: ConfigRequest_Operation, options: CallOptions = {}): Promise<ConfigResponse> {
    return this.#unary(SparkConnectService.method.config, { ...this.#envelope(), operation }, options)
  }

  sparkVersion(options: CallOptions = {}): Promise<string> {
    this.#version ??= this.#askVersion(options).catch((error) => {
      this.#version = undefined
      throw error
    })
    return this.#version
  }

  /**
   * Makes the first contact: the server's version.
   * A server that does not answer yet is waited for up to `waitMs`, less than the ten minutes of a running session. A host
   * name that does not exist is not waited for.
   */
  async connect(waitMs: number, options: CallOptions & { readonly refusedWaitMs?: number } = {}): Promise<string> {
    const maxWaitMs = async (error: SparkConnectError) => {
      if (error.isUnknownHost && !(await hostExists(this.remote.host))) return 0
      return isRefused(error) ? options.refusedWaitMs : undefined
    }
    const version = await this.#askVersion({ ...options, maxWaitMs }, { ...this.#policy, maxTotalWaitMs: waitMs })
    this.#version = Promise.resolve(version)
    return version
  }

  async addArtifact(name: string, data: Uint8Array, options: CallOptions = {}): Promise<void> {
    await this.addArtifacts([{ name, source: data }], options)
  }

  /** Uploads in one call; `cache/` names that the server has are left out. */
  async addArtifacts(artifacts: readonly Artifact[], options: CallOptions = {}): Promise<void> {
    const signal = signalOf(options)
    const cached = artifacts.filter(({ name }) => name.startsWith('cache/')).map(({ name }) => name)
    const present = cached.length === 0 ? new Set<string>() : await this.artifactStatus(cached, { signal })
    const wanted = artifacts.filter(({ name }) => !present.has(name))
    if (wanted.length === 0) return
    const method = SparkConnectService.method.addArtifacts
    const response = await this.#call(method.name, { signal }, () =>
      this.#transport.clientStream(
        method,
        uploadRequests(wanted, {
          sessionId: this.sessionId,
          userContext: this.#userContext,
          clientType: this.#clientType,
          serverSideSessionId: this.#serverSideSessionId,
        }),
        { signal },
      ),
    )
    const damaged = response.artifacts.filter((artifact) => !artifact.isCrcSuccessful).map((artifact) => artifact.name)
    if (damaged.length > 0) {
      throw new SparkConnectError(`damaged on the way to the server: ${damaged.join(', ')}; upload again`, {
        code: 'DATA_LOSS',
      })
    }
  }

  /** Those of the names that the session has. */
  async artifactStatus(names: readonly string[], options: CallOptions = {}): Promise<Set<string>> {
    const response = await this.#unary(
      SparkConnectService.method.artifactStatus,
      { ...this.#envelope(), names: [...names] },
      options,
    )
    return new Set(names.filter((name) => response.statuses[name]?.exists))
  }

  /** Stops operations of the session; gives the ids of those that it reached. */
  async interrupt(
    what:
      | { readonly kind: 'all' }
      | { readonly kind: 'tag'; readonly tag: string }
      | { readonly kind: 'operation'; readonly operationId: string },
    options: CallOptions = {},
  ): Promise<string[]> {
    let target: { interruptType: InterruptType; interrupt: InterruptRequest['interrupt'] }
    if (what.kind === 'all') target = { interruptType: InterruptType.ALL, interrupt: { case: undefined } }
    else if (what.kind === 'tag') {
      checkTag(what.tag)
      target = { interruptType: InterruptType.TAG, interrupt: { case: 'operationTag', value: what.tag } }
    } else {
      target = {
        interruptType: InterruptType.OPERATION_ID,
        interrupt: { case: 'operationId', value: what.operationId },
      }
    }
    const response = await this.#unary(
      SparkConnectService.method.interrupt,
      { ...this.#envelope(), ...target },
      options,
    )
    return response.interruptedIds
  }

  /** How operations stand; all that the session knows without `operationIds`. Needs Spark 4.2. */
  async operationStatuses(
    operationIds: readonly string[] = [],
    options: CallOptions = {},
  ): Promise<Map<string, OperationStatus>> {
    await this.sparkVersion(options)
    this.requireVersion('4.2', 'the status of operations')
    const response = await this.#unary(
      SparkConnectService.method.getStatus,
      { ...this.#envelope(), operationStatus: { operationIds: [...operationIds] } },
      options,
    )
    return new Map(
      response.operationStatuses.map(({ operationId, state }) => [operationId, statusNames[state] ?? 'unknown']),
    )
  }

  /** A client for a copy of this session: its views, settings and artifacts. Needs Spark 4.1. */
  async cloneSession(options: CallOptions = {}): Promise<SparkConnectClient> {
    await this.sparkVersion(options)
    this.requireVersion('4.1', 'cloneSession')
    const response = await this.#unary(
      SparkConnectService.method.cloneSession,
      { ...this.#envelope(), newSessionId: randomUUID() },
      options,
    )
    const clone = new SparkConnectClient(
      { ...this.remote, sessionId: response.newSessionId },
      { ...this.#options, transport: undefined, serverSideSessionId: response.newServerSideSessionId },
    )
    clone.#version = this.#version
    clone.#knownVersion = this.#knownVersion
    return clone
  }

  /**
   * Ends the session on the server, which stops what runs in it, and closes the connection. Once is enough.
   * A server that does not answer is not waited for longer than a few seconds.
   */
  async close(): Promise<void> {
    if (this.#state.kind === 'closing' || this.#state.kind === 'closed') return
    // An execution may have reached the server although nothing has come back yet.
    const isKnown = this.#serverSideSessionId !== undefined || this.#running.size > 0
    const known = this.#state.kind === 'open' && isKnown
    this.#state = known ? { kind: 'closing' } : { kind: 'closed' }
    for (const running of this.#running) running.abort(closedError())
    await Promise.allSettled(this.#background)
    this.#state = { kind: 'closed' }
    const method = SparkConnectService.method.releaseSession
    const startedMs = this.#timing.now()
    const finished = (code: ErrorCode | 'OK') =>
      this.#emit({
        kind: 'response',
        method: method.name,
        operationId: null,
        durationMs: this.#timing.now() - startedMs,
        code,
      })
    try {
      if (known) {
        const { sessionId } = this
        const request = create(method.input, {
          sessionId,
          userContext: this.#userContext,
          clientType: this.#clientType,
        } as MessageInitShape<typeof method.input>)
        await this.#transport.unary(method, request, { deadlineMs: releaseTimeoutMs })
        finished('OK')
      }
    } catch (error) {
      // The session ends by itself after an hour of silence; there is nothing that a caller could do better.
      finished(SparkConnectError.from(error, this.#transport.redact).code)
    } finally {
      this.#transport.close()
    }
  }

  requireVersion(minimum: string, feature: string): void {
    const version = this.#knownVersion
    if (version === undefined || compareVersions(version, minimum) >= 0) return
    throw new SparkConnectError(`${feature} needs Spark ${minimum} or later; the server is ${version}`, {
      code: 'UNIMPLEMENTED',
    })
  }

  // ---- inside ----

  /** A question without an answer worth having; it also tells the server that the session is in use. */
  #probe(transport: Transport, deadlineMs: number): Promise<unknown> {
    const method = SparkConnectService.method.config
    const operation = { opType: { case: 'getOption' as const, value: { keys: [] } } }
    const request = create(method.input, { ...this.#envelope(), operation })
    return transport.unary(method, request, { deadlineMs, isProbe: true })
  }

  async #askVersion(options: CallOptions & Patience, policy?: RetryPolicy): Promise<string> {
    const response = await this.#unary(
      SparkConnectService.method.analyzePlan,
      { ...this.#envelope(), analyze: { case: 'sparkVersion', value: {} } } as MessageInitShape<
        typeof AnalyzePlanRequestSchema
      >,
      { ...options, deadline: false, policy },
    )
    const version = response.result.case === 'sparkVersion' ? response.result.value.version : ''
    this.#knownVersion = version
    return version
  }

  #envelope() {
    return {
      sessionId: this.sessionId,
      userContext: this.#userContext,
      clientType: this.#clientType,
      ...(this.#serverSideSessionId === undefined
        ? {}
        : { clientObservedServerSideSessionId: this.#serverSideSessionId }),
    }
  }

  async #unary<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    init: MessageInitShape<I>,
    options: CallOptions & Patience & { readonly deadline?: boolean; readonly policy?: RetryPolicy | undefined },
  ): Promise<MessageShape<O> & Answer> {
    const request = create(method.input, init)
    const signal = signalOf(options)
    const deadlineMs = options.deadline === false ? undefined : (this.#options.callTimeoutMs ?? 60_000)
    return await this.#call(
      method.name,
      { signal, policy: options.policy, maxWaitMs: options.maxWaitMs },
      async () =>
        (await this.#transport.unary(method, request, {
          signal,
          ...(deadlineMs ? { deadlineMs } : {}),
        })) as MessageShape<O> & Answer,
    )
  }

  /** One call with its retries: answers are checked, errors explained. */
  async #call<T extends Answer>(
    method: string,
    options: Patience & { readonly signal?: AbortSignal | undefined; readonly policy?: RetryPolicy | undefined },
    send: () => Promise<T>,
  ): Promise<T> {
    this.#assertOpen()
    const startedMs = this.#timing.now()
    this.#emit({ kind: 'request', method, operationId: null })
    const finished = (code: ErrorCode | 'OK') =>
      this.#emit({ kind: 'response', method, operationId: null, durationMs: this.#timing.now() - startedMs, code })
    try {
      const response = await retrying(send, {
        policy: options.policy ?? this.#policy,
        timing: this.#timing,
        signal: options.signal,
        maxWaitMs: options.maxWaitMs,
        onRetry: (event) => this.#retried(method, null, event),
      })
      this.#verify(response)
      finished('OK')
      return response
    } catch (error) {
      const failed = SparkConnectError.from(error, this.#transport.redact)
      finished(failed.code)
      throw await this.#explained(failed)
    }
  }

  #operation(operationId: string, requestBytes: Uint8Array): OperationCalls {
    const { executePlan, reattachExecute, releaseExecute } = SparkConnectService.method
    const release = async (target: 'releaseAll' | { responseId: string }) => {
      // A server that no longer knows the session has nothing to free.
      if (this.#state.kind !== 'open' && this.#state.kind !== 'closing') return
      const request = create(releaseExecute.input, {
        ...this.#envelope(),
        operationId,
        release:
          target === 'releaseAll'
            ? { case: 'releaseAll', value: {} }
            : { case: 'releaseUntil', value: { responseId: target.responseId } },
      })
      try {
        await retrying(() => this.#transport.unary(releaseExecute, request, { deadlineMs: releaseTimeoutMs }), {
          // A missed `until` is covered by the next one. Stopping a query is worth some tries.
          policy: { ...this.#policy, maxRetries: target === 'releaseAll' ? 3 : 0, maxTotalWaitMs: 2_000 },
          timing: this.#timing,
        })
      } catch (error) {
        this.#emit({ kind: 'releaseFailed', operationId, error: SparkConnectError.from(error, this.#transport.redact) })
      }
    }
    return {
      start: (signal) => {
        this.#emit({ kind: 'request', method: executePlan.name, operationId, planBytes: requestBytes.length })
        return this.#transport.serverStream(executePlan, requestBytes, { signal })
      },
      reattach: (lastResponseId, signal) => {
        this.#emit({ kind: 'request', method: reattachExecute.name, operationId })
        const request = create(reattachExecute.input, {
          ...this.#envelope(),
          operationId,
          ...(lastResponseId === undefined ? {} : { lastResponseId }),
        })
        return this.#transport.serverStream(reattachExecute, request, { signal })
      },
      releaseUntil: (responseId) => release({ responseId }),
      releaseAll: () => release('releaseAll'),
      verify: (response) => this.#verify(response),
    }
  }

  #executeRequest(plan: Plan, tags: readonly string[], operationId: string): Uint8Array {
    const request: ExecutePlanRequest = create(ExecutePlanRequestSchema, {
      ...this.#envelope(),
      operationId,
      tags: [...tags],
      requestOptions: [
        create(ExecutePlanRequest_RequestOptionSchema, {
          requestOption: { case: 'reattachOptions', value: { reattachable: true } },
        }),
        create(ExecutePlanRequest_RequestOptionSchema, {
          requestOption: {
            case: 'resultChunkingOptions',
            value: { allowArrowBatchChunking: true, ...preferredChunk(this.remote.maxMessageBytes) },
          },
        }),
      ],
    })
    request.plan = plan
    return encodeMessage(ExecutePlanRequestSchema, request)
  }

  /** Remembers who answered first; another one later has none of the session's views, settings and artifacts. */
  #verify(response: Answer): void {
    if (response.sessionId !== '' && response.sessionId.toLowerCase() !== this.sessionId) {
      throw this.#lose(`an answer for session ${response.sessionId} arrived in session ${this.sessionId}`)
    }
    if (response.serverSideSessionId === '') return
    this.#serverSideSessionId ??= response.serverSideSessionId
    if (response.serverSideSessionId !== this.#serverSideSessionId) throw this.#lose('the server was restarted')
  }

  #lose(what: string): SparkConnectError {
    const error = new SparkConnectError(
      `[INVALID_HANDLE.SESSION_CHANGED] ${what}: views, settings and artifacts of this session are gone; ` +
        'spark.reconnect() gives a new one',
      { code: 'FAILED_PRECONDITION', errorClass: 'INVALID_HANDLE.SESSION_CHANGED' },
    )
    if (this.#state.kind === 'open') this.#state = { kind: 'lost', error }
    return error
  }

  #assertOpen(): void {
    if (this.#state.kind === 'open') return
    if (this.#state.kind === 'lost') {
      throw new SparkConnectError(this.#state.error.message, {
        code: 'FAILED_PRECONDITION',
        errorClass: this.#state.error.errorClass,
        cause: this.#state.error,
      })
    }
    throw closedError()
  }

  /** The error with its details from the server; the error itself where those cannot be had. */
  async #explained(error: SparkConnectError): Promise<SparkConnectError> {
    if (error.isSessionLost && this.#state.kind === 'open') this.#state = { kind: 'lost', error }
    if (error.code === 'UNAVAILABLE') return (await this.#options.causeOfDeath?.()) ?? error
    if (error.errorId === null || this.#state.kind !== 'open') return error
    const method = SparkConnectService.method.fetchErrorDetails
    try {
      const request = create(method.input, { ...this.#envelope(), errorId: error.errorId })
      const details = await this.#transport.unary(method, request, { deadlineMs: releaseTimeoutMs })
      return withDetails(error, details, this.#transport.redact)
    } catch {
      return error // the explanation must not hide what it was to explain
    }
  }

  #retried(method: string, operationId: string | null, event: ExecutionRetry | Omit<ExecutionRetry, 'reason'>): void {
    this.#emit({
      kind: 'retry',
      method,
      operationId,
      attempt: event.attempt,
      waitMs: event.waitMs,
      error: event.error,
    })
  }

  #emit(event: ClientEvent): void {
    try {
      this.#options.onEvent?.(event)
    } catch {
      // an observer must not change what it observes
    }
  }

  #inBackground(work: Promise<void>): void {
    const tracked = work
      .catch(() => {})
      .finally(() => {
        this.#background.delete(tracked)
      })
    this.#background.add(tracked)
  }
}

/** Throws for what cannot be a tag: the empty string and anything with a comma. */
export function checkTag(tag: string): void {
  if (tag === '' || tag.includes(',')) {
    throw new SparkConnectError(`a tag is a non-empty text without commas, not '${tag}'`, { code: 'INVALID_ARGUMENT' })
  }
}

function closedError(): SparkConnectError {
  return new SparkConnectError('[INVALID_HANDLE.SESSION_CLOSED] the session was stopped', {
    code: 'FAILED_PRECONDITION',
    errorClass: 'INVALID_HANDLE.SESSION_CLOSED',
  })
}

/** What all answers have. */
interface Answer {
  readonly sessionId: string
  readonly serverSideSessionId: string
}

const statusNames: Readonly<Record<OperationState, OperationStatus>> = {
  [OperationState.UNSPECIFIED]: 'unknown',
  [OperationState.UNKNOWN]: 'unknown',
  [OperationState.RUNNING]: 'running',
  [OperationState.TERMINATING]: 'terminating',
  [OperationState.SUCCEEDED]: 'succeeded',
  [OperationState.FAILED]: 'failed',
  [OperationState.CANCELLED]: 'cancelled',
}

function signalOf(options: CallOptions): AbortSignal | undefined {
  if (options.timeoutMs === undefined) return options.signal
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  if (signal.aborted) throw abortError(signal)
  return signal
}
