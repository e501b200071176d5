import { SparkSession } from 'spark-connect-js'
import { inspectLines } from '../../lib/input/index.ts'
import { acceptPlays, artists, parsePlays, playsByHour, resolveNames, songs, stations } from '../../lib/plays/index.ts'

// Spark's part of the main job, every table of it into a sink that keeps nothing: prints {"seconds", "rows", "parts"}.
const spark = await SparkSession.connect(process.env.BENCH_REMOTE!)

async function run(uri: string): Promise<{ rows: number; parts: Record<string, number> }> {
  const parts: Record<string, number> = {}
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    const result = await work()
    parts[name] = (performance.now() - start) / 1000
    return result
  }
  const lines = spark.read.text(uri).select('value').$castTo<{ value: string }>()
  const { parsed } = await timed('read', async () => {
    const first = await lines.limit(1000).collect()
    const { dialect, headerLine } = inspectLines(
      uri,
      first.map(({ value }) => value),
    )
    const options = { timezone: 'UTC', framed: false, ...(headerLine === null ? {} : { headerLine }) }
    return { parsed: lines.transform(parsePlays(dialect, options)) }
  })
  const { plays, quarantined, ledger } = await timed('repair', () => acceptPlays(parsed))
  const names = await timed('resolve', () => resolveNames(spark, plays, { fuzzyThreshold: 90 }))
  await timed('tables', async () => {
    for (const frame of [
      ...[plays, quarantined, names.artistNames, names.songNames],
      ...[artists(names), songs(names), stations(names), playsByHour(plays)],
    ]) {
      await frame.write.format('noop').mode('overwrite').save()
    }
  })
  return { rows: Number(ledger.rowsIn), parts }
}

// Compiled code and loaded classes belong to a server's first run, not to its rate.
if (process.env.BENCH_WARM_UP) await run(process.env.BENCH_WARM_UP)
const start = performance.now()
const { rows, parts } = await run(process.env.BENCH_INPUT!)
const seconds = (performance.now() - start) / 1000
await spark.stop()
console.log(JSON.stringify({ seconds, rows, parts, peakMb: process.resourceUsage().maxRSS / 1024 }))
