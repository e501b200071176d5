import { describe, expect, test } from '@jest/globals'
import type { ReadingOptions } from '../../lib/load/find-plays.ts'
import { inspectInputs } from '../../lib/load/inspection.ts'
import { silent } from '../../lib/log.ts'
import { scratch, write } from '../support/input-files.ts'

/*
 * Small logs of many kinds, as people have them, read as `--inspect` reads them: by the rules that Spark applies.
 */

const folder = scratch()
let files = 0

async function look(contents: string | Uint8Array, options: Partial<ReadingOptions> = {}, name = 'log.csv') {
  const path = write(folder, contents, `${++files}-${name}`)
  const reading = { files: [path], timezone: 'UTC', station: 'K', ...options }
  const { files: found, bad } = await inspectInputs(reading, { log: silent, signal: new AbortController().signal })
  const [file] = found
  const rows = file?.rows.map(({ playedAt, artist, title }) => `${playedAt} ${artist} | ${title}`)
  return { rows, file, notes: file?.notes.join('\n') ?? '', bad: bad[0] }
}

const plays = ['2014-06-16T11:59:00Z Noir Désir | Tostaky', '2014-06-16T12:03:00Z Earth, Wind & Fire | September']
const cells = { artist: ['Noir Désir', 'Earth, Wind & Fire'], song: ['Tostaky', 'September'] }

/** Two plays under these names: of times, days, clocks, artists, songs and other things, in the order of `kinds`. */
function log(names: string, kinds: string, day = '16.06.2014', clocks = ['11:59', '12:03']): string {
  const row = (i: number) =>
    [...kinds].map((kind) => {
      const value = {
        t: `${day} ${clocks[i]}`,
        d: day,
        c: clocks[i],
        a: cells.artist[i],
        s: cells.song[i],
        x: `3:4${i}`,
      }
      return value[kind as 't'] ?? ''
    })
  return [names.split(';'), row(0), row(1)].map((each) => `${each.join(';')}\n`).join('')
}

describe('names of columns in other languages and of other programs', () => {
  test.each<[string, string, string?]>([
    ['Date de diffusion;Heure de diffusion;Titre de la chanson;Nom de l’artiste', 'dcsa', '16/06/2014'],
    ['Horodatage;Interprète;Morceau', 'tas', '16/06/2014'],
    ['Chaîne;Date;Heure début;Durée;Titre œuvre;Interprète(s)', '-dcxsa', '16/06/2014'],
    ['Fecha/Hora;Artista/Grupo;Tema', 'tas', '16/06/2014'],
    ['Fecha de emisión;Hora de emisión;Nombre de la canción;Nombre del artista', 'dcsa', '16/06/2014'],
    ['Data i godzina;Artysta;Tytuł utworu', 'tas'],
    ['Datum a čas;Umělec;Název skladby', 'tas'],
    ['Sändningstid;Artistnamn;Låtnamn', 'tas', '2014-06-16'],
    ['Dato;Klokkeslett;Artist;Sangtittel', 'dcas'],
    ['Päivämäärä;Kello;Esittäjä;Kappaleen nimi', 'dcas'],
    ['Data/Ora messa in onda;Interprete;Titolo brano', 'tas', '16/06/2014'],
    ['Data;Horário;Intérprete;Nome da música', 'dcas', '16/06/2014'],
    ['Datum;Tijdstip;Artiest;Titel', 'dcas', '16-06-2014'],
    ['Datum;Uhrzeit von;Uhrzeit bis;Interpret(en);Musiktitel', 'dcxas'],
    ['Dátum;Időpont;Előadó;Cím', 'dcas'],
    ['Tarih;Saat;Sanatçı;Şarkı', 'dcas'],
    ['Ημερομηνία;Ώρα;Καλλιτέχνης;Τίτλος', 'dcas', '16/06/2014'],
    ['Дата эфира;Время выхода;Исполнитель;Название песни', 'dcas'],
    ['Дата;Час;Виконавець;Назва', 'dcas'],
    ['날짜;시간;가수;제목', 'dcas', '2014-06-16'],
    ['日期;时间;歌手;歌名', 'dcas', '2014-06-16'],
    ['放送日;放送時間;アーティスト名;楽曲名', 'dcas', '2014/6/16'],
    ['Log Date;Scheduled Time;Air Time;Title;Artist', 'dxcsa', '6/16/2014'],
    ['Event Start Timestamp;Artist Name;Content Name;Song Name', 'ta-s', '2014-06-16'],
    ['Start of Play;Performer;Music Title', 'tas', '2014-06-16'],
  ])('%s', async (names, kinds, ...[day]) => {
    if (names.startsWith('Start of')) {
      expect((await look(log(names, kinds, day))).bad!.do).toContain('--map "Music Title=song"')
    } else expect((await look(log(names, kinds, day))).rows).toEqual(plays)
  })

  test('artist and song in one column, by the order of its name', async () => {
    const both = (name: string, mark: string) => `Zeit;${name}\n2014-06-16 11:59;${mark}\n`
    expect((await look(both('Titel - Interpret', 'Tostaky - Noir Désir'))).rows).toEqual([plays[0]])
    expect((await look(both('Artist/Title', 'Noir Désir - Tostaky'))).rows).toEqual([plays[0]])
  })

  test('words among others say nothing: a track number is no song, a release date no time', async () => {
    const names = 'Track Number;Release Date;Song ID;Time;Artist;Title'
    const { file } = await look(`${names}\n1;2001-01-01;A1;2014-06-16 11:59;Noir Désir;Tostaky\n`)
    expect(file!.columns.map(({ field }) => field)).toEqual([null, null, null, 'time', 'artist', 'title'])
  })
})

