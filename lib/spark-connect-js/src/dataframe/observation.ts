import { randomUUID } from 'node:crypto'
import { SparkConnectError } from '../client/errors.ts'
import { onMetrics } from '../core/execution.ts'
import type { Executor } from '../core/executor.ts'
import { valueOfLiteral } from '../plan/literal.ts'
import { mistake } from '../trace/error-stack.ts'

const pending = new WeakMap<Observation, (executor: Executor) => void>()

/**
 * Metrics of the rows that pass one point of a query, computed while the query runs.
 *
 * ```ts
 * const seen = new Observation()
 * await plays.observe(seen, count('*').as('rows')).write.parquet(path)
 * const { rows } = await seen.get() // { rows: 37672n }
 * ```
 */
export class Observation {
  readonly name: string
  readonly #metrics: Promise<Record<string, unknown>>

  constructor(name: string = randomUUID()) {
    this.name = name
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>()
    // Whoever never asks must not be told of the failure by an unhandled rejection.
    promise.catch(() => undefined)
    this.#metrics = promise
    pending.set(this, (executor) => {
      onMetrics(executor, name, (metrics) => {
        const [first] = metrics.errors
        if (first) reject(new SparkConnectError(`observation '${name}' failed: ${first.message}`, { code: 'INTERNAL' }))
        const entries = metrics.values.map((value, i): [string, unknown] => [
          metrics.keys[i] ?? `observed_metric_${i}`,
          valueOfLiteral(value),
        ])
        resolve(Object.fromEntries(entries))
      })
    })
  }

  /** The metrics of the first query that ran through; waits for it. */
  get(): Promise<Record<string, unknown>> {
    return this.#metrics
  }
}

/** Lets an observation wait for a session's next report of its name. *Errors:* TypeError when it is in use already. */
export const watch = (observation: Observation, executor: Executor): string => {
  const start = pending.get(observation)
  if (!start) throw mistake(`observation '${observation.name}' is used already; make a new one for each frame`)
  pending.delete(observation)
  start(executor)
  return observation.name
}
