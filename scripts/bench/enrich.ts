import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { table } from '../../lib/terminal.ts'
import { runJson } from './measure.ts'

interface Measured {
  readonly seconds: number
  readonly rows: number
  readonly requests: number
  readonly planned: number
  readonly cpuSeconds: number
  /** Resident, as the system sees it, garbage included. */
  readonly memoryMb: readonly number[]
  /** JavaScript's heap after a collection: what is really held. */
  readonly liveMb: readonly number[]
}

/**
 * Enrichment against stub services without limits: how many artists and songs a second go through plan, match and cache,
 * and how much memory it takes. Keyless and with a token.
 */
export async function benchEnrich(options: { artists: number; songs: number }): Promise<void> {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
  const rows: (string | number)[][] = []
  for (const token of [false, true]) {
    const stubs = spawn(process.execPath, [path('./enrich-stubs.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      const [line] = (await createInterface({ input: stubs.stdout })
        [Symbol.asyncIterator]()
        .next()
        .then(({ value }) => [value])) as [string]
      const env = { BENCH_ENRICH: JSON.stringify({ ...options, token, bases: JSON.parse(line) }) }
      const one = (await runJson(process.execPath, ['--expose-gc', path('./enrich-contestant.ts')], env)) as Measured
      rows.push([
        token ? 'with a token' : 'keyless',
        `${one.seconds.toFixed(1)} s, ${one.cpuSeconds.toFixed(1)} s of CPU`,
        `${Math.round(one.rows / one.seconds)} entities/s`,
        `${one.requests} of ${one.planned} requests`,
        `by quarters ${one.memoryMb.join(' → ')} MB resident, ${one.liveMb.join(' → ')} MB held`,
      ])
    } finally {
      stubs.stdin.end()
    }
  }
  console.log(`${options.artists} artists, ${options.songs} songs\n${table(rows, 100)}`)
}
