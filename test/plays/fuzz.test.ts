import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { AppError } from '../../lib/errors.ts'
import { frameLines, type InspectedFile, planInputs } from '../../lib/input/index.ts'
import type { Dialect } from '../../lib/model/dialect.ts'
import { acceptPlays, parsePlays } from '../../lib/plays/index.ts'
import { readLines } from '../../lib/spark/index.ts'
import { excelFile, row } from '../support/excel-file.ts'
import { scratch, write } from '../support/input-files.ts'
import { zipFile } from '../support/zip-file.ts'
import { spark, stopSpark } from './evaluate.ts'

afterAll(stopSpark)

// TEST_SEED repeats a run; TEST_FUZZ_FILES asks for more files.
const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
const count = Number(process.env.TEST_FUZZ_FILES ?? 5_000)
const folder = scratch()

const forms = [
  { delimiter: ';', header: 'RAW_SONG;RAW_ARTIST;CALLSIGN;TIME;UNIQUE_ID;COMBINED;First?' },
  { delimiter: ',', header: 'unique_id,time,station,artist,title' },
  { delimiter: '\t', header: 'Played At\tStation\tTrack\tArtist' },
  { delimiter: '|', header: 'date|time|artist|song|callsign' },
] as const

const value: Record<string, fc.Arbitrary<string>> = {
  id: fc.integer({ min: 0, max: 6_000 }).map((n) => `ID${n}`),
  time: fc.constantFrom(
    '1403279923',
    '1403279923000',
    '2023-01-01 12:30:45',
    '02/03/2023 1:05 PM',
    '25.12.2023',
    '2023-02-30',
  ),
  name: fc.constantFrom(
    'Queen',
    'queen ',
    'Guns N’ Roses',
    'AC/DC',
    'Motörhead',
    '椎名林檎',
    'ＡＢＢＡ',
    '🎸',
    "'); DROP TABLE plays;--",
    '$1',
    '\\Q',
  ),
}
const damage = fc.constantFrom(
  '"',
  '""',
  ';',
  ',',
  '\t',
  '|',
  '\0',
  '\u001f',
  '\u001a',
  '\u202e',
  '\r',
  '\n',
  '\ufeff',
  'e\u0301',
  '\\',
  ' by ',
  '',
  'x'.repeat(70_000),
)

function line(form: (typeof forms)[number]): fc.Arbitrary<string> {
  const fields = form.header.split(form.delimiter).map((name) => {
    if (/id/i.test(name)) return value.id!
    if (name === 'date') return fc.constantFrom('2023-01-01', '03/04/2023', '13/04/2023', '0/0/0000')
    if (/time|played/i.test(name))
      return form.delimiter === '|' ? fc.constantFrom('12:30', '7:05 PM', '25:61') : value.time!
    if (/call|station/i.test(name)) return fc.constantFrom('KXYZ', 'kabc', '')
    return value.name!
  })
  return fc
    .tuple(fc.tuple(...fields), fc.array(fc.tuple(fc.nat(80), damage), { maxLength: 2 }), fc.nat(3))
    .map(([parts, damages, dice]) => {
      let text = parts.map((part) => (dice === 1 ? `"${part}"` : part)).join(form.delimiter)
      // Most lines are whole, or there would be no ids that clash and no names to repair.
      if (dice !== 0) return text
      for (const [at, what] of damages) text = text.slice(0, at) + what + text.slice(at)
      return text
    })
}

const garbage = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
/** The lines in another form than text: what a cell holds is what stands between two delimiters. */
const otherForms = {
  json: (rows: readonly (readonly string[])[]) => {
    const [names = [], ...data] = rows
    return Buffer.from(
      JSON.stringify(data.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])))),
    )
  },
  xlsx: (rows: readonly (readonly string[])[]) =>
    excelFile({ sheets: { Plays: rows.map((cells, i) => row(i + 1, cells.slice(0, 20).map(escaped))).join('') } }),
}
// XML cannot hold control characters; Excel writes them so.
const escaped = (cell: string) =>
  cell.replace(/\p{Cc}/gu, (each) => `_x${each.charCodeAt(0).toString(16).padStart(4, '0')}_`)

