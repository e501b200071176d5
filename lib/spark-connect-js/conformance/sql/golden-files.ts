// Spark's own SQL tests: queries with the schema, rows or error that Spark's Scala tests recorded. They are fetched by Maven
// into node_modules/.cache and never kept in the repository.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { textsOfJar } from '../../test/support/jar.ts'

/** A query with what Spark recorded of it. */
export interface GoldenQuery {
  readonly sql: string
  readonly schema: string
  /** Rows as text, or the class of an exception with its fields as JSON. */
  readonly output: string
}

export interface GoldenFile {
  /** Below `results`, such as `postgreSQL/join.sql`. */
  readonly name: string
  /** Settings that the file asks for. */
  readonly settings: Readonly<Record<string, string>>
  readonly queries: readonly GoldenQuery[]
}

export interface GoldenSuite {
  readonly files: readonly GoldenFile[]
  /** Tables of the tests as tab-separated text, by file name. */
  readonly data: ReadonlyMap<string, string>
}

/** *Errors:* those of Maven, with its output. */
export async function goldenSuite(version: string): Promise<GoldenSuite> {
  const jar = await fetchTests(version)
  const inputs = textsOfJar(jar, /^sql-tests\/inputs\/.*\.sql$/)
  const results = textsOfJar(jar, /^sql-tests\/results\/.*\.sql\.out$/)
  const data = textsOfJar(jar, /^test-data\/postgresql\/\w+\.data$/)
  const files = [...results]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => {
      const name = path.slice('sql-tests/results/'.length, -'.out'.length)
      return { name, settings: settingsOf(inputs.get(`sql-tests/inputs/${name}`) ?? ''), queries: queriesOf(text) }
    })
  return { files, data: new Map([...data].map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text])) }
}

/** The jar of Spark's tests, brought by Maven once. *Errors:* those of Maven, with its output. */
export async function fetchTests(version: string): Promise<string> {
  const folder = fileURLToPath(new URL('../../../../node_modules/.cache/spark-sql-tests/', import.meta.url))
  const jar = join(folder, `spark-sql_2.13-${version}-tests.jar`)
  if (existsSync(jar)) return jar
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(folder, 'fetch-'))
  try {
    const artifact = `-Dartifact=org.apache.spark:spark-sql_2.13:${version}:jar:tests`
    const options = ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${work}`]
    await promisify(execFile)('mvn', options, { maxBuffer: 1 << 26 })
    renameSync(join(work, `spark-sql_2.13-${version}-tests.jar`), jar)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return jar
}

/** `--SET a = b, c = d` lines; of dimensions, which Spark's tests run one by one, the first value. */
function settingsOf(input: string): Record<string, string> {
  const settings: Record<string, string> = {}
  const dimensions = new Set<string>()
  for (const [, word, rest] of input.matchAll(/^--(SET|CONFIG_DIM\d*)\s+(.*)$/gm)) {
    if (word !== 'SET' && dimensions.has(word!)) continue
    if (word !== 'SET') dimensions.add(word!)
    for (const [, key, value] of rest!.matchAll(/([\w.]+)\s*=\s*([^,]*)/g)) settings[key!] = value!.trim()
  }
  return settings
}

function queriesOf(text: string): GoldenQuery[] {
  return text
    .split('-- !query\n')
    .slice(1)
    .map((block) => {
      const [sql = '', rest = ''] = block.split('\n-- !query schema\n')
      const [schema = '', output = ''] = rest.split('-- !query output\n')
      return { sql, schema: schema.trim(), output: output.replace(/\n(\n\n)?$/, '') }
    })
}
