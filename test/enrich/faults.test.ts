import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { imageAddress } from '../../lib/enrich/images.ts'
import type { EnrichOptions } from '../../lib/enrich/index.ts'
import {
  imageInfo,
  lastfmError,
  madeUpId,
  maxlag,
  missingUserAgent,
  queryTimeout,
  type Reply,
  type Seen,
  type StubArtist,
  type StubRecording,
  shed,
  star,
  TableWorld,
  tooFast,
  tooManyRequests,
} from '../../lib/stubs/index.ts'
import {
  type Catalogue,
  listeningLog,
  startWorld,
  type World,
  watchLateness,
  withBoth,
  withKey,
  withToken,
} from './harness.ts'

/*
 * The faults of the enrichment design, by number. Each runs the whole chain against stub services that speak the real
 * shapes, on a clock that runs fifty times as fast; the limits are the documented ones.
 */

const alphaId = madeUpId('alpha')
const alpha: StubArtist = {
  mbid: alphaId,
  name: 'Alpha Band',
  aliases: ['The Alphas'],
  qid: 'Q900001',
  sitelinks: 9,
  file: 'Alpha Band 2001.jpg',
}
const songOne: StubRecording = {
  mbid: madeUpId('song one'),
  title: 'Song One',
  artists: [alphaId],
  lengthMs: 157_000,
  date: '1979',
}
const alphaFile = { file: 'Alpha Band 2001.jpg' }
const day = 86_400_000

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

async function world(
  catalogue: Catalogue,
  table: ConstructorParameters<typeof TableWorld>[0],
  speed?: number,
): Promise<World> {
  const opened = await startWorld({ catalogue, stubs: { world: new TableWorld(table) }, ...(speed ? { speed } : {}) })
  worlds.push(opened)
  return opened
}
const usual = (catalogue: Catalogue = { 'Alpha Band': ['Song One'] }) =>
  world(catalogue, { artists: [alpha], tracks: [songOne], files: [alphaFile] })

/** Artists A0…An with a song each, known to everybody. */
function many(count: number) {
  const artists = Array.from({ length: count }, (_, at): StubArtist => {
    return {
      mbid: madeUpId(`act ${at}`),
      name: `Act Number ${at}`,
      qid: `Q${1000 + at}`,
      sitelinks: 1,
      file: `Act ${at}.jpg`,
    }
  })
  const tracks = artists.map(
    ({ mbid }, at): StubRecording => ({ mbid: madeUpId(`tune ${at}`), title: `Tune ${at}`, artists: [mbid] }),
  )
  const files = artists.map(({ file }) => ({ file: file ?? '' }))
  const catalogue: Catalogue = Object.fromEntries(artists.map(({ name }, at) => [name, [`Tune ${at}`]]))
  return { catalogue, table: { artists, tracks, files } }
}

const only = async (opened: World) => {
  const [artist] = await opened.database.artists()
  const [track] = await opened.database.tracks()
  return { artist: artist!, track: track! }
}
const gaps = (seen: readonly Seen[]) => seen.slice(1).map((one, at) => one.at - seen[at]!.at)
// Each batch is a half of the one before, down to one.
function expectHalves(sizes: readonly number[], first: number) {
  expect([sizes[0], sizes[sizes.length - 1]]).toEqual([first, 1])
  for (const [at, size] of sizes.slice(1).entries()) expect(Math.abs(size - sizes[at]! / 2)).toBeLessThanOrEqual(0.5)
}
const now = (opened: World) => opened.clock.now()
const daysUntil = (opened: World, stamp: string | null) => (Date.parse(stamp ?? '') - now(opened)) / day

