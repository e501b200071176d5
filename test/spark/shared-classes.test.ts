import { expect, test } from '@jest/globals'
import { expr } from 'spark-connect-js'
import { silent } from '../../lib/log.ts'
import { withSpark } from '../../lib/spark/index.ts'
import { testSparkAddress } from '../support/spark.ts'

test('a job on a running server finds the classes that Spark compiled for the jobs before it', async () => {
  const opening = { remote: await testSparkAddress(), log: silent, inputBytes: 0 }
  const job = () =>
    withSpark(opening, async ({ session }) => {
      // What small inputs are tuned by is set all the same.
      expect(await session.conf.get('spark.sql.shuffle.partitions')).toBe('2')
      const loader = expr<string>("reflect('org.apache.spark.util.Utils', 'getContextOrSparkClassLoader')")
      const [row] = await session.range(1).select({ loader }).collect()
      return { loader: row!.loader, version: await session.version() }
    })
  const first = await job()
  expect(first.loader).toContain('ClassLoader@')
  // Spark 4.0 cannot copy a session: the job runs all the same.
  expect((await job()).loader === first.loader).toBe(!first.version.startsWith('4.0.'))
})
