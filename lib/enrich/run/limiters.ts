import { systemClock } from '../clock.ts'
import { HttpClient } from '../http/client.ts'
import { RateLimiter } from '../http/rate-limiter.ts'
import type { EnrichOptions, LimiterReport } from '../options.ts'
import { hostsWithin, limitOf } from '../services/list.ts'
import type { Service } from '../services/service.ts'
import type { Shutdown } from './shutdown.ts'

/** The rate limiters of a run and the client that they share; opened when they are first needed. */
export class Limiters {
  readonly #options: EnrichOptions
  readonly #identified: boolean
  readonly #shutdown: Shutdown
  readonly #client: HttpClient
  readonly #open = new Map<string, RateLimiter>()

  /** @param contact who asks; null: nobody is named, and some services are asked more slowly */
  constructor(options: EnrichOptions, contact: string | null, shutdown: Shutdown) {
    this.#options = options
    this.#identified = contact !== null
    this.#shutdown = shutdown
    this.#client = new HttpClient({
      userAgent: userAgent(options, contact),
      clock: options.clock ?? systemClock,
      secrets: Object.values(options.keys ?? {}).map((key) => key ?? ''),
    })
  }

  readonly of = (service: Service): RateLimiter => {
    const limit = limitOf(service, this.#identified)
    const known = this.#open.get(limit.name)
    if (known) return known
    const { clock = systemClock, random = Math.random, log, limits, timeoutMs } = this.#options
    const opened = new RateLimiter({
      name: limit.name,
      limits: { ...(limits?.[limit.name] ?? limit.limits), ...(timeoutMs === undefined ? {} : { timeoutMs }) },
      clock,
      random,
      log,
      client: this.#client,
      stopping: this.#shutdown.closed,
      deadline: this.#shutdown.deadline,
      aborting: this.#shutdown.aborting.signal,
      hosts: hostsWithin(limit),
    })
    this.#open.set(limit.name, opened)
    return opened
  }

  /** What became of each limiter that had anything to do. */
  reports(): LimiterReport[] {
    return [...this.#open.values()]
      .map(({ name, counters, queued, breaker }) => ({
        service: name,
        requests: counters.requests,
        retries: counters.retries,
        maxInFlight: counters.maxInFlight,
        queued,
        breaker,
      }))
      .filter((one) => one.requests + one.queued > 0 || one.breaker !== 'working')
  }

  /** Services that refused us or did not answer. */
  degraded(): string[] {
    const all = [...this.#open.values()]
    return [
      ...all.filter((one) => one.breaker !== 'working').map((one) => one.name),
      ...all.flatMap((one) => one.refusals),
    ]
  }

  async close(): Promise<void> {
    for (const limiter of this.#open.values()) await limiter.close()
    this.#client.close()
  }
}

// Services want to know whom to write to. A run that names nobody says so rather than name somebody else.
function userAgent({ version, homepage }: EnrichOptions, contact: string | null): string {
  const who = contact ?? ['operator not given', ...(homepage === undefined ? [] : [homepage])].join('; ')
  return `radio-plays/${version} ( ${who} )`
}
