import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { AppError } from '../../lib/errors.ts'
import { findInputs, type InspectedFile, type InspectOptions, inspect, planInputs } from '../../lib/input/index.ts'
import { scratch, write } from '../support/input-files.ts'
import { zipFile } from '../support/zip-file.ts'

const folder = scratch()

async function look(contents: string | Uint8Array, options?: InspectOptions): Promise<InspectedFile> {
  const [file] = await findInputs([write(folder, contents)])
  return inspect(file!, options)
}

async function refusal(contents: string | Uint8Array, options?: InspectOptions): Promise<AppError> {
  const error = await look(contents, options).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

const row = 'Silver,Bad Company,KGB,1403279923'

describe('columns by their names', () => {
  test.each<[string, string, string]>([
    [
      'the real file',
      'RAW_SONG;RAW_ARTIST;CALLSIGN;TIME;UNIQUE_ID;COMBINED;First?;;;;;;;',
      'raw_song,raw_artist,callsign,time,unique_id,combined,first_play,,,,,,,',
    ],
    [
      "the publisher's form: what a person cleaned is not read",
      'RAW_SONG,Song Clean,RAW_ARTIST,ARTIST CLEAN,CALLSIGN,TIME,UNIQUE_ID,COMBINED,First?',
      'raw_song,,raw_artist,,callsign,time,unique_id,combined,first_play',
    ],
    ['any order and case', 'time|ARTIST|Song', 'time,raw_artist,raw_song'],
    ['synonyms in camel case', 'playedAt\tartistName\ttrackTitle\tstationId', 'time,raw_artist,raw_song,callsign'],
    ['quoted, with spaces', '"Played At" , "Artist" , "Title","Call Sign"', 'time,raw_artist,raw_song,callsign'],
    ['date and time apart', 'Station;Date;Time;Artist;Title', 'callsign,date,time,raw_artist,raw_song'],
    ['a date alone is the time', 'Date;Artist;Title', 'time,raw_artist,raw_song'],
    ['German', 'Datum;Uhrzeit;Interpret;Titel;Sender', 'date,time,raw_artist,raw_song,callsign'],
    ['French', 'Heure;Artiste;Titre;Station', 'time,raw_artist,raw_song,callsign'],
    ['Spanish', 'Fecha;Hora;Artista;Canción;Emisora', 'date,time,raw_artist,raw_song,callsign'],
    ['Russian', 'Время;Исполнитель;Название;Станция', 'time,raw_artist,raw_song,callsign'],
    ['Japanese', '時刻,アーティスト,曲名,放送局', 'time,raw_artist,raw_song,callsign'],
    [
      'columns that are not ours stay unread',
      'id,artist,album,title,isrc,duration,timestamp',
      'unique_id,raw_artist,,raw_song,,,time',
    ],
    ['the surer name wins', 'artist,raw_artist,song,time', ',raw_artist,raw_song,time'],
  ])('%s', async (_name, header, columns) => {
    const cells = header.split(/[;,\t|]/).map((_, i) => `v${i}`)
    const delimiter = /[;\t|,]/.exec(header.replace(/"[^"]*"/g, ''))![0]
    const file = await look(`${header}\n${cells.join(delimiter)}\n`)
    expect(file.dialect.columns.map((field) => field ?? '').join(',')).toBe(columns)
    expect(file.dialect.delimiter).toBe(delimiter)
    expect(file.dialect.hasHeader).toBe(true)
    expect(file.headerLine).toBe(header)
    expect(file.skipLines).toBe(1)
  })

  test('a date beside a time that holds the day is not used', async () => {
    const file = await look('Date,Timestamp,Artist,Title\n2014-06-16,2014-06-16 10:00:00,Queen,Play\n')
    expect(file.dialect.columns).toEqual([null, 'time', 'raw_artist', 'raw_song'])
  })

  test("Excel's own line that names the delimiter, and blank lines before the header", async () => {
    const file = await look('sep=;\n\nartist;title, or song;time\nQueen;Play;1\n', {
      map: { 'title, or song': 'song' },
    })
    expect(file.dialect.delimiter).toBe(';')
    expect(file.skipLines).toBe(3)
  })

  test('commas in titles do not outvote the real delimiter', async () => {
    const file = await look('title;artist;time\nHello, I Love You;Doors, The;1\nGirls, Girls, Girls;Mötley Crüe;2\n')
    expect(file.dialect.delimiter).toBe(';')
  })
})

describe('--map', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['strange names', 'x;y;z', { x: 'song', y: 'artist', z: 'time' }, 'raw_song,raw_artist,time'],
    ['by number', 'x;y;z', { 1: 'artist', 2: 'song', 3: 'played_at' }, 'raw_artist,raw_song,time'],
    [
      'in any case',
      'Who;What;When it was',
      { WHO: 'artist', what: 'raw_song', 'when it was': 'time' },
      'raw_artist,raw_song,time',
    ],
    ['against a name that misleads', 'artist;host;title;time', { host: 'artist' }, ',raw_artist,raw_song,time'],
    ['a column to be ignored', 'artist;title;time;id', { id: 'ignore' }, 'raw_artist,raw_song,time,'],
  ])('%s', async (_name, header, map, columns) => {
    const file = await look(`${header}\n${header.replace(/[^;]+/g, 'v')}\n`, { map })
    expect(file.dialect.columns.map((field) => field ?? '').join(',')).toBe(columns)
  })

  test('a field or a column that there is not', async () => {
    const field = await refusal(`song,artist,callsign,time\n${row}\n`, { map: { song: 'tune' } })
    expect([field.kind, field.message]).toEqual(['usage', '--map song=tune: "tune" is not a field'])
    const column = await refusal(`song,artist,callsign,time\n${row}\n`, { map: { tune: 'song' } })
    expect([column.kind, column.message]).toEqual(['usage', '--map tune=song: unknown column "tune"'])
  })
})

