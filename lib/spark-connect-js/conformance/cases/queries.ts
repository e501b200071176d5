import { col, expr, functions as f, lit, types, Window, WindowSpec, when } from '../../src/index.ts'
import type { Cases } from '../frames.ts'

/** Columns and relations, by the name of Spark's golden plan. */
export const queryCases: Cases = {
  alias_string: ({ simple }) => simple.alias('fooz'),
  alias_symbol: ({ simple }) => simple.alias('bob'),
  as_string: ({ simple }) => simple.alias('foo'),
  as_symbol: ({ simple }) => simple.alias('bar'),
  between_expr: ({ simple }) => simple.select(expr('rand(123) BETWEEN 0.1 AND 0.2')),
  column_add: ({ complex }) => complex.select(col('a').plus(col('b'))),
  column_alias: ({ complex }) => complex.select(col('a').as('b')),
  column_and: ({ complex }) =>
    complex.select(
      col('a')
        .gt(lit(10))
        .and(col('b').lt(lit(0.5))),
    ),
  column_apply: ({ complex }) => complex.select(col('f').getItem('super_duper_key')),
  column_as_multi: ({ complex }) => complex.select(expr('inline(map_values(f))').as('v1', 'v2', 'v3')),
  column_asc: ({ complex }) => complex.orderBy(col('a').asc()),
  column_asc_nulls_first: ({ complex }) => complex.orderBy(col('a').asc()),
  column_asc_nulls_last: ({ complex }) => complex.orderBy(col('a').asc_nulls_last()),
  column_between: ({ complex }) =>
    complex.select(
      col('a')
        .geq(lit(10))
        .and(col('a').leq(lit(20))),
    ),
  column_bitwiseAND: ({ complex }) => complex.select(col('a').bitwiseAND(lit(255))),
  column_bitwiseOR: ({ complex }) => complex.select(col('a').bitwiseOR(lit(7))),
  column_bitwiseXOR: ({ complex }) => complex.select(col('a').bitwiseXOR(lit(78))),
  column_cast: ({ complex }) => complex.select(col('a').cast(types.long)),
  column_contains: ({ complex }) => complex.select(col('g').contains(lit('baz'))),
  column_desc: ({ complex }) => complex.orderBy(col('b').desc()),
  column_desc_nulls_first: ({ complex }) => complex.orderBy(col('b').desc_nulls_first()),
  column_desc_nulls_last: ({ complex }) => complex.orderBy(col('b').desc()),
  column_divide: ({ complex }) => complex.select(col('a').divide(col('b'))),
  column_dropFields: ({ complex }) => complex.select(col('d').dropFields('a').dropFields('c')),
  column_endsWith: ({ complex }) => complex.select(col('g').endsWith(lit('suffix_'))),
  column_eqNullSafe: ({ complex }) => complex.select(col('a').eqNullSafe(col('b'))),
  column_equals: ({ complex }) => complex.select(col('a').eq(col('b'))),
  column_geq: ({ complex }) => complex.select(col('a').geq(col('b'))),
  column_getField: ({ complex }) => complex.select(col('d').getItem('b')),
  column_getItem: ({ complex }) => complex.select(col('e').getItem(3)),
  column_gt: ({ complex }) => complex.select(col('a').gt(col('b'))),
  column_ilike: ({ complex }) => complex.select(col('g').like('%fOb%')),
  column_isNaN: ({ complex }) => complex.select(col('b').isNaN()),
  column_isNotNull: ({ complex }) => complex.select(col('g').isNotNull()),
  column_isNull: ({ complex }) => complex.select(col('g').isNull()),
  column_isin: ({ complex }) => complex.select(col('g').isin(lit('hello'), lit('world'), lit('foo'))),
  column_leq: ({ complex }) => complex.select(col('a').leq(col('b'))),
  column_like: ({ complex }) => complex.select(col('g').like('%bob%')),
  column_lt: ({ complex }) => complex.select(col('a').lt(col('b'))),
  column_modulo: ({ complex }) => complex.select(col('a').mod(lit(10))),
  column_multiply: ({ complex }) => complex.select(col('a').multiply(col('b'))),
  column_not: ({ complex }) => complex.select(lit(true).not()),
  column_not_equals: ({ complex }) => complex.select(col('a').eq(col('b')).not()),
  column_or: ({ complex }) =>
    complex.select(
      col('a')
        .gt(lit(10))
        .or(col('b').lt(lit(0.5))),
    ),
  column_rlike: ({ complex }) => complex.select(col('g').like('^[0-9]*$')),
  column_star: ({ complex }) => complex.select(col('*')),
  column_star_with_target: ({ complex }) => complex.select(col('d.*')),
  column_startsWith: ({ complex }) => complex.select(col('g').startsWith(lit('prefix_'))),
  column_substr: ({ complex }) => complex.select(f.substr(col('g'), lit(8), lit(3))),
  column_subtract: ({ complex }) => complex.select(col('a').minus(col('b'))),
  column_try_cast: ({ complex }) => complex.select(col('a').try_cast(types.long)),
  column_unary_minus: ({ complex }) => complex.select(lit(1).negate()),
  column_when_otherwise: ({ complex }) =>
    complex.select(
      when(col('a').lt(lit(10)), lit('low'))
        .when(col('a').lt(lit(20)), lit('medium'))
        .otherwise(lit('high')),
    ),
  column_withField: ({ complex }) => complex.select(col('d').withField('x', lit('xq'))),
  cube_column: ({ simple }) => simple.cube(col('a'), col('b')).agg(f.count(lit(1)).as('count')),
  distinct: ({ simple }) => simple.dropDuplicates(),
  dropDuplicates: ({ simple }) => simple.dropDuplicates(),
  dropDuplicates_names_array: ({ simple }) => simple.dropDuplicates('a', 'id'),
  dropDuplicates_names_seq: ({ simple }) => simple.dropDuplicates('a', 'b'),
  dropDuplicates_varargs: ({ simple }) => simple.dropDuplicates('a', 'b', 'id'),
  drop_multiple_column: ({ simple }) => simple.drop(col('b'), col('id')),
  drop_multiple_strings: ({ simple }) => simple.drop('id', 'a', 'b'),
  drop_single_column: ({ simple }) => simple.drop(col('b')),
  drop_single_string: ({ simple }) => simple.drop('a'),
  except: ({ simple }) => simple.subtract(simple),
  exceptAll: ({ simple }) => simple.exceptAll(simple),
  filter: ({ simple }) => simple.filter(col('id').eq(lit(10n))),
  filter_expr: ({ simple }) => simple.filter(expr('exp(a) < 10.0')),
  from_avro_with_options: ({ binary }) =>
    binary.select(
      f.from_avro(col('bytes'), '{"type": "int", "name": "id"}', { mode: 'FAILFAST', compression: 'zstandard' }),
    ),
  from_avro_without_options: ({ binary }) =>
    binary.select(f.from_avro(col('bytes'), '{"type": "string", "name": "name"}')),
  groupby_agg_columns: ({ simple }) => simple.groupBy(col('id')).agg(f.max(col('a')), f.sum(col('b'))),
  groupby_count: ({ simple }) => simple.groupBy(col('id')).agg(f.count(lit(1)).as('count')),
  hll_sketch_agg: ({ binary }) => binary.select(f.hll_sketch_agg(col('bytes'))),
  hll_sketch_agg_with_columnName: ({ binary }) => binary.select(f.hll_sketch_agg(col('bytes'))),
  hll_sketch_agg_with_columnName_lgConfigK_int: ({ binary }) => binary.select(f.hll_sketch_agg(col('bytes'), lit(0))),
  hll_sketch_agg_with_column_lgConfigK: ({ binary }) => binary.select(f.hll_sketch_agg(col('bytes'), lit(0))),
  hll_sketch_agg_with_column_lgConfigK_int: ({ binary }) => binary.select(f.hll_sketch_agg(col('bytes'), lit(0))),
  hll_union_agg: ({ binary }) => binary.select(f.hll_union_agg(col('bytes'))),
  hll_union_agg_with_columnName: ({ binary }) => binary.select(f.hll_union_agg(col('bytes'))),
  hll_union_agg_with_columnName_allowDifferentLgConfigK_boolean: ({ binary }) =>
    binary.select(f.hll_union_agg(col('bytes'), lit(false))),
  hll_union_agg_with_column_allowDifferentLgConfigK: ({ binary }) =>
    binary.select(f.hll_union_agg(col('bytes'), lit(false))),
  hll_union_agg_with_column_allowDifferentLgConfigK_boolean: ({ binary }) =>
    binary.select(f.hll_union_agg(col('bytes'), lit(false))),
  intersect: ({ simple }) => simple.intersect(simple),
  intersectAll: ({ simple }) => simple.intersectAll(simple),
  limit: ({ simple }) => simple.limit(10),
  offset: ({ simple }) => simple.offset(1000),
  orderBy_columns: ({ simple }) => simple.orderBy(col('id').asc(), col('b').asc(), col('a').asc()),
  orderBy_strings: ({ simple }) => simple.orderBy(col('b').asc(), col('id').asc(), col('a').asc()),
  rollup_column: ({ simple }) => simple.rollup(col('a'), col('b')).agg(f.count(lit(1)).as('count')),
  select: ({ simple }) => simple.select(col('id')),
  selectExpr: ({ simple }) => simple.select(expr('a + 10 as x'), expr('id % 10 as grp')),
  select_strings: ({ simple }) => simple.select(col('id'), col('a')),
  'select_typed_1-arg': ({ simple }) => simple.select(f.inline(f.array(f.struct(col('id'), col('a'))))),
  'select_typed_2-arg': ({ simple }) => simple.select(f.struct(col('id'), col('a')), f.struct(col('a'), col('b'))),
  'select_typed_3-arg': ({ simple }) =>
    simple.select(f.struct(col('id'), col('a')), f.struct(col('a'), col('b')), f.struct(col('id'), col('a'))),
  'select_typed_4-arg': ({ simple }) =>
    simple.select(
      f.struct(col('id'), col('a')),
      f.struct(col('id'), col('a')),
      f.struct(col('id'), col('a')),
      f.struct(col('id'), col('a')),
    ),
  'select_typed_5-arg': ({ simple }) =>
    simple.select(
      f.struct(col('id'), col('a')),
      f.struct(col('a'), col('b')),
      f.struct(col('id'), col('a')),
      f.struct(col('id'), col('a')),
      f.struct(col('a'), col('b')),
    ),
  sortWithinPartitions_columns: ({ simple }) => simple.sortWithinPartitions(col('id').asc(), col('b').asc()),
  sortWithinPartitions_strings: ({ simple }) => simple.sortWithinPartitions(col('a').asc(), col('id').asc()),
  sort_columns: ({ simple }) => simple.orderBy(col('id').asc(), col('b').asc()),
  sort_strings: ({ simple }) => simple.orderBy(col('b').asc(), col('a').asc()),
  toDF: ({ simple }) => simple.toDF('x1', 'x2', 'x3'),
  to_avro_with_schema: ({ simple }) => simple.select(f.to_avro(col('a'), '{"type": "int", "name": "id"}')),
  to_avro_without_schema: ({ simple }) => simple.select(f.to_avro(col('id'))),
  union: ({ simple }) => simple.union(simple),
  unionAll: ({ simple }) => simple.union(simple),
  unionByName: ({ right, simple }) => simple.drop('b').unionByName(right.drop('payload')),
  unionByName_allowMissingColumns: ({ right, simple }) => simple.unionByName(right, true),
  where_column: ({ simple }) => simple.filter(col('id').eq(lit(1n))),
  where_expr: ({ simple }) => simple.filter(expr('a + id < 1000')),
  width_bucket: ({ simple }) => simple.select(f.width_bucket(col('b'), col('b'), col('b'), col('a'))),
  window: ({ simple }) =>
    simple.select(
      f.min(col('id')).over(Window.partitionBy(col('a'), col('b'))),
      f.min(col('id')).over(Window.partitionBy(col('a'), col('b'))),
      f.min(col('id')).over(Window.orderBy(col('a').asc(), col('b').asc())),
      f.min(col('id')).over(Window.orderBy(col('a').asc(), col('b').asc())),
      f.min(col('id')).over(Window.orderBy(col('a').asc()).rowsBetween(2, 3)),
      f.min(col('id')).over(Window.orderBy(col('a').asc()).rangeBetween(2n, 3n)),
      f.count(col('id')).over(new WindowSpec()),
    ),
}
