import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { addOverride, overridesIn, readOverrides, removeOverride } from '../../lib/input/index.ts'
import { scratch } from '../support/input-files.ts'

const folder = scratch()
let files = 0
const file = (bytes: string | Buffer) => {
  const path = join(folder, `${++files}.csv`)
  writeFileSync(path, bytes)
  return path
}
const said = { verdict: 'different', a: 'Mötley "Crüe", the', b: 'Motley; Crue', artist: '' }
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const utf16be = (text: string) => utf16(text).swap16()
const cyrillic = (text: string) =>
  Buffer.from([...text].map((c) => (c >= 'А' && c <= 'я' ? c.charCodeAt(0) - 0x410 + 0xc0 : c.charCodeAt(0))))

test.each<[string, Buffer, (row: string) => Buffer, string]>([
  [
    'commas, LF',
    Buffer.from('verdict,a,b,artist\nsame,A,B,\n'),
    Buffer.from,
    'different,"Mötley ""Crüe"", the",Motley; Crue,\n',
  ],
  [
    'a comment, semicolons, another order, CRLF, a byte order mark',
    Buffer.from('\ufeff# mine; not yours\r\nartist;b;a;verdict\r\n;B;A;same\r\n# end\r\n'),
    Buffer.from,
    ';"Motley; Crue";"Mötley ""Crüe"", the";different\r\n',
  ],
  [
    'UTF-16 with tabs',
    utf16('verdict\ta\tb\r\nsame\tA\tB\r\n'),
    (row) => Buffer.from(row, 'utf16le'),
    'different\t"Mötley ""Crüe"", the"\tMotley; Crue\r\n',
  ],
  [
    'UTF-16 the other way',
    utf16be('verdict,a,b\nsame,A,B\n'),
    (row) => Buffer.from(row, 'utf16le').swap16(),
    'different,"Mötley ""Crüe"", the",Motley; Crue\n',
  ],
  [
    'Windows-1252, no line end at the end',
    Buffer.from('verdict,a,b\nsame,Beyoncé,Beyonc\u00e9e', 'latin1'),
    (row) => Buffer.from(`\n${row}`, 'latin1'),
    'different,"Mötley ""Crüe"", the",Motley; Crue\n',
  ],
])('%s: a row is added in the same form, and taken out again', async (_name, before, encode, row) => {
  const path = file(before)
  await addOverride(path, said)
  expect(readFileSync(path)).toEqual(Buffer.concat([before, encode(row)]))
  expect((await overridesIn(path)).at(-1)).toMatchObject(said)
  expect(await removeOverride(path, said)).toBe(true)
  const left = readFileSync(path)
  expect(left.subarray(0, before.length)).toEqual(before)
  expect(left.length - before.length).toBeLessThanOrEqual(1)
  expect(await removeOverride(path, said)).toBe(false)
})

test('only that row goes: line ends in quotes, empty rows, comments and later rows stay', async () => {
  const head = 'verdict,a,b\r\n\r\nsame,"two\r\nlines",B\r\n# "kept\r\n'
  const path = file(`${head}different, X ,"Y"\r\nsame,C,D`)
  expect(await removeOverride(path, { verdict: 'different', a: 'X', b: 'Y', artist: '' })).toBe(true)
  expect(readFileSync(path, 'utf8')).toBe(`${head}same,C,D`)
})

test('a file that is not there is made, with its columns; one of a few rights keeps them; a link is followed', async () => {
  const path = join(folder, 'new', 'overrides.csv')
  const title = { verdict: 'same', a: 'Hey Jude', b: 'Hey, Jude', artist: 'The Beatles' }
  await addOverride(path, title)
  expect(readFileSync(path, 'utf8')).toBe('verdict,a,b,artist\nsame,Hey Jude,"Hey, Jude",The Beatles\n')
  chmodSync(path, 0o600)
  const link = join(folder, 'link.csv')
  symlinkSync(path, link)
  await addOverride(link, said)
  expect(await readOverrides(path)).toHaveLength(2)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test.each([
  ['', ''],
  ['\ufeff', '\ufeff'],
  ['\n\n', '\n\n'],
  ['# mine\r\n', '# mine\r\n'],
  ['# mine', '# mine\n'],
])('a file of comments and blank rows alone gets its columns: %j', async (before, head) => {
  const path = file(before)
  const end = before.includes('\r') ? '\r\n' : '\n'
  await addOverride(path, { ...said, a: 'A', b: 'B' })
  expect(readFileSync(path).toString()).toBe(`${head}verdict,a,b,artist${end}different,A,B,${end}`)
})

test('a file for reading only stays as it is', async () => {
  const path = file('verdict,a,b,artist\n')
  chmodSync(path, 0o444)
  await expect(addOverride(path, said)).rejects.toMatchObject({
    kind: 'usage',
    remedy: expect.stringContaining('chmod'),
  })
  expect(readFileSync(path, 'utf8')).toBe('verdict,a,b,artist\n')
})

test('nothing is written where the encoding has no such letter, the file is wrong, or there is no column', async () => {
  const russian = cyrillic('verdict,a,b\nsame,Кино группа Цой,Кино группа\nsame,Машина времени,Машина\n')
  const path = file(russian)
  await expect(addOverride(path, { ...said, a: 'Björk', b: 'B' })).rejects.toMatchObject({
    kind: 'usage',
    message: 'the overrides file cannot hold "Björk" and "B" in its encoding',
    remedy: 'save the file as UTF-8, then decide again',
  })
  expect(readFileSync(path)).toEqual(russian)
  await addOverride(path, { ...said, a: 'Ария', b: 'Ариа' })
  expect(readFileSync(path)).toEqual(Buffer.concat([russian, cyrillic('different,Ария,Ариа\n')]))
  await expect(addOverride(file('verdict,a,b\nperhaps,A,B\n'), said)).rejects.toThrow('the verdict is "perhaps"')
  await expect(addOverride(file('verdict,a,b\n'), { ...said, artist: 'X' })).rejects.toMatchObject({
    remedy: 'add ",artist" to its first row',
  })
  mkdirSync(join(folder, 'folder.csv'))
  await expect(addOverride(join(folder, 'folder.csv'), said)).rejects.toMatchObject({ kind: 'input' })
})

test('names that begin with a number sign are names, and comments are no rows', async () => {
  const path = file('# first\nverdict,a,b\n# a note, with, many, commas\nsame,#1 Crush,Nr 1 Crush\n')
  expect(await readOverrides(path)).toEqual([{ verdict: 'same', a: '#1 Crush', z: 'Nr 1 Crush', row: 4 }])
  const other = file('a,b,verdict\n#1 Crush,Nr 1 Crush,same\n')
  expect(await readOverrides(other)).toEqual([{ verdict: 'same', a: '#1 Crush', z: 'Nr 1 Crush', row: 2 }])
})
