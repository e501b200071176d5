import type { ExecuteOptions, Executor } from '../core/executor.ts'
import type { UntypedFrame } from '../dataframe/dataframe.ts'
import { newUid } from './operator.ts'
import { savePipeline } from './pipeline-files.ts'
import type { Estimator, SaveOptions, Transformer } from './stage.ts'

/** A step of a pipeline: a transformer, or an estimator that becomes one when it is fitted. */
export type Stage = Transformer | Estimator

const isTransformer = (stage: Stage): stage is Transformer => 'transform' in stage

/** Stages in order: each estimator is fitted on what the stages before it make of the rows. */
export class Pipeline implements Estimator<PipelineModel> {
  readonly uid: string
  readonly stages: readonly Stage[]
  readonly #executor: Executor

  constructor(executor: Executor, stages: readonly Stage[], uid: string = newUid('Pipeline')) {
    this.#executor = executor
    this.stages = stages
    this.uid = uid
  }

  async fit(input: UntypedFrame, options?: ExecuteOptions): Promise<PipelineModel> {
    const lastEstimator = this.stages.findLastIndex((stage) => !isTransformer(stage))
    const fitted: Transformer[] = []
    let rows = input
    for (const [i, stage] of this.stages.entries()) {
      const transformer = isTransformer(stage) ? stage : await stage.fit(rows, options)
      fitted.push(transformer)
      if (i < lastEstimator) rows = transformer.transform(rows)
    }
    return new PipelineModel(this.#executor, fitted, this.uid)
  }

  /** Writes the stages in the format of Spark's own `Pipeline`. */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    await savePipeline(this.#executor, 'org.apache.spark.ml.Pipeline', this, path, options)
  }
}

/** What a pipeline learned: transformers in order. */
export class PipelineModel implements Transformer {
  readonly uid: string
  readonly stages: readonly Transformer[]
  readonly #executor: Executor

  constructor(executor: Executor, stages: readonly Transformer[], uid: string = newUid('PipelineModel')) {
    this.#executor = executor
    this.stages = stages
    this.uid = uid
  }

  transform(input: UntypedFrame): UntypedFrame {
    return this.stages.reduce((rows, stage) => stage.transform(rows), input)
  }

  /** Writes the stages in the format of Spark's own `PipelineModel`. */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    await savePipeline(this.#executor, 'org.apache.spark.ml.PipelineModel', this, path, options)
  }
}
