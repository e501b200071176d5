import { type Timestamp as ProtoTimestamp, timestampDate } from '@bufbuild/protobuf/wkt'
import { SparkConnectError } from '../client/errors.ts'
import type { Column } from '../column/column.ts'
import { columnNode } from '../column/node.ts'
import { commandPlan, responsesOf, runCommand } from '../core/execution.ts'
import type { CallOptions, ExecuteOptions, Executor } from '../core/executor.ts'
import type { UntypedFrame } from '../dataframe/dataframe.ts'
import { frameOf } from '../dataframe/frame.ts'
import { OutputType, PipelineCommand_DefineFlow_SCDType } from '../gen/spark/connect/pipelines_pb.ts'
import { command } from '../plan/command.ts'
import { type StructType, typeToProto } from '../types/index.ts'

/** What a table or materialized view is besides its rows. */
export interface TableOptions {
  readonly comment?: string | undefined
  /** Default: that of the flows. A DDL text or a type. */
  readonly schema?: StructType | string | undefined
  /** Default: Spark's default source. */
  readonly format?: string | undefined
  readonly partitionBy?: readonly string[] | undefined
  readonly clusterBy?: readonly string[] | undefined
  readonly properties?: Readonly<Record<string, string>> | undefined
}

/** Settings of one flow. */
export interface FlowOptions {
  /** SQL settings while the flow runs. */
  readonly config?: Readonly<Record<string, string>> | undefined
}

/** How a stream of changes is applied to a table. */
export interface CdcOptions {
  /** The name of the stream of changes. */
  readonly source: string
  readonly keys: readonly Column<unknown>[]
  /** Orders the changes of a key. */
  readonly sequenceBy: Column<unknown>
  /** Which changes delete their row. */
  readonly applyAsDeletes?: Column<boolean | null> | undefined
  readonly columns?: readonly Column<unknown>[] | undefined
  readonly exceptColumns?: readonly Column<unknown>[] | undefined
}

/** How a pipeline is run. */
export interface RunOptions extends ExecuteOptions {
  /** A folder for checkpoints of streams that the server can write to, as a URI. */
  readonly storage: string
  /** Check the graph and run nothing. Default: false. */
  readonly dry?: boolean | undefined
  /** Which outputs to update. Default: all. */
  readonly refresh?: readonly string[] | undefined
  /** Which outputs to empty and fill anew; `true` for all. Default: none. */
  readonly fullRefresh?: readonly string[] | true | undefined
}

/** What happened in a run, in the server's words. */
export interface PipelineEvent {
  readonly timestamp: Date
  readonly message: string
}

const expressions = (columns: readonly Column<unknown>[] | undefined) =>
  (columns ?? []).map((column) => columnNode(column).expression)

/**
 * A graph of tables, views and sinks, and the flows that fill them. Queries may name outputs that are defined later:
 * frames are lazy, and the server resolves names when the run starts.
 */
export class DataflowGraph implements AsyncDisposable {
  /** The server's id of the graph. */
  readonly id: string
  readonly #executor: Executor

  /** For {@link Pipelines.createGraph}. */
  constructor(executor: Executor, id: string) {
    this.#executor = executor
    this.id = id
  }

  /** A table that is computed anew, as a whole or in part, at each run. */
  async materializedView(name: string, query: UntypedFrame, options: TableOptions & FlowOptions = {}): Promise<void> {
    await this.#define(name, OutputType.MATERIALIZED_VIEW, options)
    await this.flow(name, query, options)
  }

  /** A table that streams append to. Without a query it has the flows that {@link DataflowGraph.flow} adds. */
  async streamingTable(name: string, query?: UntypedFrame, options: TableOptions & FlowOptions = {}): Promise<void> {
    await this.#define(name, OutputType.TABLE, options)
    if (query !== undefined) await this.flow(name, query, options)
  }

  /** A view that exists within the run only. */
  async temporaryView(
    name: string,
    query: UntypedFrame,
    options: FlowOptions & { comment?: string } = {},
  ): Promise<void> {
    await this.#define(name, OutputType.TEMPORARY_VIEW, options)
    await this.flow(name, query, options)
  }

  /** A place outside of the catalog that streams write to. */
  async sink(name: string, format: string, options: Readonly<Record<string, string>> = {}): Promise<void> {
    const details = { case: 'sinkDetails', value: { format, options: { ...options } } }
    await this.#run('defineOutput', { outputName: name, outputType: OutputType.SINK, details })
  }

