import { Option } from 'commander'
import { homepage, runCommand, version } from '../lib/cli.ts'
import { databaseUrl } from '../lib/config.ts'
import {
  type EnrichOptions,
  enrich,
  type OptionalProvider,
  optionalProviders,
  planEnrichment,
  planText,
  progressText,
  type Refresh,
  readCount,
  readSpan,
  resultText,
} from '../lib/enrich/index.ts'
import { AppError } from '../lib/errors.ts'
import { openLookups, openStore } from '../lib/store/index.ts'
import { table } from '../lib/terminal.ts'

interface EnrichFlags {
  readonly artists?: boolean
  readonly tracks?: boolean
  readonly limit?: number
  readonly dryRun?: boolean
  readonly refresh: Refresh
  readonly providers?: OptionalProvider[]
  /** Milliseconds. */
  readonly deadline?: number
  readonly strict?: boolean
  readonly json?: boolean
}

await runCommand<EnrichFlags>({
  name: 'job:enrich',
  summary: 'Fills in pictures, canonical names, durations and ids from public sources, and remembers every answer.',
  examples: [
    'npm run job:enrich -- --dry-run',
    'npm run job:enrich -- --contact me@radio.fm',
    'npm run job:enrich -- --artists --limit 100 --deadline 30m',
  ],
  settings: [
    'databaseUrl',
    'enrichContact',
    'listenbrainzToken',
    'lastfmApiKey',
    'lastfmMode',
    'fanartKey',
    'maxApiCalls',
    'apiTimeoutS',
    'musicbrainzUrl',
    'listenbrainzUrl',
    'wikidataQueryUrl',
    'wikidataUrl',
    'commonsUrl',
    'lastfmUrl',
    'allowCustomHosts',
  ],
  configure: (command) =>
    command
      .addOption(new Option('--artists', 'only artists: names and pictures').conflicts('tracks'))
      .option('--tracks', 'only songs: ids and durations')
      .option('--limit <n>', 'only so many artists and songs, the most played ones', readCount)
      .option('--dry-run', 'print what a run would ask, and send nothing')
      .addOption(
        new Option('--refresh <what>', 'what is due, what failed (at once), or all')
          .choices(['due', 'failed', 'all'])
          .default('due'),
      )
      .addOption(new Option('--providers <names...>', 'ask these as well').choices(optionalProviders))
      .option('--deadline <time>', 'ask nothing new after this time: 90s, 30m, 2h', readSpan)
      .option('--strict', 'exit with 6 if anything failed or is left')
      .option('--json', 'print plan or summary as JSON'),

  stopped: 'stopped; every answer so far is kept, the next run goes on from here',
  async run({ settings, options, log, progress, signal, print }) {
    const store = await openStore(databaseUrl(settings), { log })
    await using stack = new AsyncDisposableStack()
    stack.defer(() => store.close())
    const lookups = openLookups(store)
    const wanted: EnrichOptions = {
      store: lookups,
      log,
      signal,
      version: version(),
      homepage: homepage(),
      contact: settings.enrichContact,
      lastfmKey: settings.lastfmApiKey,
      lastfmMode: settings.lastfmMode,
      fanartKey: settings.fanartKey,
      listenbrainzToken: settings.listenbrainzToken,
      maxRequests: settings.maxApiCalls,
      timeoutMs: settings.apiTimeoutS === undefined ? undefined : settings.apiTimeoutS * 1000,
      allowCustomHosts: settings.allowCustomHosts,
      bases: {
        musicbrainz: settings.musicbrainzUrl,
        listenbrainz: settings.listenbrainzUrl,
        wikidataQuery: settings.wikidataQueryUrl,
        wikidata: settings.wikidataUrl,
        commons: settings.commonsUrl,
        lastfm: settings.lastfmUrl,
      },
      scope: options.artists ? 'artists' : options.tracks ? 'tracks' : 'both',
      refresh: options.refresh,
      optional: options.providers ?? [],
      limit: options.limit,
      deadlineMs: options.deadline,
    }
    if (options.dryRun) {
      const plan = await planEnrichment(wanted)
      const lines = plan.lines.map((line) => ({ ...line, steps: Object.fromEntries(line.steps) }))
      print(
        options.json
          ? JSON.stringify({ version: 1, ...plan, lines })
          : planText(plan, (await lookups.totals()).artists),
      )
      return
    }
    const result = await progress.stage('enrich', (stage) =>
      enrich({
        ...wanted,
        onProgress: (now) => stage.note(progressText(now)),
      }),
    )
    const totals = await lookups.totals()
    if (options.json) {
      print(JSON.stringify({ version: 1, ...result, plan: result.plan.requests, totals }))
    } else {
      const { artists, tracks } = await lookups.samples(5)
      const minutes = (ms: number | null) => {
        const seconds = Math.round((ms ?? 0) / 1000)
        return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
      }
      print(resultText(result, totals))
      const samples: [string, string[][], number][] = [
        ['Pictures', artists.map((one) => [one.artist_clean, one.licence ?? '', one.image_url ?? '']), 70],
        ['Durations', tracks.map((one) => [one.artist_clean, one.song_clean, minutes(one.duration_ms)]), 60],
      ]
      for (const [name, rows, widest] of samples) {
        if (rows.length > 0) print(`${name}, for example\n${table(rows, widest)}\n`)
      }
      print(`Database: ${store.address}${totals.artists > 0 ? '. Next: npm run report, or npm run export' : ''}`)
    }
    if (result.end === 'stopped') {
      throw new AppError('interrupted', 'stopped')
    }
    if (options.strict && result.end === 'partial') {
      throw new AppError('incomplete', 'not everything that was due could be asked', {
        remedy: 'run it again later; what failed has its own time of the next try',
      })
    }
  },
})
