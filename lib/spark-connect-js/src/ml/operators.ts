import { SparkConnectError } from '../client/errors.ts'
import type { ExecuteOptions, Executor } from '../core/executor.ts'
import type { UntypedFrame } from '../dataframe/dataframe.ts'
import { frameOf, newFrame } from '../dataframe/frame.ts'
import { MlOperator_OperatorType } from '../gen/spark/connect/ml_common_pb.ts'
import { relation } from '../plan/relation.ts'
import { runMl } from './commands.ts'
import { Model } from './model.ts'
import { newUid, operatorMessage, type Params, paramOfLiteral, paramsMessage, paramsOf } from './operator.ts'
import type { Estimator, SaveOptions, Transformer } from './stage.ts'

/** An operator of Spark ML by its Java class, with parameters; nothing of it is on the server before it is used. */
abstract class Operator {
  readonly name: string
  readonly uid: string
  readonly params: Params
  protected readonly executor: Executor
  protected abstract readonly type: MlOperator_OperatorType

  constructor(executor: Executor, name: string, params: Params, uid: string = newUid(name)) {
    this.executor = executor
    this.name = name
    this.params = params
    this.uid = uid
  }

  protected get message() {
    return operatorMessage(this.name, this.uid, this.type)
  }

  /** Writes class and parameters in Spark's own format. *Errors:* SparkConnectError, if the path exists without `overwrite`. */
  async save(path: string, options: SaveOptions = {}): Promise<void> {
    const type = { case: 'operator', value: this.message } as const
    const value = { type, params: paramsMessage(this.params), path, shouldOverwrite: options.overwrite ?? false }
    await runMl(this.executor, 'write', value)
  }
}

/** A transformer that needs no fitting, such as `feature.Tokenizer`. */
export class OperatorTransformer extends Operator implements Transformer {
  protected readonly type = MlOperator_OperatorType.TRANSFORMER

  transform(input: UntypedFrame): UntypedFrame {
    const operator = { case: 'transformer', value: this.message } as const
    const value = { operator, input: frameOf(input).relation, params: paramsMessage(this.params) }
    return newFrame(this.executor, (planId) =>
      relation(planId, { case: 'mlRelation', value: { mlType: { case: 'transform', value } } } as never),
    )
  }
}

/** An estimator, such as `classification.LogisticRegression`. */
export class OperatorEstimator extends Operator implements Estimator<Model> {
  protected readonly type = MlOperator_OperatorType.ESTIMATOR

  async fit(input: UntypedFrame, options?: ExecuteOptions): Promise<Model> {
    const dataset = frameOf(input).relation
    const value = { estimator: this.message, params: paramsMessage(this.params), dataset }
    const answer = await runMl(this.executor, 'fit', value, options)
    const info = answer.case === 'operatorInfo' ? answer.value : undefined
    if (info?.type.case !== 'objRef') {
      throw new SparkConnectError(`the server fitted ${this.uid} and named no model`, { code: 'DATA_LOSS' })
    }
    const params = { ...this.params, ...paramsOf(info.params) }
    return new Model(this.executor, info.type.value.id, info.uid ?? this.uid, params, dataset)
  }
}

/** An evaluator, such as `evaluation.BinaryClassificationEvaluator`. */
export class Evaluator extends Operator {
  protected readonly type = MlOperator_OperatorType.EVALUATOR

  /** The metric of rows that have labels and predictions. */
  async evaluate(input: UntypedFrame, options?: ExecuteOptions): Promise<number> {
    const dataset = frameOf(input).relation
    const value = { evaluator: this.message, params: paramsMessage(this.params), dataset }
    const answer = await runMl(this.executor, 'evaluate', value, options)
    if (answer.case === 'param') return Number(paramOfLiteral(answer.value))
    throw new SparkConnectError(`the server gave no metric of ${this.uid}`, { code: 'DATA_LOSS' })
  }
}
