import { describe, expect, test } from '@jest/globals'
import { zoneNamed } from '../../lib/input/day-and-clock.ts'
import { planInputs } from '../../lib/input/index.ts'
import { splitRecord } from '../../lib/input/record.ts'
import { readAll, scratch, write } from '../support/input-files.ts'

const folder = scratch()

/** The fields of each play, as the CSV parser of Spark will split them, and the number of its line. */
async function plays(contents: string, options = {}): Promise<{ line: number; fields: string[] }[]> {
  const { rows } = await readAll([write(folder, contents)], options)
  const delimiter = /^[^\n;,]*artist[^\n;,]*;|;[^\n]*artist/im.test(contents) ? ';' : ','
  return rows.map(({ line, text }) => ({ line, fields: splitRecord(text, delimiter) }))
}

const fields = async (contents: string, options = {}) => (await plays(contents, options)).map((play) => play.fields)

describe('the line of column names', () => {
  const header = 'time;artist;song;station'
  const row = '2023-01-16 10:00;Queen;Bicycle Race;KGB'
  test.each<[string, string, number]>([
    ['below a title', `My Library\n${header}\n${row}\n`, 3],
    ['below a title, a date and a blank line', `Playlist export;;;\nGenerated 2014-06-24;;;\n\n${header}\n${row}\n`, 5],
    ['below the words artist and song', `Artist and song report\n${header}\n${row}\n`, 3],
    ['below nineteen lines', `${'# comment\n'.repeat(19)}${header}\n${row}\n`, 21],
  ])('%s', async (_name, contents, line) => {
    expect(await plays(contents)).toEqual([{ line, fields: row.split(';') }])
  })

  test('with line ends in its cells', async () => {
    const contents = '"Time\nplayed","Artist\r\nname","Song\ntitle",Station\n2020-07-04 10:00,Queen,Innuendo,KGB\n'
    expect(await plays(contents)).toEqual([{ line: 5, fields: ['2020-07-04 10:00', 'Queen', 'Innuendo', 'KGB'] }])
  })

  test('a name with a quote that never closes costs nothing', async () => {
    expect(await fields('time,artist,song,12" mix\n1,Queen,Flash,no\n')).toEqual([['1', 'Queen', 'Flash', 'no']])
  })
})

describe('quotes that RFC 4180 does not describe', () => {
  const header = 'time,artist,song,station'
  test.each<[string, string, string[]]>([
    ['inside a quoted field', '"1","A "Mad" One","Say "Hey"","K"', ['1', 'A "Mad" One', 'Say "Hey"', 'K']],
    ['around a text with the delimiter', '"1","A","The "X, Y" Song","K"', ['1', 'A', 'The "X, Y" Song', 'K']],
    ['behind a backslash', '1,A,"Take The \\"A\\" Train",K', ['1', 'A', 'Take The "A" Train', 'K']],
    [
      'behind a backslash, without quotes around',
      '1,A,Take The \\"A\\" Train,K',
      ['1', 'A', 'Take The "A" Train', 'K'],
    ],
    ['a backslash alone is text', '1,AC\\DC,"Hello, ""You""",K', ['1', 'AC\\DC', 'Hello, "You"', 'K']],
    ['inside a bare field', '1,A,7" Single,K', ['1', 'A', '7" Single', 'K']],
  ])('%s', async (_name, line, want) => {
    expect(await fields(`${header}\n${line}\n`)).toEqual([want])
  })

  test('behind spaces, with fields trimmed', async () => {
    const contents = 'TITLE, ARTIST, PLAYED AT\n"How Near, How Far", "Trail", 2023-03-26 18:29:00\n'
    expect(await fields(contents)).toEqual([['How Near, How Far', 'Trail', '2023-03-26 18:29:00']])
  })

  test('single quotes as marks around fields', async () => {
    const contents = `'time','artist','song','station'\n'1','Queen','It''s, late','K'\n'2','AC/DC','Rock "n" Roll',7\n`
    expect(await fields(contents)).toEqual([
      ['1', 'Queen', "It's, late", 'K'],
      ['2', 'AC/DC', 'Rock "n" Roll', '7'],
    ])
    const report = `^NAME_OF_SERVICE^|^FEATURED_ARTIST^|^SOUND_RECORDING_TITLE^|^DATE_AIRED^\r\n^WXYZ^|^Earth, Wind | Fire^|^Say "Yes"^|^2018-08-11 13:00:12^\r\n^WXYZ^|^It's^|^"Heroes"^|^2018-08-11 13:04:12^\r\n`
    expect((await readAll([write(folder, report)])).rows.map(({ text }) => splitRecord(text, '|'))).toEqual([
      ['WXYZ', 'Earth, Wind | Fire', 'Say "Yes"', '2018-08-11 13:00:12'],
      ['WXYZ', "It's", '"Heroes"', '2018-08-11 13:04:12'],
    ])
    const apostrophes = "time,artist,song\n1,'Til Tuesday,'39\n2,Queen,'39\n"
    expect(await fields(apostrophes)).toEqual([
      ['1', "'Til Tuesday", "'39"],
      ['2', 'Queen', "'39"],
    ])
  })

  test('spaces inside a field are kept', async () => {
    expect(await fields('time, artist, song\n1, The  Who, My  Generation\n')).toEqual([
      ['1', 'The  Who', 'My  Generation'],
    ])
  })
})

