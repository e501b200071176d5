// The tables that Spark's SQL tests find in place.
import type { SparkSession } from '../../src/index.ts'

const small = [
  `CREATE TABLE testdata USING parquet AS SELECT CAST(id AS INT) AS key, CAST(id AS STRING) AS value FROM range(1, 101, 1, 1)`,
  `CREATE TABLE arraydata USING parquet AS SELECT * FROM VALUES
     (array(1, 2, 3), array(array(1, 2, 3))), (array(2, 3, 4), array(array(2, 3, 4))) AS t(arraycol, nestedarraycol)`,
  `CREATE TABLE mapdata USING parquet AS SELECT map_from_arrays(slice(sequence(1, 5), 1, n),
     slice(transform(array('a', 'b', 'c', 'd', 'e'), l -> concat(l, CAST(6 - n AS STRING))), 1, n)) AS mapcol
     FROM VALUES (5), (4), (3), (2), (1) AS t(n)`,
]

const wide = `unique1 INT, unique2 INT, two INT, four INT, ten INT, twenty INT, hundred INT, thousand INT, twothousand INT,
  fivethous INT, tenthous INT, odd INT, even INT, stringu1 STRING, stringu2 STRING, string4 STRING`

const fromText: Readonly<Record<string, { readonly file: string; readonly schema: string }>> = {
  aggtest: { file: 'agg.data', schema: 'a INT, b FLOAT' },
  onek: { file: 'onek.data', schema: wide },
  tenk1: { file: 'tenk.data', schema: wide },
}

/** Names of the tables, to tell queries that a test has dropped them for. */
export const tableNames = ['testdata', 'arraydata', 'mapdata', ...Object.keys(fromText)]

/** Makes them in the server's default database. */
export async function createTables(spark: SparkSession, data: ReadonlyMap<string, string>): Promise<void> {
  for (const statement of small) await spark.sql(statement)
  for (const [name, { file, schema }] of Object.entries(fromText)) {
    const lines = (data.get(file) ?? '').split('\n').filter((line) => line !== '')
    const rows = await spark.createDataFrame(
      lines.map((line) => ({ line })),
      'line STRING',
    )
    const fields = schema.split(',').map((field) => field.trim().split(' ') as [string, string])
    const columns = fields.map(
      ([field, type], i) => `CAST(trim(element_at(split(line, '\\t'), ${i + 1})) AS ${type}) AS ${field}`,
    )
    await rows
      .selectExpr(...columns)
      .coalesce(1)
      .write.format('parquet')
      .saveAsTable(name)
  }
}
