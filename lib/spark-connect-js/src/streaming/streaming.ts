import { SparkConnectError } from '../client/errors.ts'
import { runCommand } from '../core/execution.ts'
import type { ExecuteOptions, Executor } from '../core/executor.ts'
import { type OptionValue, optionText, optionTexts } from '../core/options.ts'
import type { StreamingQueryCommand, StreamingQueryInstanceId } from '../gen/spark/connect/commands_pb.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { command } from '../plan/command.ts'
import { listenerBusOf, type StreamingQueryListener } from './listener.ts'
import type { StreamingQueryProgress } from './progress.ts'

/** When a stream computes its next part: every so often, once over what is there, or continuously. */
export type Trigger =
  | { readonly processingTime: string }
  | { readonly availableNow: true }
  | { readonly once: true }
  | { readonly continuous: string }
  | { readonly realTime: string }

interface StreamSettings {
  readonly format: string
  readonly outputMode: string
  readonly queryName: string
  readonly options: Readonly<Record<string, string>>
  readonly partitionBy: readonly string[]
  readonly clusterBy: readonly string[]
  readonly trigger: Trigger | undefined
}

const triggerOf = (trigger: Trigger) => {
  if ('processingTime' in trigger) return { case: 'processingTimeInterval' as const, value: trigger.processingTime }
  if ('availableNow' in trigger) return { case: 'availableNow' as const, value: true }
  if ('once' in trigger) return { case: 'once' as const, value: true }
  if ('continuous' in trigger) return { case: 'continuousCheckpointInterval' as const, value: trigger.continuous }
  return { case: 'realTimeBatchDuration' as const, value: trigger.realTime }
}

/** Writes a streaming frame: `events.writeStream.format('parquet').option('checkpointLocation', dir).start(path)`. */
export class DataStreamWriter<N extends string = string> {
  readonly #executor: Executor
  readonly #input: Relation
  readonly #settings: StreamSettings

  constructor(
    executor: Executor,
    input: Relation,
    settings: StreamSettings = {
      format: '',
      outputMode: '',
      queryName: '',
      options: {},
      partitionBy: [],
      clusterBy: [],
      trigger: undefined,
    },
  ) {
    this.#executor = executor
    this.#input = input
    this.#settings = settings
  }

  #with(change: Partial<StreamSettings>): DataStreamWriter<N> {
    return new DataStreamWriter(this.#executor, this.#input, { ...this.#settings, ...change })
  }

  format(format: string): DataStreamWriter<N> {
    return this.#with({ format })
  }
  outputMode(outputMode: 'append' | 'complete' | 'update'): DataStreamWriter<N> {
    return this.#with({ outputMode })
  }
  queryName(queryName: string): DataStreamWriter<N> {
    return this.#with({ queryName })
  }
  option(key: string, value: OptionValue): DataStreamWriter<N> {
    const text = optionText(value)
    return text === undefined ? this : this.#with({ options: { ...this.#settings.options, [key]: text } })
  }
  options(options: Readonly<Record<string, OptionValue>>): DataStreamWriter<N> {
    return this.#with({ options: { ...this.#settings.options, ...optionTexts(options) } })
  }
  partitionBy(...names: readonly N[]): DataStreamWriter<N> {
    return this.#with({ partitionBy: names })
  }
  clusterBy(...names: readonly N[]): DataStreamWriter<N> {
    return this.#with({ clusterBy: names })
  }
  trigger(trigger: Trigger): DataStreamWriter<N> {
    if ('realTime' in trigger) this.#executor.requireVersion('4.2', 'the real-time trigger')
    return this.#with({ trigger })
  }

  /** Starts the query; with a path for file sinks. *Errors:* SparkConnectError. */
  start(path?: string, options?: ExecuteOptions): Promise<StreamingQuery> {
    return this.#start(path === undefined ? undefined : { case: 'path', value: path }, options)
  }

