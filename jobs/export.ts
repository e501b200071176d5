import { rowsOfParts, runCommand } from '../lib/cli/index.ts'
import { databaseSettings, databaseUrl } from '../lib/config.ts'
import { fileText, writeFiles, writeToStdout } from '../lib/export/index.ts'
import { stdoutMark } from '../lib/output.ts'
import { columnTypes, openReadOnly } from '../lib/store/index.ts'
import { addExportFlags, type ExportFlags, exportedTables, exportForm, usualTables } from './flags/export.ts'

await runCommand<ExportFlags>({
  name: 'export',
  summary: `Writes tables as CSV, JSON lines or Parquet with a manifest of rows and checksums: ${usualTables.join(', ')}, or others by name.`,
  examples: [
    'npm run export',
    'npm run export -- --out /data/radio --all',
    'npm run export -- --table plays --table quarantined_plays',
    'npm run export -- --raw',
    'npm run export -- --table plays --format jsonl --timezone Europe/Amsterdam',
    "npm run export -- --delimiter ';' --bom",
    'npm run -s export -- --table plays --out - | head',
  ],
  settings: [...databaseSettings, 'timezone'],
  configure: addExportFlags,
  async run({ settings, options, log, progress, signal, print }) {
    const { out, raw = false, force = false } = options
    const form = { ...exportForm(options), timezone: settings.timezone }
    await using store = await openReadOnly(databaseUrl(settings), { log })
    const files = await store.snapshot((reader) =>
      progress.stage('export', async (stage) => {
        const names = exportedTables(options, reader.names)
        const counts = await reader.counts(names)
        const expected = names.reduce((sum, name) => sum + Number(counts[name]), 0)
        const tables = names.map((name) => ({
          name,
          columns: reader.columns(name),
          types: columnTypes(reader, name),
          batches: reader.batches(name),
        }))
        const how = { ...form, raw, force, signal, onRows: rowsOfParts(stage, expected) }
        return out === stdoutMark ? [await writeToStdout(tables[0]!, how)] : await writeFiles(out, tables, how)
      }),
    )
    if (out === stdoutMark) return
    for (const file of files) print(fileText(file))
    print(`${files.length} files and manifest.json in ${out}`)
  },
})
