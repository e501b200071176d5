import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Setting, settings } from '../../lib/config.ts'
import { type Stubs, startStubs } from '../../lib/stubs/index.ts'
import { fillStore } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { testSparkAddress } from '../support/spark.ts'

/* Runs commands with a secret in every setting and searches all that they leave behind: outputs, logs, files, databases. */

const folder = scratch()
const root = fileURLToPath(new URL('../../', import.meta.url))
/** Each secret holds this text, which survives all encodings of a URL and of JSON. */
const mark = 'Geheim'
const secret = `hunter2-${mark}`
/** As passwords are: with characters that a URL, a connection string or JSON writes in another way. */
const special = `h+2/${mark} 4%"x'&;=#?@`

/** Every command with arguments; those that would ask a network or start Spark come no further than their settings. */
const commands: readonly [name: string, args: readonly string[]][] = [
  ['jobs/aggregate', ['--input', 'plays.csv']],
  ['jobs/enrich', []],
  ['jobs/export', ['--table', 'songs']],
  ['jobs/report', []],
  ['jobs/stats', []],
  ['jobs/explore', ['tables']],
  ['jobs/doctor', []],
  ['jobs/doctor', ['--json']],
  ['jobs/fetch', []],
  ['scripts/db-setup', []],
  ['scripts/db-copy', ['--to', 'sqlite:copy.db']],
  ['scripts/generate', ['--plays', '5']],
]

interface Written {
  readonly code: number | null
  /** Outputs, and the contents of all files that are there at the end, except `.env`. */
  readonly text: string
}

const place = () => {
  const cwd = mkdtempSync(join(folder, 'run-'))
  mkdirSync(join(cwd, 'tmp'))
  writeFileSync(
    join(cwd, 'plays.csv'),
    'time,artist,title\n2014-06-16 11:59,Queen,Innuendo\n2014-06-16 12:09,Toto,Africa\n',
  )
  return cwd
}

