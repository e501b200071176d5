import { toBinary } from '@bufbuild/protobuf'
import type { Column } from '../column/column.ts'
import { asColumn, ColumnNode } from '../column/node.ts'
import { commandPlan, responsesOf } from '../core/execution.ts'
import type { ExecuteOptions, Executor } from '../core/executor.ts'
import type { DataFrame, UntypedFrame } from '../dataframe/dataframe.ts'
import { frameOf, isDataFrame, newFrame } from '../dataframe/frame.ts'
import { RelationSchema } from '../gen/spark/connect/relations_pb.ts'
import { command } from '../plan/command.ts'
import { extensionExpression } from '../plan/expression.ts'
import { checkExtension, type ExtensionMessage } from '../plan/extension.ts'
import { relation } from '../plan/relation.ts'
import { describeValue } from '../types/index.ts'

/**
 * Messages of plug-ins of the server, such as Delta Lake: `spark.extensions`. The server finds its plug-ins by
 * `spark.connect.extensions.{relation,command,expression}.classes`.
 *
 * `await spark.extensions.frame(anyPack(DeltaRelationSchema, relation)).show()`: `anyPack` is that of `@bufbuild/protobuf/wkt`.
 */
export class Extensions {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** The rows of a plug-in's relation. *Errors:* the server's, at the first action, if no plug-in takes the message. */
  // biome-ignore lint/suspicious/noExplicitAny: only the plug-in knows the rows
  frame<R = any>(message: ExtensionMessage): DataFrame<R> {
    const value = checkExtension('extensions.frame', message)
    return newFrame<R>(this.#executor, (planId) => relation(planId, { case: 'extension', value }))
  }

  /** A plug-in's expression. */
  // biome-ignore lint/suspicious/noExplicitAny: only the plug-in knows the type
  column<T = any>(message: ExtensionMessage): Column<T> {
    return asColumn<T>(new ColumnNode(extensionExpression(checkExtension('extensions.column', message))))
  }

  /**
   * Runs a plug-in's command. Gives the messages that the plug-in answers, in their order.
   * *Errors:* SparkConnectError, also if no plug-in takes the message.
   */
  async execute(message: ExtensionMessage, options?: ExecuteOptions): Promise<ExtensionMessage[]> {
    const commandType = command({ case: 'extension', value: checkExtension('extensions.execute', message) })
    const answers: ExtensionMessage[] = []
    for await (const { responseType } of responsesOf(this.#executor, commandPlan(commandType), options)) {
      if (responseType.case !== 'extension') continue
      const { typeUrl, value } = responseType.value
      answers.push({ typeUrl, value })
    }
    return answers
  }

  /**
   * A frame as the bytes of a `spark.connect.Relation`, for messages of a plug-in that hold one. The plug-in's own
   * classes read them: `fromBinary(RelationSchema, spark.extensions.relationBytes(frame))`.
   */
  relationBytes(frame: UntypedFrame): Uint8Array {
    if (!isDataFrame(frame)) throw new TypeError(`relationBytes() takes a DataFrame, not ${describeValue(frame)}`)
    return toBinary(RelationSchema, frameOf(frame).relation)
  }
}
