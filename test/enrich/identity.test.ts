import { afterEach, describe, expect, test } from '@jest/globals'
import { actsIn, leads } from '../../lib/enrich/match/acts.ts'
import { type Credit, joinedName, matchCredits, sameActs } from '../../lib/enrich/match/credits.ts'
import { medleyParts, readTitle, titleScore } from '../../lib/enrich/match/titles.ts'
import { pairAloneRequest } from '../../lib/enrich/services/listenbrainz.ts'
import { wordBeginnings } from '../../lib/enrich/services/recordings.ts'
import { madeUpId, type StubArtist, type StubRecording, TableWorld } from '../../lib/stubs/index.ts'
import { type Catalogue, startWorld, type World, withToken } from './harness.ts'

/* Who is behind a name: bands behind their leaders, joint credits, spellings, namesakes, medleys. */

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const act = (name: string, more: Partial<StubArtist> = {}): StubArtist => ({ mbid: madeUpId(name), name, ...more })
const track = (title: string, seconds: number, artists: readonly StubArtist[], more: Partial<StubRecording> = {}) => ({
  mbid: madeUpId(`${title} ${seconds}`),
  title,
  lengthMs: seconds * 1000,
  artists: artists.map((one) => one.mbid),
  ...more,
})

async function resolved(
  catalogue: Catalogue,
  table: ConstructorParameters<typeof TableWorld>[0],
  options: Parameters<World['run']>[0] = {},
  era: '2025' | '2026' = '2026',
) {
  const world = await startWorld({ catalogue, stubs: { world: new TableWorld(table), era } })
  worlds.push(world)
  const result = await world.run(options)
  const tracks = Object.fromEntries((await world.database.tracks()).map((row) => [row.song_clean, row]))
  const artists = Object.fromEntries((await world.database.artists()).map((row) => [row.artist_clean, row]))
  return { world, result, tracks, artists }
}

describe('a band behind the name of its leader', () => {
  const solo = act('Ronny Vale', { qid: 'Q501', labels: ['Ronny Vale'] })
  const band = act('Ronny Vale and the Lanterns', { aliases: ['The Lanterns'] })
  const trio = act('The Ronny Vale Trio')
  const other = act('Ronny Valentine')
  const table = {
    artists: [solo, band, trio, other],
    tracks: [
      track('Slow Harbour', 214, [band]),
      track('Slow Harbour', 290, [solo], { live: true }),
      track('Turn Away', 201, [band]),
      track('Own Record', 180, [solo]),
      track('Smoke', 150, [trio]),
      track('Other Song', 111, [other]),
    ],
  }

  test('its studio recordings are found; live ones of the one id are not final', async () => {
    const titles = ['Slow Harbour', 'Turn Away', 'Own Record', 'Smoke', 'Other Song']
    const { tracks, artists } = await resolved({ 'Ronny Vale': titles }, table)
    expect(artists['Ronny Vale']).toMatchObject({ mbid: solo.mbid, ambiguous: 0 })
    expect(Object.values(tracks).map((row) => [row.song_clean, row.duration_ms])).toEqual([
      ['Other Song', null],
      ['Own Record', 180_000],
      ['Slow Harbour', 214_000],
      ['Smoke', 150_000],
      ['Turn Away', 201_000],
    ])
    expect(tracks['Turn Away']).toMatchObject({ canonical_artist: band.name, match_method: 'title+name' })
  })

  test('a group that carries our name as an alias', async () => {
    const group = act('Lanterns of Vale', { aliases: ['Ronny Vale'] })
    const { tracks } = await resolved(
      { 'Ronny Vale': ['Own Record', 'Hidden'] },
      { artists: [solo, group], tracks: [track('Own Record', 180, [solo]), track('Hidden', 99, [group])] },
    )
    expect(tracks.Hidden).toMatchObject({ status: 'found', duration_ms: 99_000 })
  })

  test.each([
    ['Tom Vale', 'Tom Vale and the Lanterns', true],
    ['Tom Vale', 'Tom Vale & His Orchestra', true],
    ['Tom Vale', 'The Tom Vale Experience', true],
    ['Tom Vale', 'Tom Vale System', true],
    ['Tom Vale', 'Tom Vale & Wild Horse', true],
    ['Tom Vale', 'Tom Vale’s Moon Band', true],
    ['Tom', 'Tom & Wild Horse', false],
    ['Tom', 'Toms Moon Band', false],
    ['Tom Vale', 'Tom Vales', false],
    ['Tom', 'Tom Vale', false],
    ['Tom', 'Tom Band', false],
    ['Tom', 'Tom and the Lanterns', true],
    ['John Lee', 'John Lee Hooker', false],
    ['Tom Vale', 'Tom Valentine Band', false],
    ['Tom Vale', 'Tom Vale', false],
  ])('%s leads %s: %s', (ours, band, expected) => {
    expect(leads(ours, band)).toBe(expected)
  })
})

