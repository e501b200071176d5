// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import type { Geo } from '../types/index.ts'
import { type ColumnArg, fn, type NullsOf, type NumberArg, type ValueArg, value } from './call.ts'

/** `hll_sketch_agg(col, lgConfigK)`: a HyperLogLog sketch of the values. */
export const hll_sketch_agg = (col: ColumnArg, lgConfigK?: ValueArg<number>): Column<Uint8Array> =>
  fn('hll_sketch_agg', [col, value(lgConfigK)])

/** `hll_union_agg(col, allowDifferentLgConfigK)`: HyperLogLog sketches merged. */
export const hll_union_agg = (col: ColumnArg, allowDifferentLgConfigK?: ValueArg<boolean>): Column<Uint8Array> =>
  fn('hll_union_agg', [col, value(allowDifferentLgConfigK)])

/** `hll_sketch_estimate(col)`: about how many different values a sketch has seen. */
export const hll_sketch_estimate = <A extends ColumnArg>(col: A): Column<bigint | NullsOf<A>> =>
  fn('hll_sketch_estimate', [col])

/** `hll_union(col1, col2, allowDifferentLgConfigK)`: two HyperLogLog sketches merged. */
export const hll_union = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  allowDifferentLgConfigK?: ValueArg<boolean>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('hll_union', [col1, col2, value(allowDifferentLgConfigK)])

/** `kll_sketch_agg_bigint(col, k)`: a KLL sketch of whole numbers. */
export const kll_sketch_agg_bigint = (col: NumberArg, k?: ValueArg<number>): Column<Uint8Array> =>
  fn('kll_sketch_agg_bigint', [col, value(k)])

/** `kll_sketch_agg_double(col, k)`: a KLL sketch of doubles. */
export const kll_sketch_agg_double = (col: NumberArg, k?: ValueArg<number>): Column<Uint8Array> =>
  fn('kll_sketch_agg_double', [col, value(k)])

/** `kll_sketch_agg_float(col, k)`: a KLL sketch of floats. */
export const kll_sketch_agg_float = (col: NumberArg, k?: ValueArg<number>): Column<Uint8Array> =>
  fn('kll_sketch_agg_float', [col, value(k)])

/** `kll_merge_agg_bigint(col, k)`: KLL sketches of whole numbers merged. */
export const kll_merge_agg_bigint = (col: ColumnArg, k?: ValueArg<number>): Column<Uint8Array> =>
  fn('kll_merge_agg_bigint', [col, value(k)])

/** `kll_merge_agg_double(col, k)`: KLL sketches of doubles merged. */
export const kll_merge_agg_double = (col: ColumnArg, k?: ValueArg<number>): Column<Uint8Array> =>
  fn('kll_merge_agg_double', [col, value(k)])

/** `kll_merge_agg_float(col, k)`: KLL sketches of floats merged. */
export const kll_merge_agg_float = (col: ColumnArg, k?: ValueArg<number>): Column<Uint8Array> =>
  fn('kll_merge_agg_float', [col, value(k)])

/** `kll_sketch_get_n_bigint(col)`: how many values a sketch has seen. */
export const kll_sketch_get_n_bigint = <A extends ColumnArg>(col: A): Column<bigint | NullsOf<A>> =>
  fn('kll_sketch_get_n_bigint', [col])

/** `kll_sketch_get_n_double(col)`: how many values a sketch has seen. */
export const kll_sketch_get_n_double = <A extends ColumnArg>(col: A): Column<bigint | NullsOf<A>> =>
  fn('kll_sketch_get_n_double', [col])

/** `kll_sketch_get_n_float(col)`: how many values a sketch has seen. */
export const kll_sketch_get_n_float = <A extends ColumnArg>(col: A): Column<bigint | NullsOf<A>> =>
  fn('kll_sketch_get_n_float', [col])

