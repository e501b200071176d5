import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { closingText } from '../lib/cli/index.ts'
import { findingsJson } from '../lib/doctor/index.ts'
import type { FetchedFile } from '../lib/download/index.ts'
import { type EnrichResult, planReport, runReport } from '../lib/enrich/index.ts'
import { makePlan } from '../lib/enrich/plan/plan.ts'
import { silent } from '../lib/log.ts'
import type { LookupTotals } from '../lib/model/lookups.ts'
import type { LakeFacts, RunFacts } from '../lib/model/run-facts.ts'
import { jobResult } from '../lib/own-job/result.ts'
import { settingOrigins } from '../lib/setting-origins.ts'
import { openReadOnly, statistics } from '../lib/store/index.ts'
import { fillStore } from './support/filled-store.ts'
import { scratch } from './support/input-files.ts'

/*
 * What each command prints with --json has the form of its schema in docs/schemas, and the schema names nothing else.
 */

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = scratch()
const file = (name: string) => JSON.parse(readFileSync(join(root, `docs/schemas/${name}.schema.json`), 'utf8'))
const stages = [
  { stage: 'read', ms: 412, rows: 37 },
  { stage: 'spark', ms: 3 },
]
const lake: LakeFacts = { address: 's3a://bucket/radio', version: 3, slot: 'slot-3', written: true }

const facts: RunFacts = {
  ...{ rowsIn: 37, plays: 36, playsInAll: 36, repaired: 8, duplicates: 0, stations: 2, artists: 4, songs: 5 },
  skippedFiles: ['broken.csv'],
  ...{ quarantined: [{ reason: 'no time', rows: 1 }], firstPlay: 1_402_876_800, lastPlay: null },
  topArtists: [{ artist: 'Led Zeppelin', plays: 12 }],
  changes: [{ table: 'plays', inserted: 36, updated: 0, deleted: 0 }],
  ...{ stages, totalMs: 9_120, peakMb: 150, spark: 'embedded', database: 'data/plays.db' },
}

const due = {
  voters: 0,
  pictures: 3,
  songs: 5,
  guests: 0,
  medleys: 0,
  lookup: false,
  smallRun: true,
  dueArtists: 4,
  dueSongs: 5,
}
const plan = makePlan({ ...due, asked: {}, optIn: [] }, true)
const counts = { found: 3, notFound: 1, transient: 0 }
const result: EnrichResult = {
  ...{ plan, end: 'partial', artists: { ...counts, total: 4 }, images: counts, tracks: { ...counts, total: 4 } },
  ...{ left: 1, requests: 9, retries: 0, asked: 12, cached: 2, saved: 1, providers: [], limiters: [], elapsedMs: 8.5 },
  degraded: ['musicbrainz'],
}
const totals: LookupTotals = {
  ...{ artists: 4, artistsWithMbid: 3, artistsWithImage: 2, artistsWithListenerName: 0 },
  ...{ tracks: 8, tracksFound: 6, tracksWithDuration: 4, plays: 100, playsWithDuration: 90, playsWithImage: 75 },
}

async function statisticsJson(): Promise<string> {
  const url = `sqlite:${folder}/plays.db`
  await fillStore(url, { plays: [{ artist: 'Boston', song: 'Amanda', callsign: 'KAAA', timeUnix: 1_771_243_200 }] })
  await using store = await openReadOnly(url, { log: silent })
  return JSON.stringify({
    version: 1,
    database: store.address,
    ...(await store.snapshot((reader) => statistics(reader))),
  })
}

const fetched: FetchedFile = {
  ...{
    path: 'data/input/plays.csv',
    bytes: 7,
    sha256: 'ab',
    outcome: 'fetched',
    checksum: 'remembered',
    resumedBytes: 0,
  },
}
const check = { name: 'no gap', level: 'warn', failing: 1, examples: [{ week: 7 }] } as const

/** What the commands print, by the name of their schema. */
const printed: Readonly<Record<string, () => string | Promise<string>>> = {
  aggregate: () => closingText({ ...facts, lake }, { json: true }),
  config: () =>
    JSON.stringify({ version: 1, database: 'sqlite:data/plays.db', settings: settingOrigins({ env: {}, dotenv: '' }) }),
  doctor: () =>
    findingsJson(
      [
        { id: 'node', title: 'Node', status: 'ok', found: 'v24', ms: 3 },
        { id: 'java', title: 'Java', status: 'fail', found: 'none', remedy: 'install Java 17', ms: 4 },
      ],
      8,
    ),
  enrich: () => runReport({ result, totals, samples: { artists: [], tracks: [] }, database: 'd', json: true }),
  'enrich-plan': () => planReport(plan, totals, true),
  fetch: () => JSON.stringify({ version: 1, ...fetched }),
  lake: () => JSON.stringify({ version: 1, database: 'data/plays.db', lake }),
  'own-job': () =>
    JSON.stringify(
      jobResult({
        runId: 'r',
        job: 'job:chart',
        changed: { chart: { inserted: 1, updated: 0, deleted: 0 } },
        checks: [check],
        stages,
      }),
    ),
  stats: statisticsJson,
}

test('there is a schema for each, and docs/operate.md names it', () => {
  const schemas = globSync('docs/schemas/*.json', { cwd: root }).map((path) => basename(path, '.schema.json'))
  expect(schemas.sort()).toEqual(Object.keys(printed).sort())
  const guide = readFileSync(join(root, 'docs/operate.md'), 'utf8')
  for (const name of schemas) expect(guide).toContain(`(schemas/${name}.schema.json)`)
})

describe.each(Object.entries(printed))('%s', (name, print) => {
  test('is valid, with no field that the schema does not name, and with all that it requires', async () => {
    const schema = z.fromJSONSchema(file(name))
    const json = JSON.parse(await print())
    expect(schema.safeParse(json)).toMatchObject({ success: true })
    expect(Object.keys(json).sort()).toEqual(Object.keys(file(name).properties).sort())
    expect(schema.safeParse({ ...json, version: 2 }).success).toBe(false)
    for (const field of file(name).required) {
      expect({ field, valid: schema.safeParse({ ...json, [field]: undefined }).success }).toEqual({
        field,
        valid: false,
      })
    }
  })
})

test('a run without a lake is valid, too', () => {
  expect(z.fromJSONSchema(file('aggregate')).safeParse(JSON.parse(closingText(facts, { json: true })))).toMatchObject({
    success: true,
  })
})