describe('Last.fm', () => {
  const unknown = { 'Nobody Here': ['No Song'] }

  test('fault 1: error 6 "could not be found" as 200 is "not found", with a term and without a retry', async () => {
    const opened = await usual(unknown)
    await opened.run(withKey)
    expect(opened.stubs.servers.lastfm.seen).toHaveLength(2)
    const { artist, track } = await only(opened)
    expect([artist.identity_status, track.status]).toEqual(['not_found', 'not_found'])
    expect(daysUntil(opened, track.expires_at)).toBeGreaterThan(6.2)
    expect(daysUntil(opened, track.expires_at)).toBeLessThan(7.8)
    expect(artist.last_error).toBeNull()
    const memory = (await opened.database.memory()).filter((row) => row.provider === 'lastfm')
    expect(memory.map((row) => [row.outcome, row.api_code])).toEqual([
      ['not_found', '6'],
      ['not_found', '6'],
    ])
  })

  test.each([400, 404])('fault 2: error 6 as %d is the same', async (status) => {
    const opened = await usual(unknown)
    opened.stubs.servers.lastfm.fault = () => lastfmError(6, 'Track not found', status)
    await opened.run(withKey)
    expect(opened.stubs.servers.lastfm.seen).toHaveLength(2)
    const { artist, track } = await only(opened)
    expect([artist.identity_status, track.status]).toEqual(['not_found', 'not_found'])
  })

  test('fault 3: error 6 "Invalid parameters" is our fault: logged, and nothing is marked as not found', async () => {
    const opened = await usual(unknown)
    const log = listeningLog()
    opened.stubs.servers.lastfm.fault = () =>
      lastfmError(6, 'Invalid parameters - Your request is missing a required parameter')
    await opened.run({ ...withKey, log })
    const { artist, track } = await only(opened)
    expect([artist.identity_status, track.status]).toEqual(['transient_error', 'transient_error'])
    expect(track.last_error).toMatch(/^bad_request: /)
    expect(opened.stubs.servers.lastfm.seen).toHaveLength(2)
    expect(log.lines.filter((line) => line.message === 'request refused')).toHaveLength(2)
  })

  test('fault 4: error 8 as 500 twice, then an answer: three requests, spaced', async () => {
    const opened = await usual({ 'Alpha Band': [] })
    opened.stubs.servers.lastfm.fault = (_, nth) => (nth <= 2 ? lastfmError(8, 'Operation failed', 500) : undefined)
    const result = await opened.run(withKey)
    const { seen } = opened.stubs.servers.lastfm
    expect(seen).toHaveLength(3)
    expect(Math.min(...gaps(seen))).toBeGreaterThanOrEqual(1_000)
    expect((await only(opened)).artist.artist_lastfm).toBe('Alpha Band')
    expect(result.retries).toBe(2)
  })

  test.each([
    429, 200,
  ])('fault 5: error 29 as %d pauses the limiter for all that wait, and no other limiter', async (status) => {
    const { catalogue, table } = many(16)
    const opened = await world(catalogue, table, 20)
    let paused = 0
    opened.stubs.servers.lastfm.fault = (seen, nth) => {
      if (nth !== 6) return undefined
      paused = seen.at
      return { ...lastfmError(29, 'Rate limit exceeded', status), headers: { 'retry-after': '4' } }
    }
    await opened.run(withKey)
    const times = opened.stubs.servers.lastfm.times
    // Up to three others were under way when the answer came.
    const after = times.filter((time) => time > paused + 400)
    expect(Math.min(...after)).toBeGreaterThanOrEqual(paused + 4_000)
    expect(times.filter((time) => time > paused && time <= paused + 400).length).toBeLessThanOrEqual(3)
    const others = [...opened.stubs.servers.musicbrainz.times, ...opened.stubs.servers.commons.times]
    expect(others.filter((time) => time > paused && time < paused + 4_000).length).toBeGreaterThan(0)
    const rows = await opened.database.artists()
    expect(rows.every((row) => row.artist_lastfm === row.artist_clean)).toBe(true)
  })

  test.each([
    10, 26,
  ])('fault 6: error %d turns Last.fm off with one warning, the keyless result is complete', async (code) => {
    const { catalogue, table } = many(6)
    const opened = await world(catalogue, table)
    const log = listeningLog()
    opened.stubs.servers.lastfm.fault = () => lastfmError(code, 'Invalid API key', 403)
    const result = await opened.run({ ...withKey, log })
    expect(log.lines.filter((line) => line.level === 'warn').map((line) => line.message)).toEqual([
      'lastfm is off for this run',
    ])
    expect(result.degraded).toEqual(['lastfm'])
    expect(result.end).toBe('done')
    expect(opened.stubs.servers.lastfm.seen.length).toBeLessThanOrEqual(4)
    const rows = await opened.database.artists()
    expect(rows.map((row) => [row.identity_status, row.image_status, row.next_attempt_at])).toEqual(
      Array.from({ length: 6 }, () => ['found', 'found', null]),
    )
    // A good key makes them due again, for Last.fm alone.
    expect(rows[0]!.providers_asked).toBe('commons,musicbrainz,wikidata')
  })

  test.each([
    ['HTML', { body: '<!DOCTYPE html><html>Oops</html>' }],
    ['truncated JSON', { body: '{"artist":{"name":"Alpha Ba' }],
    ['an empty body', { body: '' }],
  ])('fault 7: %s as 200 is passing, not a fact', async (_, reply: Reply) => {
    const opened = await usual()
    opened.stubs.servers.lastfm.fault = () => reply
    await opened.run(withKey)
    const { artist, track } = await only(opened)
    expect([artist.identity_status, artist.artist_lastfm, track.status, track.song_lastfm]).toEqual([
      'found',
      null,
      'found',
      null,
    ])
    expect(artist.next_attempt_at).not.toBeNull()
    const memory = (await opened.database.memory()).filter((row) => row.provider === 'lastfm')
    expect(new Set(memory.map((row) => row.outcome))).not.toContain('not_found')
  })

  test.each([
    ['every size', star],
    ['another host and size', `https://lastfm-img2.akamaized.net/i/u/avatar170s/${star}.jpg`],
    ['an old host', `http://userserve-ak.last.fm/serve/500/${star}.png`],
  ])('fault 8: the star is no picture: %s', async (_, image) => {
    const opened = await world(
      { 'Beta Band': [] },
      { artists: [{ mbid: madeUpId('beta'), name: 'Beta Band', listeners: { image } }] },
    )
    await opened.run(withKey)
    const { artist } = await only(opened)
    expect([artist.artist_lastfm, artist.image_status, artist.image_url]).toEqual(['Beta Band', 'not_found', null])
  })

  test('a picture of Last.fm that is one is taken when Commons has none', async () => {
    const image = 'https://lastfm.freetls.fastly.net/i/u/300x300/0123456789abcdef0123456789abcdef.png'
    const opened = await world(
      { 'Beta Band': [] },
      { artists: [{ mbid: madeUpId('beta'), name: 'Beta Band', listeners: { image } }] },
    )
    await opened.run(withKey)
    const { artist } = await only(opened)
    expect([artist.image_status, artist.image_url, artist.image_provider, artist.licence]).toEqual([
      'found',
      image,
      'lastfm',
      null,
    ])
  })

  test('fault 9: a shadow entry is not found; duration "0" with a real id is found, its length from MusicBrainz', async () => {
    const opened = await world(
      { 'Alpha Band': ['Fake Track', 'Sng One'] },
      { artists: [alpha], tracks: [songOne], files: [alphaFile] },
    )
    opened.stubs.servers.lastfm.fault = (seen) => {
      if (seen.form.get('method') !== 'track.getInfo') return undefined
      const track = {
        name: seen.form.get('track'),
        url: 'x',
        duration: '0',
        listeners: '2',
        playcount: '4',
        artist: { name: 'Alpha Band' },
      }
      return seen.form.get('track') === 'Fake Track'
        ? { body: { track: { ...track, toptags: { tag: [] } } } }
        : { body: { track: { ...track, name: 'Song One', mbid: songOne.mbid } } }
    }
    await opened.run(withKey)
    const [fake, real] = await opened.database.tracks()
    expect([fake!.status, fake!.song_lastfm]).toEqual(['not_found', null])
    expect(real).toMatchObject({
      status: 'found',
      song_lastfm: 'Song One',
      recording_mbid: songOne.mbid,
      duration_ms: 157_000,
      duration_source: 'musicbrainz',
    })
  })

  test('fault 10: one element as object, missing image, empty id, no album are read', async () => {
    const opened = await world({ 'Beta Band': ['Tune'] }, {})
    opened.stubs.servers.lastfm.fault = (seen) =>
      seen.form.get('method') === 'artist.getInfo'
        ? {
            body: {
              artist: {
                name: 'Beta Band',
                mbid: '',
                url: 'x',
                tags: { tag: { name: 'rock', url: 'x' } },
                similar: '\n  ',
              },
            },
          }
        : {
            body: {
              track: {
                name: 'Tune',
                mbid: '',
                duration: '180000',
                listeners: '99',
                artist: { name: 'Beta Band' },
                toptags: '',
              },
            },
          }
    await opened.run(withKey)
    const { artist, track } = await only(opened)
    expect(artist).toMatchObject({
      artist_lastfm: 'Beta Band',
      canonical_source: 'lastfm',
      identity_status: 'found',
      mbid: null,
    })
    expect(track).toMatchObject({
      song_lastfm: 'Tune',
      duration_ms: 180_000,
      duration_source: 'lastfm',
      status: 'found',
    })
  })

  test('fault 11: an id of a different artist is rejected', async () => {
    const opened = await world({ 'Gamma Ray': [] }, { artists: [alpha] })
    opened.stubs.servers.lastfm.fault = () => ({ body: { artist: { name: 'Gamma Ray', mbid: alphaId, url: 'x' } } })
    await opened.run(withKey)
    const { artist } = await only(opened)
    expect(artist).toMatchObject({ artist_lastfm: 'Gamma Ray', mbid: null, canonical_source: 'lastfm' })
    expect(opened.stubs.servers.musicbrainz.seen.some((one) => (one.query.get('query') ?? '').includes(alphaId))).toBe(
      true,
    )
  })

  test('an id of the same artist is taken', async () => {
    const alias = { ...alpha, qid: null, labels: [], aliases: ['Gamma Ray'] }
    const opened = await world({ 'Gamma Ray': [] }, { artists: [alias] })
    opened.stubs.servers.musicbrainz.fault = (seen) =>
      // The search by name does not find it.
      (seen.query.get('query') ?? '').includes('alias:') ? { body: { count: 0, offset: 0, artists: [] } } : undefined
    opened.stubs.servers.lastfm.fault = () => ({ body: { artist: { name: 'Gamma Ray', mbid: alphaId, url: 'x' } } })
    await opened.run(withKey)
    expect((await only(opened)).artist).toMatchObject({ mbid: alphaId, match_method: 'lastfm+id', match_score: 0.97 })
  })

  test('fault 12: names arrive byte for byte', async () => {
    const artist = 'AC/DC + Ünïcödé & Sons'
    const song = 'C+C %41 Music? #1 / "Ça" \\ 音楽 & more'
    const opened = await world({ [artist]: [song] }, {})
    await opened.run({ ...withBoth })
    const forms = opened.stubs.servers.lastfm.seen.map((one) => [one.form.get('artist'), one.form.get('track')])
    expect(forms).toEqual(
      expect.arrayContaining([
        [artist, null],
        [artist, song],
      ]),
    )
    const [lookup] = opened.stubs.servers.listenbrainz.seen
    expect(lookup!.json).toEqual({ recordings: [{ artist_name: artist, recording_name: song }] })
    // The only song of the act is not matched: MusicBrainz is searched at once. Wikidata is asked by who has no token.
    const keyless = await usual({ [artist]: [song] })
    await keyless.run()
    const labels = keyless.stubs.servers.wikidataQuery.seen[0]!.form.get('query')
    expect(labels).toContain(`"${artist}"@en`)
  })
})

