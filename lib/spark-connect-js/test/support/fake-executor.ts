import { create, toJson } from '@bufbuild/protobuf'
import type { Executor } from '../../src/core/executor.ts'
import {
  type AnalyzePlanRequest,
  type AnalyzePlanResponse,
  type ConfigResponse,
  ConfigResponseSchema,
  type ExecutePlanResponse,
  type Plan,
  PlanSchema,
} from '../../src/gen/spark/connect/base_pb.ts'

/** An executor without a server: it keeps the plans that it gets and answers what the test says. */
export class FakeExecutor implements Executor {
  readonly sessionId = '00000000-0000-0000-0000-000000000000'
  readonly plans: Plan[] = []
  readonly questions: AnalyzePlanRequest['analyze'][] = []
  answers: ExecutePlanResponse[] = []
  analyses: AnalyzePlanResponse['result'][] = []
  #planId = 0n

  async *execute(plan: Plan): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    this.plans.push(plan)
    yield* this.answers
  }

  async analyze(analyze: AnalyzePlanRequest['analyze']): Promise<AnalyzePlanResponse['result']> {
    this.questions.push(analyze)
    const answer = this.analyses.shift()
    if (!answer) throw new Error('the test gives no answer to this question')
    return answer
  }

  async config(): Promise<ConfigResponse> {
    return create(ConfigResponseSchema, {})
  }
  async addArtifact(): Promise<void> {}
  async addArtifacts(): Promise<void> {}
  nextPlanId(): bigint {
    this.#planId += 1n
    return this.#planId
  }
  requireVersion(): void {}
  async sparkVersion(): Promise<string> {
    return '4.2.0'
  }

  /** The last plan that was executed, as JSON. */
  get lastPlan(): Json {
    const plan = this.plans.at(-1)
    if (!plan) throw new Error('nothing was executed')
    return toJson(PlanSchema, plan) as Json
  }
}

export type Json = { readonly [key: string]: Json } & readonly Json[]
