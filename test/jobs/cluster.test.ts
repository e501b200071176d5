import { spawn } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { silent } from '../../lib/log.ts'
import { openStore } from '../../lib/store/index.ts'
import { contentHash, publishedRelations } from '../store/support/content.ts'
import { type SparkCluster, startCluster, whyNoExecutorWrites } from '../support/cluster.ts'
import { scratch } from '../support/input-files.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { testSparkAddress } from '../support/spark.ts'

// A master, two workers and a Connect server as processes of their own. The short form runs the job undisturbed, with an
// executor killed, and with databases that it has to refuse; TEST_CLUSTER=1 adds the other ways in and out and the Connect
// server and Postgres killed, TEST_FAULTS=full with it each of them at every stage of the job.
const all = process.env.TEST_CLUSTER === '1'
const full = all && process.env.TEST_FAULTS === 'full'
const ifAll = all ? test : test.skip

const job = fileURLToPath(new URL('../../jobs/aggregate.ts', import.meta.url))
const sample = fileURLToPath(new URL('../../sample/plays.csv', import.meta.url))
const folder = scratch()
const input = join(folder, 'plays.csv')
const canary = 'canary-db-password'

const lacking = await whyNoExecutorWrites()
if (lacking !== undefined) process.stderr.write(`tests on a cluster are skipped: ${lacking}\n`)
else if (!all)
  process.stderr.write('tests on a cluster: the short form; the others take minutes, TEST_CLUSTER=1 runs them\n')
else if (!full) process.stderr.write('tests on a cluster: kills at one stage; TEST_FAULTS=full kills at every one\n')

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How it ended, with the message if there was one. */
const outcome = ({ code, stderr }: Ended) => ({ code, error: stderr.match(/^error: .*(\n.*)*/m)?.[0] })

// The run has names of its own, and moments.
const contents = publishedRelations.filter((name) => name !== 'music_records')

