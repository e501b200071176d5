import type { Logger } from '../log.ts'
import type { Stage, Stages, StageTime } from '../model/stage.ts'
import { clip, count, plural, seconds } from '../terminal.ts'
import { RunningStage } from './running-stage.ts'

const clearLine = '\r\u001b[2K'

/** What a query on the server reports of itself: Spark's own progress events have this shape. */
export interface QueryProgress {
  readonly operationId: string
  readonly stages: readonly { readonly tasks: number; readonly completedTasks: number }[]
  readonly done: boolean
}

export interface ProgressOptions {
  readonly log: Logger
  /** The stages of a whole run, in order: each then says which of how many it is. Default: none does. */
  readonly stages?: readonly string[] | undefined
  /** Where the live line goes; default: stderr. */
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  /** Milliseconds; default: the monotonic clock. */
  readonly now?: () => number
  /** Milliseconds between two log lines without a terminal; default 10,000. */
  readonly quietMs?: number
}

/**
 * Says on stderr what a run is doing: on a terminal one live line for the stage, elsewhere a log line every ten seconds;
 * either way one line when a stage is done. Remembers how long each stage took.
 */
export class Progress implements Stages {
  readonly stages: StageTime[] = []
  readonly #log: Logger
  readonly #stream: NonNullable<ProgressOptions['stream']>
  readonly #queries = new Map<string, { readonly started: number; done: number; of: number }>()
  #current: RunningStage | undefined
  readonly #now: () => number
  readonly #quietMs: number
  readonly #order: readonly string[]

  constructor(options: ProgressOptions) {
    this.#order = options.stages ?? []
    this.#log = options.log
    this.#stream = options.stream ?? process.stderr
    this.#now = options.now ?? (() => performance.now())
    this.#quietMs = options.quietMs ?? 10_000
  }

  /** Milliseconds by stage, of those that are done. */
  get stagesMs(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.stages.map(({ stage, ms }) => [stage, ms]))
  }

  /** Takes the progress of a query of the stage that is under way; what queries are still to come nobody knows. */
  readonly query = ({ operationId, stages, done }: QueryProgress): void => {
    if (done) {
      this.#queries.delete(operationId)
      return
    }
    const { started } = this.#queries.get(operationId) ?? { started: this.#now() }
    const sum = (counts: readonly number[]) => counts.reduce((all, each) => all + each, 0)
    this.#queries.set(operationId, {
      started,
      done: sum(stages.map((stage) => stage.completedTasks)),
      of: sum(stages.map((stage) => stage.tasks)),
    })
  }

  #queryParts(): string[] {
    const running = [...this.#queries.values()].filter(({ of }) => of > 0)
    if (running.length === 0) return []
    const done = running.reduce((all, each) => all + each.done, 0)
    const of = running.reduce((all, each) => all + each.of, 0)
    const left = Math.max(...running.map((each) => (this.#now() - each.started) * (each.of / each.done - 1)))
    return [
      `Spark ${count(done)} of ${count(of)} tasks`,
      ...(Number.isFinite(left) && left > 0 ? [`about ${seconds(left)} left of this query`] : []),
    ]
  }

  /** Says what happens now: beside the stage that is under way, or as a line of its own where none is. */
  readonly note = (text: string): void => {
    if (this.#current) this.#current.note(text)
    else this.#log.info(text)
  }

  /** What `withSpark` takes to show how Spark is opened and what its queries do. */
  get ofSpark() {
    return {
      opening: <T>(open: () => Promise<T>): Promise<T> => this.stage('spark', open),
      onProgress: this.note,
      onQuery: this.query,
    }
  }

  #labelOf(name: string): string {
    const at = this.#order.indexOf(name)
    return at < 0 ? name : `step ${at + 1} of ${this.#order.length}: ${name}`
  }

  /** Runs `work` as the stage of that name; the rows that it has counted go into its record. */
  async stage<T>(name: string, work: (stage: Stage) => Promise<T>): Promise<T> {
    const started = this.#now()
    const label = this.#labelOf(name)
    const stage = new RunningStage(label)
    this.#current = stage
    const live = this.#stream.isTTY === true && process.env.TERM !== 'dumb'
    const say = () => stage.line(this.#now() - started, this.#queryParts())
    const timer = setInterval(
      () => {
        if (live) this.#stream.write(`${clearLine}${clip(say(), (this.#stream.columns ?? 80) - 1)}`)
        else this.#log.info(say())
      },
      live ? 100 : this.#quietMs,
    )
    timer.unref()
    if (live) this.#stream.write(`${clearLine}${label} …`)
    try {
      const result = await work(stage)
      const ms = Math.round(this.#now() - started)
      const rows = stage.done
      this.stages.push({ stage: name, ms, ...(rows === undefined ? {} : { rows }) })
      if (live) this.#stream.write(clearLine)
      this.#log.info(`${name}: ${seconds(ms)}${rows === undefined ? '' : `, ${plural(rows, 'row')}`}`)
      return result
    } finally {
      clearInterval(timer)
      this.#current = undefined
      this.#queries.clear()
      if (live) this.#stream.write(clearLine)
    }
  }
}

/** Counts the rows of several parts that are under way at once, and tells a stage of their sum. */
export function rowsOfParts(stage: Stage, total: number): (part: string, rows: number) => void {
  const done = new Map<string, number>()
  return (part, rows) => {
    done.set(part, rows)
    stage.rows(
      [...done.values()].reduce((sum, each) => sum + each, 0),
      total,
    )
  }
}
