import { createHash } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type FrameOptions, findInputs, frameLines, inspect, planInputs } from '../../lib/input/index.ts'
import { refusedMark } from '../../lib/model/framing.ts'
import { readAll, scratch, write } from '../support/input-files.ts'

const folder = scratch()
const header = 'song,artist,callsign,time'
const one = 'Silver,Bad Company,KGB,1403279923'
const two = 'Hello,The Doors,KGB,1403279999'

async function texts(contents: string | Uint8Array, options = {}): Promise<string[]> {
  return (await readAll([write(folder, contents)], options)).rows.map((row) => row.text)
}

describe('line ends', () => {
  test.each<[string, string, number[]]>([
    ['LF', `${header}\n${one}\n${two}\n`, [2, 3]],
    ['CRLF', `${header}\r\n${one}\r\n${two}\r\n`, [2, 3]],
    ['CR', `${header}\r${one}\r${two}\r`, [2, 3]],
    ['mixed', `${header}\n${one}\r\n${two}\r`, [2, 3]],
    ['no end of the last line', `${header}\n${one}\n${two}`, [2, 3]],
    ['a doubled CR is a blank line, as editors show it', `${header}\r\r\n${one}\r\r\n${two}`, [3, 5]],
    ['blank lines', `\n${header}\n\n${one}\n  \n${two}\n\n`, [4, 6]],
    ['the end mark of DOS', `${header}\n${one}\n${two}\n\u001a`, [2, 3]],
  ])('%s', async (_name, contents, numbers) => {
    const { rows } = await readAll([write(folder, contents)])
    expect(rows.map((row) => row.text)).toEqual([one, two])
    expect(rows.map((row) => row.line)).toEqual(numbers)
  })
})

