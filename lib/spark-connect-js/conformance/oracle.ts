// PySpark as an oracle for what Spark's golden plans lack: the same queries are built there and here, and compared.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fromBinary } from '@bufbuild/protobuf'
import { frameOf } from '../src/dataframe/frame.ts'
import { type ExecutePlanResponse, type Plan, PlanSchema } from '../src/gen/spark/connect/base_pb.ts'
import type { Relation } from '../src/gen/spark/connect/relations_pb.ts'
import {
  Catalog,
  col,
  DataFrameReader,
  functions as f,
  lit,
  StreamingQueryManager,
  TableValuedFunctions,
  type UntypedFrame,
  Window,
} from '../src/index.ts'
import { makeFrames } from './frames.ts'
import { normalised } from './normalise.ts'
import { PlanOnlyExecutor } from './plan-only.ts'
import { pysparkPython } from './pyspark.ts'

/** PySpark's plans by name. Null where its client is not installed and not to be. *Errors:* what pip says. */
export async function oraclePlans(version: string, install: boolean): Promise<Map<string, Uint8Array> | null> {
  const python = await pysparkPython(version, install)
  if (python === null) return null
  const oracle = join(import.meta.dirname, 'oracle.py')
  const { stdout } = await promisify(execFile)(python, [oracle], { maxBuffer: 64 * 1024 * 1024 })
  const lines = stdout.trim().split('\n')
  return new Map(lines.map((line) => line.split('\t')).map(([name, plan]) => [name!, Buffer.from(plan!, 'base64')]))
}

/** An executor that keeps the plan that it is asked to execute, and then gives up. */
class Recorder extends PlanOnlyExecutor {
  plan: Plan | undefined

  // biome-ignore lint/correctness/useYield: it has nothing to answer
  override async *execute(plan: Plan): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    this.plan = plan
    throw new Error('recorded')
  }
}

interface Parts {
  readonly a: UntypedFrame
  readonly b: UntypedFrame
  readonly xs: UntypedFrame
  readonly read: DataFrameReader
  readonly readStream: DataFrameReader
  readonly tvf: TableValuedFunctions
  readonly catalog: Catalog
  readonly streams: StreamingQueryManager
}

const merge = (a: UntypedFrame) =>
  a
    .mergeInto('t', col('t.id').eq(col('s.id')))
    .whenMatched(col('s.a').gt(1))
    .update({ a: col('s.a') })
    .whenMatched()
    .delete()
    .whenNotMatched()
    .insert({ id: col('s.id'), a: lit(0) })
    .whenNotMatchedBySource(col('t.b').isNull())
    .updateAll()
    .withSchemaEvolution()
    .merge()

const byId = Window.partitionBy('id').orderBy(f.desc('b')).rowsBetween(-1, Window.currentRow)

