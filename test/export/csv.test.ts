import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { type ExportTable, writeFiles } from '../../lib/export/index.ts'
import { writeOutput } from '../../lib/output.ts'
import { heldBytes } from '../support/held-bytes.ts'
import { scratch } from '../support/input-files.ts'

const folder = scratch()
let folders = 0
const fresh = () => join(folder, `out-${++folders}`)

function tableOf(rows: readonly (readonly unknown[])[], columns = ['a', 'b'], name = 'plays'): ExportTable {
  return {
    name,
    columns,
    batches: (async function* () {
      for (let at = 0; at < rows.length; at += 2) {
        const part = rows.slice(at, at + 2)
        yield { numRows: part.length, columns: columns.map((_, c) => part.map((row) => row[c])) }
      }
    })(),
  }
}

/** RFC 4180 to the letter; the parser of fast-csv trims what is not quoted. */
function parsed(text: string): string[][] {
  const rows: string[][] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/gy
  let row: string[] = []
  for (let match = field.exec(text); match; match = field.exec(text)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!)
    if (match[3] === '\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}

/**
 * The cells of a spreadsheet that splits at this mark: quotes count at the start of a cell only, and what stands behind the
 * closing one belongs to the cell, as in Excel and LibreOffice.
 */
function opened(text: string, separator: string): string[] {
  const cells: string[] = []
  let at = 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      at++
      for (;;) {
        const quote = text.indexOf('"', at)
        if (quote < 0) return [...cells, cell + text.slice(at)]
        cell += text.slice(at, quote)
        at = quote + 1
        if (text[at] !== '"') break
        cell += '"'
        at++
      }
    }
    const from = at
    while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++
    cells.push(cell + text.slice(from, at))
    at++
  }
  return cells
}

