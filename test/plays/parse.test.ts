import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  acceptPlays,
  type LineDialect,
  type ParsedPlay,
  type ParseOptions,
  parseHere,
  parsePlays,
  storedColumns,
  storedPlays,
} from '../../lib/plays/index.ts'
import { spark, stopSpark } from './evaluate.ts'

afterAll(stopSpark)

const mark = '\u001f'

/** The file whose commas became semicolons. */
const real: LineDialect = {
  delimiter: ';',
  columns: [
    'raw_song',
    'raw_artist',
    'callsign',
    'time',
    'unique_id',
    'combined',
    'first_play',
    ...Array<null>(7).fill(null),
  ],
  hasHeader: true,
}
/** The publisher's own form. */
const publisher: LineDialect = {
  delimiter: ',',
  columns: ['raw_song', null, 'raw_artist', null, 'callsign', 'time', 'unique_id', 'combined', 'first_play'],
  hasHeader: true,
}
/** The least that makes a play. */
const plain: LineDialect = { delimiter: ',', columns: ['time', 'raw_artist', 'raw_song'], hasHeader: true }

/** What Spark reads; `--inspect` must read framed lines the same. */
async function read(dialect: LineDialect, lines: readonly string[], options?: ParseOptions): Promise<ParsedPlay[]> {
  const isFramed = options?.framed !== false
  const values = lines.map((text, i) => (isFramed ? `a.csv${mark}${i + 2}${mark}${text}` : text))
  const framed = await (await spark()).createDataFrame<{ value: string }>(
    values.map((value) => ({ value })),
    'value string',
  )
  const rows = await framed.transform(parsePlays(dialect, options)).collect()
  rows.sort((a, b) => Number((a.source_line ?? 0n) - (b.source_line ?? 0n)))
  if (isFramed) expect(parseHere(dialect, options)(values)).toEqual(rows)
  return rows
}

interface LineCase {
  readonly name: string
  readonly dialect: LineDialect
  readonly line: string
  readonly want: Partial<ParsedPlay>
}

