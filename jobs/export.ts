import { rowsOfParts, runCommand } from '../lib/cli/index.ts'
import { databaseSettings, databaseUrl } from '../lib/config.ts'
import { csvFileText, writeCsv, writeCsvFiles } from '../lib/export/index.ts'
import { stdoutMark } from '../lib/output.ts'
import { openReadOnly } from '../lib/store/index.ts'
import { addExportFlags, type ExportFlags, exportedTables, usualTables } from './flags/export.ts'

await runCommand<ExportFlags>({
  name: 'export',
  summary: `Writes tables as CSV files with a manifest of rows and checksums: ${usualTables.join(', ')}, or others by name.`,
  examples: [
    'npm run export',
    'npm run export -- --out /data/radio --all',
    'npm run export -- --table plays --table quarantined_plays',
    'npm run export -- --raw',
    'npm run -s export -- --table plays --out - | head',
  ],
  settings: databaseSettings,
  configure: addExportFlags,
  async run({ settings, options, log, progress, signal, print }) {
    const { out, raw = false, force = false } = options
    await using store = await openReadOnly(databaseUrl(settings), { log })
    const files = await store.snapshot((reader) =>
      progress.stage('export', async (stage) => {
        const names = exportedTables(options, reader.names)
        const counts = await reader.counts(names)
        const expected = names.reduce((sum, name) => sum + Number(counts[name]), 0)
        const tables = names.map((name) => ({ name, columns: reader.columns(name), batches: reader.batches(name) }))
        const how = { raw, force, signal, onRows: rowsOfParts(stage, expected) }
        return out === stdoutMark ? [await writeCsv(tables[0]!, how)] : await writeCsvFiles(out, tables, how)
      }),
    )
    if (out === stdoutMark) return
    for (const file of files) print(csvFileText(file))
    print(`${files.length} files and manifest.json in ${out}`)
  },
})
