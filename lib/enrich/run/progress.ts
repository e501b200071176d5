import { systemClock } from '../clock.ts'
import type { EnrichOptions, EnrichProgress, LimiterReport } from '../options.ts'
import type { Plan } from '../plan/plan.ts'
import type { Budget } from '../requests/budget.ts'
import type { Chain } from '../resolve/chain.ts'
import type { Rows } from '../resolve/rows.ts'
import type { Limiters } from './limiters.ts'

const progressMs = 5_000

interface Running {
  readonly options: EnrichOptions
  readonly plan: Plan
  readonly chain: Chain
  readonly limiters: Limiters
  readonly rows: Rows
  readonly budget: Budget
  /** Due at the start. */
  readonly artists: number
  readonly songs: number
  readonly started: number
}

/** Says every five seconds how far a run is. */
export class Progress {
  readonly #of: Running
  readonly #timer: NodeJS.Timeout

  constructor(of: Running) {
    this.#of = of
    const { clock = systemClock } = of.options
    this.#timer = setInterval(() => this.#report(), clock.real(progressMs))
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #report(): void {
    const { options } = this.#of
    const now = this.#now()
    options.onProgress?.(now)
    options.log.debug('enriching', {
      artists: `${now.artists.done}/${now.artists.total}`,
      songs: `${now.songs.done}/${now.songs.total}`,
      pictures: now.pictures,
      requests: now.requests,
      planned: now.planned,
      left_s: now.leftMs === null ? null : Math.round(now.leftMs / 1000),
      limiters: Object.fromEntries(
        now.limiters.map((one) => [
          one.service,
          `${one.requests} sent, ${one.queued} queued, ${one.retries} retries, ${one.breaker}`,
        ]),
      ),
    })
  }

  #now(): EnrichProgress {
    const { options, plan, chain, limiters, rows, budget, artists, songs, started } = this.#of
    const reports = limiters.reports()
    // Rows are finished late, when the last big batch of lengths is back; answers tell better how far the run is.
    const named = Math.max(rows.done.artists, answered(chain.names))
    const matched = Math.max(rows.done.songs, answered(chain.recordings), answered(chain.pairs))
    return {
      artists: { done: Math.min(artists, named), total: artists },
      songs: { done: Math.min(songs, matched), total: songs },
      pictures: answered(chain.pictures.files),
      requests: budget.sent,
      planned: plan.requests,
      elapsedMs: (options.clock ?? systemClock).now() - started,
      leftMs: budget.sent === 0 ? null : timeLeftMs(plan, reports),
      limiters: reports,
    }
  }
}

const answered = ({ tally }: Chain['names' | 'recordings' | 'pairs'] | Chain['pictures']['files']) =>
  tally.found + tally.absent + tally.failed

/** What the slowest limit still needs for the requests that the plan gives it. */
function timeLeftMs(plan: Plan, reports: readonly LimiterReport[]): number {
  const left = plan.lines.map((line) => {
    const report = reports.find((one) => one.service === line.service)
    const planned = line.requests - ((report?.requests ?? 0) - (report?.retries ?? 0))
    return (line.ms / line.requests) * Math.max(0, planned)
  })
  return Math.max(0, ...left)
}
