import type { Executor } from '../src/core/executor.ts'
import type {
  AnalyzePlanResponse,
  ConfigResponse,
  ExecutePlanResponse,
  Plan,
} from '../src/gen/spark/connect/base_pb.ts'
import { sparkVersion } from '../src/local/index.ts'

const refuse = (): never => {
  throw new Error('plans are only built here, there is no server')
}

/** An executor for building plans without a server. */
export class PlanOnlyExecutor implements Executor {
  readonly sessionId = ''
  #planId = -1n

  execute(_plan?: Plan): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    return refuse()
  }
  async analyze(): Promise<AnalyzePlanResponse['result']> {
    return refuse()
  }
  async config(): Promise<ConfigResponse> {
    return refuse()
  }
  async addArtifact(): Promise<void> {
    refuse()
  }
  async addArtifacts(): Promise<void> {
    refuse()
  }
  nextPlanId(): bigint {
    this.#planId += 1n
    return this.#planId
  }
  requireVersion(): void {}
  /** Plans are built as for the newest server. */
  async sparkVersion(): Promise<string> {
    return sparkVersion
  }
}
