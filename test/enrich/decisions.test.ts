import { afterEach, describe, expect, test } from '@jest/globals'
import type { Decision } from '../../lib/model/decisions.ts'
import { reviewNames } from '../../lib/store/index.ts'
import { type StubArtist, type StubFile, type StubRecording, TableWorld } from '../../lib/stubs/index.ts'
import { listeningLog, startWorld, type World, withToken } from './harness.ts'

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const id = (kind: string, n: number) => `${kind}0000000-0000-4000-8000-00000000000${n}`
const right = id('a', 1)
const wrong = id('a', 2)
const artists: StubArtist[] = [
  // Two acts of one name; the other one is better known and has recorded the same titles.
  { mbid: wrong, name: 'Mercury Sails', qid: 'Q2', sitelinks: 90, file: 'Wrong band.jpg', listeners: null },
  { mbid: right, name: 'Mercury Sails', qid: 'Q1', sitelinks: 1, file: 'Right band.jpg', listeners: null },
  { mbid: id('a', 3), name: 'Somebody Else', qid: 'Q3', listeners: null },
]
const song = (n: number, act: string, title: string, lengthMs: number): StubRecording => ({
  mbid: id('b', n),
  title,
  artists: [act],
  lengthMs,
  releases: 2,
})
const tracks = [
  song(1, wrong, 'Open Water', 100_000),
  song(2, wrong, 'Low Tide', 110_000),
  song(3, right, 'Open Water', 200_000),
  song(4, right, 'Low Tide', 210_000),
  song(5, right, 'Low Tide (single mix)', 180_000),
]
const files: StubFile[] = [
  { file: 'Chosen by hand.jpg', width: 900, height: 600 },
  { file: 'Wrong band.jpg' },
  { file: 'Right band.jpg' },
]
const catalogue = { 'Mercury Sails': ['Open Water', 'Low Tide'] }

const decision = (verdict: Decision['verdict'], value = '', title?: string): Decision => ({
  verdict,
  artist: 'mercury sails',
  value,
  row: 2,
  ...(title === undefined ? {} : { title }),
})

async function open(): Promise<World> {
  const world = await startWorld({
    catalogue,
    speed: 200,
    stubs: { world: new TableWorld({ artists, tracks, files }) },
  })
  worlds.push(world)
  return world
}

async function rowsOf(world: World) {
  const [artist] = await world.database.artists()
  const songs = new Map((await world.database.tracks()).map((row) => [row.song_clean, row]))
  return { artist: artist!, of: (title: string) => songs.get(title)! }
}

const ways = [
  ['keyless', {}],
  ['with a token', withToken],
] as const

