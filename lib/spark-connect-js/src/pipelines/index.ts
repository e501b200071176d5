// Hides: the messages of Spark's declarative pipelines.
// Needs: a server of version 4.1 or later.
// Never: decides on the order of flows; the server does, by who reads whom.
import { runCommand } from '../core/execution.ts'
import type { CallOptions, Executor } from '../core/executor.ts'
import { checkExtension, type ExtensionMessage } from '../plan/extension.ts'
import { createGraph, type DataflowGraph, type GraphOptions, pipelineCommand } from './graph.ts'

export {
  type CdcOptions,
  DataflowGraph,
  type FlowOptions,
  type GraphOptions,
  type PipelineEvent,
  type RunOptions,
  type TableOptions,
} from './graph.ts'

/**
 * Declarative pipelines: `spark.pipelines`. Say which tables there are and how each is made of others; the server finds
 * the order, updates them and tells what happens.
 *
 * @example
 * await using graph = await spark.pipelines.createGraph()
 * await graph.materializedView('doubled', (await spark.read.table('numbers')).selectExpr('id * 2 AS id'))
 * await graph.materializedView('numbers', spark.range(10))
 * for await (const { message } of graph.run({ storage: 'file:///tmp/checkpoints' })) console.log(message)
 */
export class Pipelines {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** An empty graph, which belongs to the session. *Errors:* SparkConnectError; UNIMPLEMENTED on servers before 4.1. */
  createGraph(options: GraphOptions = {}): Promise<DataflowGraph> {
    return createGraph(this.#executor, options)
  }

  /** Runs a command of a plug-in of the server's pipelines. *Errors:* SparkConnectError if no plug-in takes the message. */
  async execute(message: ExtensionMessage, options?: CallOptions): Promise<void> {
    const value = { ...checkExtension('pipelines.execute', message) }
    await runCommand(this.#executor, pipelineCommand('extension', value), undefined, options)
  }
}
