import { fileURLToPath } from 'node:url'
import { pysparkPython } from '../../lib/spark-connect-js/conformance/pyspark.ts'
import { table } from '../../lib/terminal.ts'
import { inSeconds, median, type Run, runJson } from './measure.ts'
import { startServer } from './server.ts'

interface Contestant {
  readonly name: string
  /** How many rows it must give. */
  readonly rows: number
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
  upload: number
  range: number
  runs: number
  pyspark?: boolean
  peer?: string
}): Promise<void> {
  const python = options.pyspark ? (await pysparkPython('4.2.0', true))! : null
  await using server = await startServer()
  const query = { BENCH_COLUMNS: JSON.stringify(sixColumns), ...server.env }
  const script = fileURLToPath(new URL('./client-contestant.ts', import.meta.url))
  // Row objects of a million rows need minutes to be made and sent by PySpark, so uploads have a size of their own.
  const rowsOf = (how: string): number =>
    how === 'createDataFrame' ? options.upload : how === 'range' ? options.range : options.rows
  const contestant = (client: string, how: string, command: string, program: string, isolation = true): Contestant => ({
    name: `${client} ${how}${isolation ? '' : ', not isolated'}`,
    rows: rowsOf(how),
    run: async () =>
      (await runJson(command, [program], {
        ...query,
        BENCH_ROWS: String(rowsOf(how)),
        BENCH_HOW: how,
        BENCH_ISOLATION: String(isolation),
      })) as Run,
  })
  const ours = (how: string, isolation = true): Contestant =>
    contestant('spark-connect-js', how, process.execPath, script, isolation)
  const hows = ['collect', 'toLocalIterator', 'toArrow', 'batches', 'createDataFrame']
  // With artifactIsolation: false what the server compiled for the processes before is found again.
  const contestants = [...hows.map((how) => ours(how)), ours('collect', false), ours('toArrow', false)]
  if (python !== null) {
    const program = fileURLToPath(new URL('./pyspark-contestant.py', import.meta.url))
    const theirs = ['toArrow', 'collect', 'toLocalIterator', 'createDataFrame']
    contestants.push(...theirs.map((how) => contestant('PySpark', how, python, program)))
  }
  if (options.peer) {
    const peer = options.peer
    contestants.push({
      name: 'TypeScript peer collect',
      rows: options.rows,
      run: async () => {
        const program = fileURLToPath(new URL('./peer-contestant.ts', import.meta.url))
        const env = { ...query, BENCH_ROWS: String(options.rows), BENCH_PEER: peer }
        return (await runJson(process.execPath, [program], env)) as Run
      },
    })
  }

  const runs = new Map<string, Run[]>(contestants.map(({ name }) => [name, []]))
  // The server is warmed up by the quickest; a turn of all would be as long as a counted one.
  for (let i = 0; i < 3; i++) await measured(contestants.find(({ name }) => name.endsWith('batches'))!)
  await measured(ours('createDataFrame'))
  // In turns, so that a change of the machine's speed hits all alike.
  for (let turn = 0; turn < options.runs; turn++) {
    for (const each of contestants) runs.get(each.name)!.push(await measured(each))
  }
  // Memory is what counts here, and once is enough.
  const range = ours('range')
  if (options.range > 0) runs.set(range.name, [await measured(range)])
  process.stdout.write(`${comparison(runs)}
`)
}

async function measured({ name, rows, run }: Contestant): Promise<Run> {
  const result = await run()
  if (result.rows !== rows) throw new Error(`${name} gave ${result.rows} rows of ${rows}`)
  process.stderr.write(`${name}: ${inSeconds(result.seconds)} s\n`)
  return result
}

/** A row for each contestant; times are compared with our own `collect`. */
function comparison(runs: ReadonlyMap<string, readonly Run[]>): string {
  const base = median(runs.get('spark-connect-js collect')!.map(({ seconds }) => seconds))
  const rows = [...runs].map(([name, each]) => {
    const seconds = median(each.map((run) => run.seconds))
    const spread = `${inSeconds(Math.min(...each.map((r) => r.seconds)))}–${inSeconds(Math.max(...each.map((r) => r.seconds)))}`
    return [
      name,
      inSeconds(seconds),
      spread,
      Math.round(each[0]!.rows! / seconds),
      Math.round(median(each.map((run) => run.peakMb))),
      `${(seconds / base).toFixed(2)}×`,
    ]
  })
  return table([['client', 'median s', 'min–max s', 'rows/s', 'peak MB', 'to our collect'], ...rows])
}
