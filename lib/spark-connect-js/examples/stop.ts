// Stops a query: leaving the loop and an AbortSignal both end it on the server.
import { SparkConnectError, SparkSession } from 'spark-connect-js'

await using spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'local[*]')
let seen = 0
for await (const _ of spark.range(1_000_000).toLocalIterator()) if (++seen === 3) break
console.log(seen, 'rows read')
try {
  await spark
    .range(0, 1_000_000_000_000n)
    .filter('id < 0')
    .count({ signal: AbortSignal.timeout(500) })
} catch (error) {
  console.log(SparkConnectError.from(error).code)
}
