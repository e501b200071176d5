import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import BetterSqlite from 'better-sqlite3'
import {
  diagnoseSettings,
  type Examined,
  type ExamineOptions,
  examine,
  neededFunctions,
} from '../../lib/doctor/index.ts'
import { silent } from '../../lib/log.ts'
import { openStore } from '../../lib/store/index.ts'
import { fillStore } from '../support/filled-store.ts'
import { scratch } from '../support/input-files.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { runJob } from '../support/run-job.ts'

const folder = scratch()
const root = fileURLToPath(new URL('../../', import.meta.url))
const plays = [{ artist: 'Queen', song: 'We Will Rock You', callsign: 'KAAA', timeUnix: 1_402_876_800 }]

let places = 0
/** An examination of an empty place of its own, where Java and Maven are as on this machine. */
async function look(
  env: Record<string, string> = {},
  more: Partial<ExamineOptions> = {},
): Promise<Readonly<Record<string, Examined>>> {
  places += 1
  const here = join(folder, `place-${places}`)
  mkdirSync(here)
  const diagnosis = diagnoseSettings({ env: { DATABASE_URL: `sqlite:${here}/plays.db`, ...env }, dotenv: '' })
  const findings = await examine({
    ...diagnosis,
    env: process.env,
    root,
    dataFolder: join(here, 'data'),
    sparkFolder: join(here, '.spark'),
    deep: false,
    log: silent,
    ...more,
  })
  return Object.fromEntries(findings.map((each) => [each.id, each]))
}

const remedied = (findings: Iterable<Examined>) =>
  [...findings].filter((each) => (each.status === 'warn' || each.status === 'fail') && !(each.remedy.length > 10))

test('a healthy place has at least 15 checks and nothing red', async () => {
  const found = await look()
  expect(Object.keys(found).length).toBeGreaterThanOrEqual(15)
  expect(Object.values(found).filter((each) => each.status === 'fail' && !/^(java|spark-jars)$/.test(each.id))).toEqual(
    [],
  )
  expect(found.database).toMatchObject({ status: 'ok', found: expect.stringContaining('does not exist yet') })
  // Whoever runs the tests may have a server up, such as that of `docker compose up`.
  expect([
    ['skip', 'no Spark is kept; the next run starts one; --deep asks a new one'],
    ['ok', expect.stringContaining('localhost:15002')],
  ]).toContainEqual([found.spark?.status, found.spark?.found])
  // It looked, and left nothing behind.
  expect(globSync(join(folder, 'place-1/**'), { exclude: (name) => name === 'place-1' }).sort()).toEqual([
    join(folder, 'place-1'),
  ])
})

