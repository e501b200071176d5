import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { numberKind, numberText } from '../../lib/input/formats/cell-number.ts'
import { planInputs } from '../../lib/input/index.ts'
import { splitRecord } from '../../lib/input/record.ts'
import { type ExcelOptions, excelFile, row, xml } from '../support/excel-file.ts'
import { readAll, scratch, write } from '../support/input-files.ts'
import { zipFile } from '../support/zip-file.ts'

const folder = scratch()
let files = 0
const file = (contents: Uint8Array, extension = 'xlsx') => write(folder, contents, `plays-${++files}.${extension}`)
const excel = (options: ExcelOptions) => file(excelFile(options))
const names = ['artist', 'title', 'time']
const plays = `${row(1, names)}${row(2, ['ABBA', 'Waterloo', 1402943314])}`

async function fields(path: string, options = {}): Promise<[number, ...string[]][]> {
  const { rows } = await readAll([path], options)
  return rows.map(({ line, text }) => [line, ...splitRecord(text, ',')])
}

describe('the cells of an Excel file', () => {
  test('shared and inline texts, rich and escaped ones; numbers; formulas by their last value; errors are blank', async () => {
    const path = excel({
      texts: [
        '<t>artist</t>',
        '<t>title</t>',
        '<r><t xml:space="preserve">Earth, </t></r><r><rPr><b/></rPr><t>Wind &amp; Fire</t></r>',
        '<t>夜に駆ける</t><rPh sb="0" eb="1"><t>ヨル</t></rPh>',
        '<t>Say "Yes"_x000D_\nagain</t>',
      ],
      sheets: {
        Plays: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c t="str"><v>time</v></c><c t="str"><v>id</v></c></row>
<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c><c r="C2"><v>1.402943314E9</v></c><c r="D2"><v>123456789012345</v></c></row>
<row r="3"><c r="A3" t="str"><f>UPPER("abba")</f><v>ABBA</v></c><c r="B3" t="s"><v>4</v></c><c r="C3"><f>C2+1</f><v>1402943315</v></c></row>
<row r="4"><c r="A4" t="e"><v>#N/A</v></c><c r="B4"><v>1999</v></c><c r="C4"><v>1402943316</v></c><c r="D4"><v>4.4000000000000004</v></c></row>
<row r="5"><c r="A5" t="inlineStr"><is><r><t>U</t></r><r><t>2</t></r></is></c><c r="B5" t="b"><v>1</v></c><c r="C5"><v>1402943317</v></c></row>`,
      },
    })
    expect(await fields(path)).toEqual([
      [2, 'Earth, Wind & Fire', '夜に駆ける', '1402943314', '123456789012345'],
      [3, 'ABBA', 'Say "Yes" again', '1402943315', ''],
      [4, '', '1999', '1402943316', '4.4'],
      [5, 'U2', 'TRUE', '1402943317', ''],
    ])
  })

  test('dates, times and lengths by their number formats', async () => {
    const cells = (number: number, styles: readonly (readonly [number, number | string])[]) =>
      `<row r="${number}">${styles.map(([s, v]) => `<c s="${s}"><v>${v}</v></c>`).join('')}</row>`
    const path = excel({
      formats: [14, 'dd.mm.yyyy hh:mm', '[$-409]h:mm:ss AM/PM;@', '[h]:mm:ss', '0.00E+00', 22],
      sheets: {
        Plays: `${row(1, ['artist', 'title', 'date', 'time', 'played', 'length', 'cart'])}
${cells(2, [
  [0, 7],
  [0, 8],
  [1, 41806],
  [3, 0.4993055555555556],
  [2, '41806.499305555553'],
  [4, 1.5],
  [5, 12.5],
])}
${cells(3, [
  [0, 7],
  [0, 8],
  [1, 41806.5],
  [3, 41806.5],
  [6, 41806],
  [4, 0.0024],
  [5, 41806],
])}`,
      },
    })
    expect(await fields(path)).toEqual([
      [2, '7', '8', '2014-06-16', '11:59:00', '2014-06-16 11:59:00', '36:00:00', '12.5'],
      [3, '7', '8', '2014-06-16 12:00:00', '2014-06-16 12:00:00', '2014-06-16 00:00:00', '00:03:27.360', '41806'],
    ])
  })

  test('days since 1904', async () => {
    const path = excel({
      is1904: true,
      formats: [22],
      sheets: { A: `${row(1, names)}<row r="2"><c/><c r="B2"><v>1</v></c><c s="1"><v>40344.25</v></c></row>` },
    })
    expect((await fields(path))[0]).toEqual([2, '', '1', '2014-06-16 06:00:00'])
  })

  test.each([
    [0, 'General', 'number'],
    [0, '#,##0.00 "days"', 'number'],
    [0, '[Red]0.00;[Blue]-0.00', 'number'],
    [0, '# ##0 \\d', 'number'],
    [0, 'yyyy\\-mm\\-dd', 'date'],
    [0, '[$-F800]dddd, mmmm dd, yyyy', 'date'],
    [0, 'mmm-yy', 'date'],
    [0, 'd/m/yy h:mm;@', 'moment'],
    [0, 'mm:ss.0', 'clock'],
    [0, '[mm]:ss', 'duration'],
    [14, undefined, 'date'],
    [20, undefined, 'clock'],
    [4, undefined, 'number'],
  ] as const)('format %s %s is a %s', (id, code, kind) => {
    expect(numberKind(id, code)).toBe(kind)
  })

  test('any moment to the second comes back as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1901) / 1000, max: Date.UTC(2200) / 1000 }), (seconds) => {
        const serial = String(seconds / 86_400 + 25_569)
        expect(numberText(serial, 'moment', false)).toBe(
          new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' '),
        )
      }),
    )
  })
})

test('formulas that were never computed are read as blank, and a note names one', async () => {
  const cell = (name: string, text: string) => `<c r="${name}" t="str"><v>${text}</v></c>`
  const head = `<row r="1">${cell('A1', 'time')}${cell('B1', 'artist')}${cell('C1', 'title')}</row>`
  const row = `<row r="2"><c r="A2"><f>NOW()</f></c>${cell('B2', 'ABBA')}${cell('C2', 'SOS')}</row>`
  const path = excel({ sheets: { Plays: head + row } })
  const { notes } = (await planInputs([path])).files[0]!
  expect(notes).toEqual([expect.stringMatching(/formulas such as in cell A2 .* save it again/)])
})

describe('the rows', () => {
  test('lines have the numbers of rows; blank ones and those before the header are passed over; references may be missing', async () => {
    const path = excel({
      sheets: {
        A: `${row(2, ['Playlist of KXYZ'])}${row(5, names)}${row(6, ['ABBA', 'Waterloo', 1402943314])}<row r="8"><c r="B8" s="3"/></row>${row(9, ['  '])}<row r="11"><c t="str"><v>U2</v></c><c t="str"><v>One</v></c><c><v>1402943315</v></c></row><row><c t="str"><v>Queen</v></c></row>`,
      },
    })
    expect(await fields(path)).toEqual([
      [6, 'ABBA', 'Waterloo', '1402943314'],
      [11, 'U2', 'One', '1402943315'],
      [12, 'Queen', '', ''],
    ])
  })

  test('names with prefixes, as some programs write them', async () => {
    const prefixed = plays.replace(/<(\/?)(\w)/g, '<$1x:$2')
    const path = excel({
      sheets: { A: '' },
      parts: {
        'xl/worksheets/s0.xml': `<x:worksheet xmlns:x="u"><x:sheetData>${prefixed}</x:sheetData></x:worksheet>`,
      },
    })
    expect(await fields(path)).toEqual([[2, 'ABBA', 'Waterloo', '1402943314']])
  })

  test('any texts come back as they are', async () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .filter((each) => /^[^\p{Cc}\p{Cs}\ufffe\uffff]*$/u.test(each) && !/_x/.test(each))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 6 }), async (pairs) => {
        const path = write(
          folder,
          excelFile({
            texts: pairs.map(([artist]) => `<t>${xml(artist)}</t>`),
            sheets: {
              A: `${row(1, ['time', 'title', 'artist'])}${pairs.map(([, title], i) => `${row(i + 2, [1402943314, title]).slice(0, -6)}<c t="s"><v>${i}</v></c></row>`).join('')}`,
            },
          }),
          'any.xlsx',
        )
        expect((await fields(path)).map(([, , title, artist]) => [artist, title])).toEqual(pairs)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the sheet', () => {
  const sheets = {
    Cover: row(1, ['Nothing here']),
    Plays: plays,
    'Old & "new"': `${row(1, names)}${row(2, ['U2', 'One', 1402943315])}`,
  }

  test('the first that is not hidden; the others are told', async () => {
    const path = excel({ sheets, hidden: ['Cover'] })
    expect((await fields(path))[0]).toEqual([2, 'ABBA', 'Waterloo', '1402943314'])
    expect((await planInputs([path])).files[0]!.notes[0]).toBe(
      'the first sheet, "Plays", is read; --sheet names another: "Old & "new""',
    )
  })

  test('the one that --sheet names, in any case', async () => {
    expect((await fields(excel({ sheets }), { sheet: 'old & "NEW"' }))[0]).toEqual([2, 'U2', 'One', '1402943315'])
  })

  test('an unknown one: the sheets are listed; where the first holds no plays, they are, too', async () => {
    const path = excel({ sheets })
    await expect(planInputs([path], { sheet: 'June' })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/has no sheet "June"$/),
      remedy: 'name one of its sheets: "Cover", "Plays", "Old & "new""',
    })
    await expect(planInputs([path])).rejects.toMatchObject({
      remedy: expect.stringContaining('--sheet names another: "Plays"'),
    })
  })

  test('--sheet without an Excel file', async () => {
    const path = write(folder, 'artist,title,time\nABBA,Waterloo,1402943314\n')
    await expect(planInputs([path], { sheet: 'x' })).rejects.toMatchObject({ kind: 'usage' })
  })
})

describe('where it comes from', () => {
  test('checksum and size are those of the file; one in a zip file or packed with gzip is read as well', async () => {
    const bytes = excelFile({ sheets: { A: plays } })
    const { files } = await readAll([file(bytes)])
    expect(files[0]).toMatchObject({
      rows: 1,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    const { rows } = await readAll([
      file(zipFile([{ name: 'june/a.xlsx', contents: bytes }]), 'zip'),
      file(gzipSync(bytes), 'xlsx.gz'),
    ])
    expect(rows.map(({ file, text }) => `${file.slice(-12)} ${text}`)).toEqual([
      '/june/a.xlsx ABBA,Waterloo,1402943314',
      expect.stringMatching(/\.xlsx\.gz ABBA,Waterloo,1402943314$/),
    ])
  })
})

describe('what cannot be read is refused by its name', () => {
  const cfb = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1000)])
  const ofParts = (parts: Record<string, string | Buffer>) => excelFile({ sheets: { A: plays }, parts })
  const sheet = (contents: string | Buffer) => ofParts({ 'xl/worksheets/s0.xml': contents })
  test.each<[string, Buffer, RegExp]>([
    ['.xls', cfb, /is not text but an old Excel file \(\.xls\) or one with a password$/],
    [
      '.ods',
      zipFile([{ name: 'mimetype', contents: 'application/vnd.oasis.opendocument.spreadsheet', method: 0 }]),
      /not a table but an OpenDocument file/,
    ],
    [
      '.xlsb',
      zipFile([
        { name: '[Content_Types].xml', contents: '' },
        { name: 'xl/workbook.bin', contents: '' },
      ]),
      /binary Excel file/,
    ],
    [
      '.docx',
      zipFile([
        { name: '[Content_Types].xml', contents: '' },
        { name: 'word/document.xml', contents: '' },
      ]),
      /Word document/,
    ],
    ['a missing sheet', excelFile({ sheets: {} }), /cannot be read: it has no sheet with cells$/],
    ['a sheet that is cut', sheet('<worksheet><sheetData><row r="1">'), /cannot be read: .*unclosed tag/],
    ['what is not XML', sheet('nothing'), /cannot be read: /],
    ['bytes that are not UTF-8', sheet(Buffer.from([0x3c, 0x61, 0x3e, 0xff])), /cannot be read: .*utf-8/],
    [
      'a text that is missing',
      sheet('<worksheet><row><c t="s"><v>7</v></c></row></worksheet>'),
      /cannot be read: it has no text number 7$/,
    ],
    [
      'a cell far away',
      sheet('<worksheet><row><c r="ZZZZ1"><v>7</v></c></row></worksheet>'),
      /cell ZZZZ1 stands in a wrong place$/,
    ],
    [
      'a row far away',
      sheet('<worksheet><row r="9999999"><c><v>7</v></c></row></worksheet>'),
      /row 9999999 stands in a wrong place$/,
    ],
    [
      'entities of its own',
      sheet('<!DOCTYPE x [<!ENTITY a "b">]><worksheet><row><c t="str"><v>&a;</v></c></row></worksheet>'),
      /undefined entity/,
    ],
    ['a bomb of blanks', sheet(' '.repeat(80_000_000)), /would unpack to 80\.0 MB/],
    [
      'a value without an end',
      sheet(`<worksheet><row><c t="str"><v>${'ab'.repeat(15_000_000)}`),
      /one of its values is larger than 16 MiB$/,
    ],
  ])('%s', async (_, bytes, message) => {
    await expect(planInputs([file(bytes)])).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(message),
    })
  })
})
