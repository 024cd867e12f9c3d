"""Scans the night's input files, each row with a key that says which file and which row of it it came from.

Files whose Parquet schemas are the same are scanned together, lazily; a row's number inside its own file is the scan's
running row number less the rows of the files before it, which their footers give.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

import polars as pl

from mirrorwatch.contract import PARTITION, ROW_KEY, Dataset
from mirrorwatch.store.damage import BROKEN, unreadable
from mirrorwatch.store.finding import InputFile, Source, Window, find_files, list_inputs, partition_date
from mirrorwatch.store.mapping import DatasetMapping, mapped_columns, row_filter

__all__ = [
    "FileGroup", "InputFile", "Source", "Window", "file_groups", "file_number", "find_files", "list_inputs",
    "row_number", "with_lineage",
]  # fmt: skip

# The prefix keeps these apart from whatever the source calls its own columns.
_ADDRESS, _INDEX, _BASE, _NUMBER = "__mw_address", "__mw_index", "__mw_base", "__mw_number"
_ROW_BITS = 40  # a row key is file number * 2^40 + row: room for 8 million files of a trillion rows


@dataclass(frozen=True)
class FileGroup:
    """Files of one dataset with one Parquet schema, with their rows and their numbers among the dataset's files."""

    dataset: Dataset
    source: Source
    schema: pl.Schema
    files: tuple[InputFile, ...]
    rows: tuple[int, ...]
    numbers: tuple[int, ...]

    @property
    def mapping(self) -> DatasetMapping | None:
        """The dataset's mapping, when there is one."""
        return self.source.mapping.datasets.get(self.dataset.name)

    def scan(self) -> pl.LazyFrame:
        """Return the rows as read, with ROW_KEY and PARTITION.

        ROW_KEY (Int64) is unique in the dataset and ordered by file, then row; `with_lineage` spells it out.
        PARTITION is the booking_date of the file's folder, null where files are not partitioned.
        """
        frame = pl.scan_parquet(
            [self.source.root.address(file.path) for file in self.files],
            hive_partitioning=False,
            glob=False,
            storage_options=dict(self.source.storage_options) or None,
            include_file_paths=_ADDRESS,
            row_index_name=_INDEX,
        )
        key = pl.col(_INDEX).cast(pl.Int64) + pl.col(_BASE)
        return (
            frame.join(self._table().lazy(), on=_ADDRESS, how="left")
            .with_columns(key.alias(ROW_KEY))
            .drop(_ADDRESS, _INDEX, _BASE)
        )

    def columns(self) -> pl.LazyFrame:
        """Return the contract's columns that the files give, still in their own types, with ROW_KEY and PARTITION.

        A mapping's expressions and `where` are applied. Raises UsageError for an expression that does not work.
        """
        mapping, lineage = self.mapping, [ROW_KEY, PARTITION]
        if mapping is None:
            return self.scan().select(*(name for name in self.dataset.schema if name in self.schema), *lineage)
        rows, wanted = self.scan(), row_filter(self.dataset.name, mapping, self.schema)
        chosen = rows if wanted is None else rows.filter(wanted)
        return chosen.select(*mapped_columns(self.dataset.name, mapping, self.schema), *lineage)

    def only(self, numbers: Iterable[int]) -> "FileGroup":
        """Return the group with no other files than those `numbers`."""
        wanted = frozenset(numbers)
        kept = [member for member in zip(self.files, self.rows, self.numbers, strict=True) if member[2] in wanted]
        return _group(self.dataset, self.source, self.schema, kept)

    def _table(self) -> pl.DataFrame:
        starts = [0, *accumulate(self.rows)][:-1]
        columns = {
            _ADDRESS: [self.source.root.address(file.path) for file in self.files],
            _BASE: [(number << _ROW_BITS) - start for number, start in zip(self.numbers, starts, strict=True)],
            PARTITION: [partition_date(file.path) for file in self.files],
        }
        return pl.DataFrame(columns, schema={_ADDRESS: pl.String, _BASE: pl.Int64, PARTITION: pl.Date})


def with_lineage(frame: pl.LazyFrame, groups: Iterable[FileGroup]) -> pl.LazyFrame:
    """Return `frame` with its ROW_KEY spelt out as source_file (String) and source_row (Int64)."""
    pairs = [(number, file.path) for group in groups for number, file in zip(group.numbers, group.files, strict=True)]
    files = pl.LazyFrame(pairs, schema={_NUMBER: pl.Int64, "source_file": pl.String}, orient="row")
    return (
        frame.with_columns(file_number(pl.col(ROW_KEY)).alias(_NUMBER))
        .join(files, on=_NUMBER, how="left")
        .with_columns(row_number(pl.col(ROW_KEY)).alias("source_row"))
        .drop(_NUMBER)
    )


def file_groups(source: Source, dataset: Dataset, files: Iterable[InputFile]) -> list[FileGroup]:
    """Group the dataset's files by Parquet schema, in path order. Raises InputError for a file that is not Parquet."""
    groups: dict[tuple[tuple[str, pl.DataType], ...], list[tuple[InputFile, int, int]]] = defaultdict(list)
    for number, file in enumerate(sorted(files, key=lambda file: file.path)):
        schema, rows = _footer(source, file)
        groups[tuple(schema.items())].append((file, rows, number))
    return [_group(dataset, source, pl.Schema(schema), members) for schema, members in groups.items()]


def file_number(key: pl.Expr) -> pl.Expr:
    """Return the number, among its dataset's files, of the file that a ROW_KEY lies in."""
    return key.floordiv(2**_ROW_BITS)


def row_number(key: pl.Expr) -> pl.Expr:
    """Return the 0-based row, inside its file, of a ROW_KEY."""
    return key.mod(2**_ROW_BITS)


def _group(dataset: Dataset, source: Source, schema: pl.Schema, members: list[tuple[InputFile, int, int]]) -> FileGroup:
    files, rows, numbers = zip(*members, strict=True)
    return FileGroup(dataset, source, schema, files, rows, numbers)


def _footer(source: Source, file: InputFile) -> tuple[pl.Schema, int]:
    try:
        scan = pl.scan_parquet(
            source.root.address(file.path),
            hive_partitioning=False,
            glob=False,
            storage_options=dict(source.storage_options) or None,
        )
        return scan.collect_schema(), scan.select(pl.len()).collect().item()
    except BROKEN as error:
        raise unreadable(source.root, file, error) from error
