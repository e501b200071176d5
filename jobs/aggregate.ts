import { randomUUID } from 'node:crypto'
import { relative } from 'node:path'
import type { DataFrame } from 'spark-connect-js'
import { pairs, percent, runCommand, version } from '../lib/cli.ts'
import { databaseUrl } from '../lib/config.ts'
import { AppError } from '../lib/errors.ts'
import { type FramedFile, frameLines, type InputPlan, planInputs } from '../lib/files/index.ts'
import {
  acceptPlays,
  artists,
  checkQuarantine,
  type ParsedPlay,
  parsePlays,
  playsByHour,
  resolveNames,
  songs,
  stations,
  withNames,
} from '../lib/plays/index.ts'
import type { Stage, StageTime } from '../lib/progress.ts'
import { openSpark, readLines, type SparkServer } from '../lib/spark/index.ts'
import { type ColumnBatch, type LoadTable, loadTables, openStore } from '../lib/store/index.ts'
import { runFacts, summaryText } from '../lib/summary.ts'

interface AggregateOptions {
  readonly input?: string[]
  readonly map?: Record<string, string>
  readonly station?: string
  readonly maxQuarantine: number
  readonly allowEmpty?: boolean
  readonly json?: boolean
}

const sample = relative(process.cwd(), new URL('../sample/plays.csv', import.meta.url).pathname)

await runCommand<AggregateOptions>({
  name: 'job:aggregate',
  summary: 'Turns radio logs into clean tables: repairs rows, resolves names, aggregates, writes the database.',
  examples: [
    'npm run job:aggregate',
    'npm run job:aggregate -- --input logs/ --timezone Europe/Amsterdam',
    "npm run job:aggregate -- --input 'logs/2014-*.csv.gz' more.txt --map Interpret=artist --station KXYZ",
  ],
  settings: [
    'sparkRemote',
    'sparkToken',
    'sparkHome',
    'sparkDriverMemory',
    'databaseUrl',
    'timezone',
    'fuzzyThreshold',
  ],
  configure: (command) =>
    command
      .option('--input <path...>', 'files, folders or globs (default: the sample that comes with the project)')
      .option('--map <column=field>', 'what a column with a strange name is: artist, title, station, time, …', pairs)
      .option('--station <call sign>', 'the station of rows that name none')
      .option('--max-quarantine <percent>', 'refuse the whole input if more of its rows are refused', percent, 5)
      .option('--allow-empty', 'take an input without plays as such')
      .option('--json', 'print the summary as JSON'),

  async run({ settings, options, log, progress, signal, print }) {
    const started = performance.now()
    const startedAt = new Date()
    const runId = randomUUID()

    const plan = await progress.stage('inspect', () =>
      planInputs(options.input ?? [sample], {
        map: options.map ?? {},
        allowEmpty: options.allowEmpty ?? false,
        signal,
      }),
    )
    for (const { label, notes } of plan.files) for (const note of notes) log.warn(note, { file: label })

    const store = await openStore(databaseUrl(settings), { log })
    await using cleanup = new AsyncDisposableStack()
    cleanup.defer(() => store.close())
    await store.lock({ runId, job: 'job:aggregate' })
    await using server = await progress.stage('spark', (stage) =>
      openSpark({
        remote: settings.sparkRemote,
        token: settings.sparkToken,
        sparkHome: settings.sparkHome,
        driverMemory: settings.sparkDriverMemory,
        inputBytes: plan.bytes,
        log,
        onProgress: (text) => stage.note(text),
        signal,
      }),
    )
    try {
      const files: FramedFile[] = []
      const parsed = await progress.stage('read', (stage) =>
        readPlays(plan, server, { timezone: settings.timezone, station: options.station, files, stage, signal }),
      )
      const { plays, quarantined, ledger } = await progress.stage('repair', () => acceptPlays(parsed))
      checkQuarantine(ledger, options.maxQuarantine)
      const names = await progress.stage('resolve', () =>
        resolveNames(server.session, plays, {
          fuzzyThreshold: settings.fuzzyThreshold,
          onEstimate: (estimate) => log.debug('pairs of names to compare', { estimate }),
        }),
      )
      const tables: Readonly<Record<LoadTable, BatchSource>> = {
        plays: plays.transform(withNames(names)),
        quarantined_plays: quarantined,
        artist_names: names.artistNames,
        song_names: names.songNames,
        artists: artists(names),
        songs: songs(names),
        stations: stations(names),
        plays_by_hour: playsByHour(plays),
      }

      const load = await store.startLoad({
        runId,
        job: 'job:aggregate',
        startedAt,
        inputs: files,
        versions: { 'radio-plays': version(), node: process.version, spark: await server.session.version() },
        settings: { timezone: settings.timezone, fuzzyThreshold: settings.fuzzyThreshold },
      })
      try {
        await progress.stage('load', async (stage) => {
          let rows = 0
          for (const name of loadTables) {
            rows += await load.write(name, tables[name].batches({ signal }))
            stage.rows(rows)
          }
        })
        const { changed } = await progress.stage('publish', () =>
          load.publish({ ...ledger, stagesMs: stagesMs(progress.stages) }),
        )
        const facts = await store.snapshot(async (reader) =>
          runFacts(
            { ledger, changed, totals: await reader.totals(), topArtists: await reader.topArtists() },
            {
              stages: progress.stages,
              totalMs: Math.round(performance.now() - started),
              spark: `${server.kind} (${server.address})`,
              database: store.address,
            },
          ),
        )
        print(options.json ? JSON.stringify(facts) : summaryText(facts))
      } catch (error) {
        await load.abandon(error)
        throw error
      }
    } catch (error) {
      throw await server.explain(error)
    }
  },
})

interface BatchSource {
  batches(options: { signal: AbortSignal }): AsyncIterable<ColumnBatch>
}

/** The lines of all files, each group of files read by its own dialect. */
async function readPlays(
  plan: InputPlan,
  server: SparkServer,
  options: { timezone: string; station: string | undefined; files: FramedFile[]; stage: Stage; signal: AbortSignal },
): Promise<DataFrame<ParsedPlay>> {
  const { timezone, station, files, stage, signal } = options
  let parsed: DataFrame<ParsedPlay> | undefined
  let rows = 0
  for (const group of plan.groups) {
    const before = rows
    const slices = frameLines(group.files, {
      onFile: (file) => files.push(file),
      onProgress: (done) => {
        rows = before + done
        stage.rows(rows)
      },
      signal,
    })
    const lines = await readLines(server.session, slices, { scratch: server.scratch, signal })
    const part = lines.transform(parsePlays(group.dialect, { timezone, ...(station === undefined ? {} : { station }) }))
    parsed = parsed === undefined ? part : parsed.union(part)
  }
  if (parsed === undefined)
    throw new AppError('input', 'there is no play in the input', { remedy: 'name a log with plays' })
  return parsed
}

function stagesMs(stages: readonly StageTime[]): Record<string, number> {
  return Object.fromEntries(stages.map(({ stage, ms }) => [stage, ms]))
}
