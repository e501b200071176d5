// `npm run conformance -- --sql`: Spark's own SQL tests, through this client.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SparkSession } from '../../src/index.ts'
import { startLocalServer } from '../../src/local/index.ts'
import { compareFile, type Difference } from './compare.ts'
import { type GoldenFile, goldenSuite } from './golden-files.ts'
import { reasonOf, whyLeftOut } from './reasons.ts'
import { createTables } from './tables.ts'

export interface SqlOptions {
  readonly version: string
  /** The folder that keeps Spark between runs. */
  readonly home: string
  /** Which files to run. Default: all. */
  readonly only?: (file: GoldenFile) => boolean
  readonly log: (text: string) => void
}

export interface SqlResult {
  readonly total: number
  readonly equal: number
  /** Queries that differ, by reason. */
  readonly explained: ReadonlyMap<string, number>
  /** Those that no reason explains: faults until somebody shows that they are not. */
  readonly unexplained: readonly Difference[]
}

/** Runs the tests on a server of their own. *Errors:* those of Maven and of the server's start. */
export async function runGoldenSql(options: SqlOptions): Promise<SqlResult> {
  const { version, home, log, only = () => true } = options
  const suite = await goldenSuite(version)
  const folder = mkdtempSync(join(tmpdir(), 'golden-sql-'))
  const warehouse = join(folder, 'warehouse')
  const config = { 'spark.sql.warehouse.dir': warehouse, 'spark.sql.shuffle.partitions': '4' }
  const server = await startLocalServer({ home, version, config, inputBytes: 1, memory: '2g' })
  const explained = new Map<string, number>()
  const unexplained: Difference[] = []
  let [total, equal] = [0, 0]
  const count = (reason: string, n = 1): void => void explained.set(reason, (explained.get(reason) ?? 0) + n)
  try {
    await using setup = await SparkSession.connect(server.url)
    await createTables(setup, suite.data)
    for (const file of suite.files.filter(only)) {
      total += file.queries.length
      const leftOut = whyLeftOut(file.name)
      if (leftOut !== undefined) {
        count(leftOut, file.queries.length)
        continue
      }
      await using spark = await SparkSession.connect(server.url)
      const differences = await compareFile(spark, file)
      equal += file.queries.length - differences.length
      for (const difference of differences) {
        const reason = reasonOf(difference)
        if (reason === undefined) unexplained.push(difference)
        else count(reason)
      }
      log(`${file.name}: ${file.queries.length - differences.length} of ${file.queries.length}`)
    }
  } finally {
    await server.stop({ keep: false })
    rmSync(folder, { recursive: true, force: true })
  }
  return { total, equal, explained, unexplained }
}
