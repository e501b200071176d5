// What Spark reports on streaming queries, as its own classes write it in JSON. Newer servers may add fields.

/** What one source read in a micro-batch. */
export interface SourceProgress {
  readonly description: string
  /** Offsets are the source's own: text, numbers or objects. */
  readonly startOffset: unknown
  readonly endOffset: unknown
  readonly latestOffset: unknown
  readonly numInputRows: number
  /** Absent where it cannot be computed, as in the first batch. */
  readonly inputRowsPerSecond?: number
  readonly processedRowsPerSecond?: number
  readonly metrics?: Readonly<Record<string, string>>
}

/** What a sink wrote in one trigger. */
export interface SinkProgress {
  readonly description: string
  /** −1 where the sink does not count. */
  readonly numOutputRows?: number
  readonly metrics?: Readonly<Record<string, string>>
}

/** One operator with state: an aggregate, a join of streams, a deduplication. */
export interface StateOperatorProgress {
  readonly operatorName: string
  readonly numRowsTotal: number
  readonly numRowsUpdated: number
  readonly numRowsRemoved: number
  readonly allUpdatesTimeMs: number
  readonly allRemovalsTimeMs: number
  readonly commitTimeMs: number
  readonly memoryUsedBytes: number
  readonly numRowsDroppedByWatermark: number
  readonly numShufflePartitions: number
  readonly numStateStoreInstances: number
  readonly customMetrics?: Readonly<Record<string, number>>
}

/** The report on one micro-batch. */
export interface StreamingQueryProgress {
  /** The query, across restarts, and this run of it. */
  readonly id: string
  readonly runId: string
  readonly name: string | null
  /** When the batch began, as ISO 8601 in UTC. */
  readonly timestamp: string
  readonly batchId: number
  readonly batchDuration: number
  readonly numInputRows?: number
  readonly inputRowsPerSecond?: number
  readonly processedRowsPerSecond?: number
  /** Milliseconds of each step: `addBatch`, `queryPlanning`, `triggerExecution` … */
  readonly durationMs: Readonly<Record<string, number>>
  /** `max`, `min`, `avg` and `watermark` of the event time, as ISO 8601. */
  readonly eventTime?: Readonly<Record<string, string>>
  readonly stateOperators: readonly StateOperatorProgress[]
  readonly sources: readonly SourceProgress[]
  readonly sink: SinkProgress
  /** The metrics of `observe`, by its name. */
  readonly observedMetrics?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** A streaming query started. */
export interface QueryStartedEvent {
  readonly id: string
  readonly runId: string
  readonly name: string | null
  readonly timestamp: string
}

/** A streaming query made progress. */
export interface QueryProgressEvent {
  readonly progress: StreamingQueryProgress
}

/** A streaming query had nothing to do. */
export interface QueryIdleEvent {
  readonly id: string
  readonly runId: string
  readonly timestamp: string
}

/** A streaming query ended, with its error if it failed. */
export interface QueryTerminatedEvent {
  readonly id: string
  readonly runId: string
  /** The error that ended the query; null or absent after a good end. */
  readonly exception?: string | null
  readonly errorClassOnException?: string | null
}
