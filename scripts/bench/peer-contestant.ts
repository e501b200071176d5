import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// What the TypeScript client whose built entry file is BENCH_PEER takes: prints {"seconds", "rows", "peakMb"}.
const peer = resolve(process.env.BENCH_PEER!)
const [address, parameters] = process.env.BENCH_REMOTE!.split('/;') as [string, string?]
// It sends no token, so ours goes into its calls below it.
const token = /(?:^|;)token=([^;]*)/.exec(parameters ?? '')?.[1]
const grpc = createRequire(peer)('@grpc/grpc-js')
for (const call of ['makeUnaryRequest', 'makeServerStreamRequest']) {
  const plain = grpc.Client.prototype[call]
  grpc.Client.prototype[call] = function (this: unknown, ...args: unknown[]) {
    if (!(args[4] instanceof grpc.Metadata)) args.splice(4, 0, new grpc.Metadata())
    if (token)
      (args[4] as { set(key: string, value: string): void }).set('authorization', `Bearer ${decodeURIComponent(token)}`)
    return plain.apply(this, args)
  }
}
const { connect } = await import(pathToFileURL(peer).href)
const spark = connect(address)
const columns: string[] = JSON.parse(process.env.BENCH_COLUMNS!)

async function measured(count: number): Promise<{ seconds: number; rows: number }> {
  const start = performance.now()
  const frame = await spark.sql(`select ${columns.join(', ')} from range(${count})`)
  const rows = (await frame.collect()).length
  return { seconds: (performance.now() - start) / 1000, rows }
}

const wanted = Number(process.env.BENCH_ROWS)
// A tenth first, as all contestants do.
await measured(Math.ceil(wanted / 10))
console.log(JSON.stringify({ ...(await measured(wanted)), peakMb: process.resourceUsage().maxRSS / 1024 }))
process.exit(0)
