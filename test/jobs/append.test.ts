import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RunFacts } from '../../lib/model/run-facts.ts'
import { scratch } from '../support/input-files.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { runJob } from '../support/run-job.ts'
import { testSparkAddress } from '../support/spark.ts'
import { tables, withoutHistory } from '../support/tables.ts'

const folder = scratch()
let remote: string

beforeAll(async () => {
  remote = await testSparkAddress()
}, 300_000)

const run = (url: string, ...args: string[]) =>
  runJob('aggregate', args, { cwd: folder, env: { SPARK_REMOTE: remote, DATABASE_URL: url } })

async function load(url: string, ...args: string[]): Promise<RunFacts> {
  const { code, stdout, stderr } = await run(url, '--json', '--max-quarantine', '50', ...args)
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

const header = 'RAW_SONG;RAW_ARTIST;CALLSIGN;TIME;UNIQUE_ID;COMBINED\n'
const row = (id: string, time: string, song: string, artist: string) =>
  `${song};${artist};KXYZ;${time};${id};${song} by ${artist}`

/**
 * Days of a log whose dates begin with the day, which no line shows before the 13th. Spellings change with the days, and with
 * them the one that is played most; lines come again, in their own file and in others; ids are used twice; lines are damaged.
 */
const days = [11, 12, 13, 14].map((day) => {
  const lines: string[] = []
  for (let i = 0; i < 20; i += 1) {
    const artist =
      day < 12 ? ['Motorhead', 'queen', 'ZZ TOP'][i % 3]! : ['Motörhead', 'Queen', 'ZZ Top', 'Kinks'][i % 4]!
    const song = i % 2 === 0 ? 'Some Song (Live)' : `Tune ${i % 5}${day % 2 === 0 ? '' : '!'}`
    lines.push(row(`D${day}N${i}`, `${day}/03/2024 ${10 + (i % 12)}:${10 + day}`, song, artist))
  }
  lines.push(lines[3]!, row('D11N4', `${day}/03/2024 23:00`, 'Other Tune', 'Queen'))
  lines.push(
    row('D11N4', `${day}/03/2024 23:00`, 'Other Tune', 'Queen'),
    row('D11N5', `11/03/2024 15:21`, 'Tune 0!', 'Queen'),
  )
  lines.push(row(`D${day}X`, 'never', 'Tune', 'Queen'), 'cut off')
  lines.push(`Go;" Johnny";Chuck Berry;KXYZ;${day}/03/2024 21:00;D${day}R;Go, Johnny by Chuck Berry`)
  const name = `day-${day}.csv`
  writeFileSync(join(folder, name), header + lines.join('\n'))
  return name
})

describe('--append', () => {
  const url = (name: string) => `sqlite:${join(folder, name)}`
  let whole: Awaited<ReturnType<typeof tables>>
  beforeAll(async () => {
    await load(url('whole.db'), '--input', ...days)
    whole = await tables(url('whole.db'))
  }, 600_000)

  test('day by day gives the tables of all days at once', async () => {
    const told: (readonly number[])[] = []
    for (const day of days) {
      const { rowsIn, plays, quarantined, duplicates, playsInAll } = await load(
        url('days.db'),
        '--append',
        '--input',
        day,
      )
      const refused = quarantined.reduce((sum, { rows }) => sum + rows, 0)
      expect(rowsIn).toBe(plays + refused + duplicates)
      told.push([plays, playsInAll])
    }
    expect(await tables(url('days.db'))).toEqual(whole)
    expect(told.at(-1)).toEqual([21, whole.plays.length])
    expect(whole.plays.filter(({ repaired }) => repaired === 1n)).toHaveLength(days.length)
    // The test is of something: what is decided by all days together did change on the way.
    expect(new Set(whole.plays.map(({ artist_clean }) => artist_clean))).toContain('Motörhead')
    expect(
      new Date(Number(whole.plays.find(({ unique_id }) => unique_id === 'D11N0')!.time_unix) * 1000).toISOString(),
    ).toBe('2024-03-11T10:21:00.000Z')
    expect(whole.quarantined_plays.filter(({ reason }) => reason === 'id of another play').length).toBeGreaterThan(5)
  }, 600_000)

  test('of what is there changes nothing', async () => {
    const facts = await load(url('days.db'), '--append', '--input', days[2]!)
    expect(facts).toMatchObject({ plays: 0, playsInAll: whole.plays.length })
    expect(facts.changes.every(({ inserted, updated, deleted }) => inserted + updated + deleted === 0)).toBe(true)
    expect(await tables(url('days.db'))).toEqual(whole)
  }, 300_000)

  test('keeps ids: a name that another spelling comes to lead is the same artist and song as before', async () => {
    const day = (name: string, artist: string, song: string, plays: number) => {
      const lines = Array.from({ length: plays }, (_, i) => row(`${name}${i}`, `14/03/2024 ${10 + i}:00`, song, artist))
      writeFileSync(join(folder, `${name}.csv`), header + lines.join('\n'))
      return `${name}.csv`
    }
    const first = day('first', 'Creedance', 'Prowd Mary', 2)
    // A misspelling is rare beside what it misspells: two plays beside ten.
    const second = day('second', 'Creedence', 'Proud Mary', 10)
    await load(url('ids.db'), '--input', first)
    const before = await tables(url('ids.db'))
    const { changes } = await load(url('ids.db'), '--append', '--input', second)
    expect(changes.find(({ table }) => table === 'artists')).toMatchObject({ inserted: 0, updated: 1, deleted: 0 })
    const after = await tables(url('ids.db'))
    expect(before.songs).toMatchObject([{ artist_clean: 'Creedance', song_clean: 'Prowd Mary' }])
    const { artist_id, song_id } = before.songs[0]!
    expect(after.songs).toMatchObject([{ artist_clean: 'Creedence', song_clean: 'Proud Mary', artist_id, song_id }])
    expect(after.id_events).toEqual([])

    // Both at once: nothing to change there, and elsewhere the same tables, under ids of their own.
    const again = await load(url('ids.db'), '--input', first, second)
    expect(again.changes.every(({ inserted, updated, deleted }) => inserted + updated + deleted === 0)).toBe(true)
    await load(url('new.db'), '--input', first, second)
    const fresh = await tables(url('new.db'))
    expect(fresh.songs[0]!.artist_id).not.toBe(artist_id)
    expect(withoutHistory(after)).toEqual(withoutHistory(fresh))
  }, 600_000)

  test('without an input is refused, for nobody wants the sample among their plays', async () => {
    const { code, stderr } = await run(url('days.db'), '--append')
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: --append needs an input\n  do: name new logs with --input\n',
    })
    expect(await tables(url('days.db'))).toEqual(whole)
  }, 300_000)

  describe('on Postgres', () => {
    const why = whyNoPostgres()
    if (why !== undefined) {
      test.skip(`skipped: ${why}`, () => {})
      return
    }
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres()
    }, 600_000)
    afterAll(() => server?.remove())

    test('gives the same, also several days at a time', async () => {
      const database = await server.createDatabase()
      await load(database, '--append', '--input', ...days.slice(0, 3))
      await load(database, '--append', '--input', ...days.slice(3))
      expect(await tables(database)).toEqual(whole)
    }, 600_000)
  })
})
