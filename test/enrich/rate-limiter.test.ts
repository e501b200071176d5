import { afterEach, describe, expect, test } from '@jest/globals'
import { type Clock, fastClock } from '../../lib/enrich/clock.ts'
import type { Call } from '../../lib/enrich/http/call.ts'
import { HttpClient, type HttpResult } from '../../lib/enrich/http/client.ts'
import type { Limits } from '../../lib/enrich/http/limits.ts'
import { RateLimiter } from '../../lib/enrich/http/rate-limiter.ts'
import { serviceNamed } from '../../lib/enrich/services/list.ts'
import { silent } from '../../lib/log.ts'
import { maxInWindow, shed, tooFast } from '../../lib/stubs/index.ts'

/** A client without a network: each request ends as `answer` says, after `ms` of its clock. */
class ScriptedClient extends HttpClient {
  readonly times: number[] = []
  readonly #clock: Clock
  readonly #answer: (nth: number) => { outcome: HttpResult; ms: number }
  inFlight = 0

  constructor(clock: Clock, answer: (nth: number) => { outcome: HttpResult; ms: number }) {
    super({ userAgent: 'test', clock })
    this.#clock = clock
    this.#answer = answer
  }

  override async send(): Promise<HttpResult> {
    this.times.push(this.#clock.now())
    this.inFlight++
    const { outcome, ms } = this.#answer(this.times.length)
    if (ms > 0) await this.#clock.sleep(ms)
    this.inFlight--
    return outcome
  }
}

const good: HttpResult = { status: 200, headers: {}, body: '{"artist":{}}' }
const timedOut: HttpResult = { failure: 'timeout', text: 'x' }
const call = (): Call<boolean> => ({
  service: serviceNamed('lastfm'),
  base: new URL('http://127.0.0.1:1/'),
  request: { method: 'GET', path: '', maxBytes: 1 },
  priority: 5,
  canAcquire: () => true,
  tryAcquire: () => true,
  accept: async () => true,
  absent: async () => {},
})

const limiters: RateLimiter[] = []
afterEach(async () => {
  for (const limiter of limiters.splice(0)) await limiter.close()
})
function open(
  clock: Clock,
  client: HttpClient,
  limits: Limits,
  signal = new AbortController().signal,
  deadline = Number.POSITIVE_INFINITY,
): RateLimiter {
  const limiter = new RateLimiter({
    name: 'lastfm',
    limits,
    clock,
    random: () => 0.5,
    log: silent,
    client,
    stopping: signal,
    aborting: signal,
    deadline,
    hosts: [],
  })
  limiters.push(limiter)
  return limiter
}
const free: Limits = { maxConcurrent: 8, minTimeMs: 0, timeoutMs: 1_000 }

describe('a limiter', () => {
  // Bottleneck yields to the timers twice per job (2.4 ms each, measured): 10,000 would take half a minute.
  test('2,500 jobs of which 30 % time out leave nothing running and nothing queued', async () => {
    const clock = fastClock(2_000)
    // Two of three bad ones are good at the second try, so that the breaker stays out of it.
    const client = new ScriptedClient(clock, (nth) => ({ outcome: nth % 10 < 3 ? timedOut : good, ms: 0 }))
    const limiter = open(clock, client, { ...free, maxConcurrent: 200 })
    const results = await Promise.all(Array.from({ length: 2_500 }, () => limiter.call(call())))
    expect(results.filter((result) => result.kind === 'ok').length).toBeGreaterThan(2_250)
    expect(limiter.queued).toBe(0)
    expect(client.inFlight).toBe(0)
    expect(limiter.counters.requests).toBe(client.times.length)
    expect(limiter.counters.retries).toBeGreaterThan(600)
    expect(limiter.counters.maxInFlight).toBeLessThanOrEqual(200)
  }, 60_000)

  test('keeps its spacing with many at once, retries included', async () => {
    const clock = fastClock(5)
    const client = new ScriptedClient(clock, (nth) => ({ outcome: nth % 7 === 0 ? timedOut : good, ms: 300 }))
    const limiter = open(clock, client, { maxConcurrent: 4, minTimeMs: 220, timeoutMs: 1_000 })
    await Promise.all(Array.from({ length: 60 }, () => limiter.call(call())))
    expect(maxInWindow(client.times, 960)).toBeLessThanOrEqual(5)
    expect(limiter.counters.maxInFlight).toBeGreaterThan(1)
  })

  test('what the plan has no request for does not wait for its turn', async () => {
    const clock = fastClock(5)
    const client = new ScriptedClient(clock, () => ({ outcome: good, ms: 10 }))
    const limiter = open(clock, client, { maxConcurrent: 1, minTimeMs: 1_000, timeoutMs: 1_000 })
    let left = 2
    const planned = { ...call(), canAcquire: () => left > 0, tryAcquire: () => left-- > 0 }
    await Promise.all([limiter.call(planned), limiter.call(planned)])
    const began = clock.now()
    const results = await Promise.all(Array.from({ length: 300 }, () => limiter.call(planned)))
    expect(results.every((result) => result.kind === 'left')).toBe(true)
    expect(clock.now() - began).toBeLessThan(1_000)
    expect(client.times).toHaveLength(2)
  })

  test.each([
    ['lasts longer than the run is not sat out', 200, 'left', 1],
    ['ends within the run is sat out', 20, 'ok', 2],
  ])('a pause that %s', async (_, pauseS, kind, sent) => {
    const clock = fastClock(100)
    const wait: HttpResult = { status: 429, headers: { 'retry-after': String(pauseS) }, body: '' }
    const client = new ScriptedClient(clock, (nth) => ({ outcome: nth === 1 ? wait : good, ms: 10 }))
    const began = clock.now()
    const limiter = open(clock, client, free, undefined, began + 120_000)
    expect((await limiter.call(call())).kind).toBe(kind)
    expect(client.times).toHaveLength(sent)
    expect(clock.now() - began).toBeLessThan(kind === 'left' ? 15_000 : 60_000)
    expect(limiter.stopped).toBe(kind === 'left')
  })

  test('a pause ends without a burst', async () => {
    const clock = fastClock(5)
    const client = new ScriptedClient(clock, () => ({ outcome: good, ms: 500 }))
    const limiter = open(clock, client, { maxConcurrent: 4, minTimeMs: 220, timeoutMs: 1_000 })
    limiter.pause(2_000)
    const began = clock.now()
    await Promise.all(Array.from({ length: 12 }, () => limiter.call(call())))
    expect(client.times[0]! - began).toBeGreaterThanOrEqual(1_990)
    expect(maxInWindow(client.times, 960)).toBeLessThanOrEqual(5)
  })

  test('the breaker opens after five troubles in a row, sends one probe after a minute, closes after three good answers', async () => {
    const clock = fastClock(500)
    let up = false
    const client = new ScriptedClient(clock, () => ({ outcome: up ? good : timedOut, ms: 10 }))
    const limiter = open(clock, client, { maxConcurrent: 4, minTimeMs: 100, timeoutMs: 1_000 })
    const first = await Promise.all(Array.from({ length: 20 }, () => limiter.call(call())))
    expect(limiter.breaker).toBe('open')
    expect(client.times.length).toBeLessThanOrEqual(5 + 3)
    expect(first.every((result) => result.kind !== 'ok')).toBe(true)
    expect(limiter.closed('lastfm')).toMatchObject({ off: false })
    expect((await limiter.call(call())).kind).toBe('closed')
    const sent = client.times.length
    await clock.sleep(60_000)
    up = true
    const opened = clock.now()
    const later = await Promise.all(Array.from({ length: 6 }, () => limiter.call(call())))
    expect(later.every((result) => result.kind === 'ok')).toBe(true)
    expect(limiter.breaker).toBe('working')
    // Probes go one by one: the second starts after the first has ended.
    const [probe, next] = client.times.slice(sent)
    expect(probe).toBeGreaterThanOrEqual(opened)
    expect(next! - probe!).toBeGreaterThanOrEqual(100)
  })

  test('nobody who was already in the queue sits the open breaker out', async () => {
    const clock = fastClock(5)
    const client = new ScriptedClient(clock, () => ({ outcome: timedOut, ms: 900 }))
    const limiter = open(clock, client, { maxConcurrent: 4, minTimeMs: 200, timeoutMs: 1_000, noOtherWay: true })
    const began = clock.now()
    const results = await Promise.all(Array.from({ length: 8 }, () => limiter.call(call())))
    expect(results.every((result) => result.kind !== 'ok')).toBe(true)
    expect(clock.now() - began).toBeLessThan(30_000)
  })

  test('a limiter without another way, that has answered before, waits for its probe once', async () => {
    const clock = fastClock(500)
    let until = Number.POSITIVE_INFINITY
    const client = new ScriptedClient(clock, (nth) => ({
      outcome: nth <= 3 || clock.now() > until ? good : timedOut,
      ms: 10,
    }))
    const limiter = open(clock, client, { maxConcurrent: 1, minTimeMs: 1_000, timeoutMs: 1_000, noOtherWay: true })
    until = clock.now() + 70_000
    const results = await Promise.all(Array.from({ length: 40 }, () => limiter.call(call())))
    expect(results.filter((result) => result.kind === 'ok').length).toBeGreaterThan(30)
  })

  test('a longer pause than five minutes closes the limiter until then', async () => {
    const clock = fastClock(500)
    const limit: HttpResult = { status: 429, headers: { 'retry-after': '1800' }, body: '{"error":29,"message":"x"}' }
    const client = new ScriptedClient(clock, () => ({ outcome: limit, ms: 0 }))
    const limiter = open(clock, client, { ...free, maxConcurrent: 1 })
    const began = clock.now()
    const result = await limiter.call(call())
    expect(result.kind).toBe('closed')
    // At once, as far as a busy machine knows that word: the pause itself is half an hour.
    expect(clock.now() - began).toBeLessThan(600_000)
    expect(limiter.closed('lastfm')?.retryAt).toBeGreaterThanOrEqual(began + 1_790_000)
    expect(client.times).toHaveLength(1)
  })

  test.each([
    ['fault 14: our own limit slows it down; ten good answers earn a tenth of the speed back', tooFast('1'), 1_650],
    ['fault 13: a service that is busy for everybody does not', shed, 1_100],
  ])('%s', async (_, reply, expected) => {
    const clock = fastClock(2_000)
    const outcome: HttpResult = { status: 503, headers: { ...reply.headers }, body: JSON.stringify(reply.body) }
    const client = new ScriptedClient(clock, (nth) => ({ outcome: nth === 2 ? outcome : good, ms: 0 }))
    const limiter = open(clock, client, { maxConcurrent: 1, minTimeMs: 1_100, timeoutMs: 1_000 })
    const ask = () => limiter.call({ ...call(), service: serviceNamed('musicbrainz') })
    await ask()
    expect(limiter.spacingMs).toBe(1_100)
    await ask()
    expect(limiter.spacingMs).toBe(expected)
    for (let more = 0; more < 50; more++) await ask()
    expect(limiter.spacingMs).toBe(1_100)
  })

  test('stopping ends every wait', async () => {
    const clock = fastClock(1)
    const stop = new AbortController()
    const client = new ScriptedClient(clock, () => ({ outcome: good, ms: 0 }))
    const limiter = open(clock, client, { ...free, minTimeMs: 60_000 }, stop.signal)
    limiter.pause(3_600_000)
    const waiting = Promise.all(Array.from({ length: 30 }, () => limiter.call(call())))
    setTimeout(() => stop.abort(), 20)
    const began = performance.now()
    expect((await waiting).every((one) => one.kind === 'left')).toBe(true)
    expect(performance.now() - began).toBeLessThan(2_000)
    expect((await limiter.call(call())).kind).toBe('left')
    expect(client.times).toHaveLength(0)
  })

  test('the query service’s measured time is budgeted: a minute of work a minute', async () => {
    const clock = fastClock(1_000)
    const client = new ScriptedClient(clock, () => ({ outcome: good, ms: 40_000 }))
    const limiter = open(clock, client, {
      maxConcurrent: 1,
      minTimeMs: 1_000,
      timeoutMs: 65_000,
      workMsPerMinute: 30_000,
    })
    const began = clock.now()
    await Promise.all(Array.from({ length: 4 }, () => limiter.call(call())))
    // Half a minute of work a minute: 160 s of it take at least 240 s, less the half minute at hand.
    expect(clock.now() - began).toBeGreaterThanOrEqual(200_000)
  })
})