  /** Starts the query into a table. */
  toTable(tableName: string, options?: ExecuteOptions): Promise<StreamingQuery> {
    return this.#start({ case: 'tableName', value: tableName }, options)
  }

  async #start(
    sinkDestination: { case: 'path' | 'tableName'; value: string } | undefined,
    options?: ExecuteOptions,
  ): Promise<StreamingQuery> {
    const { format, outputMode, queryName, partitionBy, clusterBy, trigger } = this.#settings
    const answer = await runCommand(
      this.#executor,
      command({
        case: 'writeStreamOperationStart',
        value: {
          input: this.#input,
          format,
          outputMode,
          queryName,
          options: { ...this.#settings.options },
          partitioningColumnNames: [...partitionBy],
          clusteringColumnNames: [...clusterBy],
          ...(trigger && { trigger: triggerOf(trigger) }),
          ...(sinkDestination && { sinkDestination }),
        },
      }),
      'writeStreamOperationStartResult',
      options,
    )
    if (!answer?.queryId)
      throw new SparkConnectError('the server did not say which query it started', { code: 'DATA_LOSS' })
    const { queryStartedEventJson } = answer
    if (queryStartedEventJson) listenerBusOf(this.#executor).tell('onQueryStarted', JSON.parse(queryStartedEventJson))
    return new StreamingQuery(this.#executor, answer.queryId, answer.name || null)
  }
}

/** What a query does at the moment. */
export interface StreamingQueryStatus {
  readonly message: string
  readonly isDataAvailable: boolean
  readonly isTriggerActive: boolean
}

/** A running (or ended) streaming query on the server. */
export class StreamingQuery {
  readonly #executor: Executor
  readonly #queryId: StreamingQueryInstanceId
  readonly name: string | null

  constructor(executor: Executor, queryId: StreamingQueryInstanceId, name: string | null) {
    this.#executor = executor
    this.#queryId = queryId
    this.name = name
  }

  /** The id that stays the same when the query is started again from its checkpoint. */
  get id(): string {
    return this.#queryId.id
  }
  /** The id of this run. */
  get runId(): string {
    return this.#queryId.runId
  }

  async #ask(question: StreamingQueryCommand['command'] | { case: string; value: unknown }, options?: ExecuteOptions) {
    return runCommand(
      this.#executor,
      command({ case: 'streamingQueryCommand', value: { queryId: this.#queryId, command: question as never } }),
      'streamingQueryCommandResult',
      options,
    )
  }

  async #status() {
    const answer = await this.#ask({ case: 'status', value: true })
    if (answer?.resultType.case !== 'status') {
      throw new SparkConnectError('the server did not give the status of the query', { code: 'DATA_LOSS' })
    }
    return answer.resultType.value
  }

  async isActive(): Promise<boolean> {
    return (await this.#status()).isActive
  }

  async status(): Promise<StreamingQueryStatus> {
    const { statusMessage, isDataAvailable, isTriggerActive } = await this.#status()
    return { message: statusMessage, isDataAvailable, isTriggerActive }
  }

  /** Reports on the last micro-batches, oldest first. */
  async recentProgress(): Promise<StreamingQueryProgress[]> {
    const answer = await this.#ask({ case: 'recentProgress', value: true })
    return answer?.resultType.case === 'recentProgress'
      ? answer.resultType.value.recentProgressJson.map((json) => JSON.parse(json) as StreamingQueryProgress)
      : []
  }

  /** The report on the last micro-batch, or null before the first. */
  async lastProgress(): Promise<StreamingQueryProgress | null> {
    const answer = await this.#ask({ case: 'lastProgress', value: true })
    const json = answer?.resultType.case === 'recentProgress' ? answer.resultType.value.recentProgressJson.at(-1) : null
    return json ? (JSON.parse(json) as StreamingQueryProgress) : null
  }

  /** Waits until everything that is there now is processed. */
  async processAllAvailable(options?: ExecuteOptions): Promise<void> {
    await this.#ask({ case: 'processAllAvailable', value: true }, options)
  }

  async stop(): Promise<void> {
    await this.#ask({ case: 'stop', value: true })
  }

  async explain(extended = false): Promise<string> {
    const answer = await this.#ask({ case: 'explain', value: { extended } })
    return answer?.resultType.case === 'explain' ? answer.resultType.value.result : ''
  }

  /** The error that ended the query, or null. */
  async exception(): Promise<SparkConnectError | null> {
    const answer = await this.#ask({ case: 'exception', value: true })
    if (answer?.resultType.case !== 'exception' || answer.resultType.value.exceptionMessage === undefined) return null
    const { exceptionMessage, errorClass } = answer.resultType.value
    return new SparkConnectError(exceptionMessage, { code: 'INTERNAL', errorClass })
  }

  /** Waits for the end, at most so many milliseconds; tells whether it has ended. *Errors:* SparkConnectError if it failed. */
  async awaitTermination(timeoutMs?: number, options?: ExecuteOptions): Promise<boolean> {
    const value = timeoutMs === undefined ? {} : { timeoutMs: BigInt(timeoutMs) }
    const answer = await this.#ask({ case: 'awaitTermination', value }, options)
    const ended = answer?.resultType.case === 'awaitTermination' && answer.resultType.value.terminated
    if (ended) {
      const failure = await this.exception()
      if (failure) throw failure
    }
    return ended
  }
}

/** The streaming queries of a session: `spark.streams`. */
export class StreamingQueryManager {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  async #ask(question: { case: string; value: unknown }, options?: ExecuteOptions) {
    return runCommand(
      this.#executor,
      command({ case: 'streamingQueryManagerCommand', value: { command: question as never } }),
      'streamingQueryManagerCommandResult',
      options,
    )
  }

  /** The queries that run now. */
  async active(): Promise<StreamingQuery[]> {
    const answer = await this.#ask({ case: 'active', value: true })
    return answer?.resultType.case === 'active'
      ? answer.resultType.value.activeQueries.flatMap((query) =>
          query.id ? [new StreamingQuery(this.#executor, query.id, query.name ?? null)] : [],
        )
      : []
  }

  /** The query of an id, or null. */
  async get(id: string): Promise<StreamingQuery | null> {
    const answer = await this.#ask({ case: 'getQuery', value: id })
    const query = answer?.resultType.case === 'query' ? answer.resultType.value : undefined
    return query?.id ? new StreamingQuery(this.#executor, query.id, query.name ?? null) : null
  }

  /** Waits until any query ends, at most so many milliseconds; tells whether one has. */
  async awaitAnyTermination(timeoutMs?: number, options?: ExecuteOptions): Promise<boolean> {
    const value = timeoutMs === undefined ? {} : { timeoutMs: BigInt(timeoutMs) }
    const answer = await this.#ask({ case: 'awaitAnyTermination', value }, options)
    return answer?.resultType.case === 'awaitAnyTermination' && answer.resultType.value.terminated
  }

  /** Forgets ended queries, so that `awaitAnyTermination` waits for the next one. */
  async resetTerminated(): Promise<void> {
    await this.#ask({ case: 'resetTerminated', value: true })
  }

  /**
   * Calls a listener with what happens to the streaming queries of this session, until the function that is given back
   * is called: starts (of this program's queries), progress of each micro-batch, idleness, ends.
   *
   * Resolves when the server has begun to report. What a listener throws is ignored.
   */
  async addListener(listener: StreamingQueryListener): Promise<() => Promise<void>> {
    const bus = listenerBusOf(this.#executor)
    await bus.add(listener)
    return () => bus.remove(listener)
  }

  /** The same as calling what `addListener` gave back. */
  async removeListener(listener: StreamingQueryListener): Promise<void> {
    await listenerBusOf(this.#executor).remove(listener)
  }
}