describe('a quoted field with line ends', () => {
  test.each<[string, string, string[][]]>([
    [
      'and delimiters, in the first column',
      'song,artist,station,time\n"No man, is an island,\nEntire of itself",John Donne,KA,1\nOne,U2,KA,2\n',
      [
        ['No man, is an island, Entire of itself', 'John Donne', 'KA', '1'],
        ['One', 'U2', 'KA', '2'],
      ],
    ],
    [
      'and delimiters, in the last column',
      'time,station,artist,song\n1,KA,John Donne,"No man is an island,\nEntire of itself"\n2,KA,U2,One\n',
      [
        ['1', 'KA', 'John Donne', 'No man is an island, Entire of itself'],
        ['2', 'KA', 'U2', 'One'],
      ],
    ],
  ])('%s', async (_name, contents, want) => {
    expect(await fields(contents)).toEqual(want)
  })

  test('one that never closes costs its own line only', async () => {
    const rest = ['One;U2;2;x', '"Say ""Hey""";Q;3;x', 'Heroes;Bowie;4;x']
    const read = await fields(`song;artist;time;id\n"The Beginning;"Nick;Gavyn";1;x\n${rest.join('\n')}\n`)
    expect(read.slice(-3)).toEqual(rest.map((line) => splitRecord(line, ';')))
  })
})

describe('columns by what they hold, where two names fit', () => {
  const columnsOf = async (contents: string) => {
    const plan = await planInputs([write(folder, contents)])
    return plan.groups[0]!.dialect.columns
  }
  test('a release date and a length are no time of a play', async () => {
    const contents =
      'Song,Artist,Album,Date,Time,Played At\nA,B,C,2019-05-01,04:26,2025-08-11 20:00:00\nD,E,F,2018-01-31,03:10,2025-08-11 20:04:00\n'
    expect(await columnsOf(contents)).toEqual(['raw_song', 'raw_artist', null, null, null, 'time'])
  })
  test('a column of small numbers is no title', async () => {
    const contents = 'Track,Title,Artist,Time\n1,A,B,2023-01-16 10:00\n2,C,D,2023-01-16 10:04\n1,E,F,2023-01-16 10:08\n'
    expect(await columnsOf(contents)).toEqual([null, 'raw_song', 'raw_artist', 'time'])
  })
  test('a length called time beside a start that goes on is no time of a play', async () => {
    const contents =
      'Date,Time,Start,Artist,Song\n2014-06-16,03:59,10:00,A,B\n2014-06-16,04:54,10:04,C,D\n2014-06-16,03:49,10:09,E,F\n'
    expect(await columnsOf(contents)).toEqual(['date', null, 'time', 'raw_artist', 'raw_song'])
  })
  test('a start that no length can be is the time, in whatever order its rows are', async () => {
    const rows = ['10:00,10:03', '09:00,10:08', '23:00,10:10'].map((times) => `2014-06-16,${times},A,B\n`)
    expect(await columnsOf(`Date,Start,End Time,Artist,Song\n${rows.join('')}`)).toEqual([
      'date',
      'time',
      null,
      'raw_artist',
      'raw_song',
    ])
  })
  test('the title of a song is surer than that of a person', async () => {
    const contents = 'Moderator,Titel,Zeit,Interpret,Musiktitel\nX,Dr.,2023-01-16 10:00,A,B\n'
    expect(await columnsOf(contents)).toEqual([null, null, 'time', 'raw_artist', 'raw_song'])
  })
  test.each([
    ['Time (UTC)', 'UTC'],
    ['timeUTC', 'UTC'],
    ['Zeit (GMT+1)', '+01:00'],
    ['Time UTC-05:30', '-05:30'],
    ['Time (UTC+99)', undefined],
    ['Time', undefined],
  ])('the zone of %s is %s', (name, zone) => expect(zoneNamed(name)).toBe(zone))
  test('names in the plural, with units or without spaces', async () => {
    const contents = 'Artist Name(s),trackname,Time (UTC)\nA,B,2023-01-16 10:00\n'
    expect(await columnsOf(contents)).toEqual(['raw_artist', 'raw_song', 'time'])
  })
})

