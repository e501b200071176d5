import { describe, expect, test } from '@jest/globals'
import { SparkConnectError } from '../src/client/errors.ts'
import { defaultRetryPolicy, isRetryable, Retries, type RetryEvent, retrying } from '../src/client/retry.ts'
import { fakeTiming } from './support/fake-timing.ts'

const unavailable = (retryDelayMs: number | null = null) =>
  new SparkConnectError('[UNAVAILABLE] gone', { code: 'UNAVAILABLE', retryDelayMs })

function waits(policy = defaultRetryPolicy, random = 0): number[] {
  const retries = new Retries(policy, fakeTiming({ random }))
  const all: number[] = []
  for (let wait = retries.next(); wait !== null; wait = retries.next()) all.push(wait)
  return all
}

describe('the default policy', () => {
  test('waits 50 ms, four times as long each time, a minute at most, fifteen times', () => {
    expect(waits()).toEqual([50, 200, 800, 3200, 12800, 51200, ...Array<number>(9).fill(60000)])
  })

  test('gives a server ten minutes to come back', () => {
    expect(waits().reduce((sum, wait) => sum + wait)).toBeGreaterThan(600_000)
  })

  test('adds jitter to waits of two seconds and more only', () => {
    expect(waits(defaultRetryPolicy, 0.5).slice(0, 6)).toEqual([50, 200, 800, 3450, 13050, 51450])
  })
})

describe('limits', () => {
  test('the total wait is a budget, used up by the last wait', () => {
    expect(waits({ ...defaultRetryPolicy, maxTotalWaitMs: 1_500 })).toEqual([50, 200, 800, 450])
    expect(waits({ ...defaultRetryPolicy, maxTotalWaitMs: 1_080 })).toEqual([50, 200, 800])
  })

  test('a server that asks for more than the budget is not asked again', () => {
    const policy = { ...defaultRetryPolicy, maxTotalWaitMs: 1_000 }
    expect(new Retries(policy, fakeTiming()).next(2_000)).toBeNull()
  })

  test('no retries at all', () => {
    expect(waits({ ...defaultRetryPolicy, maxRetries: 0 })).toEqual([])
  })

  test.each([
    ['longer than ours', 5_000, 5_000],
    ['shorter than ours', 10, 50],
    ['beyond the limit', 3_600_000, 600_000],
  ])('the server asks for a wait %s', (_name, asked, expected) => {
    expect(new Retries(defaultRetryPolicy, fakeTiming({ random: 0 })).next(asked)).toBe(expected)
  })

  test('progress starts anew', () => {
    const retries = new Retries(defaultRetryPolicy, fakeTiming({ random: 0 }))
    retries.next()
    retries.next()
    retries.reset()
    expect([retries.next(), retries.next(), retries.attempt]).toEqual([50, 200, 2])
  })
})

test.each<[string, SparkConnectError, boolean]>([
  ['the connection', unavailable(), true],
  ['the server asks for it', new SparkConnectError('x', { code: 'RESOURCE_EXHAUSTED', retryDelayMs: 0 }), true],
  [
    'another call took the stream over',
    new SparkConnectError('x', { code: 'INTERNAL', errorClass: 'INVALID_CURSOR.DISCONNECTED' }),
    true,
  ],
  ['a wrong query', new SparkConnectError('x', { code: 'INTERNAL', errorClass: 'TABLE_OR_VIEW_NOT_FOUND' }), false],
  [
    'a wrong cursor',
    new SparkConnectError('x', { code: 'INTERNAL', errorClass: 'INVALID_CURSOR.POSITION_NOT_FOUND' }),
    false,
  ],
  ['a message that is too large', new SparkConnectError('x', { code: 'RESOURCE_EXHAUSTED' }), false],
  ['a wrong token', new SparkConnectError('x', { code: 'UNAUTHENTICATED' }), false],
  ['an abort', new SparkConnectError('x', { code: 'CANCELLED' }), false],
  ['a deadline', new SparkConnectError('x', { code: 'DEADLINE_EXCEEDED' }), false],
])('worth another try? %s', (_name, error, expected) => {
  expect(isRetryable(error)).toBe(expected)
})

describe('retrying', () => {
  test('comes through after failures, with the waits of the policy', async () => {
    const timing = fakeTiming({ random: 0 })
    const events: RetryEvent[] = []
    let calls = 0
    const result = await retrying(
      async () => {
        if (++calls <= 3) throw unavailable(calls === 2 ? 1_000 : null)
        return 'answer'
      },
      { policy: defaultRetryPolicy, timing, onRetry: (event) => events.push(event) },
    )
    expect(result).toBe('answer')
    expect(timing.slept).toEqual([50, 1_000, 800])
    expect(events.map(({ attempt, waitMs }) => [attempt, waitMs])).toEqual([
      [1, 50],
      [2, 1_000],
      [3, 800],
    ])
  })

  test('an error for good is not tried again', async () => {
    const timing = fakeTiming()
    const wrong = new SparkConnectError('[PARSE_SYNTAX_ERROR] x', {
      code: 'INTERNAL',
      errorClass: 'PARSE_SYNTAX_ERROR',
    })
    await expect(retrying(() => Promise.reject(wrong), { policy: defaultRetryPolicy, timing })).rejects.toBe(wrong)
    expect(timing.slept).toEqual([])
  })

  test('the last error says how often it was tried', async () => {
    const failing = retrying(() => Promise.reject(unavailable()), {
      policy: { ...defaultRetryPolicy, maxRetries: 2 },
      timing: fakeTiming(),
    })
    await expect(failing).rejects.toMatchObject({ code: 'UNAVAILABLE', message: '[UNAVAILABLE] gone (tried 3 times)' })
  })

  test('an abort ends the wait', async () => {
    const abort = new AbortController()
    const timing = {
      ...fakeTiming(),
      sleep: async (_ms: number, signal?: AbortSignal) => {
        abort.abort()
        signal?.throwIfAborted()
      },
    }
    const failing = retrying(() => Promise.reject(unavailable()), {
      policy: defaultRetryPolicy,
      timing,
      signal: abort.signal,
    })
    await expect(failing).rejects.toHaveProperty('name', 'AbortError')
  })
})
