// `npm run conformance -- --tpch`: the queries of examples/tpch beside their SQL texts, which come with Spark's tests.
import { execFile } from 'node:child_process'
import { access, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual, promisify } from 'node:util'
import * as early from '../examples/tpch/queries-1-to-11.ts'
import * as late from '../examples/tpch/queries-12-to-22.ts'
import { readTables } from '../examples/tpch/tables.ts'
import type { SparkSession, UntypedFrame } from '../src/index.ts'
import { textsOfJar } from '../test/support/jar.ts'
import { fetchTests } from './sql/golden-files.ts'

const run = promisify(execFile)

/** Beside Spark's jars, ignored by git. */
const home = join(import.meta.dirname, '..', '..', '..', '.spark')
const queries = { ...early, ...late }

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/**
 * The folder of the tables as Parquet files; made once, by `tpchgen-cli` of PyPI. Where that is missing it is installed if
 * `install` says so, else the answer is null. *Errors:* what pip or the generator says.
 */
export async function tpchData(scale: number, install: boolean): Promise<string | null> {
  const folder = join(home, `tpch-${scale}`)
  if (await isThere(folder)) return folder
  const tools = join(home, 'tpchgen')
  const generator = join(tools, 'bin', 'tpchgen-cli')
  if (!(await isThere(generator))) {
    if (!install) return null
    await run('python3', ['-m', 'venv', tools])
    await run(join(tools, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', 'tpchgen-cli==4.0.0'])
  }
  const made = await mkdtemp(join(home, 'tpch-'))
  try {
    await run(generator, ['parquet', '-s', String(scale), `--output-dir=${made}`])
    await rename(made, folder)
  } finally {
    await rm(made, { recursive: true, force: true })
  }
  return folder
}

/** The SQL text of each query, by name. *Errors:* those of Maven. */
export async function tpchTexts(version: string): Promise<ReadonlyMap<string, string>> {
  const texts = textsOfJar(await fetchTests(version), /^tpch\/q\d+\.sql$/)
  return new Map([...texts].map(([path, text]) => [path.slice('tpch/'.length, -'.sql'.length), text]))
}

interface Answer {
  readonly types: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

const answerOf = async (frame: UntypedFrame): Promise<Answer> => ({
  types: (await frame.schema()).fields.map(({ dataType }) => dataType.sql()),
  rows: await frame.collectTuples(),
})

/** Runs each query as a frame and as SQL. What differs is told in words; null where types and rows are the same, in order. */
export async function compareQueries(
  spark: SparkSession,
  folder: string,
  texts: ReadonlyMap<string, string>,
): Promise<{ readonly name: string; readonly rows: number; readonly difference: string | null }[]> {
  const tables = readTables(spark, folder)
  for (const [name, table] of Object.entries(tables)) await table.createOrReplaceTempView(name)
  const results = []
  for (const [name, query] of Object.entries(queries)) {
    const ours = await answerOf(query(tables))
    const theirs = await answerOf(await spark.sql(texts.get(name) ?? ''))
    results.push({ name, rows: ours.rows.length, difference: differenceOf(ours, theirs) })
  }
  return results
}

function differenceOf(ours: Answer, theirs: Answer): string | null {
  if (!isDeepStrictEqual(ours.types, theirs.types)) return `types are ${ours.types}, of the SQL text ${theirs.types}`
  if (ours.rows.length !== theirs.rows.length) return `${ours.rows.length} rows, of the SQL text ${theirs.rows.length}`
  const at = ours.rows.findIndex((row, i) => !isDeepStrictEqual(row, theirs.rows[i]))
  return at < 0 ? null : `row ${at} is ${ours.rows[at]}, of the SQL text ${theirs.rows[at]}`
}
