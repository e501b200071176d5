import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import type { ReadingOptions } from '../../lib/load/find-plays.ts'
import { inspectInputs } from '../../lib/load/inspection.ts'
import { silent } from '../../lib/log.ts'
import { scratch, write } from '../support/input-files.ts'
import { runJob } from '../support/run-job.ts'
import { testSparkAddress } from '../support/spark.ts'

const folder = scratch()
const look = (files: readonly string[], options: Partial<ReadingOptions> = {}) =>
  inspectInputs({ files, timezone: 'UTC', ...options }, { log: silent, signal: new AbortController().signal })
const inspect = async (...args: string[]) => {
  const { code, stdout, stderr, ms } = await runJob('aggregate', ['--inspect', '--json', ...args])
  return { code, stderr, ms, found: stdout === '' ? null : JSON.parse(stdout) }
}

const header = 'Wann;Interpret;Titel;Sender;Länge;Notiz'
const german = `Sendeliste\n\n${header}\n01.02.2024 11:59;Queen;Flash;KGB;3:01;\n02.02.2024 8:05;"AC/DC; live";Jailbreak;KGB;4:40;neu\n;Nena;Leuchtturm;KGB;3:10;\n2024;Nena;99;KGB;;\n`

test('tells form, encoding, header, columns, rows and refusals of a file, without Spark', async () => {
  const path = write(folder, Buffer.from(german.replace('Sendeliste', 'Sendeliste für März'), 'latin1'))
  const { code, found } = await inspect(path, '--timezone', 'Europe/Berlin')
  expect(code).toBe(0)
  const [file] = found.files
  expect(file).toMatchObject({ form: 'lines of fields', encoding: 'windows-1252', delimiter: ';', headerLine: 3 })
  expect(file.notes[0]).toMatch(/read as windows-1252.*--encoding/)
  expect(file.columns.map(({ name, field, why }: any) => [name, field, why])).toEqual([
    ['Wann', 'time', 'by its name'],
    ['Interpret', 'artist', 'by its name'],
    ['Titel', 'title', 'by its name'],
    ['Sender', 'station', 'by its name'],
    ['Länge', null, 'no field has this name'],
    ['Notiz', null, 'no field has this name'],
  ])
  expect(file.columns[1].examples).toEqual(['Queen', 'AC/DC; live', 'Nena'])
  expect(file.rows).toEqual([
    { line: 4, station: 'KGB', playedAt: '2024-02-01T10:59:00Z', artist: 'Queen', title: 'Flash' },
    { line: 5, station: 'KGB', playedAt: '2024-02-02T07:05:00Z', artist: 'AC/DC; live', title: 'Jailbreak' },
  ])
  expect(file).toMatchObject({ rowsRead: 4, whole: true })
  expect(file.refused).toEqual([
    { reason: 'no time', rows: 1, examples: [{ line: 6, value: ';Nena;Leuchtturm;KGB;3:10;' }] },
    { reason: 'time not understood', rows: 1, examples: [{ line: 7, value: '2024' }] },
  ])
})

test('says why the day or the month comes first, per file, and what nothing shows', async () => {
  const log = (...days: string[]) => `station,time,artist,song\n${days.map((day) => `K,${day},A,S`).join('\n')}\n`
  const us = write(folder, log('01/02/2011 10:00', '01/31/2011 10:00'))
  const eu = write(folder, log('01/02/2011 10:00', '31/01/2011 10:00', '30/01/2011 10:00'))
  const open = write(folder, log('01/02/2011 10:00'))
  const found = await look([us, eu, open])
  expect(found.files.map(({ rows, dates }) => [rows[0]!.playedAt, dates!.order, dates!.why])).toEqual([
    ['2011-01-02T10:00:00Z', 'month first', 'line 3 has 01/31/2011 10:00'],
    ['2011-02-01T10:00:00Z', 'day first', 'line 3 has 31/01/2011 10:00'],
    [
      '2011-02-01T10:00:00Z',
      'day first',
      expect.stringMatching(/^a guess: as most dates of the other files.*--date-order/),
    ],
  ])
  const alone = await look([open])
  expect(alone.files[0]!.dates!.why).toMatch(/^a guess: nothing shows it.*--date-order/)
  const said = await look([open], { dateOrder: 'dmy' })
  expect(said.files[0]!.rows[0]!.playedAt).toBe('2011-02-01T10:00:00Z')
  // What only a later row shows counts for the first one.
  const late = write(folder, log('01/02/2011 10:00', ...Array(1_000).fill('02/02/2011 10:00'), '31/01/2011 10:00'))
  expect((await look([late])).files[0]!.rows[0]!.playedAt).toBe('2011-02-01T10:00:00Z')
})

test('rows without a station are refused where a column holds it, and no --station is given', async () => {
  const path = write(folder, 'station,time,artist,song\nK,2024-02-01 10:00,A,S\n,2024-02-01 10:05,B,T\n')
  const refused = async (station?: string) => (await look([path], { station })).files[0]!.refused
  expect(await refused()).toEqual([
    { reason: 'no station', rows: 1, examples: [{ line: 3, value: ',2024-02-01 10:05,B,T' }] },
  ])
  expect(await refused('KGB')).toEqual([])
})