describe('formulas', () => {
  const looksLikeFormula = (cell: string) => /^[\s"]*[=+\-@＝＋－＠]/.test(cell)

  test.each([
    'x;=1+1',
    'x;"=1+1"',
    "x; =cmd|' /C calc'!A0",
    'x\t@SUM(1)',
    'x\n-1+1',
    '" =1',
    'a, b;=1',
    ';;;=1',
    'x;\t=1',
    '"x";=1',
    'x\r\n＝1',
    'x؛=1',
  ])('%j is safe whatever separates the cells of a spreadsheet', async (name) => {
    const out = fresh()
    const [file] = await writeFiles(out, [
      tableOf([
        ['id', name],
        [name, 'last'],
      ]),
    ])
    const text = readFileSync(join(out, 'plays.csv'), 'utf8')
    for (const separator of [';', '؛', ',', '\t', '|']) {
      expect(opened(text, separator).filter(looksLikeFormula)).toEqual([])
    }
    expect(file!.guardedCells).toBeGreaterThan(0)
  })

  test('any texts', async () => {
    const hostile = fc.string({ unit: fc.constantFrom(...';؛,\t\n\r|"\' =+-@＝a1'), maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 4 }), async (rows) => {
        const out = fresh()
        await writeFiles(out, [tableOf(rows)])
        const text = readFileSync(join(out, 'plays.csv'), 'utf8')
        for (const separator of [';', '؛', ',', '\t', '|']) {
          expect(opened(text, separator).filter(looksLikeFormula)).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('names with these marks and no formula stay as they are', async () => {
    const out = fresh()
    await writeFiles(out, [
      tableOf([
        ['AC;DC', 'two\nlines'],
        ['Re: a-ha; M.I.A.', 'x; y'],
      ]),
    ])
    expect(readFileSync(join(out, 'plays.csv'), 'utf8')).toBe('a,b\nAC;DC,"two\nlines"\nRe: a-ha; M.I.A.,x; y\n')
  })
})

describe('writeFiles', () => {
  test('header, quotes, null, numbers; manifest with rows, checksum and head', async () => {
    const out = fresh()
    const rows = [
      ['Silver, Blue', 9007199254740993n],
      ['say "hi"', -5],
      ['two\nlines', 0.5],
      [null, null],
    ]
    const [file] = await writeFiles(out, [tableOf(rows)])
    const text = readFileSync(join(out, 'plays.csv'), 'utf8')
    expect(text).toBe('a,b\n"Silver, Blue",9007199254740993\n"say ""hi""",-5\n"two\nlines",0.5\n,\n')
    expect(file).toEqual({
      name: 'plays.csv',
      rows: 4,
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
      columns: ['a', 'b'],
      head: [
        ['Silver, Blue', '9007199254740993'],
        ['say "hi"', '-5'],
        ['two\nlines', '0.5'],
        ['', ''],
      ],
      guardedCells: 0,
    })
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({
      version: 1,
      formula_safe: true,
      files: [{ name: 'plays.csv', rows: 4, sha256: file!.sha256 }],
    })
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'plays.csv'])
  })

  test('an empty table is its header', async () => {
    const out = fresh()
    await writeFiles(out, [tableOf([])])
    expect(readFileSync(join(out, 'plays.csv'), 'utf8')).toBe('a,b\n')
  })

  test('same rows, same bytes, also the manifest', async () => {
    const [one, two] = [fresh(), fresh()]
    for (const out of [one, two])
      await writeFiles(out, [tableOf([['x', 1]]), tableOf([['=y', 2]], ['c', 'd'], 'songs')])
    for (const name of readdirSync(one)) expect(readFileSync(join(one, name))).toEqual(readFileSync(join(two, name)))
  })

  test.each([
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ['+44', "'+44"],
    ['-M-', "'-M-"],
    ['@home', "'@home"],
    ['\tTab', "'\tTab"],
    ['\rReturn', "'\rReturn"],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ["'Til Tuesday", "'Til Tuesday"],
    ['a=b', 'a=b'],
    ['AC/DC', 'AC/DC'],
    [-5, '-5'],
    [-5n, '-5'],
  ])('%j is written as %j, with --raw as it is', async (value, safe) => {
    const out = fresh()
    const [file] = await writeFiles(out, [tableOf([[value, 1]])])
    expect(parsed(readFileSync(join(out, 'plays.csv'), 'utf8'))[1]![0]).toBe(safe)
    expect(file!.guardedCells).toBe(safe === String(value) ? 0 : 1)
    await writeFiles(out, [tableOf([[value, 1]])], { raw: true })
    expect(parsed(readFileSync(join(out, 'plays.csv'), 'utf8'))[1]![0]).toBe(String(value))
  })

  test('whatever a name holds comes back from a reader of CSV', async () => {
    const out = fresh()
    const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((each) => each.replaceAll('\0', ''))
    const hostile = fc.constantFrom(
      '"',
      '""',
      ',',
      '\n',
      '\r\n',
      ';',
      "'); DROP TABLE plays;--",
      '$1',
      '\\Q',
      '%s',
      '`',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.oneof(text, hostile), fc.oneof(text, hostile)), { maxLength: 20 }),
        async (rows) => {
          await writeFiles(out, [tableOf(rows)], { raw: true })
          expect(parsed(readFileSync(join(out, 'plays.csv'), 'utf8'))).toEqual([['a', 'b'], ...rows])
        },
      ),
      { numRuns: 200 },
    )
  })

  test('if the rows fail, earlier files stay and nothing is left behind', async () => {
    const out = fresh()
    await writeFiles(out, [tableOf([['old', 1]])])
    const before = readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'))
    const failing: ExportTable = {
      ...tableOf([]),
      batches: (async function* () {
        yield { numRows: 1, columns: [['new'], [2]] }
        throw new Error('the database went away')
      })(),
    }
    await expect(writeFiles(out, [tableOf([['x', 1]], ['a', 'b'], 'artists'), failing])).rejects.toThrow(
      'the database went away',
    )
    expect(readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'))).toEqual(before)
  })

  test('an abort leaves nothing behind', async () => {
    const out = fresh()
    const reason = new Error('enough')
    await expect(writeFiles(out, [tableOf([['x', 1]])], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(readdirSync(out)).toEqual([])
  })

  test('a file in the place of the folder, a folder in the place of a file', async () => {
    const out = fresh()
    writeFileSync(out, 'x')
    await expect(writeFiles(out, [tableOf([])])).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/is not a folder$/),
    })
    const other = fresh()
    mkdirSync(join(other, 'plays.csv'), { recursive: true })
    await expect(writeFiles(other, [tableOf([])])).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/is a folder$/),
    })
  })

  test('a link in the place of a file is refused, not followed', async () => {
    const out = fresh()
    mkdirSync(out)
    const target = join(folder, 'precious.txt')
    writeFileSync(target, 'precious')
    symlinkSync(target, join(out, 'plays.csv'))
    await expect(writeFiles(out, [tableOf([['x', 1]])])).rejects.toMatchObject({ kind: 'usage' })
    expect(readdirSync(out)).toEqual(['plays.csv'])
    expect(readFileSync(target, 'utf8')).toBe('precious')
  })

  test('no path comes of a table name', async () => {
    await expect(writeFiles(fresh(), [tableOf([], ['a'], '../../x')])).rejects.toMatchObject({ kind: 'bug' })
  })

  test('200,000 rows in flat memory', async () => {
    const batch = {
      numRows: 1000,
      columns: Array.from({ length: 12 }, (_, c) =>
        Array.from({ length: 1000 }, (_, r) => (c === 0 ? r : `text ${c} ${r}`)),
      ),
    }
    const columns = batch.columns.map((_, c) => `c${c}`)
    const held: number[] = []
    const big: ExportTable = {
      name: 'plays',
      columns,
      batches: (async function* () {
        for (let i = 0; i < 200; i++) {
          yield batch
          if (i % 20 === 19) held.push(heldBytes())
        }
      })(),
    }
    const [file] = await writeFiles(fresh(), [big])
    expect(file!.rows).toBe(200_000)
    // The file has 24 MB: what is held stays the same from the first tenth of the rows to the last.
    expect(Math.max(...held) - held[0]!).toBeLessThan(8_000_000)
  })
})