describe.each(ways)('a person decides, %s', (_, more) => {
  test('without a word the better known act is taken', async () => {
    const world = await open()
    await world.run(more)
    expect((await rowsOf(world)).artist.mbid).toBe(wrong)
  })

  test('mbid: who the act is, its picture and its songs follow; said later it makes the rows anew, once', async () => {
    const world = await open()
    await world.run(more)
    const decided = { ...more, decisions: [decision('mbid', right)] }
    await world.run(decided)
    const { artist, of } = await rowsOf(world)
    expect(artist).toMatchObject({
      mbid: right,
      match_method: 'override',
      match_score: 1,
      ambiguous: 0,
      identity_status: 'found',
    })
    expect(artist.image_url).toContain('Right_band.jpg')
    expect(of('Open Water')).toMatchObject({ recording_mbid: id('b', 3), duration_ms: 200_000 })
    expect(of('Low Tide')).toMatchObject({ recording_mbid: id('b', 4) })
    expect((await world.run(decided)).requests).toBe(0)
    // It survives a run that asks everything again, and goes when the person takes it back.
    await world.run({ ...decided, refresh: 'all' })
    expect((await rowsOf(world)).artist.mbid).toBe(right)
    await world.run(more)
    expect((await rowsOf(world)).artist).toMatchObject({ mbid: wrong })
  })

  test('not mbid: the other act of the name, and none of the songs of the first', async () => {
    const world = await open()
    await world.run(more)
    const decided = { ...more, decisions: [decision('not mbid', wrong)] }
    await world.run(decided)
    const { artist, of } = await rowsOf(world)
    expect(artist).toMatchObject({ mbid: right, identity_status: 'found' })
    expect(of('Open Water').recording_mbid).toBe(id('b', 3))
    expect((await world.run(decided)).requests).toBe(0)
  })

  test('not mbid of both: nobody', async () => {
    const world = await open()
    await world.run({ ...more, decisions: [decision('not mbid', wrong), decision('not mbid', right)] })
    const { artist, of } = await rowsOf(world)
    expect(artist).toMatchObject({ mbid: null, identity_status: 'not_found' })
    expect(of('Open Water').status).toBe('not_found')
  })

  test('mbid of a song: this recording and its length', async () => {
    const world = await open()
    await world.run(more)
    const decided = { ...more, decisions: [decision('mbid', id('b', 5), 'low tide')] }
    await world.run(decided)
    expect((await rowsOf(world)).of('Low Tide')).toMatchObject({
      recording_mbid: id('b', 5),
      duration_ms: 180_000,
      match_method: 'override',
      canonical_title: 'Low Tide (single mix)',
    })
    expect((await world.run(decided)).requests).toBe(0)
    await world.run(more)
    expect((await rowsOf(world)).of('Low Tide').match_method).not.toBe('override')
  })

  test('an id that MusicBrainz does not know stands all the same', async () => {
    const world = await open()
    await world.run({ ...more, decisions: [decision('mbid', id('d', 9)), decision('mbid', id('e', 9), 'Low Tide')] })
    const { artist, of } = await rowsOf(world)
    expect(artist).toMatchObject({ mbid: id('d', 9), canonical_name: 'Mercury Sails', identity_status: 'found' })
    expect(of('Low Tide')).toMatchObject({ recording_mbid: id('e', 9), duration_ms: null, status: 'found' })
  })

  test('picture: a file with its licence, or an address; no picture: none, and nobody is asked for one', async () => {
    const world = await open()
    await world.run(more)
    await world.run({ ...more, decisions: [decision('picture', 'File:Chosen by hand.jpg')] })
    expect((await rowsOf(world)).artist).toMatchObject({
      image_url: expect.stringContaining('Chosen_by_hand.jpg'),
      image_provider: 'commons',
      licence: expect.any(String),
    })
    const address = 'https://pictures.example/band.jpg'
    await world.run({ ...more, decisions: [decision('picture', address)] })
    expect((await rowsOf(world)).artist).toMatchObject({
      image_url: address,
      image_provider: 'override',
      licence: null,
    })
    world.stubs.clear()
    await world.run({ ...more, decisions: [decision('no picture')] })
    expect((await rowsOf(world)).artist).toMatchObject({ image_url: null, image_status: 'not_found', mbid: wrong })
    expect(world.stubs.servers.commons.seen).toHaveLength(0)
  })
})

test('a word about nobody who is played is said, with its row', async () => {
  const world = await open()
  const log = listeningLog()
  const decisions = [decision('mbid', right), { ...decision('no picture'), artist: 'Nobody Here', row: 7 }]
  await world.run({ decisions, log })
  expect(log.lines.filter((line) => line.level === 'warn').map((line) => line.message)).toEqual([
    'overrides about nobody who is played: rows 7 (row 7: Nobody Here)',
  ])
})

test('review lists acts that were found with a doubt, with what is known of them; decided ones are sure', async () => {
  const world = await open()
  const review = () => world.database.store.snapshot((reader) => reviewNames(reader, { limit: 20 }))
  await world.run()
  expect(await review()).toEqual([
    {
      ...{ kind: 'artist', verdict: 'mbid', a: 'Mercury Sails', b: wrong, artist: null, method: 'weight', score: 1 },
      plays: 1_000_000,
      why: expect.stringMatching(/^Mercury Sails \(Group\): several acts carry the name .*; asked: .*musicbrainz/),
    },
  ])
  await world.run({ decisions: [decision('mbid', right)] })
  expect(await review()).toEqual([])
})