describe('joint credits', () => {
  const red = act('Red Choir', { qid: 'Q601' })
  const ann = act('Ann Marsh', { qid: 'Q602' })
  const song = track('Both Of Us', 240, [red, ann])
  const table = { artists: [red, ann], tracks: [song, track('Alone', 100, [red])] }

  test.each([
    'Red Choir / Ann Marsh',
    'Red Choir & Ann Marsh',
    'Ann Marsh and Red Choir',
    'Red Choir feat. Ann Marsh',
    'Red Choir with Ann Marsh',
    'Red Choir, Ann Marsh',
    'Red Choir x Ann Marsh',
    'Red Choir vs. Ann Marsh',
    'Red Choir duet with Ann Marsh',
    'Red Choir | Ann Marsh',
    'Red Choir - Ann Marsh',
    'Red Choir y Ann Marsh',
  ])('%s is found, keyless and with a token', async (name) => {
    const keyless = await resolved({ [name]: ['Both Of Us'] }, table)
    expect(keyless.tracks['Both Of Us']).toMatchObject({
      status: 'found',
      recording_mbid: song.mbid,
      duration_ms: 240_000,
    })
    // Whoever of them stands for the name does so with a doubt: it is no evidence that the names are one.
    expect(keyless.artists[name]?.match_method ?? ':part').toContain(':part')
    const token = await resolved({ [name]: ['Both Of Us'] }, table, withToken)
    expect(token.tracks['Both Of Us']).toMatchObject({ status: 'found', duration_ms: 240_000 })
  })

  test('one of them alone is not enough, and neither is another song', async () => {
    const { tracks } = await resolved(
      { 'Red Choir / Ben Marsh': ['Both Of Us'], 'Red Choir / Ann Marsh': ['Alone'] },
      table,
    )
    expect([tracks['Both Of Us']?.status, tracks.Alone?.status]).toEqual(['not_found', 'not_found'])
  })

  test.each<[string, string[]]>([
    ['Queen / David Bowie', ['Queen', 'David Bowie']],
    ['A feat. B & C', ['A', 'B', 'C']],
    ['A (with B)', ['A', 'B']],
    ['Malcolm X', ['Malcolm X']],
    ['Within Reach', ['Within Reach']],
    ['Sammy Davis, Jr.', ['Sammy Davis, Jr.']],
    ['Alpha', ['Alpha']],
  ])('actsIn(%s)', (name, expected) => {
    expect(actsIn(name)).toEqual(expected)
  })

  test('the same acts in whatever order', () => {
    expect(sameActs('Queen / David Bowie', 'David Bowie and Queen')).toBe(true)
    expect(sameActs('Queen / David Bowie', 'Queen')).toBe(false)
  })

  const credits: Credit[] = [
    { mbid: 'a', name: 'Prince', credited: 'The Artist', join: ' feat. ' },
    { mbid: 'b', name: 'Eve', aliases: ['Eve Jeffers'] },
  ]
  test.each<[string, Partial<ReturnType<typeof matchCredits>> | null]>([
    ['Prince', { how: 'name', score: 1 }],
    ['The Artist', { how: 'name', score: 0.97 }],
    ['Eve Jeffers', { how: 'name', score: 0.97 }],
    ['The Artist feat. Eve', { how: 'name', score: 0.99 }],
    ['Eve / Prince', { how: 'name', score: 0.95 }],
    ['Adam', null],
  ])('%s in "The Artist feat. Eve"', (artist, expected) => {
    const found = matchCredits({ artist, artistMbids: [] }, credits)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatchObject(expected)
  })

  test('names are joined as they are printed', () => {
    expect(joinedName(credits)).toBe('The Artist feat. Eve')
  })
})

