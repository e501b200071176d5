import { describe, expect, test } from '@jest/globals'
import { stamp } from '../../lib/enrich/clock.ts'
import { visibleText } from '../../lib/enrich/html.ts'
import { baseAddress, contactAddress } from '../../lib/enrich/http/addresses.ts'
import { coverAddress, fileTitle, isPlaceholder } from '../../lib/enrich/images.ts'
import { text } from '../../lib/enrich/json.ts'
import { dueReason } from '../../lib/enrich/plan/due-reason.ts'
import { absentUntil, foundUntil, retryAt } from '../../lib/enrich/requests/cache.ts'
import type { RowState } from '../../lib/model/lookups.ts'

const now = Date.UTC(2026, 10, 1)
const day = 86_400_000
const minute = 60_000

describe('terms', () => {
  test.each([
    ['identity', 180],
    ['image', 90],
    ['track', 365],
  ] as const)('%s holds %d days, ±10 %%', (term, days) => {
    expect([0, 0.5, 1].map((random) => (foundUntil(term, now, random) - now) / day)).toEqual(
      [0.9, 1, 1.1].map((share) => expect.closeTo(days * share, 5)),
    )
  })

  test.each([
    [1, 7],
    [2, 30],
    [3, 90],
    [9, 90],
  ])('"not found" for the %d. time holds %d days', (attempts, days) => {
    expect((absentUntil(attempts, now, 0.5) - now) / day).toBeCloseTo(days, 5)
  })

  test.each([
    [1, 15],
    [2, 60],
    [3, 240],
    [4, 720],
    [9, 720],
  ])('after the %d. failure it is tried again in %d minutes, ±40 %%', (attempts, minutes) => {
    expect([0, 0.5, 1].map((random) => (retryAt(attempts, now, random) - now) / minute)).toEqual(
      [0.6, 1, 1.4].map((share) => expect.closeTo(minutes * share, 3)),
    )
  })
})

describe('what is due', () => {
  const state = (more: Partial<RowState> = {}): RowState => ({
    status: 'found',
    complete: true,
    mbid: null,
    method: null,
    image: null,
    providers: 'commons,musicbrainz,wikidata',
    expires_at: stamp(now + day),
    next_attempt_at: null,
    ...more,
  })
  const clock = { now: () => now }
  test.each([
    ['never looked up', null, 'due', [], 'new'],
    ['fresh', state(), 'due', [], null],
    ['expired', state({ expires_at: stamp(now) }), 'due', [], 'expired'],
    ['failed, its time has come', state({ next_attempt_at: stamp(now) }), 'due', [], 'retry'],
    ['failed a short while ago', state({ next_attempt_at: stamp(now + 1) }), 'due', ['lastfm'], null],
    ['failed a short while ago, --refresh failed', state({ next_attempt_at: stamp(now + 1) }), 'failed', [], 'retry'],
    ['fresh, --refresh failed', state(), 'failed', [], null],
    ['fresh, --refresh all', state(), 'all', [], 'refresh'],
    ['fresh, a new provider', state(), 'due', ['lastfm'], 'provider'],
    ['fresh, a provider that answered', state({ providers: 'lastfm,musicbrainz' }), 'due', ['lastfm'], null],
  ] as const)('%s', (_, row, refresh, wanted, expected) => {
    expect(dueReason(row, refresh, wanted, clock)).toBe(expected)
  })
})

test.each([
  ['https://commons.wikimedia.org/wiki/File:Alpha_Band_2001.jpg', 'Alpha Band 2001.jpg'],
  ['http://commons.wikimedia.org/wiki/Special:FilePath/Alpha%20Band%202001.jpg', 'Alpha Band 2001.jpg'],
  ['https://commons.wikimedia.org/wiki/Special:Redirect/file/Alpha_Band.jpg', 'Alpha Band.jpg'],
  ['https://commons.wikimedia.org/wiki/File:M%C3%BCnchen_(live)_%26_more.jpg', 'München (live) & more.jpg'],
  ['http://commons.wikimedia.org/wiki/Special:FilePath/100%25.jpg', '100%.jpg'],
  ['http://commons.wikimedia.org/wiki/Special:FilePath/Broken%ZZ.jpg', null],
  ['alpha band.jpg', 'Alpha band.jpg'],
  ['File:Cafe\u0301.jpg', 'Café.jpg'],
  ['A|B.jpg', null],
  ['http://farm4.static.flickr.com/1.jpg', null],
  ['https://commons.wikimedia.org.evil.test/wiki/File:X.jpg', null],
  ['https://commons.wikimedia.org/wiki/Category:X', null],
  ['', null],
  [null, null],
])('the Commons file in %s is %s', (address, expected) => {
  expect(fileTitle(address)).toBe(expected)
})