describe('MusicBrainz', () => {
  test('fault 13: shed three times, then an answer: growing gaps of at least 1 s', async () => {
    const { catalogue, table } = many(24)
    const opened = await world(catalogue, table, 5)
    opened.stubs.servers.musicbrainz.fault = (_, nth) => (nth <= 3 ? shed : undefined)
    const lateness = watchLateness(5)
    await opened.run()
    const late = lateness()
    const { seen } = opened.stubs.servers.musicbrainz
    const [first, second, third] = gaps(seen)
    expect(first).toBeGreaterThanOrEqual(1_000)
    expect(second).toBeGreaterThan(first!)
    expect(third).toBeGreaterThan(second!)
    expect(Math.min(...gaps(seen.slice(4)))).toBeGreaterThanOrEqual(1_100 - late)
    expect((await opened.database.artists()).every((row) => row.identity_status === 'found')).toBe(true)
  })

  test('fault 14: our own limit: at least Retry-After of silence, then slower', async () => {
    const { catalogue, table } = many(40)
    const opened = await world(catalogue, table, 5)
    opened.stubs.servers.musicbrainz.fault = (_, nth) => (nth === 3 ? tooFast('5') : undefined)
    const lateness = watchLateness(5)
    await opened.run()
    const late = lateness()
    const spaces = gaps(opened.stubs.servers.musicbrainz.seen)
    expect(spaces[2]).toBeGreaterThanOrEqual(5_000 - late)
    // One and a half times the usual 1.1 s.
    expect(Math.min(...spaces.slice(3, 9))).toBeGreaterThanOrEqual(1_650 - late)
  })

  test('fault 15: shed for ever: five tries, breaker, Wikidata’s way; nothing becomes "not found"', async () => {
    const opened = await usual({ 'Alpha Band': ['Song One'], 'Unknown Act': ['Song Two'] })
    opened.stubs.servers.musicbrainz.fault = () => shed
    const result = await opened.run()
    expect(opened.stubs.servers.musicbrainz.seen.length).toBeLessThanOrEqual(6)
    expect(opened.stubs.servers.musicbrainz.seen.length).toBeGreaterThanOrEqual(5)
    expect(result).toMatchObject({ end: 'partial', degraded: ['musicbrainz'] })
    const [known, unknown] = await opened.database.artists()
    expect(known).toMatchObject({ image_status: 'found', mbid: alphaId, match_method: 'name:unverified' })
    expect(unknown).toMatchObject({ identity_status: 'transient_error', image_status: 'transient_error' })
    for (const row of [known!, unknown!, ...(await opened.database.tracks())])
      expect(row.next_attempt_at).not.toBeNull()
    expect((await opened.database.tracks()).map((row) => row.status)).toEqual(['transient_error', 'transient_error'])
  })

  const merged = madeUpId('merged')
  const oldAlpha: StubArtist = { ...alpha, mbid: merged, mergedInto: alphaId, name: 'Alpha Band' }
  const newAlpha: StubArtist = { ...alpha, qid: null }

  test('fault 16: a merged id is followed by a second, paced request, and the new one is stored', async () => {
    const opened = await world({ 'Alpha Band': [] }, { artists: [oldAlpha, newAlpha], files: [alphaFile] }, 5)
    const lateness = watchLateness(5)
    await opened.run()
    const late = lateness()
    expect((await only(opened)).artist.mbid).toBe(alphaId)
    const { seen } = opened.stubs.servers.musicbrainz
    expect(seen.map((one) => one.path)).toEqual(
      expect.arrayContaining([`/ws/2/artist/${merged}`, `/ws/2/artist/${alphaId}`]),
    )
    expect(Math.min(...gaps(seen))).toBeGreaterThanOrEqual(1_100 - late)
  })

  test.each([
    ['a foreign host', 'https://evil.test/ws/2/artist/x'],
    ['a private address', 'http://169.254.169.254/latest'],
    ['itself for ever', `https://musicbrainz.org/ws/2/artist/${merged}?inc=aliases&fmt=json`],
  ])('fault 16: a redirect to %s is not followed and is no fact', async (_, location) => {
    const opened = await world({ 'Alpha Band': [] }, { artists: [oldAlpha, newAlpha], files: [alphaFile] })
    opened.stubs.servers.musicbrainz.fault = (seen) =>
      seen.path.startsWith('/ws/2/artist/') ? { status: 301, headers: { location }, body: '' } : undefined
    await opened.run()
    expect(
      opened.stubs.servers.musicbrainz.seen.filter((one) => one.path.startsWith('/ws/2/artist/')).length,
    ).toBeLessThanOrEqual(3)
    const memory = await opened.database.memory()
    expect(memory.find((row) => row.kind === 'artist-lookup')).toMatchObject({ outcome: 'transient' })
  })

  test('fault 17: a deleted id is dropped, not the artist; what is no id is never sent', async () => {
    const gone: StubArtist = { ...alpha, mbid: madeUpId('gone'), deleted: true, sitelinks: 50 }
    const opened = await world(
      { 'Alpha Band': ['Song One'] },
      { artists: [gone, alpha], tracks: [songOne], files: [alphaFile] },
    )
    opened.stubs.servers.wikidataQuery.fault = (seen) => {
      if (!seen.form.get('query')?.includes('?label')) return undefined
      const row = (mbid: string, n: string) => ({
        label: { type: 'literal', 'xml:lang': 'en', value: 'Alpha Band' },
        item: { type: 'uri', value: 'http://www.wikidata.org/entity/Q900001' },
        mbid: { type: 'literal', value: mbid },
        n: { type: 'literal', value: n },
      })
      return {
        body: { results: { bindings: [row('not-an-id" OR x', '99'), row(gone.mbid, '50'), row(alphaId, '9')] } },
      }
    }
    await opened.run()
    const { artist, track } = await only(opened)
    expect([artist.mbid, artist.identity_status, track.status]).toEqual([alphaId, 'found', 'found'])
    expect(opened.stubs.servers.musicbrainz.seen.some((one) => one.url.includes('not-an-id'))).toBe(false)
    expect(opened.stubs.servers.musicbrainz.seen.every((one) => one.status !== 400)).toBe(true)
  })

  test('fault 18: a second page of links is fetched; a picture elsewhere is ignored and Wikidata’s taken', async () => {
    const { catalogue, table } = many(60)
    const artists = table.artists.map(
      (one, at): StubArtist => ({
        ...one,
        // Wikidata's names do not tell the picture, MusicBrainz has two relations each: 120 rows and more.
        file: null,
        images: [
          `http://farm4.static.flickr.com/${at}.jpg`,
          ...(at === 59 ? [] : [`https://commons.wikimedia.org/wiki/File:Act_${at}.jpg`]),
        ],
      }),
    )
    const opened = await world(catalogue, { ...table, artists })
    await opened.run()
    const offsets = opened.stubs.servers.musicbrainz.seen
      .filter((one) => one.path === '/ws/2/url')
      .map((one) => one.query.get('offset'))
    expect(offsets).toEqual([null, '100'])
    const rows = await opened.database.artists()
    expect(rows.filter((row) => row.image_status === 'found')).toHaveLength(59)
    expect(rows.every((row) => !row.image_url?.includes('flickr'))).toBe(true)
  })

  test('fault 19: a song that fills all rows does not swallow the others, and the requests stay bounded', async () => {
    const { catalogue, table } = many(8)
    const crowd = Array.from(
      { length: 140 },
      (_, at): StubRecording => ({
        mbid: madeUpId(`crowd ${at}`),
        title: 'Tune 0',
        artists: [table.artists[0]!.mbid],
      }),
    )
    const opened = await world(catalogue, { ...table, tracks: [...crowd, ...table.tracks.slice(1)] })
    await opened.run()
    expect((await opened.database.tracks()).map((row) => row.status)).toEqual(Array.from({ length: 8 }, () => 'found'))
    const searches = opened.stubs.servers.musicbrainz.seen.filter((one) => one.path === '/ws/2/recording')
    expect(searches).toHaveLength(2)
  })

  test('fault 19: a crowd that hides a song is asked past, alone and then beyond official releases', async () => {
    const crowd = Array.from(
      { length: 140 },
      (_, at): StubRecording => ({
        mbid: madeUpId(`crowd ${at}`),
        title: `Song One Part ${at}`,
        artists: [alphaId],
      }),
    )
    const opened = await world(
      { 'Alpha Band': ['Song One'] },
      { artists: [alpha], tracks: [...crowd, songOne], files: [alphaFile] },
    )
    await opened.run({ maxRequests: 40 })
    const searches = opened.stubs.servers.musicbrainz.seen.filter((one) => one.path === '/ws/2/recording')
    expect(searches.length).toBeLessThanOrEqual(3)
    expect(searches[searches.length - 1]!.query.get('query')).not.toContain('status:official')
  })

  test('fault 20: the best hit of a wrong name is rejected by comparison', async () => {
    const opened = await world({ 'Alpha Bend Orchestra': [] }, { artists: [] })
    opened.stubs.servers.musicbrainz.fault = (seen) =>
      seen.path === '/ws/2/artist'
        ? {
            body: {
              count: 1,
              offset: 0,
              artists: [{ id: alphaId, score: 100, name: 'Alpha Band', 'sort-name': 'Alpha Band' }],
            },
          }
        : undefined
    await opened.run()
    expect((await only(opened)).artist).toMatchObject({ mbid: null, identity_status: 'not_found' })
  })

  test.each([
    ['titles classify', ['Song One', 'Song Two', 'Song Three'], 'small', 0],
    ['titles tie', ['Song Zero'], 'big', 1],
  ])('fault 20: two acts of one name: %s', async (_, songs, expected, ambiguous) => {
    const acts = ['big', 'small'].map(
      (size): StubArtist => ({
        mbid: madeUpId(size),
        name: 'Nirvana',
        qid: size === 'big' ? 'Q1' : 'Q2',
        sitelinks: size === 'big' ? 90 : 2,
      }),
    )
    const tracks = ['Song One', 'Song Two', 'Song Three'].map(
      (title): StubRecording => ({
        mbid: madeUpId(`small ${title}`),
        title,
        artists: [madeUpId('small')],
      }),
    )
    const opened = await world({ Nirvana: songs }, { artists: acts, tracks })
    await opened.run()
    expect((await only(opened)).artist).toMatchObject({ mbid: madeUpId(expected), ambiguous })
  })

  test('fault 21: no length, no releases, video null, only live hits: the next one, or flagged', async () => {
    const opened = await world(
      { 'Alpha Band': ['Only Live', 'Song One', 'Video'] },
      {
        artists: [alpha],
        files: [alphaFile],
        tracks: [
          { mbid: madeUpId('bare'), title: 'Song One', artists: [alphaId], lengthMs: null, releases: null },
          songOne,
          { mbid: madeUpId('live'), title: 'Only Live (live)', artists: [alphaId], live: true, lengthMs: 300_000 },
          { mbid: madeUpId('video'), title: 'Video', artists: [alphaId], video: true },
        ],
      },
    )
    await opened.run()
    const [live, one, video] = await opened.database.tracks()
    expect(one).toMatchObject({ recording_mbid: songOne.mbid, duration_ms: 157_000, match_method: 'title+id' })
    expect(live).toMatchObject({
      recording_mbid: madeUpId('live'),
      match_method: 'title+id:version',
      match_score: 0.85,
    })
    expect(video!.status).toBe('not_found')
  })

  test('fault 22: "not identified" turns it off with a hint about ENRICH_CONTACT', async () => {
    const opened = await usual()
    const log = listeningLog()
    opened.stubs.servers.musicbrainz.fault = () => missingUserAgent
    const result = await opened.run({ log })
    expect(opened.stubs.servers.musicbrainz.seen).toHaveLength(1)
    expect(result.degraded).toContain('musicbrainz')
    const warning = log.lines.find((line) => line.level === 'warn')
    expect(String(warning?.fields.hint)).toContain('ENRICH_CONTACT')
    expect((await opened.database.tracks()).map((row) => row.status)).not.toContain('not_found')
  })
})

