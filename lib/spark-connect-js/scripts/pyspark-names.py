"""The public names of the PySpark that is installed, for test/support: `python pyspark-names.py functions` or `surface`."""
import inspect
import sys

from pyspark.sql.connect.catalog import Catalog
from pyspark.sql.connect.column import Column
from pyspark.sql.connect.conf import RuntimeConf
from pyspark.sql.connect.dataframe import DataFrame, DataFrameNaFunctions, DataFrameStatFunctions
from pyspark.sql.connect.group import GroupedData
from pyspark.sql.connect.merge import MergeIntoWriter
from pyspark.sql.connect.observation import Observation
from pyspark.sql.connect.readwriter import DataFrameReader, DataFrameWriter, DataFrameWriterV2
from pyspark.sql.connect.session import SparkSession
from pyspark.sql.connect.streaming.query import StreamingQuery, StreamingQueryManager
from pyspark.sql.connect.streaming.readwriter import DataStreamReader, DataStreamWriter
from pyspark.sql.connect.table_arg import TableArg
from pyspark.sql.connect.tvf import TableValuedFunction
from pyspark.sql.connect.window import Window, WindowSpec

CLASSES = [
    DataFrame, Column, SparkSession, SparkSession.Builder, Catalog, RuntimeConf, GroupedData, DataFrameReader,
    DataFrameWriter, DataFrameWriterV2, MergeIntoWriter, DataFrameNaFunctions, DataFrameStatFunctions, StreamingQuery,
    StreamingQueryManager, DataStreamReader, DataStreamWriter, TableValuedFunction, Window, WindowSpec, Observation,
    TableArg,
]

if sys.argv[1:] == ["functions"]:
    import pyspark.sql.functions

    print("\n".join(sorted(pyspark.sql.functions.__all__)))
else:
    for each in CLASSES:
        names = sorted(name for name, _ in inspect.getmembers(each) if not name.startswith("_"))
        print(f"{each.__name__}: {' '.join(names)}")
