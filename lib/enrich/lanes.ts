import Bottleneck from 'bottleneck'
import type { Logger } from '../log.ts'
import type { Clock } from './clock.ts'
import { type Decision, decide, longestWaitMs, type Provider } from './decide.ts'
import type { HttpDoor, HttpOutcome, HttpRequest } from './http.ts'
import type { LaneLimits, LaneName } from './services.ts'

/** How a call ended; `ok` has been accepted (stored) before the lane sent its next request. */
export type CallResult<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly status: number }
  | { readonly kind: 'not_found'; readonly code: string }
  | { readonly kind: 'bad_request' | 'split'; readonly text: string }
  /** Tried as often as is polite. */
  | { readonly kind: 'transient'; readonly text: string }
  /** The breaker is open or the service refused us: not asked. `off`: for the rest of the run. */
  | { readonly kind: 'closed'; readonly off: boolean; readonly retryAt: number | null; readonly text: string }
  /** The run is over (stop, deadline) or its number of requests is used up: not asked. */
  | { readonly kind: 'left' }

/** One try: how it ended, or that another one follows. */
type Step<T> =
  | CallResult<T>
  | { readonly again: Extract<Decision, { kind: 'redirect' | 'rate_limited' | 'shed' | 'transient' }> }

export interface Call<T> {
  readonly provider: Provider
  readonly base: URL
  readonly request: HttpRequest
  /** 0 is served first, 9 last. */
  readonly priority: number
  /** Called when it is this call's turn; false: the plan has no request left for it. */
  admit(retry: boolean): boolean
  /** Reads and stores an answer, inside the lane's slot; null: not the shape we know, which is passing. */
  accept(json: unknown, redirected: readonly string[]): Promise<T | null>
  /** Stores the service's "no such thing", inside the slot. */
  absent(code: string): Promise<void>
}

export interface LaneCounters {
  /** Every request sent, retries and redirects included. */
  requests: number
  /** Those of them that had to be sent because an earlier one failed, was split off or redirected. */
  retries: number
  /** Most requests that were under way at once. */
  mostInFlight: number
  /** Answers and failures that were passing. */
  troubles: number
}

/** `working` · `open`: five troubles in a row, nothing is sent · `probing`: one request at a time until three were good. */
export type Breaker = 'working' | 'open' | 'probing' | 'off'

export interface LaneOptions {
  readonly name: LaneName
  readonly limits: LaneLimits
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly door: HttpDoor
  /** No request is sent any more. */
  readonly stopping: AbortSignal
  /** Requests under way are given up. */
  readonly aborting: AbortSignal
  /** Hosts that a redirect may name, beside the base address's own. */
  readonly hosts: readonly string[]
}

const breakerTroubles = 5
const breakerGoodAnswers = 3
const probeAfterMs = 60_000
const mostTries = 5
const mostRedirects = 3

/**
 * One service's limit: everything that is sent to it goes through `call`, retries and redirects too.
 *
 * Bottleneck queues and bounds what is under way. It cannot pause and must not be told to retry (its retries skip spacing
 * and reservoir), so the turn is taken inside the job: pause, spacing, measured work, breaker; a retry is scheduled anew.
 */
/** What questions need of a lane. */
export type Service = Pick<Lane, 'limits' | 'stopped' | 'closed' | 'call'>

export class Lane {
  readonly name: LaneName
  readonly limits: LaneLimits
  readonly counters: LaneCounters = { requests: 0, retries: 0, mostInFlight: 0, troubles: 0 }
  readonly #limiter: Bottleneck
  readonly #options: LaneOptions
  readonly #offProviders = new Map<Provider | string, string>()
  #spacingMs: number
  #nextStartAt = 0
  #pausedUntil = 0
  #workLeftMs: number
  #workAt: number
  #inFlight = 0
  #breaker: Exclude<Breaker, 'off'> = 'working'
  #troublesInARow = 0
  #goodInARow = 0
  #openUntil = 0
  #served = false
  #givenUp = false
  #probe: Promise<void> | null = null
  #lastTurn: Promise<void> = Promise.resolve()