describe('ListenBrainz', () => {
  test('fault 23: 401 turns look-ups off, metadata is still used, the keyless way takes over', async () => {
    const { catalogue, table } = many(60)
    const opened = await world(catalogue, table)
    const result = await opened.run({ keys: { listenbrainz: 'expired-token' } })
    const paths = opened.stubs.servers.listenbrainz.seen.map((one) => one.path)
    expect(paths.filter((path) => path.endsWith('/lookup/')).length).toBeLessThanOrEqual(2)
    expect(paths.some((path) => path.endsWith('/recording/'))).toBe(true)
    expect((await opened.database.tracks()).every((row) => row.status === 'found')).toBe(true)
    expect((await opened.database.artists()).every((row) => row.image_status === 'found')).toBe(true)
    expect(result.end).toBe('done')
  })

  test('fault 24: its limits are never tripped; a pair that is too long goes elsewhere', async () => {
    const { catalogue, table } = many(119)
    const long = `Opus ${'x'.repeat(260)}`
    const opened = await world({ ...catalogue, 'Alpha Band': [long] }, { ...table, artists: [...table.artists, alpha] })
    await opened.run(withToken)
    const lookups = opened.stubs.servers.listenbrainz.seen.filter((one) => one.path.endsWith('/lookup/'))
    expect(lookups.map((one) => (one.json as { recordings: unknown[] }).recordings.length)).toEqual([50, 50, 19])
    expect(opened.stubs.servers.listenbrainz.seen.every((one) => one.status === 200)).toBe(true)
    const searched = opened.stubs.servers.musicbrainz.seen.map((one) => one.query.get('query') ?? '')
    expect(searched.some((query) => query.includes(long.toLowerCase()))).toBe(true)
  })

  test('fault 25: nothing left in the window: silence until it begins anew; 429 is honoured', async () => {
    const { catalogue, table } = many(220)
    const opened = await world(catalogue, table, 20)
    const { listenbrainz } = opened.stubs.servers
    listenbrainz.fault = (_, nth) =>
      nth === 5
        ? {
            status: 429,
            headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-in': '7' },
            body: { code: 429, error: 'x' },
          }
        : undefined
    await opened.run(withToken)
    const refused = listenbrainz.seen[4]!
    const after = listenbrainz.times.filter((time) => time > refused.at + 200)
    expect(Math.min(...after)).toBeGreaterThanOrEqual(refused.at + 7_000)
    expect((await opened.database.tracks()).every((row) => row.status === 'found')).toBe(true)
  })

  test('fault 25: 500 on a batch: halves, down to the poisoned pair', async () => {
    const { catalogue, table } = many(50)
    const opened = await world(catalogue, table)
    opened.stubs.servers.listenbrainz.fault = (seen) =>
      seen.path.endsWith('/lookup/') && seen.body.includes('"Tune 17"')
        ? { status: 500, body: { code: 500, error: 'x' } }
        : undefined
    await opened.run(withToken)
    const sizes = opened.stubs.servers.listenbrainz.seen
      .filter((one) => one.path.endsWith('/lookup/') && one.status === 500)
      .map((one) => (one.json as { recordings: unknown[] }).recordings.length)
    expectHalves(sizes, 50)
    const memory = (await opened.database.memory()).filter((row) => row.kind === 'pair')
    expect(memory.filter((row) => row.outcome === 'found')).toHaveLength(49)
    expect(memory.find((row) => row.key.includes('Tune 17'))).toMatchObject({ outcome: 'transient' })
    // MusicBrainz knew it.
    expect((await opened.database.tracks()).every((row) => row.status === 'found')).toBe(true)
  })

  test('an answer that is larger than is read: halves, not the same again', async () => {
    const { catalogue, table } = many(12)
    const opened = await world(catalogue, table)
    const sizes: number[] = []
    opened.stubs.servers.listenbrainz.fault = (seen) => {
      if (!seen.path.endsWith('/recording/')) return undefined
      const { length } = (seen.json as { recording_mbids: unknown[] }).recording_mbids
      sizes.push(length)
      return length > 3 ? { body: `{"x":"${'y'.repeat(17 << 20)}"}` } : undefined
    }
    const result = await opened.run()
    expect(result.end).toBe('done')
    expect(sizes).toEqual([12, 6, 6, 3, 3, 3, 3])
  })

  test('fault 26: an answer that is shorter, in another order or without an index is never given to another song', async () => {
    const { catalogue, table } = many(6)
    const opened = await world(catalogue, table)
    opened.stubs.servers.listenbrainz.fault = (seen) => {
      if (!seen.path.endsWith('/lookup/')) return undefined
      const { recordings } = seen.json as { recordings: { artist_name: string; recording_name: string }[] }
      const items = recordings.map((pair, index) => {
        const at = Number(pair.recording_name.replace(/\D/g, ''))
        return {
          artist_name_arg: pair.artist_name,
          recording_name_arg: pair.recording_name,
          index,
          artist_credit_name: pair.artist_name,
          artist_mbids: [table.artists[at]!.mbid],
          recording_mbid: table.tracks[at]!.mbid,
          recording_name: pair.recording_name,
        }
      })
      const { index: _index, ...without } = items[0]!
      return { body: [items[4], items[2], without, { ...items[5], index: 1 }] }
    }
    await opened.run(withToken)
    const memory = (await opened.database.memory()).filter((row) => row.kind === 'pair')
    const found = memory.filter((row) => row.outcome === 'found')
    expect(found).toHaveLength(2)
    for (const row of found) {
      const at = Number(row.key.slice(row.key.indexOf('Tune')).replace(/\D/g, ''))
      expect(JSON.parse(row.payload ?? '').recordingMbid).toBe(table.tracks[at]!.mbid)
    }
    expect(memory.filter((row) => row.outcome === 'transient')).toHaveLength(4)
    const rows = await opened.database.tracks()
    expect(rows.map((row) => row.recording_mbid)).toEqual(
      rows.map((row) => madeUpId(`tune ${row.song_clean.replace(/\D/g, '')}`)),
    )
  })
})

