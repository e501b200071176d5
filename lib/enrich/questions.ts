import type { Logger } from '../log.ts'
import type { Budget } from './budget.ts'
import type { Clock } from './clock.ts'
import type { Provider } from './decide.ts'
import type { HttpRequest } from './http.ts'
import type { CallResult, Service } from './lanes.ts'
import {
  absentUntil,
  foundUntil,
  type LookupRow,
  type LookupStore,
  type Refresh,
  retryAt,
  stamp,
  type Term,
  unstamp,
} from './memory.ts'
import type { Step } from './plan.ts'

/**
 * An answer. `found` and `absent` are facts and hold until `until` (ms); `failed` says nothing about the entity:
 * `transient` tried in vain · `bad_request` the service refuses this question · `closed` the service is down, not asked ·
 * `off` it refused us, for this run it does not exist · `left` the run ended or its requests are used up.
 */
export type Answer<A> =
  | { readonly kind: 'found'; readonly value: A; readonly until: number }
  | { readonly kind: 'absent'; readonly until: number }
  | Failed

export interface Failed {
  readonly kind: 'failed'
  readonly why: 'transient' | 'bad_request' | 'closed' | 'off' | 'left'
  readonly text: string
  readonly retryAt: number | null
}

/** What `read` makes of one answer to a batch. */
export interface Reading<A> {
  /** By key: found, or null for "the service does not know it". A key without entry and without `again` has failed. */
  readonly answers: ReadonlyMap<string, A | null>
  /** The next page of the same answer; nothing is stored before the last one. */
  readonly next?: HttpRequest
  /** Keys to ask again in other company. */
  readonly again?: readonly { readonly keys: readonly string[]; readonly variant: string }[]
}

/** A batch's answers by key: what was found, and null for what the service does not know; null for another shape. */
export function answersTo<A>(keys: readonly string[], found: ReadonlyMap<string, A> | null): Reading<A> | null {
  return found && { answers: new Map(keys.map((key) => [key, found.get(key) ?? null])) }
}

/** The answer to a question that is asked alone; undefined: another shape. */
export function oneAnswer<A>(key: string, found: A | null | undefined): Reading<A> | null {
  return found === undefined ? null : { answers: new Map([[key, found]]) }
}

/** One kind of question to one provider: how it is remembered, packed, sent and read. */
export interface QuestionSpec<Q, A> {
  /** With `key` and `provider` the key of the memory. */
  readonly kind: string
  readonly provider: Provider
  readonly step: Step
  /** Position in the chain: a batch that is not full is sent once nothing before it can add to it. */
  readonly rank: number
  readonly term: Term
  key(question: Q): string
  /** Questions per request, asked anew for each. */
  size(): number
  request(questions: readonly Q[], variant: string): HttpRequest
  /** Null: not the shape we know. `redirected` has the targets that the request was sent on to. */
  read(json: unknown, questions: readonly Q[], variant: string, redirected: readonly string[]): Reading<A> | null
  /** What a refusal (bad key, bad token) switches off; default: the provider. */
  readonly needs?: string
  /** Told of each question that is decided, however it was. */
  settled?(): void
}

interface Waiting<Q, A> {
  readonly question: Q
  readonly key: string
  before: LookupRow | null
  readonly resolve: (answer: Answer<A>) => void
}

interface Pack<Q, A> {
  readonly items: readonly Waiting<Q, A>[]
  readonly variant: string
  /** A repetition: it is not part of the plan. */
  readonly repeated: boolean
}

const leftOver: Failed = { kind: 'failed', why: 'left', text: 'left for the next run', retryAt: null }

export interface Tally {
  asked: number
  remembered: number
  found: number
  absent: number
  failed: number
  requests: number
}

export interface DeskOptions {
  readonly store: LookupStore
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly budget: Budget
  readonly refresh: Refresh
  /** Stops the run. */
  onFailure(): void
}

