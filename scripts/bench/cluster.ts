import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { table } from '../../lib/terminal.ts'
import { startCluster } from '../../test/support/cluster.ts'
import { inSeconds, type Run, runJson } from './measure.ts'

const script = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/**
 * Spark's part of the main job on a standalone cluster of processes: workers of one core each (on Linux of one processor,
 * whatever their JVMs start), every table into a `noop` sink, warmed up by an input that has the code compiled. One run each:
 * sizes are the repetition. Logs are generated once and kept in `folder`.
 */
export async function benchCluster(options: {
  plays: string[]
  workers: string[]
  memory: string
  folder: string
}): Promise<void> {
  const folder = resolve(options.folder)
  mkdirSync(folder, { recursive: true })
  const generated = async (plays: number): Promise<string> => {
    const log = join(folder, `${plays}.csv`)
    if (!existsSync(log)) {
      const command = '"$0" "$1" --plays "$2" --seed 1 --out "$3" >&2 && echo null'
      const args = [process.execPath, script('scripts/generate.ts'), String(plays), log]
      await runJson('sh', ['-c', command, ...args])
    }
    return `file://${log}`
  }
  const warmUp = await generated(300_000)
  const rows: (string | number)[][] = []
  const seconds = new Map<string, number>()
  for (const workers of options.workers.map(Number)) {
    for (const plays of options.plays.map(Number)) {
      const input = await generated(plays)
      const cluster = await startCluster({
        workers,
        memory: options.memory,
        largeInput: true,
        pinned: process.platform === 'linux',
      })
      try {
        const env = { BENCH_REMOTE: cluster.remote, BENCH_INPUT: input, BENCH_WARM_UP: warmUp }
        const run = (await runJson(process.execPath, [script('scripts/bench/cluster-contestant.ts')], env)) as Run
        seconds.set(`${workers} ${plays}`, run.seconds)
        const one = seconds.get(`${options.workers[0]} ${plays}`)!
        rows.push([
          workers,
          plays,
          inSeconds(run.seconds),
          Math.round(plays / run.seconds),
          ((run.seconds / plays) * 1e6).toFixed(1),
          `${(one / run.seconds).toFixed(2)}×`,
          ...Object.values(run.parts ?? {}).map(inSeconds),
        ])
        process.stderr.write(`${workers} workers, ${plays} plays: ${inSeconds(run.seconds)} s\n`)
      } finally {
        await cluster.close()
      }
    }
  }
  const header = ['workers', 'plays', 's', 'plays/s', 'µs/play', 'as fast', 'read', 'repair', 'resolve', 'tables']
  process.stdout.write(`${table([header, ...rows])}\n`)
}
