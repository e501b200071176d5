import { type SparkSession, type StructType, types } from 'spark-connect-js'

const { date, integer, long, string } = types
const money = types.decimal(15, 2)

// The columns of TPC-H, the books of a shop that sells parts. Names are unique over all tables.
const region = types.struct({ r_regionkey: long, r_name: string, r_comment: string })
const nation = types.struct({ n_nationkey: long, n_name: string, n_regionkey: long, n_comment: string })
const supplier = types.struct({
  s_suppkey: long,
  s_name: string,
  s_address: string,
  s_nationkey: long,
  s_phone: string,
  s_acctbal: money,
  s_comment: string,
})
const customer = types.struct({
  c_custkey: long,
  c_name: string,
  c_address: string,
  c_nationkey: long,
  c_phone: string,
  c_acctbal: money,
  c_mktsegment: string,
  c_comment: string,
})
const part = types.struct({
  p_partkey: long,
  p_name: string,
  p_mfgr: string,
  p_brand: string,
  p_type: string,
  p_size: integer,
  p_container: string,
  p_retailprice: money,
  p_comment: string,
})
const partsupp = types.struct({
  ps_partkey: long,
  ps_suppkey: long,
  ps_availqty: integer,
  ps_supplycost: money,
  ps_comment: string,
})
const orders = types.struct({
  o_orderkey: long,
  o_custkey: long,
  o_orderstatus: string,
  o_totalprice: money,
  o_orderdate: date,
  o_orderpriority: string,
  o_clerk: string,
  o_shippriority: integer,
  o_comment: string,
})
const lineitem = types.struct({
  l_orderkey: long,
  l_partkey: long,
  l_suppkey: long,
  l_linenumber: integer,
  l_quantity: money,
  l_extendedprice: money,
  l_discount: money,
  l_tax: money,
  l_returnflag: string,
  l_linestatus: string,
  l_shipdate: date,
  l_commitdate: date,
  l_receiptdate: date,
  l_shipinstruct: string,
  l_shipmode: string,
  l_comment: string,
})

/** The tables of a folder of Parquet files: `lineitem.parquet`, `orders.parquet` and so on. */
export const readTables = (spark: SparkSession, folder: string) => {
  const read = <R>(name: string, schema: StructType<R>) =>
    spark.read.schema(schema).parquet(`${folder}/${name}.parquet`)
  return {
    region: read('region', region),
    nation: read('nation', nation),
    supplier: read('supplier', supplier),
    customer: read('customer', customer),
    part: read('part', part),
    partsupp: read('partsupp', partsupp),
    orders: read('orders', orders),
    lineitem: read('lineitem', lineitem),
  }
}

/** The eight tables as frames whose rows the compiler knows. */
export type Tables = ReturnType<typeof readTables>
