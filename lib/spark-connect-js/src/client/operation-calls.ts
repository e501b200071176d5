import { create } from '@bufbuild/protobuf'
import {
  type ExecutePlanRequest,
  ExecutePlanRequest_RequestOptionSchema,
  ExecutePlanRequestSchema,
  type Plan,
  SparkConnectService,
} from '../gen/spark/connect/base_pb.ts'
import { encodeMessage } from './encode.ts'
import { SparkConnectError } from './errors.ts'
import type { OperationCalls } from './execute.ts'
import { retrying } from './retry.ts'
import { releaseTimeoutMs, type SessionCalls } from './session-calls.ts'
import { defaultMaxMessageBytes } from './url.ts'

/**
 * How the server shall cut its Arrow batches where our limit for a message is below its own: without this the first
 * large batch would end the query as RESOURCE_EXHAUSTED. A tenth is left for what surrounds the data.
 */
function preferredChunk(maxMessageBytes: number): { preferredArrowChunkSize?: bigint } {
  if (maxMessageBytes >= defaultMaxMessageBytes) return {}
  return { preferredArrowChunkSize: BigInt(Math.max(1024, Math.floor(maxMessageBytes * 0.9))) }
}

/** The request that executes a plan, as bytes: they are sent again as they are. */
export function executeRequest(
  calls: SessionCalls,
  plan: Plan,
  tags: readonly string[],
  operationId: string,
  maxMessageBytes: number,
): Uint8Array {
  const request: ExecutePlanRequest = create(ExecutePlanRequestSchema, {
    ...calls.envelope(),
    operationId,
    tags: [...tags],
    requestOptions: [
      create(ExecutePlanRequest_RequestOptionSchema, {
        requestOption: { case: 'reattachOptions', value: { reattachable: true } },
      }),
      create(ExecutePlanRequest_RequestOptionSchema, {
        requestOption: {
          case: 'resultChunkingOptions',
          value: { allowArrowBatchChunking: true, ...preferredChunk(maxMessageBytes) },
        },
      }),
    ],
  })
  request.plan = plan
  return encodeMessage(ExecutePlanRequestSchema, request)
}

/** What an execution asks of the server: its start, to go on after a broken connection, and to free what it holds. */
export function operationCalls(calls: SessionCalls, operationId: string, requestBytes: Uint8Array): OperationCalls {
  const { executePlan, reattachExecute, releaseExecute } = SparkConnectService.method
  const release = async (target: 'releaseAll' | { responseId: string }) => {
    // A server that no longer knows the session has nothing to free.
    if (calls.state.kind !== 'open' && calls.state.kind !== 'closing') return
    const request = create(releaseExecute.input, {
      ...calls.envelope(),
      operationId,
      release:
        target === 'releaseAll'
          ? { case: 'releaseAll', value: {} }
          : { case: 'releaseUntil', value: { responseId: target.responseId } },
    })
    try {
      await retrying(() => calls.transport.unary(releaseExecute, request, { deadlineMs: releaseTimeoutMs }), {
        // A missed `until` is covered by the next one. Stopping a query is worth some tries.
        policy: { ...calls.policy, maxRetries: target === 'releaseAll' ? 3 : 0, maxTotalWaitMs: 2_000 },
        timing: calls.timing,
      })
    } catch (error) {
      calls.emit({ kind: 'releaseFailed', operationId, error: SparkConnectError.from(error, calls.transport.redact) })
    }
  }
  return {
    start: (signal) => {
      calls.emit({ kind: 'request', method: executePlan.name, operationId, planBytes: requestBytes.length })
      return calls.transport.serverStream(executePlan, requestBytes, { signal })
    },
    reattach: (lastResponseId, signal) => {
      calls.emit({ kind: 'request', method: reattachExecute.name, operationId })
      const request = create(reattachExecute.input, {
        ...calls.envelope(),
        operationId,
        ...(lastResponseId === undefined ? {} : { lastResponseId }),
      })
      return calls.transport.serverStream(reattachExecute, request, { signal })
    },
    releaseUntil: (responseId) => release({ responseId }),
    releaseAll: () => release('releaseAll'),
    verify: (response) => calls.verify(response),
  }
}
