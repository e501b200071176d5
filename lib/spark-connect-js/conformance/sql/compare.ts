import { SparkConnectError, type SparkSession, type StructType } from '../../src/index.ts'
import type { GoldenFile, GoldenQuery } from './golden-files.ts'
import { type BinaryStyle, type TextStyle, textOf } from './text.ts'

/** A query that gave something else than Spark's tests recorded. */
export interface Difference {
  readonly file: string
  readonly sql: string
  readonly what: 'schema' | 'rows' | 'error' | 'no error' | 'unexpected error'
  readonly expected: string
  readonly actual: string
}

interface Answer {
  readonly schema: string
  readonly rows: readonly string[]
}

/** Numbers, paths and times that are different in each run, as Spark's own suite masks them. */
const masked = (text: string): string =>
  text
    .replace(/#\d+L?/g, '#x')
    .replace(/plan_id=\d+/g, 'plan_id=x')
    .replace(/(Location\s+|Location: ).*$/gm, '$1x')
    .replace(/(Created By|Created Time|Last Access|Partition Statistics|CTE id|Owner)(\s+).*$/gm, '$1$2x')

async function answerOf(spark: SparkSession, sql: string, style: TextStyle): Promise<Answer> {
  const frame = await spark.sql(sql)
  const schema: StructType = await frame.schema()
  const tuples = await frame.collectTuples({ structs: 'tuples' })
  const rows = tuples.map((row) => row.map((value, i) => textOf(value, schema.fields[i]!.dataType, style)).join('\t'))
  return { schema: schema.simpleString(), rows: rows.flatMap((row) => row.split('\n')) }
}

/** Spark's suite pads what statements about the catalog print. */
const unpadded = (text: string): string => text.replace(/[ \t]+/g, ' ').replace(/ $/gm, '')

/** The Scala client prints the default collation where a query names it; its name makes no difference. */
const plainStrings = (schema: string): string => masked(schema).replaceAll('string collate UTF8_BINARY', 'string')

/** Whether texts of rows are the same; recorded rows are sorted where the query does not sort them. */
function sameRows(sql: string, expected: string, rows: readonly string[]): boolean {
  const isPadded = /^(\s|--.*\n)*(desc|describe|show|explain)\b/i.test(sql)
  const plain = (text: string): string => (isPadded ? unpadded(masked(text)) : masked(text))
  // Blanks at the very end are not recorded, after the rows were sorted.
  const given = plain(expected).trimEnd()
  const ours = plain(rows.join('\n'))
  if (given === ours.trimEnd()) return true
  const sorted = (text: string): string => text.split('\n').sort().join('\n').trimEnd()
  return given === sorted(ours) || (isPadded && sorted(given) === sorted(ours))
}

interface RecordedError {
  readonly errorClass?: string
  readonly sqlState?: string
  readonly messageParameters?: Readonly<Record<string, string>>
}

/** The recorded fields of an exception, or undefined where the output is rows. */
function recordedError(output: string): RecordedError | undefined {
  const match = /^[\w.$]+(Exception|Error|Throwable)\n([\s\S]*)$/.exec(output)
  if (!match) return undefined
  try {
    return JSON.parse(match[2]!) as RecordedError
  } catch {
    return {}
  }
}

function errorDifference(recorded: RecordedError, error: SparkConnectError): string | undefined {
  const { errorClass, sqlState, messageParameters } = recorded
  if (errorClass !== undefined && errorClass !== error.errorClass) return `errorClass ${error.errorClass}`
  if (sqlState !== undefined && sqlState !== error.sqlState) return `sqlState ${error.sqlState}`
  for (const [name, value] of Object.entries(messageParameters ?? {})) {
    const ours = error.messageParameters[name]
    if (masked(String(ours)) !== masked(value)) return `${name} ${ours}`
  }
  return undefined
}

/** Runs a query and compares schema and rows, or the error, with what is recorded; null where they are equal. */
async function compare(
  spark: SparkSession,
  { name }: GoldenFile,
  golden: GoldenQuery,
  style: TextStyle,
): Promise<Difference | null> {
  const recorded = recordedError(golden.output)
  const differs = (what: Difference['what'], expected: string, actual: string): Difference => ({
    ...{ file: name, sql: golden.sql, what, expected, actual },
  })
  let answer: Answer
  try {
    answer = await answerOf(spark, golden.sql, style)
  } catch (caught) {
    const error = caught as Error
    if (!(error instanceof SparkConnectError)) return differs('unexpected error', golden.output, `${error.stack}`)
    if (recorded === undefined) return differs('unexpected error', golden.output, error.message)
    const difference = errorDifference(recorded, error)
    return difference === undefined ? null : differs('error', golden.output, difference)
  }
  if (recorded !== undefined) return differs('no error', golden.output, answer.rows.join('\n'))
  if (plainStrings(golden.schema) !== plainStrings(answer.schema))
    return differs('schema', golden.schema, answer.schema)
  if (sameRows(golden.sql, golden.output, answer.rows)) return null
  return differs('rows', golden.output, answer.rows.join('\n'))
}

const zoneKey = 'spark.sql.session.timeZone'

/** Settings under which Spark's tests were recorded. */
function settingsFor({ name, settings }: GoldenFile): Record<string, string> {
  return {
    [zoneKey]: 'America/Los_Angeles',
    'spark.sql.ansi.enabled': name.startsWith('nonansi/') ? 'false' : 'true',
    ...(name.startsWith('timestampNTZ/') && { 'spark.sql.timestampType': 'TIMESTAMP_NTZ' }),
    ...(name.startsWith('postgreSQL/') && { 'spark.sql.legacy.interval.enabled': 'true' }),
    'spark.sql.timeType.enabled': 'true',
    'spark.sql.maxMetadataStringLength': '100',
    ...settings,
  }
}

/** Runs all queries of a file in a session of its own. Settings that a server does not let change are left as they are. */
export async function compareFile(spark: SparkSession, file: GoldenFile): Promise<Difference[]> {
  for (const [key, value] of Object.entries(settingsFor(file))) {
    await spark.conf.set(key, value).catch(() => {})
  }
  const binary = (file.settings['spark.sql.binaryOutputStyle'] ?? 'UTF-8') as BinaryStyle
  const zoneNow = async () => (await spark.conf.get(zoneKey)) ?? 'UTC'
  let timeZone = await zoneNow()
  const differences: Difference[] = []
  for (const query of file.queries) {
    const difference = await compare(spark, file, query, { binary, timeZone })
    if (difference) differences.push(difference)
    if (/^\s*set\b/im.test(query.sql)) timeZone = await zoneNow()
  }
  return differences
}