describe('Wikidata', () => {
  const asked = (seen: Seen) => [...(seen.form.get('query') ?? '').matchAll(/"Act Number \d+"@en/g)].length

  test('fault 27: a query that times out is halved, never sent as it is; one alone is passing', async () => {
    const { catalogue, table } = many(20)
    const opened = await world(catalogue, table)
    opened.stubs.servers.wikidataQuery.fault = (seen) =>
      (seen.form.get('query') ?? '').includes('"Act Number 7"@en') ? queryTimeout : undefined
    await opened.run()
    const { seen } = opened.stubs.servers.wikidataQuery
    expect(new Set(seen.map((one) => one.body)).size).toBe(seen.length)
    expectHalves(seen.filter((one) => one.status === 500).map(asked), 20)
    const memory = (await opened.database.memory()).filter((row) => row.kind === 'artist-name')
    expect(memory.filter((row) => row.outcome !== 'found').map((row) => [row.key, row.outcome])).toEqual([
      ['Act Number 7', 'transient'],
    ])
    // The search found it all the same.
    expect((await opened.database.artists()).every((row) => row.identity_status === 'found')).toBe(true)
  })

  test.each<[string, Reply, string]>([
    [
      'JSON that breaks off into a stack trace',
      { body: '{"head":{},"results":{"bindings":[\n at org.openrdf.query' },
      'again',
    ],
    ['429 with Retry-After', tooManyRequests('9'), 'waits'],
    ['403', { status: 403, body: 'banned' }, 'off'],
  ])('fault 28: %s', async (_, reply, what) => {
    const opened = await usual()
    const { wikidataQuery } = opened.stubs.servers
    wikidataQuery.fault = (__, nth) => (nth === 1 ? reply : undefined)
    const result = await opened.run()
    const { artist } = await only(opened)
    expect(artist).toMatchObject({ mbid: alphaId, identity_status: 'found' })
    if (what === 'off') {
      expect(wikidataQuery.seen).toHaveLength(1)
      expect(result.degraded).toContain('wikidata-query')
    } else {
      expect(gaps(wikidataQuery.seen)[0]).toBeGreaterThanOrEqual(what === 'waits' ? 9_000 : 1_000)
      expect(artist.image_status).toBe('found')
    }
  })

  test('fault 29: several items, pictures and odd addresses: one fixed choice', async () => {
    const row = (qid: string, img: string, n: string) => ({
      label: { type: 'literal', 'xml:lang': 'en', value: 'Alpha Band' },
      item: { type: 'uri', value: `http://www.wikidata.org/entity/${qid}` },
      mbid: { type: 'literal', value: alphaId },
      img: { type: 'uri', value: `http://commons.wikimedia.org/wiki/Special:FilePath/${img}` },
      n: { type: 'literal', value: n },
    })
    const bindings = [
      row('Q900002', 'Zeta%20other.jpg', '3'),
      row('Q900001', 'M%C3%BCnchen%20live%202001.jpg', '9'),
      row('Q900001', 'Beta%20%27third%27.jpg', '9'),
      row('Q900001', 'Alpha%20Band%20%28second%29.jpg', '9'),
    ]
    for (const order of [bindings, [...bindings].reverse()]) {
      const opened = await world(
        { 'Alpha Band': [] },
        { artists: [alpha], files: [{ file: 'Alpha Band (second).jpg' }] },
      )
      opened.stubs.servers.wikidataQuery.fault = () => ({ body: { results: { bindings: order } } })
      await opened.run()
      expect(opened.stubs.servers.commons.seen.map((one) => one.form.get('titles'))).toEqual([
        'File:Alpha Band (second).jpg',
      ])
      expect((await only(opened)).artist).toMatchObject({ wikidata_qid: 'Q900001', image_status: 'found' })
    }
  })

  test('fault 29: deprecated statements do not count where Wikidata itself is asked', async () => {
    const opened = await world(
      { 'Alpha Band': ['Song One'] },
      { artists: [alpha], tracks: [songOne], files: [alphaFile] },
    )
    opened.stubs.servers.wikidataQuery.fault = () => ({ status: 403, body: '' })
    await opened.run(withToken)
    expect(opened.stubs.servers.wikidata.seen.map((one) => one.query.get('ids'))).toEqual(['Q900001'])
    expect(opened.stubs.servers.commons.seen.map((one) => one.form.get('titles'))).toEqual(['File:Alpha Band 2001.jpg'])
  })

  test('an item that does not exist is absent, and the others of its batch are asked without it', async () => {
    const { catalogue, table } = many(4)
    const opened = await world(catalogue, table)
    const { wikidata, wikidataQuery } = opened.stubs.servers
    wikidataQuery.fault = () => ({ status: 403, body: '' })
    wikidata.fault = (seen) =>
      seen.query.get('ids')?.split('|').includes('Q1002')
        ? {
            body: {
              error: { code: 'no-such-entity', info: 'Could not find an entity with the ID "Q1002".', id: 'Q1002' },
            },
          }
        : undefined
    const result = await opened.run(withToken)
    expect(result).toMatchObject({ end: 'done', left: 0 })
    expect(wikidata.seen.map((one) => one.query.get('ids')?.split('|').sort())).toEqual([
      ['Q1000', 'Q1001', 'Q1002', 'Q1003'],
      ['Q1000', 'Q1001', 'Q1003'],
    ])
    const memory = (await opened.database.memory()).filter((row) => row.provider === 'wikidata')
    expect(memory.map((row) => [row.key, row.outcome])).toEqual([
      ['Q1000', 'found'],
      ['Q1001', 'found'],
      ['Q1002', 'not_found'],
      ['Q1003', 'found'],
    ])
  })
})

