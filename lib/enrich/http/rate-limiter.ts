import Bottleneck from 'bottleneck'
import type { Logger } from '../../log.ts'
import type { Clock } from '../clock.ts'
import type { Call, CallResult, Closed, Sender } from './call.ts'
import { type BreakerState, CircuitBreaker } from './circuit-breaker.ts'
import { classify } from './classify.ts'
import type { HttpClient, HttpRequest, HttpResult } from './client.ts'
import type { Limits } from './limits.ts'
import { maxWaitMs, type Outcome } from './outcome.ts'
import { Pacer } from './pacer.ts'
import { redirected } from './redirect.ts'

/** One try: how it ended, or that another one follows. */
type Step<T> =
  | CallResult<T>
  | { readonly again: Extract<Outcome, { kind: 'redirect' | 'rate_limited' | 'shed' | 'transient' }> }

export interface LimiterCounters {
  /** Every request sent, retries and redirects included. */
  requests: number
  /** Those of them that had to be sent because an earlier one failed, was split off or redirected. */
  retries: number
  /** Most requests that were under way at once. */
  maxInFlight: number
  /** Answers that said "too busy for anybody". */
  shed: number
}

export interface RateLimiterOptions {
  readonly name: string
  readonly limits: Limits
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly client: HttpClient
  /** No request is sent any more. */
  readonly stopping: AbortSignal
  /** By the clock: what would have to wait longer is not sent. Default: never. */
  readonly deadline?: number
  /** Requests under way are given up. */
  readonly aborting: AbortSignal
  /** Hosts that a redirect may name, beside the base address's own. */
  readonly hosts: readonly string[]
}

const maxTries = 5
const maxRedirects = 3

/**
 * One limit: everything that counts against it goes through `call`, retries and redirects too.
 *
 * Bottleneck queues and bounds what is under way. It cannot pause and must not be told to retry (its retries skip spacing
 * and reservoir), so the turn is taken inside the job: breaker, pause, spacing, measured work; a retry is scheduled anew.
 */
export class RateLimiter implements Sender {
  readonly name: string
  readonly limits: Limits
  readonly counters: LimiterCounters = { requests: 0, retries: 0, maxInFlight: 0, shed: 0 }
  readonly #limiter: Bottleneck
  readonly #options: RateLimiterOptions
  readonly #breaker: CircuitBreaker
  readonly #pacer: Pacer
  readonly #refusals = new Map<string, string>()
  #inFlight = 0
  #lastTurn: Promise<void> = Promise.resolve()

  constructor(options: RateLimiterOptions) {
    const { name, limits, clock, log, stopping } = options
    this.#options = options
    this.name = name
    this.limits = limits
    this.#breaker = new CircuitBreaker({ name, clock, log, noOtherWay: limits.noOtherWay === true })
    this.#pacer = new Pacer(limits, clock)
    this.#limiter = bottleneck(limits, clock)
    // Queued requests are dropped immediately; running ones finish.
    const drop = () => void this.#limiter.stop({ dropWaitingJobs: true })
    if (stopping.aborted) drop()
    else stopping.addEventListener('abort', drop, { once: true })
  }

  get breaker(): BreakerState {
    return this.#breaker.state
  }

  /** Jobs that wait for their turn. */
  get queued(): number {
    const counts = this.#limiter.counts()
    return counts.RECEIVED + counts.QUEUED
  }

  get spacingMs(): number {
    return this.#pacer.spacingMs
  }

  get stopped(): boolean {
    return this.#options.stopping.aborted || this.#isTooLate
  }

  /** A pause lasts longer than the run: nobody sits it out. */
  get #isTooLate(): boolean {
    const openUntil = this.#breaker.state === 'open' ? this.#breaker.openUntil : 0
    return Math.max(this.#pacer.pausedUntil, openUntil) > (this.#options.deadline ?? Number.POSITIVE_INFINITY)
  }

