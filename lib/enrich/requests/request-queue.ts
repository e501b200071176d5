import type { LookupRow } from '../../model/lookups.ts'
import type { CallResult, Closed, Sender } from '../http/call.ts'
import type { HttpRequest } from '../http/client.ts'
import { type Service, sourceOf } from '../services/service.ts'
import { AnswerCache } from './answer-cache.ts'
import { absentUntil } from './cache.ts'
import type { QueueOwner, Tally } from './queue-owner.ts'
import type { Answer, AnswerSource, Failed, Reading, RequestSpec } from './request-spec.ts'

interface Waiting<Q, A> {
  readonly request: Q
  readonly key: string
  before: LookupRow | null
  readonly resolve: (answer: Answer<A>) => void
}

interface Batch<Q, A> {
  readonly items: readonly Waiting<Q, A>[]
  readonly variant: string
  /** A repetition: it is not part of the plan. */
  readonly repeated: boolean
}

export interface RequestQueueOptions<Q, A> {
  readonly spec: RequestSpec<Q, A>
  readonly service: Service
  readonly sender: Sender
  readonly base: URL
  readonly owner: QueueOwner
}

/** The most pages of one answer that are read. */
const maxPages = 20

/** All requests of one kind: what is cached is answered from the cache, equal ones are sent once. */
export class RequestQueue<Q, A> {
  readonly tally: Tally = { asked: 0, cached: 0, found: 0, absent: 0, failed: 0, requests: 0 }
  /** Its part of the plan. */
  readonly step: string
  readonly #options: RequestQueueOptions<Q, A>
  readonly #cache: AnswerCache<A>
  readonly #from: AnswerSource
  readonly #leftOver: Failed
  readonly #known = new Map<string, Promise<Answer<A>>>()
  #arriving: Waiting<Q, A>[] = []
  #pending: Waiting<Q, A>[] = []
  #batches: Batch<Q, A>[] = []
  /** The plan had no request left for them; perhaps others leave some over. */
  #refused: Batch<Q, A>[] = []
  #lookingUp = 0
  #inFlight = 0
  #flushing = false

  constructor(options: RequestQueueOptions<Q, A>) {
    const { spec, service, owner } = options
    this.#options = options
    this.step = `${service.limit.name}.${spec.step}`
    this.#from = {
      name: sourceOf(service),
      extra: service.extra === true,
      ownColumns: service.ownColumns === true,
      isReference: service.isReference === true,
    }
    this.#leftOver = this.#failed({ why: 'left', text: 'left for the next run', retryAt: null })
    const of = { kind: spec.kind, provider: service.name, term: spec.term, from: this.#from }
    this.#cache = new AnswerCache<A>(of, owner.options)
  }

  get rank(): number {
    return this.#options.spec.rank
  }

  get kind(): string {
    return this.#options.spec.kind
  }

  get provider(): string {
    return this.#options.service.name
  }

  /** What a refusal switches off. */
  get needs(): string {
    return this.#options.spec.needs ?? this.provider
  }

  /** True while requests of this kind are sent. */
  get works(): boolean {
    return this.#options.sender.closed(this.needs) === null
  }

  /** Requests that wait for company. */
  get waiting(): number {
    return this.#pending.length
  }

  /** Requests that the cache is being read for. */
  get arriving(): number {
    return this.#arriving.length + this.#lookingUp
  }

  /** Requests that have no answer yet. */
  get undecided(): number {
    return this.#known.size
  }

  /** Batches that the plan had no request for. */
  get refused(): number {
    return this.#refused.length
  }

  /** Everything that is under way. */
  get open(): number {
    return this.arriving + this.#pending.length + this.#batches.length + this.#inFlight
  }

