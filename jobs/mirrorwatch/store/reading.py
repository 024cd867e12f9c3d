"""Finds, lists and scans the night's input files, each row with the file and the 0-based row that it came from.

Files whose Parquet schemas are the same are scanned together, lazily; a row's number inside its own file is the scan's
running row number less the rows of the files before it, which their footers give.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

import polars as pl
from polars.exceptions import PolarsError

from mirrorwatch.contract import DATASETS, Dataset
from mirrorwatch.errors import InputError
from mirrorwatch.store.mapping import DatasetMapping, Mapping
from mirrorwatch.store.objects import Root

# Lineage columns of a scanned frame; the prefix keeps them apart from whatever the source calls its own columns.
ROW_KEY, PARTITION = "__mw_key", "__mw_partition"
_ADDRESS, _INDEX, _BASE, _NUMBER = "__mw_address", "__mw_index", "__mw_base", "__mw_number"
_ROW_BITS = 40  # a row key is file number * 2^40 + row: room for 8 million files of a trillion rows
_BOOKING_DATE = re.compile(r"booking_date=([^/]*)/")
_HIDDEN = re.compile(r"(^|/)[._]")  # what writers leave beside the data: _SUCCESS, .crc, _temporary


@dataclass(frozen=True)
class Window:
    """The booking dates that a night reads: the `lookback_days` days that end with `run_date`."""

    run_date: date
    lookback_days: int = 45

    @property
    def first(self) -> date:
        """First booking date inside the window."""
        return self.run_date - timedelta(days=self.lookback_days - 1)

    @property
    def days(self) -> list[date]:
        """Every date of the window, in order."""
        return [self.first + timedelta(days=offset) for offset in range(self.lookback_days)]


@dataclass(frozen=True)
class Source:
    """Where the night's input lies and, when it is not laid out as the contract says, how to read it."""

    data: str
    mapping: Mapping = field(default_factory=Mapping)
    storage_options: Table[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Root:
        """The data folder or prefix."""
        return Root(self.data, self.storage_options)


@dataclass(frozen=True)
class InputFile:
    """One file that the night reads: its dataset, path relative to the data folder, bytes and SHA-256."""

    dataset: str
    path: str
    bytes: int
    sha256: str = ""


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
        frame.with_columns(pl.col(ROW_KEY).floordiv(2**_ROW_BITS).alias(_NUMBER))
        .join(files, on=_NUMBER, how="left")
        .with_columns(pl.col(ROW_KEY).mod(2**_ROW_BITS).alias("source_row"))
        .drop(_NUMBER)
    )


def list_inputs(source: Source, window: Window) -> list[InputFile]:
    """List every file that a night over `window` reads, by dataset and path, hashed.

    Raises InputError that names the file or dataset: nothing to read, a folder in place of a file, a misplaced file.
    """
    return [
        InputFile(file.dataset, file.path, file.bytes, source.root.sha256(file.path))
        for file in find_files(source, window)
    ]


def find_files(source: Source, window: Window) -> list[InputFile]:
    """List the same files as `list_inputs`, without the hashes."""
    source.root.require()
    return [file for dataset in DATASETS for file in _dataset_files(source, window, dataset)]


def partition_date(path: str) -> date | None:
    """Return the date that a path's `booking_date=` folder names; None without one. Raises InputError for no date."""
    match = _BOOKING_DATE.search(path)
    if match is None:
        return None
    try:
        return date.fromisoformat(match.group(1))
    except ValueError as error:
        raise InputError(
            f"The partition folder booking_date={match.group(1)} does not name a date.",
            where=path,
            remedy="Name partition folders booking_date=YYYY-MM-DD, or move this one out of the data folder.",
        ) from error


def file_groups(source: Source, dataset: Dataset, files: Iterable[InputFile]) -> list[FileGroup]:
    """Group the dataset's files by Parquet schema, in path order. Raises InputError for a file that is not Parquet."""
    groups: dict[tuple[tuple[str, pl.DataType], ...], list[tuple[InputFile, int, int]]] = defaultdict(list)
    for number, file in enumerate(sorted(files, key=lambda file: file.path)):
        schema, rows = _footer(source, file)
        groups[tuple(schema.items())].append((file, rows, number))
    return [
        FileGroup(dataset, source, pl.Schema(schema), *zip(*members, strict=True)) for schema, members in groups.items()
    ]


def _footer(source: Source, file: InputFile) -> tuple[pl.Schema, int]:
    try:
        scan = pl.scan_parquet(
            source.root.address(file.path),
            hive_partitioning=False,
            glob=False,
            storage_options=dict(source.storage_options) or None,
        )
        return scan.collect_schema(), scan.select(pl.len()).collect().item()
    except (PolarsError, OSError) as error:
        raise InputError(
            "The file is not Parquet or is cut off: its footer cannot be read.",
            where=f"{file.path}, {file.bytes} bytes ({str(error).splitlines()[0]})",
            remedy="Deliver the file again, or remove it so that the night runs without it.",
        ) from error


def _dataset_files(source: Source, window: Window, dataset: Dataset) -> list[InputFile]:
    mapping = source.mapping.datasets.get(dataset.name)
    pattern = mapping.path if mapping else dataset.pattern
    fixed = pattern.split("*")[0].rpartition("/")[0]
    matches = _pattern(pattern)
    found = sorted((path, size) for path, size in source.root.files(fixed) if path.endswith(".parquet"))
    visible = [(path, size) for path, size in found if not _HIDDEN.search(path)]
    if mapping is None:
        _refuse_misplaced(dataset, [path for path, _ in visible if not matches.fullmatch(path)])
    chosen = [InputFile(dataset.name, path, size) for path, size in visible if matches.fullmatch(path)]
    for file in chosen:
        _refuse_folder(file)
    inside = [file for file in chosen if _inside(window, file.path)]
    if not inside and (dataset.required or mapping):
        raise _nothing_to_read(dataset, pattern, window, chosen)
    return inside


def _inside(window: Window, path: str) -> bool:
    day = partition_date(path)
    return day is None or window.first <= day <= window.run_date


def _pattern(pattern: str) -> re.Pattern[str]:
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern)), re.DOTALL
    )


def _refuse_misplaced(dataset: Dataset, paths: list[str]) -> None:
    if paths:
        raise InputError(
            f"{len(paths)} Parquet file(s) of {dataset.name} lie where the contract has none and would not be read.",
            where=paths[0],
            remedy=f"Move them to {dataset.pattern}, out of the data folder, or name their path in a mapping file.",
        )


def _refuse_folder(file: InputFile) -> None:
    if file.bytes < 0:
        raise InputError(
            "A folder stands where a Parquet file is expected.",
            where=file.path,
            remedy=f"Move the files inside it one level up, or give {file.dataset} a path pattern in a mapping file.",
        )


def _nothing_to_read(dataset: Dataset, pattern: str, window: Window, outside: list[InputFile]) -> InputError:
    if outside:
        return InputError(
            f"No {dataset.name} are booked from {window.first} to {window.run_date}.",
            where=f"{len(outside)} file(s) lie outside, {outside[0].path} to {outside[-1].path}",
            remedy="Choose a --date that the data covers, or deliver the missing partitions.",
        )
    return InputError(
        f"There is no file of {dataset.name}, which the night needs.",
        where=pattern,
        remedy="Deliver it below the data folder, or say in a mapping file where it lies.",
    )
