// Hides: the messages of Spark ML, the server's cache of models, the files of saved pipelines.
// Needs: a server with Spark's ML library (spark-mllib) on its class path.
// Never: computes anything itself; fitting and prediction are the server's.
import { SparkConnectError } from '../client/errors.ts'
import type { ExecuteOptions, Executor } from '../core/executor.ts'
import { MlOperator_OperatorType } from '../gen/spark/connect/ml_common_pb.ts'
import { runMl } from './commands.ts'
import { Model } from './model.ts'
import { newUid, operatorMessage, type Params, paramOfLiteral, paramsOf } from './operator.ts'
import { Evaluator, OperatorEstimator, OperatorTransformer } from './operators.ts'
import { Pipeline, PipelineModel, type Stage } from './pipeline.ts'
import { readMetadata, stagePaths } from './pipeline-files.ts'
import type { Estimator, Transformer } from './stage.ts'

export { DenseMatrix, DenseVector, SparseVector, type Vector } from './linalg.ts'
export { Model } from './model.ts'
export type { Params } from './operator.ts'
export { Evaluator, OperatorEstimator, OperatorTransformer } from './operators.ts'
export { Pipeline, PipelineModel, type Stage } from './pipeline.ts'
export type { Estimator, SaveOptions, Transformer } from './stage.ts'

/**
 * Spark's machine learning: `spark.ml`. Operators are named by their class below `org.apache.spark.ml`, and take Spark's
 * parameters. The server needs `spark-mllib` on its class path; Spark's own distribution has it.
 *
 * @example
 * const words = spark.ml.transformer('feature.Tokenizer', { inputCol: 'text', outputCol: 'words' })
 * const features = spark.ml.transformer('feature.HashingTF', { inputCol: 'words', outputCol: 'features' })
 * const regression = spark.ml.estimator('classification.LogisticRegression', { maxIter: 10, regParam: 0.01 })
 * const model = await spark.ml.pipeline([words, features, regression]).fit(training)
 * await model.transform(test).select('text', 'prediction').collect()
 */
export class MachineLearning {
  readonly #executor: Executor

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** A transformer that needs no fitting. `params` are checked by the server when it is used. */
  transformer(name: string, params: Params = {}): OperatorTransformer {
    return new OperatorTransformer(this.#executor, name, params)
  }

  /** An estimator: `fit` makes a model of it. */
  estimator(name: string, params: Params = {}): OperatorEstimator {
    return new OperatorEstimator(this.#executor, name, params)
  }

  /** An evaluator: `evaluate` gives its metric. */
  evaluator(name: string, params: Params = {}): Evaluator {
    return new Evaluator(this.#executor, name, params)
  }

  /** Stages in order. */
  pipeline(stages: readonly Stage[]): Pipeline {
    return new Pipeline(this.#executor, stages)
  }

  /** A saved transformer, model or fitted pipeline, whoever wrote it. *Errors:* SparkConnectError. */
  async loadTransformer(path: string, options?: ExecuteOptions): Promise<Transformer> {
    const metadata = await readMetadata(this.#executor, path)
    if (metadata.className === 'org.apache.spark.ml.PipelineModel') {
      const stages: Transformer[] = []
      for (const stage of stagePaths(path, metadata)) stages.push(await this.loadTransformer(stage, options))
      return new PipelineModel(this.#executor, stages, metadata.uid)
    }
    return (await this.#load(metadata.className, path, options)) as Transformer
  }

  /** A saved estimator or pipeline that is not fitted, whoever wrote it. *Errors:* SparkConnectError. */
  async loadEstimator(path: string, options?: ExecuteOptions): Promise<Estimator> {
    const metadata = await readMetadata(this.#executor, path)
    if (metadata.className !== 'org.apache.spark.ml.Pipeline') {
      return (await this.#load(metadata.className, path, options, estimatorFirst)) as Estimator
    }
    const stages: Stage[] = []
    for (const stage of stagePaths(path, metadata)) {
      const { className } = await readMetadata(this.#executor, stage)
      stages.push((await this.#load(className, stage, options, estimatorFirst)) as Stage)
    }
    return new Pipeline(this.#executor, stages, metadata.uid)
  }

  /** What the session has in the server's cache of models, one text an object. */
  async cacheInfo(options?: ExecuteOptions): Promise<string[]> {
    const answer = await runMl(this.#executor, 'getCacheInfo', {}, options)
    return answer.case === 'param' ? (paramOfLiteral(answer.value) as string[]) : []
  }

  /** Empties the session's cache of models on the server. */
  async cleanCache(options?: ExecuteOptions): Promise<void> {
    await runMl(this.#executor, 'cleanCache', {}, options)
  }

  /** The metadata does not say of which kind an operator is: the server refuses the wrong ones by their class. */
  async #load(
    className: string,
    path: string,
    options: ExecuteOptions | undefined,
    kinds: readonly MlOperator_OperatorType[] = transformerFirst,
  ): Promise<Transformer | Estimator | Evaluator> {
    let refusal: unknown
    for (const kind of kinds) {
      try {
        return await this.#read(kind, className, path, options)
      } catch (error) {
        if (!isWrongKind(error)) throw error
        refusal ??= error
      }
    }
    throw refusal
  }

  async #read(kind: MlOperator_OperatorType, className: string, path: string, options: ExecuteOptions | undefined) {
    const operator = operatorMessage(className, newUid(className), kind)
    const answer = await runMl(this.#executor, 'read', { operator, path }, options)
    if (answer.case !== 'operatorInfo') {
      throw new SparkConnectError(`the server read nothing at ${path}`, { code: 'DATA_LOSS' })
    }
    const { type, uid = newUid(className), params } = answer.value
    const given = paramsOf(params)
    if (type.case === 'objRef') return new Model(this.#executor, type.value.id, uid, given)
    if (kind === MlOperator_OperatorType.ESTIMATOR) return new OperatorEstimator(this.#executor, className, given, uid)
    return new OperatorTransformer(this.#executor, className, given, uid)
  }
}

const { ESTIMATOR, MODEL, TRANSFORMER } = MlOperator_OperatorType
const transformerFirst = [MODEL, TRANSFORMER]
const estimatorFirst = [ESTIMATOR, TRANSFORMER]

/** Whether a server says that a class is of another kind than it was read as. */
const isWrongKind = (error: unknown): boolean =>
  error instanceof SparkConnectError && error.code !== 'UNAVAILABLE' && error.code !== 'CANCELLED'
