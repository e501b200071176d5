import { runCommand } from '../lib/cli/index.ts'
import { databaseUrl } from '../lib/config.ts'
import { checkEnd, enrich, planEnrichment, planReport, progressText, runReport } from '../lib/enrich/index.ts'
import { readKnownDecisions } from '../lib/load/index.ts'
import { openLookups, openReadOnly, openStore } from '../lib/store/index.ts'
import { homepage, version } from '../lib/version.ts'
import { addEnrichFlags, type EnrichFlags, enrichSettings, wantedBy } from './flags/enrich.ts'

await runCommand<EnrichFlags>({
  name: 'job:enrich',
  summary: 'Fills in pictures, canonical names, durations and ids from public sources, and caches every answer.',
  examples: [
    'npm run job:enrich -- --dry-run',
    'npm run job:enrich -- --contact me@radio.fm',
    'npm run job:enrich -- --artists --limit 100 --deadline 30m',
  ],
  settings: enrichSettings,
  configure: addEnrichFlags,
  stopped: 'stopped; every answer so far is kept, the next run goes on from here',
  async run({ settings, options, log, progress, signal, print }) {
    const open = options.dryRun ? openReadOnly : openStore
    const store = await open(databaseUrl(settings), { log })
    await using stack = new AsyncDisposableStack()
    stack.defer(() => store.close())
    const lookups = openLookups(store)
    const decisions = await readKnownDecisions(settings.overrides, log)
    const wanted = {
      ...wantedBy(settings, options),
      store: lookups,
      decisions,
      log,
      signal,
      version: version(),
      homepage: homepage(),
    }
    if (options.dryRun) {
      print(planReport(await planEnrichment(wanted), await lookups.totals(), options.json))
      return
    }
    const result = await progress.stage('enrich', (stage) =>
      enrich({ ...wanted, onProgress: (now) => stage.note(progressText(now)) }),
    )
    const [totals, samples] = [await lookups.totals(), await lookups.samples(5)]
    print(runReport({ result, totals, samples, database: store.address, json: options.json }))
    checkEnd(result, options.strict)
  },
})
