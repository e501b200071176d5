import { create } from '@bufbuild/protobuf'
import { maxBatchBytes } from '../arrow/limits.ts'
import {
  type ExecutePlanResponse,
  type ExecutePlanResponse_ArrowBatch,
  ExecutePlanResponse_ArrowBatchSchema,
} from '../gen/spark/connect/base_pb.ts'
import { abortError, SparkConnectError } from './errors.ts'
import { exhausted, isRetryable, Retries, type RetryPolicy, type Timing } from './retry.ts'
import type { ResponseStream } from './server-stream.ts'

/** The calls of one operation; the operation's id is in each of them already. */
export interface OperationCalls {
  /** ExecutePlan. Sending it twice with the same id is safe: the server runs the plan once. */
  start(signal: AbortSignal): Promise<ResponseStream<ExecutePlanResponse>>
  /** ReattachExecute after the response of this id, or from the beginning. */
  reattach(lastResponseId: string | undefined, signal: AbortSignal): Promise<ResponseStream<ExecutePlanResponse>>
  /** ReleaseExecute up to and with this response. Never rejects. */
  releaseUntil(responseId: string): Promise<void>
  /** ReleaseExecute of the whole operation, which also stops it. Never rejects. */
  releaseAll(): Promise<void>
  /** Checks who answered; throws when the server is not the one of before. */
  verify(response: ExecutePlanResponse): void
}

export interface ExecutionOptions {
  readonly operationId: string
  readonly policy: RetryPolicy
  readonly timing: Timing
  readonly signal?: AbortSignal | undefined
  readonly onRetry?: ((event: ExecutionRetry) => void) | undefined
  /** Takes the releases that nobody waits for, so that closing the client can. */
  readonly inBackground: (work: Promise<void>) => void
}

/** Why a stream was opened again. */
export interface ExecutionRetry {
  /** `rollover`: the server ended the stream in good order, as it does every two minutes. */
  readonly reason: 'error' | 'lost' | 'rollover'
  readonly attempt: number
  readonly waitMs: number
  readonly error: SparkConnectError | null
}

// A stream that ended in good order without a single response is normal after minutes of silence (no progress reports),
// but a server that ends each one at once would keep us reattaching for ever.
const shortStreamMs = 1_000

// Enough to recognise what a server sends again after a reattach; its own buffer keeps 10 MB of responses.
const rememberedResponses = 1_024

const operationLost = new Set(['INVALID_HANDLE.OPERATION_NOT_FOUND', 'INVALID_HANDLE.SESSION_NOT_FOUND'])

/**
 * Every response of one operation, in order, each once; ends after the last (ResultComplete itself is not given out).
 *
 * The rules are those of Spark's reattachable execution:
 * - a stream that ends without ResultComplete is reattached after the last response that we have
 * - a retryable error waits by the policy, then reattaches; a new response starts the policy anew
 * - an operation unknown to the server is started again, as long as nothing was received; after that it is an error,
 *   because what it did cannot be told
 * - responses are released as the consumer takes them, one request at a time; the operation is released at the end,
 *   however that comes about: also on `return()`, error or abort, which stops it on the server
 * - Arrow batches sent in chunks are put together; row offsets without a gap and chunks in order are checked
 *
 * *Memory:* the response in the consumer's hands, one that is read ahead, and the chunks of one batch.
 * *Errors:* SparkConnectError; code DATA_LOSS when the server's answers contradict each other.
 */
export function executeReattachable(
  calls: OperationCalls,
  options: ExecutionOptions,
): AsyncGenerator<ExecutePlanResponse, void, undefined> {
  return new Execution(calls, options).responses()
}

/** One operation while its responses are read, over as many streams as that takes. */
class Execution {
  readonly #calls: OperationCalls
  readonly #options: ExecutionOptions
  readonly #retries: Retries
  readonly #releases: Releases
  readonly #integrity: Integrity
  readonly #stop = new AbortController()
  #stream: ResponseStream<ExecutePlanResponse> | undefined
  #lastResponseId: string | undefined
  #mode: 'start' | 'reattach' = 'start'
  #isComplete = false

  constructor(calls: OperationCalls, options: ExecutionOptions) {
    this.#calls = calls
    this.#options = options
    this.#retries = new Retries(options.policy, options.timing)
    this.#releases = new Releases(calls, options.inBackground)
    this.#integrity = new Integrity(options.operationId)
  }

