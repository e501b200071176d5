import { describe, expect, test } from '@jest/globals'
import { type EnrichProgress, type EnrichResult, planText, progressText, resultText } from '../../lib/enrich/index.ts'
import { makePlan } from '../../lib/enrich/plan/plan.ts'
import type { LookupTotals } from '../../lib/model/lookups.ts'

const nothing = makePlan(
  {
    asked: {},
    voters: 0,
    pictures: 0,
    songs: 0,
    guests: 0,
    medleys: 0,
    lookup: false,
    smallRun: true,
    dueArtists: 0,
    dueSongs: 0,
    optIn: [],
  },
  true,
)
const none = { found: 0, notFound: 0, transient: 0 }
const result = (more: Partial<EnrichResult>): EnrichResult => ({
  plan: nothing,
  end: 'done',
  artists: { ...none, total: 0 },
  images: none,
  tracks: { ...none, total: 0 },
  left: 0,
  requests: 0,
  retries: 0,
  asked: 0,
  cached: 0,
  saved: 0,
  providers: [],
  limiters: [],
  elapsedMs: 0,
  degraded: [],
  ...more,
})
const totals: LookupTotals = {
  artists: 4,
  artistsWithMbid: 3,
  artistsWithImage: 2,
  artistsWithListenerName: 0,
  tracks: 8,
  tracksFound: 6,
  tracksWithDuration: 4,
  plays: 100,
  playsWithDuration: 90,
  playsWithImage: 75,
}

describe('nothing to do', () => {
  test('an empty database: what to run first', () => {
    expect(planText(nothing, 0)).toBe(
      'the database holds no artists yet: run npm run job:aggregate first\ntotal requests: 0',
    )
    const empty = Object.fromEntries(Object.keys(totals).map((name) => [name, 0])) as unknown as LookupTotals
    expect(resultText(result({}), empty)).toBe('the database holds no artists yet: run npm run job:aggregate first\n')
  })

  test('everything cached: what is known, and no table of zeros', () => {
    expect(planText(nothing, 4)).toBe('nothing is due: every answer is in the cache\ntotal requests: 0')
    const lines = resultText(result({}), totals).trimEnd().split('\n')
    expect(lines).toEqual([
      'nothing is due: every answer is in the cache',
      'Now known: 75.0 % of artists by id, 50.0 % with a picture, 75.0 % of songs, 50.0 % with a duration',
      'Of all plays: 75.0 % with a picture, 90.0 % with a duration',
    ])
  })
})

test('the summary tells rates of success, what memory answered and what batches saved', () => {
  const text = resultText(
    result({
      artists: { found: 3, notFound: 1, transient: 0, total: 4 },
      images: { found: 2, notFound: 2, transient: 0 },
      tracks: { found: 6, notFound: 1, transient: 1, total: 8 },
      requests: 5,
      retries: 1,
      asked: 20,
      cached: 4,
      saved: 11,
      elapsedMs: 4_000,
    }),
    totals,
  )
  expect(text).toContain('4 artists and 8 songs were due, 5 requests sent (1 retries) in 4.0 s')
  expect(text).toContain('the cache answered 4 of 20 lookups, batches saved 11 requests')
  expect(text).toMatch(/pictures +2 found \(50\.0 %\) +2 not found +0 to be tried again/)
  expect(text).toMatch(/songs +6 found \(75\.0 %\) +1 not found +1 to be tried again/)
})

test('progress: how far, how long, and who does not answer', () => {
  const now: EnrichProgress = {
    artists: { done: 10, total: 1_200 },
    songs: { done: 5, total: 20 },
    pictures: 3,
    requests: 7,
    planned: 90,
    elapsedMs: 1,
    leftMs: 234_000,
    limiters: [{ service: 'musicbrainz', requests: 1, retries: 0, maxInFlight: 1, queued: 0, breaker: 'open' }],
  }
  expect(progressText(now)).toBe(
    '10 of 1,200 artists, 5 of 20 songs, 3 pictures, 7 of 90 requests, no answer from MusicBrainz, about 3 min 54 s left',
  )
})