/** `kll_sketch_get_quantile_bigint(sketch, rank)`: the value at a rank from 0 to 1. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const kll_sketch_get_quantile_bigint = (sketch: ColumnArg, rank: ColumnArg): Column<any> =>
  fn('kll_sketch_get_quantile_bigint', [sketch, rank])

/** `kll_sketch_get_quantile_double(sketch, rank)`: the value at a rank from 0 to 1. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const kll_sketch_get_quantile_double = (sketch: ColumnArg, rank: ColumnArg): Column<any> =>
  fn('kll_sketch_get_quantile_double', [sketch, rank])

/** `kll_sketch_get_quantile_float(sketch, rank)`: the value at a rank from 0 to 1. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const kll_sketch_get_quantile_float = (sketch: ColumnArg, rank: ColumnArg): Column<any> =>
  fn('kll_sketch_get_quantile_float', [sketch, rank])

/** `kll_sketch_get_rank_bigint(sketch, quantile)`: the rank of a value, from 0 to 1. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const kll_sketch_get_rank_bigint = (sketch: ColumnArg, quantile: ColumnArg): Column<any> =>
  fn('kll_sketch_get_rank_bigint', [sketch, quantile])

/** `kll_sketch_get_rank_double(sketch, quantile)`: the rank of a value, from 0 to 1. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const kll_sketch_get_rank_double = (sketch: ColumnArg, quantile: ColumnArg): Column<any> =>
  fn('kll_sketch_get_rank_double', [sketch, quantile])

/** `kll_sketch_get_rank_float(sketch, quantile)`: the rank of a value, from 0 to 1. */
// biome-ignore lint/suspicious/noExplicitAny: the result depends on the values
export const kll_sketch_get_rank_float = (sketch: ColumnArg, quantile: ColumnArg): Column<any> =>
  fn('kll_sketch_get_rank_float', [sketch, quantile])

