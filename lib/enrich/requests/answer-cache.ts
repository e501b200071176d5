import type { LookupRow } from '../../model/lookups.ts'
import { stamp, unstamp } from '../clock.ts'
import { absentUntil, foundUntil, retryAt, type Term } from './cache.ts'
import type { BatcherOptions } from './queue-owner.ts'
import type { Answer, AnswerSource, Failed } from './request-spec.ts'

const keysPerQuery = 400

interface CacheSection {
  readonly kind: string
  readonly provider: string
  readonly term: Term
  readonly from: AnswerSource
}

interface Cacheable {
  readonly key: string
  /** What the cache held before. */
  readonly before: LookupRow | null
}

/** Answers of one kind of one service as the database keeps them. */
export class AnswerCache<A> {
  readonly #of: CacheSection
  readonly #options: BatcherOptions

  constructor(of: CacheSection, options: BatcherOptions) {
    this.#of = of
    this.#options = options
  }

  /** The rows of these keys, fresh or not. */
  async lookup(keys: readonly string[]): Promise<Map<string, LookupRow>> {
    const rows = new Map<string, LookupRow>()
    for (let at = 0; at < keys.length; at += keysPerQuery) {
      const part = keys.slice(at, at + keysPerQuery)
      for (const row of await this.#options.store.lookup(this.#of.kind, this.#of.provider, part)) rows.set(row.key, row)
    }
    return rows
  }

  /** What a row still says; null: ask. @param startedAt of the run: a full refresh takes only newer answers */
  answer(row: LookupRow, startedAt: number): Answer<A> | null {
    const { clock, refresh } = this.#options
    const { from } = this.#of
    const now = clock.now()
    if (refresh === 'all' && (unstamp(row.fetched_at) ?? 0) < startedAt) return null
    const until = unstamp(row.expires_at)
    if (until !== null && until > now) {
      if (row.outcome === 'not_found') return { kind: 'absent', until, from }
      if (row.outcome === 'found' && row.payload !== null) {
        return { kind: 'found', value: JSON.parse(row.payload) as A, until, from }
      }
    }
    const next = unstamp(row.next_attempt_at)
    if (next === null || next <= now || refresh === 'failed') return null
    return { kind: 'failed', why: 'transient', text: 'failed a short while ago', retryAt: next, from }
  }

  /** Writes the facts of one response, in one transaction; by key. */
  async store(
    items: readonly Cacheable[],
    collected: ReadonlyMap<string, A | null>,
    code: string | null,
  ): Promise<Map<string, Answer<A>>> {
    const { store, clock, random } = this.#options
    const { from, term, kind, provider } = this.#of
    const now = clock.now()
    const fetchedAt = stamp(now)
    const answers = new Map<string, Answer<A>>()
    const rows: LookupRow[] = []
    for (const { key, before } of items) {
      const value = collected.get(key)
      if (value === undefined) continue
      const attempts = value === null ? (before?.outcome === 'not_found' ? before.attempts : 0) + 1 : 0
      const until = value === null ? absentUntil(attempts, now, random()) : foundUntil(term, now, random())
      answers.set(key, value === null ? { kind: 'absent', until, from } : { kind: 'found', value, until, from })
      rows.push({
        kind,
        key,
        provider,
        outcome: value === null ? 'not_found' : 'found',
        http_status: code !== null && /^\d{3}$/.test(code) ? Number(code) : 200,
        api_code: code,
        payload: value === null ? null : JSON.stringify(value),
        fetched_at: fetchedAt,
        expires_at: stamp(until),
        attempts,
        next_attempt_at: null,
      })
    }
    if (rows.length > 0) await store.save({ lookups: rows })
    return answers
  }

  /** Writes when to ask again; by key. A fact that could not be refreshed stays. */
  async storeFailures(
    items: readonly Cacheable[],
    why: 'transient' | 'bad_request',
    text: string,
  ): Promise<Map<string, Failed>> {
    const { store, clock, random } = this.#options
    const { from, kind, provider } = this.#of
    const now = clock.now()
    const failures = new Map<string, Failed>()
    const rows = items.map(({ key, before }): LookupRow => {
      const attempts = (before && before.outcome !== 'not_found' ? before.attempts : 0) + 1
      const next = retryAt(attempts, now, random())
      failures.set(key, { kind: 'failed', why, text, retryAt: next, from })
      const known = before?.outcome === 'found' ? before : null
      return {
        kind,
        key,
        provider,
        outcome: known ? 'found' : why,
        http_status: before?.http_status ?? null,
        api_code: why,
        payload: before?.payload ?? null,
        fetched_at: known ? known.fetched_at : stamp(now),
        expires_at: known ? known.expires_at : null,
        attempts,
        next_attempt_at: stamp(next),
      }
    })
    if (rows.length > 0) await store.save({ lookups: rows })
    return failures
  }
}
