import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fillLookups } from '../support/filled-lookups.ts'
import { fillStore, type GivenPlay } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { runJob } from '../support/run-job.ts'

const folder = scratch()

// As uneven as a chart is: Queen 40 plays, Кино 39, …; the escape sequence is a name that wants to clear the screen.
const artists = [
  'Queen',
  'Кино',
  'ZZ Top',
  'àccent',
  '\u001b[2JBand',
  '夜久',
  'ABBA',
  'Abba',
  'U2',
  'Yes',
  'Rush',
  'Kiss',
]
const plays: GivenPlay[] = artists.flatMap((artist, rank) =>
  Array.from({ length: 40 - rank }, (_, i) => ({
    artist,
    song: `Song ${i % 3}`,
    callsign: ['KAAA', 'WBBB', 'WCCC'][(i + rank) % 3]!,
    timeUnix: 1_402_876_800 + i * 3600,
  })),
)
// "Yes" is played less than "Queen" but its one timed song is long.
const durations: Readonly<Record<string, number>> = { Queen: 200_000, Yes: 1_120_500, ABBA: 1 }
const tracks = Object.entries(durations).map(([artist, duration_ms]) => ({
  artist_clean: artist,
  song_clean: 'Song 0',
  duration_ms,
}))

describe.each(['sqlite', 'postgres'] as const)('%s', (kind) => {
  const why = kind === 'postgres' ? whyNoPostgres() : undefined
  if (why !== undefined) {
    test.skip(`skipped: ${why}`, () => {})
    return
  }
  let server: PostgresServer | undefined
  let url: string
  const env = () => ({ DATABASE_URL: url })
  beforeAll(async () => {
    if (kind === 'postgres') server = await startPostgres()
    url = server ? await server.createDatabase() : `sqlite:${join(folder, 'plays.db')}`
    await fillStore(url, { plays, refused: [{ reason: 'time not understood', line: 'x' }] })
  }, 120_000)
  afterAll(() => server?.remove())

  test('before anything was looked up', async () => {
    const { code, stdout } = await runJob('stats', [], { env: env() })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Plays\n {2}plays +414$/m)
    expect(stdout).toMatch(/^ {2}images found +0 {2}nothing was looked up yet$/m)
    expect(stdout).not.toContain('for example')
  })

  // Plays stand at full hours only, many at each: what lies between is a gap, and nothing is covered.
  test('one station: five facts in words, the same figures as JSON, and what was meant by another name', async () => {
    const [text, json, wrong] = await Promise.all([
      runJob('stats', ['--station', 'kaaa', '--timezone', 'America/New_York'], { env: env() }),
      runJob('stats', ['--station', 'KAAA', '--json'], { env: env() }),
      runJob('stats', ['--station', 'KAAB'], { env: env() }),
    ])
    const spins = plays.filter(({ callsign }) => callsign === 'KAAA').length
    expect([text.code, json.code, wrong.code]).toEqual([0, 0, 2])
    expect(text.stdout).toMatch(new RegExp(`^KAAA played ${spins} spins of 12 titles, 3\\.6 an hour\\.$`, 'm'))
    expect(text.stdout).toContain('Times are in America/New_York.')
    expect(text.stdout).not.toContain('\u001b[2J')
    const view = JSON.parse(json.stdout)
    expect([view.callsign, view.timezone, view.volume.spins, view.week.length]).toEqual(['KAAA', 'UTC', spins, 7])
    expect(wrong.stderr).toContain('did you mean KAAA?')
    expect(wrong.stderr).toContain('there are')
  })

  test('the numbers are those of the plays, counted another way', async () => {
    await fillLookups(url, {
      artists: [
        { artist_clean: 'Queen', artist_lastfm: 'Queen (band)', image_url: 'https://example.org/q.jpg', mbid: 'm1' },
        { artist_clean: 'Кино', image_status: 'transient_error' },
        { artist_clean: 'U2' },
        { artist_clean: 'Gone from the plays', image_url: 'https://example.org/g.jpg' },
      ],
      tracks: [...tracks, { artist_clean: 'U2', song_clean: 'Song 1' }],
    })
    const { code, stdout } = await runJob('stats', ['--json'], { env: env() })
    expect(code).toBe(0)
    const found = JSON.parse(stdout)
    const timed = plays.filter(({ artist, song }) => song === 'Song 0' && durations[artist] !== undefined)
    const name = (artist: string) => (artist === 'Queen' ? 'Queen (band)' : artist)
    const count = (of: (play: GivenPlay) => string) => Map.groupBy(plays, of)
    const ranked = artists.map((artist, rank) => ({ artist: name(artist), plays: 40 - rank }))
    expect(found).toMatchObject({
      version: 1,
      records: plays.length,
      recordsWithTimestamp: plays.length,
      recordsWithDuration: timed.length,
      artists: 12,
      songs: 36,
      cachedArtists: 4,
      cachedTracks: 4,
      tracksWithDuration: 3,
      images: { found: 2, notFound: 1, open: 1, successRate: 2 / 3 },
    })
    expect(found.database).not.toContain('canary')
    expect(found.topByPlays).toEqual(ranked.slice(0, 10))
    expect(found.bottomByPlays).toEqual(ranked.toReversed().slice(0, 10))
    expect(found.topByListening).toEqual(
      ['Yes', 'Queen', 'ABBA'].map((artist) => ({
        artist: name(artist),
        plays: count((play) => play.artist).get(artist)!.length,
        listenedMs: timed.filter((play) => play.artist === artist).length * durations[artist]!,
      })),
    )
    expect(found.recordsPerStation).toEqual(
      [...count((play) => play.callsign)]
        .map(([callsign, some]) => ({ callsign, records: some.length }))
        .sort((a, b) => b.records - a.records || (a.callsign < b.callsign ? -1 : 1)),
    )
    expect(found.artistSamples.map((each: { artist: string }) => each.artist)).toEqual([
      'Queen',
      'Кино',
      'U2',
      'Gone from the plays',
    ])
    expect(found.trackSamples[0]).toEqual({ artist: 'Queen', song: 'Song 0', durationMs: 200_000, mbid: null })
  })

  test('for people, with names that cannot touch the terminal', async () => {
    const { stdout } = await runJob('stats', [], { env: env() })
    expect(stdout).toContain('\\x1b[2JBand')
    expect(stdout).not.toContain('\u001b')
    expect(stdout).toMatch(/^ {2}images found +2 {2}66\.7 %, 1 still to be answered$/m)
    expect(stdout).toMatch(/Top 3 artists by listening time\n {2}1 {2}Yes +3\.\d h +31\n/)
    expect(stdout).toMatch(/Bottom 10 artists by plays\n {2} 1 {2}Kiss +29\n/)
    expect(stdout).toMatch(/Plays per station\n(?: {2}[KW]\w{3} +\d+\n){3}/)
  })
})

test.each<[string, string[], number, RegExp]>([
  ['no database', ['--database-url', 'sqlite:test/missing.db'], 5, /^error: the database does not exist yet\n/],
  ['a ranking of nothing', ['--top', '0'], 2, /^error: --top is "0" but must be a whole number from 1 to 1000\n/],
  ['an unknown flag', ['--jsn'], 2, /^error: unknown option '--jsn' \(Did you mean --json\?\)\n/],
])('%s', async (_name, args, code, message) => {
  const ended = await runJob('stats', args)
  expect(ended.stderr).toMatch(message)
  expect(ended.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(4)
  expect(ended).toMatchObject({ code, stdout: '' })
})
