import { describe, expect, test } from '@jest/globals'
import { summaryText } from '../lib/cli/index.ts'
import type { RunFacts } from '../lib/model/run-facts.ts'

const facts: RunFacts = {
  rowsIn: 37_673,
  plays: 37_672,
  playsInAll: 37_672,
  repaired: 814,
  duplicates: 0,
  quarantined: [{ reason: 'no time', rows: 1 }],
  skippedFiles: [],
  stations: 25,
  artists: 480,
  songs: 2_240,
  firstPlay: 1_402_876_800,
  lastPlay: 1_403_481_599,
  topArtists: [
    { artist: 'Led Zeppelin', plays: 1_285 },
    { artist: 'Evil\u001b[2J', plays: 2 },
  ],
  changes: [
    { table: 'plays', inserted: 37_672, updated: 0, deleted: 0 },
    { table: 'songs', inserted: 0, updated: 0, deleted: 0 },
  ],
  stages: [{ stage: 'read', ms: 412, rows: 37_673 }],
  totalMs: 9_120,
  peakMb: 150,
  spark: 'embedded',
  database: 'sqlite:data/plays.db',
}

describe('summaryText', () => {
  test('tells the ledger, the tops, the times and what is next', () => {
    expect(summaryText(facts)).toBe(`37,673 rows in = 37,672 plays + 1 quarantined + 0 duplicates
814 plays repaired, 25 stations, 480 artists, 2,240 songs, 2014-06-16 to 2014-06-22 (UTC)

Quarantined
1  no time

Top artists by plays
1  Led Zeppelin  1,285
2  Evil\\x1b[2J       2

Time: read 0.4 s; 9.1 s in all, 150 MB
Spark: embedded
Database: sqlite:data/plays.db
Changed: plays +37,672

Next: npm run job:enrich (pictures, durations, ids) · npm run export (CSV) · npm run report (HTML)`)
  })

  test('names the files that were left out', () => {
    const text = summaryText({ ...facts, skippedFiles: ['bad.csv', 'b\u001b.csv'] })
    expect(text).toContain('\nSkipped, for they cannot be read: bad.csv, b\\x1b.csv\n')
  })

  test('names the version of the lake', () => {
    const lake = { address: 'data/lake\u001b', version: 3, slot: 'slot-3', written: true }
    const line = '\nLake: data/lake\\x1b, version 3 in slot-3'
    expect(summaryText({ ...facts, lake })).toContain(`${line}\n`)
    expect(summaryText({ ...facts, lake: { ...lake, written: false } })).toContain(`${line}, nothing new\n`)
  })

  test('one of a thing is one: 1 play', () => {
    const one = { rowsIn: 1, plays: 1, playsInAll: 1, repaired: 1, duplicates: 1, stations: 1, artists: 1, songs: 1 }
    expect(summaryText({ ...facts, ...one, quarantined: [] })).toMatch(
      /^1 row in = 1 play \+ 0 quarantined \+ 1 duplicate\n1 play repaired, 1 station, 1 artist, 1 song, /,
    )
  })

  test('says when nothing changed, and needs no plays', () => {
    const text = summaryText({ ...facts, changes: [], topArtists: [], firstPlay: null, lastPlay: null })
    expect(text).toContain('\nChanged: nothing\n')
    expect(text).not.toContain('(UTC)')
    expect(text).not.toContain('Top artists')
  })
})