  constructor(options: LaneOptions) {
    this.#options = options
    this.name = options.name
    this.limits = options.limits
    this.#spacingMs = options.limits.minTimeMs
    this.#workLeftMs = options.limits.workMsPerMinute ?? 0
    this.#workAt = options.clock.now()
    const { reservoir, maxConcurrent, minTimeMs } = options.limits
    this.#limiter = new Bottleneck({
      maxConcurrent,
      minTime: options.clock.real(minTimeMs),
      ...(reservoir && Number.isFinite(reservoir.count)
        ? {
            reservoir: reservoir.count,
            reservoirRefreshAmount: reservoir.count,
            reservoirRefreshInterval: options.clock.real(reservoir.perMs),
          }
        : {}),
    })
    // What only waits for its turn is let go at once; what is under way ends by itself.
    const letGo = () => void this.#limiter.stop({ dropWaitingJobs: true })
    if (options.stopping.aborted) letGo()
    else options.stopping.addEventListener('abort', letGo, { once: true })
  }

  get breaker(): Breaker {
    return this.#givenUp ? 'off' : this.#breaker
  }

  /** Jobs that wait for their turn. */
  get queued(): number {
    const counts = this.#limiter.counts()
    return counts.RECEIVED + counts.QUEUED
  }

  /** Current spacing; above the documented one after the service said that we are too fast. */
  get spacingMs(): number {
    return this.#spacingMs
  }

  /** The run is over: nothing is sent any more. */
  get stopped(): boolean {
    return this.#options.stopping.aborted
  }

  /** What refused us in this run. */
  get refusals(): string[] {
    return [...this.#offProviders.keys()]
  }

  /** Why a question to this provider would not be sent now; null: it would. */
  closed(provider: string): { off: boolean; retryAt: number | null; text: string } | null {
    const off = this.#offProviders.get(provider)
    if (off !== undefined) return { off: true, retryAt: null, text: off }
    if (this.#givenUp) return { off: false, retryAt: this.#openUntil, text: 'service does not answer' }
    return this.#shut ? { off: false, retryAt: this.#openUntil, text: 'service does not answer' } : null
  }

  /** The breaker is open and its questions are not kept for the probe: others can answer them, or nobody ever did. */
  get #shut(): boolean {
    const open = this.#breaker === 'open' && this.#options.clock.now() < this.#openUntil
    return open && !(this.limits.noOtherWay && this.#served)
  }

  /** Nothing is sent before that time; what is under way goes on. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#options.clock.now() + ms)
  }

  /** The provider refused us: not asked again in this run. Says so once. */
  switchOff(provider: string, why: string, hint: string | null): void {
    if (this.#offProviders.has(provider)) return
    this.#offProviders.set(provider, why)
    this.#options.log.warn(`${provider} is off for this run`, { why, ...(hint === null ? {} : { hint }) })
  }

  /** Sends one request, with as many tries as are polite. `switch` names what a refusal turns off. */
  async call<T>(call: Call<T>, switchName: string = call.provider): Promise<CallResult<T>> {
    const { clock, random, stopping } = this.#options
    const redirected: string[] = []
    let request = call.request
    let tries = 0
    let retry = false
    for (;;) {
      let step: Step<T>
      try {
        step = await this.#limiter.schedule({ priority: retry ? 0 : call.priority }, () =>
          this.#step(call, request, switchName, retry, redirected),
        )
      } catch (error) {
        if (stopping.aborted && error instanceof Bottleneck.BottleneckError) return { kind: 'left' }
        throw error
      }
      if (!('again' in step)) return step
      retry = true
      const decision = step.again
      if (decision.kind === 'redirect') {
        const next = this.#follow(call, decision.location)
        if (next === null || redirected.length >= mostRedirects || redirected.includes(decision.location)) {
          return { kind: 'transient', text: next === null ? 'redirected to a foreign host' : 'redirects in a circle' }
        }
        redirected.push(decision.location)
        request = next
        continue
      }
      tries++
      const text = decision.text
      if (tries >= mostTries) return { kind: 'transient', text }
      if (decision.kind === 'rate_limited') {
        if (decision.waitMs > longestWaitMs) return this.#closedResult(switchName, text)
        continue
      }
      const asked = decision.kind === 'transient' ? decision.waitMs : undefined
      if (asked !== undefined && asked > longestWaitMs) return { kind: 'transient', text }
      await clock.sleep(Math.max(asked ?? 0, backoffMs(decision, tries, random())), stopping)
    }
  }

  #closedResult<T>(switchName: string, text: string): CallResult<T> {
    const closed = this.closed(switchName)
    return { kind: 'closed', off: closed?.off ?? false, retryAt: closed?.retryAt ?? this.#openUntil, text }
  }

  async #step<T>(
    call: Call<T>,
    request: HttpRequest,
    switchName: string,
    retry: boolean,
    redirected: readonly string[],
  ): Promise<Step<T>> {
    const { clock, door, stopping, aborting, log } = this.#options
    if (this.closed(switchName)) return this.#closedResult(switchName, 'not asked')
    if (stopping.aborted) return { kind: 'left' }
    const probing = await this.#turn()
    try {
      if (this.closed(switchName)) return this.#closedResult(switchName, 'not asked')
      if (stopping.aborted) return { kind: 'left' }
      if (!call.admit(retry)) return { kind: 'left' }
      this.counters.requests++
      if (retry) this.counters.retries++
      this.#inFlight++
      this.counters.mostInFlight = Math.max(this.counters.mostInFlight, this.#inFlight)
      const started = clock.now()
      let outcome: HttpOutcome
      try {
        outcome = await door.send(call.base, request, this.limits.timeoutMs, aborting)
      } finally {
        this.#inFlight--
      }
      if (this.limits.workMsPerMinute !== undefined) this.#workLeftMs -= clock.now() - started
      this.#readHeaders(outcome)
      const decision = decide(call.provider, outcome, clock.now())
      log.debug('request', {
        lane: this.name,
        status: 'status' in outcome ? outcome.status : outcome.failure,
        decision: decision.kind,
        ms: Math.round(clock.now() - started),
      })
      switch (decision.kind) {
        case 'ok': {
          const value = await call.accept(decision.json, redirected)
          if (value === null) {
            this.#trouble()
            return { again: { kind: 'transient', text: 'answer has another shape', reached: true } }
          }
          this.#good()
          return { kind: 'ok', value, status: 'status' in outcome ? outcome.status : 200 }
        }
        case 'not_found':
          this.#good()
          await call.absent(decision.code)
          return decision
        case 'bad_request':
        case 'split':
          // A query that is too slow is the query's fault; silence is the service's.
          if ('failure' in outcome) this.#trouble()
          return { kind: decision.kind, text: door.scrub(decision.text) }
        case 'stopped':
          return { kind: 'left' }
        case 'fatal':
          this.switchOff(switchName, door.scrub(decision.text), decision.hint)
          return this.#closedResult(switchName, door.scrub(decision.text))
        case 'redirect':
          return { again: decision }
        case 'rate_limited':
          this.#tooFast(decision.waitMs)
          return { again: { ...decision, text: door.scrub(decision.text) } }
        default:
          this.#trouble()
          return { again: { ...decision, text: door.scrub(decision.text) } }
      }
    } finally {
      probing?.()
    }
  }

  /**
   * Waits until this lane may send. Turns are taken one after the other and counted from the moment at which they are
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
      return await this.#takeTurn()
    } finally {
      taken()
    }
  }

  async #takeTurn(): Promise<(() => void) | null> {
    const { clock, stopping } = this.#options
    while (this.#breaker !== 'working' && this.#probe !== null && !stopping.aborted) await this.#probe
    // Opened while this one waited for its turn: the caller sees that, nobody sits the pause out.
    if (this.#shut) return null
    let release: (() => void) | null = null
    if (this.#breaker !== 'working' && !this.#givenUp) {
      // One at a time until the service has proved itself again.
      let done: () => void = () => {}
      this.#probe = new Promise((resolve) => {
        done = resolve
      })
      release = () => {
        this.#probe = null
        done()
      }
      await this.#sleepUntil(() => this.#openUntil)
      if (this.#breaker === 'open') this.#breaker = 'probing'
    }
    await this.#sleepUntil(() => {
      const now = clock.now()
      return Math.max(this.#pausedUntil, this.#nextStartAt, now + this.#workDebtMs(now))
    })
    this.#nextStartAt = clock.now() + this.#spacingMs
    return release
  }

  async #sleepUntil(time: () => number): Promise<void> {
    const { clock, stopping } = this.#options
    while (!stopping.aborted) {
      const left = time() - clock.now()
      if (left <= 0) return
      await clock.sleep(left, stopping)
    }
  }

  #workDebtMs(now: number): number {
    const perMinute = this.limits.workMsPerMinute
    if (perMinute === undefined) return 0
    const rate = perMinute / 60_000
    this.#workLeftMs = Math.min(perMinute, this.#workLeftMs + (now - this.#workAt) * rate)
    this.#workAt = now
    return this.#workLeftMs > 0 ? 0 : -this.#workLeftMs / rate + 1
  }

  // ListenBrainz tells on every answer how many requests are left in its window and when the next one begins.
  #readHeaders(outcome: HttpOutcome): void {
    if (this.name !== 'listenbrainz' || !('status' in outcome)) return
    const left = outcome.headers['x-ratelimit-remaining']
    const resetS = Number(outcome.headers['x-ratelimit-reset-in'])
    if (left !== undefined && Number(left) <= 0 && resetS > 0) this.pause(Math.min(resetS * 1000, longestWaitMs))
  }

  #good(): void {
    this.#served = true
    this.#troublesInARow = 0
    this.#goodInARow++
    if (this.#breaker === 'probing' && this.#goodInARow >= breakerGoodAnswers) {
      this.#breaker = 'working'
      this.#options.log.info(`${this.name} answers again`)
    }
    // Slowed down by a limit: ten good answers earn a tenth of the speed back.
    if (this.#goodInARow % 10 === 0) this.#spacingMs = Math.max(this.limits.minTimeMs, this.#spacingMs * 0.9)
  }

  #tooFast(waitMs: number): void {
    const { clock } = this.#options
    if (waitMs > longestWaitMs) {
      this.#openUntil = clock.now() + waitMs
      this.#breaker = 'open'
      this.#givenUp = true
      this.#options.log.warn(`${this.name} asks for a long pause`, { wait_s: Math.round(waitMs / 1000) })
      return
    }
    this.pause(waitMs)
    if (this.limits.minTimeMs > 0) this.#spacingMs = Math.min(this.limits.minTimeMs * 8, this.#spacingMs * 1.5)
    this.#trouble()
  }

  #trouble(): void {
    const { clock, log } = this.#options
    this.counters.troubles++
    this.#goodInARow = 0
    this.#troublesInARow++
    const failedProbe = this.#breaker === 'probing'
    if (!failedProbe && this.#troublesInARow < breakerTroubles) return
    if (this.#breaker === 'open') return
    this.#breaker = 'open'
    this.#openUntil = Math.max(this.#pausedUntil, clock.now() + probeAfterMs)
    // Who did not even answer after a pause is not waited for any longer: its questions are left to the next run.
    if (failedProbe) this.#served = false
    log.warn(`${this.name} does not answer`, {
      troubles: this.#troublesInARow,
      probe_in_s: Math.round((this.#openUntil - clock.now()) / 1000),
    })
  }

  #follow<T>(call: Call<T>, location: string): HttpRequest | null {
    let target: URL
    try {
      target = new URL(location, call.base)
    } catch {
      return null
    }
    const known =
      target.origin === call.base.origin ||
      (target.protocol === 'https:' && this.#options.hosts.includes(target.hostname))
    if (!known || target.username !== '' || target.password !== '') return null
    // Only path and query are taken over: with a mirror or a stub as base the request stays there.
    const prefix = call.base.pathname.replace(/\/?$/, '/')
    const path = target.pathname.startsWith(prefix)
      ? target.pathname.slice(prefix.length)
      : target.pathname.replace(/^\/ws\/2\//, '')
    return { ...call.request, path, query: Object.fromEntries(target.searchParams) }
  }

  /** Ends the limiter's timers. */
  async close(): Promise<void> {
    await this.#limiter.disconnect()
  }
}

/** How long to wait before the next try: 2, 4, 8, 16, 30 s ±25 % when the service is busy, a little when nobody is there. */
function backoffMs(decision: Decision, tries: number, random: number): number {
  const jitter = 0.75 + random / 2
  if (decision.kind === 'transient' && !decision.reached) return Math.min(1_000, 250 * 2 ** (tries - 1)) * jitter
  // Never below a second: a service that says "at once" (Retry-After: 0) is hammered by everybody else already.
  return Math.max(1_000, Math.min(30_000, 2_000 * 2 ** (tries - 1)) * jitter)
}
