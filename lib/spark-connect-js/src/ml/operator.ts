import { create } from '@bufbuild/protobuf'
import type { Expression_Literal } from '../gen/spark/connect/expressions_pb.ts'
import {
  type MlOperator,
  type MlOperator_OperatorType,
  MlOperatorSchema,
  type MlParams,
  MlParamsSchema,
} from '../gen/spark/connect/ml_common_pb.ts'
import { literalOf, valueOfLiteral } from '../plan/literal.ts'
import { linalgLiteral, linalgOf } from './linalg.ts'

/** Parameters of an operator by Spark's names: `{ maxIter: 10, regParam: 0.1 }`. Undefined ones are left out. */
export type Params = Readonly<Record<string, unknown>>

const packagePrefix = 'org.apache.spark.ml.'

/** The Java class of an operator: `feature.Tokenizer` is `org.apache.spark.ml.feature.Tokenizer`. */
export const classNameOf = (name: string): string => (name.startsWith('org.') ? name : packagePrefix + name)

/** An id that is unique among operators and tells their kind, as Spark makes them: `Tokenizer_3f2c81a90b7d`. */
export function newUid(name: string): string {
  const random = crypto.randomUUID().replaceAll('-', '').slice(0, 12)
  return `${name.slice(name.lastIndexOf('.') + 1)}_${random}`
}

export const operatorMessage = (name: string, uid: string, type: MlOperator_OperatorType): MlOperator =>
  create(MlOperatorSchema, { name: classNameOf(name), uid, type })

/** A parameter or argument as a literal. *Errors:* TypeError for what no parameter can be. */
export const literalOfParam = (value: unknown): Expression_Literal => linalgLiteral(value) ?? literalOf(value)

/** The value of a parameter or answer. A BIGINT is a bigint, a vector a {@link Vector}. */
export const paramOfLiteral = (message: Expression_Literal): unknown => linalgOf(message) ?? valueOfLiteral(message)

export function paramsMessage(params: Params): MlParams {
  const given = Object.entries(params).filter(([, value]) => value !== undefined)
  return create(MlParamsSchema, {
    params: Object.fromEntries(given.map(([name, value]) => [name, literalOfParam(value)])),
  })
}

export const paramsOf = (message: MlParams | undefined): Params =>
  Object.fromEntries(Object.entries(message?.params ?? {}).map(([name, value]) => [name, paramOfLiteral(value)]))
