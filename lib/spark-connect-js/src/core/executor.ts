import type {
  AnalyzePlanRequest,
  AnalyzePlanResponse,
  ConfigRequest_Operation,
  ConfigResponse,
  ExecutePlanResponse,
  Plan,
} from '../gen/spark/connect/base_pb.ts'

/** A file for the session: its name there, and its bytes or the path of a file that has them. */
export interface Artifact {
  /** Begins with `jars/`, `files/`, `archives/`, `pyfiles/`, `classes/`, `cache/` or `forward_to_fs/`. */
  readonly name: string
  readonly source: Uint8Array | { readonly path: string }
}

/** What every call to the server takes. */
export interface CallOptions {
  /** Ends the call with the error code CANCELLED; a running query is stopped on the server as well. */
  readonly signal?: AbortSignal | undefined
  /** Ends the call with DEADLINE_EXCEEDED after so many milliseconds, retries and waits included. Default: none. */
  readonly timeoutMs?: number | undefined
}

/** What an execution takes besides. */
export interface ExecuteOptions extends CallOptions {
  /** Names for `interruptTag`, in addition to those of the surrounding `withTag`. Not empty, no comma. */
  readonly tags?: readonly string[] | undefined
}

/**
 * What frames need of a connection; they never see gRPC.
 * `client/client.ts` implements it, tests may give another.
 */
export interface Executor {
  /** The client's id of the session, a UUID. */
  readonly sessionId: string

  /**
   * Every response of a plan's execution, in order, each once, whatever happens to the connection meanwhile.
   * An Arrow batch that the server sent in chunks comes as one response.
   * The next response is read from the network only when the consumer asks for it.
   * Leaving the loop early, an error or an abort stops the query on the server.
   * *Errors:* SparkConnectError.
   */
  execute(plan: Plan, options?: ExecuteOptions): AsyncGenerator<ExecutePlanResponse, void, undefined>

  /** The answer to one question about a plan; nothing is executed. *Errors:* SparkConnectError. */
  analyze(analyze: AnalyzePlanRequest['analyze'], options?: CallOptions): Promise<AnalyzePlanResponse['result']>

  /** Reads or changes settings of the session. *Errors:* SparkConnectError. */
  config(operation: ConfigRequest_Operation, options?: CallOptions): Promise<ConfigResponse>

  /**
   * Makes a file known to the session, for example `cache/<sha256 in hex>`.
   * For `cache/` names the server is asked first, and what it has is not sent again.
   * *Errors:* SparkConnectError; a damaged transfer (CRC) is one too.
   */
  addArtifact(name: string, data: Uint8Array, options?: CallOptions): Promise<void>

  /** The same for several in one call; a source may be the path of a file. */
  addArtifacts(artifacts: readonly Artifact[], options?: CallOptions): Promise<void>

  /** A number for `RelationCommon.plan_id`, unique within the session. */
  nextPlanId(): bigint

  /**
   * Refuses a feature that the server is too old for, as far as its version is known by now.
   * *Errors:* SparkConnectError UNIMPLEMENTED, with both versions.
   */
  requireVersion(minimum: string, feature: string): void

  /** The server's version, for example "4.2.0"; asked once. */
  sparkVersion(options?: CallOptions): Promise<string>
}