describe('what is wrong is red and has a remedy', () => {
  const nobody = { PATH: '/nonexistent', JAVA_HOME: undefined }
  const damaged = join(folder, 'damaged.db')
  const page = join(folder, 'page.db')
  const foreign = join(folder, 'foreign.db')
  const words = join(folder, 'words.db')
  let stranger: Server
  let strangerPort: number

  beforeAll(async () => {
    await fillStore(`sqlite:${damaged}`, {
      plays: Array.from({ length: 3000 }, (_, i) => ({ ...plays[0]!, song: `Song ${i}` })),
    })
    const bytes = readFileSync(damaged)
    const onePage = Buffer.from(bytes).fill(0xff, 8192 * 40, 8192 * 41)
    // The pages in the middle are tables and indexes; the first holds the schema, which has to stay readable.
    bytes.fill(0xff, 8192 * 20, 8192 * 60)
    writeFileSync(damaged, bytes)
    writeFileSync(page, onePage)
    const db = new BetterSqlite(foreign)
    db.exec('create table invoices (id integer)')
    db.close()
    writeFileSync(words, 'these are words, not a database '.repeat(100))
    stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    strangerPort = (stranger.address() as { port: number }).port
  })
  afterAll(() => void stranger.close())

  test.each<[string, string, () => Promise<Readonly<Record<string, Examined>>>, RegExp]>([
    ['an old Node', 'node', () => look({}, { nodeVersion: 'v22.13.1' }), /^v22\.13\.1; 22\.14 or later/],
    ['no Java', 'java', () => look({}, { env: nobody }), /none was found$/],
    ['neither jars nor Maven', 'spark-jars', () => look({}, { env: nobody }), /^none, and no Maven$/],
    [
      'a SPARK_HOME without Spark',
      'spark-jars',
      () => look({ SPARK_HOME: folder }, { env: nobody }),
      /SPARK_HOME holds no Spark 4/,
    ],
    [
      'a clock of 2001',
      'clock',
      () => look({}, { now: () => new Date('2001-01-01') }),
      /but files of this project are from/,
    ],
    [
      'a wrong value',
      'settings',
      () => look({ FUZZY_THRESHOLD: '7' }),
      /^FUZZY_THRESHOLD is "7" but must be a whole number/,
    ],
    [
      'a database with a damaged page',
      'database-integrity',
      () => look({ DATABASE_URL: `sqlite:${page}` }),
      /^Tree \d+ page/,
    ],
    ['a damaged database', 'database', () => look({ DATABASE_URL: `sqlite:${damaged}` }), /damaged/],
    [
      'another program’s database',
      'database-schema',
      () => look({ DATABASE_URL: `sqlite:${foreign}` }),
      /another program/,
    ],
    [
      'a file that is no database',
      'database',
      () => look({ DATABASE_URL: `sqlite:${words}` }),
      /not a SQLite database/,
    ],
    [
      'no Postgres',
      'database',
      () => look({ DATABASE_URL: 'postgres://u:canary@127.0.0.1:9/x' }),
      /^cannot connect to 127\.0\.0\.1:9 \(ECONNREFUSED\)$/,
    ],
    [
      'a stranger in Spark’s place',
      'spark',
      () => look({ SPARK_REMOTE: `sc://127.0.0.1:${strangerPort}/;token=canary` }),
      /./,
    ],
    ['nobody in Spark’s place', 'spark', () => look({ SPARK_REMOTE: 'sc://127.0.0.1:9' }), /./],
  ])('%s', async (_name, id, work, text) => {
    const found = await work()
    expect(found[id]).toMatchObject({ status: 'fail', found: expect.stringMatching(text) })
    expect(remedied(Object.values(found))).toEqual([])
    expect(JSON.stringify(found)).not.toContain('canary')
  })

  test('a check that hangs is red at the deadline, and the others are there', async () => {
    const sockets: Socket[] = []
    const silentServer = createServer((socket) => sockets.push(socket))
    await new Promise<void>((resolve) => silentServer.listen(0, '127.0.0.1', resolve))
    const { port } = silentServer.address() as { port: number }
    const started = performance.now()
    const found = await look({ SPARK_REMOTE: `sc://127.0.0.1:${port}` }, { deadlineMs: 1500 })
    for (const socket of sockets) socket.destroy()
    silentServer.close()
    expect(performance.now() - started).toBeLessThan(5000)
    expect(found.spark).toMatchObject({ status: 'fail' })
    expect(found.node).toMatchObject({ status: 'ok' })
  })
})

describe('what another finding stands before is not judged', () => {
  test('a database that does not open', async () => {
    const found = await look({ DATABASE_URL: 'postgres://u@127.0.0.1:9/x' })
    const dependent = Object.values(found).filter((each) => each.id.startsWith('database-'))
    expect(dependent.map((each) => [each.status, each.found])).toEqual(
      Array(4).fill(['skip', 'the database cannot be opened']),
    )
  })

  test('no Java is no fault where Spark runs elsewhere', async () => {
    const found = await look({ SPARK_REMOTE: 'sc://127.0.0.1:9' }, { env: { PATH: '/nonexistent' } })
    expect([found.java?.status, found['spark-jars']?.status]).toEqual(['warn', 'warn'])
  })
})

test('names in .env that nobody knows, with what was meant', () => {
  const { faults, settings } = diagnoseSettings({
    env: {},
    dotenv: 'DATABASE_ULR=sqlite:x.db\nTIMEZONE=Mars\nAPI_TIMEOUT=5\n',
  })
  expect(faults.names).toEqual(['DATABASE_ULR is not a setting; did you mean DATABASE_URL?'])
  expect(faults.values).toEqual([expect.stringMatching(/^TIMEZONE is "Mars" but must be a zone/)])
  expect(settings).toMatchObject({ timezone: 'UTC', apiTimeoutS: 5 })
})