/** `kll_sketch_merge_bigint(left, right)`: two sketches merged. */
export const kll_sketch_merge_bigint = <A extends ColumnArg, B extends ColumnArg>(
  left: A,
  right: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('kll_sketch_merge_bigint', [left, right])

/** `kll_sketch_merge_double(left, right)`: two sketches merged. */
export const kll_sketch_merge_double = <A extends ColumnArg, B extends ColumnArg>(
  left: A,
  right: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('kll_sketch_merge_double', [left, right])

/** `kll_sketch_merge_float(left, right)`: two sketches merged. */
export const kll_sketch_merge_float = <A extends ColumnArg, B extends ColumnArg>(
  left: A,
  right: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('kll_sketch_merge_float', [left, right])

/** `kll_sketch_to_string_bigint(col)`: a sketch as text for people. */
export const kll_sketch_to_string_bigint = <A extends ColumnArg>(col: A): Column<string | NullsOf<A>> =>
  fn('kll_sketch_to_string_bigint', [col])

/** `kll_sketch_to_string_double(col)`: a sketch as text for people. */
export const kll_sketch_to_string_double = <A extends ColumnArg>(col: A): Column<string | NullsOf<A>> =>
  fn('kll_sketch_to_string_double', [col])

/** `kll_sketch_to_string_float(col)`: a sketch as text for people. */
export const kll_sketch_to_string_float = <A extends ColumnArg>(col: A): Column<string | NullsOf<A>> =>
  fn('kll_sketch_to_string_float', [col])

/** `theta_intersection_agg(col)`: intersection of theta sketches. */
export const theta_intersection_agg = (col: ColumnArg): Column<Uint8Array> => fn('theta_intersection_agg', [col])

/** `theta_sketch_agg(col, lgNomEntries)`: a theta sketch of the values. */
export const theta_sketch_agg = (col: ColumnArg, lgNomEntries?: ValueArg<number>): Column<Uint8Array> =>
  fn('theta_sketch_agg', [col, value(lgNomEntries)])

/** `theta_union_agg(col, lgNomEntries)`: union of theta sketches. */
export const theta_union_agg = (col: ColumnArg, lgNomEntries?: ValueArg<number>): Column<Uint8Array> =>
  fn('theta_union_agg', [col, value(lgNomEntries)])

/** `theta_difference(col1, col2)`: values that only the first sketch has seen. */
export const theta_difference = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('theta_difference', [col1, col2])

/** `theta_intersection(col1, col2)`: values that both sketches have seen. */
export const theta_intersection = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('theta_intersection', [col1, col2])

/** `theta_sketch_estimate(col)`: about how many different values a sketch has seen. */
export const theta_sketch_estimate = <A extends ColumnArg>(col: A): Column<bigint | NullsOf<A>> =>
  fn('theta_sketch_estimate', [col])

/** `theta_union(col1, col2, lgNomEntries)`: values that either sketch has seen. */
export const theta_union = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  lgNomEntries?: ValueArg<number>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('theta_union', [col1, col2, value(lgNomEntries)])

/** `tuple_intersection_agg_double(col, mode)`: intersection of tuple sketches. */
export const tuple_intersection_agg_double = (col: ColumnArg, mode?: ValueArg<string>): Column<Uint8Array> =>
  fn('tuple_intersection_agg_double', [col, value(mode)])

/** `tuple_intersection_agg_integer(col, mode)`: intersection of tuple sketches. */
export const tuple_intersection_agg_integer = (col: ColumnArg, mode?: ValueArg<string>): Column<Uint8Array> =>
  fn('tuple_intersection_agg_integer', [col, value(mode)])

/** `tuple_sketch_agg_double(key, summary, lgNomEntries, mode)`: a tuple sketch of keys with a summary. */
export const tuple_sketch_agg_double = (
  key: ColumnArg,
  summary: ColumnArg,
  lgNomEntries?: ValueArg<number>,
  mode?: ValueArg<string>,
): Column<Uint8Array> => fn('tuple_sketch_agg_double', [key, summary, value(lgNomEntries), value(mode)])

/** `tuple_sketch_agg_integer(key, summary, lgNomEntries, mode)`: a tuple sketch of keys with a summary. */
export const tuple_sketch_agg_integer = (
  key: ColumnArg,
  summary: ColumnArg,
  lgNomEntries?: ValueArg<number>,
  mode?: ValueArg<string>,
): Column<Uint8Array> => fn('tuple_sketch_agg_integer', [key, summary, value(lgNomEntries), value(mode)])

/** `tuple_union_agg_double(col, lgNomEntries, mode)`: union of tuple sketches. */
export const tuple_union_agg_double = (
  col: ColumnArg,
  lgNomEntries?: ValueArg<number>,
  mode?: ValueArg<string>,
): Column<Uint8Array> => fn('tuple_union_agg_double', [col, value(lgNomEntries), value(mode)])

/** `tuple_union_agg_integer(col, lgNomEntries, mode)`: union of tuple sketches. */
export const tuple_union_agg_integer = (
  col: ColumnArg,
  lgNomEntries?: ValueArg<number>,
  mode?: ValueArg<string>,
): Column<Uint8Array> => fn('tuple_union_agg_integer', [col, value(lgNomEntries), value(mode)])

/** `tuple_difference_double(col1, col2)`: keys that only the first sketch has seen. */
export const tuple_difference_double = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('tuple_difference_double', [col1, col2])

/** `tuple_difference_integer(col1, col2)`: keys that only the first sketch has seen. */
export const tuple_difference_integer = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('tuple_difference_integer', [col1, col2])

/** `tuple_difference_theta_double(col1, col2)`: keys that a theta sketch has not seen. */
export const tuple_difference_theta_double = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('tuple_difference_theta_double', [col1, col2])

/** `tuple_difference_theta_integer(col1, col2)`: keys that a theta sketch has not seen. */
export const tuple_difference_theta_integer = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('tuple_difference_theta_integer', [col1, col2])

/** `tuple_intersection_double(col1, col2, mode)`: keys that both sketches have seen. */
export const tuple_intersection_double = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  mode?: ValueArg<string>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('tuple_intersection_double', [col1, col2, value(mode)])

/** `tuple_intersection_integer(col1, col2, mode)`: keys that both sketches have seen. */
export const tuple_intersection_integer = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  mode?: ValueArg<string>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('tuple_intersection_integer', [col1, col2, value(mode)])

/** `tuple_intersection_theta_double(col1, col2, mode)`: keys that a theta sketch has seen too. */
export const tuple_intersection_theta_double = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  mode?: ValueArg<string>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('tuple_intersection_theta_double', [col1, col2, value(mode)])

/** `tuple_intersection_theta_integer(col1, col2, mode)`: keys that a theta sketch has seen too. */
export const tuple_intersection_theta_integer = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  mode?: ValueArg<string>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('tuple_intersection_theta_integer', [col1, col2, value(mode)])

/** `tuple_sketch_estimate_double(col)`: about how many different keys a sketch has seen. */
export const tuple_sketch_estimate_double = <A extends ColumnArg>(col: A): Column<number | NullsOf<A>> =>
  fn('tuple_sketch_estimate_double', [col])

/** `tuple_sketch_estimate_integer(col)`: about how many different keys a sketch has seen. */
export const tuple_sketch_estimate_integer = <A extends ColumnArg>(col: A): Column<number | NullsOf<A>> =>
  fn('tuple_sketch_estimate_integer', [col])

/** `tuple_sketch_summary_double(col, mode)`: the summary over all keys. */
export const tuple_sketch_summary_double = <A extends ColumnArg>(
  col: A,
  mode?: ValueArg<string>,
): Column<number | NullsOf<A>> => fn('tuple_sketch_summary_double', [col, value(mode)])

/** `tuple_sketch_summary_integer(col, mode)`: the summary over all keys. */
export const tuple_sketch_summary_integer = <A extends ColumnArg>(
  col: A,
  mode?: ValueArg<string>,
): Column<bigint | NullsOf<A>> => fn('tuple_sketch_summary_integer', [col, value(mode)])

/** `tuple_sketch_theta_double(col)`: the sampling rate of a sketch. */
export const tuple_sketch_theta_double = <A extends ColumnArg>(col: A): Column<number | NullsOf<A>> =>
  fn('tuple_sketch_theta_double', [col])

/** `tuple_sketch_theta_integer(col)`: the sampling rate of a sketch. */
export const tuple_sketch_theta_integer = <A extends ColumnArg>(col: A): Column<number | NullsOf<A>> =>
  fn('tuple_sketch_theta_integer', [col])

/** `tuple_union_double(col1, col2, lgNomEntries, mode)`: keys that either sketch has seen. */
export const tuple_union_double = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  lgNomEntries?: ValueArg<number>,
  mode?: ValueArg<string>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> =>
  fn('tuple_union_double', [col1, col2, value(lgNomEntries), value(mode)])

/** `tuple_union_integer(col1, col2, lgNomEntries, mode)`: keys that either sketch has seen. */
export const tuple_union_integer = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  lgNomEntries?: ValueArg<number>,
  mode?: ValueArg<string>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> =>
  fn('tuple_union_integer', [col1, col2, value(lgNomEntries), value(mode)])

/** `tuple_union_theta_double(col1, col2, lgNomEntries, mode)`: keys of a tuple or a theta sketch. */
export const tuple_union_theta_double = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  lgNomEntries?: ValueArg<number>,
  mode?: ValueArg<string>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> =>
  fn('tuple_union_theta_double', [col1, col2, value(lgNomEntries), value(mode)])

/** `tuple_union_theta_integer(col1, col2, lgNomEntries, mode)`: keys of a tuple or a theta sketch. */
export const tuple_union_theta_integer = <A extends ColumnArg, B extends ColumnArg>(
  col1: A,
  col2: B,
  lgNomEntries?: ValueArg<number>,
  mode?: ValueArg<string>,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> =>
  fn('tuple_union_theta_integer', [col1, col2, value(lgNomEntries), value(mode)])

/** `count_min_sketch(col, eps, confidence, seed)`: a count-min sketch of the values. */
export const count_min_sketch = (
  col: ColumnArg,
  eps: ValueArg<number>,
  confidence: ValueArg<number>,
  seed: ValueArg<number> | bigint,
): Column<Uint8Array> => fn('count_min_sketch', [col, value(eps), value(confidence), value(seed)])

/** `st_asbinary(geo, endianness)`: a geometry as well-known binary. */
export const st_asbinary = <A extends ColumnArg, B extends ColumnArg = never>(
  geo: A,
  endianness?: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('st_asbinary', [geo, endianness])

/** `st_geogfromwkb(wkb)`: well-known binary as a geography. */
export const st_geogfromwkb = <A extends ColumnArg>(wkb: A): Column<Geo | NullsOf<A>> => fn('st_geogfromwkb', [wkb])

/** `st_geomfromwkb(wkb, srid)`: well-known binary as a geometry. */
export const st_geomfromwkb = <A extends ColumnArg, B extends NumberArg = never>(
  wkb: A,
  srid?: B,
): Column<Geo | NullsOf<A> | NullsOf<B>> => fn('st_geomfromwkb', [wkb, srid])

/** `st_setsrid(geo, srid)`: with another reference system. */
export const st_setsrid = <A extends ColumnArg, B extends NumberArg>(
  geo: A,
  srid: B,
): Column<Geo | NullsOf<A> | NullsOf<B>> => fn('st_setsrid', [geo, srid])

/** `st_srid(geo)`: id of the reference system. */
export const st_srid = <A extends ColumnArg>(geo: A): Column<number | NullsOf<A>> => fn('st_srid', [geo])