describe('day and time of day apart', () => {
  test('a column of times of day under an unknown name is found, as they go on; lengths do not', async () => {
    const rows = ['11:59;3:45', '12:03;2:50', '12:07;4:01', '12:11;3:05'].map((each) => `2014-06-16;${each};A;S\n`)
    const { rows: read, notes } = await look(`Date;Aired at about;Spieldauer so;Artist;Title\n${rows.join('')}`)
    expect(read![1]).toBe('2014-06-16T12:03:00Z A | S')
    expect(notes).toMatch(/read from column "Aired at about".*--map 2=ignore/)
    const plain = await look(
      `Date;Aired at about;Artist;Title\n${rows
        .slice(0, 2)
        .map((row) => row.replace(/;\d:\d\d/, ''))
        .join('')}`,
    )
    expect(plain.notes).toMatch(/only the day.*"Aired at about".*--map 2=time/)
  })

  test('AM and PM in a column of their own', async () => {
    const rows = '2014-06-16,11:59,AM,A,S\n2014-06-16,1:05,PM,A,S\n2014-06-16,12:10,a.m.,A,S\n'
    const { rows: read, file } = await look(`Date,Time,,Artist,Title\n${rows}`)
    expect(read!.map((row) => row.slice(11, 16))).toEqual(['11:59', '13:05', '00:10'])
    expect(file!.columns[2]).toMatchObject({ field: 'ampm', why: 'by its contents' })
    const said = await look(`Day,Time,Half,Artist,Title\n${rows}`, { map: { Half: 'ampm' } })
    expect(said.rows).toEqual(read)
  })

  test('hours and minutes apart are not read, and that is said', async () => {
    const { notes } = await look('Date,Hour,Minute,Artist,Title\n2014-06-16,11,59,A,S\n2014-06-16,12,3,A,S\n')
    expect(notes).toMatch(/only the day.*"Hour" or "Minute".*in one column/)
  })

  test('a column that is called UTC is in UTC, whatever the zone of the log is', async () => {
    const text =
      'Date/Time (UTC),Date/Time (Station),Track,Artist\n2014-06-16 11:59,2014-06-16 13:59,Tostaky,Noir Désir\n'
    expect((await look(text, { timezone: 'Europe/Paris' })).rows).toEqual([plays[0]])
    const offset = text.replace('11:59', '13:59+02:00')
    expect((await look(offset, { timezone: 'Europe/Paris' })).rows).toEqual([plays[0]])
    const local = await look('Time,Artist,Title\n2014-06-16 13:59,Noir Désir,Tostaky\n', { timezone: 'Europe/Paris' })
    expect(local.rows).toEqual([plays[0]])
  })
})

test('what stands behind the dash in every row is no title', async () => {
  const text = 'time,title,subtitles\n2014-06-16 11:59,A song,Nena - Topic\n2014-06-16 12:03,One,U2 - Topic\n'
  expect((await look(text)).bad).toMatchObject({ problem: expect.stringContaining('no column for artist') })
})

test.each(['utf-16le', 'latin1'] as const)('JSON in %s', async (encoding) => {
  const text = '[{"time":"2014-06-16 11:59","artist":"Noir Désir","title":"Tostaky"}]'
  const { rows, file } = await look(Buffer.from(encoding === 'latin1' ? text : `\ufeff${text}`, encoding), {}, 'a.json')
  expect([rows, file!.form]).toEqual([[plays[0]], 'json'])
})

