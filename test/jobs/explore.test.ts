import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { AppError } from '../../lib/errors.ts'
import { type ExplorerServer, Sandbox, serveExplorer } from '../../lib/explore/index.ts'
import { rendered } from '../../lib/explore/render.ts'
import { silent } from '../../lib/log.ts'
import { type NameDoubt, openStore, relationNames } from '../../lib/store/index.ts'
import { fillLookups } from '../support/filled-lookups.ts'
import { fillStore, type GivenPlay } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { type EndedJob, runJob } from '../support/run-job.ts'

const folder = scratch()
const hostile = '"><script>alert(1)</script>\u001b[2J\u202e'
const plays: readonly GivenPlay[] = [
  ...spelled('BTO', 'Bachman-Turner Overdrive', 'alias', 3),
  ...spelled('Bachman Turner Overdrive', 'Bachman-Turner Overdrive', 'key', 5),
  ...spelled('Bachman-Turner Overdrive', 'Bachman-Turner Overdrive', 'exact', 7),
  ...spelled('Кино', 'Кино', 'exact', 2),
  ...spelled(hostile, hostile, 'exact', 1),
  ...spelled('100% Soul_', '100% Soul_', 'exact', 1),
]

function spelled(artist: string, artistClean: string, method: string, times: number): GivenPlay[] {
  return Array.from({ length: times }, (_, i) => ({
    artist,
    artistClean,
    method,
    song: `Song ${i}`,
    callsign: ['KAAA', 'WBBB'][i % 2]!,
    timeUnix: 1_402_876_800 + i,
    ...(artist === 'BTO' && i === 0 ? { repairRule: 'anchor' } : {}),
  }))
}

const near = { rule: 'spelling', verdict: 'different', why: 'too little evidence' } as const
const doubts: readonly NameDoubt[] = [
  { ...near, kind: 'artist', artist: '', a: 'bto', z: 'кино', score: 0.9, plays: 5 },
  { ...near, kind: 'song', artist: 'bachman-turner overdrive', a: 'song 0', z: 'song 1', score: 0.85, plays: 4 },
  { ...near, kind: 'artist', artist: '', a: 'bto', z: 'soul', score: 0.8, plays: 9, why: 'kept apart by hand' },
]
const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n'

test('review shows first what moves most where both sides are played: not the most played spelling of all', async () => {
  const url = `sqlite:${join(folder, 'risk.db')}`
  const risky = [
    ...spelled('Rare', 'Well Known', 'spelling', 1),
    ...spelled('Well Known', 'Well Known', 'exact', 9),
    ...spelled('Even', 'Evens', 'one typo', 5),
    ...spelled('Evens', 'Evens', 'exact', 6),
    ...spelled('Mostly This', 'That', 'cut off', 12),
    ...spelled('That', 'That', 'exact', 2),
  ]
  await fillStore(url, { plays: risky })
  const { stdout } = await runJob('explore', ['review', '--json'], { env: { DATABASE_URL: url, LOG_LEVEL: 'error' } })
  const artists = JSON.parse(stdout).rows.filter((row: { kind: string }) => row.kind === 'artist')
  expect(artists.map((row: { a: string }) => row.a)).toEqual(['Even', 'Mostly This', 'Rare'])
}, 60_000)

test('in JSON each column has a name of its own', () => {
  const json = rendered({ columns: ['a', 'a', 'a_2'], rows: [[1, 2, 3]], more: false }, 'json')
  expect(JSON.parse(json)).toMatchObject({ columns: ['a', 'a_3', 'a_2'], rows: [{ a: 1, a_3: 2, a_2: 3 }] })
})

