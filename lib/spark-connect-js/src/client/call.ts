import { type DescMessage, type DescMethod, fromBinary, type MessageShape } from '@bufbuild/protobuf'
import type { CallOptions as GrpcCallOptions } from '@grpc/grpc-js'
import { encodeMessage } from './encode.ts'

/** A method of the generated service description. */
export type Method<I extends DescMessage, O extends DescMessage> = DescMethod & {
  readonly input: I
  readonly output: O
}

export interface TransportCall {
  readonly signal?: AbortSignal | undefined
  /** Time for this one try; the server learns of it. */
  readonly deadlineMs?: number | undefined
  /** True for the probe itself, which needs none. */
  readonly isProbe?: boolean | undefined
}

// A plan may nest 1,024 deep on the server; the default of 100 would refuse the echo of a long chain.
const readOptions = { readUnknownFields: false, recursionLimit: 4096 }

/** The path of a method in HTTP/2. */
export function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`
}

/** Writes the messages of a method; what is bytes already is sent as it is. */
export function encoder<I extends DescMessage>(schema: I): (message: MessageShape<I> | Uint8Array) => Buffer {
  return (message) => asBuffer(message instanceof Uint8Array ? message : encodeMessage(schema, message))
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Reads the messages of a method. */
// As a plain Uint8Array, so that `bytes` fields are views of that class and not of Buffer, whose slice() shares memory.
export function decoder<O extends DescMessage>(schema: O): (bytes: Buffer) => MessageShape<O> {
  return (bytes) => fromBinary(schema, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), readOptions)
}

/** The deadline of a call in the words of gRPC. */
export function grpcOptions(call: TransportCall): GrpcCallOptions {
  return call.deadlineMs === undefined ? {} : { deadline: Date.now() + call.deadlineMs }
}

/** Acts when the signal fires; gives what takes that back. */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  if (!signal) return () => {}
  if (signal.aborted) {
    act()
    return () => {}
  }
  signal.addEventListener('abort', act, { once: true })
  return () => signal.removeEventListener('abort', act)
}