/** The queries of oracle.py. */
const queries: Readonly<Record<string, (parts: Parts) => unknown>> = {
  write_parquet: ({ a }) => a.write.mode('overwrite').option('compression', 'zstd').partitionBy('id').parquet('/p'),
  write_save_default: ({ a }) => a.write.save('/p'),
  write_csv: ({ a }) => a.write.format('csv').mode('append').save('/p'),
  write_table: ({ a }) => a.write.bucketBy(4, 'id', 'a').sortBy('b').mode('ignore').saveAsTable('db.t'),
  write_insert: ({ a }) => a.write.insertInto('t', true),
  write_cluster: ({ a }) => a.write.clusterBy('id').saveAsTable('t'),
  write_jdbc: ({ a }) => a.write.mode('append').jdbc('jdbc:x', 't', { user: 'u' }),
  v2_create: ({ a }) =>
    a.writeTo('t').using('parquet').tableProperty('k', 'v').partitionedBy(f.years('t'), col('id')).create(),
  v2_append: ({ a }) => a.writeTo('t').option('o', '1').append(),
  v2_overwrite: ({ a }) => a.writeTo('t').overwrite(col('id').gt(3)),
  v2_overwrite_partitions: ({ a }) => a.writeTo('t').overwritePartitions(),
  v2_replace: ({ a }) => a.writeTo('t').clusterBy('id').replace(),
  v2_create_or_replace: ({ a }) => a.writeTo('t').using('orc').createOrReplace(),
  merge: ({ a }) => merge(a),
  merge_all: ({ a }) =>
    a
      .mergeInto('t', col('t.id').eq(col('id')))
      .whenMatched()
      .updateAll()
      .whenNotMatched()
      .insertAll()
      .merge(),
  view: ({ a }) => a.createOrReplaceTempView('v'),
  view_global: ({ a }) => a.createGlobalTempView('v'),
  scalar: ({ a, b }) => a.select(col('id'), b.select(f.max('id')).scalar().alias('m')),
  exists: ({ a, b }) => a.filter(b.where(col('id').outer().eq(col('id'))).exists()),
  isin_frame: ({ a, b }) => a.filter(col('id').isin(b.select('id'))),
  lateral: ({ a, b }) => a.lateralJoin(b.where(col('a').outer().eq(col('id'))), undefined, 'left'),
  nearest_by: ({ a, b }) => a.nearestByJoin(b, f.abs(a.col('id').minus(b.col('id'))), 2, 'exact', 'distance'),
  transpose: ({ a }) => a.transpose('id'),
  observe: ({ a }) => a.observe('m', f.count(lit(1)).alias('n'), f.max('id').alias('x')),
  with_watermark: ({ b }) => b.withWatermark('t', '10 minutes').dropDuplicatesWithinWatermark('id'),
  hof: ({ xs }) =>
    xs.select(
      f.transform('xs', (x, i) => x.plus(i)),
      f.aggregate('xs', lit(0), (s, x) => s.plus(x)),
    ),
  hof_nested: ({ xs }) =>
    xs.select(
      f.exists('xs', (x) => x.gt(1)),
      f.filter('xs', (x) => x.isNotNull()),
    ),
  window: ({ a }) => a.select(f.sum('a').over(byId)),
  tvf_explode: ({ tvf }) => tvf.explode(f.array(lit(1), lit(2))),
  tvf_stack: ({ tvf }) => tvf.stack(lit(2), lit(1), lit(2)),
  tvf_json_tuple: ({ tvf }) => tvf.json_tuple(lit('{}'), lit('a'), lit('b')),
  tvf_collations: ({ tvf }) => tvf.collations(),
  read_changes: ({ read }) => read.option('startingVersion', '1').changes('t'),
  read_jdbc: ({ read }) => read.jdbc('jdbc:x', 't', { predicates: ['id < 1', 'id >= 1'], properties: { user: 'u' } }),
  read_table: ({ read }) => read.option('k', 'v').table('t'),
  read_stream: ({ readStream }) => readStream.format('rate').option('rowsPerSecond', '5').load(),
  stream_start: ({ b }) =>
    b.writeStream.format('memory').queryName('q').outputMode('append').trigger({ availableNow: true }).start(),
  stream_table: ({ b }) =>
    b.writeStream
      .partitionBy('c')
      .trigger({ processingTime: '5 seconds' })
      .option('checkpointLocation', '/c')
      .toTable('t'),
  stream_real_time: ({ b }) => b.writeStream.format('kafka').trigger({ realTime: '5 minutes' }).start('/p'),
  streams_active: ({ streams }) => streams.active(),
  catalog_list_tables: ({ catalog }) => catalog.listTables('db', 'p*'),
  catalog_table_exists: ({ catalog }) => catalog.tableExists('t', 'db'),
  catalog_cache: ({ catalog }) => catalog.cacheTable('t'),
  catalog_drop_view: ({ catalog }) => catalog.dropTempView('v'),
  catalog_create_database: ({ catalog }) => catalog.createDatabase('d', { ifNotExists: true, properties: { k: 'v' } }),
  catalog_drop_table: ({ catalog }) => catalog.dropTable('t', { ifExists: true, purge: true }),
  catalog_list_partitions: ({ catalog }) => catalog.listPartitions('t'),
  catalog_functions: ({ catalog }) => catalog.listFunctions(undefined, 'a*'),
  catalog_set_database: ({ catalog }) => catalog.setCurrentDatabase('d'),
  sample_by: ({ a }) =>
    a.sampleBy(
      'a',
      new Map([
        [0, 0.1],
        [1, 0.2],
      ]),
      0,
    ),
  random_split: ({ a }) => a.randomSplit([1, 3], 7)[1],
  na_replace: ({ a }) =>
    a.replace(
      new Map([
        [1, 10],
        [2, 20],
      ]),
      ['a'],
    ),
  unpivot: ({ a }) => a.unpivot(['id'], ['a', 'b'], 'n', 'v'),
  grouping_sets: ({ a }) => a.groupingSets([['id'], []], 'id').agg(f.sum('a')),
  pivot: ({ a }) => a.groupBy('id').pivot('a', [1, 2]).agg(f.sum('b')),
  checkpoint: ({ a }) => a.checkpoint(),
  local_checkpoint: ({ a }) => a.localCheckpoint({ eager: false }),
  repartition_by_id: ({ a }) => a.repartitionById(3, 'id'),
  zip_with_index: ({ a }) => a.zipWithIndex(),
}

