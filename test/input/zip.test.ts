import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { findInputs, frameLines, type LeftOutFile, planInputs } from '../../lib/input/index.ts'
import { readAll, scratch, write } from '../support/input-files.ts'
import { type ZipPart, zipFile } from '../support/zip-file.ts'

const folder = scratch()
const header = 'song,artist,callsign,time\n'
const log = (song: string) => `${header}${song},Bad Company,KGB,1403279923\n`
let zips = 0
const zip = (parts: readonly ZipPart[]) => write(folder, zipFile(parts), `logs-${++zips}.zip`)

async function songsOf(patterns: readonly string[]): Promise<string[]> {
  const { rows } = await readAll(patterns)
  return rows.map(({ file, line, text }) => `${relative(folder, file)}:${line} ${text.split(',')[0]}`)
}

describe('a zip file stands for the logs inside of it', () => {
  test('each is read as it would be on disk', async () => {
    const path = zip([
      { name: '2014/', contents: '' },
      { name: '2014/june/a.csv', contents: log('Silver') },
      { name: 'b.TXT', contents: log('Blue').replaceAll(',', ';'), method: 0 },
      { name: 'c.csv.gz', contents: gzipSync(log('Gold')) },
      { name: 'd.jsonl', contents: '{"time":1403279923,"artist":"ABBA","title":"Waterloo"}\n' },
    ])
    expect(await songsOf([path])).toEqual([
      'logs-1.zip/2014/june/a.csv:2 Silver',
      'logs-1.zip/c.csv.gz:2 Gold',
      'logs-1.zip/b.TXT:2 Blue;Bad Company;KGB;1403279923',
      'logs-1.zip/d.jsonl:2 1403279923',
    ])
  })

  test('one of them can be named, also beside the zip file', async () => {
    const path = zip([
      { name: 'june/a.csv', contents: log('Silver') },
      { name: 'b.csv', contents: log('Gold') },
    ])
    expect((await songsOf([`${path}/june/a.csv`])).map((each) => each.split(' ')[1])).toEqual(['Silver'])
    expect((await songsOf([`${path}/b.csv`, path])).map((each) => each.split(' ')[1])).toEqual(['Gold', 'Silver'])
    await expect(findInputs([`${path}/c.csv`])).rejects.toMatchObject({
      message: expect.stringMatching(/^file not found: .*c\.csv$/),
    })
  })

  test('a member has the checksum and size of the same file on disk', async () => {
    const { files } = await readAll([zip([{ name: 'a.csv', contents: log('Silver') }])])
    expect(files[0]).toMatchObject({
      bytes: log('Silver').length,
      sha256: createHash('sha256').update(log('Silver')).digest('hex'),
    })
  })

  test('zip files are found in folders, and by their contents whatever their name is', async () => {
    const place = join(folder, 'folder')
    mkdirSync(place)
    write(place, zipFile([{ name: 'a.csv', contents: log('Silver') }]), 'week.zip')
    write(place, log('Gold'), 'b.csv')
    write(place, zipFile([{ name: 'readme.md', contents: 'x' }]), 'other.zip')
    const leftOut: LeftOutFile[] = []
    const found = await findInputs([place], (file) => leftOut.push(file))
    expect(found.map(({ label }) => relative(place, label))).toEqual(['b.csv', 'week.zip/a.csv'])
    expect(leftOut.map(({ label, why }) => `${relative(place, label)} ${why}`)).toEqual([
      'other.zip/readme.md is not named as a log',
      'other.zip holds no play log',
    ])
    const renamed = write(folder, zipFile([{ name: 'a.csv', contents: log('Silver') }]), 'export.dat')
    expect(await songsOf([renamed])).toEqual(['export.dat/a.csv:2 Silver'])
  })

  test('names in UTF-8, with its mark or without, and in CP437; backslashes; what leads out goes nowhere', async () => {
    const path = zip([
      { name: 'Málaga.csv', contents: log('Silver') },
      { name: Buffer.from([0x4d, 0x81, 0x2e, 0x63, 0x73, 0x76]), contents: log('Blue') },
      { name: 'win\\dows.csv', contents: log('Gold') },
      { name: '../../etc/passwd.csv', contents: log('Red') },
      { name: '/root.csv', contents: log('Green') },
      { name: 'a\u001bc.csv', contents: log('Black') },
    ])
    const { rows } = await readAll([path])
    expect(rows.map(({ file }) => relative(folder, file.replace(path, `${folder}/X`)))).toEqual([
      'X/Málaga.csv',
      'X/Mü.csv',
      'X/win/dows.csv',
      'X/a\\x1bc.csv',
    ])
    const leftOut: string[] = []
    await findInputs([path], ({ label, why }) => leftOut.push(`${label.slice(path.length)} ${why}`))
    expect(leftOut).toEqual([
      '/../../etc/passwd.csv has a name that leads out of the zip file',
      '//root.csv has a name that leads out of the zip file',
    ])
  })

  test('./ and // in names are only other ways to write them', async () => {
    const path = zip([
      { name: './a.csv', contents: log('Silver') },
      { name: './june//./b.csv', contents: log('Gold') },
      { name: './/../c.csv', contents: log('Red') },
    ])
    const found = await planInputs([path])
    const labels = found.files.map(({ label }) => label)
    expect(labels.map((label) => relative(path, label))).toEqual(['a.csv', 'june/b.csv'])
    expect(found.leftOut.map(({ why }) => why)).toEqual(['has a name that leads out of the zip file'])
    expect((await findInputs(labels)).map(({ label }) => label)).toEqual(labels)
  })

  test('what is left out is told, but for the litter of macOS', async () => {
    const path = zip([
      { name: 'a.csv', contents: log('Silver') },
      { name: '__MACOSX/._a.csv', contents: 'x' },
      { name: '.DS_Store', contents: 'x' },
      { name: 'june/~$a.xlsx', contents: 'x' },
      { name: '_old/b.csv', contents: 'x' },
      { name: 'cover.jpg', contents: 'x' },
      { name: 'more.zip', contents: zipFile([{ name: 'c.csv', contents: log('Gold') }]) },
    ])
    const leftOut = (await planInputs([path])).leftOut.map(({ label, why }) => `${relative(path, label)} ${why}`)
    expect(leftOut).toEqual([
      '_old/b.csv has a name (or a folder) that begins with . or _',
      'cover.jpg is not named as a log',
      'more.zip is a zip file inside of a zip file; unpack it',
    ])
  })
})