const whole: readonly LineCase[] = [
  {
    name: 'well formed',
    dialect: real,
    line: 'Caught Up in You;.38 Special;KGLK;1403470732;KGLK0036;Caught Up in You by .38 Special;0;;;;;;;',
    want: {
      raw_song: 'Caught Up in You',
      raw_artist: '.38 Special',
      callsign: 'KGLK',
      time_unix: 1403470732n,
      unique_id: 'KGLK0036',
      combined: 'Caught Up in You by .38 Special',
      first_play: 0,
      repaired: 0,
      source_file: 'a.csv',
    },
  },
  {
    name: 'quoted fields with delimiters inside are not shifted',
    dialect: publisher,
    line: '"Hello, I Love You",x,The Doors,x,KZOK,1402962874,KZOK0800,"Hello, I Love You by The Doors",0',
    want: {
      raw_song: 'Hello, I Love You',
      raw_artist: 'The Doors',
      combined: 'Hello, I Love You by The Doors',
      repaired: 0,
    },
  },
  {
    name: 'doubled quotes',
    dialect: publisher,
    line: '"""Heroes""",x,David Bowie,x,KZOK,1402962874,KZOK0801,"""Heroes"" by David Bowie",1',
    want: { raw_song: '"Heroes"', first_play: 1 },
  },
  {
    name: 'a quote that is none',
    dialect: plain,
    line: '2023-01-01 12:30:45,The 5" Nails,Song "Two',
    want: { raw_artist: 'The 5" Nails', raw_song: 'Song "Two', time_unix: 1672576245n },
  },
  {
    name: 'a quote that is never closed',
    dialect: real,
    line: '"Silver;Bad Company;KGB;1403279923;KGB0597;Silver by Bad Company;0;;;;;;;',
    want: { raw_song: '"Silver', raw_artist: 'Bad Company', unique_id: 'KGB0597', repaired: 0 },
  },
  {
    name: 'shifted: the title held a comma',
    dialect: real,
    line: 'Silver;"""Silver";Bad Company;Bad Company;KGB;1403279923;KGB0597;"""Silver";" Blue And Gold by Bad Company""";0;;;;',
    want: {
      raw_song: 'Silver, Blue And Gold',
      raw_artist: 'Bad Company',
      callsign: 'KGB',
      time_unix: 1403279923n,
      unique_id: 'KGB0597',
      combined: 'Silver, Blue And Gold by Bad Company',
      first_play: 0,
      repaired: 1,
      repair_rule: 'anchor: text from COMBINED',
    },
  },
  {
    name: 'shifted: the artist held commas',
    dialect: real,
    line: 'Woodstock;"""Crosby";" Nash & Young""";"""Crosby"; Stills;" Nash & Young""";WAXQ;1403413102;WAXQ0149;"""Woodstock by Crosby"; Stills;" Nash & Young""";0',
    want: { raw_song: 'Woodstock', raw_artist: 'Crosby, Stills, Nash & Young', callsign: 'WAXQ', repaired: 1 },
  },
  {
    name: 'shifted: COMBINED is whole',
    dialect: real,
    line: 'Layla;"""Eric Clapton";Derek & The Dominos;WNCX;1403222080;WNCX0482;Layla by Derek & The Dominos;0;;;;;;',
    want: { raw_song: 'Layla', raw_artist: 'Derek & The Dominos', repaired: 1 },
  },
  {
    name: 'shifted: the last "by" parts title and artist',
    dialect: real,
    line: 'x;"""Stand By Me";Ben E. King;KGB;1403279923;KGB0598;"""Stand By Me";" Oh by Ben E. King""";0;;;',
    want: { raw_song: 'Stand By Me, Oh', raw_artist: 'Ben E. King', repaired: 1 },
  },
  {
    name: 'nothing of the anchor is of the US',
    dialect: { ...real, columns: ['raw_song', 'raw_artist', 'callsign', 'time', 'unique_id', 'combined'] },
    line: 'Lied;"""Lied";Die Ärzte;Radio 2 NL;01.07.2023 08:05;f3a-77;"""Lied";" Lied by Die Ärzte"""',
    want: {
      raw_song: 'Lied, Lied',
      raw_artist: 'Die Ärzte',
      callsign: 'Radio 2 NL',
      time_unix: 1688198700n,
      unique_id: 'f3a-77',
      repaired: 1,
    },
  },
  {
    name: 'nobody is named, and COMBINED says so too',
    dialect: real,
    line: 'Time Is Tight;;KGLK;1403171932;KGLK0960; by ;0;;;;;;;',
    want: { raw_song: 'Time Is Tight', raw_artist: '', reason: null },
  },
  {
    name: 'a small call sign',
    dialect: real,
    line: 'Legs;ZZ Top;kgb;1403171932;KGB1;Legs by ZZ Top;yes;;;;;;;',
    want: { callsign: 'KGB', first_play: 1 },
  },
]

const refused: readonly (readonly [reason: string, dialect: LineDialect, line: string])[] = [
  ['no time', real, 'Hey Hey What Can I Do (From &quot;;;;;;;;;;;;;;'],
  ['too few columns', real, 'Hey Hey What Can I Do'],
  ['time not understood', real, 'Legs;ZZ Top;KGB;yesterday;KGB1;Legs by ZZ Top;0;;;;;;;'],
  ['time not understood', real, 'Legs;ZZ Top;KGB;2023-02-30;KGB1;Legs by ZZ Top;0;;;;;;;'],
  ['no title', real, ' ;ZZ Top;KGB;1403171932;KGB1; by ZZ Top;0;;;;;;;'],
  ['no artist', plain, '2023-01-01, ,Legs'],
  ['no song', plain, '2023-01-01,,'],
  ['no artist', real, 'Legs;;KGB;1403171932;KGB1;Legs by ZZ Top;0;;;;;;;'],
  ['no station', real, 'Legs;ZZ Top;;1403171932;KGB1;Legs by ZZ Top;0;;;;;;;'],
  ['columns do not fit', real, 'Silver;"""Silver";Bad Company;Bad Company;no id here;0;maybe;0;0'],
  ['empty line', real, '   '],
  ['the line is longer than 64 KiB', real, '\u001athe line is longer than 64 KiB\u001aLegs;ZZ T'],
]

