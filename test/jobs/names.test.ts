import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { enrich, fastClock } from '../../lib/enrich/index.ts'
import { stepsOf } from '../../lib/explore/explain.ts'
import { silent } from '../../lib/log.ts'
import {
  explainPlay,
  openLookups,
  openReadOnly,
  openStore,
  type Reader,
  type Relation,
  reviewNames,
} from '../../lib/store/index.ts'
import { madeUpId, startStubs, TableWorld } from '../../lib/stubs/index.ts'
import { fillLookups } from '../support/filled-lookups.ts'
import { runJob } from '../support/run-job.ts'
import { testSparkAddress } from '../support/spark.ts'

const place = mkdtempSync(join(tmpdir(), 'radio-plays-names-'))
const url = `sqlite:${join(place, 'plays.db')}`
const overridesFile = join(place, 'data/overrides.csv')
let env: Record<string, string>
beforeAll(async () => {
  env = { SPARK_REMOTE: await testSparkAddress(), DATABASE_URL: url, LOG_FORMAT: 'text', LOG_LEVEL: 'info' }
  mkdirSync(join(place, 'data'))
  writeFileSync(
    join(place, 'log.csv'),
    `artist;title;station;time\n${[
      ...['Prince;Kiss', 'Prince;1999', 'The Artist Formerly;Gold', 'Creedence;Proud Mary', 'Creedence;Proud Mary'],
      ...['Creedance;Proud Mary', 'Nirvana;Lithium', 'Nirvana;Lithium', 'Nirvanna;Lithium'],
      ...[
        'Neil Young;Harvest',
        'Neil Young;Harvest',
        'Neil Young;Harvest Live',
        'Neil Young with Crazy Horse;Harvest Live',
      ],
      ...['Harbour Quartet;First Light', 'Quartet Of The Harbour;Second Wind', 'Stella Nox;Edge Of Ten'],
      ...['Stella Nox with Dan Hanley;Leather And Wool', 'VA;Anything', 'Soundtrack;Some Theme'],
    ]
      .map((names, i) => `${names};KXYZ;2024-05-01 10:${10 + i}:00`)
      .join('\n')}\n`,
  )
}, 300_000)
afterAll(() => rmSync(place, { recursive: true }))

const knownAct = (name: string, qid: string | null, aliases: string[] = []) => ({
  mbid: madeUpId(name),
  name,
  qid,
  aliases,
})
const quartet = knownAct('Harbour Quartet', 'Q901', ['Quartet Of The Harbour'])
const stella = knownAct('Stella Nox', 'Q902')
const dan = knownAct('Dan Hanley', 'Q903')
const nobody = {
  ...knownAct('Various Artists', 'Q904', ['VA', 'Soundtrack']),
  mbid: '89ad4ac3-39f7-470e-963a-56509c546377',
}
const recording = (title: string, ...acts: { readonly mbid: string }[]) => ({
  mbid: madeUpId(title),
  title,
  artists: acts.map(({ mbid }) => mbid),
  lengthMs: 200_000,
})
const actsOfTheLog = new TableWorld({
  artists: [quartet, stella, dan, nobody],
  tracks: [
    recording('First Light', quartet),
    recording('Second Wind', quartet),
    recording('Edge Of Ten', stella),
    recording('Leather And Wool', stella, dan),
  ],
})

/** A run of enrichment over what the database holds. */
async function enrichFromStubs(): Promise<void> {
  const clock = fastClock(50)
  const stubs = await startStubs({ clock, era: '2026', world: actsOfTheLog })
  const store = await openStore(url, { log: silent })
  try {
    const options = { log: silent, version: '0', contact: 'ops@plays.fm', bases: stubs.bases, clock }
    await enrich({ ...options, store: openLookups(store) })
  } finally {
    await store.close()
    await stubs.close()
  }
}

const aggregate = (...args: string[]) => runJob('aggregate', ['--input', 'log.csv', ...args], { env, cwd: place })
async function look<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
  const store = await openReadOnly(url, { log: silent })
  try {
    return await store.snapshot(work)
  } finally {
    await store.close()
  }
}
const rows = (relation: Relation) =>
  look(async (reader) => {
    const all: Record<string, unknown>[] = []
    for await (const row of reader.rows(relation)) all.push(row)
    return all
  })
const names = async () =>
  Object.fromEntries((await rows('artist_names')).map((row) => [row.raw_artist, [row.artist_clean, row.method]]))

