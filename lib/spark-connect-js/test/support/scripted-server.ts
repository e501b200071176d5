import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import { anyPack } from '@bufbuild/protobuf/wkt'
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerErrorResponse,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import type { ErrorCode } from '../../src/client/errors.ts'
import { ErrorInfoSchema, RetryInfoSchema } from '../../src/gen/google/rpc/error_details_pb.ts'
import { StatusSchema } from '../../src/gen/google/rpc/status_pb.ts'
import {
  type AddArtifactsRequest,
  type ExecutePlanRequest,
  type ExecutePlanResponse,
  ExecutePlanResponseSchema,
  type ReattachExecuteRequest,
  SparkConnectService,
} from '../../src/gen/spark/connect/base_pb.ts'

/** How a call fails. */
export interface Failure {
  readonly code: ErrorCode
  readonly message?: string
  readonly errorClass?: string
  readonly retryDelayMs?: number
  readonly metadata?: Readonly<Record<string, string>>
}

/** What happens to one stream of responses: ExecutePlan and each ReattachExecute take the next fault of the list. */
export interface Fault {
  /** Fails before anything else. */
  readonly refuse?: Failure
  /** The server never learns of the operation: the failure happened on the way. */
  readonly lose?: boolean
  /** Sends so many responses, . Default: all of them. */
  readonly after?: number
  /** `end`: a good end without the rest; a failure; `hang`: nothing ever again. */
  readonly ending?: 'end' | 'hang' | Failure
  /** Sends so many of the responses before the asked-for position again. */
  readonly repeat?: number
  /** Waits before each response. */
  readonly delayMs?: number
}

type Responses = readonly MessageInitShape<typeof ExecutePlanResponseSchema>[]

export interface Script {
  /** The result of every operation; ids and ResultComplete are added. */
  readonly responses?: Responses | ((request: ExecutePlanRequest) => Responses)
  /** Leaves ResultComplete out. */
  readonly neverComplete?: boolean
  readonly faults?: readonly Fault[]
  /** The faults of unary calls, by method name, taken in turn. */
  readonly unaryFaults?: Readonly<Record<string, readonly (Failure | null)[]>>
  /** Answers of unary calls, by method name; ids are added. */
  readonly answers?: Readonly<Record<string, (request: never) => object>>
  /** Default: `server-1` always. */
  readonly serverSideSessionId?: () => string
  /** Rewrites a response just before it is sent. */
  readonly lie?: (response: ExecutePlanResponse, index: number) => ExecutePlanResponse
  readonly credentials?: ServerCredentials
}

/** One call as the server saw it. */
export interface SeenCall {
  readonly method: string
  readonly request: any
  readonly headers: Record<string, unknown>
}

export interface ScriptedServer {
  readonly port: number
  /** A connection string to it. */
  readonly url: string
  readonly seen: SeenCall[]
  seenOf(method: string): SeenCall[]
  /** Responses written to streams so far. */
  readonly sent: () => number
  /** Streams that are open now. */
  readonly openStreams: () => number
  close(): Promise<void>
}

/**
 * A Spark Connect server that runs nothing: it answers every plan with the script's responses, keeps them by operation
 * as the real one does (position after a response id, release), and breaks where the script says so.
 */
