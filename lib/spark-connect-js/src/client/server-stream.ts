import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import {
  type ClientReadableStream,
  InterceptingCall,
  type Interceptor,
  Metadata,
  type StatusObject,
  status,
} from '@grpc/grpc-js'
import { decoder, encoder, grpcOptions, type Method, onAbort, pathOf, type TransportCall } from './call.ts'
import type { Connection } from './connection.ts'
import { silence } from './liveness.ts'

/** The responses of a streaming call, taken one by one. */
export interface ResponseStream<T> {
  /** The next response, undefined at the end. At most one response is read ahead from the network. */
  next(): Promise<T | undefined>
  /** Ends the call. Harmless when it has ended. */
  cancel(): void
}

/**
 * The messages reach us through an interceptor that holds each one back until it is asked for; only then does the
 * library read the next. Its Readable alone would fetch 16 messages ahead, of up to 128 MiB each.
 */
class GatedStream<T> implements ResponseStream<T> {
  readonly #connection: Connection
  readonly #signal: AbortSignal | undefined
  #held: { readonly message: T; readonly pass: (message: T) => void } | undefined
  #end: StatusObject | undefined
  #waiting:
    | { readonly resolve: (message: T | undefined) => void; readonly reject: (error: unknown) => void }
    | undefined
  #sent: ClientReadableStream<T> | undefined
  #ended: (code: number) => void = () => {}
  #unlink: () => void = () => {}

  constructor(connection: Connection, signal: AbortSignal | undefined) {
    this.#connection = connection
    this.#signal = signal
  }

  /** Sees what arrives before the library's Readable does. */
  readonly gate: Interceptor = (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start: (metadata, _listener, next) =>
        next(metadata, {
          onReceiveMessage: (message: T, pass: (message: T) => void) => this.#receive(message, pass),
          onReceiveStatus: (received, pass) => {
            this.#finish(received)
            pass(received)
          },
        }),
    })

  /** Watches over the call that was sent through the gate. */
  watch(sent: ClientReadableStream<T>): this {
    this.#sent = sent
    sent.on('error', () => {}) // told by the status that passed the gate
    sent.on('data', () => {}) // keeps the library reading; messages were taken at the gate
    this.#ended = this.#connection.liveness.opened(false, () => this.#fallSilent())
    this.#unlink = onAbort(this.#signal, () => sent.cancel())
    return this
  }

  next(): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#deliver()
    })
  }

  cancel(): void {
    this.#unlink()
    this.#sent?.cancel()
  }

  #receive(message: T, pass: (message: T) => void): void {
    this.#connection.liveness.heard()
    this.#held = { message, pass }
    this.#deliver()
  }

  #finish(received: StatusObject): void {
    this.#end ??= received
    this.#unlink()
    this.#ended(received.code)
    this.#deliver()
  }

  #fallSilent(): void {
    this.#end ??= { code: status.UNAVAILABLE, details: silence, metadata: new Metadata() }
    this.#held = undefined // it is read again after the reattach
    this.#sent?.cancel()
    this.#deliver()
  }

  #deliver(): void {
    const waiting = this.#waiting
    if (!waiting) return
    if (this.#held) {
      const { message, pass } = this.#held
      this.#held = undefined
      this.#waiting = undefined
      waiting.resolve(message)
      pass(message)
    } else if (this.#end) {
      this.#waiting = undefined
      if (this.#end.code === status.OK) waiting.resolve(undefined)
      else waiting.reject(this.#connection.failure(statusError(this.#end), this.#signal))
    }
  }
}

/** Sends a request whose responses come one by one, as they are asked for. */
export function openStream<I extends DescMessage, O extends DescMessage>(
  connection: Connection,
  method: Method<I, O>,
  request: MessageShape<I> | Uint8Array,
  headers: Metadata,
  call: TransportCall,
): ResponseStream<MessageShape<O>> {
  const stream = new GatedStream<MessageShape<O>>(connection, call.signal)
  const options = { ...grpcOptions(call), interceptors: [stream.gate, ...connection.interceptors] }
  const [encode, decode] = [encoder(method.input), decoder(method.output)]
  return stream.watch(
    connection.client.makeServerStreamRequest(pathOf(method), encode, decode, request, headers, options),
  )
}

function statusError(end: StatusObject): Error {
  return Object.assign(new Error(`${end.code} ${status[end.code]}: ${end.details}`), {
    code: end.code,
    details: end.details,
    metadata: end.metadata,
  })
}
