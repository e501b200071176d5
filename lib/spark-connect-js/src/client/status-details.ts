import { fromBinary } from '@bufbuild/protobuf'
import type { Metadata } from '@grpc/grpc-js'
import { ErrorInfoSchema, RetryInfoSchema } from '../gen/google/rpc/error_details_pb.ts'
import { StatusSchema } from '../gen/google/rpc/status_pb.ts'

/** What the trailers of a failed call tell beside its status: ErrorInfo, RetryInfo and the whole message. */
export function statusDetails(metadata: Metadata | undefined): {
  info?: Record<string, string>
  retryDelayMs?: number
  message?: string
} {
  const raw = metadata?.get('grpc-status-details-bin')[0]
  if (!(raw instanceof Uint8Array)) return {}
  try {
    const found: { info?: Record<string, string>; retryDelayMs?: number; message?: string } = {}
    const rpcStatus = fromBinary(StatusSchema, raw)
    found.message = rpcStatus.message
    for (const detail of rpcStatus.details) {
      if (detail.typeUrl.endsWith('/google.rpc.ErrorInfo')) {
        found.info = fromBinary(ErrorInfoSchema, detail.value).metadata
      } else if (detail.typeUrl.endsWith('/google.rpc.RetryInfo')) {
        const delay = fromBinary(RetryInfoSchema, detail.value).retryDelay
        found.retryDelayMs = delay ? Math.max(0, Number(delay.seconds) * 1000 + delay.nanos / 1e6) : 0
      }
    }
    return found
  } catch {
    return {} // a damaged trailer must not hide the error that it was to explain
  }
}
