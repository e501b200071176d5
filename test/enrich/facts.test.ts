import { afterEach, describe, expect, test } from '@jest/globals'
import { readMetadata } from '../../lib/enrich/services/listenbrainz.ts'
import { readArtist } from '../../lib/enrich/services/musicbrainz.ts'
import { readRecordings } from '../../lib/enrich/services/recordings.ts'
import { type StubArtist, type StubRecording, TableWorld } from '../../lib/stubs/index.ts'
import { type Catalogue, madeUpCatalogue, startWorld, type World, withBoth, withKey, withToken } from './harness.ts'

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const id = (kind: string, n: number) => `${kind}0000000-0000-4000-8000-00000000000${n}`
const act: StubArtist = {
  mbid: id('a', 1),
  name: 'Paper Lanterns',
  qid: 'Q101',
  type: 'Group',
  country: ['SE', 'Sweden'],
  begin: '1974-05-01',
  genres: ['soft rock', 'pop'],
  listeners: { similar: ['Glass Harbour', 'The Tin Sparrows'] },
}
const song = (n: number, title: string, more: Partial<StubRecording> = {}): StubRecording => ({
  mbid: id('b', n),
  title,
  artists: [act.mbid],
  lengthMs: 200_000,
  releases: 3,
  ...more,
})
const cover = { release: id('c', 1), id: 77 }
const tracks = [
  // The pressing that is on most releases is a late one; the song is older.
  song(1, 'Harbour Light', { date: '1994-02-01', album: 'Best Before', isrc: 'SEABC9400001', genres: ['pop'], cover }),
  song(2, 'Harbour Light', { date: '1978', releases: 1, inLookup: false }),
  song(3, 'Winter Song (live)', { live: true, releases: 1, date: '1981', album: 'At the Pier', inLookup: false }),
  song(4, 'North', { date: '1979', album: 'Compass' }),
  song(5, 'South', { date: '1983', album: 'Atlas' }),
  song(6, 'Nothing Known', { releases: null }),
]
const catalogue: Catalogue = {
  'Paper Lanterns': ['Harbour Light', 'Winter Song', 'North / South', 'Nothing Known'],
}

async function run(more: object = {}) {
  const world = await startWorld({
    catalogue,
    speed: 200,
    stubs: { world: new TableWorld({ artists: [act], tracks }) },
  })
  worlds.push(world)
  await world.run(more)
  const rows = new Map((await world.database.tracks()).map((row) => [row.song_clean, row]))
  return { artist: (await world.database.artists())[0]!, of: (title: string) => rows.get(title)! }
}