describe('a line is read', () => {
  let got: Map<string, ParsedPlay>
  beforeAll(async () => {
    got = new Map()
    const dialects = [...new Set(whole.map(({ dialect }) => dialect))]
    for (const dialect of dialects) {
      const cases = whole.filter((each) => each.dialect === dialect)
      const rows = await read(
        dialect,
        cases.map(({ line }) => line),
        { station: dialect === plain ? 'KXYZ' : undefined } as ParseOptions,
      )
      for (const [i, { name }] of cases.entries()) got.set(name, rows[i]!)
    }
  })
  test.each(whole.map(({ name, want }) => [name, want] as const))('%s', (name, want) => {
    expect(got.get(name)).toMatchObject({ reason: null, ...want })
  })
})

describe('a line is refused', () => {
  let got: ReadonlyMap<string, ParsedPlay>
  beforeAll(async () => {
    const rows = new Map<string, ParsedPlay>()
    for (const dialect of [real, plain]) {
      const lines = refused.filter(([, each]) => each === dialect).map(([, , line]) => line)
      for (const [i, row] of (await read(dialect, lines)).entries()) rows.set(lines[i]!, row)
    }
    got = rows
  })
  test.each(refused.map(([reason, , line]) => [reason, line] as const))('%s: %s', (reason, line) => {
    const row = got.get(line)!
    expect(row).toMatchObject({ reason, source_file: 'a.csv' })
    expect(row.line).toBe(line.startsWith('\u001a') ? 'Legs;ZZ T' : line)
  })

  test('a sample of a line that was too long, though its columns fit', async () => {
    const [row] = await read(plain, ['\u001aline too long\u001a[80000 bytes at byte 25] 2023-01-01,ZZ Top,Legs'])
    expect(row).toMatchObject({ reason: 'line too long' })
  })

  test('a huge one, with a sample of it', async () => {
    const [row] = await read(real, ['x;'.repeat(100_000)])
    expect(row!.reason).toBe('line too long')
    expect(row!.line).toHaveLength(4096)
  })
})

describe('artist and title in one column', () => {
  test.each<[LineDialect['columns'][number], string, string, string, string | null]>([
    ['artist_title', 'The Beat - Yesterday - Live', 'The Beat', 'Yesterday - Live', null],
    ['artist_title', 'Sigur Rós – Starálfur', 'Sigur Rós', 'Starálfur', null],
    ['artist_title', 'Station news', '', 'Station news', 'no artist'],
    ['title_artist', 'Yesterday - Live - The Beat', 'The Beat', 'Yesterday - Live', null],
    ['combined', 'Stand by Me by Ben E. King', 'Ben E. King', 'Stand by Me', null],
  ])('%s: %s', async (field, text, raw_artist, raw_song, reason) => {
    const dialect: LineDialect = { delimiter: ',', columns: ['time', field], hasHeader: true }
    const [row] = await read(dialect, [`2023-01-01 10:00,${text}`], { station: 'KGB' })
    expect(row).toMatchObject({ raw_artist, raw_song, reason })
  })
})

