import { type DataFrame, functions, SparkConnectError, type SparkSession } from 'spark-connect-js'
import { AppError } from '../errors.ts'
import { type ColumnKind, sparkTypes } from '../model/columns.ts'

/** A Postgres database as the executors reach it. */
export interface ExecutorDatabase {
  /** `jdbc:postgresql://…` without user and password. */
  readonly url: string
  readonly user: string
  /** A secret: plans, explanations, event logs and Spark's pages do not show it. */
  readonly password: string
}

/** A table that is there, and what it wants of a frame. */
export interface ExecutorTable {
  /** As SQL has it: schema and name, quoted. */
  readonly table: string
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[]
  /** Gets the number of the partition that a row was written with. */
  readonly partColumn: string
}

/** How a password stands in the plans that a Connect server shows on its pages and writes to its event log. */
const passwordInPlans = '"password"\\s+value: "(\\\\.|[^"\\\\])*"'

/**
 * A frame's rows into a table, by the executors themselves: nothing comes by way of this process.
 *
 * Each partition is one transaction. One that is repeated may be there twice, under the same number in `partColumn`.
 * NUL is dropped from text: Postgres cannot hold it. *Errors:* AppError `database` if the executors cannot reach or use the
 * database, `spark` if they have no driver; else those of Spark.
 */
export async function writeTable(
  spark: SparkSession,
  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  frame: DataFrame<any>,
  database: ExecutorDatabase,
  target: ExecutorTable,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { col, lit, replace, spark_partition_id } = functions
  const columns = target.columns.map(({ name, kind }) => {
    const value = col(name).cast(sparkTypes[kind])
    return (kind === 'text' ? replace(value, lit('\0')) : value).as(name)
  })
  try {
    await hidePassword(spark)
    await frame
      .select(...columns, spark_partition_id().as(target.partColumn))
      .write.format('jdbc')
      .mode('append')
      .options({ ...connection(database), dbtable: target.table, batchsize: 5000 })
      .save(undefined, options)
  } catch (error) {
    throw explainDatabase(error, database) ?? error
  }
}

/**
 * Makes sure, before anything else is done, that the executors can reach the database, and that it is the one in which the
 * run of this name holds the lock. *Cost:* one row. *Errors:* as {@link writeTable}.
 */
export async function checkExecutorDatabase(
  spark: SparkSession,
  database: ExecutorDatabase,
  runId: string,
): Promise<void> {
  try {
    await hidePassword(spark)
    const query = 'select run_id from run_lock'
    const rows = await spark.read
      .format('jdbc')
      .options({ ...connection(database), query })
      .load()
      .collect()
    if (rows.some((row) => (row as { run_id: unknown }).run_id === runId)) return
  } catch (error) {
    throw explainDatabase(error, database) ?? error
  }
  throw anotherDatabase(database)
}

const connection = ({ url, user, password }: ExecutorDatabase) => ({
  url,
  user,
  password,
  driver: 'org.postgresql.Driver',
})

/**
 * Spark hides the options of its own plans by their names, but a Connect server also shows what it was sent, as text:
 * there it hides what this setting describes. Added to what the server has been told to hide by itself.
 */
async function hidePassword(spark: SparkSession): Promise<void> {
  const setting = 'spark.sql.redaction.string.regex'
  const own = await spark.conf.get(setting, null)
  if (own?.includes(passwordInPlans)) return
  await spark.conf.set(setting, own ? `(${own})|${passwordInPlans}` : passwordInPlans)
}

function anotherDatabase(database: ExecutorDatabase, cause?: unknown): AppError {
  return new AppError('database', 'the executors do not see the database of this run', {
    place: placeOf(database),
    remedy: 'EXECUTOR_DATABASE_URL must lead to the same database and schema as DATABASE_URL',
    cause,
  })
}

const placeOf = ({ url }: ExecutorDatabase) => url.replace(/^jdbc:/, '').replace(/\?.*/, '')

/** What the driver said in an executor, or undefined where the database is not to blame. */
function explainDatabase(cause: unknown, database: ExecutorDatabase): AppError | undefined {
  if (!(cause instanceof SparkConnectError)) return undefined
  const text = [cause.message, ...cause.serverErrors.map(({ message }) => message)].join('\n')
  const fail = (message: string, remedy: string, kind: 'database' | 'spark' = 'database') =>
    new AppError(kind, message, { place: placeOf(database), remedy, cause })
  if (/ClassNotFoundException: org\.postgresql|No suitable driver|org\.postgresql\.Driver/.test(text)) {
    return fail(
      'this Spark has no driver for Postgres',
      'start it with spark.jars.packages=org.postgresql:postgresql:42.7.8, or use --write stream',
      'spark',
    )
  }
  if (/password authentication failed|no pg_hba\.conf entry|no password was provided/.test(text)) {
    return fail('Postgres refused the executors', 'correct user and password, or EXECUTOR_DATABASE_URL')
  }
  if (/relation "run_lock" does not exist/.test(text)) return anotherDatabase(database, cause)
  if (/UnknownHostException|Connection to \S+ refused|connection attempt failed|connect timed out/i.test(text)) {
    return fail(
      'Spark’s executors cannot reach the database',
      'set EXECUTOR_DATABASE_URL to its address as seen from there, or use --write stream',
    )
  }
  if (/SSL|certificate/i.test(text) && /PSQLException/.test(text)) {
    return fail(
      'the executors cannot open an encrypted connection',
      'set sslmode and sslrootcert in EXECUTOR_DATABASE_URL',
    )
  }
  if (/remaining connection slots|too many clients/.test(text)) {
    return fail('the Postgres server has no free connections for the executors', 'raise max_connections')
  }
  if (
    /I\/O error occurred while sending|terminating connection|the database system is|connection has been closed/.test(
      text,
    )
  ) {
    return fail('the executors lost the connection to Postgres', 'run again when the server is back')
  }
  return undefined
}