test('JSON lines keep types and digits; played_at is the moment in the zone', async () => {
  const out = fresh()
  const rows = [
    ['=1+1 "x"\n', null, 0.5, 1_402_877_241n],
    ['Кино', 9_007_199_254_740_993n, null, 1_414_285_200n],
  ]
  const columns = ['song', 'count', 'score', 'time_unix']
  const write = () => writeFiles(out, [tableOf(rows, columns)], { format: 'jsonl', timezone: 'Europe/Amsterdam' })
  const [file] = await write()
  const lines = readFileSync(join(out, 'plays.jsonl'), 'utf8')
  expect(lines).toBe(
    '{"song":"=1+1 \\"x\\"\\n","count":null,"score":0.5,"time_unix":1402877241,"played_at":"2014-06-16T02:07:21+02:00"}\n' +
      '{"song":"Кино","count":9007199254740993,"score":null,"time_unix":1414285200,"played_at":"2014-10-26T02:00:00+01:00"}\n',
  )
  expect(file).toMatchObject({ name: 'plays.jsonl', rows: 2, guardedCells: 0 })
  expect(file!.sha256).toBe(createHash('sha256').update(lines).digest('hex'))
  // Its own files are replaced, a stranger's are not.
  await write()
  writeFileSync(join(out, 'plays.jsonl'), '{"other":1}\n')
  writeFileSync(join(out, 'manifest.json'), '{}')
  await expect(write()).rejects.toThrow()
})

