import { functions, type SparkSession, type UntypedFrame } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import { type LoadTable, loadTables } from '../store/index.ts'
import type { LakeFormat } from './format.ts'

/** The tables of a lake: those that a load publishes. */
export const lakeTables = loadTables

/** The tables with a moment in each row: the column that holds it in seconds, and its name as a timestamp. */
const moments: { readonly [Table in LoadTable]?: readonly [seconds: string, timestamp: string] } = {
  plays: ['time_unix', 'played_at'],
  plays_by_hour: ['hour_unix', 'hour_at'],
}

/** A table to write. */
export interface LakeTable {
  readonly table: LoadTable
  readonly frame: UntypedFrame
  readonly path: string
  readonly format: LakeFormat['name']
  /** How many rows it has. */
  readonly rows: number
}

/**
 * Writes a table and reads it back for its number of rows. A table with a moment in each row gets it as a timestamp,
 * and a folder for each month: `month=2014-06-01`, the first day in UTC, which Spark and DuckDB both read as a date.
 *
 * *Errors:* those of Spark; AppError `spark` if other rows arrived than were sent.
 */
export async function writeLakeTable(
  session: SparkSession,
  { table, frame, path, rows, format }: LakeTable,
): Promise<void> {
  const [seconds, timestamp] = moments[table] ?? []
  const { col, date_trunc, timestamp_seconds, to_date } = functions
  let whole = frame
  if (seconds !== undefined && timestamp !== undefined) {
    const at = timestamp_seconds(col<bigint>(seconds))
    whole = frame.select('*', at.as(timestamp), to_date(date_trunc('month', at)).as('month'))
  }
  // Without rows there would be no folder of a month, and no file to tell the columns.
  const byMonth = seconds !== undefined && rows > 0
  const write = (byMonth ? whole.repartition(col('month')).write.partitionBy('month') : whole.write)
    .format(format)
    .mode('overwrite')
    // Months of the version that was here before must go, whatever the server's default is.
    .option('partitionOverwriteMode', 'static')
  await (format === 'delta' ? write.option('overwriteSchema', true) : write).save(path)
  const there = Number(await session.read.format(format).load(path).count())
  if (there === rows) return
  throw new AppError('spark', `the lake has ${there} rows of ${table}, the database ${rows}`, {
    place: path,
    remedy: 'see that nothing else writes there, then: npm run lake',
  })
}

/** Makes a session write timestamps as such, in UTC, and find months in UTC. */
export async function useLakeTypes(session: SparkSession): Promise<void> {
  await session.conf.set('spark.sql.session.timeZone', 'UTC')
  await session.conf.set('spark.sql.parquet.outputTimestampType', 'TIMESTAMP_MICROS')
}
