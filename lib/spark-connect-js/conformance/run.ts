// `npm run conformance`: builds every query of Spark's own plan suite with this API and compares the messages.
//   --version 4.2.0   another version of Spark
//   --dump DIR        writes our plan of each case as NAME.bin
//   --only NAME       shows both plans of one case
//   --oracle          also compares with PySpark's client (installed by pip, once) what the golden plans lack
//   --tpch            compares the 22 queries of examples/tpch with their SQL texts
//   --sql             runs Spark's own SQL tests through this client instead; --only PATTERN picks files
//   --server sail     runs the README, the round trip of every type and the frames suite on Sail, and says what differs
//   --live            also asks a Spark server whether plans that differ mean the same: semantics, schema, rows
// Ends with the line `conformance: N of M identical`; exit code 1 if a case differs that is not on the list.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { frameOf } from '../src/dataframe/frame.ts'
import { type Relation, RelationSchema } from '../src/gen/spark/connect/relations_pb.ts'
import { SparkSession } from '../src/index.ts'
import { functionCases } from './cases/functions.ts'
import { moreCases } from './cases/more.ts'
import { queryCases } from './cases/queries.ts'
import { deviations } from './deviations.ts'
import { makeFrames } from './frames.ts'
import { goldenPlans } from './goldens.ts'
import { compareLive } from './live.ts'
import { normalised } from './normalise.ts'
import { compareWithOracle, oracleDeviations, oraclePlans } from './oracle.ts'
import { PlanOnlyExecutor } from './plan-only.ts'
import { runOnSail } from './sail.ts'
import { runGoldenSql } from './sql/run.ts'
import { compareQueries, tpchData, tpchTexts } from './tpch.ts'

const usage = `npm run conformance -- [--version 4.2.0] [--dump DIR] [--only NAME] [--oracle] [--live] | --sql [--only PATTERN] | --tpch | --server sail
Builds every query of Spark’s own plan suite with this API and compares the messages; exit 1 if one differs unexpectedly.
  --dump DIR   writes our plan of each case as NAME.bin
  --only NAME  shows both plans of one case
  --oracle     also compares with PySpark’s client what the golden plans lack
  --live       also asks a Spark server whether plans that differ mean the same
  --tpch       compares the TPC-H queries of examples/tpch with Spark’s SQL texts of them, on generated data (pip: tpchgen-cli)
  --sql        runs Spark’s own SQL tests through this client instead; --only PATTERN picks files, such as '^postgreSQL/'
  --server sail  runs the README, the round trip of every type and the frames suite on Sail (pip: pysail); says what differs`
const flags = {
  options: {
    version: { type: 'string', default: '4.2.0' },
    dump: { type: 'string' },
    only: { type: 'string' },
    oracle: { type: 'boolean' },
    live: { type: 'boolean' },
    sql: { type: 'boolean' },
    tpch: { type: 'boolean' },
    server: { type: 'string' },
    help: { type: 'boolean' },
  },
} as const
const { values } = readFlags()
if (values.help) {
  console.log(usage)
  process.exit(0)
}

if (values.server !== undefined) process.exit(await tryServer(values.server))

/** Runs tests on a server that is not Spark; 1 if even the README's first lines fail there. */
async function tryServer(name: string): Promise<number> {
  if (name !== 'sail') {
    console.error(`error: unknown server '${name}'; the one that is known is sail`)
    return 2
  }
  const results = await runOnSail().catch((error) => {
    console.error(
      `error: Sail cannot be tried: ${String(error.stderr ?? error.message)
        .trim()
        .split('\n')
        .at(-1)}`,
    )
    console.error('  do: see that python3 and pip are there and reach their registry, then run it again')
    return null
  })
  if (results === null) return 3
  for (const { suite, passed, total, failures } of results) {
    for (const [reason, titles] of failures) console.log(`${suite}: ${titles.length} × ${reason} (${titles[0]})`)
    console.log(`sail: ${suite}: ${passed} of ${total} as on Spark`)
  }
  const failed = results.flatMap(({ failures }) => [...failures.values()].flat())
  return failed.some((title) => title.startsWith('the first lines of the README')) ? 1 : 0
}

if (values.tpch) process.exit(await compareTpch())

/** Runs the queries of TPC-H both ways; 1 if one differs. */
async function compareTpch(): Promise<number> {
  const folder = await tpchData(0.01, true)
  await using spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'local[*]')
  const results = await compareQueries(spark, folder!, await tpchTexts(values.version))
  for (const { name, difference } of results) console.log(`${name}: ${difference ?? 'equal'}`)
  const equal = results.filter(({ difference }) => difference === null).length
  console.log(`tpch: ${equal} of ${results.length} equal`)
  return equal === results.length ? 0 : 1
}