describe('what cannot be read is refused by its name', () => {
  const bomb = (name: string): ZipPart => ({
    name,
    contents: Buffer.alloc(80_000_000, `${log('Silver')}${'x'.repeat(60_000)}\n`),
  })
  test.each<[string, ZipPart[] | Buffer, RegExp]>([
    ['no log', [{ name: 'a.md', contents: 'x' }], /no play log in the zip file/],
    ['nothing at all', [], /no play log in the zip file/],
    [
      'an encrypted member',
      [{ name: 'a.csv', contents: log('x'), encrypted: true }],
      /logs-\d+\.zip\/a\.csv is encrypted$/,
    ],
    ['another method', [{ name: 'a.csv', contents: log('x'), method: 12 }], /zip\/a\.csv is packed with method 12/],
    [
      'a wrong checksum',
      [{ name: 'a.csv', contents: log('x'), saysCrc: 1 }],
      /zip\/a\.csv is a damaged zip file: its checksum/,
    ],
    [
      'a member that is larger than it says',
      [{ name: 'a.csv', contents: log('x'), saysBytes: 20 }],
      /a\.csv is a damaged zip file: too many bytes/,
    ],
    [
      'a member that is smaller than it says',
      [{ name: 'a.csv', contents: log('x'), saysBytes: 9_999 }],
      /a\.csv is a damaged zip file: not enough bytes/,
    ],
    [
      'a file that was cut',
      zipFile([{ name: 'a.csv', contents: log('x') }]).subarray(0, 90),
      /\.zip is a damaged zip file/,
    ],
    ['a bomb', [bomb('a.csv')], /would unpack to 80\.0 MB, which no log of its size does/],
    [
      'a bomb that says it is small',
      [{ ...bomb('b.csv'), saysBytes: 1000 }],
      /b\.csv is a damaged zip file: too many bytes/,
    ],
    [
      'a gzip bomb inside',
      [{ name: 'c.csv.gz', contents: gzipSync(bomb('').contents) }],
      /c\.csv\.gz is larger than 67\.1 MB once unpacked/,
    ],
  ])('%s', async (_, contents, message) => {
    const path = Buffer.isBuffer(contents) ? write(folder, contents, `logs-${++zips}.zip`) : zip(contents)
    const read = async () => {
      for await (const _ of frameLines((await planInputs([path])).files));
    }
    const error = await read().catch((each: unknown) => each)
    expect(error).toMatchObject({ kind: 'input', message: expect.stringMatching(message) })
  })

  test('a bomb names the member that is to blame', async () => {
    const path = zip([{ name: 'a.csv', contents: log('x') }, bomb('june/b.csv')])
    await expect(findInputs([path])).rejects.toMatchObject({
      place: expect.stringMatching(/zip\/june\/b\.csv: 80\.0 MB from \d/),
    })
  })

  test('too many members', async () => {
    const parts = Array.from({ length: 20_001 }, (_, i) => ({ name: `${i}.csv`, contents: '', method: 0 }))
    await expect(findInputs([zip(parts)])).rejects.toMatchObject({
      message: expect.stringMatching(/more than 20000 files/),
    })
  })
})
