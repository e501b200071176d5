import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import type { ClientWritableStream, Metadata, ServiceError } from '@grpc/grpc-js'
import { decoder, encoder, grpcOptions, type Method, onAbort, pathOf, type TransportCall } from './call.ts'
import { Connection, type TransportOptions } from './connection.ts'
import { silentConnection } from './liveness.ts'
import type { Redact } from './redact.ts'
import { openStream, type ResponseStream } from './server-stream.ts'
import type { Remote } from './url.ts'

/**
 * Asks the server something cheap, within `deadlineMs`; any answer at all shows that the connection lives.
 *
 * HTTP/2's own pings cannot be used: servers up to Spark 4.2 take more than one in five minutes as an attack and close the
 * connection (GOAWAY, too_many_pings, seen on 4.2.0 at the third), which would kill a long AnalyzePlan for good.
 */
export type Probe = (transport: Transport, deadlineMs: number) => Promise<unknown>

/**
 * One HTTP/2 connection to a server: bytes out, messages in, nothing of sessions or retries.
 * Every error is a SparkConnectError whose texts are free of secrets.
 */
export interface Transport {
  unary<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    request: MessageShape<I>,
    call?: TransportCall,
  ): Promise<MessageShape<O>>
  /** `request` is a message or its bytes, where those are at hand. */
  serverStream<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    request: MessageShape<I> | Uint8Array,
    call?: TransportCall,
  ): Promise<ResponseStream<MessageShape<O>>>
  clientStream<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    requests: Iterable<MessageShape<I>> | AsyncIterable<MessageShape<I>>,
    call?: TransportCall,
  ): Promise<MessageShape<O>>
  readonly redact: Redact
  close(): void
}

/** Connects lazily: nothing is sent before the first call. Without `probe` a half-open connection is never noticed. */
export function createTransport(remote: Remote, options: TransportOptions = {}, probe?: Probe): Transport {
  const connection = new Connection(remote, options, (deadlineMs) => probe?.(transport, deadlineMs))
  const transport: Transport = {
    redact: connection.redact,
    close: () => connection.close(),
    unary: async (method, request, call = {}) =>
      unary(connection, method, request, await connection.headers(call.signal), call),
    serverStream: async (method, request, call = {}) =>
      openStream(connection, method, request, await connection.headers(call.signal), call),
    clientStream: async (method, requests, call = {}) =>
      clientStream(connection, method, requests, await connection.headers(call.signal), call),
  }
  return transport
}

/** One request, one answer. */
function unary<I extends DescMessage, O extends DescMessage>(
  connection: Connection,
  method: Method<I, O>,
  request: MessageShape<I>,
  headers: Metadata,
  call: TransportCall,
): Promise<MessageShape<O>> {
  return new Promise((resolve, reject) => {
    const sent = connection.client.makeUnaryRequest(
      pathOf(method),
      encoder(method.input),
      decoder(method.output),
      request,
      headers,
      grpcOptions(call),
      (error: ServiceError | null, response) => {
        unlink()
        ended(error?.code)
        if (error) reject(connection.failure(error, call.signal))
        else resolve(response!)
      },
    )
    const ended = connection.liveness.opened(call.isProbe, () => {
      unlink()
      reject(connection.failure(silentConnection(), call.signal))
      sent.cancel()
    })
    const unlink = onAbort(call.signal, () => sent.cancel())
  })
}

/** Many requests, one answer, which may come before all are sent. */
async function clientStream<I extends DescMessage, O extends DescMessage>(
  connection: Connection,
  method: Method<I, O>,
  requests: Iterable<MessageShape<I>> | AsyncIterable<MessageShape<I>>,
  headers: Metadata,
  call: TransportCall,
): Promise<MessageShape<O>> {
  const { promise: answer, resolve, reject } = Promise.withResolvers<MessageShape<O>>()
  answer.catch(() => {}) // it may fail while we still write; it is awaited below
  const over = new AbortController()
  const sent = connection.client.makeClientStreamRequest(
    pathOf(method),
    encoder(method.input),
    decoder(method.output),
    headers,
    grpcOptions(call),
    (error: ServiceError | null, response) => {
      over.abort()
      ended(error?.code)
      if (error) reject(connection.failure(error, call.signal))
      else resolve(response!)
    },
  )
  const ended = connection.liveness.opened(false, () => {
    reject(connection.failure(silentConnection(), call.signal))
    sent.cancel()
  })
  sent.on('error', () => {})
  const unlink = onAbort(call.signal, () => sent.cancel())
  try {
    await writeAll(sent, requests, over.signal)
    return await answer
  } catch (error) {
    sent.cancel()
    throw connection.failure(error, call.signal)
  } finally {
    unlink()
  }
}

/** Writes requests as fast as the network takes them, until all are sent or the call is over. */
async function writeAll<T>(
  sent: ClientWritableStream<T>,
  requests: Iterable<T> | AsyncIterable<T>,
  over: AbortSignal,
): Promise<void> {
  for await (const request of requests) {
    if (over.aborted) break
    if (sent.write(request)) continue
    await new Promise<void>((resolve) => {
      sent.once('drain', resolve)
      onAbort(over, resolve)
    })
  }
  sent.end()
}