describe('times', () => {
  const times: readonly (readonly [text: string, want: string | null, zone?: string])[] = [
    ['1402943314', '2014-06-16T18:28:34Z'],
    ['1402943314000', '2014-06-16T18:28:34Z'],
    ['1402943314.75', '2014-06-16T18:28:34Z'],
    ['2023-01-01 12:30:45', '2023-01-01T12:30:45Z'],
    ['2023-01-01 12:30', '2023-01-01T12:30:00Z'],
    ['2023-01-01', '2023-01-01T00:00:00Z'],
    ['2023/1/5 7:05', '2023-01-05T07:05:00Z'],
    ['01/01/2023 12:30:45 PM', '2023-01-01T12:30:45Z'],
    ['01/01/2023 12:30:45 AM', '2023-01-01T00:30:45Z'],
    ['01/31/2023 1:30 pm', '2023-01-31T13:30:00Z'],
    ['01/01/2023', '2023-01-01T00:00:00Z'],
    ['31/01/2023 08:00', '2023-01-31T08:00:00Z'],
    ['02.01.2023 08:00', '2023-01-02T08:00:00Z'],
    ['2023-01-01T12:30:45Z', '2023-01-01T12:30:45Z'],
    ['2023-01-01T12:30:45.123+02:00', '2023-01-01T10:30:45Z'],
    ['2023-01-01 12:30:45 +0530', '2023-01-01T07:00:45Z'],
    ['2023-07-01 12:00:00', '2023-07-01T16:00:00Z', 'America/New_York'],
    ['2023-01-01 12:00:00', '2023-01-01T17:00:00Z', 'America/New_York'],
    ['2023-07-01 12:00:00Z', '2023-07-01T12:00:00Z', 'America/New_York'],
    // The hour that is skipped in spring moves forward.
    ['2023-03-12 02:30:00', '2023-03-12T07:30:00Z', 'America/New_York'],
    ['2023-13-01', null],
    ['2023-02-29 10:00', null],
    ['2023-01-01 30:00', null],
    ['2023-01-01 10:61', null],
    ['2023-01-01 10:00:00+99:00', null],
    ['12345', null],
    ['noon', null],
  ]
  let got: ReadonlyMap<string, ParsedPlay>
  const key = (text: string, zone: string) => `${text} in ${zone}`
  beforeAll(async () => {
    const rows = new Map<string, ParsedPlay>()
    for (const zone of new Set(times.map(([, , each]) => each ?? 'UTC'))) {
      const texts = times.filter(([, , each]) => (each ?? 'UTC') === zone).map(([text]) => text)
      const found = await read(
        plain,
        texts.map((text) => `${text},ZZ Top,Legs`),
        { station: 'KGB', timezone: zone },
      )
      for (const [i, text] of texts.entries()) rows.set(key(text, zone), found[i]!)
    }
    got = rows
  })
  test.each(
    times.map(([text, want, zone = 'UTC']) => [text, zone, want] as const),
  )('%s in %s is %s', (text, zone, want) => {
    const row = got.get(key(text, zone))!
    const unix = row.time_unix
    expect(unix === null ? null : new Date(Number(unix) * 1000).toISOString().replace('.000', '')).toBe(want)
    expect(row.reason).toBe(want === null ? 'time not understood' : null)
  })

  test('date and time in columns of their own', async () => {
    const dialect: LineDialect = {
      delimiter: '\t',
      columns: ['date', 'time', 'raw_artist', 'raw_song'],
      hasHeader: true,
    }
    const [row] = await read(dialect, ['2023-01-05\t7:05 PM\tZZ Top\tLegs'], { station: 'KGB' })
    expect(row).toMatchObject({ time: '2023-01-05 7:05 PM', time_unix: 1672945500n, reason: null })
  })
})