test('covers are addressed by ids alone', () => {
  expect(coverAddress('a1', 123)).toBe('https://coverartarchive.org/release/a1/123-250.jpg')
  expect([coverAddress(null, 1), coverAddress('a1', null), coverAddress('a1', -1), coverAddress('a1', 1.5)]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test.each([
  ['https://lastfm.freetls.fastly.net/i/u/174s/2a96cbd8b46e442fc41c2b86b821562f.png', true],
  ['https://x.test/i/u/4128a6eb29f94943c9d206c08e625904.webp', true],
  ['https://cdn-images.dzcdn.net/images/artist//56x56-000000-80-0-0.jpg', true],
  ['https://cdn-images.dzcdn.net/images/artist/abc/56x56-000000-80-0-0.jpg', false],
])('%s is a placeholder: %s', (address, expected) => {
  expect(isPlaceholder(address)).toBe(expected)
})

test.each([
  ['<a href="x">Jane</a> &amp; Joe', 'Jane & Joe'],
  ['<script>alert(1)</script>Me', 'Me'],
  ['&lt;script&gt;alert(1)&lt;/script&gt;', 'alert(1)'],
  ['<b>open', 'open'],
  ['<img src=x onerror=alert(1)', null],
  ['  \n ', null],
])('%s as text is %s', (html, expected) => {
  expect(visibleText(html)).toBe(expected)
})

test('stored texts hold no control characters and are bounded', () => {
  expect(text('a\u0000b\u001b[2Jc')).toBe('a b [2Jc')
  expect(text('🎸'.repeat(10), 3)).toBe('🎸🎸🎸')
})

describe('settings', () => {
  test.each([
    'example.com',
    'https://example.com/x',
    'me@example.org',
    'changeme@x.fm',
    'http://localhost/',
    'nobody',
    'a b@c.fm',
    'x@y\r\nEvil: 1',
  ])('contact %j is refused', (contact) => {
    expect(() => contactAddress(contact)).toThrow(/ENRICH_CONTACT/)
  })

  test.each(['https://radio.fm/about', 'me@radio.fm', 'mailto:me@radio.fm'])('contact %s is taken', (contact) => {
    expect(contactAddress(contact)).toBe(contact)
  })

  test.each([
    ['http://127.0.0.1:8801', 'http://127.0.0.1:8801/ws/2/'],
    ['http://localhost:8801/mirror/', 'http://localhost:8801/mirror/'],
    ['https://musicbrainz.org/ws/2/', 'https://musicbrainz.org/ws/2/'],
    [undefined, 'https://musicbrainz.org/ws/2/'],
  ])('base address %s', (given, expected) => {
    expect(baseAddress(given, 'https://musicbrainz.org/ws/2/', 'MUSICBRAINZ_URL', false).href).toBe(expected)
  })

  test.each([
    'http://musicbrainz.org/ws/2/',
    'https://mirror.test/ws/2/',
    'http://169.254.169.254/',
    'https://musicbrainz.org.evil.test/',
    'https://musicbrainz.org:8443/',
    'http://127.0.0.1.evil.test/',
  ])('base address %s needs ALLOW_CUSTOM_HOSTS', (given) => {
    expect(() => baseAddress(given, 'https://musicbrainz.org/ws/2/', 'MUSICBRAINZ_URL', false)).toThrow(
      /MUSICBRAINZ_URL/,
    )
    expect(baseAddress(given, 'https://musicbrainz.org/ws/2/', 'MUSICBRAINZ_URL', true).href).toContain('http')
  })

  test('a user in a base address is refused even then', () => {
    expect(() =>
      baseAddress('https://me:pa55@mirror.test/', 'https://musicbrainz.org/ws/2/', 'MUSICBRAINZ_URL', true),
    ).toThrow()
  })
})
