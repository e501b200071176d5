# What PySpark's client takes for the same query: prints {"seconds", "rows", "peakMb"}.
import json
import os
import resource
import time

from pyspark.sql import SparkSession

spark = SparkSession.builder.remote(os.environ["BENCH_REMOTE"]).getOrCreate()
frame = spark.range(int(os.environ["BENCH_ROWS"])).selectExpr(*json.loads(os.environ["BENCH_COLUMNS"]))
spark.range(1).collect()
how = os.environ["BENCH_HOW"]
# The other way: rows of this program that the server is given and counts.
local = frame.collect() if how == "createDataFrame" else []
schema = frame.schema
start = time.monotonic()
if how == "collect":
    rows = len(frame.collect())
elif how == "toArrow":
    rows = frame.toArrow().num_rows
elif how == "createDataFrame":
    rows = spark.createDataFrame(local, schema).count()
else:
    rows = sum(1 for _ in frame.toLocalIterator())
seconds = time.monotonic() - start
print(json.dumps({"seconds": seconds, "rows": rows, "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
spark.stop()