describe('accepting', () => {
  const accept = async (
    dialect: LineDialect,
    lines: readonly string[],
    options?: ParseOptions & { repair?: boolean; file?: (i: number) => string },
  ) => {
    const framed = await (await spark()).createDataFrame<{ value: string }>(
      lines.map((text, i) => ({ value: `${options?.file?.(i) ?? 'a.csv'}${mark}${i + 2}${mark}${text}` })),
      'value string',
    )
    const accepted = await acceptPlays(framed.transform(parsePlays(dialect, options)), options)
    return {
      ledger: accepted.ledger,
      plays: (await accepted.plays.collect()).sort((a, b) => Number(a.source_line! - b.source_line!)),
      refused: (await accepted.quarantined.collect()).sort((a, b) => Number(a.source_line! - b.source_line!)),
    }
  }

  test('the ledger closes; equal lines are duplicates, other content with the id of a play is refused', async () => {
    const play = 'Legs;ZZ Top;KGB;1403171932;KGB1;Legs by ZZ Top;0;;;;;;;'
    const { ledger, plays, refused } = await accept(real, [
      'Tush;ZZ Top;KGB;1403171999;KGB2;Tush by ZZ Top;0;;;;;;;',
      play,
      play,
      'Tush;ZZ Top;KGB;1403171932;KGB1;Tush by ZZ Top;0;;;;;;;',
      'cut off',
      play,
    ])
    expect(ledger).toMatchObject({ rowsIn: 6n, plays: 2n, quarantined: 2n, duplicates: 2n, repaired: 0n })
    expect(ledger.reasons).toEqual([
      { reason: 'id of another play', lines: 1n },
      { reason: 'too few columns', lines: 1n },
    ])
    expect(plays.map((row) => [row.unique_id, row.source_line])).toEqual([
      ['KGB2', 2n],
      ['KGB1', 3n],
    ])
    expect(refused.map((row) => [row.reason, row.source_line, row.line])).toEqual([
      ['id of another play', 5n, 'Tush;ZZ Top;KGB;1403171932;KGB1;Tush by ZZ Top;0;;;;;;;'],
      ['too few columns', 6n, 'cut off'],
    ])
    expect(new Set(refused.map((row) => row.quarantine_id)).size).toBe(2)
  })

  test('plays without an id get one from their content', async () => {
    const lines = ['10:00,ZZ Top,Legs', '10:00,ZZ Top,Legs', '11:00,ZZ Top,Tush'].map((line) => `2023-01-01 ${line}`)
    const { plays, ledger } = await accept(plain, lines, { station: 'KGB' })
    expect(plays.map((row) => row.unique_id.length)).toEqual([33, 33])
    expect(ledger.duplicates).toBe(1n)
  })

  test('equal lines of a day without a clock are as many plays, and none more when the file comes again', async () => {
    const day = ['2023-01-01,ZZ Top,Legs', '2023-01-01,ZZ Top,Tush', '2023-01-01,ZZ Top,Legs', '2023-01-01,ZZ Top,Legs']
    const once = await accept(plain, day, { station: 'KGB' })
    expect(once.ledger).toMatchObject({ plays: 4n, duplicates: 0n, quarantined: 0n })
    expect(new Set(once.plays.map((row) => row.unique_id)).size).toBe(4)
    const copies = await accept(plain, [...day, ...day], {
      station: 'KGB',
      file: (i) => (i < 4 ? 'a.csv' : 'copy.csv'),
    })
    expect(copies.ledger).toMatchObject({ plays: 4n, duplicates: 4n })
    expect(copies.plays.map((row) => row.unique_id)).toEqual(once.plays.map((row) => row.unique_id))
    const stored = await (await spark()).createDataFrame(
      once.plays.map((row) => ({
        value: JSON.stringify(storedColumns.map((name) => (row[name] === null ? null : String(row[name])))),
      })),
      'value string',
    )
    const framed = await (await spark()).createDataFrame<{ value: string }>(
      day.map((text, i) => ({ value: `a.csv${mark}${i + 2}${mark}${text}` })),
      'value string',
    )
    const again = await acceptPlays(framed.transform(parsePlays(plain, { station: 'KGB' })), {
      stored: stored.transform(storedPlays({ timezone: 'UTC' })),
    })
    expect(again.ledger).toMatchObject({ plays: 0n, duplicates: 4n, quarantined: 0n })
  })

  test('lines that differ in a column that nobody reads are plays of their own', async () => {
    const dialect = { ...plain, columns: [...plain.columns, null] }
    const at = (rest: string) => `2023-01-01 10:00,ZZ Top,Legs,${rest}`
    const { ledger } = await accept(dialect, [at('studio A'), at('studio B'), at('studio A')], { station: 'KGB' })
    expect(ledger).toMatchObject({ plays: 2n, duplicates: 1n, quarantined: 0n })
  })

  test('repaired lines can be refused', async () => {
    const line =
      'Layla;"""Eric Clapton";Derek & The Dominos;WNCX;1403222080;WNCX0482;Layla by Derek & The Dominos;0;;;;;;'
    expect((await accept(real, [line])).ledger).toMatchObject({ plays: 1n, repaired: 1n })
    expect((await accept(real, [line], { repair: false })).ledger).toMatchObject({
      plays: 0n,
      repaired: 0n,
      quarantined: 1n,
    })
  })

  test('an ambiguous day and month follow the lines that are clear', async () => {
    const day = (text: string) => new Date(Number(text) * 1000).toISOString().slice(0, 10)
    const dmy = await accept(plain, ['02/03/2023,ZZ Top,Legs', '25/03/2023,ZZ Top,Tush'], { station: 'KGB' })
    expect(dmy.plays.map((row) => day(String(row.time_unix)))).toEqual(['2023-03-02', '2023-03-25'])
    expect(dmy.ledger.ambiguousDates).toEqual({ plays: 1n, unsure: 0n, takenAs: 'day first' })
    const unclear = await accept(plain, ['02/03/2023,ZZ Top,Legs'], { station: 'KGB' })
    expect(unclear.plays.map((row) => day(String(row.time_unix)))).toEqual(['2023-02-03'])
    expect(unclear.ledger.ambiguousDates).toEqual({ plays: 1n, unsure: 1n, takenAs: 'month first' })
  })

  test('a line that is there again tells the order of day and month no second time', async () => {
    const again = (line: string) => [line, line, line]
    const { ledger } = await accept(
      plain,
      [
        ...again('25/03/2023 10:00,ZZ Top,Tush'),
        ...again('02/03/2023 10:00,ZZ Top,Legs'),
        ...['03/25/2023,ZZ Top,La Grange', '03/26/2023,ZZ Top,La Grange'],
      ],
      { station: 'KGB' },
    )
    expect(ledger).toMatchObject({ plays: 4n, duplicates: 4n })
    expect(ledger.ambiguousDates).toEqual({ plays: 1n, unsure: 1n, takenAs: 'month first' })
  })

  test('day and month are those of the file, and of the station where one file shows both', async () => {
    const day = (text: string) => new Date(Number(text) * 1000).toISOString().slice(5, 10)
    const read = async (lines: readonly string[], file: (i: number) => string) => {
      const { plays, ledger } = await accept({ ...plain, columns: ['callsign', ...plain.columns] }, lines, { file })
      return { days: plays.map((row) => day(String(row.time_unix))), ambiguous: ledger.ambiguousDates }
    }
    const lines = [
      ...['KUSA,01/02/2011,A1,S1', 'KUSA,01/31/2011,A2,S2', 'KUSA,02/28/2011,A3,S3'],
      ...['RNL,01/02/2011,B1,T1', 'RNL,31/01/2011,B2,T2'],
    ]
    const days = ['01-02', '01-31', '02-28', '02-01', '01-31']
    const own = { plays: 2n, unsure: 0n, takenAs: 'month first' }
    expect(await read(lines, (i) => (i < 3 ? 'us.csv' : 'eu.csv'))).toEqual({ days, ambiguous: own })
    expect(await read(lines, () => 'both.csv')).toEqual({ days, ambiguous: own })
    // Nothing in its file says how the last one is meant; it follows most dates of the run, and that is said.
    expect(
      await read([...lines, 'KXY,03/04/2011,C,U'], (i) => ['us.csv', 'eu.csv', 'xy.csv'][i < 3 ? 0 : i < 5 ? 1 : 2]!),
    ).toEqual({
      days: [...days, '03-04'],
      ambiguous: { plays: 3n, unsure: 1n, takenAs: 'month first' },
    })
  })

  test('files that Spark reads by itself: the header is no play, file and line are unknown', async () => {
    const lines = await (await spark()).createDataFrame<{ value: string }>(
      ['time,artist,song\r', '2023-01-01,ZZ Top,Legs\r', '2023-01-01,Z\0Z Top\0,Tush\r'].map((value) => ({ value })),
      'value string',
    )
    const rows = await lines
      .transform(parsePlays(plain, { framed: false, headerLine: 'time,artist,song', station: 'KGB' }))
      .collect()
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({ raw_song: 'Legs', source_file: null, source_line: null, reason: null })
    expect(rows[1]).toMatchObject({ raw_song: 'Tush', raw_artist: 'ZZ Top', line: '2023-01-01,ZZ Top,Tush' })
  })

  test('names come through byte for byte', async () => {
    const names = ["'); DROP TABLE plays;--", '$1', '\\Q', '%s', '`x`', '#{x}', '\\', "''"]
    const { plays } = await accept(
      { ...plain, delimiter: '\t' },
      names.map((name, i) => `2023-01-0${i + 1}\t${name}\t${name}`),
      { station: 'KGB' },
    )
    expect(plays.map((row) => row.raw_artist)).toEqual(names)
    expect(plays.map((row) => row.raw_song)).toEqual(names)
  })
})
