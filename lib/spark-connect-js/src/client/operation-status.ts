import { GetStatusResponse_OperationStatus_OperationState as OperationState } from '../gen/spark/connect/base_pb.ts'

/** How an operation stands on the server. */
export type OperationStatus = 'unknown' | 'running' | 'terminating' | 'succeeded' | 'failed' | 'cancelled'

/** The states of the protocol. */
export const statusNames: Readonly<Record<OperationState, OperationStatus>> = {
  [OperationState.UNSPECIFIED]: 'unknown',
  [OperationState.UNKNOWN]: 'unknown',
  [OperationState.RUNNING]: 'running',
  [OperationState.TERMINATING]: 'terminating',
  [OperationState.SUCCEEDED]: 'succeeded',
  [OperationState.FAILED]: 'failed',
  [OperationState.CANCELLED]: 'cancelled',
}