;(lacking === undefined ? describe : describe.skip)('the job on a cluster', () => {
  let cluster: SparkCluster
  let postgres: PostgresServer
  let expected: string

  beforeAll(async () => {
    writeFileSync(input, `${readFileSync(sample, 'utf8').split('\n').slice(0, 1201).join('\n')}\n`)
    ;[cluster, postgres] = await Promise.all([startCluster({ workers: 2, eventLog: true }), startPostgres()])
    const url = await postgres.createDatabase()
    const { stderr } = await run(url, 'stream', undefined, { SPARK_REMOTE: await testSparkAddress() })
    expected = await tables(url)
    if (!stderr.includes('published')) throw new Error(stderr)
  }, 300_000)
  afterAll(async () => {
    await cluster?.close()
    postgres?.remove()
  }, 60_000)

  /**
   * Runs the job as a user of another machine would, who uploads the input; `strike` happens once, when stderr tells of that
   * stage's end.
   */
  function run(
    url: string,
    write: 'stream' | 'executors',
    strike?: { readonly after: string; readonly how: () => Promise<unknown> },
    env: Record<string, string> = {},
    from = input,
  ): Promise<Ended> {
    const child = spawn(process.execPath, [job, '--input', from, '--write', write, '--log-level', 'debug'], {
      env: { ...process.env, SPARK_REMOTE: cluster.remote, DATABASE_URL: url, LOG_FORMAT: 'text', ...env },
    })
    let [stdout, stderr, struck] = ['', '', false]
    child.stdout.on('data', (data) => {
      stdout += data
    })
    child.stderr.on('data', (data) => {
      stderr += data
      if (strike === undefined || struck || !stderr.includes(strike.after)) return
      struck = true
      void strike.how()
    })
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
  }

  /** What is in the tables; the moments of a load are left out. */
  async function tables(url: string): Promise<string> {
    const name = new URL(url).pathname.slice(1)
    postgres.sql(`update plays set created_at = '', updated_at = ''`, name)
    return await contentHash(url, contents)
  }
  const staging = (url: string) =>
    postgres.sql(`select count(*) from pg_tables where tablename like 'stg\\_%'`, new URL(url).pathname.slice(1))

  test('writes from its executors the tables that a server of one process gives, and shows nobody the password', async () => {
    const url = await postgres.createDatabase()
    const ended = await run(url, 'executors')
    expect(outcome(ended)).toEqual({ code: 0, error: undefined })
    expect(await tables(url)).toBe(expected)
    expect(staging(url)).toBe('0')
    // They came from the executors: this process had nothing to send.
    expect(ended.stderr).toContain('rows staged by others')
    expect(ended.stderr).not.toContain('rows staged (')
    const files = [...globSync(join(cluster.folder, 'events/**')), ...globSync(join(cluster.folder, '*/**/{log,std*}'))]
    const written = files.flatMap((file) => {
      try {
        return [readFileSync(file, 'latin1')]
      } catch {
        return []
      }
    })
    expect(written.some((text) => text.includes('SparkListenerConnectOperationStarted'))).toBe(true)
    expect([ended.stdout, ended.stderr, ...written].filter((text) => text.includes(canary))).toEqual([])
  }, 300_000)

  ifAll(
    'gives the same through this process, and of a file that it reads by itself',
    async () => {
      const [streamed, read] = [await postgres.createDatabase(), await postgres.createDatabase()]
      expect(outcome(await run(streamed, 'stream'))).toEqual({ code: 0, error: undefined })
      expect(await tables(streamed)).toBe(expected)
      expect(outcome(await run(read, 'executors', undefined, {}, `file://${input}`))).toEqual({
        code: 0,
        error: undefined,
      })
      // Lines that Spark reads by itself have no number.
      const plays = 'select unique_id, song_clean, artist_clean, time_unix from plays order by 1'
      expect(postgres.sql(plays, new URL(read).pathname.slice(1))).toBe(
        postgres.sql(plays, new URL(streamed).pathname.slice(1)),
      )
    },
    300_000,
  )

  test.each([
    [
      'SQLite',
      (_: string) => ({ url: 'sqlite:/nowhere/plays.db', env: {} }),
      2,
      /executors cannot write to a SQLite file/,
    ],
    [
      'a database that they cannot reach',
      (url: string) => ({ url, env: { EXECUTOR_DATABASE_URL: Object.assign(new URL(url), { port: '1' }).href } }),
      5,
      /executors cannot reach the database/,
    ],
    [
      'another database',
      (url: string) => ({ url, env: { EXECUTOR_DATABASE_URL: postgres.url('postgres') } }),
      5,
      /executors do not see the database of this run/,
    ],
    [
      'a wrong password',
      (url: string) => ({ url, env: { EXECUTOR_DATABASE_URL: Object.assign(new URL(url), { password: 'x' }).href } }),
      5,
      /Postgres refused the executors/,
    ],
  ])(
    'ends before it reads anything with %s',
    async (_, make, code, message) => {
      const { url, env } = make(await postgres.createDatabase())
      const ended = await run(url, 'executors', undefined, env)
      expect(ended).toMatchObject({ code, stderr: expect.stringMatching(message) })
      expect(ended.stderr).not.toContain('read:')
      expect(ended.stderr).not.toContain(canary)
    },
    120_000,
  )

  const stages = full ? ['spark:', 'read:', 'repair:', 'resolve:'] : ['resolve:']

  test.each(stages.flatMap((stage) => (full ? ['executor', 'worker'] : ['executor']).map((what) => [what, stage])))(
    'an %s that is killed after %s changes nothing in the tables',
    async (what, stage) => {
      const url = await postgres.createDatabase()
      const how = what === 'executor' ? () => cluster.killExecutor() : () => cluster.killWorker()
      const ended = await run(url, 'executors', { after: stage, how })
      if (what === 'worker') await cluster.startWorker()
      expect(outcome(ended)).toEqual({
        code: 0,
        error: undefined,
      })
      expect(await tables(url)).toBe(expected)
      expect(staging(url)).toBe('0')
    },
    300_000,
  )

  ifAll.each(stages)(
    'a Connect server that is killed after %s and comes back: the job begins again',
    async (stage) => {
      const url = await postgres.createDatabase()
      const how = async () => {
        await cluster.killConnect()
        await cluster.startConnect()
      }
      const ended = await run(url, 'executors', { after: stage, how })
      expect(outcome(ended)).toEqual({ code: 0, error: undefined })
      expect(ended.stderr).toContain('starting over')
      expect(await tables(url)).toBe(expected)
      expect(staging(url)).toBe('0')
    },
    300_000,
  )

  ifAll(
    'a Postgres that is restarted in the middle of the load: the load begins again',
    async () => {
      const url = await postgres.createDatabase()
      const how = async () => {
        postgres.stop('immediate')
        await postgres.start()
      }
      const ended = await run(url, 'stream', { after: 'resolve:', how }, { DATABASE_WAIT: '60' })
      expect(outcome(ended)).toEqual({ code: 0, error: undefined })
      expect(await tables(url)).toBe(expected)
      expect(staging(url)).toBe('0')
    },
    300_000,
  )

  // The last: nothing runs after it.
  ifAll(
    'a Connect server that is killed and stays away: one message, exit code 4, the database as it was',
    async () => {
      const url = await postgres.createDatabase()
      const before = await (async () => {
        const store = await openStore(url, { log: silent })
        await store.close()
        return await contentHash(url)
      })()
      const ended = await run(url, 'executors', { after: 'repair:', how: () => cluster.killConnect() })
      expect(ended.code).toBe(4)
      expect(ended.stderr.match(/^error: .*/gm)).toHaveLength(1)
      expect(await contentHash(url)).toBe(before)
    },
    300_000,
  )
})
