import { newFrame } from '../../src/dataframe/frame.ts'
import { col, DataFrameReader, expr, functions as f, lit, types, type UntypedFrame } from '../../src/index.ts'
import { rangeRelation } from '../../src/plan/relation.ts'
import type { Cases, Frames } from '../frames.ts'

const data = '../common/src/test/resources/query-tests/test-data'
const people = { url: 'jdbc:h2:mem:testdb0;user=testUser;password=testPass' }

const reader = ({ executor }: Frames): DataFrameReader => new DataFrameReader(executor)
const streamReader = ({ executor }: Frames): DataFrameReader => new DataFrameReader(executor, {}, true)
const parsed = types.struct({ c1: types.string, c2: types.integer })
const textColumn = '{"type":"struct","fields":[{"name":"value","type":"string","nullable":true,"metadata":{}}]}'

const sides = ({ simple, right }: Frames): [UntypedFrame, UntypedFrame] => [simple.alias('l'), right.alias('r')]

/** Columns that belong to a frame, joins, readers, statistics: what takes more than a chain of calls. */
export const moreCases: Cases = {
  apply: ({ simple }) => simple.select(simple.col('a')),
  coalesce: ({ simple }) => simple.coalesce(5),
  col: ({ simple }) => simple.select(simple.col('id'), simple.col('b')),
  colRegex: ({ simple }) => simple.select(simple.colRegex('`a|id`')),
  column_as_with_metadata: ({ complex }) =>
    complex.select(col('e').withMetadata('e_mod', { comment: 'modified E field' })),
  crossJoin: ({ simple, right }) => simple.crossJoin(right),
  crosstab: ({ simple }) => simple.stat.crosstab('a', 'b'),
  csv_from_dataset: (frames) => reader(frames).schema(parsed).option('header', true).csv(frames.of(textColumn)),
  cube_string: ({ simple }) => simple.cube('a', 'b').count(),
  describe: ({ simple }) => simple.describe('id', 'b'),
  drop: ({ simple }) => simple.na.drop('any', { thresh: 5, subset: ['id', 'a'] }),
  fill: ({ simple }) => simple.na.fill(8, ['id']),
  freqItems: ({ simple }) => simple.stat.freqItems(['id', 'a'], 0.1),
  function_any: ({ booleans }) => booleans.select(f.any(col('flag'))),
  function_chr: ({ complex }) => complex.select(f.chr(col('a'))),
  function_len: ({ complex }) => complex.select(f.len(col('g'))),
  function_random_with_seed: ({ complex }) => complex.select(f.random(lit(1))),
  function_window_time: ({ temporals }) =>
    temporals.withMetadata('wt', { 'spark.timeWindow': true }).select(f.window_time(col('wt'))),
  groupby_agg: ({ simple }) =>
    simple
      .groupBy(col('id'))
      .agg(
        f.max('a'),
        f.stddev('b'),
        f.stddev('b'),
        f.avg('b'),
        f.avg('b'),
        f.avg('b'),
        f.count(simple.col('*')),
        f.count('a'),
      ),
  groupby_agg_string: ({ simple }) => simple.groupBy('id', 'b').agg(f.max('a'), f.count('a')),
  groupby_avg: ({ simple }) => simple.groupBy(col('id')).avg('a', 'b'),
  groupby_max: ({ simple }) => simple.groupBy(col('id')).max('a', 'b'),
  groupby_mean: ({ simple }) => simple.groupBy(col('id')).mean('a', 'b'),
  groupby_min: ({ simple }) => simple.groupBy(col('id')).min('a', 'b'),
  groupby_sum: ({ simple }) => simple.groupBy(col('id')).sum('a', 'b'),
  groupingSets: ({ simple }) => simple.groupingSets([[col('a')], []], col('a')).agg(f.max('a'), f.count('a')),
  grouping_and_grouping_id: ({ simple }) =>
    simple.cube('a', 'b').agg(f.grouping('a'), f.grouping('b'), f.grouping_id('a', 'b')),
  hint: ({ simple }) => simple.hint('coalesce', 100),
  join_condition: (frames) => {
    const [left, right] = sides(frames)
    return left.join(right, col('l.id').eq(col('r.id')), 'left_anti')
  },
  join_inner_condition: (frames) => {
    const [left, right] = sides(frames)
    return left.join(right, col('l.a').eq(col('r.a')))
  },
  join_inner_no_condition: ({ simple, right }) => simple.join(right, []),
  join_inner_using_multiple_col_array: ({ simple, right }) => simple.join(right, ['id', 'a']),
  join_inner_using_multiple_col_seq: ({ simple, right }) => simple.join(right, ['id', 'a']),
  join_inner_using_single_col: ({ simple, right }) => simple.join(right, 'id'),
  join_using_multiple_col_array: ({ simple, right }) => simple.join(right, ['id', 'a'], 'outer'),
  join_using_multiple_col_seq: ({ simple, right }) => simple.join(right, ['id', 'a'], 'right_outer'),
  join_using_single_col: ({ simple, right }) => simple.join(right, 'id', 'left_semi'),
  json_from_dataset: (frames) =>
    reader(frames).schema(parsed).option('allowSingleQuotes', true).json(frames.of(textColumn)),
  melt_no_values: ({ simple }) => simple.melt([col('id'), col('a')], null, 'name', 'value'),
  melt_values: ({ simple }) => simple.melt([col('a')], [col('id')], 'name', 'value'),
  nearestByJoin_inner_approx_similarity: (frames) => {
    const [left, right] = sides(frames)
    return left.nearestByJoin(right, col('l.a').plus(col('r.a')), 1, 'approx', 'similarity', 'inner')
  },
  nearestByJoin_leftouter_exact_distance: (frames) => {
    const [left, right] = sides(frames)
    return left.nearestByJoin(right, col('l.a').plus(col('r.a')), 5, 'exact', 'distance', 'leftouter')
  },
  pivot: ({ simple }) =>
    simple
      .groupBy(col('id'))
      .pivot('a', [1, 2, 3])
      .agg(f.count(col('b'))),
  pivot_without_column_values: ({ simple }) =>
    simple
      .groupBy(col('id'))
      .pivot('a')
      .agg(f.count(col('b'))),
  read: (frames) =>
    reader(frames)
      .format('csv')
      .schema('name STRING,age INT,job STRING')
      .options({ header: true, delimiter: ';' })
      .load(`${data}/people.csv`),
  read_changes: (frames) => reader(frames).option('startingVersion', 1).option('endingVersion', 5).changes('myTable'),
  read_changes_with_options: (frames) =>
    reader(frames)
      .options({ startingTimestamp: '2026-01-01', deduplicationMode: 'dropCarryovers', computeUpdates: true })
      .changes('myTable'),
  read_csv: (frames) => reader(frames).csv(`${data}/people.csv`),
  read_jdbc: (frames) => reader(frames).jdbc(people.url, 'TEST.TIMETYPES'),
  read_jdbc_with_partition: (frames) =>
    reader(frames).jdbc(people.url, 'TEST.EMP', { column: 'THEID', lowerBound: 0, upperBound: 4, numPartitions: 3 }),
  read_jdbc_with_predicates: (frames) =>
    reader(frames).jdbc(people.url, 'TEST.PEOPLE', { predicates: ['THEID < 2', 'THEID >= 2'] }),
  read_json: (frames) => reader(frames).json(`${data}/people.json`),
  read_orc: (frames) => reader(frames).orc(`${data}/users.orc`),
  read_parquet: (frames) => reader(frames).parquet(`${data}/users.parquet`),
  read_table: (frames) => reader(frames).table('myTable'),
  read_text: (frames) => reader(frames).text(`${data}/people.txt`).$castTo(),
  range: ({ executor }) =>
    newFrame(executor, (planId) => rangeRelation(planId, { start: 1n, end: 10n, step: 1n, numPartitions: 2 })),
  repartition: ({ simple }) => simple.repartition(24),
  repartitionById: ({ simple }) => simple.repartitionById(10, col('id').cast(types.integer)),
  repartitionByRange_expressions: ({ simple }) =>
    simple.repartitionByRange(col('a').asc(), col('id').desc_nulls_first()),
  repartitionByRange_num_partitions_expressions: ({ simple }) =>
    simple.repartitionByRange(33, col('b'), col('id').desc_nulls_first()),
  repartition_expressions: ({ simple }) => simple.repartition(col('id'), col('b')),
  repartition_num_partitions_expressions: ({ simple }) => simple.repartition(22, col('a'), col('id')),
  replace: ({ simple }) => simple.na.replace(new Map([[1, 8]]), ['id']),
  rollup_string: ({ simple }) => simple.rollup('a', 'b').count(),
  sampleBy: ({ simple }) =>
    simple.stat.sampleBy(
      col('id'),
      new Map([
        [0, 0.1],
        [1, 0.2],
      ]),
      0,
    ),
  sample_fraction_seed: ({ simple }) => simple.sample(0.43, { seed: 9890823 }),
  sample_withReplacement_fraction_seed: ({ simple }) => simple.sample(0.23, { withReplacement: true, seed: 898 }),
  select_collated_string: ({ of }) => of('struct<s:string collate UTF8_LCASE>').select('s'),
  streaming_changes_API_with_options: (frames) =>
    streamReader(frames)
      .options({ startingVersion: 1, deduplicationMode: 'dropCarryovers' })
      .changes('tempdb.myStreamingTable'),
  streaming_table_API_with_options: (frames) =>
    streamReader(frames).options({ p1: 'v1', p2: 'v2' }).table('tempdb.myStreamingTable'),
  summary: ({ simple }) => simple.summary('mean', 'min'),
  table: (frames) => reader(frames).table('myTable'),
  table_API_with_options: (frames) => reader(frames).options({ p1: 'v1', p2: 'v2' }).table('tempdb.myTable'),
  test_broadcast: ({ simple, right }) => simple.join(f.broadcast(right), 'id'),
  to: ({ simple }) => simple.to(types.struct({ b: types.double, id: types.integer })),
  toJSON: ({ complex }) => complex.toJSON(),
  transpose_index_column: ({ simple }) => simple.transpose(col('id')),
  transpose_no_index_column: ({ simple }) => simple.transpose(),
  unpivot_no_values: ({ simple }) => simple.unpivot([col('id')], null, 'name', 'value'),
  unpivot_values: ({ simple }) => simple.unpivot([col('id'), col('a')], [col('b')], 'name', 'value'),
  withColumnRenamed_java_map: ({ simple }) => simple.withColumnsRenamed({ b: 'bravo', id: 'nid' }),
  withColumnRenamed_scala_map: ({ simple }) => simple.withColumnsRenamed({ a: 'alpha', b: 'beta' }),
  withColumnRenamed_single: ({ simple }) => simple.withColumnRenamed('id', 'nid'),
  withColumn_single: ({ simple }) => simple.withColumn('z', expr('a + 100')),
  withColumns_java_map: ({ simple }) => simple.withColumns({ a: lit('123'), g: col('id') }),
  withColumns_scala_map: ({ simple }) => simple.withColumns({ b: lit('redacted'), z: expr('a + 100') }),
  withMetadata: ({ simple }) => simple.withMetadata('id', { description: 'unique identifier' }),
  zipWithIndex: ({ simple }) => simple.zipWithIndex(),
  zipWithIndex_custom_column: ({ simple }) => simple.zipWithIndex('my_index'),
}