const log = fc.constantFrom(...forms).chain((form) =>
  fc
    .record({
      lines: fc.array(line(form), { maxLength: 12 }),
      end: fc.constantFrom('\n', '\r\n', '\r'),
      encoding: fc.constantFrom('utf8', 'utf8', 'utf8', 'latin1', 'utf16le'),
      tail: fc.option(garbage, { freq: 8, nil: Buffer.alloc(0) }),
      shape: fc.constantFrom('text', 'text', 'text', 'text', 'text', 'json', 'xlsx'),
      packing: fc.nat(11),
    })
    .map(({ lines, end, encoding, tail, shape, packing }) => {
      const text = `${encoding === 'utf16le' ? '\ufeff' : ''}${[form.header, ...lines].join(end)}${end}`
      const bytes =
        shape === 'text'
          ? Buffer.concat([Buffer.from(text, encoding as BufferEncoding), tail])
          : otherForms[shape as keyof typeof otherForms](
              [form.header, ...lines].map((each) => each.split(form.delimiter)),
            )
      if (packing === 0) return gzipSync(bytes)
      if (packing === 1) return bytes.subarray(0, Math.floor(bytes.length / 2))
      const member = { name: shape === 'text' ? 'a.csv' : `a.${shape}`, contents: bytes }
      if (packing === 2) return zipFile([member, { name: 'june/b.csv', contents: text }])
      // A zip file with a byte that is wrong somewhere.
      if (packing === 3)
        return zipFile([member]).map((byte, i) => (i === lines.length * 37 ? byte ^ 0x55 : byte)) as Buffer
      return bytes
    }),
)
const anyFile = fc.oneof({ weight: 15, arbitrary: log }, { weight: 1, arbitrary: garbage })

test(`${count} files of any contents: each is read or refused, and every row is counted once`, async () => {
  process.stderr.write(`fuzz: ${count} files, TEST_SEED=${seed}\n`)
  const groups = new Map<string, { dialect: Dialect; files: InspectedFile[] }>()
  let refused = 0
  let slowestMs = 0
  for (const bytes of fc.sample(anyFile, { numRuns: count, seed })) {
    const path = write(folder, bytes)
    const started = performance.now()
    try {
      const plan = await planInputs([path])
      // Also what is wrong only deep in a file must be an error with a place.
      for await (const _ of frameLines(plan.files.filter((file) => !file.empty)));
      for (const { dialect, files } of plan.groups) {
        const key = JSON.stringify(dialect)
        const group = groups.get(key) ?? { dialect, files: [] }
        group.files.push(...files)
        groups.set(key, group)
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'input') throw error
      refused += 1
    }
    slowestMs = Math.max(slowestMs, performance.now() - started)
  }
  expect(slowestMs).toBeLessThan(5_000)
  expect(refused).toBeLessThan(count / 2)

  let framed = 0
  const session = await spark()
  const parts = []
  for (const { dialect, files } of groups.values()) {
    const lines = await readLines(
      session,
      frameLines(files, {
        onFile: ({ rows }) => {
          framed += rows
        },
      }),
      { scratch: null },
    )
    parts.push(lines.transform(parsePlays(dialect)))
  }
  const { plays, quarantined, ledger } = await acceptPlays(parts.reduce((all, part) => all.unionByName(part)))
  const [kept, bad] = [await plays.collect(), await quarantined.collect()]
  expect(ledger.rowsIn).toBe(BigInt(framed))
  expect({ plays: BigInt(kept.length), quarantined: BigInt(bad.length) }).toEqual({
    plays: ledger.plays,
    quarantined: ledger.quarantined,
  })
  expect(ledger.plays + ledger.quarantined + ledger.duplicates).toBe(ledger.rowsIn)
  expect(new Set(kept.map(({ unique_id }) => unique_id)).size).toBe(kept.length)
  expect(new Set(bad.map(({ quarantine_id }) => quarantine_id)).size).toBe(bad.length)
  expect(
    kept.every((play) => play.raw_song.trim() !== '' && play.callsign !== '' && !play.raw_song.includes('\0')),
  ).toBe(true)
  expect(Math.min(kept.length, bad.length, Number(ledger.duplicates))).toBeGreaterThan(100)
  process.stderr.write(
    `fuzz: ${refused} files refused, ${groups.size} dialects, ${framed} rows = ${kept.length} plays + ${bad.length} quarantined + ${ledger.duplicates} duplicates; slowest file ${Math.round(slowestMs)} ms\n`,
  )
}, 600_000)
