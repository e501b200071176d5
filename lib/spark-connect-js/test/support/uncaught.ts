// Run by errors-live.test.ts: a mistake in one line, and an action in another.
import { col, SparkSession } from '../../src/index.ts'

const spark = await SparkSession.connect(process.env.SPARK_TEST_REMOTE ?? '')
const wrong = col('nope').plus(1)
const frame = spark.range(10).select(wrong)
await frame.collect()