test('of several command lines, only the first replaces what is there; with --append none does', async () => {
  const one = write(folder, 'station,time,artist,song\nK,2024-02-01 10:00,A,S\n')
  const two = write(folder, 'station;time;artist;song\nK;2024-02-01 10:00;A;S\n')
  const appends = async (append: boolean) =>
    (await look([one, two], { append } as object)).commands.map((line) =>
      line.includes('aggregate -- --append --input'),
    )
  expect(await appends(false)).toEqual([false, true])
  expect(await appends(true)).toEqual([true, true])
})

test.each(['bash', 'sh'])('its command line can be pasted into %s, whatever is in the names', async (shell) => {
  const names = ["l'heure $HOME", 'künstler "x"!', 'Song name', 'Sender', 'Notiz']
  const contents = `${names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n2024-02-01 11:59,Queen,Flash,KGB,x\n`
  const path = write(folder, contents, `it's $5! ünd "more" ${shell}.csv`)
  const first = await look([path], { map: { 1: 'time', 2: 'artist' } })
  const line = first.commands[0]!.replace('npm run job:aggregate --', "printf '%s\\n'")
  const words = execFileSync(shell, ['-c', line], { encoding: 'utf8' }).trimEnd().split('\n')
  expect(words.slice(0, 2)).toEqual(['--input', path])
  expect(words).toContain('1=time')
  const again = await inspect(...words)
  expect(again.found.files[0].rows).toEqual(first.files[0]!.rows)
  expect(again.found!.files[0].columns.map(({ field }: any) => field)).toEqual(
    first.files[0]!.columns.map(({ field }) => field),
  )
})

test('files that cannot be read are told beside the others, and what is left out', async () => {
  const place = mkdtempSync(join(folder, 'more-'))
  write(place, 'time,artist,song,station\n2024-02-01 11:59,Queen,Flash,KGB\n', 'good.csv')
  write(place, 'a,b\n1,2\n', 'bad.csv')
  write(place, '%PDF-1.7 …', 'report.log')
  write(place, 'x', 'notes.md')
  const { code, found, stderr } = await inspect(place)
  expect(code).toBe(3)
  expect(stderr).toMatch(/2 of 3 files cannot be read/)
  expect(found.files.map(({ rows }: any) => rows[0].title)).toEqual(['Flash'])
  expect(found.bad.map(({ problem }: any) => problem)).toEqual([
    expect.stringMatching(/no column for song, artist, time/),
    expect.stringMatching(/not text but a PDF/),
  ])
  expect(found.notRead).toEqual([{ label: join(place, 'notes.md'), why: 'is not named as a log' }])
  expect((await inspect(place, '--skip-bad')).code).toBe(0)
})

test('the rows that it shows are those that Spark loads', async () => {
  const place = mkdtempSync(join(folder, 'more-'))
  write(place, Buffer.from(german, 'latin1'), 'a.csv')
  write(place, 'time, artist, song, station\n01/02/2011 10:00, B, "S, T", K\n31/01/2011 10:00, B, U, K\n', 'b.csv')
  write(place, gzipSync('{"endTime": "2023-09-15 14:04", "artistName": "Ø", "trackName": "No \\"9\\""}\n'), 'c.json.gz')
  write(place, 'time,station,track\n2014-06-17 00:10:00,KA,Daft Punk - Get Lucky\n1402963800,KA,U2 - One\n', 'd.csv')
  const options = ['--station', 'KXYZ', '--timezone', 'Europe/Berlin']
  const { found } = await inspect(place, ...options)
  const db = join(place, 'plays.db')
  const env = { DATABASE_URL: `sqlite:${db}`, SPARK_REMOTE: await testSparkAddress() }
  const ran = await runJob('aggregate', ['--max-quarantine', '50', ...options, place], { env })
  expect([ran.code, ran.stderr]).toEqual([0, expect.anything()])
  const database = new Database(db, { readonly: true })
  const loaded = database
    .prepare('select source_file, source_line, callsign, time_unix, raw_artist, raw_song from plays order by 1, 2')
    .all() as any[]
  database.close()
  const shown = found.files.flatMap(({ file, rows }: any) =>
    rows.map(({ line, station, playedAt, artist, title }: any) => ({
      source_file: file,
      source_line: line,
      callsign: station,
      time_unix: Date.parse(playedAt) / 1000,
      raw_artist: artist,
      raw_song: title,
    })),
  )
  expect(shown).toHaveLength(7)
  expect(shown).toEqual(loaded)
})

test('files that are read alike are shown once; one with something of its own by itself', async () => {
  const place = join(folder, 'alike')
  mkdirSync(place)
  const log = (...rows: string[]) => `time,station,artist,title\n${rows.join('\n')}\n`
  for (let i = 0; i < 30; i++) write(place, log(`2024-02-01 10:0${i % 10},K,A,Song ${i}`))
  write(place, log('2024-02-01 10:00,K,A,S', 'soon,K,A,S'))
  write(place, log('01/02/2011 10:00,K,A,S', '31/01/2011 10:00,K,A,S'))
  const { code, stdout } = await runJob('aggregate', ['--inspect', place])
  expect(code).toBe(0)
  expect(stdout.match(/^ {2}column {2}name/gm)).toHaveLength(3)
  expect(stdout).toMatch(/\n {2}29 more files are read like this one, and none of their first rows will be refused\n/)
  expect(stdout).toMatch(/and 19 more \(--json lists them all\)/)
  expect(stdout).toMatch(/time not understood \(1\): line 3: soon/)
  // The line to paste names the folder, as its reader did, and not 32 files.
  expect(stdout).toMatch(new RegExp(`--input ${place} --delimiter`))
})