describe('spellings that a phrase does not bring', () => {
  const us = act('Beta Band', { qid: 'Q701' })
  test.each([
    ['Taking Care Of Trouble', "Takin' Care of Trouble"],
    ['Another Stone In The Fence Pt. 2', 'Another Stone in the Fence, Part 2'],
    ['Rock And Sing All Night', 'Rock and Sing All Nite'],
    ['Knocking On Gardens Door', 'Knockin’ on Garden’s Door'],
    ['Overture / Longtime', 'Overture / Long Time'],
    ['Wandering Souls', 'Wanderin’ Souls'],
    ['Mister Cobblestone', 'Mr. Cobblestone'],
    ['25 Or 7 To Four', '25 or 7 to 4'],
    ['Saint Of Us', 'St. of Us'],
    ['Doctor Feelwell', 'Dr. Feelwell'],
    ['Three Little Stones Fall', '3 Little Stones Fall'],
    ['Byway Song Pt. II', 'Byway Song, Part 2'],
    ['Sgt Coppers Band', 'Sergeant Copper’s Band'],
  ])('%s is %s', async (ours, theirs) => {
    const { tracks } = await resolved({ 'Beta Band': [ours] }, { artists: [us], tracks: [track(theirs, 200, [us])] })
    expect(tracks[ours]).toMatchObject({ status: 'found', canonical_title: theirs, duration_ms: 200_000 })
  })

  test('words bring candidates, titles decide', async () => {
    const { tracks } = await resolved(
      { 'Beta Band': ['Wandering Souls'] },
      { artists: [us], tracks: [track('Wandering Soldiers', 200, [us])] },
    )
    expect(tracks['Wandering Souls']?.status).toBe('not_found')
  })

  test.each([
    ['Taking Care Of Trouble', ['tro', 'tak']],
    ['The One', []],
    ['99 Luftballons', ['luft']],
    ['愛', []],
  ])('beginnings of %s', (title, expected) => {
    expect(wordBeginnings(title)).toEqual(expected)
  })

  test.each([
    ["Rock 'n' Roll", 'Rock and Roll'],
    ['Night Moves', 'Nite Moves'],
    ['Door Pt. 2', 'Door, Part 2'],
    ['Child O Mine', 'Child of Mine'],
  ])('%s and %s are one title', (a, b) => {
    expect(titleScore(readTitle(a), readTitle(b))).toBeGreaterThanOrEqual(0.95)
  })
  test.each([
    ['Long Door Pt. II', 'Long Door, Part 3'],
    ['Two Long Roads', 'Three Long Roads'],
    ['Long Road Five', 'Long Road Six'],
  ])('%s is not %s', (a, b) => {
    expect(titleScore(readTitle(a), readTitle(b))).toBe(0)
  })
  test('Door Pt. 2 is not Door Pt. 3', () => {
    expect(titleScore(readTitle('Long Door Pt. 2'), readTitle('Long Door, Part 3'))).toBe(0)
  })
})

describe('medleys', () => {
  const us = act('Beta Band', { qid: 'Q701' })

  test('found by their parts, as long as all of them', async () => {
    const { tracks } = await resolved(
      { 'Beta Band': ['Dark Side/Bright Side', 'Half/Missing'] },
      {
        artists: [us],
        tracks: [track('Dark Side', 200, [us]), track('Bright Side', 100, [us]), track('Half', 90, [us])],
      },
    )
    expect(tracks['Dark Side/Bright Side']).toMatchObject({
      status: 'found',
      duration_ms: 300_000,
      match_method: 'title+id:part',
    })
    // One part is unknown: nobody can say how long both are.
    expect(tracks['Half/Missing']?.match_method).toBe('title+id:part')
  })

  test('as a whole where it is one recording', async () => {
    const whole = track('Dark Side / Bright Side', 290, [us])
    const { tracks } = await resolved({ 'Beta Band': ['Dark Side/Bright Side'] }, { artists: [us], tracks: [whole] })
    expect(tracks['Dark Side/Bright Side']).toMatchObject({ recording_mbid: whole.mbid, duration_ms: 290_000 })
  })

  test.each([
    ['One Song/Two Songs', ['One Song', 'Two Songs']],
    ['24/7', ['24/7']],
    ['Plain Title', ['Plain Title']],
  ])('parts of %s', (title, expected) => {
    expect(medleyParts(title)).toEqual(expected)
  })
})

