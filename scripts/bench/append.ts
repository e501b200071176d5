import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { silent } from '../../lib/log.ts'
import { openReadOnly, relationNames } from '../../lib/store/index.ts'
import type { RunFacts } from '../../lib/summary.ts'
import { table } from '../../lib/terminal.ts'
import { inSeconds, median, runJson } from './measure.ts'
import { startServer } from './server.ts'

const script = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/**
 * A generated log, cut into files that are appended one by one, against one load of all of them: seconds of each, and whether
 * the tables are identical, row by row, but for the store's own time stamps. Ends with 1 if they are not.
 */
export async function benchAppend(options: { plays: number; files: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-append-'))
  try {
    const names = await generateFiles(folder, options)
    await using server = await startServer()
    const run = async (database: string, ...args: string[]) => {
      const started = performance.now()
      const env = { SPARK_REMOTE: server.env.BENCH_REMOTE!, DATABASE_URL: `sqlite:${join(folder, database)}` }
      const command = [script('jobs/aggregate.ts'), '--json', '--max-quarantine', '20', ...args]
      const facts = (await runJson(process.execPath, command, env)) as RunFacts
      return { seconds: (performance.now() - started) / 1000, facts }
    }
    const appends: Awaited<ReturnType<typeof run>>[] = []
    for (const name of names) {
      appends.push(await run('appended.db', '--append', '--input', name))
      process.stderr.write(`${appends.length} of ${names.length}: ${inSeconds(appends.at(-1)!.seconds)} s\n`)
    }
    await run('whole.db', '--input', ...names)
    const whole = await run('again.db', '--input', ...names)
    const [one, other] = [await fingerprints(join(folder, 'appended.db')), await fingerprints(join(folder, 'whole.db'))]
    const differing = [...other.keys()].filter((name) => one.get(name) !== other.get(name))
    process.stdout.write(
      `${table([
        ['', 'plays', 's', 'peak MB'],
        ['all files at once', whole.facts.plays, inSeconds(whole.seconds), whole.facts.peakMb],
        ...(
          [
            ['first file appended', appends[0]!],
            ['last file appended', appends.at(-1)!],
          ] as const
        ).map(([what, { facts, seconds }]) => [what, facts.playsInAll, inSeconds(seconds), facts.peakMb]),
        ['median append', '', inSeconds(median(appends.map(({ seconds }) => seconds))), ''],
      ])}\n${names.length} files: ${differing.length === 0 ? 'identical tables' : `these differ: ${differing.join(', ')}`}\n`,
    )
    if (differing.length > 0) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function generateFiles(folder: string, { plays, files }: { plays: number; files: number }): Promise<string[]> {
  const log = join(folder, 'all.csv')
  const generate = '"$0" "$1" --plays "$2" --seed 1 --out "$3" >&2 && echo null'
  await runJson('sh', ['-c', generate, process.execPath, script('scripts/generate.ts'), String(plays), log])
  const [header, ...lines] = (await readFile(log, 'latin1')).trimEnd().split('\n')
  const each = Math.ceil(lines.length / files)
  const names: string[] = []
  for (let at = 0; at < lines.length; at += each) {
    const name = join(folder, `day-${String(names.length + 1).padStart(2, '0')}.csv`)
    await writeFile(name, `${[header, ...lines.slice(at, at + each)].join('\n')}\n`, 'latin1')
    names.push(name)
  }
  return names
}

/** A hash of each relation but the log of runs. */
async function fingerprints(path: string): Promise<Map<string, string>> {
  const store = await openReadOnly(`sqlite:${path}`, { log: silent })
  try {
    return await store.snapshot(async (reader) => {
      const found = new Map<string, string>()
      for (const name of relationNames.filter((each) => each !== 'runs')) {
        const columns = reader.columns(name).filter((column) => !['created_at', 'updated_at'].includes(column))
        const hash = createHash('sha256')
        for await (const batch of reader.batches(name, { columns })) {
          for (let row = 0; row < batch.numRows; row += 1) {
            hash.update(JSON.stringify(batch.columns.map((column) => String(column[row]))))
          }
        }
        found.set(name, hash.digest('hex'))
      }
      return found
    })
  } finally {
    await store.close()
  }
}
