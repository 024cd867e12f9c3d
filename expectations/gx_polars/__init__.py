"""A Great Expectations execution engine on Polars: ordinary suites over lazy frames and folders of Parquet files.

Importing this package adds `context.data_sources.add_polars`. It needs Great Expectations 1.24, Polars and nothing of
what lies beside it.
"""

from gx_polars.batch import SOURCE_FILE, SOURCE_ROW, PolarsBatchData
from gx_polars.datasource import PolarsDatasource, PolarsFrameAsset, PolarsParquetAsset, add_polars
from gx_polars.engine import PolarsExecutionEngine
from gx_polars.expectations import (
    ExpectColumnTypeToBe,
    ExpectColumnValuesToBeInTypeList,
    ExpectColumnValuesToBeOfType,
)

__all__ = [
    "SOURCE_FILE",
    "SOURCE_ROW",
    "ExpectColumnTypeToBe",
    "ExpectColumnValuesToBeInTypeList",
    "ExpectColumnValuesToBeOfType",
    "PolarsBatchData",
    "PolarsDatasource",
    "PolarsExecutionEngine",
    "PolarsFrameAsset",
    "PolarsParquetAsset",
    "add_polars",
]