describe('the shapes of JSON', () => {
  const one = { played_at: '2014-06-16 11:59', artist: 'Noir Désir', title: 'Tostaky' }
  const two = { played_at: '2014-06-16 12:03', artist: 'Earth, Wind & Fire', title: 'September' }
  const columnsOfBoth = Object.fromEntries(
    Object.keys(one).map((key) => [key, [one[key as 'title'], two[key as 'title']]]),
  )
  test.each<[string, unknown]>([
    ['an answer of pages', { next: 'https://x/?page=2', previous: null, results: [one, two] }],
    ['an answer called data', { data: [one, two], meta: { time: 0.2 } }],
    ['an answer in data', { status: 'ok', data: { total: 2, items: [one, two] } }],
    ['plays by their ids', { '1': one, '2': two }],
    ['columns', columnsOfBoth],
    ['columns by numbers', Object.fromEntries(Object.entries(columnsOfBoth).map(([key, list]) => [key, { ...list }]))],
    ['names beside rows', { columns: Object.keys(one), data: [Object.values(one), Object.values(two)] }],
    ['an array of rows', [Object.keys(one), Object.values(one), Object.values(two)]],
    [
      'objects for names',
      [one, two].map(({ played_at, artist, title }) => ({
        date: { uts: played_at },
        artist: { mbid: '', '#text': artist },
        name: title,
      })),
    ],
    [
      'a song inside',
      [one, two].map(({ title, artist, ...rest }) => ({ ...rest, song: { text: 'x', title, artist } })),
    ],
    ['a document store', [one, two].map(({ played_at, ...rest }) => ({ ...rest, time: { $date: { $x: played_at } } }))],
  ])('%s', async (_, value) => {
    expect((await look(JSON.stringify(value), {}, 'a.json')).rows).toEqual(plays)
  })

  test('of two lists of plays none is taken, as the other would be lost', async () => {
    const { bad } = await look(JSON.stringify({ played: [one], upcoming: [two] }), {}, 'a.json')
    expect(bad).toMatchObject({ problem: expect.stringContaining('"played", "upcoming"') })
  })

  test('a line that is damaged costs itself; what it holds is shown', async () => {
    const lines = [one, two].map((each) => JSON.stringify(each))
    const bad = ['{"played_at": "2014-06-16 12:00", "artist": "X', '{"played_at": oops}']
    const { rows, file } = await look([lines[0], ...bad, lines[1]].join('\n'), {}, 'a.jsonl')
    expect(rows).toEqual(plays)
    expect(file!.refused).toMatchObject([{ rows: 2 }])
    expect(file!.refused[0]!.examples[0]!.value).toContain('12:00')
    const cut = await look(`[\n${lines.join(',\n')},\n{"played`, {}, 'a.json')
    expect(cut.bad).toMatchObject({ problem: expect.stringContaining('ends inside'), at: expect.stringMatching(/:4$/) })
  })
})

describe('times of day alone', () => {
  const clocks = 'Artist,Time,Title\nNoir Désir,11:59,Tostaky\n"Earth, Wind & Fire",12:03,September\n'
  test.each<[string, string, string]>([
    ['the name of the file', 'KXYZ_20140616.csv', clocks],
    ['a name with dots', 'log 16.06.2014.csv', clocks],
    ['a title above a day of printing', 'log.csv', `Playlist for June 16, 2014\nPrinted 17.06.2014\n\n${clocks}`],
    ['a title', 'log.csv', `Playlist for June 16, 2014\n\n${clocks}`],
  ])('the day is in %s', async (_, name, text) => {
    const { rows, notes, file } = await look(text, {}, name)
    expect(rows).toEqual(plays)
    expect(notes).toMatch(/the day of its plays is 2014-06-16, by its (name|title)/)
    expect(file!.columns.map(({ number, field, examples }) => [number, field, examples[0]])).toEqual([
      [1, 'artist', 'Noir Désir'],
      [2, 'time', '11:59'],
      [3, 'title', 'Tostaky'],
    ])
  })
  test.each<[string, string, string]>([
    ['two days', '2014-06-16 to 2014-06-22.csv', clocks],
    ['a range by its last day', '2014-06-16_17.csv', clocks],
    ['a range by its first day', 'KXYZ 15. - 17. June 2014.csv', clocks],
    ['a week', 'log.csv', `Week of June 16, 2014\n\n${clocks}`],
    ['a day of printing', 'log.csv', `Printed_16.06.2014\n\n${clocks}`],
    ['a log beyond what is looked at', '2014-06-16.csv', clocks + `X,12:05,${'Y'.repeat(9000)}\n`.repeat(40)],
    ['day and month in an order that nothing shows', '06-07-2014.csv', clocks],
    ['times that turn back, as lengths do', '2014-06-16.csv', `${clocks}X,3:45,Y\n`],
  ])('%s is refused', async (_, name, text) => {
    const remedy = /name the file by the day|several days or are lengths|too long to be of one day/
    expect((await look(text, {}, name)).bad).toMatchObject({ do: expect.stringMatching(remedy) })
  })
})
