import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultLimitMs, Sandbox, serveExplorer } from '../../lib/explore/index.ts'
import { silent } from '../../lib/log.ts'
import { openStore } from '../../lib/store/index.ts'
import { load, Plays } from './store.ts'

// Counted already by Spark, a scan of a million plays, and a table of look-ups.
const pages = [
  '/facets?table=plays&column=callsign',
  '/facets?table=plays&column=artist_clean',
  '/facets?table=plays&column=repair_rule',
  '/facets?table=songs&column=artist_clean',
]
const asksOfEach = 20

/** Facet pages of a new SQLite file, asked by several clients at once: 50th and 95th percentile, first answers apart. */
export async function benchExplore(options: { readonly plays: number; readonly clients: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'radio-plays-bench-'))
  const url = `sqlite:${join(folder, 'plays.db')}`
  const store = await openStore(url, { log: silent })
  const data = new Plays(options.plays)
  await load(store, data, data.derived(), 'explore', 0)
  await store.close()
  const sandbox = new Sandbox(url, { workers: 2, limitMs: defaultLimitMs })
  const server = await serveExplorer(sandbox, {
    port: 0,
    database: url,
    timezone: 'UTC',
    overrides: join(folder, 'o.csv'),
    log: silent,
  })
  try {
    const ask = async (page: string) => {
      const started = performance.now()
      const response = await fetch(new URL(page, server.url))
      await response.text()
      if (response.status !== 200) throw new Error(`${page} answers ${response.status}`)
      return performance.now() - started
    }
    for (const page of pages) process.stdout.write(`first  ${(await ask(page)).toFixed(0).padStart(5)} ms  ${page}\n`)
    const times: number[] = []
    await Promise.all(
      Array.from({ length: options.clients }, async (_, client) => {
        for (let i = 0; i < asksOfEach; i += 1) times.push(await ask(pages[(client + i) % pages.length]!))
      }),
    )
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.floor((times.length - 1) * share)]!.toFixed(0)
    process.stdout.write(`${options.clients} clients, ${times.length} pages: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms\n`)
  } finally {
    await server.close()
    sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
