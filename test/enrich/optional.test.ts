import { afterEach, describe, expect, test } from '@jest/globals'
import { fastClock } from '../../lib/enrich/index.ts'
import { madeUpId, type Reply, StubServer, TableWorld } from '../../lib/stubs/index.ts'
import { type Catalogue, listeningLog, startWorld, type World } from './harness.ts'

/* Fault 40: the opt-in services, which nobody asks unless they are named. */

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(
  catalogue: Catalogue,
  table: ConstructorParameters<typeof TableWorld>[0],
  answers: { deezer?: Reply; itunes?: Reply; theaudiodb?: Reply; fanarttv?: Reply },
) {
  const clock = fastClock(50, Date.UTC(2026, 10, 1))
  const world: World = await startWorld({ catalogue, stubs: { world: new TableWorld(table) }, clock })
  closing.push(() => world.close())
  const server = async (answer: Reply | undefined) => {
    const opened = await new StubServer(() => answer ?? { status: 500 }, clock).listen()
    closing.push(() => opened.close())
    return opened
  }
  const servers = {
    deezer: await server(answers.deezer),
    itunes: await server(answers.itunes),
    theaudiodb: await server(answers.theaudiodb),
    fanarttv: await server(answers.fanarttv),
  }
  const bases = {
    ...world.stubs.bases,
    deezer: servers.deezer.origin,
    itunes: servers.itunes.origin,
    theaudiodb: `${servers.theaudiodb.origin}/api/v1/json/`,
    fanarttv: `${servers.fanarttv.origin}/v3/music/`,
  }
  return { world, servers, bases }
}

const beta = { mbid: madeUpId('beta'), name: 'Beta Band' }
const noLength = { mbid: madeUpId('tune'), title: 'Tune', artists: [beta.mbid], lengthMs: null }
const act = (picture: string) => ({
  id: 1,
  name: 'Beta Band',
  link: 'https://www.deezer.com/artist/1',
  picture_xl: picture,
  type: 'artist',
})
const hit = (picture: string, more: object = {}) => ({
  title: 'Tune',
  title_short: 'Tune',
  duration: 200,
  artist: act(picture),
  ...more,
})

test('nobody asks them unless they are named', async () => {
  const { world, servers, bases } = await open({ 'Beta Band': ['Tune'] }, { artists: [beta], tracks: [noLength] }, {})
  await world.run({ bases })
  expect(
    servers.deezer.seen.length +
      servers.itunes.seen.length +
      servers.theaudiodb.seen.length +
      servers.fanarttv.seen.length,
  ).toBe(0)
})