describe('what the answers tell beside ids', () => {
  test('without a key: the year of the oldest recording, album, ISRC, genres, a larger cover; the act and where it is from', async () => {
    const { artist, of } = await run()
    expect(of('Harbour Light')).toMatchObject({
      recording_mbid: id('b', 1),
      first_release_year: 1978,
      album: 'Best Before',
      isrc: 'SEABC9400001',
      genres: 'pop',
      cover_url: `https://coverartarchive.org/release/${cover.release}/77-250.jpg`,
      cover_large_url: `https://coverartarchive.org/release/${cover.release}/77-1200.jpg`,
    })
    expect(artist).toMatchObject({
      mbid: act.mbid,
      act_type: 'Group',
      country: 'SE',
      area: 'Sweden',
      begin_year: 1974,
      genres: 'soft rock, pop',
      similar_artists: null,
    })
  })

  test('with a token: the same from the match and its recording', async () => {
    const { artist, of } = await run(withToken)
    expect(of('Harbour Light')).toMatchObject({ album: 'Best Before', isrc: 'SEABC9400001', genres: 'pop' })
    expect(artist).toMatchObject({ act_type: 'Group', area: 'Sweden', begin_year: 1974, genres: 'soft rock, pop' })
  })

  test('a concert that stands in for the song, a medley and a bare recording have no year and no album', async () => {
    const { of } = await run()
    const nothing = { first_release_year: null, album: null, isrc: null, cover_large_url: null }
    expect(of('Winter Song')).toMatchObject({ status: 'found', ...nothing })
    expect(of('Winter Song').match_method).toMatch(/:version$/)
    expect(of('North / South')).toMatchObject({ status: 'found', ...nothing, genres: null })
    expect(of('Nothing Known')).toMatchObject({ status: 'found', ...nothing, genres: null })
  })

  test('similar artists are kept with --similar only, and need the service that names them', async () => {
    expect((await run(withKey)).artist.similar_artists).toBeNull()
    expect((await run({ ...withKey, similar: true })).artist.similar_artists).toBe('Glass Harbour · The Tin Sparrows')
    await expect(run({ similar: true })).rejects.toMatchObject({
      kind: 'usage',
      place: '--similar',
      remedy: expect.stringContaining('LASTFM_API_KEY'),
    })
  })

  // As many as before these columns were there.
  test.each([
    ['keyless', 22, {}],
    ['with a token', 8, withToken],
    ['with a token and a key, similar artists too', 168, { ...withBoth, similar: true }],
  ] as const)('%s they cost no request: %d are sent', async (_, requests, more) => {
    const world = await startWorld({ catalogue: madeUpCatalogue(40, 120), speed: 100 })
    worlds.push(world)
    const result = await world.run(more)
    expect(result.requests - result.retries).toBe(requests)
    const known = (await world.database.tracks()).filter((row) => row.first_release_year !== null && row.album !== null)
    expect(known.length).toBeGreaterThan(100)
  })

  test('a row that is made again for another reason keeps what was known', async () => {
    const world = await startWorld({
      catalogue,
      speed: 200,
      stubs: { world: new TableWorld({ artists: [act], tracks }) },
    })
    worlds.push(world)
    await world.run({ ...withKey, similar: true })
    await world.run({ ...withKey, refresh: 'all', listenerMode: 'off' })
    const [artist] = await world.database.artists()
    expect(artist).toMatchObject({ area: 'Sweden', similar_artists: 'Glass Harbour · The Tin Sparrows' })
  })
})

describe('odd values are left out, never guessed', () => {
  test('years, countries and codes of another form', () => {
    const artist = readArtist({ id: act.mbid, name: 'X', country: 'XWW', area: {}, 'life-span': { begin: '????' } })
    expect(artist).not.toHaveProperty('description')
    const answer = readRecordings({
      count: 1,
      recordings: [
        { id: id('b', 1), title: 'T', isrcs: ['nonsense', 'SE-ABC-94-00001'], 'first-release-date': '0000' },
      ],
    })
    expect(answer?.recordings[0]).toMatchObject({ description: { isrc: 'SEABC9400001' } })
    expect(answer?.recordings[0]?.description).not.toHaveProperty('album')
  })

  test('compilations, concerts and singles are no album of a song', () => {
    const release = (title: string, date: string, type: string, ...secondary: string[]) => ({
      title: `${title} (reissue)`,
      date,
      status: 'Official',
      'release-group': { title, 'primary-type': type, 'secondary-types': secondary },
    })
    const albumOf = (...releases: object[]) =>
      readRecordings({ count: 1, recordings: [{ id: id('b', 1), title: 'T', releases }] })?.recordings[0]?.description
        ?.album
    const odd = [
      release('Gold', '1970', 'Album', 'Compilation'),
      release('On Stage', '1971', 'Album', 'Live'),
      release('The Song', '1972', 'Single'),
    ]
    expect(albumOf(...odd)).toBeUndefined()
    expect(albumOf(...odd, release('Second', '1990', 'Album'), release('First', '1980', 'Album'))).toBe('First')
  })

  test('tags without a genre id are what listeners wrote; genres of the album stand in for those of the song', () => {
    const genre = (tag: string, count: number) => ({ tag, count, genre_mbid: id('d', 1) })
    const read = (tag: object) => readMetadata({ [id('b', 1)]: { tag } })?.get(id('b', 1))?.description?.genres
    expect(read({ recording: [{ tag: 'favourites', count: 9 }], release_group: [] })).toBeUndefined()
    expect(read({ recording: [genre('pop', 1), genre('rock', 5), { tag: 'seen live', count: 9 }] })).toEqual([
      'rock',
      'pop',
    ])
    expect(read({ recording: [], release_group: [genre('funk', 2)] })).toEqual(['funk'])
  })
})