/**
 * The desk where all questions of a run meet. It sends full batches at once, and the rest of a kind as soon as no question
 * of an earlier rank is open: then nothing can fill it any more.
 */
export class Desk {
  readonly options: DeskOptions
  readonly startedAt: number
  /** True while the run has artists that it has not begun. */
  moreToCome: () => boolean = () => false
  readonly #kinds: Questions<never, unknown>[] = []
  #busy = 0
  #scheduled = false

  constructor(options: DeskOptions) {
    this.options = options
    this.startedAt = options.clock.now()
  }

  /** Opens a kind of question on a lane. */
  open<Q, A>(spec: QuestionSpec<Q, A>, lane: Service, base: URL): Questions<Q, A> {
    const questions = new Questions(spec, lane, base, this)
    this.#kinds.push(questions as unknown as Questions<never, unknown>)
    this.#kinds.sort((a, b) => a.rank - b.rank)
    return questions
  }

  /** The first failure of the memory; the run ends with it. */
  failure: unknown
  /** Ends the run: what it cannot store it must not ask. */
  fail(error: unknown): void {
    this.failure ??= error
    this.options.onFailure()
  }

  /** Work outside of questions (reading a row) that may lead to more of them. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#busy++
    try {
      return await work
    } finally {
      this.#busy--
      this.poke()
    }
  }

  /** True when nothing is being read from memory. */
  get quiet(): boolean {
    return this.#busy === 0 && this.#kinds.every((kind) => kind.arriving === 0)
  }

  /** Looks, once everything at hand has run, whether partial batches must go. */
  poke(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (this.#busy > 0) return
      if (this.moreToCome()) {
        // New artists take the places of finished ones and bring questions of every rank: a batch that is not full goes
        // only when nothing at all is under way and nobody else can fill it.
        if (this.#kinds.some((kind) => kind.open > kind.waiting)) return
        this.#kinds.find((kind) => kind.waiting > 0)?.flush()
        return
      }
      for (const [at, kind] of this.#kinds.entries()) {
        // Memory is still being read for some of its own.
        if (kind.arriving > 0) return
        if (kind.waiting > 0) kind.flush()
        if (kind.open > 0) return
        if (!this.#kinds.slice(at + 1).some((later) => later.step === kind.step)) this.options.budget.release(kind.step)
      }
      // Nobody needs a request of its own any more: what is over goes to those who had too few.
      this.#kinds.find((kind) => kind.refused > 0)?.goOn()
    })
  }

  /** Per provider and kind, what was asked and answered. */
  tallies(): { readonly kind: string; readonly provider: Provider; readonly tally: Tally }[] {
    return this.#kinds.map((kind) => ({ kind: kind.kind, provider: kind.provider, tally: kind.tally }))
  }
}

/** All questions of one kind: remembered ones are answered from memory, equal ones are asked once. */
export class Questions<Q, A> {
  readonly tally: Tally = { asked: 0, remembered: 0, found: 0, absent: 0, failed: 0, requests: 0 }
  readonly #spec: QuestionSpec<Q, A>
  readonly #lane: Service
  readonly #base: URL
  readonly #desk: Desk
  readonly #known = new Map<string, Promise<Answer<A>>>()
  #arriving: Waiting<Q, A>[] = []
  #pending: Waiting<Q, A>[] = []
  #packs: Pack<Q, A>[] = []
  /** The plan had no request left for them; perhaps others leave some over. */
  #refused: Pack<Q, A>[] = []
  #recalling = 0
  #inFlight = 0
  #flushing = false

  constructor(spec: QuestionSpec<Q, A>, lane: Service, base: URL, desk: Desk) {
    this.#spec = spec
    this.#lane = lane
    this.#base = base
    this.#desk = desk
  }

  get rank(): number {
    return this.#spec.rank
  }

  get step(): Step {
    return this.#spec.step
  }

  get kind(): string {
    return this.#spec.kind
  }

