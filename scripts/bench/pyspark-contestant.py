# What PySpark's client takes for the same query: prints {"seconds", "rows", "peakMb"}.
import json
import os
import resource
import time

from pyspark.sql import SparkSession

# PySpark sends a token without TLS to `localhost` only; to 127.0.0.1 it tries TLS for ten minutes.
remote = os.environ["BENCH_REMOTE"].replace("//127.0.0.1:", "//localhost:")
spark = SparkSession.builder.remote(remote).getOrCreate()
columns = json.loads(os.environ["BENCH_COLUMNS"])
wanted = int(os.environ["BENCH_ROWS"])
how = os.environ["BENCH_HOW"]


def measured(count):
    """Seconds and rows; what is to be sent is made before the clock starts."""
    frame = spark.range(count).selectExpr(*columns)
    local = frame.collect() if how == "createDataFrame" else []
    schema = frame.schema
    start = time.monotonic()
    if how == "collect":
        rows = len(frame.collect())
    elif how == "toArrow":
        rows = frame.toArrow().num_rows
    elif how == "createDataFrame":
        # The other way: rows of this program that the server is given and counts.
        rows = spark.createDataFrame(local, schema).count()
    else:
        rows = sum(1 for _ in frame.toLocalIterator())
    return time.monotonic() - start, rows


# A tenth first, as all contestants do.
measured(wanted // 10 + 1)
seconds, rows = measured(wanted)
print(json.dumps({"seconds": seconds, "rows": rows, "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
spark.stop()
