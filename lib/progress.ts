import type { Logger } from './log.ts'
import { clip, count, seconds } from './terminal.ts'

/** One finished stage of a run, as the summary and the `runs` table show it. */
export interface StageTime {
  readonly stage: string
  readonly ms: number
  /** Rows that came out of it, where rows are what it makes. */
  readonly rows?: number
}

/** The stage that is under way. */
export interface Stage {
  /** What is done so far, in rows, and of how many, if that is known. */
  rows(done: number, total?: number): void
  /** So many rows more than before. */
  more(rows: number): void
  /** A word on what happens now: "downloading 176 jars". */
  note(text: string): void
}

/** What a query on the server reports of itself: Spark's own progress events have this shape. */
export interface QueryProgress {
  readonly operationId: string
  readonly stages: readonly { readonly tasks: number; readonly completedTasks: number }[]
  readonly done: boolean
}

export interface ProgressOptions {
  readonly log: Logger
  /** Where the live line goes; default: stderr. */
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  /** Milliseconds; default: the monotonic clock. */
  readonly now?: () => number
  /** Milliseconds between two log lines where there is no terminal; default 10,000. */
  readonly quietMs?: number
}

/**
 * Says on stderr what a run is doing: on a terminal one live line for the stage, elsewhere a log line every ten seconds;
 * either way one line when a stage is done. Remembers how long each stage took.
 */
export class Progress {
  readonly stages: StageTime[] = []
  readonly #log: Logger
  readonly #stream: NonNullable<ProgressOptions['stream']>
  readonly #queries = new Map<string, { readonly started: number; done: number; of: number }>()
  readonly #now: () => number
  readonly #quietMs: number

  constructor(options: ProgressOptions) {
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

  /** Runs `work` as the stage of that name; `rows` of the last call to `Stage.rows` go into its record. */
  async stage<T>(name: string, work: (stage: Stage) => Promise<T>): Promise<T> {
    const started = this.#now()
    let rows: number | undefined
    let total: number | undefined
    let text = ''
    const live = this.#stream.isTTY === true && process.env.TERM !== 'dumb'
    const say = () => {
      const ms = this.#now() - started
      const parts = [name, text]
      if (rows !== undefined) {
        parts.push(total ? `${count(rows)} of ${count(total)} rows` : `${count(rows)} rows`)
        const perSecond = rows / (ms / 1000)
        if (ms > 1000) parts.push(`${count(Math.round(perSecond))} rows/s`)
        if (ms > 1000 && total && rows > 0 && rows < total) {
          parts.push(`about ${seconds(((total - rows) / perSecond) * 1000)} left`)
        }
      }
      parts.push(...this.#queryParts(), seconds(ms))
      return parts.filter((part) => part !== '').join(' · ')
    }
    const timer = setInterval(
      () => {
        if (live) this.#stream.write(`\r\u001b[2K${clip(say(), (this.#stream.columns ?? 80) - 1)}`)
        else this.#log.info(say())
      },
      live ? 100 : this.#quietMs,
    )
    timer.unref()
    if (live) this.#stream.write(`\r\u001b[2K${name} …`)
    try {
      const result = await work({
        rows(done, of) {
          rows = done
          total = of ?? total
        },
        more(done) {
          rows = (rows ?? 0) + done
        },
        note(what) {
          text = what
        },
      })
      const ms = Math.round(this.#now() - started)
      this.stages.push({ stage: name, ms, ...(rows === undefined ? {} : { rows }) })
      if (live) this.#stream.write('\r\u001b[2K')
      this.#log.info(`${name}: ${seconds(ms)}${rows === undefined ? '' : `, ${count(rows)} rows`}`)
      return result
    } finally {
      clearInterval(timer)
      this.#queries.clear()
      if (live) this.#stream.write('\r\u001b[2K')
    }
  }
}