  /**
   * Resolves when the answer is stored. Never rejects for what the service does.
   *
   * @param unplanned true when it stands in for a service that failed: the plan grows by its share of a request
   */
  request(request: Q, unplanned = false): Promise<Answer<A>> {
    const { spec, owner } = this.#options
    const key = spec.key(request)
    const known = this.#known.get(key)
    if (known) return known
    const answer = new Promise<Answer<A>>((resolve) => {
      this.#arriving.push({ request, key, before: null, resolve })
      // All that comes in this turn of the loop is looked up together.
      if (this.#arriving.length === 1) setImmediate(() => void this.#lookUp(this.#arriving))
    })
    if (unplanned) owner.options.budget.extend(this.step, 1 / spec.size())
    this.#known.set(key, answer)
    // Memory stays flat: an answer is shared only while somebody may still wait for it.
    void answer.then(() => this.#known.delete(key))
    return answer
  }

  /** Sends what waits, full or not. */
  flush(): void {
    this.#flushing = true
    this.#dispatch()
  }

  /** Sends what was refused if a request is left, else leaves it to the next run. */
  flushReady(): void {
    const { sender, owner } = this.#options
    const batches = this.#refused
    this.#refused = []
    if (sender.stopped || owner.options.budget.spare) {
      this.#batches.push(...batches)
      this.#dispatch()
    } else {
      for (const item of batches.flatMap((batch) => batch.items)) this.#settle(item, this.#leftOver)
    }
    owner.schedule()
  }

  async #lookUp(arrived: Waiting<Q, A>[]): Promise<void> {
    const { owner } = this.#options
    this.#arriving = []
    this.#lookingUp += arrived.length
    let rows: ReadonlyMap<string, LookupRow>
    try {
      rows = await this.#cache.lookup(arrived.map((item) => item.key))
    } catch (error) {
      owner.fail(error)
      for (const item of arrived) this.#settle(item, this.#leftOver)
      return
    } finally {
      this.#lookingUp -= arrived.length
    }
    for (const item of arrived) {
      item.before = rows.get(item.key) ?? null
      const cached = item.before && this.#cache.answer(item.before, owner.startedAt)
      if (cached) {
        this.tally.cached++
        this.#settle(item, cached)
      } else {
        this.#pending.push(item)
      }
    }
    this.#dispatch()
    owner.schedule()
  }

  #dispatch(): void {
    const { sender, owner } = this.#options
    const maxBatches = Math.max(2, sender.limits.maxConcurrent * 2)
    while (this.#inFlight < maxBatches) {
      const closed = sender.stopped ? null : sender.closed(this.needs)
      if (sender.stopped || closed) {
        this.#settleWaiting(closed ? this.#closed(closed) : this.#leftOver)
        return
      }
      if (this.#options.spec.isFutile?.()) {
        this.#settleWaiting(this.#absent())
        return
      }
      const batch = this.#nextBatch()
      if (batch === undefined) return
      this.#inFlight++
      void this.#send(batch)
        .catch((error: unknown) => {
          // The database could not be written: the run ends with that error, since nothing could be kept any more.
          owner.fail(error)
          for (const item of batch.items) this.#settle(item, this.#leftOver)
        })
        .finally(() => {
          this.#inFlight--
          this.#dispatch()
          owner.schedule()
        })
    }
  }

  #nextBatch(): Batch<Q, A> | undefined {
    const known = this.#batches.shift()
    if (known) return known
    const size = Math.max(1, this.#options.spec.size())
    if (this.#pending.length === 0 || (this.#pending.length < size && !this.#flushing)) return undefined
    const batch = { items: this.#pending.splice(0, size), variant: '', repeated: false }
    if (this.#pending.length === 0) this.#flushing = false
    return batch
  }

  #settleWaiting(answer: Answer<A>): void {
    const waiting = [...this.#batches.flatMap((batch) => batch.items), ...this.#pending]
    this.#batches = []
    this.#pending = []
    this.#flushing = false
    for (const item of waiting) this.#settle(item, answer)
  }

  async #send(batch: Batch<Q, A>): Promise<void> {
    const { spec } = this.#options
    const open = new Map(batch.items.map((item) => [item.key, item]))
    const answers = new Map<string, Answer<A>>()
    const collected = new Map<string, A | null>()
    const requests = batch.items.map((item) => item.request)
    let next: HttpRequest | undefined = spec.httpRequest(requests, batch.variant)
    for (let page = 0; next !== undefined && page < maxPages; page++) {
      const result: CallResult<Reading<A>> = await this.#call(batch, next, requests, collected, answers)
      next = undefined
      if (result.kind === 'ok') {
        this.#sendAgain(result.value, open)
        next = result.value.next
      } else if (result.kind === 'not_found') {
        this.#sendWithout(batch, collected, open)
      } else {
        await this.#settleWithoutAnswer(batch, result, open, page)
      }
    }
    for (const [key, answer] of answers) {
      const item = open.get(key)
      open.delete(key)
      if (item) this.#settle(item, answer)
    }
    await this.#fail(open, 'transient', 'left out of the answer')
  }

  #call(
    batch: Batch<Q, A>,
    request: HttpRequest,
    requests: readonly Q[],
    collected: Map<string, A | null>,
    answers: Map<string, Answer<A>>,
  ): Promise<CallResult<Reading<A>>> {
    const { spec, service, sender, base, owner } = this.#options
    const { budget } = owner.options
    // Stored before the limiter sends anything else.
    const store = async (code: string | null) => {
      for (const [key, answer] of await this.#cache.store(batch.items, collected, code)) answers.set(key, answer)
    }
    return sender.call<Reading<A>>({
      service,
      needs: spec.needs,
      base,
      request,
      priority: Math.max(1, Math.min(9, 9 - Math.floor(spec.rank / 2))),
      canAcquire: (retry) => budget.canAcquire(this.step, retry || batch.repeated),
      tryAcquire: (retry) => {
        if (!budget.tryAcquire(this.step, retry || batch.repeated)) return false
        this.tally.requests++
        return true
      },
      accept: async (json, redirected) => {
        const reading = spec.read(json, requests, batch.variant, redirected)
        if (reading === null) return null
        for (const [key, value] of reading.answers) {
          // A later page says nothing about what an earlier one had.
          if (value !== null || !collected.has(key)) collected.set(key, value)
        }
        if (!reading.next) await store(null)
        return reading
      },
      absent: async (code, id) => {
        const named = batch.items.filter((item) => item.key === id)
        for (const item of named.length > 0 ? named : batch.items) collected.set(item.key, null)
        await store(code)
      },
    })
  }

  /** One of a batch does not exist: the others are asked without it. */
  #sendWithout(batch: Batch<Q, A>, absent: ReadonlyMap<string, A | null>, open: Map<string, Waiting<Q, A>>): void {
    const items = [...open.values()].filter((item) => !absent.has(item.key))
    for (const item of items) open.delete(item.key)
    if (items.length > 0) this.#batches.push({ items, variant: batch.variant, repeated: true })
  }

  #sendAgain(reading: Reading<A>, open: Map<string, Waiting<Q, A>>): void {
    for (const { keys, variant } of reading.again ?? []) {
      const items = keys.flatMap((key) => open.get(key) ?? [])
      for (const item of items) open.delete(item.key)
      if (items.length > 0) this.#batches.push({ items, variant, repeated: false })
    }
  }

