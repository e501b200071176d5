import { closingText, runCommand } from '../lib/cli/index.ts'
import { Lake, writeLake } from '../lib/lake/index.ts'
import * as loading from '../lib/load/index.ts'
import { checkQuarantine } from '../lib/plays/index.ts'
import { checkExecutorDatabase, sparkOptions, withSpark } from '../lib/spark/index.ts'
import { type AggregateFlags, addAggregateFlags, aggregateSettings, aggregateStages } from './flags/aggregate.ts'

await runCommand<AggregateFlags>({
  name: 'job:aggregate',
  summary: 'Turns radio logs into clean tables: repairs rows, resolves names, aggregates, writes the database.',
  examples: [
    'npm run job:aggregate -- --input logs/ --timezone Europe/Amsterdam',
    'npm run job:aggregate -- --inspect my-log.csv',
    "npm run job:aggregate -- --input 'logs/2014-*.csv.gz' more.txt --map Interpret=artist --station KXYZ",
    'npm run job:aggregate -- --append --input logs/2014-06-17.csv --lake data/lake',
  ],
  ...{ settings: aggregateSettings, configure: addAggregateFlags, stages: aggregateStages },
  stopped: 'stopped; nothing was published',
  async run(context) {
    const { runId, settings, log, progress, signal, print } = context
    const { timezone, fuzzyThreshold } = settings
    const options = { ...context.options, files: context.args }
    if (options.inspect) return loading.showInspection({ ...options, timezone }, context)
    const executors = loading.executorDatabase(settings, options.write)
    const inputs = await progress.stage('inspect', () => loading.findPlays(options, context))
    await loading.checkSmallInput(inputs, { ...options, timezone }, signal)
    await using target = await loading.openTarget(context, inputs)
    const { store, known, playsBefore } = target
    const same = await loading.nothingNew(context, inputs, target)
    if (same) return print(closingText({ ...same, ...(await writeLake(store, context)) }, options))
    const spark = { ...sparkOptions(settings), ...progress.ofSpark, inputBytes: target.inputBytes, log, signal }
    await withSpark(spark, async (server) => {
      const lake = await Lake.open(server, context)
      if (executors) await checkExecutorDatabase(server.session, executors, runId)
      const reading = { ...options, timezone, signal }
      const read = await progress.stage('read', (stage) => loading.readPlays(inputs, server, { ...reading, stage }))
      const stored = options.append
        ? await progress.stage('stored', (stage) => loading.readStoredPlays(store, server, { ...reading, stage }))
        : undefined
      const accepted = await progress.stage('repair', () => loading.accept(server, read.parsed, { ...options, stored }))
      const { ledger } = accepted
      await checkQuarantine(accepted, options.maxQuarantine)
      loading.logDates(ledger, log)
      const run = loading.runInfo(context, target, { inputs: read.files, spark: await server.session.version() })
      const plays = ledger.plays + playsBefore
      await using load = await loading.beginLoad(store, run, { server, executors, signal, plays })
      load.add(loading.playTables(accepted)) // while their names are still being resolved
      const names = await progress.stage('resolve', () =>
        loading.resolveKnowing(server.session, accepted.plays, known, { fuzzyThreshold, log }),
      )
      const publish = { ...ledger, append: options.append === true, doubts: loading.storedDoubts(names.doubts) }
      const { changed, idEvents } = await load.finish(loading.nameTables(names), { stages: progress, publish })
      loading.logIdEvents(idEvents, log)
      const done = { inputs, ledger, changed, server, lake: await lake?.writePublished(store) }
      // Before Spark ends: after a first run it writes its class archive for some twenty seconds.
      print(closingText(await loading.gatherFacts(store, context, done), options))
    })
  },
})
