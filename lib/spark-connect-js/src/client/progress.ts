import type { ExecutePlanResponse } from '../gen/spark/connect/base_pb.ts'

/** How far an execution is; the last event of each has `done: true`, also when it failed. */
export interface ProgressEvent {
  readonly operationId: string
  readonly stages: readonly {
    readonly stageId: number
    readonly tasks: number
    readonly completedTasks: number
    readonly inputBytes: bigint
    readonly done: boolean
  }[]
  readonly inFlightTasks: number
  readonly done: boolean
}

/** Turns the progress reports of one execution into events, and ends them with one that says so. */
export class ProgressReporter {
  readonly #operationId: string
  readonly #report: ((event: ProgressEvent) => void) | undefined
  #last: Pick<ProgressEvent, 'stages' | 'inFlightTasks'> = { stages: [], inFlightTasks: 0 }

  constructor(operationId: string, report: ((event: ProgressEvent) => void) | undefined) {
    this.#operationId = operationId
    this.#report = report
  }

  see(response: ExecutePlanResponse): void {
    if (!this.#report || response.responseType.case !== 'executionProgress') return
    const progress = response.responseType.value
    this.#last = {
      stages: progress.stages.map((stage) => ({
        stageId: Number(stage.stageId),
        tasks: Number(stage.numTasks),
        completedTasks: Number(stage.numCompletedTasks),
        inputBytes: stage.inputBytesRead,
        done: stage.done,
      })),
      inFlightTasks: Number(progress.numInflightTasks),
    }
    this.#send(false)
  }

  end(): void {
    this.#last = { ...this.#last, inFlightTasks: 0 }
    this.#send(true)
  }

  #send(done: boolean): void {
    try {
      this.#report?.({ operationId: this.#operationId, ...this.#last, done })
    } catch {
      // an observer must not change what it observes
    }
  }
}
