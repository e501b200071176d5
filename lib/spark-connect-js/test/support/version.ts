import { compareVersions } from '../../src/client/index.ts'
import type { SparkSession } from '../../src/session/session.ts'

/** Whether the server of this run (SPARK_TEST_VERSION) lacks what a test is about; the reason is printed. */
export async function isOlder(spark: SparkSession, minimum: string): Promise<boolean> {
  const version = await spark.version()
  if (compareVersions(version, minimum) >= 0) return false
  console.log(`skipped: needs Spark ${minimum}, the server is ${version}`)
  return true
}