  /** What refused us in this run. */
  get refusals(): string[] {
    return [...this.#refusals.keys()]
  }

  closed(needs: string): Closed | null {
    const refusal = this.#refusals.get(needs)
    if (refusal !== undefined) return { kind: 'closed', off: true, retryAt: null, text: refusal }
    if (!this.#breaker.isGivenUp && !this.#breaker.isShut) return null
    return { kind: 'closed', off: false, retryAt: this.#breaker.openUntil, text: 'service does not answer' }
  }

  /** Nothing is sent before that time; what is under way goes on. */
  pause(ms: number): void {
    this.#pacer.pause(ms)
  }

  /** The service refused us: not asked again in this run. Says so once. */
  switchOff(needs: string, why: string, hint: string | null): void {
    if (this.#refusals.has(needs)) return
    this.#refusals.set(needs, why)
    this.#options.log.warn(`${needs} is off for this run`, { why, ...(hint === null ? {} : { hint }) })
  }

  /** Sends one request, with as many tries as are polite. */
  async call<T>(call: Call<T>): Promise<CallResult<T>> {
    const { clock, random, stopping } = this.#options
    const needs = call.needs ?? call.service.name
    const seen: string[] = []
    let request = call.request
    let tries = 0
    let retry = false
    for (;;) {
      // What the plan has no request for would wait for its turn only to be refused.
      if (this.#isTooLate || !call.canAcquire(retry)) return { kind: 'left' }
      let step: Step<T>
      try {
        step = await this.#limiter.schedule({ priority: retry ? 0 : call.priority }, () =>
          this.#step(call, request, needs, retry, seen),
        )
      } catch (error) {
        if (stopping.aborted && error instanceof Bottleneck.BottleneckError) return { kind: 'left' }
        throw error
      }
      if (!('again' in step)) return step
      retry = true
      const outcome = step.again
      if (outcome.kind === 'redirect') {
        const next = redirected(call, outcome.location, this.#options.hosts)
        if (next === null || seen.length >= maxRedirects || seen.includes(outcome.location)) {
          return { kind: 'transient', text: next === null ? 'redirected to a foreign host' : 'redirects in a circle' }
        }
        seen.push(outcome.location)
        request = next
        continue
      }
      const { text } = outcome
      if (++tries >= maxTries) return { kind: 'transient', text }
      if (outcome.kind === 'rate_limited') {
        if (outcome.waitMs > maxWaitMs) return this.#closedResult(needs, text)
        continue
      }
      const asked = outcome.kind === 'transient' ? outcome.waitMs : undefined
      if (asked !== undefined && asked > maxWaitMs) return { kind: 'transient', text }
      await clock.sleep(Math.max(asked ?? 0, backoffMs(outcome, tries, random())), stopping)
    }
  }

  #closedResult(needs: string, text: string): Closed {
    return { retryAt: this.#breaker.openUntil, off: false, kind: 'closed', ...this.closed(needs), text }
  }

  async #step<T>(
    call: Call<T>,
    request: HttpRequest,
    needs: string,
    retry: boolean,
    seen: readonly string[],
  ): Promise<Step<T>> {
    if (this.closed(needs)) return this.#closedResult(needs, 'not asked')
    if (this.stopped) return { kind: 'left' }
    const probing = await this.#turn()
    try {
      if (this.closed(needs)) return this.#closedResult(needs, 'not asked')
      if (this.stopped) return { kind: 'left' }
      if (!call.tryAcquire(retry)) return { kind: 'left' }
      this.counters.requests++
      if (retry) this.counters.retries++
      const result = await this.#send(call, request)
      return await this.#settle(call, result, needs, seen)
    } finally {
      probing?.()
    }
  }

  async #send<T>(call: Call<T>, request: HttpRequest): Promise<HttpResult> {
    const { clock, client, aborting } = this.#options
    this.#inFlight++
    this.counters.maxInFlight = Math.max(this.counters.maxInFlight, this.#inFlight)
    const started = clock.now()
    try {
      return await client.send(call.base, request, this.limits.timeoutMs, aborting)
    } finally {
      this.#inFlight--
      this.#pacer.worked(clock.now() - started)
    }
  }

  /** Judges a result, and tells breaker and pacer about it. */
  async #settle<T>(call: Call<T>, result: HttpResult, needs: string, seen: readonly string[]): Promise<Step<T>> {
    const { clock, client, log } = this.#options
    if ('status' in result) {
      const pauseMs = this.limits.pauseMs?.(result.headers) ?? 0
      if (pauseMs > 0) this.pause(pauseMs)
    }
    const outcome = classify(call.service, result, clock.now())
    const status = 'status' in result ? result.status : result.failure
    log.debug('request', { limit: this.name, status, outcome: outcome.kind })
    switch (outcome.kind) {
      case 'ok': {
        const value = await call.accept(outcome.json, seen)
        if (value === null) {
          this.#trouble()
          return { again: { kind: 'transient', text: 'unexpected shape of the answer', reached: true } }
        }
        this.#good()
        return { kind: 'ok', value, status: 'status' in result ? result.status : 200 }
      }
      case 'not_found':
        this.#good()
        await call.absent(outcome.code, outcome.id)
        return outcome
      case 'bad_request':
      case 'split':
        // A query that is too slow is the query's fault; silence is the service's.
        if ('failure' in result) this.#trouble()
        return { kind: outcome.kind, text: client.scrub(outcome.text) }
      case 'stopped':
        return { kind: 'left' }
      case 'fatal':
        this.switchOff(needs, client.scrub(outcome.text), outcome.hint)
        return this.#closedResult(needs, client.scrub(outcome.text))
      case 'redirect':
        return { again: outcome }
      case 'rate_limited':
        this.#tooFast(outcome.waitMs)
        return { again: { ...outcome, text: client.scrub(outcome.text) } }
      default:
        if (outcome.kind === 'shed') this.counters.shed++
        this.#trouble()
        return { again: { ...outcome, text: client.scrub(outcome.text) } }
    }
  }

  /**
   * Waits until this limit may send. Turns are taken one after the other and counted from the moment at which they are
   * taken: a process that was held up for a while sends nothing closer together afterwards, and a pause ends without a
   * burst.
   */
  async #turn(): Promise<(() => void) | null> {
    const before = this.#lastTurn
    let taken: () => void = () => {}
    this.#lastTurn = new Promise((resolve) => {
      taken = resolve
    })
    await before
    try {
      const release = await this.#breaker.enter((time) => this.#sleepUntil(time), this.#options.stopping)
      if (this.#breaker.isShut) return release
      await this.#sleepUntil(() => this.#pacer.nextStart())
      this.#pacer.started()
      return release
    } finally {
      taken()
    }
  }

  async #sleepUntil(time: () => number): Promise<void> {
    const { clock, stopping } = this.#options
    while (!this.stopped) {
      const left = time() - clock.now()
      if (left <= 0) return
      await clock.sleep(left, stopping)
    }
  }

