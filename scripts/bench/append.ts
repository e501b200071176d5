import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunFacts } from '../../lib/model/run-facts.ts'
import { table } from '../../lib/terminal.ts'
import { tables, withoutHistory } from '../../test/support/tables.ts'
import { inSeconds, median, npmScript, runJson } from './measure.ts'
import { startServer } from './server.ts'

const script = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/**
 * A generated log, cut into files that are appended one by one, against one load of all of them: seconds of each, and whether
 * the tables are identical, row by row. Between two databases ids are compared by what they stand for, since they last from
 * run to run; in the appended one, a load of all files must then change nothing, ids included. Ends with 1 if not.
 */
export async function benchAppend(options: { plays: number; files: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-append-'))
  try {
    const names = await generateFiles(folder, options)
    await using server = await startServer()
    const run = async (database: string, ...args: string[]) => {
      const started = performance.now()
      const env = { SPARK_REMOTE: server.env.BENCH_REMOTE!, DATABASE_URL: `sqlite:${join(folder, database)}` }
      const command = [...npmScript('job:aggregate'), '--json', '--max-quarantine', '20', ...args]
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
    const [one, other] = await Promise.all(
      ['appended.db', 'whole.db'].map(async (database) =>
        withoutHistory(await tables(`sqlite:${join(folder, database)}`)),
      ),
    )
    const text = (rows: unknown) =>
      JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
    const differing = (Object.keys(other!) as (keyof typeof other)[]).filter(
      (name) => text(one![name]) !== text(other![name]),
    )
    const { facts: over } = await run('appended.db', '--input', ...names)
    const changing = over.changes.filter((each) => each.inserted + each.updated + each.deleted > 0)
    const verdict = [
      differing.length === 0 ? 'identical tables' : `these differ: ${differing.join(', ')}`,
      changing.length === 0
        ? 'a load of all over the appended ones changes nothing'
        : `a load of all over the appended ones changes ${changing.map((each) => each.table).join(', ')}`,
    ]
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
      ])}\n${names.length} files: ${verdict.join('; ')}\n`,
    )
    if (differing.length + changing.length > 0) process.exitCode = 1
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