  async *responses(): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    const { signal, operationId } = this.#options
    if (signal?.aborted) throw abortError(signal)
    // An abort must reach the server also while the consumer holds a response and does not ask for the next.
    const onAbort = () => {
      this.#stop.abort(signal?.reason)
      this.#options.inBackground(this.#releases.all())
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      while (!this.#isComplete) yield* this.#oneStream()
    } catch (error) {
      throw SparkConnectError.from(error).with({ operationId })
    } finally {
      signal?.removeEventListener('abort', onAbort)
      await this.#release()
    }
  }

  /** The responses of one stream. Where it ends or breaks before the result is complete, the next one goes on behind it. */
  async *#oneStream(): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    const openedAtMs = this.#options.timing.now()
    const before = this.#lastResponseId
    try {
      this.#stream = await this.#open()
      this.#mode = 'reattach'
      yield* this.#read(this.#stream)
    } catch (caught) {
      await this.#recover(caught)
      return
    }
    if (!this.#isComplete) await this.#rollOver(openedAtMs, this.#lastResponseId !== before)
  }

  #open(): Promise<ResponseStream<ExecutePlanResponse>> {
    const { signal } = this.#stop
    return this.#mode === 'start' ? this.#calls.start(signal) : this.#calls.reattach(this.#lastResponseId, signal)
  }

  async *#read(stream: ResponseStream<ExecutePlanResponse>): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    for (;;) {
      const response = await stream.next()
      this.#throwIfStopped()
      if (response === undefined) return
      this.#calls.verify(response)
      if (!this.#integrity.isNew(response)) continue
      this.#lastResponseId = response.responseId
      this.#retries.reset()
      if (response.responseType.case === 'resultComplete') {
        this.#isComplete = true
        void stream.next().catch(() => {}) // lets the call end by itself
        if (carriesMore(response)) yield response
        return
      }
      const whole = this.#integrity.assemble(response)
      if (whole) yield whole
      this.#throwIfStopped()
      this.#releases.until(response.responseId)
    }
  }

  #throwIfStopped(): void {
    if (this.#stop.signal.aborted) throw abortError(this.#stop.signal)
  }

  /** Waits before another try. *Errors:* what no other try can mend. */
  async #recover(caught: unknown): Promise<void> {
    this.#stream?.cancel()
    this.#throwIfStopped()
    const error = SparkConnectError.from(caught)
    const lost = error.errorClass !== null && operationLost.has(error.errorClass)
    if (lost && this.#lastResponseId !== undefined) {
      throw error.with({
        message: `${error.message}; the server lost the operation after part of its result was received`,
      })
    }
    if (!lost && !isRetryable(error)) throw error
    // The first ExecutePlan may have arrived although its answer did not: asking for the stream finds out.
    this.#mode = lost ? 'start' : 'reattach'
    const waitMs = this.#retries.next(error.retryDelayMs)
    if (waitMs === null) throw exhausted(error, this.#retries.attempt)
    const { onRetry, timing } = this.#options
    onRetry?.({ reason: lost ? 'lost' : 'error', attempt: this.#retries.attempt, waitMs, error })
    await timing.sleep(waitMs, this.#stop.signal)
  }

  /** A stream ended in good order; where it brought nothing and ended at once, the next one waits. */
  async #rollOver(openedAtMs: number, hasProgressed: boolean): Promise<void> {
    const { onRetry, timing } = this.#options
    const isIdle = !hasProgressed && timing.now() - openedAtMs < shortStreamMs
    const waitMs = isIdle ? this.#retries.next() : 0
    const { attempt } = this.#retries
    if (waitMs === null) {
      throw new SparkConnectError(
        `the server ended the stream ${attempt + 1} times without a response and without a result`,
        { code: 'UNAVAILABLE' },
      )
    }
    onRetry?.({ reason: 'rollover', attempt, waitMs, error: null })
    if (waitMs > 0) await timing.sleep(waitMs, this.#stop.signal)
  }

  async #release(): Promise<void> {
    if (this.#isComplete) {
      this.#options.inBackground(this.#releases.all())
      return
    }
    this.#stream?.cancel()
    this.#stop.abort()
    // Waited for: a program that ends after leaving the loop must not leave a query running.
    await this.#releases.all()
  }
}

/** True when a ResultComplete response has something beside it that a consumer may want. */
function carriesMore(response: ExecutePlanResponse): boolean {
  return response.metrics !== undefined || response.observedMetrics.length > 0 || response.schema !== undefined
}

/** Releases in the background: at most one request under way, a later response covers the earlier ones. */
class Releases {
  readonly #calls: OperationCalls
  readonly #inBackground: (work: Promise<void>) => void
  #underWay: Promise<void> | undefined
  #nextUntil: string | undefined
  #all: Promise<void> | undefined

  constructor(calls: OperationCalls, inBackground: (work: Promise<void>) => void) {
    this.#calls = calls
    this.#inBackground = inBackground
  }

  until(responseId: string): void {
    this.#nextUntil = responseId
    if (this.#underWay || this.#all) return
    this.#underWay = this.#drain().finally(() => {
      this.#underWay = undefined
    })
    this.#inBackground(this.#underWay)
  }

  all(): Promise<void> {
    this.#nextUntil = undefined
    this.#all ??= this.#calls.releaseAll()
    return this.#all
  }

  async #drain(): Promise<void> {
    while (this.#nextUntil !== undefined) {
      const responseId = this.#nextUntil
      this.#nextUntil = undefined
      await this.#calls.releaseUntil(responseId)
    }
  }
}