describe('Deezer', () => {
  test.each<[string, unknown, string, string | null]>([
    [
      'a picture',
      { data: [hit('https://cdn-images.dzcdn.net/images/artist/abc/1000x1000-000000-80-0-0.jpg')], total: 1 },
      'found',
      'deezer',
    ],
    [
      'an empty hash is a placeholder',
      { data: [hit('https://cdn-images.dzcdn.net/images/artist//1000x1000-000000-80-0-0.jpg')] },
      'not_found',
      null,
    ],
    [
      'so is the MD5 of nothing',
      { data: [hit('https://cdn-images.dzcdn.net/images/artist/d41d8cd98f00b204e9800998ecf8427e/1000x1000.jpg')] },
      'not_found',
      null,
    ],
    [
      'somebody else',
      {
        data: [
          hit('', {
            artist: { ...act('https://cdn-images.dzcdn.net/images/artist/abc/1.jpg'), name: 'Beta Tribute Band' },
          }),
        ],
      },
      'not_found',
      null,
    ],
    [
      'a namesake, with another title',
      { data: [hit('https://cdn-images.dzcdn.net/images/artist/abc/1.jpg', { title: 'Else', title_short: 'Else' })] },
      'not_found',
      null,
    ],
    ['no hits', { data: [], total: 0 }, 'not_found', null],
    ['code 800', { error: { type: 'DataException', message: 'no data', code: 800 } }, 'not_found', null],
  ])('%s', async (_, body, status, provider) => {
    const { world, bases } = await open({ 'Beta Band': ['Tune'] }, { artists: [beta] }, { deezer: { body } })
    await world.run({ bases, optional: ['deezer'] })
    const [row] = await world.database.artists()
    expect(row).toMatchObject({ image_status: status, image_provider: provider })
    if (provider === null) expect(row!.image_url).toBeNull()
  })

  test('code 4 as 200 is a limit: the limiter waits, nothing is "not found"', async () => {
    const { world, servers, bases } = await open(
      { 'Beta Band': ['Tune'] },
      { artists: [beta] },
      { deezer: { body: { data: [], total: 0 } } },
    )
    servers.deezer.fault = (_, nth) =>
      nth === 1 ? { body: { error: { type: 'Exception', message: 'Quota limit exceeded', code: 4 } } } : undefined
    await world.run({ bases, optional: ['deezer'] })
    const [first, second] = servers.deezer.times
    expect(second! - first!).toBeGreaterThanOrEqual(5_000)
  })

  test('an act without a title is not asked about: a name alone is no sign', async () => {
    const { world, servers, bases } = await open({ 'Beta Band': [] }, { artists: [beta] }, {})
    await world.run({ bases, optional: ['deezer'] })
    expect(servers.deezer.seen).toHaveLength(0)
  })

  test('a length in seconds becomes milliseconds', async () => {
    const track = {
      title: 'Tune (Remastered)',
      title_short: 'Tune',
      title_version: '(Remastered)',
      duration: 201,
      artist: { name: 'Beta Band' },
    }
    const { world, bases } = await open(
      { 'Beta Band': ['Tune'] },
      { artists: [beta], tracks: [noLength] },
      { deezer: { body: { data: [track] } } },
    )
    await world.run({ bases, optional: ['deezer'], scope: 'tracks' })
    const [row] = await world.database.tracks()
    expect(row).toMatchObject({ duration_ms: 201_000, duration_source: 'deezer', recording_mbid: noLength.mbid })
  })
})

describe('iTunes', () => {
  test('leading newlines and text/javascript are read', async () => {
    const song = {
      wrapperType: 'track',
      kind: 'song',
      artistName: 'Beta Band',
      trackName: 'Tune',
      trackTimeMillis: 199_500,
    }
    const body = `\n\n\n${JSON.stringify({ resultCount: 1, results: [song] })}`
    const { world, bases } = await open(
      { 'Beta Band': ['Tune'] },
      { artists: [beta], tracks: [noLength] },
      { itunes: { headers: { 'content-type': 'text/javascript' }, body } },
    )
    await world.run({ bases, optional: ['itunes'], scope: 'tracks' })
    expect((await world.database.tracks())[0]).toMatchObject({ duration_ms: 199_500, duration_source: 'itunes' })
  })

  test('403 with an empty body is a limit', async () => {
    const { world, servers, bases } = await open(
      { 'Beta Band': ['Tune'] },
      { artists: [beta], tracks: [noLength] },
      { itunes: { body: { resultCount: 0, results: [] } } },
    )
    servers.itunes.fault = (_, nth) => (nth === 1 ? { status: 403, body: '' } : undefined)
    await world.run({ bases, optional: ['itunes'], scope: 'tracks' })
    const [first, second] = servers.itunes.times
    expect(second! - first!).toBeGreaterThanOrEqual(60_000)
    expect((await world.database.tracks())[0]).toMatchObject({ status: 'found', duration_ms: null })
  })
})