describe('headers that leave a doubt', () => {
  test('an unknown header: what is missing, where, and the remedy ready to be typed', async () => {
    const error = await refusal('Foo;Bar;Baz\nQueen;Hello;2014-06-16 11:59\nQueen;"Is, it";2014-06-16 12:04\n')
    expect(error.kind).toBe('input')
    expect(error.message).toBe('no column for song, artist, time among "Foo", "Bar", "Baz"')
    expect(error.place).toMatch(/log-\d+\.csv:1$/)
    expect(error.remedy).toBe(
      'name them: --map Foo=artist --map Bar=song --map Baz=time (column 3 holds "2014-06-16 11:59", "2014-06-16 12:04"; column 2 holds "Hello", "Is, it"; column 1 holds "Queen")',
    )
    const lost = await refusal('Foo;Bar;Baz\nHello;Queen;noon\n')
    expect(lost.remedy).toBe(
      'no other column holds times: save the log with a column for the time, or name one with --map',
    )
  })

  test('a thousand unknown columns still make a short message', async () => {
    const error = await refusal(`${Array.from({ length: 1000 }, (_, i) => `c${i}`).join(',')}\n${'1,'.repeat(999)}1\n`)
    expect(error.message.length).toBeLessThan(300)
    expect(error.message).toMatch(/ and 988 more$/)
  })

  test('a hundred thousand columns are none of a play log', async () => {
    const columns = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join()
    const error = await refusal(`artist,title,station,time,${columns}\nQueen,Play,KGB,1,${'x,'.repeat(99_999)}x\n`)
    expect(error.message).toMatch(/ has more than 1000 columns$/)
  })

  test('a name too long to be typed goes by its number', async () => {
    const log = (name: string) => `${name},artist,time\nHello,Queen,2014-06-16\n`
    expect((await refusal(log('x'.repeat(30_000)))).remedy).toMatch(/^name it: --map 1=song /)
  })

  test('a name is quoted so that it can be pasted into any shell, or goes by its number', async () => {
    const remedy = async (name: string) => (await refusal(`${name},artist,time\nHello,Queen,2014-06-16\n`)).remedy
    expect(await remedy('Lied und Länge')).toMatch(/^name it: --map "Lied und Länge=song" /)
    expect(await remedy('Größe')).toMatch(/^name it: --map Größe=song /)
    for (const name of ['$HOME', 'Wow!', "l'air", '`ls`', '7']) {
      expect(await remedy(name)).toMatch(/^name it: --map 1=song /)
    }
  })

  test('a column twice: harmless if both agree or one is empty, else asked', async () => {
    const agree = await look('artist,artist,title,time\nQueen,Queen,Play,1\n')
    expect(agree.dialect.columns).toEqual(['raw_artist', null, 'raw_song', 'time'])
    const empty = await look('artist,artist,title,time\n,Queen,Play,1\n')
    expect(empty.dialect.columns).toEqual([null, 'raw_artist', 'raw_song', 'time'])
    const error = await refusal('artist,Artist,title,time\nQueen,Freddie,Play,1\n')
    expect(error.message).toBe('columns 1 and 2 are called "artist" and "Artist" and differ')
    expect(error.remedy).toBe('say which one is meant: --map 1=raw_artist')
  })
})

