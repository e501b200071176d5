import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { classify as classifyAnswer } from '../../lib/enrich/http/classify.ts'
import type { HttpResult } from '../../lib/enrich/http/client.ts'
import { type Outcome, retryAfterMs } from '../../lib/enrich/http/outcome.ts'
import { serviceNamed, services } from '../../lib/enrich/services/list.ts'

const providers = services.map((service) => service.name)
const classify = (service: string, result: HttpResult, now: number) =>
  classifyAnswer(serviceNamed(service), result, now)
const now = Date.UTC(2026, 10, 1, 12)
const serverTime = { date: 'Sun, 01 Nov 2026 12:00:00 GMT' }

interface Case {
  readonly name: string
  readonly provider: string
  readonly status: number
  readonly body: unknown
  readonly headers?: Record<string, string>
  readonly expected: Partial<Outcome> & { kind: Outcome['kind'] }
}

const lastfmError = (error: number, message = '') => ({ error, message, links: [] })
const mbBusy = { error: 'The MusicBrainz web server is currently busy. Please try again later.' }
const mbLimit = {
  error: 'Your requests are exceeding the allowable rate limit. Please see http://wiki.musicbrainz.org',
}

const cases: Case[] = [
  { name: 'Last.fm artist', provider: 'lastfm', status: 200, body: { artist: {} }, expected: { kind: 'ok' } },
  {
    name: 'Last.fm 6 as 200',
    provider: 'lastfm',
    status: 200,
    body: lastfmError(6, 'The artist you supplied could not be found'),
    expected: { kind: 'not_found', code: '6' },
  },
  {
    name: 'Last.fm 6 as 404',
    provider: 'lastfm',
    status: 404,
    body: lastfmError(6, 'Track not found'),
    expected: { kind: 'not_found' },
  },
  {
    name: 'Last.fm 6, our fault',
    provider: 'lastfm',
    status: 400,
    body: lastfmError(6, 'Invalid parameters - Your request is missing a required parameter'),
    expected: { kind: 'bad_request' },
  },
  {
    name: 'Last.fm 7',
    provider: 'lastfm',
    status: 200,
    body: lastfmError(7, 'Invalid resource'),
    expected: { kind: 'not_found' },
  },
  {
    name: 'Last.fm 8',
    provider: 'lastfm',
    status: 500,
    body: lastfmError(8, 'Operation failed'),
    expected: { kind: 'transient', reached: true },
  },
  { name: 'Last.fm 11', provider: 'lastfm', status: 503, body: lastfmError(11), expected: { kind: 'transient' } },
  { name: 'Last.fm 16', provider: 'lastfm', status: 200, body: lastfmError(16), expected: { kind: 'transient' } },
  {
    name: 'Last.fm 29 as 200',
    provider: 'lastfm',
    status: 200,
    body: lastfmError(29),
    expected: { kind: 'rate_limited', waitMs: 5_000 },
  },
  {
    name: 'Last.fm 29 as 429',
    provider: 'lastfm',
    status: 429,
    body: lastfmError(29),
    headers: { 'retry-after': '7' },
    expected: { kind: 'rate_limited', waitMs: 7_000 },
  },
  ...[10, 26, 4, 13, 17].map(
    (code): Case => ({
      name: `Last.fm ${code}`,
      provider: 'lastfm',
      status: 403,
      body: lastfmError(code),
      expected: { kind: 'fatal' },
    }),
  ),
  ...[2, 3, 5].map(
    (code): Case => ({
      name: `Last.fm ${code}`,
      provider: 'lastfm',
      status: 400,
      body: lastfmError(code),
      expected: { kind: 'fatal', hint: null },
    }),
  ),
  { name: 'Last.fm HTML', provider: 'lastfm', status: 200, body: '<html>oops', expected: { kind: 'transient' } },
  { name: 'Last.fm empty', provider: 'lastfm', status: 200, body: '', expected: { kind: 'transient' } },
  {
    name: 'MusicBrainz shed',
    provider: 'musicbrainz',
    status: 503,
    body: mbBusy,
    headers: { 'x-ratelimit-zone': 'search-global', 'retry-after': '0' },
    expected: { kind: 'shed' },
  },
  {
    name: 'MusicBrainz limit',
    provider: 'musicbrainz',
    status: 503,
    body: mbLimit,
    headers: { 'x-ratelimit-zone': 'ws ip=203.0.113.7', 'retry-after': '5' },
    expected: { kind: 'rate_limited', waitMs: 5_000 },
  },
  {
    name: 'MusicBrainz limit, 0 s',
    provider: 'musicbrainz',
    status: 503,
    body: mbLimit,
    headers: { 'retry-after': '0' },
    expected: { kind: 'rate_limited', waitMs: 1_000 },
  },
  {
    name: 'MusicBrainz 502 HTML',
    provider: 'musicbrainz',
    status: 502,
    body: '<html>',
    expected: { kind: 'transient' },
  },
  {
    name: 'MusicBrainz 404',
    provider: 'musicbrainz',
    status: 404,
    body: { error: 'Not Found' },
    expected: { kind: 'not_found', code: '404' },
  },
  {
    name: 'MusicBrainz 400',
    provider: 'musicbrainz',
    status: 400,
    body: { error: 'Invalid mbid.' },
    expected: { kind: 'bad_request' },
  },
  {
    name: 'MusicBrainz merged',
    provider: 'musicbrainz',
    status: 301,
    body: '',
    headers: { location: 'https://musicbrainz.org/ws/2/artist/x' },
    expected: { kind: 'redirect' },
  },
  {
    name: 'MusicBrainz unidentified',
    provider: 'musicbrainz',
    status: 403,
    body: { error: 'has not identified itself' },
    headers: { 'x-ratelimit-who': 'ua-missing' },
    expected: { kind: 'fatal' },
  },
  {
    name: 'ListenBrainz 401',
    provider: 'listenbrainz',
    status: 401,
    body: { code: 401, error: 'x' },
    expected: { kind: 'fatal' },
  },
  {
    name: 'ListenBrainz 429',
    provider: 'listenbrainz',
    status: 429,
    body: { code: 429, error: 'x' },
    headers: { 'x-ratelimit-reset-in': '6' },
    expected: { kind: 'rate_limited', waitMs: 6_000 },
  },
  {
    name: 'ListenBrainz 500',
    provider: 'listenbrainz',
    status: 500,
    body: { code: 500, error: 'x' },
    expected: { kind: 'split' },
  },
  {
    name: 'ListenBrainz 503',
    provider: 'listenbrainz',
    status: 503,
    body: { code: 503, error: 'x' },
    expected: { kind: 'transient' },
  },
  {
    name: 'query service timeout',
    provider: 'wikidata-query',
    status: 500,
    body: 'x java.util.concurrent.TimeoutException y',
    expected: { kind: 'split' },
  },
  {
    name: 'query service broken JSON',
    provider: 'wikidata-query',
    status: 200,
    body: '{"results":{"bindings":[{ at org.x',
    expected: { kind: 'transient' },
  },
  {
    name: 'query service broken JSON by its timeout',
    provider: 'wikidata-query',
    status: 200,
    body: '{"results":[ java.util.concurrent.TimeoutException',
    expected: { kind: 'split' },
  },
  {
    name: 'query service 429 HTML',
    provider: 'wikidata-query',
    status: 429,
    body: '<html>retry in 9 seconds',
    headers: { 'retry-after': '9' },
    expected: { kind: 'rate_limited', waitMs: 9_000 },
  },
  { name: 'query service 403', provider: 'wikidata-query', status: 403, body: '', expected: { kind: 'fatal' } },
  {
    name: 'Commons maxlag as 200',
    provider: 'commons',
    status: 200,
    body: { error: { code: 'maxlag' } },
    headers: { 'retry-after': '5' },
    expected: { kind: 'transient', waitMs: 5_000 },
  },
  {
    name: 'Commons ratelimited',
    provider: 'commons',
    status: 200,
    body: { error: { code: 'ratelimited' } },
    expected: { kind: 'rate_limited', waitMs: 20_000 },
  },
  {
    name: 'Commons 429 HTML',
    provider: 'commons',
    status: 429,
    body: '<html>',
    headers: { 'retry-after': '18' },
    expected: { kind: 'rate_limited', waitMs: 18_000 },
  },
  {
    name: 'Commons toomanyvalues',
    provider: 'commons',
    status: 200,
    body: { error: { code: 'toomanyvalues' } },
    expected: { kind: 'split' },
  },
  {
    name: 'Deezer code 4',
    provider: 'deezer',
    status: 200,
    body: { error: { type: 'Exception', message: 'Quota limit exceeded', code: 4 } },
    expected: { kind: 'rate_limited' },
  },
  {
    name: 'Deezer code 800',
    provider: 'deezer',
    status: 200,
    body: { error: { type: 'DataException', message: 'no data', code: 800 } },
    expected: { kind: 'not_found' },
  },
  { name: 'Deezer no hits', provider: 'deezer', status: 200, body: { data: [], total: 0 }, expected: { kind: 'ok' } },
  {
    name: 'Deezer code 600',
    provider: 'deezer',
    status: 200,
    body: { error: { code: 600, message: 'path' } },
    expected: { kind: 'bad_request' },
  },
  { name: 'iTunes 403 empty', provider: 'itunes', status: 403, body: '', expected: { kind: 'rate_limited' } },
  {
    name: 'iTunes leading newlines',
    provider: 'itunes',
    status: 200,
    body: '\n\n\n{"resultCount":0,"results":[]}',
    expected: { kind: 'ok' },
  },
  { name: 'TheAudioDB miss', provider: 'theaudiodb', status: 200, body: { artists: null }, expected: { kind: 'ok' } },
  { name: 'too long an address', provider: 'musicbrainz', status: 414, body: '', expected: { kind: 'split' } },
]

