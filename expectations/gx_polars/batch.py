"""The rows of one batch: a lazy frame, and the way to name each of its rows again."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import polars as pl
from great_expectations.core.batch import BatchData

SOURCE_FILE = "source_file"
SOURCE_ROW = "source_row"
_POSITION = "__gx_polars_position"


class PolarsBatchData(BatchData):
    """A batch over a lazy frame; nothing is read before a metric asks for it."""

    def __init__(self, execution_engine: Any, frame: pl.LazyFrame, positioned: pl.LazyFrame | None = None) -> None:
        """Take the frame, and the same rows with SOURCE_FILE and a running position where they come from files."""
        super().__init__(execution_engine=execution_engine)
        self.frame = frame
        self._positioned = positioned

    @cached_property
    def schema(self) -> pl.Schema:
        """Return the columns that expectations may name."""
        return self.frame.collect_schema()

    @property
    def identity(self) -> tuple[str, ...]:
        """Return the columns that name a row: file and row in it, or the row's position in the frame."""
        return (SOURCE_ROW,) if self._positioned is None else (SOURCE_FILE, SOURCE_ROW)

    def with_position(self) -> pl.LazyFrame:
        """Return the rows with SOURCE_ROW counted over the whole batch, from 0."""
        if self._positioned is None:
            return self.frame.with_row_index(SOURCE_ROW)
        return self._positioned.rename({_POSITION: SOURCE_ROW})

    def within_files(self, sample: pl.DataFrame) -> pl.DataFrame:
        """Count SOURCE_ROW of a small sample from the start of each row's own file."""
        if self._positioned is None or sample.is_empty() or SOURCE_ROW not in sample.columns:
            return sample
        starts = self._starts(sample.get_column(SOURCE_FILE).unique().to_list())
        start = pl.col(SOURCE_FILE).replace_strict(starts, return_dtype=pl.Int64)
        return sample.with_columns(pl.col(SOURCE_ROW).cast(pl.Int64) - start)

    def _starts(self, files: Sequence[str]) -> dict[str, int]:
        assert self._positioned is not None  # noqa: S101 - within_files has looked
        known = self._positioned.filter(pl.col(SOURCE_FILE).is_in(list(files)))
        first = known.group_by(SOURCE_FILE).agg(pl.col(_POSITION).min()).collect()
        return dict(first.iter_rows())


def scan_files(
    source: str, partition: Mapping[str, str], execution_engine: Any, options: Mapping[str, Any]
) -> PolarsBatchData:
    """Scan Parquet files: a file, a folder or a pattern; of a hive folder only the partitions that are named.

    Raises ValueError for a partition key that the folder does not have.
    """
    frame = pl.scan_parquet(source, row_index_name=_POSITION, include_file_paths=SOURCE_FILE, **options)
    names = frame.collect_schema().names()
    unknown = sorted(set(partition) - set(names))
    if unknown:
        raise ValueError(f"{source} has no column {', '.join(unknown)} to choose a batch by")
    for name, value in partition.items():
        frame = frame.filter(pl.col(name).cast(pl.String) == value)
    return PolarsBatchData(execution_engine, frame.drop(_POSITION, SOURCE_FILE), frame)