export async function scriptedServer(script: Script = {}): Promise<ScriptedServer> {
  const seen: SeenCall[] = []
  const operations = new Map<string, ExecutePlanResponse[]>()
  const streams = new Set<ServerWritableStream<unknown, unknown>>()
  const faults = [...(script.faults ?? [])]
  const unaryFaults = new Map(Object.entries(script.unaryFaults ?? {}).map(([method, list]) => [method, [...list]]))
  let sent = 0

  const serverSide = () => script.serverSideSessionId?.() ?? 'server-1'

  const play = async (
    call: ServerWritableStream<ExecutePlanRequest | ReattachExecuteRequest, ExecutePlanResponse>,
    all: () => ExecutePlanResponse[] | undefined,
    position: (all: ExecutePlanResponse[]) => number,
  ): Promise<void> => {
    const fault: Fault = faults.shift() ?? {}
    streams.add(call as never)
    call.on('close', () => streams.delete(call as never))
    call.on('cancelled', () => streams.delete(call as never))
    const fail = (failure: Failure) => {
      streams.delete(call as never)
      call.emit('error', statusOf(failure))
    }
    if (fault.refuse && fault.lose) return fail(fault.refuse)
    const responses = all()
    if (fault.refuse) return fail(fault.refuse)
    if (!responses) {
      return fail({
        code: 'INTERNAL',
        errorClass: 'INVALID_HANDLE.OPERATION_NOT_FOUND',
        message: 'Operation not found.',
      })
    }
    const start = Math.max(0, position(responses) - (fault.repeat ?? 0))
    const end = Math.min(responses.length, start + (fault.after ?? Number.POSITIVE_INFINITY))
    for (let i = start; i < end; i++) {
      if (fault.delayMs) await delay(fault.delayMs)
      if (call.cancelled) return
      const response = { ...responses[i]!, serverSideSessionId: serverSide() }
      sent += 1
      if (!call.write(script.lie?.(response, i) ?? response)) {
        const ended = new AbortController()
        const waits = ['drain', 'cancelled', 'close'].map((event) => once(call, event, { signal: ended.signal }))
        await Promise.race(waits)
        ended.abort()
        await Promise.allSettled(waits)
      }
    }
    if (fault.ending === 'hang') return
    if (fault.ending === undefined || fault.ending === 'end') call.end()
    else fail(fault.ending)
    streams.delete(call as never)
  }

  const resultOf = (request: ExecutePlanRequest): ExecutePlanResponse[] => {
    const given = typeof script.responses === 'function' ? script.responses(request) : (script.responses ?? [])
    const complete = script.neverComplete ? [] : [{ responseType: { case: 'resultComplete' as const, value: {} } }]
    return [...given, ...complete].map((init, i) =>
      create(ExecutePlanResponseSchema, {
        ...init,
        sessionId: request.sessionId,
        operationId: request.operationId!,
        responseId: `${request.operationId}/${i}`,
      } as MessageInitShape<typeof ExecutePlanResponseSchema>),
    )
  }

  const unary = (name: string, defaultAnswer: (request: never) => object) => {
    return (call: ServerUnaryCall<{ sessionId: string }, object>, callback: sendUnaryData<object>) => {
      const fault = unaryFaults.get(name)?.shift()
      if (fault) return callback(statusOf(fault))
      const answer = (script.answers?.[name] ?? defaultAnswer)(call.request as never)
      callback(null, { sessionId: call.request.sessionId, serverSideSessionId: serverSide(), ...answer })
    }
  }

  const handlers: Record<string, (...args: never[]) => unknown> = {
    ExecutePlan: (call: ServerWritableStream<ExecutePlanRequest, ExecutePlanResponse>) =>
      void play(
        call,
        () => {
          const id = call.request.operationId!
          const known = operations.get(id) ?? resultOf(call.request)
          operations.set(id, known)
          return known
        },
        () => 0,
      ),
    ReattachExecute: (call: ServerWritableStream<ReattachExecuteRequest, ExecutePlanResponse>) =>
      void play(
        call,
        () => operations.get(call.request.operationId),
        (all) => all.findIndex(({ responseId }) => responseId === call.request.lastResponseId) + 1,
      ),
    ReleaseExecute: unary('ReleaseExecute', (request: { operationId: string; release: { case: string } }) => {
      if (request.release.case === 'releaseAll') operations.delete(request.operationId)
      return { operationId: request.operationId }
    }),
    AnalyzePlan: unary('AnalyzePlan', () => ({ result: { case: 'sparkVersion', value: { version: '4.2.0' } } })),
    Config: unary('Config', () => ({ pairs: [], warnings: [] })),
    ArtifactStatus: unary('ArtifactStatus', () => ({ statuses: {} })),
    Interrupt: unary('Interrupt', () => ({ interruptedIds: [] })),
    ReleaseSession: unary('ReleaseSession', () => ({})),
    FetchErrorDetails: unary('FetchErrorDetails', () => ({ errors: [] })),
    CloneSession: unary('CloneSession', (request: { newSessionId: string }) => ({
      newSessionId: request.newSessionId,
      newServerSideSessionId: 'server-clone',
    })),
    GetStatus: unary('GetStatus', () => ({ operationStatuses: [] })),
    AddArtifacts: (call: ServerReadableStream<AddArtifactsRequest, object>, callback: sendUnaryData<object>) => {
      const requests: AddArtifactsRequest[] = []
      call.on('data', (request: AddArtifactsRequest) => {
        requests.push(request)
        seen.push({ method: 'AddArtifacts', request, headers: call.metadata.getMap() })
      })
      call.on('error', () => {})
      call.on('end', () => {
        const fault = unaryFaults.get('AddArtifacts')?.shift()
        if (fault) return callback(statusOf(fault))
        const answer = script.answers?.AddArtifacts?.(requests as never) ?? { artifacts: [] }
        callback(null, { sessionId: requests[0]?.sessionId ?? '', serverSideSessionId: serverSide(), ...answer })
      })
    },
  }

  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 })
  const definition = Object.fromEntries(
    SparkConnectService.methods.map((method) => [
      method.name,
      {
        path: `/${SparkConnectService.typeName}/${method.name}`,
        requestStream: method.methodKind === 'client_streaming',
        responseStream: method.methodKind === 'server_streaming',
        requestSerialize: encoder(method.input),
        requestDeserialize: decoder(method.input),
        responseSerialize: encoder(method.output),
        responseDeserialize: decoder(method.output),
      },
    ]),
  )
  const recorded = Object.fromEntries(
    Object.entries(handlers).map(([method, handler]) => [
      method,
      method === 'AddArtifacts'
        ? handler
        : (...args: never[]) => {
            const call = args[0] as unknown as { request: unknown; metadata: Metadata }
            seen.push({ method, request: call.request, headers: call.metadata.getMap() })
            return handler(...args)
          },
    ]),
  )
  server.addService(definition, recorded as never)
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', script.credentials ?? ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  return {
    port,
    url: `sc://127.0.0.1:${port}`,
    seen,
    seenOf: (method) => seen.filter((call) => call.method === method),
    sent: () => sent,
    openStreams: () => streams.size,
    close: async () => server.forceShutdown(),
  }
}

