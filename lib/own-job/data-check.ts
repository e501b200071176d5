import type { DataFrame, SparkSession, UntypedFrame } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { CheckResult } from '../store/index.ts'
import { count } from '../terminal.ts'

/** How a data check is made. */
export interface CheckOptions {
  /** `error`, the default: nothing is published where rows fail. `warn`: the run says so and goes on. */
  readonly level?: 'warn' | 'error'
}

const shownExamples = 3

/** The data checks of a run. */
export class DataChecks {
  readonly #session: SparkSession
  readonly #log: Logger
  readonly results: CheckResult[] = []

  constructor(session: SparkSession, log: Logger) {
    this.#session = session
    this.#log = log
  }

  /** Looks for rows that must not be: those of a frame, or of a SQL query over the tables of this run. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  async check(name: string, failing: DataFrame<any> | string, { level = 'error' }: CheckOptions = {}): Promise<void> {
    if (this.results.some((result) => result.name === name)) {
      throw new AppError('usage', `two data checks of this run are named ${JSON.stringify(name)}`, {
        remedy: 'give each a name of its own',
      })
    }
    const frame = typeof failing === 'string' ? await this.#session.sql(failing) : (failing as UntypedFrame)
    const first = await frame.limit(shownExamples).toJSON().collect()
    const examples = first.map(({ value }) => JSON.parse(value) as unknown)
    const rows = examples.length < shownExamples ? examples.length : Number(await frame.count())
    this.results.push({ name, level, failing: rows, examples })
    if (rows > 0 && level === 'warn') this.#log.warn(`data check "${name}": ${found(rows, examples)}`)
  }

  /** *Errors:* AppError `check` that names every check of level `error` that failed. */
  assertPassed(): void {
    const failed = this.results.filter(({ level, failing }) => level === 'error' && failing > 0)
    if (failed.length === 0) return
    const what = failed.map(({ name, failing, examples }) => `"${name}": ${found(failing, examples)}`).join('; ')
    throw new AppError('check', `data check ${what}; nothing was published`, {
      remedy: 'correct the rows or the check; npm run explore -- sample data_checks shows the history',
      published: 'no',
    })
  }
}

const found = (rows: number, examples: readonly unknown[]) =>
  `${count(rows)} ${rows === 1 ? 'row' : 'rows'}, such as ${JSON.stringify(examples[0])}`
