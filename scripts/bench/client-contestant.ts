import { type DataFrame, SparkSession } from 'spark-connect-js'
import { readStream } from '../../lib/spark-connect-js/src/arrow/ipc.ts'

// What our client takes: prints {"seconds", "rows", "peakMb"}.
const spark = await SparkSession.connect(process.env.BENCH_REMOTE!, {
  artifactIsolation: process.env.BENCH_ISOLATION !== 'false',
})
const columns: string[] = JSON.parse(process.env.BENCH_COLUMNS!)
const wanted = Number(process.env.BENCH_ROWS)
const how = process.env.BENCH_HOW

/** Rows of the given number, received or sent; the data to send is made before the clock starts. */
async function measured(count: number): Promise<{ seconds: number; rows: number }> {
  const numbers: DataFrame<{ id: bigint }> = spark.range(count)
  const frame = numbers.selectExpr(...columns)
  const local = how === 'createDataFrame' ? await frame.collect() : []
  const schema = await frame.schema()
  const start = performance.now()
  let rows = 0
  switch (how) {
    case 'collect':
      rows = (await frame.collect()).length
      break
    case 'toArrow':
      // The buffers of all columns, nothing decoded, as PySpark's has it.
      for (const { numRows } of readStream(await frame.toArrow()).batches) rows += numRows
      break
    case 'toLocalIterator':
      for await (const _ of frame.toLocalIterator()) rows++
      break
    case 'range':
      for await (const _ of numbers.toLocalIterator()) rows++
      break
    case 'createDataFrame':
      // The other way: rows of this program that the server is given and counts.
      rows = Number(await (await spark.createDataFrame(local, schema)).count())
      break
    default:
      // Every column of every batch decoded, no row objects.
      for await (const batch of frame.batches()) rows += Math.min(...batch.columns.map((column) => column.length))
  }
  return { seconds: (performance.now() - start) / 1000, rows }
}

// A tenth first, as all contestants do: a client lives longer than one query, and is compiled by then.
await measured(Math.ceil(wanted / 10))
const result = await measured(wanted)
await spark.stop()
console.log(JSON.stringify({ ...result, peakMb: process.resourceUsage().maxRSS / 1024 }))
