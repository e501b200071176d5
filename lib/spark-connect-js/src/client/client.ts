import { randomUUID } from 'node:crypto'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import type { Artifact, CallOptions, ExecuteOptions, Executor } from '../core/executor.ts'
import {
  type AnalyzePlanRequest,
  type AnalyzePlanRequestSchema,
  type AnalyzePlanResponse,
  ConfigRequest_GetOptionSchema,
  type ConfigRequest_Operation,
  ConfigRequest_OperationSchema,
  type ConfigResponse,
  type ExecutePlanResponse,
  type InterruptRequest,
  InterruptRequest_InterruptType as InterruptType,
  type Plan,
  SparkConnectService,
} from '../gen/spark/connect/base_pb.ts'
import { uploadRequests } from './artifacts.ts'
import type { ClientOptions } from './client-options.ts'
import { PlanCompression } from './compression.ts'
import { type ErrorCode, isRefused, SparkConnectError } from './errors.ts'
import { executeReattachable } from './execute.ts'
import { hostExists } from './host-exists.ts'
import { executeRequest, operationCalls } from './operation-calls.ts'
import { type OperationStatus, statusNames } from './operation-status.ts'
import { ProgressReporter } from './progress.ts'
import type { RetryPolicy } from './retry.ts'
import { closedError, type Patience, releaseTimeoutMs, SessionCalls, type State, signalOf } from './session-calls.ts'
import type { Remote } from './url.ts'
import { compareVersions } from './version.ts'

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
  readonly #calls: SessionCalls
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
  #planId = 0n
  #version: Promise<string> | undefined
  #knownVersion: string | undefined

  constructor(remote: Remote, options: ClientOptions = {}) {
    this.remote = remote
    this.#options = options
    this.#calls = new SessionCalls(remote, options)
    this.sessionId = this.#calls.sessionId
  }

  /** `open`, `lost` when the server no longer has the session, `closing` or `closed` by us. */
  get state(): State['kind'] {
    return this.#calls.state.kind
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
    this.#calls.assertOpen()
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
            operationCalls(
              this.#calls,
              operationId,
              executeRequest(this.#calls, compressed ?? plan, tags, operationId, this.remote.maxMessageBytes),
            ),
            {
              operationId,
              policy: this.#calls.policy,
              timing: this.#calls.timing,
              signal,
              onRetry: (event) => this.#calls.retried('ExecutePlan', operationId, event),
              inBackground: (work) => this.#inBackground(work),
            },
          )) {
            received = true
            progress.see(response)
            yield response
          }
          return
        } catch (error) {
          const failed = SparkConnectError.from(error, this.#calls.transport.redact)
          // A server that cannot read a compressed plan says so at once; then none is compressed any more.
          if (compressed && !received && failed.errorClass === 'CONNECT_INVALID_PLAN.CANNOT_PARSE') {
            this.#compression.giveUp()
            compressed = undefined
            continue
          }
          throw await this.#calls.explained(failed.with({ operationId }))
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
    const response = await this.#calls.unary(
      SparkConnectService.method.analyzePlan,
      { ...this.#calls.envelope(), analyze } as MessageInitShape<typeof AnalyzePlanRequestSchema>,
      // A plan over many files may take minutes to analyse; keepalive finds a dead connection.
      { ...options, deadline: false },
    )
    return response.result
  }

  config(operation: ConfigRequest_Operation, options: CallOptions = {}): Promise<ConfigResponse> {
    return this.#calls.unary(SparkConnectService.method.config, { ...this.#calls.envelope(), operation }, options)
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
    const version = await this.#askVersion({ ...options, maxWaitMs }, { ...this.#calls.policy, maxTotalWaitMs: waitMs })
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
    const response = await this.#calls.call(method.name, { signal }, () =>
      this.#calls.transport.clientStream(
        method,
        uploadRequests(wanted, {
          sessionId: this.sessionId,
          userContext: this.#calls.userContext,
          clientType: this.#calls.clientType,
          serverSideSessionId: this.#calls.serverSideSessionId,
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
    const response = await this.#calls.unary(
      SparkConnectService.method.artifactStatus,
      { ...this.#calls.envelope(), names: [...names] },
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
    const response = await this.#calls.unary(
      SparkConnectService.method.interrupt,
      { ...this.#calls.envelope(), ...target },
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
    const response = await this.#calls.unary(
      SparkConnectService.method.getStatus,
      { ...this.#calls.envelope(), operationStatus: { operationIds: [...operationIds] } },
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
    const response = await this.#calls.unary(
      SparkConnectService.method.cloneSession,
      { ...this.#calls.envelope(), newSessionId: randomUUID() },
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
    if (this.#calls.state.kind === 'closing' || this.#calls.state.kind === 'closed') return
    // An execution may have reached the server although nothing has come back yet.
    const isKnown = this.#calls.serverSideSessionId !== undefined || this.#running.size > 0
    const known = this.#calls.state.kind === 'open' && isKnown
    this.#calls.state = known ? { kind: 'closing' } : { kind: 'closed' }
    for (const running of this.#running) running.abort(closedError())
    await Promise.allSettled(this.#background)
    this.#calls.state = { kind: 'closed' }
    const method = SparkConnectService.method.releaseSession
    const startedMs = this.#calls.timing.now()
    const finished = (code: ErrorCode | 'OK') =>
      this.#calls.emit({
        kind: 'response',
        method: method.name,
        operationId: null,
        durationMs: this.#calls.timing.now() - startedMs,
        code,
      })
    try {
      if (known) {
        const { sessionId } = this
        const request = create(method.input, {
          sessionId,
          userContext: this.#calls.userContext,
          clientType: this.#calls.clientType,
        } as MessageInitShape<typeof method.input>)
        await this.#calls.transport.unary(method, request, { deadlineMs: releaseTimeoutMs })
        finished('OK')
      }
    } catch (error) {
      // The session ends by itself after an hour of silence; there is nothing that a caller could do better.
      finished(SparkConnectError.from(error, this.#calls.transport.redact).code)
    } finally {
      this.#calls.transport.close()
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

  async #askVersion(options: CallOptions & Patience, policy?: RetryPolicy): Promise<string> {
    const response = await this.#calls.unary(
      SparkConnectService.method.analyzePlan,
      { ...this.#calls.envelope(), analyze: { case: 'sparkVersion', value: {} } } as MessageInitShape<
        typeof AnalyzePlanRequestSchema
      >,
      { ...options, deadline: false, policy },
    )
    const version = response.result.case === 'sparkVersion' ? response.result.value.version : ''
    this.#knownVersion = version
    return version
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