  async #settleWithoutAnswer(
    batch: Batch<Q, A>,
    result: Exclude<CallResult<unknown>, { kind: 'ok' | 'not_found' }>,
    open: Map<string, Waiting<Q, A>>,
    page: number,
  ): Promise<void> {
    const { sender, owner } = this.#options
    const settleAll = (failed: Failed) => {
      for (const item of open.values()) this.#settle(item, failed)
      open.clear()
    }
    if ((result.kind === 'split' || result.kind === 'bad_request') && batch.items.length > 1) {
      const half = Math.ceil(batch.items.length / 2)
      for (const items of [batch.items.slice(0, half), batch.items.slice(half)]) {
        this.#batches.push({ items, variant: batch.variant, repeated: true })
      }
      open.clear()
    } else if (result.kind === 'left') {
      // While artists wait to be begun, nobody knows what is over.
      if (page > 0 || sender.stopped || owner.moreToCome()) return settleAll(this.#leftOver)
      this.#refused.push({ ...batch, items: [...open.values()] })
      open.clear()
    } else if (result.kind === 'closed') {
      settleAll(this.#closed(result))
    } else {
      await this.#fail(open, result.kind === 'bad_request' ? 'bad_request' : 'transient', result.text)
    }
  }

  async #fail(items: Map<string, Waiting<Q, A>>, why: 'transient' | 'bad_request', text: string): Promise<void> {
    if (items.size === 0) return
    const { provider, kind } = this
    const { log } = this.#options.owner.options
    if (why === 'bad_request') log.warn('request refused', { provider, kind, why: text })
    const failures = await this.#cache.storeFailures([...items.values()], why, text)
    for (const [key, failed] of failures) {
      const item = items.get(key)
      if (item) this.#settle(item, failed)
    }
    items.clear()
  }

  #absent(): Answer<A> {
    const { clock, random } = this.#options.owner.options
    return { kind: 'absent', until: absentUntil(1, clock.now(), random()), from: this.#from }
  }

  #closed({ off, text, retryAt }: Closed): Failed {
    return this.#failed({ why: off ? 'off' : 'closed', text, retryAt })
  }

  #failed(failed: Pick<Failed, 'why' | 'text' | 'retryAt'>): Failed {
    return { kind: 'failed', from: this.#from, ...failed }
  }

  #settle(item: Waiting<Q, A>, answer: Answer<A>): void {
    this.tally.asked++
    if (answer.kind === 'found') this.tally.found++
    else if (answer.kind === 'absent') this.tally.absent++
    else this.tally.failed++
    this.#options.spec.settled?.()
    item.resolve(answer)
  }
}
