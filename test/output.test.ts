import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { silent } from '../lib/log.ts'
import { checkOutput, createOutput, makeOutputFolder, writeOutput } from '../lib/output.ts'
import { openStore } from '../lib/store/index.ts'
import { fillStore } from './support/filled-store.ts'
import { scratch } from './support/input-files.ts'
import { runJob } from './support/run-job.ts'

const folder = scratch()
const root = fileURLToPath(new URL('..', import.meta.url))
const url = `sqlite:${join(folder, 'plays.db')}`
const other = join(folder, 'other.db')

beforeAll(async () => {
  await fillStore(url, { plays: [{ artist: 'Queen', song: 'Innuendo', callsign: 'KXYZ', timeUnix: 1_403_279_923 }] })
  await (await openStore(`sqlite:${other}`, { log: silent })).close()
})

/** Each command that writes files, with the flag that says where, as a test wants it. */
const commands: readonly [name: string, run: (place: string, ...more: string[]) => ReturnType<typeof runJob>][] = [
  ['report', (place, ...more) => runJob('report', ['--database-url', url, '--out', place, ...more])],
  ['data:generate', (place, ...more) => runJob('../scripts/generate', ['--plays', '20', '--out', place, ...more])],
  [
    'data:generate --truth',
    (place, ...more) => {
      const log = join(folder, `unused-${Math.random()}.csv`)
      return runJob('../scripts/generate', ['--plays', '20', '--out', log, '--truth', place, ...more])
    },
  ],
  [
    'export',
    (place, ...more) => {
      // The names of an export's files are fixed: what is in the way stands under one of them.
      const out = join(folder, `export-${Math.random()}`)
      mkdirSync(out)
      execFileSync('mv', ['-T', place, join(out, 'plays.csv')])
      return runJob('export', ['--database-url', url, '--table', 'plays', '--out', out, ...more]).finally(() =>
        execFileSync('mv', ['-T', join(out, 'plays.csv'), place]),
      )
    },
  ],
  ['data:fetch', (place, ...more) => runJob('fetch', ['--url', 'http://127.0.0.1:1/x', '--out', place, ...more])],
]

describe.each(commands)('%s', (name, run) => {
  test.each<[string, (place: string) => void, boolean]>([
    ['its own database', (place) => execFileSync('cp', [join(folder, 'plays.db'), place]), false],
    ['a file of somebody else', (place) => writeFileSync(place, 'precious'), name !== 'data:fetch'],
    ['a pipe', (place) => execFileSync('mkfifo', [place]), false],
    ['a folder', (place) => mkdirSync(place), false],
    ['a link to a database', (place) => symlinkSync(other, place), false],
    ['a link to a device', (place) => symlinkSync('/dev/null', place), false],
  ])('does not replace %s', async (_what, put, isReplacedByForce) => {
    const place = join(folder, `place-${Math.random()}`)
    put(place)
    const before = contentOf(place)
    const { code, stderr } = await run(place)
    expect([code, contentOf(place)]).toEqual([2, before])
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(4)
    const forced = await run(place, '--force')
    if (isReplacedByForce) expect([forced.code, forced.stderr]).toEqual([0, ''])
    else expect([forced.code === 0, contentOf(place)]).toEqual([false, before])
  })
})

test('what stands beside a database belongs to it', async () => {
  const journal = join(folder, 'other.db-journal')
  await expect(writeOutput(journal, 'x', { force: true })).rejects.toMatchObject({ kind: 'usage' })
  expect(readdirSync(folder)).not.toContain('other.db-journal')
})

test('no folder is made in the place of a journal', () => {
  for (const name of ['other.db-wal', 'other.db-journal/']) {
    expect(() => makeOutputFolder(join(folder, name))).toThrow(/belongs to a database/)
  }
  expect(readdirSync(folder).filter((name) => /other\.db-/.test(name))).toEqual([])
})

test('an empty name is no place', async () => {
  for (const command of commands.filter(([name]) => name !== 'export').map(([, run]) => run)) {
    const { code, stderr } = await command('')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/error: --(out|truth) is empty\n/)])
  }
})

test('devices are refused by their own names', async () => {
  // Only checked: a fault here must not harm the machine that runs the tests.
  for (const device of ['/dev/null', '/dev/stdout', '/dev/full']) {
    await expect(checkOutput(device, { force: true })).rejects.toMatchObject({ kind: 'usage' })
  }
})

test('a report and an export are written over the ones before, without force', async () => {
  const page = join(folder, 'report.html')
  const out = join(folder, 'exports')
  const exported = (...tables: string[]) =>
    runJob('export', ['--database-url', url, '--out', out, ...tables.flatMap((each) => ['--table', each])])
  for (const _ of [1, 2]) {
    expect(await runJob('report', ['--database-url', url, '--out', page])).toMatchObject({ code: 0, stderr: '' })
    expect(await exported('plays')).toMatchObject({ code: 0, stderr: '' })
    expect(await exported('songs')).toMatchObject({ code: 0, stderr: '' })
  }
})

test('an empty file is nothing to lose', async () => {
  const path = join(folder, 'empty.html')
  writeFileSync(path, '')
  await writeOutput(path, 'x')
  expect(readFileSync(path, 'utf8')).toBe('x')
})

test('- is stdout, and stdout is nothing but the data', async () => {
  const page = await runJob('report', ['--database-url', url, '--out', '-'], { env: { LOG_LEVEL: 'info' } })
  expect([page.code, page.stdout.startsWith('<!doctype html>'), page.stdout.endsWith('</html>\n')]).toEqual([
    0,
    true,
    true,
  ])
  const csv = await runJob('export', ['--database-url', url, '--table', 'songs', '--out', '-'])
  expect([csv.code, csv.stdout.trimEnd().split('\n').length]).toEqual([0, 2])
  expect(await runJob('export', ['--database-url', url, '--out', '-'])).toMatchObject({ code: 2, stdout: '' })
  const log = await runJob('../scripts/generate', ['--plays', '20', '--out', '-'])
  expect([log.code, log.stdout.startsWith('RAW_SONG;')]).toEqual([0, true])
  expect(await runJob('fetch', ['--url', 'http://127.0.0.1:1/x', '--out', '-'])).toMatchObject({ code: 2 })
  expect(readdirSync(root)).not.toContain('-')
})

test('a file that is not finished leaves nothing', async () => {
  const path = join(folder, 'unfinished', 'log.csv')
  {
    await using file = await createOutput(path)
    await file.write('half')
  }
  expect(readdirSync(dirname(path))).toEqual([])
})

function contentOf(place: string): string {
  const info = lstatSync(place)
  return info.isFile() ? readFileSync(place, 'latin1') : String(info.mode & 0o170000)
}
