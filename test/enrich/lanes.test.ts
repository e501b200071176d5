import { afterEach, describe, expect, test } from '@jest/globals'
import { type Clock, fastClock } from '../../lib/enrich/clock.ts'
import { HttpDoor, type HttpOutcome } from '../../lib/enrich/http.ts'
import { type Call, Lane } from '../../lib/enrich/lanes.ts'
import type { LaneLimits } from '../../lib/enrich/services.ts'
import { silent } from '../../lib/log.ts'
import { mostInWindow, shed, tooFast } from '../../lib/stubs/index.ts'

/** A door without a network: each request ends as `answer` says, after `ms` of its clock. */
class ScriptedDoor extends HttpDoor {
  readonly times: number[] = []
  readonly #clock: Clock
  readonly #answer: (nth: number) => { outcome: HttpOutcome; ms: number }
  inFlight = 0

  constructor(clock: Clock, answer: (nth: number) => { outcome: HttpOutcome; ms: number }) {
    super({ userAgent: 'test', clock })
    this.#clock = clock
    this.#answer = answer
  }

  override async send(): Promise<HttpOutcome> {
    this.times.push(this.#clock.now())
    this.inFlight++
    const { outcome, ms } = this.#answer(this.times.length)
    if (ms > 0) await this.#clock.sleep(ms)
    this.inFlight--
    return outcome
  }
}

const good: HttpOutcome = { status: 200, headers: {}, body: '{"artist":{}}' }
const timedOut: HttpOutcome = { failure: 'timeout', text: 'x' }
const call = (): Call<boolean> => ({
  provider: 'lastfm',
  base: new URL('http://127.0.0.1:1/'),
  request: { method: 'GET', path: '', maxBytes: 1 },
  priority: 5,
  admit: () => true,
  accept: async () => true,
  absent: async () => {},
})

const lanes: Lane[] = []
afterEach(async () => {
  for (const lane of lanes.splice(0)) await lane.close()
})
function open(clock: Clock, door: HttpDoor, limits: LaneLimits, signal = new AbortController().signal): Lane {
  const lane = new Lane({
    name: 'lastfm',
    limits,
    clock,
    random: () => 0.5,
    log: silent,
    door,
    stopping: signal,
    aborting: signal,
    hosts: [],
  })
  lanes.push(lane)
  return lane
}
const free: LaneLimits = { maxConcurrent: 8, minTimeMs: 0, timeoutMs: 1_000 }

describe('a lane', () => {
  // Bottleneck yields to the timers twice per job (2.4 ms each, measured): 10,000 would take half a minute.
  test('2,500 jobs of which 30 % time out leave nothing running and nothing queued', async () => {
    const clock = fastClock(2_000)
    // Two of three bad ones are good at the second try, so that the breaker stays out of it.
    const door = new ScriptedDoor(clock, (nth) => ({ outcome: nth % 10 < 3 ? timedOut : good, ms: 0 }))
    const lane = open(clock, door, { ...free, maxConcurrent: 200 })
    const results = await Promise.all(Array.from({ length: 2_500 }, () => lane.call(call())))
    expect(results.filter((result) => result.kind === 'ok').length).toBeGreaterThan(2_250)
    expect(lane.queued).toBe(0)
    expect(door.inFlight).toBe(0)
    expect(lane.counters.requests).toBe(door.times.length)
    expect(lane.counters.retries).toBeGreaterThan(600)
    expect(lane.counters.mostInFlight).toBeLessThanOrEqual(200)
  }, 60_000)

  test('keeps its spacing with many at once, retries included', async () => {
    const clock = fastClock(5)
    const door = new ScriptedDoor(clock, (nth) => ({ outcome: nth % 7 === 0 ? timedOut : good, ms: 300 }))
    const lane = open(clock, door, { maxConcurrent: 4, minTimeMs: 220, timeoutMs: 1_000 })
    await Promise.all(Array.from({ length: 60 }, () => lane.call(call())))
    expect(mostInWindow(door.times, 960)).toBeLessThanOrEqual(5)
    expect(lane.counters.mostInFlight).toBeGreaterThan(1)
  })

  test('a pause ends without a burst', async () => {
    const clock = fastClock(5)
    const door = new ScriptedDoor(clock, () => ({ outcome: good, ms: 500 }))
    const lane = open(clock, door, { maxConcurrent: 4, minTimeMs: 220, timeoutMs: 1_000 })
    lane.pause(2_000)
    const began = clock.now()
    await Promise.all(Array.from({ length: 12 }, () => lane.call(call())))
    expect(door.times[0]! - began).toBeGreaterThanOrEqual(1_990)
    expect(mostInWindow(door.times, 960)).toBeLessThanOrEqual(5)
  })

  test('the breaker opens after five troubles in a row, sends one probe after a minute, closes after three good answers', async () => {
    const clock = fastClock(500)
    let up = false
    const door = new ScriptedDoor(clock, () => ({ outcome: up ? good : timedOut, ms: 10 }))
    const lane = open(clock, door, { maxConcurrent: 4, minTimeMs: 100, timeoutMs: 1_000 })
    const first = await Promise.all(Array.from({ length: 20 }, () => lane.call(call())))
    expect(lane.breaker).toBe('open')
    expect(door.times.length).toBeLessThanOrEqual(5 + 3)
    expect(first.every((result) => result.kind !== 'ok')).toBe(true)
    expect(lane.closed('lastfm')).toMatchObject({ off: false })
    expect((await lane.call(call())).kind).toBe('closed')
    const sent = door.times.length
    await clock.sleep(60_000)
    up = true
    const opened = clock.now()
    const later = await Promise.all(Array.from({ length: 6 }, () => lane.call(call())))
    expect(later.every((result) => result.kind === 'ok')).toBe(true)
    expect(lane.breaker).toBe('working')
    // Probes go one by one: the second starts after the first has ended.
    const [probe, next] = door.times.slice(sent)
    expect(probe).toBeGreaterThanOrEqual(opened)
    expect(next! - probe!).toBeGreaterThanOrEqual(100)
  })

  test('nobody who was already in the queue sits the open breaker out', async () => {
    const clock = fastClock(5)
    const door = new ScriptedDoor(clock, () => ({ outcome: timedOut, ms: 900 }))
    const lane = open(clock, door, { maxConcurrent: 4, minTimeMs: 200, timeoutMs: 1_000, noOtherWay: true })
    const began = clock.now()
    const results = await Promise.all(Array.from({ length: 8 }, () => lane.call(call())))
    expect(results.every((result) => result.kind !== 'ok')).toBe(true)
    expect(clock.now() - began).toBeLessThan(30_000)
  })

  test('a lane without another way, that has answered before, waits for its probe once', async () => {
    const clock = fastClock(500)
    let until = Number.POSITIVE_INFINITY
    const door = new ScriptedDoor(clock, (nth) => ({
      outcome: nth <= 3 || clock.now() > until ? good : timedOut,
      ms: 10,
    }))
    const lane = open(clock, door, { maxConcurrent: 1, minTimeMs: 1_000, timeoutMs: 1_000, noOtherWay: true })
    until = clock.now() + 70_000
    const results = await Promise.all(Array.from({ length: 40 }, () => lane.call(call())))
    expect(results.filter((result) => result.kind === 'ok').length).toBeGreaterThan(30)
  })

  test('a longer pause than five minutes closes the lane until then', async () => {
    const clock = fastClock(500)
    const limit: HttpOutcome = { status: 429, headers: { 'retry-after': '1800' }, body: '{"error":29,"message":"x"}' }
    const door = new ScriptedDoor(clock, () => ({ outcome: limit, ms: 0 }))
    const lane = open(clock, door, { ...free, maxConcurrent: 1 })
    const began = clock.now()
    const result = await lane.call(call())
    expect(result.kind).toBe('closed')
    // At once, as far as a busy machine knows that word: the pause itself is half an hour.
    expect(clock.now() - began).toBeLessThan(600_000)
    expect(lane.closed('lastfm')?.retryAt).toBeGreaterThanOrEqual(began + 1_790_000)
    expect(door.times).toHaveLength(1)
  })

  test.each([
    ['fault 14: our own limit slows it down; ten good answers earn a tenth of the speed back', tooFast('1'), 1_650],
    ['fault 13: a service that is busy for everybody does not', shed, 1_100],
  ])('%s', async (_, reply, expected) => {
    const clock = fastClock(2_000)
    const outcome: HttpOutcome = { status: 503, headers: { ...reply.headers }, body: JSON.stringify(reply.body) }
    const door = new ScriptedDoor(clock, (nth) => ({ outcome: nth === 2 ? outcome : good, ms: 0 }))
    const lane = open(clock, door, { maxConcurrent: 1, minTimeMs: 1_100, timeoutMs: 1_000 })
    const ask = () => lane.call({ ...call(), provider: 'musicbrainz' })
    await ask()
    expect(lane.spacingMs).toBe(1_100)
    await ask()
    expect(lane.spacingMs).toBe(expected)
    for (let more = 0; more < 50; more++) await ask()
    expect(lane.spacingMs).toBe(1_100)
  })

  test('stopping ends every wait', async () => {
    const clock = fastClock(1)
    const stop = new AbortController()
    const door = new ScriptedDoor(clock, () => ({ outcome: good, ms: 0 }))
    const lane = open(clock, door, { ...free, minTimeMs: 60_000 }, stop.signal)
    lane.pause(3_600_000)
    const waiting = Promise.all(Array.from({ length: 30 }, () => lane.call(call())))
    setTimeout(() => stop.abort(), 20)
    const began = performance.now()
    expect((await waiting).every((one) => one.kind === 'left')).toBe(true)
    expect(performance.now() - began).toBeLessThan(2_000)
    expect((await lane.call(call())).kind).toBe('left')
    expect(door.times).toHaveLength(0)
  })

  test('the query service’s measured time is budgeted: a minute of work a minute', async () => {
    const clock = fastClock(1_000)
    const door = new ScriptedDoor(clock, () => ({ outcome: good, ms: 40_000 }))
    const lane = open(clock, door, { maxConcurrent: 1, minTimeMs: 1_000, timeoutMs: 65_000, workMsPerMinute: 30_000 })
    const began = clock.now()
    await Promise.all(Array.from({ length: 4 }, () => lane.call(call())))
    // Half a minute of work a minute: 160 s of it take at least 240 s, less the half minute at hand.
    expect(clock.now() - began).toBeGreaterThanOrEqual(200_000)
  })
})
