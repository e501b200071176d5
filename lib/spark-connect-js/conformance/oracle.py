"""PySpark's own plans for what Spark's golden plans lack: commands, subqueries, table functions, streams, the catalog.

Prints one line a plan: its name, a tab, the message `Plan` in base64. No server is needed. oracle.ts has the same queries.
"""
import base64
import warnings

warnings.simplefilter("ignore")

import pyspark.sql.connect.catalog as catalog_module
import pyspark.sql.connect.proto as proto
from pyspark.sql.connect import functions as F
from pyspark.sql.connect.client import SparkConnectClient
from pyspark.sql.connect.dataframe import DataFrame
from pyspark.sql.connect.plan import LocalRelation
from pyspark.sql.connect.session import SparkSession
from pyspark.sql.connect.window import Window


class Captured(Exception):
    def __init__(self, plan):
        self.plan = plan


client = SparkConnectClient("sc://localhost:1")
client._plan_compression_threshold, client._plan_compression_algorithm = -1, "NONE"
spark = SparkSession.__new__(SparkSession)
spark._client, spark._session_id = client, "00000000-0000-0000-0000-000000000000"


def capture_command(command, *args, **kwargs):
    raise Captured(proto.Plan(command=command))


def capture_catalog(self, plan):
    raise Captured(plan.to_proto(client))


client.execute_command = capture_command
client.execute_command_as_iterator = capture_command
catalog_module.Catalog._execute_and_fetch = capture_catalog


def frame(schema):
    return DataFrame(LocalRelation(None, schema=schema), spark)


def show(name, build):
    try:
        result = build()
        plan = result._plan.to_proto(client)
    except Captured as captured:
        plan = captured.plan
    print(f"{name}\t{base64.b64encode(plan.SerializeToString()).decode()}")


a = frame("struct<id:bigint,a:int,b:double>")
b = frame("struct<id:bigint,c:string,t:timestamp>")
xs = frame("struct<id:bigint,xs:array<int>,j:string>")
c = F.col