describe('Commons', () => {
  test.each<[string, Reply, number]>([
    ['maxlag as 200', maxlag, 5_000],
    ['ratelimited', { body: { error: { code: 'ratelimited', info: 'x' } }, headers: { 'retry-after': '6' } }, 6_000],
    ['429 as HTML', tooManyRequests('18'), 18_000],
  ])('fault 30: %s: waits, then the same batch', async (_, reply, waitMs) => {
    const opened = await usual()
    const { commons } = opened.stubs.servers
    commons.fault = (__, nth) => (nth === 1 ? reply : undefined)
    await opened.run()
    expect(commons.seen).toHaveLength(2)
    expect(gaps(commons.seen)[0]).toBeGreaterThanOrEqual(waitMs)
    expect(commons.seen[0]!.body).toBe(commons.seen[1]!.body)
    expect((await only(opened)).artist.image_status).toBe('found')
  })

  test('fault 30: Commons and Wikidata count together', async () => {
    const { catalogue, table } = many(60)
    const opened = await world(catalogue, table, 5)
    opened.stubs.servers.wikidataQuery.fault = (seen) =>
      (seen.form.get('query') ?? '').includes('?label') ? undefined : { status: 403, body: '' }
    const lateness = watchLateness(5)
    await opened.run(withToken)
    const late = lateness()
    const { commons, wikidata } = opened.stubs.servers
    expect(wikidata.seen.length).toBeGreaterThan(0)
    const together = [...commons.seen, ...wikidata.seen].sort((a, b) => a.at - b.at)
    expect(Math.min(...gaps(together))).toBeGreaterThanOrEqual(400 - late)
  })

  test('fault 31: normalised names, redirects, missing files and pages are traced back to the right artist', async () => {
    const names = ["It's (a) question?.jpg", 'Old.jpg', 'Gone.jpg']
    const artists = names.map(
      (file, at): StubArtist => ({
        mbid: madeUpId(`act ${at}`),
        name: `Act Number ${at}`,
        qid: `Q${100 + at}`,
        file,
        images: file === 'Gone.jpg' ? ['https://commons.wikimedia.org/wiki/File:Second_choice.jpg'] : [],
      }),
    )
    const opened = await world(Object.fromEntries(artists.map((one) => [one.name, []])), { artists })
    const page = (title: string) => ({ ns: 6, title: `File:${title}`, imageinfo: [imageInfo(title, {})] })
    opened.stubs.servers.commons.fault = (seen) => {
      const titles = (seen.form.get('titles') ?? '').split('|')
      if (titles.includes('File:Second choice.jpg')) return { body: { query: { pages: [page('Second choice.jpg')] } } }
      return {
        body: {
          batchcomplete: true,
          query: {
            normalized: [{ from: 'File:Old.jpg', to: 'File:Old name.jpg' }],
            redirects: [{ from: 'File:Old name.jpg', to: 'File:New.jpg' }],
            pages: [page('New.jpg'), page("It's (a) question?.jpg"), { ns: 6, title: 'File:Gone.jpg', missing: true }],
          },
        },
      }
    }
    await opened.run()
    const rows = await opened.database.artists()
    expect(rows.map((row) => row.image_page_url?.replace('https://commons.wikimedia.org/wiki/File:', ''))).toEqual([
      "It's_(a)_question%3F.jpg",
      'New.jpg',
      'Second_choice.jpg',
    ])
    expect(opened.stubs.servers.commons.seen).toHaveLength(2)
  })

  test('fault 31: the next page of an answer is fetched before anything is stored', async () => {
    const { catalogue, table } = many(2)
    const opened = await world(catalogue, table)
    const page = (title: string) => ({ ns: 6, title: `File:${title}`, imageinfo: [imageInfo(title, {})] })
    opened.stubs.servers.commons.fault = (seen) =>
      seen.form.get('iistart') === null
        ? {
            body: {
              continue: { iistart: '2001', continue: '||' },
              query: { pages: [page('Act 0.jpg'), { ns: 6, title: 'File:Act 1.jpg' }] },
            },
          }
        : { body: { batchcomplete: true, query: { pages: [{ ns: 6, title: 'File:Act 0.jpg' }, page('Act 1.jpg')] } } }
    await opened.run()
    expect((await opened.database.artists()).map((row) => row.image_page_url)).toEqual([
      'https://commons.wikimedia.org/wiki/File:Act_0.jpg',
      'https://commons.wikimedia.org/wiki/File:Act_1.jpg',
    ])
    expect(opened.stubs.servers.commons.seen).toHaveLength(2)
  })

  test('fault 32: SVG and TIFF by their thumbnail, sound refused, a small original taken', async () => {
    const files = [
      { file: 'Logo.svg', mime: 'image/svg+xml', mediatype: 'DRAWING' },
      { file: 'Scan.tif', mime: 'image/tiff' },
      { file: 'Interview.ogg', mime: 'audio/ogg', mediatype: 'AUDIO' },
      { file: 'Tiny.jpg', width: 90, height: 60 },
    ]
    const artists = files.map(
      ({ file }, at): StubArtist => ({
        mbid: madeUpId(`act ${at}`),
        name: `Act Number ${at}`,
        qid: `Q${100 + at}`,
        file,
      }),
    )
    const opened = await world(Object.fromEntries(artists.map((one) => [one.name, []])), { artists, files })
    await opened.run()
    const rows = await opened.database.artists()
    expect(rows.map((row) => [row.image_status, row.image_mime, row.image_url?.split('/').pop() ?? null])).toEqual([
      ['found', 'image/png', '500px-Logo.svg.png'],
      ['found', 'image/jpeg', 'lossy-page1-500px-Scan.tif.jpg'],
      ['not_found', null, null],
      ['found', 'image/jpeg', 'Tiny.jpg'],
    ])
  })

  test('fault 33: no metadata: no licence; HTML in it: its text', async () => {
    const files = [
      { file: 'Bare.jpg', meta: null },
      {
        file: 'Html.jpg',
        meta: {
          LicenseShortName: '<b>CC BY 4.0</b>',
          LicenseUrl: 'javascript:alert(1)',
          Artist:
            '<script>alert("x")</script><a href="//x">Jane &amp; &lt;b&gt;Joe\u0007</a><img src=x onerror=alert(1)>',
          AttributionRequired: 'true',
        },
      },
    ]
    const artists = files.map(
      ({ file }, at): StubArtist => ({
        mbid: madeUpId(`act ${at}`),
        name: `Act Number ${at}`,
        qid: `Q${100 + at}`,
        file,
      }),
    )
    const opened = await world(Object.fromEntries(artists.map((one) => [one.name, []])), { artists, files })
    await opened.run()
    const [bare, html] = await opened.database.artists()
    expect(bare).toMatchObject({ image_status: 'found', licence: null, attribution: null, attribution_required: null })
    expect(html).toMatchObject({
      licence: 'CC BY 4.0',
      licence_url: null,
      attribution: 'Jane & Joe',
      attribution_required: 1,
    })
  })
})

