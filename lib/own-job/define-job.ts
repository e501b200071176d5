import { type CommandContext, type CommandSpec, runCommand } from '../cli/index.ts'
import { databaseSettings, databaseUrl, type SettingName, sparkSettings } from '../config.ts'
import { type SparkServer, sparkOptions, withSpark } from '../spark/index.ts'
import { openStore, type RunInfo, type Store } from '../store/index.ts'
import { version } from '../version.ts'
import { DataChecks } from './data-check.ts'
import type { TableSource } from './read.ts'
import { figuresOf, jobResult, resultText } from './result.ts'
import { tableSource } from './table-source.ts'
import { type OwnStore, WrittenTables } from './written-tables.ts'

/** What the `run` of a job of one's own is given. */
export interface JobContext<Options> extends Omit<CommandContext<Options>, 'args'> {
  /** Spark: its session, and the tables of the database for `readPlays(server)` and its like. Its time zone is TIMEZONE. */
  readonly server: TableSource
  /** Where the job's tables go. */
  readonly store: OwnStore
  /**
   * Looks for rows that must not be, before anything is published: `check('no play in the future', plays.filter(…))`, or SQL
   * over the tables that the run has read or written. History: the table `data_checks`.
   */
  readonly check: DataChecks['check']
}

/** A job of one's own. */
export interface JobSpec<Options> extends Omit<CommandSpec<Options>, 'settings' | 'loadSettings' | 'run'> {
  /** Settings beside those of Spark and the database. Default: TIMEZONE. */
  readonly settings?: readonly SettingName[]
  run(context: JobContext<Options>): Promise<void>
}

type Flags = { readonly json?: boolean }

/**
 * Runs a job of one's own as the whole of this process: flags, settings, progress and errors as every command has them; the run
 * lock, a Spark, a row in `runs`; what it wrote is published in one transaction at its end, or nothing is.
 */
export async function defineJob<Options = Record<string, never>>(spec: JobSpec<Options>): Promise<void> {
  const { settings = ['timezone'], configure, run, ...command } = spec
  await runCommand<Options & Flags>({
    stopped: 'stopped; nothing was published',
    ...command,
    settings: [
      ...new Set([...sparkSettings, ...databaseSettings, 'databaseWaitS' as const, 'timezone' as const, ...settings]),
    ],
    configure(line) {
      configure?.(line)
      line.option('--json', 'print what was written as JSON, with a version field')
    },
    run: (context) => runOn(context, spec.name, run),
  })
}

async function runOn<Options>(
  context: CommandContext<Options & Flags>,
  job: string,
  run: JobSpec<Options>['run'],
): Promise<void> {
  const { runId, settings, log, progress, signal } = context
  const url = databaseUrl(settings)
  await using store = await openStore(url, { log, waitMs: settings.databaseWaitS * 1000 })
  await store.lock({ runId, job })
  const { plays } = await store.totals()
  const spark = { ...sparkOptions(settings), ...progress.ofSpark, inputBytes: plays * bytesOfPlay, log, signal }
  await withSpark(spark, async (server) => {
    await server.session.conf.set('spark.sql.session.timeZone', settings.timezone)
    const written = new WrittenTables(job)
    const checks = new DataChecks(server.session, log)
    const info = await runInfo(context, job, server)
    try {
      await progress.stage('compute', (stage) =>
        run({
          ...context,
          server: tableSource(store, server, { stage, signal, isLarge: plays > manyPlays }),
          store: written,
          check: (...args) => checks.check(...args),
        }),
      )
      checks.assertPassed()
      await using load = await ownLoad(store, info, written)
      await progress.stage('load', (stage) => written.stage(load, stage, signal))
      const { changed } = await progress.stage('publish', () =>
        load.publish({ checks: checks.results, stagesMs: progress.stagesMs }),
      )
      context.measure(figuresOf(changed))
      const result = jobResult({ runId, job, changed, checks: checks.results, stages: progress.stages })
      context.print(context.options.json ? JSON.stringify(result) : resultText(result, store.address))
    } catch (error) {
      await store.recordFailedRun(info, error, checks.results)
      throw error
    }
  })
}

/** From here on tables are kept on the server. */
const manyPlays = 100_000

/** About what a play is as a line of JSON: sizes the JVM of an embedded Spark. */
const bytesOfPlay = 300

/** A load whose staging is dropped when it is disposed of. */
async function ownLoad(store: Store, info: RunInfo, { tables }: WrittenTables) {
  const load = await store.startOwnLoad(info, tables)
  return { ...load, [Symbol.asyncDispose]: () => load.drop() }
}

/** What the table of runs keeps of this run. */
async function runInfo<Options>(
  { runId, startedAt, settings, options }: CommandContext<Options>,
  job: string,
  server: SparkServer,
): Promise<RunInfo> {
  return {
    runId,
    job,
    startedAt,
    inputs: [],
    versions: { 'radio-plays': version(), node: process.version, spark: await server.session.version() },
    settings: { timezone: settings.timezone, ...options },
  }
}