  #good(): void {
    this.#breaker.good()
    this.#pacer.good()
  }

  #trouble(): void {
    this.#pacer.trouble()
    this.#breaker.trouble(this.#pacer.pausedUntil)
  }

  #tooFast(waitMs: number): void {
    if (waitMs > maxWaitMs) {
      this.#breaker.giveUp(waitMs)
      return
    }
    this.pause(waitMs)
    this.#pacer.slowDown()
    this.#trouble()
  }

  /** Ends the limiter's timers. */
  async close(): Promise<void> {
    await this.#limiter.disconnect()
  }
}

function bottleneck({ reservoir, maxConcurrent, minTimeMs }: Limits, clock: Clock): Bottleneck {
  return new Bottleneck({
    maxConcurrent,
    minTime: clock.real(minTimeMs),
    // The spacing alone keeps every sliding window: a reservoir is a fixed window and lets twice its count pass at an edge.
    ...(reservoir && Number.isFinite(reservoir.count)
      ? {
          reservoir: reservoir.count,
          reservoirRefreshAmount: reservoir.count,
          reservoirRefreshInterval: clock.real(reservoir.perMs),
        }
      : {}),
  })
}

/** How long to wait before the next try: 2, 4, 8, 16, 30 s ±25 % when the service is busy, a little when nobody is there. */
function backoffMs(outcome: Outcome, tries: number, random: number): number {
  const jitter = 0.75 + random / 2
  if (outcome.kind === 'transient' && !outcome.reached) return Math.min(1_000, 250 * 2 ** (tries - 1)) * jitter
  // Never below a second: a service that says "at once" (Retry-After: 0) is hammered by everybody else already.
  return Math.max(1_000, Math.min(30_000, 2_000 * 2 ** (tries - 1)) * jitter)
}