if (values.sql) process.exit(await compareSql())

/** Runs Spark's SQL tests; 1 if one gives something else without a reason. */
async function compareSql(): Promise<number> {
  const pattern = new RegExp(values.only ?? '')
  const home = fileURLToPath(new URL('../../../.spark', import.meta.url))
  const only = ({ name }: { readonly name: string }): boolean => pattern.test(name)
  const result = await runGoldenSql({ version: values.version, home, only, log: (text) => console.error(text) })
  for (const { file, what, sql, expected, actual } of result.unexplained) {
    console.log(`differs: ${file}: ${what}\n${sql}\nSpark: ${expected}\nours: ${actual}\n`)
  }
  for (const [reason, count] of result.explained) console.log(`${count} ${reason}`)
  console.log(`sql: ${result.equal} of ${result.total} equal, ${result.unexplained.length} without a reason`)
  return result.unexplained.length > 0 ? 1 : 0
}

function readFlags() {
  try {
    return parseArgs(flags)
  } catch (error) {
    console.error(`error: ${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}

const goldens = await goldenPlans(values.version, (text) => console.error(text)).catch((error) => {
  console.error(`error: the golden plans of Spark ${values.version} cannot be made: ${String(error.message).trim()}`)
  console.error('  do: name a version that is released, with Maven, Java and a network at hand')
  process.exit(3)
})
const cases = { ...functionCases, ...queryCases, ...moreCases }
if (values.dump) mkdirSync(values.dump, { recursive: true })

const differing: string[] = []
/** Both plans of what differs, for a server to judge. */
const pairs = new Map<string, [theirs: Relation, ours: Relation]>()
const missing: string[] = []
let identical = 0
for (const [name, bytes] of goldens) {
  if (values.only && name !== values.only) continue
  const build = cases[name]
  if (!build) {
    missing.push(name)
    continue
  }
  const ours = frameOf(build(makeFrames(new PlanOnlyExecutor()))).relation
  if (values.dump) writeFileSync(join(values.dump, `${name}.bin`), toBinary(RelationSchema, ours))
  const theirs = fromBinary(RelationSchema, bytes)
  const [expected, actual] = [theirs, ours].map((plan) => JSON.stringify(normalised(plan), null, 1))
  if (expected === actual) identical += 1
  else {
    differing.push(name)
    pairs.set(name, [theirs, ours])
  }
  if (values.only) console.log(`Spark: ${expected}\nours: ${actual}`)
}

for (const name of [...missing, ...differing]) {
  const what = missing.includes(name) ? 'not built' : 'differs'
  console.log(`${what}: ${name}: ${deviations[name] ?? 'NOT ON THE LIST'}`)
}
const unexpected = [...missing, ...differing].filter((name) => !(name in deviations))
const stale = values.only
  ? []
  : Object.keys(deviations).filter((name) => !missing.includes(name) && !differing.includes(name))
for (const name of stale) console.log(`on the list of deviations and yet identical: ${name}`)
const failed = unexpected.length + stale.length > 0 && !values.only
const oracleFailed = values.oracle ? await compareAll() : false
const liveFailed = values.live ? await judgeAll() : false
console.log(`conformance: ${identical} of ${goldens.size} identical`)
process.exitCode = failed || oracleFailed || liveFailed ? 1 : 0

/** Prints how our plans stand to PySpark's; true if one differs that is not on the list. */
async function compareAll(): Promise<boolean> {
  const plans = (await oraclePlans('4.2.0', true))!
  const differing = await compareWithOracle(plans)
  for (const { name, theirs, ours, relations } of differing) {
    if (relations) pairs.set(name, relations)
    console.log(`differs from PySpark: ${name}: ${oracleDeviations[name] ?? 'NOT ON THE LIST'}`)
    if (values.only === name) console.log(`PySpark: ${theirs}\nours: ${ours}`)
  }
  console.log(`oracle: ${plans.size - differing.length} of ${plans.size} as PySpark’s`)
  return differing.some(({ name }) => !(name in oracleDeviations))
}

/** Prints what a server says of each pair of plans that differ; true if one differs in meaning, schema or rows. */
async function judgeAll(): Promise<boolean> {
  const differences = await compareLive(values.version, pairs)
  for (const [name, difference] of differences) {
    console.log(`to a server: ${name}: ${difference ?? 'same semantics, schema and rows'}`)
  }
  const same = [...differences.values()].filter((difference) => difference === null).length
  console.log(`live: ${same} of ${differences.size} plans that differ mean the same`)
  return same < differences.size
}
