// Counts words: an array becomes rows, rows become groups.
import { count, desc, explode, lower, SparkSession, split } from 'spark-connect-js'

await using spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'local[*]')
const lines = await spark.createDataFrame([{ line: 'To be or not to be' }, { line: 'To do' }])
const words = lines.select((c) => ({ word: explode(split(lower(c.line), ' ')) }))
for (const { word, n } of await words
  .groupBy('word')
  .agg({ n: count('*') })
  .orderBy(desc('n'), 'word')
  .limit(2)
  .collect()) {
  console.log(word, n)
}