/** The status with the trailer that a Spark server sends. */
function statusOf(failure: Failure): ServerErrorResponse & { code: number; details: string; metadata: Metadata } {
  const message = failure.errorClass
    ? `[${failure.errorClass}] ${failure.message ?? 'failed'}`
    : (failure.message ?? 'failed')
  const metadata = new Metadata()
  const details = []
  if (failure.errorClass !== undefined || failure.metadata) {
    const fields: Record<string, string> = { ...failure.metadata }
    if (failure.errorClass !== undefined) fields.errorClass = failure.errorClass
    details.push(
      anyPack(
        ErrorInfoSchema,
        create(ErrorInfoSchema, { reason: 'java.lang.Exception', domain: 'org.apache.spark', metadata: fields }),
      ),
    )
  }
  if (failure.retryDelayMs !== undefined) {
    const seconds = BigInt(Math.floor(failure.retryDelayMs / 1000))
    const nanos = (failure.retryDelayMs % 1000) * 1e6
    details.push(anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: { seconds, nanos } })))
  }
  if (details.length > 0) {
    const trailer = create(StatusSchema, { code: status[failure.code], message, details })
    metadata.set('grpc-status-details-bin', Buffer.from(toBinary(StatusSchema, trailer)))
  }
  return Object.assign(new Error(message), { code: status[failure.code] as number, details: message, metadata })
}

function encoder<D extends DescMessage>(schema: D): (message: MessageInitShape<D>) => Buffer {
  return (message) => Buffer.from(toBinary(schema, create(schema, message)))
}

function decoder<D extends DescMessage>(schema: D): (bytes: Buffer) => MessageShape<D> {
  return (bytes) => fromBinary(schema, bytes)
}