describe('namesakes', () => {
  const known = act('Amber', { mbid: madeUpId('amber one'), qid: 'Q801', sitelinks: 40 })
  const ours = act('Amber', { mbid: madeUpId('amber two') })

  test('one Wikidata item, and none of our titles is its: the act that has them', async () => {
    const { artists, tracks } = await resolved(
      { Amber: ['Deep Well', 'Low Tide'] },
      {
        artists: [known, ours],
        tracks: [track('Deep Well', 120, [ours]), track('Low Tide', 130, [ours]), track('Else', 1, [known])],
      },
    )
    expect(artists.Amber).toMatchObject({ mbid: ours.mbid, ambiguous: 0 })
    expect(tracks['Deep Well']).toMatchObject({ status: 'found', duration_ms: 120_000 })
  })

  test('none of our titles is anybody’s: taken with a doubt', async () => {
    const { artists } = await resolved({ Amber: ['Deep Well'] }, { artists: [known, ours], tracks: [] })
    expect(artists.Amber).toMatchObject({ mbid: known.mbid, ambiguous: 1 })
  })

  test('without a namesake an unknown title is no doubt', async () => {
    const { artists } = await resolved({ Amber: ['Deep Well'] }, { artists: [known], tracks: [] })
    expect(artists.Amber).toMatchObject({ mbid: known.mbid, ambiguous: 0 })
  })
})

test('with a token: what the exact look-up leaves over is looked up alone, by its fuzzy part', async () => {
  const us = act('Gamma Rays', { qid: 'Q901' })
  const song = track('Colour Wheel', 222, [us])
  const { world, tracks } = await resolved(
    { 'Gamma Rays': ['Color Wheel', 'Zzz'] },
    { artists: [us], tracks: [song] },
    withToken,
  )
  expect(tracks.Zzz?.status).toBe('not_found')
  const seen = world.stubs.servers.listenbrainz.seen.filter((one) => one.path.endsWith('/lookup/'))
  expect(seen.filter((one) => one.method === 'POST')).toHaveLength(1)
  expect(seen.filter((one) => one.method === 'GET').length).toBeLessThanOrEqual(2)
})

describe('look-ups of one song at a time', () => {
  test('end where fifty in a row bring nothing, and a later run asks about none of them again', async () => {
    const us = act('Gamma Rays', { qid: 'Q901' })
    const unknown = Array.from({ length: 120 }, (_, at) => `Zz${String.fromCharCode(97 + (at % 26))} Qx${at}`)
    const world = await startWorld({
      catalogue: { 'Gamma Rays': ['Colour Wheel', ...unknown] },
      stubs: { world: new TableWorld({ artists: [us], tracks: [track('Colour Wheel', 222, [us])] }), era: '2026' },
    })
    worlds.push(world)
    const { listenbrainz } = world.stubs.servers
    const sent: number[] = []
    // No plan of a first run expects that so many are unknown.
    for (let left = 1; left > 0 && sent.length < 5; ) {
      world.stubs.clear()
      left = (await world.run(withToken)).left
      sent.push(listenbrainz.seen.filter(({ method }) => method === 'GET').length)
    }
    expect(sent.at(-1)).toBeGreaterThanOrEqual(50)
    expect(sent.at(-1)).toBeLessThan(60)
    expect(sent.reduce((all, some) => all + some)).toBeLessThan(110)
    expect((await world.database.tracks()).filter((row) => row.status === 'not_found')).toHaveLength(120)
    expect(await world.run(withToken)).toMatchObject({ requests: 0, end: 'done' })
  })

  test('go on after one that brings something', () => {
    const request = pairAloneRequest(0, 'token')
    const read = (json: unknown) => request.read(json, [{ artist: 'A', title: 'B' }], '', [])
    for (let at = 0; at < 49; at++) read({})
    read({ recording_mbid: madeUpId('B'), recording_name: 'B' })
    for (let at = 0; at < 49; at++) read({})
    expect(request.isFutile?.()).toBe(false)
    read({})
    expect(request.isFutile?.()).toBe(true)
  })
})
