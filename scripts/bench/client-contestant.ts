import { SparkSession } from 'spark-connect-js'

// What our client takes: prints {"seconds", "rows", "peakMb"}.
const spark = await SparkSession.connect(process.env.BENCH_REMOTE!)
const frame = spark.range(Number(process.env.BENCH_ROWS)).selectExpr(...JSON.parse(process.env.BENCH_COLUMNS!))
await spark.range(1).collect()

// The other way: rows of this program that the server is given and counts.
const local = process.env.BENCH_HOW === 'createDataFrame' ? await frame.collect() : []
const schema = await frame.schema()

const start = performance.now()
let rows = 0
switch (process.env.BENCH_HOW) {
  case 'collect':
    rows = (await frame.collect()).length
    break
  case 'toLocalIterator':
    for await (const _ of frame.toLocalIterator()) rows++
    break
  case 'createDataFrame':
    rows = Number(await (await spark.createDataFrame(local, schema)).count())
    break
  default:
    // Every column of every batch decoded, no row objects.
    for await (const batch of frame.batches()) rows += Math.min(...batch.columns.map((column) => column.length))
}
const seconds = (performance.now() - start) / 1000
await spark.stop()
console.log(JSON.stringify({ seconds, rows, peakMb: process.resourceUsage().maxRSS / 1024 }))
