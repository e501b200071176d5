import { fileURLToPath } from 'node:url'
import { pysparkPython } from '../../lib/spark-connect-js/conformance/pyspark.ts'
import { table } from '../../lib/terminal.ts'
import { inSeconds, median, type Run, runJson } from './measure.ts'
import { startServer } from './server.ts'

interface Contestant {
  readonly name: string
  run(): Promise<Run>
}

/** Two longs, three strings and a double, the six columns of every contestant. */
export const sixColumns = [
  'id',
  'id * 7 as n',
  "concat('artist ', id % 1000) as artist",
  "concat('song number ', id % 5000) as song",
  "concat('W', id % 25) as callsign",
  'id / 3.0D as share',
]

/** Compares clients on one server in one run, each in a process of its own, in turns. */
export async function benchClient(options: {
  rows: number
  runs: number
  pyspark?: boolean
  peer?: string
}): Promise<void> {
  await using server = await startServer()
  const query = { BENCH_ROWS: String(options.rows), BENCH_COLUMNS: JSON.stringify(sixColumns), ...server.env }
  const script = fileURLToPath(new URL('./client-contestant.ts', import.meta.url))
  const ours = (how: string): Contestant => ({
    name: `spark-connect-js ${how}`,
    run: async () => (await runJson(process.execPath, [script], { ...query, BENCH_HOW: how })) as Run,
  })
  const contestants = ['collect', 'toLocalIterator', 'batches', 'createDataFrame'].map(ours)
  if (options.pyspark) contestants.push(...(await pyspark(query)))
  if (options.peer) {
    const peer = options.peer
    contestants.push({
      name: 'TypeScript peer collect',
      run: async () => {
        const contestant = fileURLToPath(new URL('./peer-contestant.ts', import.meta.url))
        return (await runJson(process.execPath, [contestant], { ...query, BENCH_PEER: peer })) as Run
      },
    })
  }

  const runs = new Map<string, Run[]>(contestants.map(({ name }) => [name, []]))
  // In turns, so that a change of the machine's speed hits all alike; the first turn warms the server up.
  for (let turn = 0; turn <= options.runs; turn++) {
    for (const { name, run } of contestants) {
      const result = await run()
      if (result.rows !== options.rows) throw new Error(`${name} gave ${result.rows} rows of ${options.rows}`)
      if (turn > 0) runs.get(name)!.push(result)
    }
  }

  const base = median(runs.get('spark-connect-js collect')!.map(({ seconds }) => seconds))
  const rows = [...runs].map(([name, each]) => {
    const seconds = median(each.map((run) => run.seconds))
    const spread = `${inSeconds(Math.min(...each.map((r) => r.seconds)))}–${inSeconds(Math.max(...each.map((r) => r.seconds)))}`
    return [
      name,
      inSeconds(seconds),
      spread,
      Math.round(options.rows / seconds),
      Math.round(median(each.map((run) => run.peakMb))),
      `${(seconds / base).toFixed(2)}×`,
    ]
  })
  process.stdout.write(
    `${table([['client', 'median s', 'min–max s', 'rows/s', 'peak MB', 'to our collect'], ...rows])}\n`,
  )
}

/** PySpark's own client, installed by pip at the first time; it is no part of the project, only what we measure against. */
async function pyspark(query: Record<string, string>): Promise<Contestant[]> {
  const script = fileURLToPath(new URL('./pyspark-contestant.py', import.meta.url))
  const python = (await pysparkPython('4.2.0', true))!
  return ['toArrow', 'collect', 'toLocalIterator', 'createDataFrame'].map((how) => ({
    name: `PySpark ${how}`,
    run: async () => (await runJson(python, [script], { ...query, BENCH_HOW: how })) as Run,
  }))
}
