import { Command, InvalidArgumentError } from 'commander'
import { endWithReader, report } from '../lib/cli/index.ts'
import { AppError } from '../lib/errors.ts'
import { checkTemporaryFolder } from '../lib/spark/index.ts'
import { benchAppend } from './bench/append.ts'
import { benchClient } from './bench/client.ts'
import { benchCluster } from './bench/cluster.ts'
import { benchEnrich } from './bench/enrich.ts'
import { benchExplore } from './bench/explore.ts'
import { benchExport } from './bench/export.ts'
import { benchJob } from './bench/job.ts'
import { benchNames } from './bench/names.ts'
import { benchScale } from './bench/scale.ts'
import { benchStore } from './bench/store.ts'

/** For a flag with several sizes, apart by spaces or commas. */
function sizes(): (text: string) => string[] {
  const given: string[] = []
  return (text) => {
    given.push(...text.split(','))
    if (!given.every((each) => /^[1-9]\d*$/.test(each)))
      throw new InvalidArgumentError('They must be whole numbers above 0.')
    return given
  }
}

endWithReader()
// Benchmarks are commands, not tests: machines differ and are noisy, so each one compares within one run and prints medians.
const program = new Command('npm run bench --')
  .description('Benchmarks; each prints medians of several runs.')
  .helpOption('--help', 'show this help')
  .addHelpText(
    'before',
    'Examples:\n  npm run bench -- job\n  npm run bench -- scale --plays 100000\n  npm run bench -- client --pyspark\n',
  )
  // Before the benchmarks are added: they inherit it.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))

program
  .command('job')
  .description(
    'the main job: nothing running before, and with a Spark server running; by stage, with what was sent to Spark',
  )
  .option('--input <path...>', 'what to load (default: the sample)')
  .option('--runs <n>', 'counted runs of each', Number, 3)
  .action(benchJob)

program
  .command('client')
  .description('receiving rows: row objects and columnar batches, beside PySpark if asked')
  .option('--rows <n>', 'rows of six columns to receive', Number, 1_000_000)
  .option('--upload <n>', 'rows of six columns for createDataFrame', Number, 200_000)
  .option('--range <n>', 'numbers through an iterator, once, for its memory; 0 leaves it out', Number, 100_000_000)
  .option('--runs <n>', 'counted runs of each', Number, 3)
  .option('--pyspark', 'also PySpark’s own client, which pip installs beside Spark’s jars')
  .option('--peer <file>', 'also the TypeScript client whose built entry file this is')
  .action(benchClient)

program
  .command('scale')
  .description(
    'the main job on generated logs of several sizes, embedded and uploaded, beside DuckDB; plays/s and memory by stage',
  )
  .option('--plays <n...>', 'sizes', sizes(), ['37673', '1000000'])
  .option('--warm <n>', 'loads of a million plays that the running server has behind it', Number, 2)
  .action(benchScale)

program
  .command('append')
  .description(
    'a log in daily files, appended one by one, against one load of all: seconds, and whether the tables are equal',
  )
  .option('--plays <n>', 'plays in all', Number, 37_673)
  .option('--files <n>', 'files', Number, 30)
  .action(benchAppend)

program
  .command('names')
  .description('resolution of names alone, by distinct artist names; seconds, pairs, growth from size to size')
  .option('--names <n...>', 'sizes', sizes(), ['10000', '100000', '1000000'])
  .action(benchNames)

program
  .command('cluster')
  .description('Spark’s part of the main job on clusters of one-core workers: plays/s by size and number of workers')
  .option('--plays <n...>', 'sizes', sizes(), ['1000000', '10000000'])
  .option('--workers <n...>', 'numbers of workers', sizes(), ['1', '2'])
  .option('--memory <size>', 'heap of the Connect server and of each executor', '2g')
  .option('--folder <path>', 'where the generated logs are kept', 'data/bench')
  .action(benchCluster)

program
  .command('store')
  .description('the database alone: staging, publishing, reading')
  .option('--plays <n>', 'plays of 17 columns', Number, 500_000)
  .option('--database <url>', 'an empty database (default: a new SQLite file)')
  .action(benchStore)

program
  .command('export')
  .description('CSV from a database: rows/s and memory')
  .option('--plays <n>', 'plays of 17 columns', Number, 500_000)
  .option('--runs <n>', 'counted runs', Number, 3)
  .action(benchExport)

program
  .command('explore')
  .description('the local page: facets, asked by many at once')
  .option('--plays <n>', 'plays of 17 columns', Number, 1_000_000)
  .option('--clients <n>', 'who ask at the same time', Number, 50)
  .action(benchExplore)

program
  .command('enrich')
  .description('enrichment against stub services without limits')
  .option('--artists <n>', 'artists', Number, 10_000)
  .option('--songs <n>', 'songs', Number, 100_000)
  .action(benchEnrich)

// Every benchmark works in the folder for temporary files.
program.hook('preAction', () => checkTemporaryFolder())
await program.parseAsync().catch((error) => {
  if (!(error instanceof AppError)) throw error
  process.exit(report(error))
})
