// The 22 queries of TPC-H, written with frames.
//   pip install tpchgen-cli && tpchgen-cli parquet -s 0.01 --output-dir=/tmp/tpch
//   node examples/tpch/run.ts /tmp/tpch          all of them; q1 q13 behind the folder: these
import { SparkSession } from 'spark-connect-js'
import * as early from './queries-1-to-11.ts'
import * as late from './queries-12-to-22.ts'
import { readTables } from './tables.ts'

const queries = { ...early, ...late }
const [folder, ...names] = process.argv.slice(2)
const wanted = names.length > 0 ? names : Object.keys(queries)
const unknown = wanted.filter((name) => !(name in queries))
if (folder === undefined || unknown.length > 0) {
  console.error(
    `${unknown.map((name) => `unknown query ${name}\n`).join('')}node examples/tpch/run.ts FOLDER [q1 … q22]`,
  )
  process.exit(2)
}

await using spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'local[*]')
const tables = readTables(spark, folder)
for (const name of wanted) {
  console.log(name)
  await queries[name as keyof typeof queries](tables).show(5)
}