describe('TheAudioDB', () => {
  test.each<[string, Reply, string | null]>([
    [
      'a picture',
      {
        body: {
          artists: [
            {
              strMusicBrainzID: beta.mbid,
              strArtistThumb: 'https://r2.theaudiodb.com/images/media/artist/thumb/x.jpg',
            },
          ],
        },
      },
      'https://r2.theaudiodb.com/images/media/artist/thumb/x.jpg',
    ],
    ['a miss', { body: { artists: null } }, null],
    [
      'of another id',
      {
        body: { artists: [{ strMusicBrainzID: madeUpId('other'), strArtistThumb: 'https://r2.theaudiodb.com/x.jpg' }] },
      },
      null,
    ],
    [
      'of a foreign host',
      { body: { artists: [{ strMusicBrainzID: beta.mbid, strArtistThumb: 'https://evil.test/x.jpg' }] } },
      null,
    ],
  ])('%s', async (_, reply, expected) => {
    const { world, bases } = await open({ 'Beta Band': [] }, { artists: [beta] }, { theaudiodb: reply })
    await world.run({ bases, optional: ['theaudiodb'] })
    const [row] = await world.database.artists()
    expect([row!.image_url, row!.image_status]).toEqual([expected, expected === null ? 'not_found' : 'found'])
  })
})

describe('fanart.tv', () => {
  const key = 'canary-fanart-key'
  const portrait = (url: string, likes: string) => ({ id: '1', url, likes })
  test.each<[string, Reply, string | null]>([
    [
      'the portrait that most people like',
      {
        body: {
          name: 'Beta Band',
          mbid_id: beta.mbid,
          artistthumb: [
            portrait('https://assets.fanart.tv/fanart/music/a.jpg', '1'),
            portrait('http://assets.fanart.tv/fanart/music/b.jpg', '12'),
          ],
          albums: [],
        },
      },
      'https://assets.fanart.tv/fanart/music/b.jpg',
    ],
    ['a miss', { status: 404, body: { status: 'error', 'error message': 'Not found' } }, null],
    ['a miss as 200', { body: { status: 'error', 'error message': 'Not found' } }, null],
    ['only albums', { body: { name: 'Beta Band', mbid_id: beta.mbid, albums: {} } }, null],
    [
      'another id',
      {
        body: {
          name: 'X',
          mbid_id: madeUpId('other'),
          artistthumb: [portrait('https://assets.fanart.tv/x.jpg', '1')],
        },
      },
      null,
    ],
    [
      'a foreign host',
      {
        body: {
          name: 'Beta Band',
          mbid_id: beta.mbid,
          artistthumb: [portrait('https://assets.fanart.tv.evil.test/x.jpg', '1')],
        },
      },
      null,
    ],
  ])('%s', async (_, reply, expected) => {
    const { world, servers, bases } = await open({ 'Beta Band': [] }, { artists: [beta] }, { fanarttv: reply })
    await world.run({ bases, optional: ['fanarttv'], keys: { fanarttv: key } })
    const [row] = await world.database.artists()
    expect(row).toMatchObject({
      image_url: expected,
      image_status: expected ? 'found' : 'not_found',
      image_provider: expected ? 'fanarttv' : null,
    })
    expect(servers.fanarttv.seen.map((one) => [one.url, one.headers['api-key']])).toEqual([
      [`/v3/music/${beta.mbid}`, key],
    ])
  })

  test('a key that is refused: one warning, off for the run, the rest complete; the key stands nowhere', async () => {
    const reply = { status: 401, body: { status: 'error', 'error message': `bad key ${key}` } }
    const { world, servers, bases } = await open(
      { 'Beta Band': [], 'Gamma Band': [] },
      { artists: [beta, { mbid: madeUpId('gamma'), name: 'Gamma Band' }] },
      { fanarttv: reply },
    )
    const log = listeningLog()
    const result = await world.run({ bases, optional: ['fanarttv'], keys: { fanarttv: key }, log })
    expect(result).toMatchObject({ end: 'done', degraded: ['fanarttv'] })
    expect(servers.fanarttv.seen).toHaveLength(1)
    expect(log.lines.filter((line) => line.level === 'warn').map((line) => line.fields.hint)).toEqual([
      'check FANARTTV_API_KEY',
    ])
    expect(JSON.stringify([log.lines, await world.database.artists(), await world.database.memory()])).not.toContain(
      key,
    )
  })

  test('without a key it is refused at once, in the plan too', async () => {
    const { world, bases } = await open({ 'Beta Band': [] }, { artists: [beta] }, {})
    await expect(world.run({ bases, optional: ['fanarttv'] })).rejects.toMatchObject({ kind: 'usage' })
  })
})
