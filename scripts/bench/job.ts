import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunFacts } from '../../lib/model/run-facts.ts'
import { stopKeptServer } from '../../lib/spark/index.ts'
import { table } from '../../lib/terminal.ts'
import { inSeconds, median, npmScript, runLogged } from './measure.ts'
import { startServer } from './server.ts'

const job = npmScript('job:aggregate')

interface Measured {
  readonly wall: number
  readonly stages: ReadonlyMap<string, number>
  readonly plays: number
  /** What was sent to Spark to be executed: queries and commands, and kB of their plans with the rows in them. */
  readonly queries: number
  readonly kilobytes: number
}

/** Runs of one kind. */
interface Row {
  readonly name: string
  readonly runs: readonly Measured[]
}

/** Medians, one line a row; a run that finds nothing new has no stages. */
function textOf(rows: readonly Row[]): string {
  const stages = [...rows[0]!.runs[0]!.stages.keys()]
  const header = [
    'median of the run',
    'all s',
    ...stages.map((stage) => `${stage} s`),
    'plays/s',
    'queries',
    'kB of plans',
  ]
  const lines = rows.map(({ name, runs }) => {
    const seconds = median(runs.map(({ wall }) => wall))
    return [
      name,
      inSeconds(seconds),
      ...stages.map((stage) => inSeconds(median(runs.map((each) => each.stages.get(stage) ?? 0)))),
      Math.round(runs[0]!.plays / seconds),
      median(runs.map(({ queries }) => queries)),
      Math.round(median(runs.map(({ kilobytes }) => kilobytes))),
    ]
  })
  return table([header, ...lines])
}

/**
 * The main job as users start it, as a process of its own with a new database: with nothing running before, with the Spark that
 * the run before has left, with a server running, once more into the same database, which changes nothing, and as a run that
 * finds nothing new. Seconds by stage, queries and bytes of plans that were sent to Spark, medians.
 */
export async function benchJob(options: { input?: string[]; runs: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-job-'))
  let databases = 0
  const run = async (env: Record<string, string>, database?: string, more: string[] = []): Promise<Measured> => {
    const path = database ?? join(folder, `${++databases}.db`)
    const started = performance.now()
    const args = [...job, '--json', ...more, ...(options.input ? ['--input', ...options.input] : [])]
    const logging = { LOG_LEVEL: 'debug', LOG_FORMAT: 'json', DATABASE_URL: `sqlite:${path}` }
    const { result, log } = await runLogged(process.execPath, args, { ...env, ...logging })
    const wall = (performance.now() - started) / 1000
    const facts = result as RunFacts
    const sent = log().find(({ message }) => message === 'plans sent to Spark')
    const [queries, kilobytes] = [Number(sent?.queries ?? 0), Number(sent?.bytes ?? 0) / 1000]
    return {
      wall,
      plays: facts.plays,
      queries,
      kilobytes,
      stages: new Map(facts.stages.map(({ stage, ms }) => [stage, ms / 1000])),
    }
  }
  const measured: Row[] = []
  const repeat = async (name: string, once: () => Promise<Measured>) => {
    const runs: Measured[] = []
    for (let i = 0; i < options.runs; i++) runs.push(await once())
    measured.push({ name, runs })
  }
  try {
    const embedded = { SPARK_REMOTE: 'local[*]' }
    // The first start ever installs Spark and records the class archive: that is not an everyday start.
    await run(embedded)
    await repeat('nothing running', () => run(embedded))
    const keeping = { ...embedded, SPARK_KEEP: '5' }
    await run(keeping)
    await repeat('Spark kept from the run before', () => run(keeping))
    await stopKeptServer()
    await using server = await startServer()
    const running = { SPARK_REMOTE: server.env.BENCH_REMOTE! }
    for (let warm = 0; warm < 2; warm++) await run(running)
    await repeat('server running', () => run(running))
    const again = join(folder, 'again.db')
    await run(running, again)
    await repeat('server running, the same once more (--rerun)', () => run(running, again, ['--rerun']))
    await repeat('nothing new', () => run(running, again))
    process.stdout.write(`${textOf(measured)}\n`)
  } finally {
    await rm(folder, { recursive: true })
  }
}