describe.each(['sqlite', 'postgres'] as const)('a database of ours: %s', (kind) => {
  const why = kind === 'postgres' ? whyNoPostgres() : undefined
  if (why !== undefined) {
    test.skip(`skipped: ${why}`, () => {})
    return
  }
  let server: PostgresServer | undefined
  let url: string
  beforeAll(async () => {
    if (kind === 'postgres') server = await startPostgres()
    url = server ? await server.createDatabase() : `sqlite:${join(folder, 'ours.db')}`
    await fillStore(url, { plays })
  }, 120_000)
  afterAll(() => server?.remove())

  test('is healthy', async () => {
    const found = await look({ DATABASE_URL: url })
    expect(Object.values(found).filter((each) => each.id.startsWith('database') && each.status === 'fail')).toEqual([])
    expect(found.database?.found).toMatch(kind === 'sqlite' ? /^SQLite 3\.\d+/ : /^PostgreSQL \d+/)
    expect(found['database-schema']).toMatchObject({ status: 'ok', found: 'of this version' })
    expect(JSON.stringify(found)).not.toContain('canary')
  })

  test('its lock, held by a run that lives', async () => {
    const store = await openStore(url, { log: silent })
    const lock = await store.lock({ runId: 'r1', job: 'job:aggregate' })
    const found = await look({ DATABASE_URL: url })
    expect(found['database-lock']).toMatchObject({
      status: 'warn',
      found: expect.stringContaining(`pid ${process.pid} on`),
    })
    await lock.release()
    await store.close()
    expect((await look({ DATABASE_URL: url }))['database-lock']).toMatchObject({ status: 'ok', found: 'free' })
  })
})

test('the functions that are looked for are those that lib/plays uses', () => {
  const rules = globSync('lib/plays/**/*.ts', { cwd: root })
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')
  expect(neededFunctions.filter((name) => !new RegExp(`\\b${name}\\(`, 'i').test(rules))).toEqual([])
})

describe('npm run doctor', () => {
  const quiet = (here: string) => ({
    cwd: here,
    env: { SPARK_REMOTE: '', DATABASE_URL: '', LASTFM_API_KEY: 'canary-key' },
  })

  test('--json has a version; keys are never shown; within ten seconds', async () => {
    const here = join(folder, 'job')
    mkdirSync(here)
    const { code, stdout, stderr, ms } = await runJob('doctor', ['--json'], quiet(here))
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({ version: 1, ok: code === 0 })
    expect(document.checks.length).toBeGreaterThanOrEqual(15)
    expect(document.ms).toBeLessThan(10_000)
    expect(ms).toBeLessThan(20_000)
    expect(stdout + stderr).not.toContain('canary')
    expect(code).toBe(document.checks.some((each: Examined) => each.status === 'fail') ? 2 : 0)
  })

  test('speaks where no other command starts: faulty settings are two of its findings, exit 2', async () => {
    const here = join(folder, 'faulty')
    mkdirSync(here)
    writeFileSync(join(here, '.env'), 'LASTFM_APIKEY=canary\nAPI_TIMEOUT=many\n')
    const { code, stdout, stderr } = await runJob('doctor', [], quiet(here))
    expect(code).toBe(2)
    expect(stdout).toMatch(/^FAIL {2}Settings +API_TIMEOUT is "many" but must be whole seconds/m)
    expect(stdout).toMatch(/^FAIL {2}Names in \.env +LASTFM_APIKEY is not a setting; did you mean LASTFM_API_KEY\?$/m)
    expect(stdout).toMatch(/^ok {4}Node /m)
    expect(stdout).not.toContain('\u001b')
    expect(stderr).toMatch(/^error: \d+ of \d+ checks failed\n {2}do: .*\n$/)
    expect(stdout + stderr).not.toContain('canary')
  })

  test('a red check is exit 2 with one error and its remedy under the check', async () => {
    const { code, stdout, stderr } = await runJob('doctor', ['--database-url', 'postgres://u:canary@127.0.0.1:9/x'])
    expect(code).toBe(2)
    expect(stdout).toMatch(/^FAIL {2}Database +cannot connect to .*\n {8}do: start the database/m)
    expect(stderr.split('\n').length).toBeLessThanOrEqual(4)
    expect(stdout + stderr).not.toContain('canary')
  })
})
