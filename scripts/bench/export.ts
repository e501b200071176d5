import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFiles } from '../../lib/export/index.ts'
import { silent } from '../../lib/log.ts'
import { openStore } from '../../lib/store/index.ts'
import { median } from './measure.ts'
import { load, Plays } from './store.ts'

/** `plays` and the view `music_records` of a new SQLite file as CSV: rows/s of each (medians) and peak memory. */
export async function benchExport(options: { readonly plays: number; readonly runs: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'radio-plays-bench-'))
  const store = await openStore(`sqlite:${join(folder, 'plays.db')}`, { log: silent })
  try {
    const data = new Plays(options.plays)
    await load(store, data, data.derived(), 'export', 0)
    // The process has made the plays; what matters is what it needs on top of them.
    const before = process.memoryUsage.rss()
    let peak = before
    const watch = () => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }
    for (const name of ['plays', 'music_records'] as const) {
      const rates: number[] = []
      for (let run = 0; run < options.runs; run += 1) {
        const started = performance.now()
        await store.snapshot((reader) =>
          writeFiles(join(folder, 'out'), [{ name, columns: reader.columns(name), batches: reader.batches(name) }], {
            onRows: watch,
          }),
        )
        rates.push(options.plays / ((performance.now() - started) / 1000))
      }
      process.stdout.write(`${name.padEnd(15)} ${Math.round(median(rates))} rows/s\n`)
    }
    const mb = (bytes: number) => Math.round(bytes / 1e6)
    process.stdout.write(`memory          ${mb(before)} MB before, ${mb(peak)} MB at most\n`)
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
