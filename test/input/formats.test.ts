import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { AppError } from '../../lib/errors.ts'
import { formatToCsv } from '../../lib/input/formats/index.ts'
import { planInputs } from '../../lib/input/index.ts'
import { splitRecord } from '../../lib/input/record.ts'
import { readAll, scratch, write } from '../support/input-files.ts'

const folder = scratch()
let files = 0
const file = (contents: string | Uint8Array, extension: string) =>
  write(folder, contents, `format-${++files}.${extension}`)
const fields = async (path: string, options = {}) =>
  (await readAll([path], options)).rows.map((row) => splitRecord(row.text, ','))
const columns = async (path: string, options = {}) => (await planInputs([path], options)).files[0]!.dialect.columns

const listens = [
  { listened_at: 1402943314, track_metadata: { artist_name: 'Noir Désir', track_name: 'Tostaky', release_name: null } },
  {
    listened_at: 1402943514,
    track_metadata: {
      artist_name: 'Earth, Wind & Fire',
      track_name: 'Say "Yes"\nagain',
      mbid_mapping: { artists: [{ artist_name: 'Earth, Wind & Fire' }] },
    },
  },
]

describe('JSON', () => {
  test.each([
    ['an array', JSON.stringify(listens, null, 2)],
    ['lines', listens.map((each) => JSON.stringify(each)).join('\n')],
    [
      'lines that end in CRLF, behind a byte order mark',
      `\ufeff${listens.map((each) => JSON.stringify(each)).join('\r\n')}\r\n`,
    ],
    ['an answer of a service', JSON.stringify({ payload: { count: 2, listens } })],
  ])('%s of nested plays', async (_, text) => {
    const path = file(text, 'json')
    expect(await columns(path)).toEqual(expect.arrayContaining(['time', 'raw_artist', 'raw_song']))
    const rows = await fields(path)
    expect(rows.map((row) => row.slice(0, 3))).toEqual([
      ['1402943314', 'Noir Désir', 'Tostaky'],
      ['1402943514', 'Earth, Wind & Fire', 'Say "Yes" again'],
    ])
  })

  test('both histories of Spotify', async () => {
    const short = file(
      '[{"endTime":"2023-09-15 14:04","artistName":"ABBA","trackName":"Waterloo","msPlayed":1}]',
      'json',
    )
    expect(await columns(short)).toEqual(['time', 'raw_artist', 'raw_song', null])
    const long = file(
      '[{"ts":"2023-09-15T14:04:00Z","ms_played":1,"master_metadata_track_name":"Waterloo","master_metadata_album_artist_name":"ABBA","episode_name":null}]',
      'json',
    )
    expect(await columns(long)).toEqual(['time', null, 'raw_song', 'raw_artist'])
  })

  test('--map names nested values, in both directions', async () => {
    const path = file(
      '[{"at":1402943314,"x":{"who":"ABBA","what":"Waterloo"}},{"at":1402943315,"x":{"who":"U2","what":"One"}}]',
      'json',
    )
    const want = ['time', 'raw_artist', 'raw_song']
    expect(await columns(path, { map: { artist: 'x.who', song: 'x.what', at: 'time' } })).toEqual(want)
    expect(await columns(path, { map: { 'x.who': 'artist', 'x.what': 'song', at: 'time' } })).toEqual(want)
  })

  test('a packed file, and a folder of JSON files', async () => {
    const path = file(gzipSync(JSON.stringify(listens)), 'json.gz')
    expect((await fields(path)).length).toBe(2)
  })

  test.each([
    ['{"a":1,"b":', 'ends inside an object'],
    ['[{"time":1,"artist":"x"}, 7]', 'something between its objects'],
    ['{"time":1,"artist":}', 'object 1 is not JSON'],
  ])('%s is refused by what is wrong', async (text, message) => {
    await expect(planInputs([file(text, 'json')])).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining(message),
    })
  })

  test('an object that never ends is refused within its bound', async () => {
    const blocks = (function* () {
      yield Buffer.from('[{"a":"')
      for (let i = 0; i < 64; i++) yield Buffer.alloc(1 << 20, 'x')
    })()
    const read = async () => {
      for await (const _ of formatToCsv('json', { blocks: blocks as never, label: 'huge.json' }));
    }
    await expect(read()).rejects.toThrow('larger than 16 MiB')
  })

  test('any records come back as they are, however the bytes are cut into blocks', async () => {
    const record = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ unit: 'grapheme' }), {
      minKeys: 2,
      maxKeys: 4,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (records, size) => {
          const bytes = Buffer.from(JSON.stringify(records))
          const blocks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          )
          const parts: Buffer[] = []
          for await (const part of formatToCsv('json', { blocks: blocks as never, label: 'a.json' })) parts.push(part)
          const [names, ...rows] = Buffer.concat(parts).toString().trimEnd().split('\n')
          expect(rows.length).toBe(records.length)
          expect(splitRecord(names!, ',').sort()).toEqual([...new Set(records.flatMap(Object.keys))].sort())
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('texts that are no tables are refused by their name', () => {
  test.each([
    ['<!DOCTYPE html>\n<html><body><table><tr><td>ABBA</td></tr></table></body></html>\n', 'a web page (HTML)'],
    ['<!-- saved from the web -->\n<html><body></body></html>\n', 'a web page (HTML)'],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12345\n', 'a pointer of Git LFS'],
    ["-- dump\nINSERT INTO plays VALUES ('2014-06-16 11:59', 'ABBA', 'SOS');\n", 'statements of SQL'],
    ['<?xml version="1.0"?>\n<log><play artist="ABBA"/></log>\n', 'XML'],
    ['#EXTM3U\n#EXTINF:210,ABBA - Waterloo\nwaterloo.mp3\n', 'a playlist (M3U)'],
    ['[playlist]\nFile1=waterloo.mp3\n', 'a playlist (PLS)'],
    [
      '        Music Playout Report for 08/11/2018\n--Time--  -Cart-  Cut  --Title-----   --Artist----\n13:00:12  010123  001  Waterloo      ABBA\n',
      'a report with columns of fixed widths',
    ],
  ])('%s', async (text, what) => {
    const error = await planInputs([file(text, 'txt')]).catch((each: unknown) => each)
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ kind: 'input', message: expect.stringContaining(`is not a table but ${what}`) })
  })
})