test('what a person says and what enrichment finds holds in the runs that follow; ids that change are told', async () => {
  expect((await aggregate()).code).toBe(0)
  expect(await names()).toMatchObject({
    'The Artist Formerly': ['The Artist Formerly', 'exact'],
    Creedance: ['Creedence', 'spelling'],
    Nirvanna: ['Nirvana', 'spelling'],
    'Quartet Of The Harbour': ['Quartet Of The Harbour', 'exact'],
  })
  const before = Object.fromEntries((await rows('artists')).map((row) => [row.artist_clean, row.artist_id]))

  await enrichFromStubs()
  await fillLookups(url, {
    artists: [
      { artist_clean: 'Nirvana', mbid: 'us' },
      { artist_clean: 'Nirvanna', mbid: 'ca' },
      { artist_clean: 'Prince', mbid: 'doubtful', ambiguous: 1 },
      { artist_clean: 'Creedence', mbid: 'doubtful' },
    ],
  })
  writeFileSync(overridesFile, 'verdict,a,b\nsame,prince,The Artist Formerly\nsame,Prince,Nobody At All\n')
  const second = await aggregate()
  expect(second.stderr).toMatch(/1 override of .* does nothing: nobody plays \\?"Nobody At All\\?" \(row 3\)/)
  expect(second.stderr).toContain(`artist merged: id ${before['The Artist Formerly']} now means "Prince"`)
  expect(second.stderr).toMatch(/artist split: id \w+ now means "Nirvanna"/)
  expect(await names()).toMatchObject({
    'The Artist Formerly': ['Prince', 'override'],
    Creedance: ['Creedence', 'spelling'],
    Nirvanna: ['Nirvanna', 'exact'],
    // What enrichment knows by a part of its name, or as nobody, is no evidence.
    'Stella Nox with Dan Hanley': ['Stella Nox with Dan Hanley', 'exact'],
    Soundtrack: ['Soundtrack', 'exact'],
  })
  const [one, other] = [(await names())['Harbour Quartet'], (await names())['Quartet Of The Harbour']]
  expect(one?.[0]).toBe(other?.[0])
  expect([one?.[1], other?.[1]]).toContain('musicbrainz')
  const artists = await rows('artists')
  expect(artists.find((row) => row.artist_clean === 'Prince')!.artist_id).toBe(before.Prince)
  expect(artists.find((row) => row.artist_clean === 'Nirvana')!.artist_id).toBe(before.Nirvana)
  expect(
    (await rows('id_events'))
      .filter((row) => row.level === 'artist')
      .map((row) => row.kind)
      .sort(),
  ).toEqual(['merged', 'merged', 'split'])

  await look(async (reader) => {
    // What a person decided is no doubt any more.
    expect(
      (await reviewNames(reader, { limit: 50 })).filter(
        ({ a, b, verdict }) => verdict !== 'mbid' && [a, b].includes('Prince'),
      ),
    ).toEqual([])
    const { unique_id } = (await rows('plays')).find((row) => `${row.raw_artist}`.includes('Crazy Horse')) as {
      unique_id: string
    }
    expect(stepsOf((await explainPlay(reader, unique_id))!).slice(1, 4)).toEqual([
      { step: 'cleaned', artist: 'Neil Young with Crazy Horse', song: 'Harvest Live', how: '' },
      expect.objectContaining({ step: 'key', artist: 'neilyoungwithcrazyhorse', song: 'harvestlive' }),
      {
        step: 'resolved',
        artist: 'Neil Young',
        song: 'Harvest',
        how:
          'artist by longer form (0.910): neilyoung ~ neilyoungwithcrazyhorse, 1 title in common; ' +
          'song by version behind (0.950): harvest ~ harvestlive; version "live" set aside; guest "Crazy Horse" set aside',
      },
    ])
  })

  // The same again is the same.
  expect((await aggregate()).stdout).toContain('Changed: nothing')
}, 480_000)

test('overrides that contradict each other end with 2 and the chain, before anything is loaded', async () => {
  const file = join(place, 'wrong.csv')
  writeFileSync(file, 'verdict,a,b\nsame,Prince,Nirvana\nsame,Nirvana,Creedence\ndifferent,CREEDENCE,Prince\n')
  const before = await rows('artist_names')
  const { code, stderr } = await aggregate('--overrides', file)
  expect(code).toBe(2)
  expect(stderr).toContain('the overrides contradict each other: CREEDENCE ≠ Prince')
  expect(stderr).toContain('Creedence = Nirvana, Nirvana = Prince')
  expect(await rows('artist_names')).toEqual(before)
}, 240_000)

test('a file of overrides that was named and is not there ends with 3', async () => {
  const { code, stderr } = await aggregate('--overrides', 'none.csv')
  expect([code, stderr]).toEqual([3, expect.stringContaining('the file of overrides cannot be read (ENOENT)')])
}, 120_000)
