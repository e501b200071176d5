import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { readDecisions, readOverrides } from '../../lib/input/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rp-overrides-'))
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0
const file = (text: string) => {
  const path = join(folder, `${++count}.csv`)
  writeFileSync(path, text)
  return path
}

test('pairs of artists and of titles, in any order of columns, with commas or semicolons', async () => {
  const pairs = [
    { verdict: 'same', a: 'Prince', z: 'The Artist, Formerly', row: 2 },
    { verdict: 'different', a: 'Rock You', z: 'We Will Rock You', artist: 'Queen', row: 3 },
  ]
  // Empty rows are rows, as a spreadsheet counts them.
  const later = [pairs[0], { ...pairs[1], row: 4 }]
  expect(
    await readOverrides(
      file(
        '\ufeffverdict,a,b,artist\r\nsame,Prince,"The Artist, Formerly",\r\n\r\nDifferent, Rock You ,We Will Rock You,Queen\r\n',
      ),
    ),
  ).toEqual(later)
  expect(
    await readOverrides(
      file('Artist;A;B;Verdict\n;Prince;The Artist, Formerly;same\nQueen;Rock You;We Will Rock You;different'),
    ),
  ).toEqual(pairs)
  expect(await readOverrides(file('verdict,a,b\nsame,Prince,"The Artist, Formerly"\n'))).toEqual(pairs.slice(0, 1))
  expect(await readOverrides(file(''))).toEqual([])
})

test('what a person says of look-ups stands in the same file, and each reader takes its own', async () => {
  const act = '0383dadf-2a4e-4d10-a46a-e9e041da8eb3'
  const path = file(
    `verdict,a,b,artist\nmbid,Queen,${act},\nsame,Prince,Prinz,\nNot mbid,Toto,${act},\nmbid,Africa,${act},Toto\n` +
      'picture,Queen,File:Queen 1984.jpg,\npicture,Toto,https://pictures.example/a?b=c,\nno picture,Prince,,\n',
  )
  expect(await readOverrides(path)).toEqual([{ verdict: 'same', a: 'Prince', z: 'Prinz', row: 3 }])
  expect(await readDecisions(path)).toEqual([
    { verdict: 'mbid', artist: 'Queen', value: act, row: 2 },
    { verdict: 'not mbid', artist: 'Toto', value: act, row: 4 },
    { verdict: 'mbid', artist: 'Toto', title: 'Africa', value: act, row: 5 },
    { verdict: 'picture', artist: 'Queen', value: 'File:Queen 1984.jpg', row: 6 },
    { verdict: 'picture', artist: 'Toto', value: 'https://pictures.example/a?b=c', row: 7 },
    { verdict: 'no picture', artist: 'Prince', value: '', row: 8 },
  ])
})

test.each([
  ['mbid,Queen,queen', /"queen" is not a MusicBrainz id/],
  ['mbid,Queen,', /mbid needs a and b/],
  ['picture,Queen,http://pictures.example/a.jpg', /not a file of Wikimedia Commons/],
  ['picture,Queen,javascript:alert(1)', /not a file of Wikimedia Commons/],
  ['no picture,Queen,File:A.jpg', /leave b empty/],
  ['not mbid,Africa,0383dadf-2a4e-4d10-a46a-e9e041da8eb3,Toto', /leave artist empty/],
])('%s is refused by both readers, with its row', async (row, message) => {
  const path = file(`verdict,a,b,artist\n${row}\n`)
  for (const read of [readOverrides, readDecisions]) {
    const error = await read(path).catch((caught) => caught)
    expect(error).toMatchObject({ kind: 'usage', place: `${path}, row 2`, message: expect.stringMatching(message) })
    expect(error.remedy).toContain('no picture and a name')
  }
})

test.each([
  ['a column is missing', 'verdict,a\nsame,x', 'column "b" is missing', 1],
  ['a column is unknown', 'verdict,a,b,c\nsame,x,y,z', '"c" is not a column of an overrides file', 1],
  ['another verdict', 'verdict,a,b\nsame,x,y\nmaybe,x,y', 'the verdict is "maybe", not same or different', 3],
  ['a name is missing', 'verdict,a,b\nsame,x,', 'a name is missing', 2],
  ['a comma without quotes', 'verdict,a,b\nsame,x,y,z', 'it has more cells than the first row', 2],
])('%s: the row is named', async (_, text, message, row) => {
  const path = file(text)
  await expect(readOverrides(path)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(message),
    place: `${path}, row ${row}`,
  })
})

test('no file, and no CSV', async () => {
  await expect(readOverrides(join(folder, 'none.csv'))).rejects.toMatchObject({
    kind: 'input',
    message: 'the file of overrides cannot be read (ENOENT)',
  })
  await expect(readOverrides(file('verdict,a,b\nsame,"x,y'))).rejects.toMatchObject({ kind: 'input' })
})

test.each<[string, (text: string) => Buffer]>([
  ['Windows-1252', (text) => Buffer.from(text, 'latin1')],
  ['UTF-8 with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16', (text) => Buffer.from(`\ufeff${text.replaceAll(';', '\t')}`, 'utf16le')],
])('as Excel saves it: %s', async (_, encode) => {
  const path = file('')
  writeFileSync(path, encode('verdict;a;b\r\nsame;Mot\u00f6rhead;Mot\u00f6rhed\r\n'))
  expect(await readOverrides(path)).toEqual([{ verdict: 'same', a: 'Mot\u00f6rhead', z: 'Mot\u00f6rhed', row: 2 }])
})