/** Plans that need not equal PySpark's, each with its reason. */
export const oracleDeviations: Readonly<Record<string, string>> = {
  v2_create: 'transforms of partitions are marked as internal functions, as Spark’s Scala client does',
  merge: 'columns to assign are attributes, not SQL text, so that a name with a blank in it works',
  zip_with_index: 'the function is marked as internal, as Spark’s Scala client does',
}

async function planOf(build: (parts: Parts) => unknown): Promise<Plan['opType']> {
  const executor = new Recorder()
  const { of } = makeFrames(executor)
  const parts: Parts = {
    a: of('struct<id:bigint,a:int,b:double>'),
    b: of('struct<id:bigint,c:string,t:timestamp>'),
    xs: of('struct<id:bigint,xs:array<int>,j:string>'),
    read: new DataFrameReader(executor),
    readStream: new DataFrameReader(executor, {}, true),
    tvf: new TableValuedFunctions(executor),
    catalog: new Catalog(executor),
    streams: new StreamingQueryManager(executor),
  }
  const result = build(parts)
  if (!(result instanceof Promise)) return { case: 'root', value: frameOf(result as UntypedFrame).relation }
  await result.catch((error: unknown) => {
    if (executor.plan === undefined) throw error
  })
  return executor.plan!.opType
}

interface Difference {
  readonly name: string
  /** Both plans as text. */
  readonly theirs: string
  readonly ours: string
  /** Both plans, where they are queries and no commands. */
  readonly relations: [theirs: Relation, ours: Relation] | undefined
}

/** The queries whose plans differ from PySpark's. */
export async function compareWithOracle(plans: ReadonlyMap<string, Uint8Array>): Promise<Difference[]> {
  const missing = [...plans.keys()].filter((name) => !(name in queries))
  if (missing.length > 0) throw new Error(`oracle.py has queries that oracle.ts lacks: ${missing.join(', ')}`)
  const differing: Difference[] = []
  for (const [name, build] of Object.entries(queries)) {
    const bytes = plans.get(name)
    if (bytes === undefined) throw new Error(`oracle.py lacks the query ${name}`)
    const [their, our] = [fromBinary(PlanSchema, bytes).opType, await planOf(build)]
    const [theirs, ours] = [their, our].map((plan) =>
      // Python’s name of the function that Scala and we call `=`.
      JSON.stringify(normalised(plan.value), null, 1).replaceAll('"functionName": "=="', '"functionName": "="'),
    ) as [string, string]
    if (theirs === ours) continue
    const relations: Difference['relations'] =
      their.case === 'root' && our.case === 'root' ? [their.value, our.value] : undefined
    differing.push({ name, theirs, ours, relations })
  }
  return differing
}