describe('times that could be others', () => {
  const log = (times: readonly string[], name = 'time') =>
    `${name},artist,song,station\n${times.map((time) => `${time},A,S,K`).join('\n')}\n`
  const notesOf = async (contents: string, options = {}) =>
    (await planInputs([write(folder, contents)], options)).files[0]!.notes

  test.each<[string, string[]]>([
    ['with the year first, as it seems', ['23/02/20 10:00', '23/02/21 10:00', '23/02/22 10:00']],
    ['with the year first for sure', ['99/12/30', '01/02/03']],
    ['numbers of seconds or of anything', ['43476', '43680', '43901']],
  ])('%s are refused', async (_name, times) => {
    await expect(notesOf(log(times))).rejects.toMatchObject({
      kind: 'input',
      place: expect.stringContaining(`"${times[1]}"`),
      remedy: expect.stringContaining('--map 1=time'),
    })
    expect(await notesOf(log(times), { map: { time: 'time' } })).toEqual([])
  })

  test('a date alone is a guess, and it is said', async () => {
    expect(await notesOf(log(['23/02/21']))).toEqual([expect.stringMatching(/"23\/02\/21".*do not prove/)])
  })

  test.each<[string, string, string[]]>([
    ['a day in the middle', 'time', ['02/21/23 09:02 PM', '12/31/24']],
    ['days that vary and a year that does not', 'time', ['20/02/23', '21/02/23', '22/02/23']],
    ['dots', 'time', ['16.06.14 11:59']],
    ['day numbers with a time of day', 'time', ['43476', '43476.5']],
    ['day numbers under a name that says so', 'Date played', ['43476', '43477']],
    ['day numbers with many plays a day', 'time', ['43476', '43476', '43477', '43477']],
  ])('%s: nothing to say', async (_what, name, times) => {
    expect(await notesOf(log(times, name))).toEqual([])
  })
})

describe('artist and title in one column', () => {
  const columnsOf = async (contents: string, options = {}) => {
    const plan = await planInputs([write(folder, contents)], options)
    return { columns: plan.groups[0]!.dialect.columns, notes: plan.files[0]!.notes }
  }
  const dashed = 'time,station,track\n1402943314,KA,ABBA - Waterloo\n1402943400,KA,U2 - One - Live\n'

  test('is told by its contents, and said', async () => {
    const { columns, notes } = await columnsOf(dashed)
    expect(columns).toEqual(['time', 'callsign', 'artist_title'])
    expect(notes.join()).toContain('--map 3=title_artist')
  })
  test('also beside an artist column that is always blank', async () => {
    const header = 'time,station,artist,title\n'
    const { columns } = await columnsOf(`${header}1402943314,KA,,ABBA - Waterloo\n1402943400,KA, ,U2 - One\n`)
    expect(columns).toEqual(['time', 'callsign', null, 'artist_title'])
    const filled = await columnsOf(`${header}1402943314,KA,ABBA,Waterloo - Live\n1402943400,KA,,U2 - One\n`)
    expect(filled.columns).toEqual(['time', 'callsign', 'raw_artist', 'raw_song'])
  })
  test('also without column names', async () => {
    const { columns } = await columnsOf('20/Feb/2018:12:07:37 -0500|/mnt|1|ABBA - Waterloo\n')
    expect(columns).toEqual(['time', null, null, 'artist_title'])
  })
  test('the user says that the title comes first', async () => {
    expect((await columnsOf(dashed, { map: { 3: 'title_artist' } })).columns).toEqual([
      'time',
      'callsign',
      'title_artist',
    ])
  })
  test('a column of titles with versions is not one', async () => {
    await expect(
      columnsOf('time,track\n1402943314,Heroes - 2017 Remaster\n1402943400,One - Live\n'),
    ).rejects.toMatchObject({
      kind: 'input',
    })
  })
  test('"Title by Artist" alone is enough', async () => {
    const { columns } = await columnsOf('COMBINED,CALLSIGN,TIME\nWaterloo by ABBA,KA,1402943314\n')
    expect(columns).toEqual(['combined', 'callsign', 'time'])
  })
})

describe('an id that is the song’s', () => {
  const columnsOf = async (rows: string, options = {}) => {
    const plan = await planInputs([write(folder, `id,song,artist,time\n${rows}`)], options)
    return plan.groups[0]!.dialect.columns[0]
  }
  const rows = '77,A,B,1402943314\n78,C,D,1402943400\n77,A,B,1402953314\n78,C,D,1402953400\n'
  test('is not read', async () => {
    expect(await columnsOf(rows)).toBeNull()
  })
  test('unless the user says so, or a play is there twice', async () => {
    expect(await columnsOf(rows, { map: { id: 'id' } })).toBe('unique_id')
    expect(await columnsOf('77,A,B,1402943314\n78,C,D,1402943400\n77,A,B,1402943314\n')).toBe('unique_id')
  })
})
