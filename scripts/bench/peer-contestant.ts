import { pathToFileURL } from 'node:url'

// What the TypeScript client of the checkout in BENCH_PEER takes: prints {"seconds", "rows", "peakMb"}.
const { connect } = await import(pathToFileURL(process.env.BENCH_PEER!).href)
const address = process.env.BENCH_REMOTE!.replace(/\/;.*$/, '')
const spark = connect(address)
const columns: string[] = JSON.parse(process.env.BENCH_COLUMNS!)
await (await spark.sql('select 1')).collect()

const start = performance.now()
const frame = await spark.sql(`select ${columns.join(', ')} from range(${process.env.BENCH_ROWS})`)
const rows = (await frame.collect()).length
const seconds = (performance.now() - start) / 1000
console.log(JSON.stringify({ seconds, rows, peakMb: process.resourceUsage().maxRSS / 1024 }))
process.exit(0)