  get provider(): Provider {
    return this.#spec.provider
  }

  /** Questions that wait for company. */
  get waiting(): number {
    return this.#pending.length
  }

  /** Questions that memory is being read for. */
  get arriving(): number {
    return this.#arriving.length + this.#recalling
  }

  /** Questions that were asked and have no answer yet. */
  get undecided(): number {
    return this.#known.size
  }

  /** Batches that the plan had no request for. */
  get refused(): number {
    return this.#refused.length
  }

  /** Everything that is under way. */
  get open(): number {
    return this.#arriving.length + this.#recalling + this.#pending.length + this.#packs.length + this.#inFlight
  }

  /**
   * Asks; resolves when the answer is stored. Never rejects for what the service does.
   *
   * @param unplanned true when it is asked in place of a service that failed: the plan grows by its share of a request
   */
  ask(question: Q, unplanned = false): Promise<Answer<A>> {
    const key = this.#spec.key(question)
    const known = this.#known.get(key)
    if (known) return known
    const answer = new Promise<Answer<A>>((resolve) => {
      this.#arriving.push({ question, key, before: null, resolve })
      // All that is asked in this turn of the loop is looked up together.
      if (this.#arriving.length === 1) setImmediate(() => void this.#recall(this.#arriving))
    })
    if (unplanned) this.#desk.options.budget.grant(this.#spec.step, 1 / this.#spec.size())
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
  goOn(): void {
    const packs = this.#refused
    this.#refused = []
    if (this.#lane.stopped || this.#desk.options.budget.spare) {
      this.#packs.push(...packs)
      this.#dispatch()
    } else {
      for (const item of packs.flatMap((pack) => pack.items)) this.#settle(item, leftOver)
    }
    this.#desk.poke()
  }

  async #recall(arrived: Waiting<Q, A>[]): Promise<void> {
    this.#arriving = []
    this.#recalling += arrived.length
    const { store, clock, refresh } = this.#desk.options
    const rows = new Map<string, LookupRow>()
    try {
      for (let at = 0; at < arrived.length; at += 400) {
        const keys = arrived.slice(at, at + 400).map((item) => item.key)
        for (const row of await store.recall(this.#spec.kind, this.#spec.provider, keys)) rows.set(row.key, row)
      }
    } catch (error) {
      this.#desk.fail(error)
      for (const item of arrived) this.#settle(item, leftOver)
      return
    } finally {
      this.#recalling -= arrived.length
    }
    const now = clock.now()
    for (const item of arrived) {
      item.before = rows.get(item.key) ?? null
      const remembered = item.before && this.#remembered(item.before, now, refresh)
      if (remembered) {
        this.tally.remembered++
        this.#settle(item, remembered)
      } else {
        this.#pending.push(item)
      }
    }
    this.#dispatch()
    this.#desk.poke()
  }

  #remembered(row: LookupRow, now: number, refresh: Refresh): Answer<A> | null {
    const fetched = unstamp(row.fetched_at) ?? 0
    if (refresh === 'all' && fetched < this.#desk.startedAt) return null
    const expires = unstamp(row.expires_at)
    const fact = expires !== null && expires > now
    if (fact && row.outcome === 'not_found') return { kind: 'absent', until: expires }
    if (fact && row.outcome === 'found' && row.payload !== null) {
      return { kind: 'found', value: JSON.parse(row.payload) as A, until: expires }
    }
    const next = unstamp(row.next_attempt_at)
    if (next !== null && next > now && refresh !== 'failed') {
      return { kind: 'failed', why: 'transient', text: 'failed a short while ago', retryAt: next }
    }
    return null
  }

  #dispatch(): void {
    const most = Math.max(2, this.#lane.limits.maxConcurrent * 2)
    while (this.#inFlight < most) {
      if (this.#lane.stopped) {
        this.#refuse(leftOver)
        return
      }
      const closed = this.#lane.closed(this.#spec.needs ?? this.#spec.provider)
      if (closed) {
        this.#refuse({ ...closed, why: closed.off ? 'off' : 'closed' })
        return
      }
      let pack = this.#packs.shift()
      if (!pack) {
        const size = Math.max(1, this.#spec.size())
        if (this.#pending.length === 0 || (this.#pending.length < size && !this.#flushing)) return
        pack = { items: this.#pending.splice(0, size), variant: '', repeated: false }
        if (this.#pending.length === 0) this.#flushing = false
      }
      this.#inFlight++
      const sent = pack
      void this.#send(sent)
        .catch((error: unknown) => {
          // The memory could not be written: the run ends with that error, since nothing could be kept any more.
          this.#desk.fail(error)
          for (const item of sent.items) this.#settle(item, leftOver)
        })
        .finally(() => {
          this.#inFlight--
          this.#dispatch()
          this.#desk.poke()
        })
    }
  }

  #refuse(closed: { why: Failed['why']; retryAt: number | null; text: string }): void {
    const waiting = [...this.#packs.flatMap((pack) => pack.items), ...this.#pending]
    this.#packs = []
    this.#pending = []
    this.#flushing = false
    const { why, text, retryAt } = closed
    for (const item of waiting) this.#settle(item, { kind: 'failed', why, text, retryAt })
  }

  async #send(pack: Pack<Q, A>): Promise<void> {
    const { budget } = this.#desk.options
    const questions = pack.items.map((item) => item.question)
    const byKey = new Map(pack.items.map((item) => [item.key, item]))
    const answers = new Map<string, Answer<A>>()
    const collected = new Map<string, A | null>()
    let request: HttpRequest | undefined = this.#spec.request(questions, pack.variant)
    let page = 0
    while (request !== undefined) {
      const result: CallResult<Reading<A>> = await this.#lane.call<Reading<A>>(
        {
          provider: this.#spec.provider,
          base: this.#base,
          request,
          priority: Math.max(1, Math.min(9, 9 - Math.floor(this.#spec.rank / 2))),
          admit: (retry) => {
            const repeated = retry || pack.repeated
            if (!budget.admit(this.#spec.step, repeated)) return false
            this.tally.requests++
            return true
          },
          accept: async (json, redirected) => {
            const reading = this.#spec.read(json, questions, pack.variant, redirected)
            if (reading === null) return null
            for (const [key, value] of reading.answers) collected.set(key, value)
            if (!reading.next) await this.#store(pack, collected, answers)
            return reading
          },
          absent: async (code) => {
            for (const item of pack.items) collected.set(item.key, null)
            await this.#store(pack, collected, answers, code)
          },
        },
        this.#spec.needs ?? this.#spec.provider,
      )
      if (result.kind === 'ok') {
        for (const again of result.value.again ?? []) {
          const items = again.keys.flatMap((key) => byKey.get(key) ?? [])
          for (const item of items) byKey.delete(item.key)
          if (items.length > 0) this.#packs.push({ items, variant: again.variant, repeated: false })
        }
        request = ++page < 20 ? result.value.next : undefined
        continue
      }
      request = undefined
      if (result.kind === 'not_found') break
      if ((result.kind === 'split' || result.kind === 'bad_request') && pack.items.length > 1) {
        const half = Math.ceil(pack.items.length / 2)
        for (const items of [pack.items.slice(0, half), pack.items.slice(half)]) {
          for (const item of items) byKey.delete(item.key)
          this.#packs.push({ items, variant: pack.variant, repeated: true })
        }
      } else if (result.kind === 'left') {
        // While artists wait to be begun, nobody knows what is over.
        if (page === 0 && !this.#lane.stopped && !this.#desk.moreToCome()) {
          this.#refused.push({ ...pack, items: [...byKey.values()] })
        } else {
          for (const item of byKey.values()) this.#settle(item, leftOver)
        }
        byKey.clear()
      } else if (result.kind === 'closed') {
        const failed: Failed = {
          kind: 'failed',
          why: result.off ? 'off' : 'closed',
          text: result.text,
          retryAt: result.retryAt,
        }
        for (const item of byKey.values()) this.#settle(item, failed)
        byKey.clear()
      } else {
        await this.#fail(byKey, result.kind === 'bad_request' ? 'bad_request' : 'transient', result.text)
      }
    }
    for (const [key, answer] of answers) {
      const item = byKey.get(key)
      byKey.delete(key)
      if (item) this.#settle(item, answer)
    }
    await this.#fail(byKey, 'transient', 'left out of the answer')
  }

  /** Writes the facts of one response, in one transaction, before the lane sends anything else. */
  async #store(
    pack: Pack<Q, A>,
    collected: ReadonlyMap<string, A | null>,
    answers: Map<string, Answer<A>>,
    code: string | null = null,
  ): Promise<void> {
    const { store, clock, random } = this.#desk.options
    const now = clock.now()
    const rows: LookupRow[] = []
    for (const item of pack.items) {
      const value = collected.get(item.key)
      if (value === undefined) continue
      const attempts = value === null ? (item.before?.outcome === 'not_found' ? item.before.attempts : 0) + 1 : 0
      const until = value === null ? absentUntil(attempts, now, random()) : foundUntil(this.#spec.term, now, random())
      answers.set(item.key, value === null ? { kind: 'absent', until } : { kind: 'found', value, until })
      rows.push({
        kind: this.#spec.kind,
        key: item.key,
        provider: this.#spec.provider,
        outcome: value === null ? 'not_found' : 'found',
        http_status: code !== null && /^\d{3}$/.test(code) ? Number(code) : 200,
        api_code: code,
        payload: value === null ? null : JSON.stringify(value),
        fetched_at: stamp(now),
        expires_at: stamp(until),
        attempts,
        next_attempt_at: null,
      })
    }
    if (rows.length > 0) await store.save({ lookups: rows })
  }

  async #fail(items: Map<string, Waiting<Q, A>>, why: 'transient' | 'bad_request', text: string): Promise<void> {
    if (items.size === 0) return
    const { store, clock, random, log } = this.#desk.options
    const now = clock.now()
    const rows: LookupRow[] = []
    const failures = new Map<string, Failed>()
    for (const item of items.values()) {
      const attempts = (item.before && item.before.outcome !== 'not_found' ? item.before.attempts : 0) + 1
      const next = retryAt(attempts, now, random())
      failures.set(item.key, { kind: 'failed', why, text, retryAt: next })
      // A fact that could not be refreshed stays; only the time of the next try moves.
      rows.push({
        kind: this.#spec.kind,
        key: item.key,
        provider: this.#spec.provider,
        outcome: item.before?.outcome === 'found' ? 'found' : why,
        http_status: item.before?.http_status ?? null,
        api_code: why,
        payload: item.before?.payload ?? null,
        fetched_at: item.before?.outcome === 'found' ? item.before.fetched_at : stamp(now),
        expires_at: item.before?.outcome === 'found' ? item.before.expires_at : null,
        attempts,
        next_attempt_at: stamp(next),
      })
      if (why === 'bad_request') log.warn('question refused', { provider: this.provider, kind: this.kind, why: text })
    }
    if (rows.length > 0) await store.save({ lookups: rows })
    for (const [key, failed] of failures) {
      const item = items.get(key)
      if (item) this.#settle(item, failed)
    }
    items.clear()
  }

  #settle(item: Waiting<Q, A>, answer: Answer<A>): void {
    this.tally.asked++
    if (answer.kind === 'found') this.tally.found++
    else if (answer.kind === 'absent') this.tally.absent++
    else this.tally.failed++
    this.#spec.settled?.()
    item.resolve(answer)
  }
}
