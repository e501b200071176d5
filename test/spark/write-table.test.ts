import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SparkSession } from 'spark-connect-js'
import { silent } from '../../lib/log.ts'
import { checkExecutorDatabase, writeTable } from '../../lib/spark/index.ts'
import { jdbcAddress, type LoadTable, openStore } from '../../lib/store/index.ts'
import { contentHash } from '../store/support/content.ts'
import { columnNames, dataset, run, staged } from '../store/support/dataset.ts'
import { type SparkCluster, startCluster, whyNoExecutorWrites } from '../support/cluster.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'

const lacking = await whyNoExecutorWrites()
if (lacking !== undefined) process.stderr.write(`tests of executors that write to Postgres are skipped: ${lacking}\n`)
const canary = 'canary-db-password'
const clock = () => new Date('2026-03-01T12:00:00.000Z')
const data = dataset({ plays: 400, seed: 81 })
const published = { rowsIn: data.rowsIn, duplicates: data.duplicates }
const info = { runId: 'new', job: 'test', startedAt: new Date(1), inputs: [], versions: {}, settings: {} }

;(lacking === undefined ? describe : describe.skip)('executors that write to Postgres', () => {
  let cluster: SparkCluster
  let postgres: PostgresServer
  let spark: SparkSession
  let expected: string
  beforeAll(async () => {
    ;[cluster, postgres] = await Promise.all([startCluster({ workers: 2, eventLog: true }), startPostgres()])
    spark = await SparkSession.connect(cluster.remote)
    const url = await postgres.createDatabase()
    const store = await openStore(url, { log: silent, clock })
    await run(store, data, 'plain')
    await store.close()
    expected = await contentHash(url)
  }, 300_000)
  afterAll(async () => {
    await spark?.stop().catch(() => {})
    await cluster?.close()
    postgres?.remove()
  }, 60_000)

  const kinds = { bigint: 'bigint', number: 'double', string: 'string', boolean: 'boolean' } as const
  const frameOf = async (table: LoadTable) => {
    const rows = staged(data.tables)[table]
    const types = columnNames[table].map((name) => {
      const value = rows.map((row) => row[name]).find((one) => one !== null && one !== undefined)
      return `${name} ${kinds[typeof value as keyof typeof kinds] ?? 'string'}`
    })
    return (await spark.createDataFrame(rows as never, types.join(', '))).repartition(4)
  }

  /** A whole load; `during` happens while the plays are written. */
  async function load(url: string, during: () => Promise<unknown> = async () => {}): Promise<void> {
    const store = await openStore(url, { log: silent, clock })
    try {
      await store.lock({ runId: 'new', job: 'test' })
      await checkExecutorDatabase(spark, jdbcAddress(url), 'new')
      const load = await store.startLoad(info)
      for (const table of Object.keys(data.tables) as LoadTable[]) {
        const frame = await frameOf(table)
        await load.writeByOthers(table, async (target) => {
          const writing = writeTable(spark, frame, jdbcAddress(url), target)
          await Promise.all([writing, table === 'plays' ? during() : undefined])
        })
      }
      await load.publish(published)
    } finally {
      await store.close()
    }
  }

  test('bring every row as it is, and leave the password nowhere', async () => {
    const url = await postgres.createDatabase()
    await load(url)
    expect(await contentHash(url)).toBe(expected)
    const files = globSync(join(cluster.folder, '**')).flatMap((file) => {
      try {
        return [{ file, text: readFileSync(file, 'latin1') }]
      } catch {
        return []
      }
    })
    // What the server tells its pages: the commands as they were sent, and the plans.
    expect(files.some(({ text }) => text.includes('SparkListenerConnectOperationStarted'))).toBe(true)
    expect(files.some(({ text }) => text.includes('SparkListenerSQLExecutionStart'))).toBe(true)
    expect(files.filter(({ text }) => text.includes(canary)).map(({ file }) => file)).toEqual([])
  }, 300_000)

  test('lose or double no row when one of them is killed meanwhile', async () => {
    const url = await postgres.createDatabase()
    await load(url, () => cluster.killExecutor())
    expect(await contentHash(url)).toBe(expected)
  }, 300_000)

  test('drop NUL, which Postgres cannot hold', async () => {
    const url = await postgres.createDatabase()
    postgres.sql('create table t (name text, part integer)', new URL(url).pathname.slice(1))
    const frame = await spark.createDataFrame([{ name: 'a\0b' }], 'name string')
    const columns = [{ name: 'name', kind: 'text' as const }]
    await writeTable(spark, frame, jdbcAddress(url), { table: '"public"."t"', columns, partColumn: 'part' })
    expect(postgres.sql('select name from t', new URL(url).pathname.slice(1))).toBe('ab')
  }, 120_000)

  test.each([
    [
      'that is not there',
      (url: string) => Object.assign(new URL(url), { port: '1' }).href,
      /cannot reach the database/,
    ],
    ['that is another one', () => postgres.url('postgres'), /do not see the database of this run/],
    [
      'that refuses them',
      (url: string) => Object.assign(new URL(url), { password: 'x' }).href,
      /refused the executors/,
    ],
  ])(
    'say so of a database %s',
    async (_, other, message) => {
      const url = other(await postgres.createDatabase())
      await expect(checkExecutorDatabase(spark, jdbcAddress(url), 'new')).rejects.toMatchObject({
        kind: 'database',
        message: expect.stringMatching(message),
      })
    },
    120_000,
  )
})