describe('the network', () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20))
  test.each<[string, Reply]>([
    [
      'a connection that is reset in the body',
      {
        raw: (_, response) => {
          response.writeHead(200, { 'content-length': '5000' })
          response.write('{"query":')
          setTimeout(() => response.destroy(), 5)
        },
      },
    ],
    [
      'one byte a second',
      {
        raw: (_, response) => {
          response.writeHead(200)
          const timer = setInterval(() => response.write(' '), 20)
          response.once('close', () => clearInterval(timer))
        },
      },
    ],
    [
      'a body without end',
      {
        raw: (_, response) => {
          response.writeHead(200)
          const chunk = Buffer.alloc(1 << 20, 32)
          const more = () => {
            while (!response.destroyed && response.write(chunk)) {}
            if (!response.destroyed) response.once('drain', more)
          }
          more()
        },
      },
    ],
    [
      'a gzip bomb',
      {
        raw: (_, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' })
          response.end(bomb)
        },
      },
    ],
    [
      'a picture instead of JSON',
      { headers: { 'content-type': 'image/png' }, body: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]) },
    ],
    [
      'a broken gzip',
      {
        raw: (_, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' })
          response.end(bomb.subarray(0, 100))
        },
      },
    ],
  ])('fault 34: %s: bounded time and memory, and no fact', async (_, reply) => {
    const opened = await usual()
    opened.stubs.servers.commons.fault = () => reply
    const before = process.memoryUsage().rss
    const started = performance.now()
    await opened.run({ timeoutMs: undefined })
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20)
    const { artist } = await only(opened)
    expect([artist.identity_status, artist.image_status]).toEqual(['found', 'transient_error'])
    expect(artist.next_attempt_at).not.toBeNull()
    expect(opened.stubs.servers.commons.seen.length).toBeLessThanOrEqual(5)
  })

  test.each([
    ['nobody listens', 'http://127.0.0.1:1/'],
    ['no such name', 'http://no-such-host.invalid/'],
  ])('fault 34: %s', async (_, commons) => {
    const opened = await usual()
    const bases = { ...opened.stubs.bases, commons }
    await opened.run({ bases, allowCustomHosts: true })
    expect((await only(opened)).artist).toMatchObject({ identity_status: 'found', image_status: 'transient_error' })
  })

  const nowhere = Object.fromEntries(
    ['musicbrainz', 'listenbrainz', 'wikidataQuery', 'wikidata', 'commons', 'lastfm'].map((name) => [
      name,
      'http://127.0.0.1:1/',
    ]),
  )

  test('fault 35: everything down: ends in seconds, nothing found before is lost', async () => {
    const { catalogue, table } = many(40)
    const opened = await world(catalogue, table, 5)
    await opened.run()
    const before = { artists: await opened.database.artists(), tracks: await opened.database.tracks() }
    // A year later everything has expired.
    await opened.database.db.updateTable('artist_images').set({ expires_at: '2020-01-01T00:00:00.000Z' }).execute()
    await opened.database.db.updateTable('track_info').set({ expires_at: '2020-01-01T00:00:00.000Z' }).execute()
    await opened.database.db.updateTable('enrichment_lookup').set({ expires_at: '2020-01-01T00:00:00.000Z' }).execute()
    const result = await opened.run({ ...withBoth, bases: nowhere })
    expect(result.elapsedMs).toBeLessThan(30_000)
    expect(result.end).toBe('partial')
    const kept = <T extends object>(rows: readonly T[], names: readonly (keyof T)[]) =>
      rows.map((row) => names.map((name) => row[name]))
    const artistFacts = [
      'artist_clean',
      'mbid',
      'image_url',
      'licence',
      'canonical_name',
      'identity_status',
      'image_status',
      'updated_at',
    ] as const
    const trackFacts = ['song_clean', 'recording_mbid', 'duration_ms', 'status', 'cover_url'] as const
    const after = { artists: await opened.database.artists(), tracks: await opened.database.tracks() }
    expect(kept(after.artists, artistFacts)).toEqual(kept(before.artists, artistFacts))
    expect(kept(after.tracks, trackFacts)).toEqual(kept(before.tracks, trackFacts))
    expect(
      [...after.artists, ...after.tracks].every((row) => row.next_attempt_at !== null && row.last_error !== null),
    ).toBe(true)
  })

  test('fault 35: everything down on the first run: rows say "to be tried again", never "not found"', async () => {
    const { catalogue } = many(40)
    const opened = await world(catalogue, {}, 5)
    const result = await opened.run({ bases: nowhere })
    expect(result.elapsedMs).toBeLessThan(30_000)
    expect(result.artists).toMatchObject({ found: 0, notFound: 0, transient: 40 })
    expect(result.tracks).toMatchObject({ found: 0, notFound: 0, transient: 40 })
  })

  test.each([
    '99999999999999999999',
    '9'.repeat(400),
    'Sat, 13 Sep 275760 00:00:00 GMT',
  ])('a Retry-After beyond all time (%s) is a long pause, not the end of the run', async (value) => {
    const opened = await usual()
    for (const server of Object.values(opened.stubs.servers)) {
      server.fault = () => ({
        status: 429,
        headers: { 'retry-after': value, 'x-ratelimit-reset-in': value },
        body: {},
      })
    }
    const result = await opened.run({ ...withBoth })
    expect(result.end).toBe('partial')
    const { artist, track } = await only(opened)
    expect([artist.identity_status, track.status]).toEqual(['transient_error', 'transient_error'])
    expect(daysUntil(opened, artist.next_attempt_at)).toBeLessThan(1.1)
  })

  test('numbers that no column holds are dropped, not stored', async () => {
    const opened = await usual()
    const info = { ...imageInfo('Alpha Band 2001.jpg', { width: 1800, height: 1200 }), width: 1e300, height: -3 }
    opened.stubs.servers.commons.fault = () => ({
      body: { query: { pages: [{ title: 'File:Alpha Band 2001.jpg', imageinfo: [info] }] } },
    })
    await opened.run()
    const { artist } = await only(opened)
    expect(artist).toMatchObject({ image_status: 'found', image_width: null, image_height: null })
  })

  test('fault 38: a server whose clock is an hour off: the wait is judged by its own clock', async () => {
    const opened = await usual()
    const { commons } = opened.stubs.servers
    commons.fault = (_, nth) => {
      const theirs = opened.clock.now() + 3_600_000
      return nth === 1
        ? {
            status: 429,
            headers: { date: new Date(theirs).toUTCString(), 'retry-after': new Date(theirs + 10_000).toUTCString() },
            body: '',
          }
        : undefined
    }
    await opened.run()
    const [wait] = gaps(commons.seen)
    expect(wait).toBeGreaterThanOrEqual(8_000)
    expect(wait).toBeLessThan(20_000)
  })
})