describe.each(['sqlite', 'postgres'] as const)('%s', (kind) => {
  const why = kind === 'postgres' ? whyNoPostgres() : undefined
  if (why !== undefined) {
    test.skip(`skipped: ${why}`, () => {})
    return
  }
  let postgres: PostgresServer | undefined
  let url: string
  let sandbox: Sandbox
  const explore = (...args: string[]) => runJob('explore', args, { env: { DATABASE_URL: url, LOG_LEVEL: 'error' } })
  const json = async (...args: string[]) => {
    const ended = await explore(...args, '--json')
    if (ended.code !== 0) throw new Error(ended.stderr)
    return JSON.parse(ended.stdout)
  }
  beforeAll(async () => {
    if (kind === 'postgres') postgres = await startPostgres()
    url = postgres ? await postgres.createDatabase() : `sqlite:${join(folder, 'plays.db')}`
    await fillStore(url, { plays, refused: [{ reason: 'time not understood', line: 'x;y' }], doubts })
    await fillLookups(url, {
      artists: [{ artist_clean: 'Bachman-Turner Overdrive', artist_lastfm: 'BTO (band)', mbid: 'm-1' }],
    })
    sandbox = new Sandbox(url, { workers: 2, limitMs: 5000 })
  }, 120_000)
  afterAll(() => {
    sandbox.close()
    postgres?.remove()
  })

  test('tables, schema, sample', async () => {
    const tables = await json('tables')
    expect(tables.version).toBe(1)
    expect(tables.rows.map((row: { table: string }) => row.table)).toEqual([...relationNames])
    const rows = Object.fromEntries(tables.rows.map((row: { table: string; rows: number }) => [row.table, row.rows]))
    expect(rows).toMatchObject({ plays: 19, music_records: 19, artists: 4, distinct_artists: 4, quarantined_plays: 1 })
    const schema = await json('schema', 'song_names')
    expect(schema.rows[0]).toEqual({ table: 'song_names', column: 'raw_artist', type: 'text', null: '', key: 'key' })
    const described = await json('describe', 'plays_by_hour')
    expect(described.rows[1]).toEqual({
      table: 'plays_by_hour',
      column: 'hour_unix',
      meaning: 'start of the hour, seconds since 1970, UTC',
    })
    const sample = await json('sample', 'plays', '--limit', '2', '--where', 'callsign=WBBB')
    expect(sample.rows.map((row: { callsign: string }) => row.callsign)).toEqual(['WBBB', 'WBBB'])
    expect(sample.more).toBe(true)
    expect((await json('sample', 'plays', '--where', 'repaired=1')).rows).toHaveLength(1)
    expect((await json('sample', 'plays', '--where', 'time_unix=no number')).rows).toEqual([])
    expect((await json('sample', 'plays', '--where', 'featured=')).rows).toHaveLength(19)
  })

  test.each([
    ['callsign', {}],
    ['artist_clean', {}],
    ['song_clean', {}],
    ['repair_rule', {}],
    ['artist_clean', { column: 'callsign', value: 'WBBB' }],
  ] as const)('facets of %s (%o) are what counting gives', async (column, where) => {
    const of = (play: GivenPlay) =>
      ({
        callsign: play.callsign,
        artist_clean: play.artistClean!,
        song_clean: play.song,
        repair_rule: play.repairRule ?? null,
      })[column]
    const counted = Map.groupBy('value' in where ? plays.filter((play) => play.callsign === where.value) : plays, of)
    const { values } = await sandbox.ask('facets', {
      table: 'plays',
      column,
      limit: 100,
      ...('column' in where ? { filters: [where] } : {}),
    })
    expect(new Map(values.map((each) => [each.value, each.rows]))).toEqual(
      new Map([...counted].map(([value, some]) => [value, some.length])),
    )
    expect(values.map((each) => each.rows)).toEqual(values.map((each) => each.rows).toSorted((a, b) => b - a))
  })

  test.each([
    ['bachman', ['Bachman-Turner Overdrive', 'Bachman Turner Overdrive']],
    ['bto', ['BTO']],
    ['кино', ['Кино']],
    ['%', ['100% Soul_']],
    ['l_', ['100% Soul_']],
    ['kaa', ['KAAA']],
    ["'; drop table plays; --", []],
  ])('search %j', async (text, names) => {
    expect((await sandbox.ask('search', { text, limit: 10 })).map((hit) => hit.name)).toEqual(names)
  })

  test('explain artist: by any of its names, with rule and plays', async () => {
    for (const name of ['BTO', 'bachman-turner overdrive', 'BTO (band)']) {
      const { rows } = await json('explain', 'artist', name)
      const facts = { artist: 'Bachman-Turner Overdrive', score: null, canonical: 'BTO (band)', mbid: 'm-1' }
      expect(rows).toEqual([
        ...[
          ['Bachman-Turner Overdrive', 'exact', 7, null] as const,
          ['Bachman Turner Overdrive', 'key', 5, null] as const,
          ['BTO', 'alias', 3, 'BTO ~ Bachman-Turner Overdrive'] as const,
        ].map(([raw_artist, method, plays, evidence]) => ({
          ...facts,
          ...{ raw_artist, cleaned: raw_artist, key: raw_artist.toLowerCase(), method, plays, evidence },
        })),
      ])
    }
    expect((await json('explain', 'artist', 'КИНО')).rows).toMatchObject([{ raw_artist: 'Кино', plays: 2 }])
    const station = await explore('explain', 'artist', 'KAAA')
    expect([station.code, station.stderr]).toEqual([2, expect.not.stringContaining('there are')])
    expect((await explore('explain', 'artist', 'overdriv')).stderr).toMatch(
      /^error: no artist is named "overdriv"\n {2}do: there are "Bachman-Turner Overdrive"/,
    )
  })

  test('explain play: raw → repaired → cleaned → key → rule → canonical', async () => {
    const { rows } = await json('explain', 'play', 'KAAA000000')
    expect(rows).toEqual([
      { step: 'line', artist: null, song: 'Song 0;BTO', how: 'plays.csv:2' },
      { step: 'repaired', artist: 'BTO', song: 'Song 0', how: 'rule anchor' },
      { step: 'cleaned', artist: 'BTO', song: 'Song 0', how: '' },
      { step: 'key', artist: 'bto', song: 'song 0', how: 'names are compared by it' },
      {
        step: 'resolved',
        artist: 'Bachman-Turner Overdrive',
        song: 'Song 0',
        how: 'artist by alias: BTO ~ Bachman-Turner Overdrive; song by exact',
      },
      { step: 'canonical', artist: 'BTO (band)', song: null, how: 'artist m-1' },
      { step: 'counted', artist: null, song: null, how: 'KAAA at 2014-06-16T00:00:00.000Z (read "1402876800")' },
    ])
    const refused = (await json('sample', 'quarantined_plays')).rows[0]
    expect((await json('explain', 'play', refused.quarantine_id)).rows).toEqual([
      { reason: 'time not understood', source_file: 'plays.csv', source_line: 21, line: 'x;y' },
    ])
    expect((await explore('explain', 'play', 'nobody')).code).toBe(2)
  })

  test('review: what more than equal letters brought together, and what they nearly did; nothing that a person decided', async () => {
    const merged = {
      ...{ kind: 'artist', verdict: 'same', a: 'BTO', b: 'Bachman-Turner Overdrive', artist: null },
      ...{ method: 'alias', score: null, plays: 3, why: 'BTO ~ Bachman-Turner Overdrive' },
    }
    const near = { verdict: 'different', method: 'spelling', why: 'too little evidence' }
    expect((await json('review')).rows).toEqual([
      merged,
      { ...near, kind: 'artist', a: 'BTO', b: 'Кино', artist: null, score: 0.9, plays: 5 },
      { ...near, kind: 'song', a: 'Song 0', b: 'Song 1', artist: 'Bachman-Turner Overdrive', score: 0.85, plays: 4 },
    ])
    expect((await json('review', '--max-score', '88')).rows.map((row: { kind: string }) => row.kind)).toEqual(['song'])
  })

  describe('sql', () => {
    test('as text, CSV and JSON; exact beyond 2^53; more rows than asked for are not given', async () => {
      const statement = 'select callsign, 9007199254740993 as big, \'a,"b"\' as odd from plays order by 1'
      expect((await explore('sql', statement, '--csv', '--limit', '1')).stdout).toBe(
        'callsign,big,odd\r\nKAAA,9007199254740993,"a,""b"""\n',
      )
      const answer = await json('sql', statement, '--limit', '1')
      expect(answer).toEqual({
        version: 1,
        columns: ['callsign', 'big', 'odd'],
        rows: [{ callsign: 'KAAA', big: '9007199254740993', odd: 'a,"b"' }],
        more: true,
      })
    })

    test('a statement without end is ended after a second, and the next is answered', async () => {
      const ended = await explore('sql', endless)
      expect(ended.stderr).toMatch(/^error: the query took longer than 1 s and was cancelled\n {2}do: /)
      expect(ended.code).toBe(2)
      expect(ended.ms).toBeLessThan(15_000)
      const started = performance.now()
      await expect(sandbox.ask('query', { text: endless, maxRows: 1 }, 300)).rejects.toThrow('longer than 300 ms')
      expect(performance.now() - started).toBeLessThan(10_000)
      expect((await sandbox.ask('query', { text: 'select 1 as one', maxRows: 1 })).rows).toHaveLength(1)
      if (postgres) {
        await new Promise((resolve) => setTimeout(resolve, 1500))
        expect(
          postgres.sql("select count(*) from pg_stat_activity where state = 'active' and query like 'with recursive%'"),
        ).toBe('0')
      }
    })

    test.each([
      ['delete', 'delete from plays'],
      ['delete that returns', 'delete from plays returning unique_id'],
      ['hidden in with', 'with x as (select 1) insert into runs select * from runs'],
      ['create', 'create table x (a integer)'],
      ['two statements', 'select 1; drop table plays'],
      ['unknown column', 'select nothing_such from plays'],
      ['no SQL', 'please'],
      ['nothing', '   '],
    ])('%s is refused with a sentence, exit 2', async (_name, text) => {
      const error = await sandbox.ask('query', { text, maxRows: 10 }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(AppError)
      expect(error).toMatchObject({ kind: 'usage' })
      expect((await sandbox.ask('counts', {})).plays).toBe(19)
    })

    test('the largest whole number is exact; what is beyond it is an error or visibly inexact', async () => {
      const largest = await explore('sql', 'select 9223372036854775807 as n', '--csv')
      expect(largest.stdout).toBe('n\r\n9223372036854775807\n')
      const beyond = await explore('sql', 'select 9223372036854775807 + 1 as n', '--csv')
      if (kind === 'postgres')
        expect(beyond.stderr).toMatch(/^error: the database refuses the statement: bigint out of range/)
      else expect(beyond.stdout).toBe('n\r\n9.223372036854776e+18\n')
    })

    if (kind === 'postgres') {
      beforeAll(() => {
        const database = new URL(url).pathname.slice(1)
        for (const name of ['"Effect"', '"an effect"'])
          postgres!.sql(`create function ${name}() returns int volatile language sql as 'select 1'`, database)
      })

      // The server of the tests lets us in as a superuser, as the container of compose.yaml does.
      test.each([
        'select pg_advisory_lock(1)',
        'select "pg_advisory_lock"(1)',
        'select pg_catalog . pg_advisory_lock /* a */ (1)',
        "select '/*', pg_try_advisory_xact_lock(1), '*/'",
        'select pg_terminate_backend(pid) from pg_stat_activity',
        'select pg_cancel_backend(0)',
        "select set_config('role', 'none', true)",
        "select pg_read_file('/etc/passwd')",
        "select query_to_xml('select 1', true, true, '')",
        'select U&"pg\\005fadvisory_lock"(1)',
        'select pg_reload_conf()',
        "select pg_notify('a', 'b')",
        'lock table plays',
        'reindex table plays',
        'vacuum',
        "copy plays to program 'true'",
        'do $$ begin perform 1; end $$',
        '/* /* */ select */ lock table plays',
        'set role none',
        'explain analyze select pg_advisory_lock(1)',
        'with x as (select pg_advisory_lock(1)) select 1 from x',
        'select * from plays for update',
        'select "Effect"()',
        'select "an effect"()',
      ])('%s is refused', async (text) => {
        const error = await sandbox.ask('query', { text, maxRows: 10 }).catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({
          kind: 'usage',
          message: expect.stringMatching(/only reads|read-only transaction|would change/),
        })
        expect(postgres!.sql("select count(*) from pg_locks where locktype = 'advisory'")).toBe('0')
      })

      test('a superuser asks as a role that can read tables and nothing else', async () => {
        const asks = async (text: string) => (await sandbox.ask('query', { text, maxRows: 10 })).rows
        expect(await asks("select current_user, current_setting('is_superuser')")).toEqual([
          ['radio_plays_reader', 'off'],
        ])
        for (const hidden of ['pg_authid', 'pg_shadow', 'pg_statistic', 'pg_user_mapping', 'run_lock']) {
          await expect(asks(`select * from ${hidden}`)).rejects.toThrow(`permission denied for`)
        }
        for (const name of relationNames) await asks(`select count(*) from ${name}`)
        expect(await asks('select count(*) from music_records where random() >= 0')).toEqual([[19n]])
      })

      test('where that role is missing or has more rights a superuser is refused, and told what to do', async () => {
        const asked = () => sandbox.ask('query', { text: 'select 1', maxRows: 10 })
        const database = new URL(url).pathname.slice(1)
        postgres!.sql('revoke select on runs from radio_plays_reader', database)
        await expect(asked()).rejects.toMatchObject({
          kind: 'usage',
          remedy: expect.stringContaining('npm run db:setup'),
        })
        await (await openStore(url, { log: silent })).close()
        await asked()
        postgres!.sql('grant pg_read_all_data to radio_plays_reader')
        await expect(asked()).rejects.toThrow('has other rights as well')
        postgres!.sql('revoke pg_read_all_data from radio_plays_reader')
        await asked()
      })
    }

    test('a result that would fill the memory', async () => {
      const text = kind === 'sqlite' ? "select printf('%.*c', 40000000, 'x') as x" : "select repeat('x', 40000000) as x"
      await expect(sandbox.ask('query', { text, maxRows: 1 })).rejects.toThrow('larger than 32 MB')
    })
  })

  describe('serve', () => {
    let server: ExplorerServer
    beforeAll(async () => {
      const overrides = join(folder, 'none.csv')
      server = await serveExplorer(sandbox, {
        port: 0,
        database: 'plays.db',
        timezone: 'America/New_York',
        overrides,
        log: silent,
      })
    })
    afterAll(() => server.close())

    test.each([
      ['/', 200, 'artist_names'],
      ['/table?name=plays', 200, 'Rows 1 to 19.'],
      ['/table?name=plays&column=callsign&value=WBBB', 200, 'callsign is WBBB'],
      [
        '/table?name=plays&where=callsign%3DWBBB&where=artist_clean%3D%D0%9A%D0%B8%D0%BD%D0%BE&sort=-time_unix',
        200,
        'Rows 1 to 1.',
      ],
      ['/table?name=plays&sort=nothing', 400, 'has no column'],
      ['/table?name=plays', 200, '2014-06-15 20:00:00'],
      ['/facets?table=plays&column=artist_clean&where=callsign%3DWBBB', 200, 'Only where callsign is WBBB.'],
      ['/station?name=KAAA', 200, 'Hours until a title returns'],
      ['/station?name=nobody', 200, 'No station has this name.'],
      ['/song?artist=Bachman-Turner+Overdrive&title=Song+0', 200, 'Spellings, and why they are this song'],
      ['/sql?q=select+count(*)%0Afrom+plays', 200, '>19<'],
      ['/sql?q=delete+from+plays', 400, 'this only reads'],
      ['/table?name=plays&column=featured&null=1&offset=5', 200, 'Rows 6 to 19.'],
      ['/facets?table=plays&column=callsign', 200, 'KAAA'],
      ['/search?q=bachman', 200, 'Bachman-Turner Overdrive'],
      ['/artist?name=BTO', 200, 'BTO (band)'],
      ['/artist?name=BTO', 200, 'Plays over time, at most 15 in a bar'],
      ['/play?id=KAAA000000', 200, 'rule anchor'],
      ['/review', 200, '3 plays would move if they are different'],
      ['/report', 200, 'Most played artists'],
      ['/table?name=sqlite_schema', 400, 'unknown table'],
      ['/table?name=plays&column=1%3D1&value=x', 400, 'has no column'],
      ['/table?name=plays&offset=-1', 400, 'offset must be'],
      ['/table', 400, 'needs name='],
      ['/../../etc/passwd', 404, 'Page not found'],
    ])('%s is %d', async (path, status, text) => {
      const page = await get(server.url, path)
      expect([page.status, page.body.includes(text) ? text : page.body]).toEqual([status, text])
      expect(page.headers['content-security-policy']).toMatch(
        path === '/report' ? /frame-ancestors 'none'/ : /^default-src 'none'/,
      )
      // Our own: the page of doubtful names has one script, the report its data and the script of which its policy has the hash.
      const ours =
        /<script type="module">const board|<script type="application\/json" id="browse-data">|<script>(?!alert)/g
      const own = page.body.match(ours) ?? []
      expect(own.length).toBeLessThanOrEqual(path === '/report' ? 2 : 1)
      for (const never of ['<script', '\u001b', '\u202e']) expect(page.body.replace(ours, '')).not.toContain(never)
      expect(page.headers['access-control-allow-origin']).toBeUndefined()
    })

    test('every view is CSV and JSON as well, its values as they are stored; no formula for a spreadsheet', async () => {
      const table = '/table?name=plays&where=callsign%3DKAAA&sort=-time_unix'
      const json = JSON.parse((await get(server.url, `${table}&format=json`)).body)
      const times = json.rows.map((row: { time_unix: number }) => row.time_unix)
      expect(times).toEqual(times.toSorted((a: number, b: number) => b - a))
      expect(times[0]).toBe(1_402_876_806)
      const csv = await get(server.url, '/search?q=bachman&format=csv')
      expect(csv.headers).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="results.csv"',
      })
      expect(csv.body.split('\r\n')[1]).toBe('artist,Bachman-Turner Overdrive,,15')
      const all = JSON.parse((await get(server.url, '/artist?name=BTO&format=json')).body)
      expect(Object.keys(all.parts)).toEqual(['songs', 'stations', 'spellings'])
      const stations = await get(server.url, '/artist?name=BTO&format=csv&part=stations')
      expect(stations.body).toBe('callsign,plays\r\nKAAA,9\r\nWBBB,6\r\n')
      const formula = encodeURIComponent("select '=1+1' as f, -1 as n")
      expect((await get(server.url, `/sql?q=${formula}&format=csv`)).body).toBe("f,n\r\n'=1+1,-1\r\n")
    })

    test.each([
      ['POST', {}, 405],
      ['DELETE', {}, 405],
      ['GET', { host: 'evil.example' }, 421],
    ])('%s %o is %d', async (method, headers, status) => {
      expect((await get(server.url, '/', method, headers)).status).toBe(status)
    })

    test('a hostile name is text, in a cell and in an address', async () => {
      const { body } = await get(server.url, `/search?q=${encodeURIComponent(hostile.slice(0, 12))}`)
      expect(body).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[2J\\u202e')
      const { body: own } = await get(server.url, `/artist?name=${encodeURIComponent(hostile)}`)
      expect(own).toContain('Spellings')
    })

    test('fifty at once are all answered, from one question to the database', async () => {
      const asked = jest.spyOn(sandbox, 'ask')
      const pages = await Promise.all(
        Array.from({ length: 50 }, () => get(server.url, '/facets?table=plays&column=callsign')),
      )
      expect(pages.map((page) => page.status)).toEqual(Array(50).fill(200))
      expect(asked.mock.calls.filter(([question]) => question === 'facets').length).toBeLessThanOrEqual(1)
      asked.mockRestore()
    })

    test('five hundred different pages at once are all answered', async () => {
      const asked = Array.from({ length: 500 }, (_, i) => get(server.url, `/search?q=${i}`))
      expect((await Promise.all(asked)).filter((page) => page.status !== 200)).toEqual([])
    }, 60_000)

    const rawConnection = (sent: string) => {
      const socket = connect({ host: '127.0.0.1', port: Number(new URL(server.url).port) })
      const ended = new Promise<string>((resolve) => {
        let answer = ''
        socket.on('data', (data) => {
          answer += String(data)
        })
        socket.on('error', () => {})
        socket.on('close', () => resolve(answer))
      })
      socket.write(sent)
      return { socket, ended }
    }
    const host = () => `Host: ${new URL(server.url).host}\r\n`

    test('a connection without a request, or with half of one, is closed', async () => {
      const [nothing, half] = [rawConnection(''), rawConnection(`GET / HTTP/1.1\r\n${host()}`)]
      await Promise.all([nothing.ended, half.ended])
    }, 20_000)

    test('a body beyond the limit ends the connection, whether announced or not', async () => {
      const announced = rawConnection(`POST / HTTP/1.1\r\n${host()}Content-Length: 1000000000\r\n\r\n`)
      expect(await announced.ended).toMatch(/^HTTP\/1\.1 413 /)
      const chunked = rawConnection(`POST / HTTP/1.1\r\n${host()}Transfer-Encoding: chunked\r\n\r\n`)
      let sent = 0
      const feed = setInterval(() => {
        if (chunked.socket.destroyed) return
        sent += 16_384
        chunked.socket.write(`4000\r\n${'x'.repeat(16_384)}\r\n`)
      }, 5)
      await chunked.ended
      clearInterval(feed)
      expect(sent).toBeLessThan(4_000_000)
    }, 20_000)

    test('it listens on 127.0.0.1 alone', () => {
      expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    })
  })
})

