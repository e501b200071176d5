import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunFacts } from '../../lib/model/run-facts.ts'
import { bytes, table } from '../../lib/terminal.ts'
import { inSeconds, npmScript, type Run, runJson } from './measure.ts'
import { startServer } from './server.ts'

const generate = '"$0" "$1" --plays "$2" --seed "$3" --out "$4" >&2 && echo null'
const script = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/**
 * The main job on generated logs of several sizes, each into a new SQLite database: read by the embedded server from a
 * folder, read by a running server from a `file:///` address, and uploaded to it; beside DuckDB, which does the same steps
 * with simpler rules in a process of its own. Plays/s, seconds by stage, and the peak memory of the job's process (Spark's
 * own not counted). One run each: sizes are the repetition. The running server has loaded a million other plays `warm` times.
 */
export async function benchScale(options: { plays: string[]; warm: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-scale-'))
  const rows: (string | number)[][] = []
  let header: string[] = []
  try {
    const duckdb = await installDuckdb(folder)
    const generated = async (plays: number, seed: number): Promise<string> => {
      const log = join(folder, `${plays}-${seed}.csv`)
      await runJson('sh', ['-c', generate, process.execPath, script('scripts/generate.ts'), `${plays}`, `${seed}`, log])
      return log
    }
    const job = async (name: string, input: string, env: Record<string, string>) =>
      (await runJson(
        process.execPath,
        [...npmScript('job:aggregate'), '--json', '--max-quarantine', '20', '--input', input],
        { ...env, DATABASE_URL: `sqlite:${join(folder, name)}.db` },
      )) as RunFacts
    await using server = await startServer()
    const running = { SPARK_REMOTE: server.env.BENCH_REMOTE! }
    if (options.warm > 0) {
      const log = await generated(1_000_000, 2)
      for (let run = 0; run < options.warm; run++) await job(`warm-${run}`, `file://${log}`, running)
    }
    for (const plays of options.plays.map(Number)) {
      // The generator makes one song of some ten plays at these sizes, as the real file has.
      const log = await generated(plays, 1)
      const { size } = await stat(log)
      const run = async (how: string, input: string, env: Record<string, string>) => {
        const started = performance.now()
        const facts = await job(`${plays}-${rows.length}`, input, env)
        const seconds = (performance.now() - started) / 1000
        // Where a server runs already, its start is nobody's time.
        const working = seconds - (facts.stages.find(({ stage }) => stage === 'spark')?.ms ?? 0) / 1000
        rows.push([
          plays,
          how,
          inSeconds(working),
          Math.round(facts.rowsIn / working),
          facts.peakMb,
          ...facts.stages.map(({ ms }) => inSeconds(ms / 1000)),
        ])
        header = ['plays', 'how', 'work s', 'plays/s', 'peak MB', ...facts.stages.map(({ stage }) => stage)]
        process.stderr.write(`${plays} ${how}: ${inSeconds(working)} s (${bytes(size)})\n`)
      }
      await run('file:///', `file://${log}`, running)
      await run('uploaded', log, running)
      await run('embedded', log, { SPARK_REMOTE: 'local[*]' })
      rows.push(await duckdbRow(duckdb, folder, log, plays, header.slice(5)))
    }
    process.stdout.write(`${table([header, ...rows])}\n`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The same steps with simpler rules in DuckDB; its parts are put below the stages of the same name. */
async function duckdbRow(duckdb: string, folder: string, log: string, plays: number, stages: readonly string[]) {
  const duck = (await runJson(process.execPath, [script('scripts/bench/duckdb-contestant.ts')], {
    BENCH_INPUT: log,
    BENCH_DATABASE: join(folder, `${plays}.duckdb`),
    BENCH_MODULE: duckdb,
  })) as Run
  const part = (name: string) => (duck.parts?.[name] === undefined ? '' : inSeconds(duck.parts[name]))
  return [
    plays,
    'DuckDB, simpler rules',
    inSeconds(duck.seconds),
    Math.round(plays / duck.seconds),
    Math.round(duck.peakMb),
    ...stages.map(part),
  ]
}

// The newest release cannot be installed everywhere; this one can. It is not a dependency, only what we measure against.
const duckdbPackage = '@duckdb/node-api@1.4.1-r.4'

/** Installs DuckDB into the benchmark's own folder. *Output:* the path of its module. */
async function installDuckdb(folder: string): Promise<string> {
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  await runJson('sh', ['-c', `cd "$0" && npm install --no-audit --no-fund ${duckdbPackage} >&2 && echo null`, folder])
  return join(folder, 'node_modules/@duckdb/node-api/lib/index.js')
}