/** What must hold of the responses of one operation, whatever the network did to them. */
class Integrity {
  readonly #operationId: string
  readonly #seen = new Set<string>()
  #rows = 0n
  #chunks: ExecutePlanResponse[] = []
  #chunkBytes = 0

  constructor(operationId: string) {
    this.#operationId = operationId
  }

  /** False for a response that was received before. */
  isNew(response: ExecutePlanResponse): boolean {
    if (response.operationId !== '' && response.operationId !== this.#operationId) {
      throw this.#broken(`a response of operation ${response.operationId} arrived`)
    }
    const id = response.responseId
    if (this.#seen.has(id)) return false
    this.#seen.add(id)
    if (this.#seen.size > rememberedResponses) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest)
        break
      }
    }
    return true
  }

  /** The response, whole; undefined while chunks of its batch are missing. */
  assemble(response: ExecutePlanResponse): ExecutePlanResponse | undefined {
    if (response.responseType.case !== 'arrowBatch') return response
    const batch = response.responseType.value
    const chunks = Number(batch.numChunksInBatch ?? 1n)
    const index = Number(batch.chunkIndex ?? 0n)
    if (index !== this.#chunks.length || index >= Math.max(chunks, 1)) {
      throw this.#broken(`chunk ${index} of ${chunks} follows ${this.#chunks.length} chunks`)
    }
    if (batch.startOffset !== undefined && batch.startOffset !== this.#rows) {
      throw this.#broken(`a batch begins at row ${batch.startOffset} after ${this.#rows} rows`)
    }
    const before = this.#chunks[0]?.responseType
    if (before?.case === 'arrowBatch' && before.value.rowCount !== batch.rowCount) {
      throw this.#broken(`the chunks of a batch tell of ${before.value.rowCount} and of ${batch.rowCount} rows`)
    }
    if (before?.case === 'arrowBatch' && before.value.numChunksInBatch !== batch.numChunksInBatch) {
      throw this.#broken(`a batch of ${before.value.numChunksInBatch} chunks goes on as one of ${chunks}`)
    }
    if (chunks > 1 && batch.data.length === 0) throw this.#broken(`chunk ${index} of ${chunks} is empty`)
    this.#chunks.push(response)
    this.#chunkBytes += batch.data.length
    if (this.#chunkBytes > maxBatchBytes) throw this.#broken(`a batch has more than ${maxBatchBytes} bytes`)
    if (index + 1 < chunks) return undefined
    const parts = this.#chunks
    this.#chunks = []
    this.#chunkBytes = 0
    this.#rows += batch.rowCount
    return parts.length === 1 ? response : join(parts, batch)
  }

  #broken(what: string): SparkConnectError {
    return new SparkConnectError(`the server's answers do not fit together: ${what}`, {
      code: 'DATA_LOSS',
      operationId: this.#operationId,
    })
  }
}

function join(parts: readonly ExecutePlanResponse[], last: ExecutePlanResponse_ArrowBatch): ExecutePlanResponse {
  const pieces = parts.map((part) => (part.responseType.case === 'arrowBatch' ? part.responseType.value.data : none))
  const data = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    data.set(piece, at)
    at += piece.length
  }
  const final = parts[parts.length - 1]!
  const schema = parts.find((part) => part.schema !== undefined)?.schema
  return {
    ...final,
    ...(schema === undefined ? {} : { schema }),
    observedMetrics: parts.flatMap((part) => part.observedMetrics),
    responseType: {
      case: 'arrowBatch',
      value: create(ExecutePlanResponse_ArrowBatchSchema, {
        data,
        rowCount: last.rowCount,
        ...(last.startOffset === undefined ? {} : { startOffset: last.startOffset }),
      }),
    },
  }
}

const none = new Uint8Array(0)
