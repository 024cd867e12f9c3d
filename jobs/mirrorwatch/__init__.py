"""mirrorwatch finds how drug money moves through banks, once a night, from Parquet to report."""

__version__ = "0.1.0"