describe('every encoding gives what its UTF-8 twin gives', () => {
  const western = `${header}\r\nBlue – Öyster’s “Cult”,Motörhead €,KGB,1\r\nŒuvre,Zoë,KGB,2\r\n`
  const world = `${header}\nПачка сигарет,Кино,KGB,1\n夜に駆ける,ヨアソビ,KGB,2\nقارئة الفنجان,عبد الحليم,KGB,3\n😀 emoji,𝔘nicode,KGB,4\n`
  const cp1252 = (text: string) =>
    Buffer.from(
      text.replace(/[–’“”€Œ]/g, (char) =>
        String.fromCharCode({ '–': 0x96, '’': 0x92, '“': 0x93, '”': 0x94, '€': 0x80, Œ: 0x8c }[char]!),
      ),
      'latin1',
    )
  const utf16 = (text: string) => Buffer.from(text, 'utf16le')
  test.each<[string, Uint8Array, string, object]>([
    ['CP1252', cp1252(western), western, {}],
    ['CP1252, named', cp1252(western), western, { encoding: 'cp1252' }],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${world}`), world, {}],
    ['UTF-16LE', utf16(`\ufeff${world}`), world, {}],
    ['UTF-16LE without a mark', utf16(world), world, {}],
    ['UTF-16BE', utf16(`\ufeff${world}`).swap16(), world, {}],
    ['UTF-16BE without a mark', utf16(world).swap16(), world, {}],
    ['gzip', gzipSync(world), world, {}],
    ['gzip in two members', Buffer.concat([gzipSync(world.slice(0, 40)), gzipSync(world.slice(40))]), world, {}],
    ['gzip of UTF-16', gzipSync(utf16(`\ufeff${world}`)), world, {}],
    ['CR line ends', Buffer.from(world.replaceAll('\n', '\r')), world, {}],
    [
      'KOI8-R, named',
      Buffer.concat([Buffer.from(`${header}\n`), Buffer.from('ebc9cecf', 'hex'), Buffer.from(',x,KGB,1\n')]),
      `${header}\nКино,x,KGB,1\n`,
      { encoding: 'koi8-r' },
    ],
  ])('%s', async (_name, bytes, twin, options) => {
    expect(await texts(bytes, options)).toEqual(await texts(twin))
  })

  test('one file of lines in both', async () => {
    const lines = [Buffer.from(`${header}\nMotörhead,a,KGB,1\n`), Buffer.from('Motörhead,b,KGB,2\n', 'latin1')]
    expect(await texts(Buffer.concat(lines))).toEqual(['Motörhead,a,KGB,1', 'Motörhead,b,KGB,2'])
  })
})

describe('bytes that are not text', () => {
  test.each<[string, number[], string]>([
    ['the two cut names of the real file', [0xc3, 0x83, 0xc2, 0x83, 0xc3], '\u00c3\u0083\ufffd'],
    ['a cut letter behind a whole one', [0xc3, 0xb6, 0x20, 0xc3], 'ö \ufffd'],
    ['an overlong slash', [0xc0, 0xaf], '\ufffd\ufffd'],
    ['a lone surrogate', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
    ['one letter of Latin-1', [0xf6], 'ö'],
    ['a letter that only Windows has', [0x8a], 'Š'],
    ['U+202E', [0xe2, 0x80, 0xae], '\u202e'],
  ])('%s', async (_name, bytes, text) => {
    const line = Buffer.concat([Buffer.from(`${header}\nA`), Buffer.from(bytes), Buffer.from('Z,b,KGB,1\n')])
    expect(await texts(line)).toEqual([`A${text}Z,b,KGB,1`])
  })

  test('said to be UTF-8, nothing is taken for Windows-1252', async () => {
    const line = Buffer.concat([Buffer.from(`${header}\nA`), Buffer.from([0xf6]), Buffer.from(',b,KGB,1\n')])
    expect(await texts(line, { encoding: 'utf-8' })).toEqual(['A\ufffd,b,KGB,1'])
  })

  test('NUL is taken out and counted; what would break the frame becomes a space', async () => {
    const { rows, files } = await readAll([write(folder, `${header}\nA\0B\u001fC\u001aD,b,KGB,1\n`)])
    expect(rows[0]?.text).toBe('AB C D,b,KGB,1')
    expect(files[0]?.nulBytes).toBe(1)
  })
})

describe('records over several lines', () => {
  test('a line end inside quotes becomes a space; the record has the number of its first line', async () => {
    const { rows, files } = await readAll([
      write(folder, `${header}\r\n"Part 1\r\nPart 2","A ""B""\nC",KGB,1\r\n${one}\r\n`),
    ])
    expect(rows.map((row) => [row.line, row.text])).toEqual([
      [2, '"Part 1 Part 2","A ""B"" C",KGB,1'],
      [5, one],
    ])
    expect(files[0]?.joinedLines).toBe(2)
  })

  test.each<[string, string[]]>([
    ['a quote that never closes', ['"Heroes,David Bowie,KGB,1', one, two]],
    [
      'a quote that never closes before lines with quotes',
      ['"Heroes,David Bowie,KGB,1', '"Hello",The Doors,KGB,2', '"A ""B""",C,KGB,3'],
    ],
    ['a quote in the middle of a field', ['12" Mix,Depeche "Mode,KGB,1', one]],
    ['text behind a closing quote', ['"Weird" Al,Fat,KGB,1', '"Weird" Al,Eat It,KGB,2']],
    ['naively re-delimited fields', ['"""Silver";" Blue And Gold by Bad Company"""', one]],
    ['a stray quote in every line', ['"a,b,KGB,1', '"c,d,KGB,2', '"e,f,KGB,3']],
    ['a quote before the last field, unclosed', ['a,b,KGB,"1', one, two]],
  ])('%s swallows no line', async (_name, lines) => {
    expect(await texts([header, ...lines].join('\n'))).toEqual(lines)
  })

  test('a quote that would reach beyond 32 lines is taken as it stands', async () => {
    const lines = ['"a', ...Array.from({ length: 40 }, (_, i) => `line ${i}`), 'b",c,KGB,1']
    expect(await texts([header, ...lines].join('\n'))).toEqual(lines)
  })

  test('a record that a block ends in', async () => {
    const filler = `${one}\n`.repeat(Math.floor(((1 << 20) - header.length - 10) / (one.length + 1)))
    const { rows } = await readAll([write(folder, `${header}\n${filler}"Long\nand\nlonger",x,KGB,1\n${two}\n`)])
    expect(rows.slice(-2).map((row) => row.text)).toEqual(['"Long and longer",x,KGB,1', two])
  })
})

describe('lines that are too long', () => {
  const sample = (text: string) => text.slice(text.indexOf('] ') + 2)
  test.each([
    ['in one block', 100_000],
    ['over many blocks', 5_000_000],
  ])('%s: refused with size, place and a sample; the rest is read', async (_name, size) => {
    for (const end of ['\n', '\r\n', '\r']) {
      const long = `${'ö'.repeat(size / 2)},b,KGB,1`
      const { rows, files } = await readAll([write(folder, [header, one, long, two].join(end))])
      expect(rows.map((row) => row.line)).toEqual([2, 3, 4])
      expect(rows[0]?.text).toBe(one)
      expect(rows[2]?.text).toBe(two)
      const offset = header.length + one.length + 2 * end.length
      expect(
        rows[1]?.text.startsWith(`${refusedMark}line too long${refusedMark}[${size + 8} bytes at byte ${offset}] `),
      ).toBe(true)
      expect(sample(rows[1]!.text)).toMatch(/^ö{499,500}$/)
      expect(files[0]?.tooLongLines).toBe(1)
    }
  })

  test('a line that is huge only behind what a play needs gives no sample that could be read as a play', async () => {
    const lines = await texts(`combined,${header}\nx,${one}\nx,${one},${'y'.repeat(70_000)}`)
    expect(lines[1]).toMatch(
      new RegExp(`^${refusedMark}line too long${refusedMark}\\[70036 bytes at byte \\d+\\] x,Silver,Bad Company,KGB$`),
    )
  })

  test('the last line without an end, and the limit as an option', async () => {
    const lines = await texts(`${header}\n${one}\n${'x'.repeat(300)}`, { maxLineBytes: 100 })
    expect(lines[0]).toBe(one)
    expect(lines[1]).toMatch(new RegExp(`^${refusedMark}line too long${refusedMark}\\[300 bytes at byte 60\\] x{300}$`))
  })
})

describe('limits', () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from(`${header}\n${one}\n`), Buffer.alloc(80_000_000, `${one}\n`)]))

  test('a gzip bomb stops long before it is unpacked', async () => {
    const path = write(folder, bomb)
    expect(bomb.length * 250).toBeLessThan(80_000_000)
    const drained = async (options: FrameOptions = {}) => {
      for await (const _ of frameLines((await planInputs([path])).files, { sliceBytes: 4_000_000, ...options }));
    }
    await expect(drained()).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/is larger than 67\.1 MB once unpacked$/),
    })
    await expect(drained({ maxBytes: 1_000_000 })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/larger than 1\.0 MB/),
    })
  })

  test('an abort ends the reading with its reason', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const [file] = await findInputs([write(folder, `${header}\n${`${one}\n`.repeat(200_000)}`)])
    const framing = frameLines([await inspect(file!)], { sliceBytes: 100_000, signal: stop.signal })
    await framing.next()
    stop.abort(reason)
    await expect(
      (async () => {
        for await (const _ of framing);
      })(),
    ).rejects.toBe(reason)
  })

  test('slices are at most as large as asked, and nothing is lost between them', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `Song ${i},Artist,KGB,${i}`)
    const { rows, slices, files } = await readAll([write(folder, [header, ...lines].join('\n'))], {
      sliceBytes: 100_000,
    })
    expect(Math.max(...slices)).toBeLessThanOrEqual(100_000)
    expect(slices.length).toBeGreaterThan(20)
    expect(rows.map((row) => row.text)).toEqual(lines)
    expect(rows.every((row, i) => row.line === i + 2)).toBe(true)
    expect(files[0]?.rows).toBe(50_000)
  })
})

test('checksum and sizes are those of the file on disk', async () => {
  const contents = gzipSync(`${header}\n${one}\n${two}\n`)
  const { files } = await readAll([write(folder, contents)])
  expect(files[0]).toMatchObject({
    bytes: contents.length,
    sha256: createHash('sha256').update(contents).digest('hex'),
    rows: 2,
  })
})

const real = '../shared/data/rock-plays-raw.txt'
const withReal = existsSync(real) ? test : test.skip
if (!existsSync(real)) console.warn(`skipped: ${real} is not there`)

withReal('the real file: 37,673 rows, each as it is', async () => {
  const { rows, files } = await readAll([real])
  const lines = readFileSync(real, 'latin1').split('\r\n')
  expect(rows).toHaveLength(37_673)
  expect(files[0]).toMatchObject({ rows: 37_673, joinedLines: 0, recodedLines: 2, blankLines: 0, tooLongLines: 0 })
  expect(rows.map((row) => row.line)).toEqual(rows.map((_, i) => i + 2))
  const differing = rows.filter((row, i) => Buffer.from(row.text).toString('latin1') !== lines[i + 1])
  expect(differing.map((row) => row.text.split(';')[1])).toEqual(['QueensrÃ\u0083\ufffd', 'QueensrÃ\u0083\ufffd'])
})

describe('any bytes', () => {
  // A second, plain way to count: universal line ends, minus blank lines.
  const without = (text: string, characters: string) => [...text].filter((each) => !characters.includes(each)).join('')
  // A file of mostly control characters is refused as binary, so text goes before them.
  const text = `${header}\n${`${one}\n`.repeat(200)}`
  const before = 200
  const plainLines = (text: string) => text.split(/\r\n|\n|\r/)
  const piece = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        ',',
        ',',
        '"',
        '""',
        '\n',
        '\r\n',
        '\r',
        ' ',
        'Queen',
        '1403279923',
        '\0',
        '\u001f',
        '\u001a',
        'ö',
      ),
    },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  )

  test('without quotes: as many rows as lines that are not blank, in order, each with its number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 60 }),
        fc.integer({ min: 64, max: 4096 }),
        async (pieces, sliceBytes) => {
          const body = pieces.join('').replaceAll('"', '')
          const path = write(folder, `${text}${body}`, 'fuzz.csv')
          const { rows } = await readAll([path], { sliceBytes })
          const expected = plainLines(body)
            .map((text, i) => [i + before + 2, text] as const)
            .filter(([, text]) => without(text, ' \t\u001a\0') !== '')
            .map(([line, text]) => [line, without(text, '\0').replaceAll('\u001f', ' ').replaceAll('\u001a', ' ')])
          expect(rows.slice(before).map((row) => [row.line, row.text])).toEqual(expected)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('with quotes: rows and joined lines add up to the lines, and no character but quotes is lost or added', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 80 }), async (pieces) => {
        const body = pieces.join('')
        const { rows, files } = await readAll([write(folder, `${text}${body}`, 'fuzz.csv')])
        const [counts] = files
        const lines = plainLines(`${text}${body}`).slice(1)
        if (lines.at(-1) === '') lines.pop()
        expect(counts!.rows + counts!.joinedLines + counts!.blankLines).toBe(lines.length)
        // Quotes are written anew where RFC 4180 does not describe them.
        const squeeze = (text: string) => without(text, '\u001f\u001a\0"').replace(/\s/g, '')
        expect(
          rows
            .slice(before)
            .map((row) => squeeze(row.text))
            .join(''),
        ).toBe(squeeze(body))
      }),
      { numRuns: 300 },
    )
  })

  test('bytes of any kind give as many rows however the file is cut into blocks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const body = Buffer.from(bytes)
        const padding = [...Array.from({ length: 17 }, () => 'x'.repeat(60_000)), 'y'.repeat(28_000)]
          .map((song) => `${song},b,KGB,1\n`)
          .join('')
        const small = await readAll([write(folder, Buffer.concat([Buffer.from(text), body]), 'fuzz.csv')], {
          encoding: 'utf-8',
        })
        // The same bytes across the border of the reader's blocks of 1 MiB.
        const shifted = await readAll(
          [write(folder, Buffer.concat([Buffer.from(`${header}\n${padding}${one}\n`), body]), 'fuzz2.csv')],
          { encoding: 'utf-8' },
        )
        expect(shifted.rows.slice(19).map((row) => row.text)).toEqual(small.rows.slice(before).map((row) => row.text))
      }),
      { numRuns: 60 },
    )
  })
})

describe('a file that changes while it is read is refused', () => {
  const long = `artist;title;station;time\n${'Queen;Innuendo;KXYZ;1403279923\n'.repeat(100_000)}`
  test.each<[string, (path: string) => void]>([
    ['shrinks', (path) => truncateSync(path, 1_500_000)],
    ['grows', (path) => appendFileSync(path, 'Queen;One Vision;KXYZ;1403279999\n')],
    [
      'is written over',
      (path) => {
        const handle = openSync(path, 'r+')
        writeSync(handle, 'Kinks', 26)
        closeSync(handle)
        utimesSync(path, 1, 1)
      },
    ],
  ])('%s', async (_, change) => {
    const path = write(folder, long)
    const plan = await planInputs([path])
    const slices = frameLines(plan.groups[0]!.files, { sliceBytes: 100_000 })
    await slices.next()
    change(path)
    const rest = (async () => {
      for await (const _slice of slices);
    })()
    await expect(rest).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/changed while it was read/),
    })
  })

  test('between the inspection and the reading, too', async () => {
    const path = write(folder, long)
    const plan = await planInputs([path])
    truncateSync(path, 1_000_000)
    const all = (async () => {
      for await (const _slice of frameLines(plan.groups[0]!.files));
    })()
    await expect(all).rejects.toMatchObject({ kind: 'input' })
  })
})