describe('no header', () => {
  test("the real file's order, told by what the columns hold", async () => {
    const lines = [
      'Caught Up In You;.38 Special;KGB;1403398735;KGB0260;Caught Up in You by .38 Special;0;;;;;;;',
      'Fantasy Girl;.38 Special;KGB;1403243924;KGB0703;Fantasy Girl by .38 Special;0;;;;;;;',
    ]
    const file = await look(lines.join('\r\n'))
    expect(file.dialect.hasHeader).toBe(false)
    expect(file.headerLine).toBeNull()
    expect(file.skipLines).toBe(0)
    expect(file.dialect.columns.slice(0, 7)).toEqual([
      'raw_song',
      'raw_artist',
      'callsign',
      'time',
      'unique_id',
      'combined',
      'first_play',
    ])
    expect(file.notes[0]).toMatch(/^no line of column names; read as 1 raw_song, 2 raw_artist/)
  })

  test('artist and song apart by repetition', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, i) => `2014-06-16 10:${i % 60}:00|Act ${'abc'[i % 3]}|Song number ${'x'.repeat(i)}`,
    )
    const file = await look(lines.join('\n'))
    expect(file.dialect.columns).toEqual(['time', 'raw_artist', 'raw_song'])
  })

  test('a doubt is an error, and numbers in --map settle it', async () => {
    const text = '2014-06-16 10:00:00|Queen|Play\n2014-06-16 10:04:00|Hello|Doors\n'
    const error = await refusal(text)
    expect(error.message).toBe('the first line holds no column names, and it is not clear which column is song, artist')
    expect(error.remedy).toMatch(
      /^say which: npm run job:aggregate -- --input \S+ --no-header --map 1=time --map \d=artist --map \d=song --station NAME \(column/,
    )
    const file = await look(text, { map: { 2: 'artist', 3: 'song' } })
    expect(file.dialect.columns).toEqual(['time', 'raw_artist', 'raw_song'])
  })

  test('the command line that is offered takes albums for no titles, and allows for rows without a time', async () => {
    const error = await refusal('Nena,Nena,Leuchtturm,05 Apr 2010 11:59\nQueen,,Flash,05 Apr 2010 12:04\nQueen,,One,\n')
    expect(error.remedy).toMatch(
      /--no-header --map 1=artist --map 3=song --map 4=time --station NAME --max-quarantine 34 /,
    )
  })
})

describe('encodings and packing', () => {
  const text = 'artist;title;time\nMötley Crüe;Wild Side;1\nБи-2;Полковник;2\n'
  test.each<[string, Uint8Array, string]>([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16LE without', Buffer.from(text, 'utf16le'), 'utf-16le'],
    ['UTF-16BE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'utf-16be'],
    ['UTF-16BE without', Buffer.from(text, 'utf16le').swap16(), 'utf-16be'],
    ['Latin-1', Buffer.from(text.replace(/.*Полк.*\n/, ''), 'latin1'), 'windows-1252'],
  ])('%s', async (_name, bytes, encoding) => {
    for (const contents of [bytes, gzipSync(bytes)]) {
      const file = await look(contents)
      expect(file.encoding).toBe(encoding)
      expect(file.dialect.columns).toEqual(['raw_artist', 'raw_song', 'time'])
      expect(file.headerLine).toBe('artist;title;time')
    }
  })

  test('a name that is no encoding', async () => {
    const error = await refusal(text, { encoding: 'klingon' })
    expect([error.kind, error.message]).toEqual(['usage', '"klingon" is not an encoding'])
  })
})

describe('what is no play log', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /is empty$/],
    ['blank lines only', '\n \n\t\r\n', /is empty$/],
    ['an empty gzip', gzipSync(''), /is empty$/],
    ['a header only', 'song,artist,callsign,time\n', /has column names but no rows$/],
    [
      'a spreadsheet without its parts',
      zipFile([{ name: '[Content_Types].xml', contents: '<Types/>', method: 0 }]),
      /is an Excel file that cannot be read: its part _rels\/\.rels is missing$/,
    ],
    ['a database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096)]), /an SQLite database$/],
    [
      'random bytes',
      Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 255)),
      /is not a text file$/,
    ],
    ['zeros', Buffer.alloc(4096), /is not a text file$/],
    ['a gzip in a gzip', gzipSync(gzipSync(row)), /packed with gzip twice$/],
    [
      'a cut gzip',
      gzipSync(`song,artist,callsign,time\n${row}\n`).subarray(0, 30),
      /is a gzip file that ends too early$/,
    ],
    [
      'a damaged gzip',
      Buffer.concat([gzipSync(row).subarray(0, 10), Buffer.from('damage damage damage')]),
      /is a damaged gzip file$/,
    ],
  ])('%s', async (_name, contents, message) => {
    const error = await refusal(contents)
    expect(error.kind).toBe('input')
    expect(error.message).toMatch(message)
    expect(error.place).toContain('log-')
    expect(error.remedy?.length).toBeGreaterThan(5)
    for (const text of [error.message, error.place, error.remedy]) expect(text).not.toMatch(/[\r\n]/)
  })

  test('NULs behind a log are room that its program made', async () => {
    const text = Buffer.from(`song,artist,callsign,time\n${row}\n`)
    expect((await look(Buffer.concat([text, Buffer.alloc(4096)]))).skipLines).toBe(1)
  })

  test('--allow-empty takes it as a log without plays', async () => {
    expect((await look('', { allowEmpty: true })).empty).toBe(true)
    expect((await look('song,artist,time\n', { allowEmpty: true })).empty).toBe(true)
  })
})

describe('planInputs', () => {
  test('a silent day among others is no error; dialects are grouped', async () => {
    const header = 'song,artist,callsign,time\n'
    const paths = [
      write(folder, header),
      write(folder, `${header}${row}\n`),
      write(folder, `artist\tsong\ttime\nQueen\tPlay\t1\n`),
      write(folder, `${header.toUpperCase()}${row}\n`),
    ]
    const plan = await planInputs(paths)
    expect(plan.groups.map((group) => group.files.map((file) => file.path))).toEqual([[paths[1], paths[3]], [paths[2]]])
    await expect(planInputs([paths[0]!])).rejects.toMatchObject({ kind: 'input' })
  })
})