  /** One more query whose rows go to an output. `name` tells flows of one output apart. Default: the output's name. */
  async flow(
    output: string,
    query: UntypedFrame,
    options: FlowOptions & { readonly name?: string } = {},
  ): Promise<void> {
    await this.#run('defineFlow', {
      flowName: options.name ?? output,
      targetDatasetName: output,
      sqlConf: { ...options.config },
      details: { case: 'relationFlowDetails', value: { relation: frameOf(query).relation } },
    })
  }

  /** Applies a stream of changes to a table: the newest row of each key stays. */
  async autoCdc(output: string, options: CdcOptions): Promise<void> {
    const { source, applyAsDeletes } = options
    const value = {
      source,
      keys: expressions(options.keys),
      sequenceBy: columnNode(options.sequenceBy).expression,
      ...(applyAsDeletes && { applyAsDeletes: columnNode(applyAsDeletes).expression }),
      columnList: expressions(options.columns),
      exceptColumnList: expressions(options.exceptColumns),
      storedAsScdType: PipelineCommand_DefineFlow_SCDType.SCD_TYPE_1,
    }
    const details = { case: 'autoCdcFlowDetails', value }
    await this.#run('defineFlow', { flowName: output, targetDatasetName: output, details })
  }

  /** Outputs and flows as SQL text (`CREATE MATERIALIZED VIEW …`). `file` names it in errors. */
  async sql(text: string, file = 'pipeline.sql'): Promise<void> {
    await this.#run('defineSqlGraphElements', { sqlText: text, sqlFilePath: file })
  }

  /**
   * Updates the outputs and yields what happens, until all is done. Leaving the loop stops the run. Spark 4.2 runs a graph
   * once, a dry run included; define the graph anew for the next run.
   *
   * *Errors:* SparkConnectError, when the graph is invalid or a flow failed, with the events that say why.
   */
  async *run(options: RunOptions): AsyncGenerator<PipelineEvent, void, undefined> {
    const { storage, dry = false, refresh = [], fullRefresh = [] } = options
    const value = {
      dataflowGraphId: this.id,
      storage,
      dry,
      refreshSelection: [...refresh],
      fullRefreshSelection: fullRefresh === true ? [] : [...fullRefresh],
      fullRefreshAll: fullRefresh === true,
    }
    const commandType = pipelineCommand('startRun', value)
    const plan = commandPlan(commandType)
    const failures: string[] = []
    try {
      for await (const { responseType } of responsesOf(this.#executor, plan, options)) {
        if (responseType.case !== 'pipelineEventResult') continue
        const { timestamp, message = '' } = responseType.value.event ?? {}
        if (/\b(FAILED|Failed)\b/.test(message)) failures.push(message)
        yield { timestamp: dateOf(timestamp), message }
      }
    } catch (error) {
      // The server's error only refers to the events before it.
      if (!(error instanceof SparkConnectError) || failures.length === 0) throw error
      throw error.with({ message: [error.message.trim(), ...failures].join('\n') })
    }
  }

  /** Removes the graph from the server and stops what runs in it. Tables stay. */
  async drop(options?: CallOptions): Promise<void> {
    await this.#run('dropDataflowGraph', {}, options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop()
  }

  async #define(name: string, outputType: OutputType, options: TableOptions): Promise<void> {
    const { schema, comment } = options
    const value = {
      tableProperties: { ...options.properties },
      partitionCols: [...(options.partitionBy ?? [])],
      clusteringColumns: [...(options.clusterBy ?? [])],
      ...(options.format !== undefined && { format: options.format }),
      ...(typeof schema === 'string' && { schema: { case: 'schemaString', value: schema } }),
      ...(typeof schema === 'object' && { schema: { case: 'schemaDataType', value: typeToProto(schema) } }),
    }
    const isTable = outputType !== OutputType.TEMPORARY_VIEW
    await this.#run('defineOutput', {
      outputName: name,
      outputType,
      ...(comment !== undefined && { comment }),
      ...(isTable && { details: { case: 'tableDetails', value } }),
    })
  }

  async #run(name: string, value: object, options?: CallOptions): Promise<void> {
    await runCommand(this.#executor, pipelineCommand(name, { dataflowGraphId: this.id, ...value }), undefined, options)
  }
}

export const pipelineCommand = (name: string, value: object) =>
  command({ case: 'pipelineCommand', value: { commandType: { case: name, value } } } as never)

const dateOf = (timestamp: ProtoTimestamp | undefined): Date => (timestamp ? timestampDate(timestamp) : new Date())

/** Defaults of a pipeline graph. */
export interface GraphOptions extends CallOptions {
  /** Catalog of outputs that name none. Default: the session's. */
  readonly catalog?: string | undefined
  /** Database of outputs that name none. Default: the session's. */
  readonly database?: string | undefined
  /** SQL settings of all flows. */
  readonly config?: Readonly<Record<string, string>> | undefined
}

/** *Errors:* SparkConnectError; UNIMPLEMENTED on servers before 4.1. */
export async function createGraph(executor: Executor, options: GraphOptions): Promise<DataflowGraph> {
  await executor.sparkVersion(options)
  executor.requireVersion('4.1', 'declarative pipelines')
  const value = {
    ...(options.catalog !== undefined && { defaultCatalog: options.catalog }),
    ...(options.database !== undefined && { defaultDatabase: options.database }),
    sqlConf: { ...options.config },
  }
  const commandType = pipelineCommand('createDataflowGraph', value)
  const result = (await runCommand(executor, commandType, 'pipelineCommandResult', options))?.resultType
  const id = result?.case === 'createDataflowGraphResult' ? result.value.dataflowGraphId : undefined
  if (id === undefined) throw new SparkConnectError('the server made no dataflow graph', { code: 'DATA_LOSS' })
  return new DataflowGraph(executor, id)
}