describe('npm run explore', () => {
  const env = () => ({ DATABASE_URL: `sqlite:${join(folder, 'plays.db')}`, LOG_LEVEL: 'error' })

  test.each<[string, string[], number, RegExp]>([
    ['an unknown word', ['tabels'], 2, /^error: unknown command "tabels"; did you mean tables\?\n/],
    ['nothing to do', [], 2, /^error: missing required argument 'what'/],
    ['a word too few', ['search'], 2, /^error: it is: npm run explore -- search TEXT\n/],
    ['a word too many', ['search', 'led', 'zep'], 2, /^error: it is: npm run explore -- search TEXT\n/],
    ['an unknown table', ['sample', 'play'], 2, /^error: unknown table "play"\n {2}do: there are plays/],
    ['a strange filter', ['sample', 'plays', '--where', 'x'], 2, /^error: --where is "x" but must be COLUMN=VALUE\n/],
    [
      'no database',
      ['tables', '--database-url', 'sqlite:test/missing.db'],
      5,
      /^error: the database does not exist yet\n/,
    ],
  ])('%s', async (_name, args, code, message) => {
    const ended: EndedJob = await runJob('explore', args, { env: env() })
    expect(ended.stderr).toMatch(message)
    expect(ended.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(4)
    expect(ended).toMatchObject({ code, stdout: '' })
  })

  test('a reader that has seen enough is no error', async () => {
    const text = 'with recursive n(i) as (select 1 union all select i + 1 from n limit 90000) select i from n'
    const child = spawn(process.execPath, ['jobs/explore.ts', 'sql', text, '--limit', '90000', '--timeout', '20000'], {
      env: { ...process.env, ...env() },
    })
    child.stdout.once('data', () => child.stdout.destroy())
    let stderr = ''
    child.stderr.on('data', (data) => {
      stderr += data
    })
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
    expect(stderr).toBe('')
  })

  const linux = process.platform === 'linux' ? test : test.skip
  linux('serve prints its address as data and ends with SIGINT, its processes with it (reads /proc)', async () => {
    const child = spawn(process.execPath, ['jobs/explore.ts', 'serve'], { env: { ...process.env, ...env() } })
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data).trim())),
    )
    expect((await get(url, '/')).status).toBe(200)
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
    expect(children.length).toBeGreaterThan(0)
    child.kill('SIGINT')
    await new Promise((resolve) => child.on('close', resolve))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const alive = children.filter((pid) => {
      try {
        process.kill(Number(pid), 0)
        return true
      } catch {
        return false
      }
    })
    expect(alive).toEqual([])
  })
})

interface Got {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** Plain http: `fetch` neither sends a Host of ours nor leaves `..` in a path. */
function get(base: string, path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Got> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: { ...headers }, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    asked.once('error', reject)
    asked.end()
  })
}
