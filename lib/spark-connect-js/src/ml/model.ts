import { create } from '@bufbuild/protobuf'
import { SparkConnectError } from '../client/errors.ts'
import type { ExecuteOptions, Executor } from '../core/executor.ts'
import type { UntypedFrame } from '../dataframe/dataframe.ts'
import { frameOf, isDataFrame, newFrame } from '../dataframe/frame.ts'
import { type ObjectRef, ObjectRefSchema } from '../gen/spark/connect/ml_common_pb.ts'
import type { Relation } from '../gen/spark/connect/relations_pb.ts'
import { relation } from '../plan/relation.ts'
import { runMl } from './commands.ts'
import { literalOfParam, type Params, paramOfLiteral, paramsMessage } from './operator.ts'
import type { SaveOptions, Transformer } from './stage.ts'

/** Models whose objects are garbage here are removed from the server's cache. */
const abandoned = new FinalizationRegistry<() => Promise<unknown>>((remove) => {
  remove().catch(() => {}) // the session may have ended
})

/**
 * A fitted model. It lives in the cache of the server and belongs to the session.
 *
 * It is removed from there by {@link Model.delete}, by `await using`, or when neither it nor a frame of it is reachable.
 */
export class Model implements Transformer, AsyncDisposable {
  readonly uid: string
  readonly params: Params
  readonly #executor: Executor
  readonly #ref: ObjectRef
  readonly #trainedOn: Relation | undefined

  /** For `fit` and `load`. */
  constructor(executor: Executor, id: string, uid: string, params: Params, trainedOn?: Relation) {
    this.uid = uid
    this.params = params
    this.#executor = executor
    this.#ref = create(ObjectRefSchema, { id })
    this.#trainedOn = trainedOn
    abandoned.register(this, () => runMl(executor, 'delete', { objRefs: [{ id }] }), this)
  }

  /** The input with the columns that the model adds, such as `prediction`. Lazy. */
  transform(input: UntypedFrame): UntypedFrame {
    const value = { input: frameOf(input).relation, params: paramsMessage(this.params) }
    const operator = { case: 'objRef', value: this.#ref } as const
    return this.#frame({ mlType: { case: 'transform', value: { ...value, operator } } })
  }

  /**
   * A value of the model by Spark's name, such as `coefficients`, `numFeatures` or `summary.accuracy`, with the
   * arguments of its last method. Vectors and matrices are objects of this package.
   *
   * *Errors:* SparkConnectError, if the model has no such value or it is a frame: see {@link Model.frame}.
   */
  async get(path: string, ...args: readonly unknown[]): Promise<unknown> {
    const answer = await this.#withSummary(path, () =>
      runMl(this.#executor, 'fetch', { objRef: this.#ref, methods: methodsOf(path, args) }),
    )
    if (answer.case === 'param') return paramOfLiteral(answer.value)
    throw new SparkConnectError(`'${path}' of ${this.uid} is an object, not a value; name one of its values`, {
      code: 'INVALID_ARGUMENT',
    })
  }

  /** The rows that a value of the model has, such as `vocabularyFrame` or `summary.roc`. Lazy. */
  frame(path: string, ...args: readonly unknown[]): UntypedFrame {
    const isSummary = path.startsWith('summary.')
    return this.#frame({
      mlType: { case: 'fetch', value: { objRef: this.#ref, methods: methodsOf(path, args) } },
      ...(isSummary && this.#trainedOn && { modelSummaryDataset: this.#trainedOn }),
    })
  }

  /** Bytes that the model takes in the server's memory, as Spark estimates them. */
  async sizeInBytes(options?: ExecuteOptions): Promise<bigint> {
    const answer = await runMl(this.#executor, 'getModelSize', { modelRef: this.#ref }, options)
    return answer.case === 'param' ? BigInt(paramOfLiteral(answer.value) as bigint) : 0n
  }

  /** Writes the model in Spark's own format. *Errors:* SparkConnectError, if the path exists without `overwrite`. */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    const type = { case: 'objRef', value: this.#ref } as const
    const value = { type, params: paramsMessage(this.params), path, shouldOverwrite: options.overwrite ?? false }
    await runMl(this.#executor, 'write', value)
  }

  /** Removes the model from the server's cache. Frames of it can no longer be computed. */
  async delete(options?: ExecuteOptions): Promise<void> {
    abandoned.unregister(this)
    await runMl(this.#executor, 'delete', { objRefs: [this.#ref] }, options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.delete()
  }

  #frame(value: object): UntypedFrame {
    const frame: UntypedFrame = newFrame(this.#executor, (planId) =>
      relation(planId, { case: 'mlRelation', value } as never),
    )
    // The model stays on the server for as long as a message refers to it.
    heldModels.set(frameOf(frame).relation, this)
    return frame
  }

  /** A server that moved the model to disk has lost its summary; it is made anew from the rows of the fit. */
  async #withSummary<T>(path: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      const isLost = error instanceof SparkConnectError && error.errorClass === 'CONNECT_ML.MODEL_SUMMARY_LOST'
      if (!isLost || !path.startsWith('summary.') || !this.#trainedOn) throw error
      await runMl(this.#executor, 'createSummary', { modelRef: this.#ref, dataset: this.#trainedOn })
      return await ask()
    }
  }
}

const heldModels = new WeakMap<Relation, Model>()

const methodsOf = (path: string, args: readonly unknown[]): object[] => {
  const names = path.split('.')
  return names.map((method, i) => ({ method, args: i === names.length - 1 ? args.map(argOf) : [] }))
}

const argOf = (arg: unknown): object =>
  isDataFrame(arg)
    ? { argsType: { case: 'input', value: frameOf(arg).relation } }
    : { argsType: { case: 'param', value: literalOfParam(arg) } }