show("write_parquet", lambda: a.write.mode("overwrite").option("compression", "zstd").partitionBy("id").parquet("/p"))
show("write_save_default", lambda: a.write.save("/p"))
show("write_csv", lambda: a.write.format("csv").mode("append").save("/p"))
show("write_table", lambda: a.write.bucketBy(4, "id", "a").sortBy("b").mode("ignore").saveAsTable("db.t"))
show("write_insert", lambda: a.write.insertInto("t", overwrite=True))
show("write_cluster", lambda: a.write.clusterBy("id").saveAsTable("t"))
show("write_jdbc", lambda: a.write.jdbc("jdbc:x", "t", "append", {"user": "u"}))
show("v2_create", lambda: a.writeTo("t").using("parquet").tableProperty("k", "v").partitionedBy(F.years("t"), c("id")).create())
show("v2_append", lambda: a.writeTo("t").option("o", "1").append())
show("v2_overwrite", lambda: a.writeTo("t").overwrite(c("id") > 3))
show("v2_overwrite_partitions", lambda: a.writeTo("t").overwritePartitions())
show("v2_replace", lambda: a.writeTo("t").clusterBy("id").replace())
show("v2_create_or_replace", lambda: a.writeTo("t").using("orc").createOrReplace())
show(
    "merge",
    lambda: a.mergeInto("t", c("t.id") == c("s.id"))
    .whenMatched(c("s.a") > 1).update({"a": c("s.a")})
    .whenMatched().delete()
    .whenNotMatched().insert({"id": c("s.id"), "a": F.lit(0)})
    .whenNotMatchedBySource(c("t.b").isNull()).updateAll()
    .withSchemaEvolution()
    .merge(),
)
show("merge_all", lambda: a.mergeInto("t", c("t.id") == c("id")).whenMatched().updateAll().whenNotMatched().insertAll().merge())
show("view", lambda: a.createOrReplaceTempView("v"))
show("view_global", lambda: a.createGlobalTempView("v"))
show("scalar", lambda: a.select(c("id"), b.select(F.max("id")).scalar().alias("m")))
show("exists", lambda: a.filter(b.where(c("id").outer() == c("id")).exists()))
show("isin_frame", lambda: a.filter(c("id").isin(b.select("id"))))
show("lateral", lambda: a.lateralJoin(b.where(c("a").outer() == c("id")), how="left"))
show("nearest_by", lambda: a.nearestByJoin(b, F.abs(a.id - b.id), 2, mode="exact", direction="distance"))
show("transpose", lambda: a.transpose("id"))
show("observe", lambda: a.observe("m", F.count(F.lit(1)).alias("n"), F.max("id").alias("x")))
show("with_watermark", lambda: b.withWatermark("t", "10 minutes").dropDuplicatesWithinWatermark(["id"]))
show("hof", lambda: xs.select(F.transform("xs", lambda x, i: x + i), F.aggregate("xs", F.lit(0), lambda s, x: s + x)))
show("hof_nested", lambda: xs.select(F.exists("xs", lambda x: x > 1), F.filter("xs", lambda x: x.isNotNull())))
show("window", lambda: a.select(F.sum("a").over(Window.partitionBy("id").orderBy(F.desc("b")).rowsBetween(-1, Window.currentRow))))
show("tvf_explode", lambda: spark.tvf.explode(F.array(F.lit(1), F.lit(2))))
show("tvf_stack", lambda: spark.tvf.stack(F.lit(2), F.lit(1), F.lit(2)))
show("tvf_json_tuple", lambda: spark.tvf.json_tuple(F.lit("{}"), F.lit("a"), F.lit("b")))
show("tvf_collations", lambda: spark.tvf.collations())
show("read_changes", lambda: spark.read.option("startingVersion", "1").changes("t"))
show("read_jdbc", lambda: spark.read.jdbc("jdbc:x", "t", predicates=["id < 1", "id >= 1"], properties={"user": "u"}))
show("read_table", lambda: spark.read.option("k", "v").table("t"))
show("read_stream", lambda: spark.readStream.format("rate").option("rowsPerSecond", "5").load())
show("stream_start", lambda: b.writeStream.format("memory").queryName("q").outputMode("append").trigger(availableNow=True).start())
show("stream_table", lambda: b.writeStream.partitionBy("c").trigger(processingTime="5 seconds").option("checkpointLocation", "/c").toTable("t"))
show("stream_real_time", lambda: b.writeStream.format("kafka").trigger(realTime="5 minutes").start("/p"))
show("streams_active", lambda: spark.streams.active)
show("catalog_list_tables", lambda: spark.catalog.listTables("db", "p*"))
show("catalog_table_exists", lambda: spark.catalog.tableExists("t", "db"))
show("catalog_cache", lambda: spark.catalog.cacheTable("t"))
show("catalog_drop_view", lambda: spark.catalog.dropTempView("v"))
show("catalog_create_database", lambda: spark.catalog.createDatabase("d", ifNotExists=True, properties={"k": "v"}))
show("catalog_drop_table", lambda: spark.catalog.dropTable("t", ifExists=True, purge=True))
show("catalog_list_partitions", lambda: spark.catalog.listPartitions("t"))
show("catalog_functions", lambda: spark.catalog.listFunctions(pattern="a*"))
show("catalog_set_database", lambda: spark.catalog.setCurrentDatabase("d"))
show("sample_by", lambda: a.sampleBy("a", {0: 0.1, 1: 0.2}, seed=0))
show("random_split", lambda: a.randomSplit([1.0, 3.0], seed=7)[1])
show("na_replace", lambda: a.replace([1, 2], [10, 20], ["a"]))
show("unpivot", lambda: a.unpivot("id", ["a", "b"], "n", "v"))
show("grouping_sets", lambda: a.groupingSets([["id"], []], "id").agg(F.sum("a")))
show("pivot", lambda: a.groupBy("id").pivot("a", [1, 2]).agg(F.sum("b")))
show("checkpoint", lambda: a.checkpoint())
show("local_checkpoint", lambda: a.localCheckpoint(eager=False))
show("repartition_by_id", lambda: a.repartitionById(3, "id"))
show("zip_with_index", lambda: a.zipWithIndex())
