import type { Stage } from '../model/stage.ts'
import { count, plural, seconds } from '../terminal.ts'

/** A stage that is under way, and how its line reads. */
export class RunningStage implements Stage {
  readonly #name: string
  #done: number | undefined
  #total: number | undefined
  #note = ''

  constructor(name: string) {
    this.#name = name
  }

  /** Rows so far; undefined where none were counted. */
  get done(): number | undefined {
    return this.#done
  }

  readonly rows = (done: number, total?: number): void => {
    this.#done = done
    this.#total = total ?? this.#total
  }

  readonly more = (rows: number): void => {
    this.#done = (this.#done ?? 0) + rows
  }

  readonly note = (text: string): void => {
    this.#note = text
  }

  /** The stage after so many milliseconds, with what its queries say. */
  line(ms: number, queries: readonly string[]): string {
    return [this.#name, this.#note, ...this.#rowParts(ms), ...queries, seconds(ms)]
      .filter((part) => part !== '')
      .join(' · ')
  }

  #rowParts(ms: number): string[] {
    const [done, total] = [this.#done, this.#total]
    if (done === undefined) return []
    const amount = total ? `${count(done)} of ${plural(total, 'row')}` : plural(done, 'row')
    if (ms <= 1000) return [amount]
    const perSecond = done / (ms / 1000)
    const rate = `${count(Math.round(perSecond))} rows/s`
    if (!total || done === 0 || done >= total) return [amount, rate]
    return [amount, rate, `about ${seconds(((total - done) / perSecond) * 1000)} left`]
  }
}
