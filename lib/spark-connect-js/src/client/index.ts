// Hides: gRPC, retries, reattaching, releasing, error trailers, who the server is.
// Needs: a connection string and, for tests, a transport and a clock.
// Never: looks into plans or rows, logs, or puts a token into a text.
export { checkTag, SparkConnectClient } from './client.ts'
export type { ClientEvent, ClientOptions } from './client-options.ts'
export type { TlsOptions, TokenProvider, TransportOptions } from './connection.ts'
export * from './error-kinds.ts'
export {
  type ErrorCode,
  type QueryContext,
  type ServerError,
  SparkConnectError,
  type SparkConnectErrorFields,
} from './errors.ts'
export type { OperationStatus } from './operation-status.ts'
export type { ProgressEvent } from './progress.ts'
export { defaultRetryPolicy, type RetryPolicy } from './retry.ts'
export { describeRemote, isLocalMaster, isLoopback, parseRemote, type Remote } from './url.ts'
export { compareVersions } from './version.ts'
