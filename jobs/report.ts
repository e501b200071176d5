import { runCommand } from '../lib/cli/index.ts'
import { databaseSettings, databaseUrl } from '../lib/config.ts'
import { checkOutput, stdoutMark, writeOutput } from '../lib/output.ts'
import { gatherReport, isReport, renderReport } from '../lib/report/index.ts'
import { openReadOnly } from '../lib/store/index.ts'
import { bytes } from '../lib/terminal.ts'
import { version } from '../lib/version.ts'
import { addReportFlags, type ReportFlags } from './flags/report.ts'

await runCommand<ReportFlags>({
  name: 'report',
  summary: 'Writes what the database knows as one HTML page for people: rankings, hours, stations, quality, pictures.',
  examples: [
    'npm run report',
    'npm run report -- --out /tmp/week.html --timezone America/New_York',
    'npm run report -- --no-pictures',
  ],
  settings: [...databaseSettings, 'timezone'],
  configure: addReportFlags,
  async run({ settings, options, log, progress, signal, print }) {
    const output = { isOurs: isReport, force: options.force }
    await checkOutput(options.out, output)
    await using store = await openReadOnly(databaseUrl(settings), { log })
    const page = await store.snapshot(async (reader) => {
      const data = await progress.stage('gather', () => gatherReport(reader, { timezone: settings.timezone, signal }))
      const run = await reader.lastRun()
      const origin = [
        { name: 'Database', value: store.address },
        ...(run ? [{ name: 'Loaded', value: run.finished_at }] : []),
        { name: 'Made by', value: `radio-plays ${version()}` },
      ]
      return renderReport(data, { title: options.title, pictures: options.pictures, origin })
    })
    await writeOutput(options.out, page, output)
    if (options.out !== stdoutMark) print(`${options.out}: ${bytes(Buffer.byteLength(page))}; open it in a browser`)
  },
})
