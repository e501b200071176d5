import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { relationNames } from '../../lib/store/index.ts'
import { type Filling, fillStore } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'

const folder = scratch()
const run = promisify(execFile)
const hour = 3600

const filling: Filling = {
  plays: Array.from({ length: 3000 }, (_, i) => ({
    artist: ['Queen', 'Кино', '=cmd|calc', 'Zoë, "Z"', 'ZZ Top', 'àccent', '夜久'][i % 7]!,
    song: `Song ${i % 13}\u00a0${i % 2 ? '"q"' : ','}`,
    callsign: ['KAAA', 'WBBB'][i % 2]!,
    timeUnix: 1_402_876_800 + Math.floor(i / 10) * hour,
    ...(i % 100 === 0 ? { repairRule: 'anchor' } : {}),
  })),
  refused: [{ reason: 'time not understood', line: '-1;+2;@x' }],
}

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function job(name: string, url: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, DATABASE_URL: url, LOG_LEVEL: 'warn' }
  return run(process.execPath, [`jobs/${name}.ts`, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

const contents = (path: string) =>
  Object.fromEntries(
    readdirSync(path)
      .sort()
      .map((name) => [name, readFileSync(join(path, name), 'utf8')]),
  )

describe.each(['sqlite', 'postgres'] as const)('%s', (kind) => {
  const why = kind === 'postgres' ? whyNoPostgres() : undefined
  if (why !== undefined) {
    test.skip(`skipped: ${why}`, () => {})
    return
  }
  let server: PostgresServer | undefined
  let url: string
  beforeAll(async () => {
    if (kind === 'postgres') {
      server = await startPostgres()
      url = await server.createDatabase()
    } else {
      url = `sqlite:${join(folder, 'plays.db')}`
    }
    await fillStore(url, filling)
  })
  afterAll(() => server?.remove())

  test('the usual tables with counts and heads on stdout, and a manifest', async () => {
    const out = join(folder, `${kind}-usual`)
    const { code, stdout, stderr } = await job('export', url, '--out', out)
    expect([code, stderr]).toEqual([0, ''])
    expect(readdirSync(out).sort()).toEqual([
      'artist_images.csv',
      'distinct_artists.csv',
      'manifest.json',
      'music_records.csv',
      'track_info.csv',
    ])
    expect(stdout).toContain('music_records.csv: 3,000 rows')
    expect(stdout).toContain('distinct_artists.csv: 7 rows')
    expect(stdout.split('\n')).toContain(`4 files and manifest.json in ${out}`)
    const records = readFileSync(join(out, 'music_records.csv'), 'utf8')
    expect(
      records.startsWith(
        'id,raw_song,raw_artist,song_clean,artist_clean,artist_lastfm,song_lastfm,callsign,time,time_unix,unique_id,',
      ),
    ).toBe(true)
    expect(records).toContain(',"\'=cmd|calc",')
    expect(records).toContain(',"Zoë, ""Z""",')
    expect(records.trimEnd().split('\n')).toHaveLength(3001)
    expect(readFileSync(join(out, 'distinct_artists.csv'), 'utf8').split('\n')[1]).toMatch(/,429,/)
  })

  test('twice: the same bytes', async () => {
    const outs = [join(folder, `${kind}-one`), join(folder, `${kind}-two`)]
    for (const out of outs) expect((await job('export', url, '--all', '--raw', '--out', out)).code).toBe(0)
    expect(contents(outs[0]!)).toEqual(contents(outs[1]!))
    expect(readdirSync(outs[0]!)).toHaveLength(relationNames.length + 1)
  })

  test('the report is made from it', async () => {
    const out = join(folder, `${kind}.html`)
    const { code, stdout } = await job('report', url, '--out', out, '--timezone', 'Europe/Amsterdam')
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\.html: [\d.]+ kB; open it in a browser\n$/)])
    const page = readFileSync(out, 'utf8')
    for (const text of ['=cmd|calc', 'Zoë, &quot;Z&quot;', 'Europe/Amsterdam', 'time not understood'])
      expect(page).toContain(text)
    expect(page).not.toContain('canary')
  })
})

test('both databases give the same bytes', () => {
  const [sqlite, postgres] = ['sqlite', 'postgres'].map((kind) => join(folder, `${kind}-one`))
  if (!existsSync(postgres!)) {
    console.warn(`skipped: ${whyNoPostgres()}`)
    return
  }
  expect(contents(postgres!)).toEqual(contents(sqlite!))
})

test.each<[string, string[], number, RegExp]>([
  [
    'a table that there is not',
    ['--table', 'artist'],
    2,
    /^error: unknown table "artist"; did you mean artists\?\n {2}at: --table\n {2}do: there are /,
  ],
  ['a database that there is not', ['--database-url', 'sqlite:test/missing.db'], 5, /^error: .*\n/],
  ['a file in the place of the folder', ['--out', 'package.json'], 2, /^error: package\.json is not a folder\n/],
])('%s', async (_name, args, code, message) => {
  const url = `sqlite:${join(folder, 'plays.db')}`
  const ended = await job('export', url, ...args)
  expect(ended.stderr).toMatch(message)
  expect(ended.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(4)
  expect(ended.code).toBe(code)
})

test('a report with no place to go to says so before the database is read', async () => {
  const ended = await job('report', 'sqlite:test/missing.db', '--out', join('package.json', 'report.html'))
  expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(/^error: \S*package\.json is not a folder\n/)])
})

test('an export that cannot be finished leaves the earlier one', async () => {
  const out = join(folder, 'kept')
  mkdirSync(join(out, 'track_info.csv'), { recursive: true })
  writeFileSync(join(out, 'music_records.csv'), 'old')
  const ended = await job('export', `sqlite:${join(folder, 'plays.db')}`, '--out', out)
  expect(ended.code).toBe(2)
  expect(readdirSync(out).sort()).toEqual(['music_records.csv', 'track_info.csv'])
  expect(readFileSync(join(out, 'music_records.csv'), 'utf8')).toBe('old')
})
