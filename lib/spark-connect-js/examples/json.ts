// Rows to JSON: BIGINT as a number where it is safe, and nested values as they are.
import { SparkSession, toJson } from 'spark-connect-js'

await using spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'local[*]')
const frame = await spark.sql("SELECT 7 AS id, DATE'2024-02-29' AS day, named_struct('city', 'Wien') AS place")
console.log(toJson(await frame.collect()))