test('Parquet keeps types over several groups of rows; played_at is a timestamp', async () => {
  const out = fresh()
  const rows = Array.from({ length: 45_001 }, (_, i) => [
    i % 3 === 0 ? null : `Кино ${i}`,
    i === 1 ? 9_007_199_254_740_993n : BigInt(i),
    i % 2,
    i / 4,
    1_402_877_241n + BigInt(i),
  ])
  const table = {
    ...tableOf(rows, ['song', 'count', 'flag', 'score', 'time_unix']),
    types: ['text', 'int64', 'int32', 'double', 'int64'] as const,
  }
  const [file] = await writeFiles(out, [table], { format: 'parquet' })
  const bytes = readFileSync(join(out, 'plays.parquet'))
  expect(file).toMatchObject({ name: 'plays.parquet', rows: 45_001, bytes: bytes.length })
  expect(file!.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  const buffer = new Uint8Array(bytes).buffer
  expect(parquetMetadata(buffer).row_groups.length).toBe(3)
  const back = await parquetReadObjects({ file: buffer })
  expect(back).toHaveLength(45_001)
  for (const i of [0, 1, 20_001, 45_000]) {
    const [song, count, flag, score, time_unix] = rows[i]!
    const played_at = new Date(Number(time_unix) * 1000)
    expect(back[i]).toEqual({ song, count, flag, score, time_unix, played_at })
  }
  // An earlier export is replaced; a table without rows is one.
  const [empty] = await writeFiles(out, [tableOf([])], { format: 'parquet' })
  expect(empty!.rows).toBe(0)
  const none = new Uint8Array(readFileSync(join(out, 'plays.parquet'))).buffer
  expect(await parquetReadObjects({ file: none })).toEqual([])
})

test('CSV for a spreadsheet of half of Europe: semicolons and a byte order mark', async () => {
  const out = fresh()
  const write = () => writeFiles(out, [tableOf([['a;b', 1]])], { delimiter: ';', bom: true })
  await write()
  expect(readFileSync(join(out, 'plays.csv'), 'utf8')).toBe('\ufeffa;b\n"a;b";1\n')
  await write()
})

test('a full disk: the place is named, the old file stays, nothing is left behind', async () => {
  const out = fresh()
  mkdirSync(out)
  writeFileSync(join(out, 'plays.csv'), 'old')
  try {
    execFileSync('unshare', ['-m', 'true'])
  } catch {
    console.warn('skipped: no private mount namespace here')
    return
  }
  const script = `import { writeFiles } from ${JSON.stringify(new URL('../../lib/export/index.ts', import.meta.url).href)}
    const columns = [Array.from({ length: 1000 }, () => 'x'.repeat(1000))]
    const batches = (async function* () { for (let i = 0; i < 100; i++) yield { numRows: 1000, columns } })()
    await writeFiles(${JSON.stringify(join(out, 'small'))}, [{ name: 'plays', columns: ['a'], batches }])
      .catch((error) => console.log(error.kind, error.message, '|', error.remedy))
    console.log((await import('node:fs')).readdirSync(${JSON.stringify(join(out, 'small'))}).join())`
  const { stdout } = await promisify(execFile)('unshare', [
    '-m',
    'sh',
    '-c',
    `mkdir '${out}/small' && mount -t tmpfs -o size=1m none '${out}/small' && echo a > '${out}/small/plays.csv' && exec "$0" --input-type=module-typescript -e "$1"`,
    process.execPath,
    script,
  ])
  expect(stdout).toMatch(/^input .*small\/plays\.csv cannot be written \(ENOSPC\) \| make room on the disk/)
  expect(stdout.trim().split('\n').at(-1)).toBe('plays.csv')
})

test('writeOutput replaces a file as one', async () => {
  const path = join(fresh(), 'report.html')
  await writeOutput(path, 'one')
  await writeOutput(path, 'two', { isOurs: (start) => start.toString() === 'one' })
  expect(readFileSync(path, 'utf8')).toBe('two')
  expect(readdirSync(join(path, '..'))).toEqual(['report.html'])
})
