import { Option } from 'commander'
import { percent, runCommand, version } from '../lib/cli.ts'
import { databaseUrl, sparkSettings } from '../lib/config.ts'
import { acceptPlays, artists, checkQuarantine, playsByHour, songs, stations } from '../lib/plays/index.ts'
import { checkExecutorDatabase, type SparkServer, withSpark } from '../lib/spark/index.ts'
import { jdbcAddress, openStore, type RunInput } from '../lib/store/index.ts'
import { runFacts, summaryText } from '../lib/summary.ts'
import { colours } from '../lib/terminal.ts'
import { inputFlags, inputPatterns } from './parts/input-flags.ts'
import { readKnownNames, resolveKnowing, storedDoubts, tellIdEvents } from './parts/known-names.ts'
import { beginLoad } from './parts/load-tables.ts'
import { findPlays, type InputOptions, noteDates, readPlays } from './parts/read-plays.ts'
import { readStoredPlays, storedPlayBytes } from './parts/stored-plays.ts'

interface AggregateOptions extends InputOptions {
  readonly input?: string[]
  readonly append?: boolean
  readonly station?: string
  readonly maxQuarantine: number
  readonly write: 'stream' | 'executors'
  readonly json?: boolean
}

await runCommand<AggregateOptions>({
  name: 'job:aggregate',
  summary: 'Turns radio logs into clean tables: repairs rows, resolves names, aggregates, writes the database.',
  examples: [
    'npm run job:aggregate',
    'npm run job:aggregate -- --input logs/ --timezone Europe/Amsterdam',
    "npm run job:aggregate -- --input 'logs/2014-*.csv.gz' more.txt --map Interpret=artist --station KXYZ",
    'npm run job:aggregate -- --append --input logs/2014-06-17.csv',
  ],
  settings: [
    ...sparkSettings,
    'databaseUrl',
    'databaseWaitS',
    'executorDatabaseUrl',
    'timezone',
    'fuzzyThreshold',
    'overrides',
  ],
  configure: (command) =>
    inputFlags(command)
      .option(
        '--append',
        'add the input to the plays that are there (default: the tables become those of the input alone)',
      )
      .option('--max-quarantine <percent>', 'refuse the whole input if more of its rows are refused', percent, 5)
      .addOption(
        new Option('--write <how>', 'who brings the rows to the database; executors: Postgres only')
          .choices(['stream', 'executors'])
          .default('stream'),
      )
      .option('--json', 'print the summary as JSON'),

  stopped: 'stopped; nothing was published',
  async run({ runId, settings, options, log, progress, signal, print }) {
    const started = performance.now()
    const startedAt = new Date()
    const executors =
      options.write === 'executors' ? jdbcAddress(settings.executorDatabaseUrl ?? databaseUrl(settings)) : undefined
    const patterns = await inputPatterns(options)
    const inputs = await progress.stage('inspect', () => findPlays(patterns, options, log, signal))
    const store = await openStore(databaseUrl(settings), { log, waitMs: settings.databaseWaitS * 1000 })
    await using cleanup = new AsyncDisposableStack()
    cleanup.defer(() => store.close())
    await store.lock({ runId, job: 'job:aggregate' })
    const known = await readKnownNames(settings.overrides, store)
    const playsBefore = options.append ? (await store.totals()).plays : 0
    const inputBytes = inputs.bytes + playsBefore * storedPlayBytes
    let saying = (_text: string) => {}
    const spark = {
      remote: settings.sparkRemote,
      token: settings.sparkToken,
      sparkHome: settings.sparkHome,
      driverMemory: settings.sparkDriverMemory,
      inputBytes,
      log,
      signal,
      opening: (open: () => Promise<SparkServer>) =>
        progress.stage('spark', (stage) => {
          saying = stage.note
          return open()
        }),
      onProgress: (text: string) => saying(text),
      onQuery: progress.query,
    }
    const { timezone } = settings
    const facts = await withSpark(spark, async (server) => {
      if (executors) await checkExecutorDatabase(server.session, executors, runId)
      const files: RunInput[] = inputs.uris.map((label) => ({ label }))
      const parsed = await progress.stage('read', (stage) =>
        readPlays(inputs, server, {
          ...options,
          timezone,
          onFile: (file) => files.push(file),
          stage,
          signal,
        }),
      )
      const stored = options.append
        ? await progress.stage('stored', (stage) => readStoredPlays(store, server, { timezone, stage, signal }))
        : undefined
      const { plays, quarantined, ledger } = await progress.stage('repair', () => acceptPlays(parsed, { stored }))
      checkQuarantine(ledger, options.maxQuarantine)
      noteDates(ledger, log)
      const run = {
        runId,
        job: 'job:aggregate',
        startedAt,
        inputs: files,
        versions: { 'radio-plays': version(), node: process.version, spark: await server.session.version() },
        settings: {
          append: options.append === true,
          timezone,
          fuzzyThreshold: settings.fuzzyThreshold,
          overrides: known.overrides.length,
        },
      }
      await using load = await beginLoad(store, run, {
        server,
        executors,
        signal,
        plays: ledger.plays + BigInt(playsBefore),
      })
      // On their way while their names are still being resolved.
      load.add({ plays, quarantined_plays: quarantined, plays_by_hour: playsByHour(plays) })
      const names = await progress.stage('resolve', () =>
        resolveKnowing(server.session, plays, known, { fuzzyThreshold: settings.fuzzyThreshold, log }),
      )
      const tables = {
        artist_names: names.artistNames,
        song_names: names.songNames,
        artists: artists(names),
        songs: songs(names),
        stations: stations(names),
      }
      const doubts = storedDoubts(names.doubts)
      const { changed, idEvents } = await load.finish(tables, {
        stage: (name, work) => progress.stage(name, work),
        publishing: () => ({ ...ledger, append: options.append === true, stagesMs: progress.stagesMs, doubts }),
      })
      tellIdEvents(idEvents, log)
      return await store.snapshot(async (reader) =>
        runFacts(
          { ledger, changed, totals: await reader.totals(), topArtists: await reader.topArtists() },
          {
            stages: progress.stages,
            totalMs: Math.round(performance.now() - started),
            peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
            spark: `${server.kind} (${server.address})`,
            database: store.address,
          },
        ),
      )
    })
    print(options.json ? JSON.stringify(facts) : summaryText(facts, colours))
  },
})
