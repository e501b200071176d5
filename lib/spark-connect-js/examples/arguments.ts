// SQL with bound values: never text that is glued together.
import { SparkSession } from 'spark-connect-js'

await using spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'local[*]')
const name = "O'Connor"
const rows = await (await spark.sql`SELECT ${name} AS name, upper(${name}) AS shout`).collect()
console.log(rows)
const named = await spark.sql('SELECT id FROM range(10) WHERE id > :least ORDER BY id', { least: 7 })
console.log(await named.collectTuples())