describe('classify', () => {
  test.each(cases)('$name', ({ provider, status, body, headers, expected }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    expect(classify(provider, { status, headers: { ...serverTime, ...headers }, body: text }, now)).toMatchObject(
      expected,
    )
  })

  test.each([
    ['refused', false],
    ['reset', true],
    ['timeout', true],
  ] as const)('no answer (%s) is passing, reached: %s', (failure, reached) => {
    expect(classify('commons', { failure, text: 'x' }, now)).toMatchObject({ kind: 'transient', reached })
  })

  test('an answer that is too large is split, not repeated', () => {
    expect(classify('listenbrainz', { failure: 'too_large', text: 'x' }, now).kind).toBe('split')
  })

  test('a query that times out on our side is split, not repeated', () => {
    expect(classify('wikidata-query', { failure: 'timeout', text: 'x' }, now).kind).toBe('split')
  })

  test('a byte order mark is no reason to refuse an answer', () => {
    expect(classify('lastfm', { status: 200, headers: {}, body: '\ufeff{"artist":{}}' }, now).kind).toBe('ok')
  })
})

describe('Retry-After', () => {
  test.each([
    ['seconds', { 'retry-after': '18' }, 18_000],
    ['0 s is at least 1 s', { 'retry-after': '0' }, 1_000],
    ['a date, by the server’s clock', { 'retry-after': 'Sun, 01 Nov 2026 12:00:30 GMT', ...serverTime }, 30_000],
    // Fault 38: our clock is an hour behind the server's; the wait is still 30 s, not an hour.
    [
      'a date, the server an hour ahead',
      { 'retry-after': 'Sun, 01 Nov 2026 13:00:30 GMT', date: 'Sun, 01 Nov 2026 13:00:00 GMT' },
      30_000,
    ],
    [
      'a date, the server an hour behind',
      { 'retry-after': 'Sun, 01 Nov 2026 11:00:30 GMT', date: 'Sun, 01 Nov 2026 11:00:00 GMT' },
      30_000,
    ],
    ['a date without the server’s', { 'retry-after': 'Sun, 01 Nov 2026 12:00:30 GMT' }, 30_000],
    ['a past date', { 'retry-after': 'Sun, 01 Nov 2026 11:00:00 GMT', ...serverTime }, 1_000],
    ['a number beyond all time', { 'retry-after': '99999999999999999999' }, 86_400_000],
    ['more than a double holds', { 'retry-after': '9'.repeat(400) }, 86_400_000],
    ['a date beyond all time', { 'retry-after': 'Sat, 13 Sep 275760 00:00:00 GMT', ...serverTime }, 86_400_000],
    ['a negative number', { 'retry-after': '-5' }, 1_000],
    ['nonsense', { 'retry-after': 'soon' }, null],
    ['none', {}, null],
  ] as const)('%s', (_, headers, expected) => {
    expect(retryAfterMs({ ...headers }, now)).toBe(expected)
  })

  test('whatever a service names, a wait is a time from a second to a day', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.double().map(String),
      fc.bigInt().map(String),
      fc.nat().map((digits) => '9'.repeat(digits % 400)),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.constantFrom('Infinity', '-Infinity', 'NaN', '1e999', '-1', '0x7fffffff', '١٢', '', ' ', '5, 6'),
    )
    const names = ['retry-after', 'date', 'x-ratelimit-reset-in', 'x-ratelimit-remaining', 'x-ratelimit-zone']
    const headers = fc.dictionary(fc.constantFrom(...names), value)
    fc.assert(
      fc.property(
        fc.constantFrom(...providers),
        fc.constantFrom(200, 403, 429, 500, 503),
        headers,
        fc.constantFrom('{"error":29,"message":"x"}', '{"error":{"code":"maxlag","info":"x"}}', '{}', '', '<html>'),
        (provider, status, headers, body) => {
          const { waitMs = 1_000 } = classify(provider, { status, headers, body }, now) as { waitMs?: number }
          expect(waitMs).toBeGreaterThanOrEqual(1_000)
          expect(waitMs).toBeLessThanOrEqual(86_400_000)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
