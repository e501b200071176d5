import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { scratch } from '../support/input-files.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../support/postgres.ts'
import { runJob } from '../support/run-job.ts'
import { testSparkAddress } from '../support/spark.ts'
import { tables } from '../support/tables.ts'

// The container beside the embedded server is in test/docker: it needs an engine.
describe('the sample gives the same tables', () => {
  const folder = scratch()
  const load = async (url: string, remote: string) => {
    const input = ['--input', 'sample/plays.csv']
    const { code, stderr } = await runJob('aggregate', input, { env: { SPARK_REMOTE: remote, DATABASE_URL: url } })
    if (code !== 0) throw new Error(stderr)
    return await tables(url)
  }
  let uploaded: Awaited<ReturnType<typeof tables>>
  beforeAll(async () => {
    uploaded = await load(`sqlite:${join(folder, 'uploaded.db')}`, await testSparkAddress())
    expect(uploaded.plays.length).toBeGreaterThan(4_000)
  }, 300_000)

  test('uploaded to a server that sees no file of ours, or read by the embedded one', async () => {
    expect(await load(`sqlite:${join(folder, 'embedded.db')}`, 'local[*]')).toEqual(uploaded)
  }, 600_000)

  const why = whyNoPostgres()
  const onPostgres = why === undefined ? test : test.skip
  if (why !== undefined) process.stderr.write(`skipped on Postgres: ${why}\n`)
  let server: PostgresServer | undefined
  afterAll(() => server?.remove())
  onPostgres(
    'in SQLite or in Postgres',
    async () => {
      server = await startPostgres()
      expect(await load(await server.createDatabase(), await testSparkAddress())).toEqual(uploaded)
    },
    600_000,
  )
})