describe('fault 39: addresses of pictures', () => {
  test.each([
    ['http://169.254.169.254/x.jpg', null],
    ['https://user@upload.wikimedia.org/x.jpg', null],
    ['https://user:pass@upload.wikimedia.org/x.jpg', null],
    ['https://upload.wikimedia.org.evil.test/x.jpg', null],
    ['https://evil.test/upload.wikimedia.org/x.jpg', null],
    ['https://upload.wikimedia.org:8443/x.jpg', null],
    ['javascript:alert(1)', null],
    ['data:text/html,<script>', null],
    ['file:///etc/passwd', null],
    ['//evil.test/x.jpg', null],
    ['//upload.wikimedia.org/x.jpg', 'https://upload.wikimedia.org/x.jpg'],
    ['https://cdn-images.dzcdn.net/images/artist/abc/1000x1000.jpg', null],
    [`https://upload.wikimedia.org/${'x'.repeat(2_100)}.jpg`, null],
    ['', null],
    ['http://coverartarchive.org/release/x/1-250.jpg', 'https://coverartarchive.org/release/x/1-250.jpg'],
    [
      'https://upload.wikimedia.org/wikipedia/commons/a/ab/X.jpg',
      'https://upload.wikimedia.org/wikipedia/commons/a/ab/X.jpg',
    ],
  ])('%s', (address, expected) => {
    const checked = imageAddress(address)
    expect('url' in checked ? checked.url : null).toBe(expected)
  })

  test('a host of another service counts only for its own answers', () => {
    expect(
      imageAddress('https://cdn-images.dzcdn.net/images/artist/abc/1000x1000.jpg', ['cdn-images.dzcdn.net']),
    ).toHaveProperty('url')
  })

  test.each([
    ['http://127.0.0.1:8805/a.svg', 'http://127.0.0.1:8805/w/api.php', true],
    ['https://upload.wikimedia.org/a.jpg', 'http://127.0.0.1:8805/w/api.php', true],
    ['http://127.0.0.1:22/a.svg', 'http://127.0.0.1:8805/w/api.php', false],
    ['http://user@127.0.0.1:8805/a.svg', 'http://127.0.0.1:8805/w/api.php', false],
    ['http://mirror.test/a.jpg', 'http://mirror.test/w/api.php', false],
    ['http://127.0.0.1:8805/a.svg', 'https://commons.wikimedia.org/w/api.php', false],
  ])('%s from %s: only a stand-in on this machine has pictures of its own (%s)', (address, base, taken) => {
    expect('url' in imageAddress(address, [], new URL(base))).toBe(taken)
  })

  test('what a service slips in is dropped', async () => {
    const opened = await usual()
    opened.stubs.servers.commons.fault = () => ({
      body: {
        query: {
          pages: [
            {
              ns: 6,
              title: 'File:Alpha Band 2001.jpg',
              imageinfo: [
                {
                  ...imageInfo('X.jpg', {}),
                  url: 'http://169.254.169.254/x.jpg',
                  thumburl: 'https://upload.wikimedia.org.evil.test/x.jpg',
                },
              ],
            },
          ],
        },
      },
    })
    await opened.run()
    expect((await only(opened)).artist).toMatchObject({
      image_status: 'not_found',
      image_url: null,
      image_thumb_url: null,
    })
  })
})

test('fault 42: a key that is added later: only Last.fm is asked, only for rows that lack it', async () => {
  const { catalogue, table } = many(12)
  const opened = await world(catalogue, table)
  await opened.run()
  opened.stubs.clear()
  const options: Partial<EnrichOptions> = withKey
  await opened.run(options)
  expect(opened.stubs.servers.lastfm.seen).toHaveLength(24)
  expect(opened.stubs.total()).toBe(24)
  const rows = await opened.database.artists()
  expect(rows.every((row) => row.artist_lastfm === row.artist_clean && row.image_status === 'found')).toBe(true)
  expect((await opened.database.tracks()).every((row) => row.song_lastfm !== null && row.duration_ms !== null)).toBe(
    true,
  )
  opened.stubs.clear()
  await opened.run(options)
  expect(opened.stubs.total()).toBe(0)
})

test('names that stand for nobody and titles that are empty cost no request and are not asked again', async () => {
  const opened = await world(
    { '[unknown]': ['Song One'], 'Various Artists': [], '': [''], 'Alpha Band': ['', 'Song One'] },
    { artists: [alpha], tracks: [songOne], files: [alphaFile] },
  )
  await opened.run({ ...withBoth })
  const asked = Object.values(opened.stubs.servers).flatMap((server) =>
    server.seen.map((one) => decodeURIComponent(`${one.url}${one.body}`)),
  )
  expect(asked.some((one) => /unknown|various/i.test(one))).toBe(false)
  const rows = await opened.database.tracks()
  expect(rows.map((row) => [row.artist_clean, row.song_clean, row.status])).toEqual([
    ['', '', 'not_found'],
    ['Alpha Band', '', 'not_found'],
    ['Alpha Band', 'Song One', 'found'],
    ['[unknown]', 'Song One', 'not_found'],
  ])
  opened.stubs.clear()
  expect(await opened.run({ ...withBoth })).toMatchObject({ requests: 0, end: 'done' })
})

describe('names as logs have them', () => {
  test('"Last, First", a guest, and a name that is only part of another', async () => {
    const petty: StubArtist = { mbid: madeUpId('petty'), name: 'Tom Petty', qid: 'Q7', sitelinks: 1 }
    const opened = await world(
      { 'Petty, Tom': ['Song One'], 'Alpha Band feat. Beta': ['Song One'], Alpha: ['Song One'], 'Alphas, The': [] },
      {
        artists: [petty, alpha],
        tracks: [songOne, { mbid: madeUpId('petty one'), title: 'Song One', artists: [petty.mbid], lengthMs: 200_000 }],
        files: [alphaFile],
      },
    )
    await opened.run()
    const rows = (await opened.database.artists()).map((row) => [row.artist_clean, row.mbid, row.match_method])
    expect(rows).toEqual([
      ['Alpha', null, null],
      ['Alpha Band feat. Beta', alphaId, 'name:part'],
      ['Alphas, The', alphaId, 'name'],
      ['Petty, Tom', petty.mbid, 'name'],
    ])
    const lengths = (await opened.database.tracks()).map((row) => [row.artist_clean, row.duration_ms])
    expect(lengths).toEqual([
      ['Alpha', null],
      ['Alpha Band feat. Beta', 157_000],
      ['Petty, Tom', 200_000],
    ])
  })
})