async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { cwd = place(), dotenv }: { cwd?: string; dotenv?: string } = {},
): Promise<Written> {
  if (dotenv !== undefined) writeFileSync(join(cwd, '.env'), dotenv)
  const { SPARK_TEST_REMOTE: _, ...inherited } = process.env
  const child = spawn(process.execPath, [join(root, `${program}.ts`), ...args], {
    cwd,
    env: { ...inherited, LOG_LEVEL: 'debug', TMPDIR: join(cwd, 'tmp'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (data: string) => {
      text += data
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  expect(text).not.toBe('')
  for (const name of readdirSync(cwd, { recursive: true, encoding: 'utf8' })) {
    if (name !== '.env' && statSync(join(cwd, name)).isFile()) text += name + readFileSync(join(cwd, name), 'latin1')
  }
  return { code, text }
}

/** The lines with a secret in them; none, if all is well. */
const leaks = ({ text }: Written, secrets: readonly string[] = [mark]) =>
  text.split('\n').filter((line) => secrets.some((each) => line.includes(each)))

const holders = Object.values<Setting<unknown>>(settings).filter((each) => each.secret !== undefined)

/** Malformed values, as people write them; each setting gets another one, and in the next round the one after it. */
const slips = [
  `user:${secret}@host/db`,
  `host=db user=me password='two ${secret}' dbname=x`,
  `mysql://me:p@${secret}@host/db`,
  `sc:/host/;x-api-key=${secret};authorization=${secret}`,
  `sc://host:15002,token=${secret}`,
  `sc://host/;use_ssl=${special}`,
  `sc://me:${secret}@host:15002`,
  `postgres//me:${secret}@host/db`,
  `postgres://me:${special}@host/db`,
  `postgres://me:12#${secret}@host/db`,
  `postgres://me:x@host/db?sslmode=${secret}`,
  `jdbc:postgresql://host/db?user=me&password=${secret}`,
  `"postgres://me:${secret}@host/db"`,
  `ftp://me:${secret}@host/`,
  `https//me:${secret}@host/?api_key=${secret}`,
  `Bearer ${secret}`,
]

describe.each(commands)('%s %j', (program, args) => {
  test.each([0, 9])('malformed settings (round %i)', async (round) => {
    const env = Object.fromEntries(holders.map((each, i) => [each.env, slips[(i + round) % slips.length]!]))
    const [fromEnv, fromFile] = await Promise.all([
      run(program, args, env),
      run(
        program,
        args,
        {},
        {
          dotenv: `${Object.entries(env)
            .map(([name, value]) => `${name}=${value.includes('"') ? `'${value}'` : `"${value}"`}`)
            .join('\n')}\n${secret}\n${slips[round]}\n`,
        },
      ),
    ])
    expect([...leaks(fromEnv), ...leaks(fromFile)]).toEqual([])
    expect([fromEnv.code, fromFile.code]).toEqual([2, 2])
  }, 60_000)
})

describe('flags and arguments', () => {
  test.each<[string, string[]]>([
    ['stats', ['--database-url', `postgres://me:12/${secret}@host/db`]],
    ['stats', [`--databse-url=postgres://me:${secret}@host/db`]],
    ['stats', [`postgres://me:${special}@host/db`]],
    ['stats', ['--database-url', `postgres://me:${encodeURIComponent(special)}@127.0.0.1:1/db`]],
    ['aggregate', ['--spark-remote', `sc:/host/;x-api-key=${secret};authorization=${secret}`]],
    ['aggregate', ['--input', `https://me:${secret}@127.0.0.1:1/plays.csv`]],
    ['export', ['--out', `s3://key:${secret}@bucket/plays.csv`, '--table', 'songs']],
    ['fetch', ['--url', `https://me:${secret}@127.0.0.1:1/plays.csv?token=${secret}`]],
    ['explore', ['sql', `select '${secret}' frm`, `--database-url=postgres://me:${secret}@host:x/db`]],
    ['../scripts/db-copy', ['--from', `postgres://me:${secret}@127.0.0.1:1/db`, '--to', `mysql://me:${secret}@h/db`]],
  ])(
    '%s %j',
    async (program, args) => {
      const written = await run(join('jobs', program), args, {})
      expect(leaks(written)).toEqual([])
      expect([2, 3, 4, 5]).toContain(written.code)
    },
    60_000,
  )
})

describe('well-formed settings that lead nowhere', () => {
  const password = encodeURIComponent(special)
  test.each<[string, string, string[], Record<string, string>, number[]]>([
    ['a database that is down', 'stats', [], { DATABASE_URL: `postgres://me:${password}@127.0.0.1:1/db` }, [5]],
    [
      'one that DB_* describe',
      'report',
      [],
      { DATABASE_TYPE: 'postgres', DB_HOST: '127.0.0.1', DB_PORT: '1', DB_PASSWORD: special },
      [5],
    ],
    ['the password of psql', 'stats', [], { PGPASSWORD: secret, DATABASE_URL: 'postgres://me@127.0.0.1:1/db' }, [5]],
    [
      'a certificate that is not there',
      'stats',
      [],
      { DATABASE_URL: `postgres://me:${password}@h/db?sslmode=verify-full&sslrootcert=none.pem` },
      [2, 5],
    ],
    [
      'a Spark that is down',
      'aggregate',
      ['--input', 'plays.csv', '--station', 'KXYZ'],
      { SPARK_REMOTE: `sc://127.0.0.1:1/;token=${secret}`, SPARK_CONNECT_AUTHENTICATE_TOKEN: secret },
      [4],
    ],
    [
      'a proxy',
      'fetch',
      ['--url', 'https://radio.example/plays.csv'],
      { HTTPS_PROXY: `http://me:${secret}@127.0.0.1:1`, https_proxy: `http://me:${secret}@127.0.0.1:1` },
      [3],
    ],
    [
      'all of it before the doctor',
      'doctor',
      ['--json'],
      {
        DATABASE_URL: `postgres://me:${password}@127.0.0.1:1/db`,
        SPARK_REMOTE: `sc://127.0.0.1:1/;token=${secret}`,
        LASTFM_API_KEY: secret,
        LISTENBRAINZ_TOKEN: secret,
      },
      [2],
    ],
  ])(
    '%s',
    async (_what, job, args, env, codes) => {
      const written = await run(`jobs/${job}`, args, env)
      expect(leaks(written)).toEqual([])
      expect(codes).toContain(written.code)
    },
    60_000,
  )
})

describe('runs that succeed', () => {
  let stubs: Stubs
  let env: Record<string, string>
  let token: string
  const cwd = place()
  beforeAll(async () => {
    stubs = await startStubs()
    const address = await testSparkAddress()
    token = decodeURIComponent(/;token=([^;]*)/.exec(address)?.[1] ?? '')
    env = {
      ...stubs.environment,
      SPARK_REMOTE: address.split('/;')[0]!,
      SPARK_CONNECT_AUTHENTICATE_TOKEN: token === '' ? secret : token,
      DATABASE_URL: `sqlite:${join(cwd, 'plays.db')}`,
      EXECUTOR_DATABASE_URL: `postgres://me:${secret}@host/db`,
      DB_PASSWORD: special,
      LASTFM_API_KEY: secret,
      LISTENBRAINZ_TOKEN: secret,
      FANARTTV_API_KEY: secret,
      // A password before the host goes into a header of each request.
      MUSICBRAINZ_URL: stubs.environment.MUSICBRAINZ_URL!.replace('//', `//me:${secret}@`),
    }
  })
  afterAll(() => stubs?.close())

  const clean = (written: Written) => expect(leaks(written, [mark, ...(token === '' ? [] : [token])])).toEqual([])

  test('a load, its run in the database and its quarantine', async () => {
    const written = await run('jobs/aggregate', ['--input', 'plays.csv', '--station', 'KXYZ'], env, { cwd })
    expect([written.code, written.text.slice(0, 2000)]).toEqual([0, expect.anything()])
    clean(written)
    // The search reaches into the database.
    expect(written.text).toContain('Innuendo')
  }, 120_000)

  test('look-ups, with keys that the services accept or refuse', async () => {
    const written = await run(
      'jobs/enrich',
      ['--contact', 'me@radio.example', '--providers', 'musicbrainz,listenbrainz,wikidata,commons,lastfm'],
      env,
      { cwd },
    )
    clean(written)
    expect([0, 2, 6]).toContain(written.code)
  }, 120_000)

  test.each<[string, string[]]>([
    ['jobs/export', ['--table', 'songs', '--out', 'songs.csv']],
    ['jobs/report', ['--out', 'report.html']],
    ['jobs/explore', ['sql', 'select * from runs']],
    ['jobs/doctor', ['--json']],
  ])(
    '%s %j',
    async (program, args) => {
      clean(await run(program, args, env, { cwd }))
    },
    60_000,
  )
})

test('a bug report', async () => {
  const cwd = place()
  await fillStore(`sqlite:${join(cwd, 'data', 'plays.db')}`, {
    plays: [{ artist: 'Queen', song: 'Innuendo', callsign: 'KXYZ', timeUnix: 1_403_279_923 }],
  })
  const args = ['--end', 'crash', '--database-url', `postgres://me:${secret}@host/db`]
  const written = await run('test/support/sample-command', args, { LISTENBRAINZ_TOKEN: special }, { cwd })
  expect(written.code).toBe(70)
  expect(written.text).toContain('command: sample --end crash')
  expect(leaks(written)).toEqual([])
})
