"""The night's intake: read, conform, judge, and write what every later step draws from.

`stage(StageRequest(...), work)` writes below `work` (schemas in `contract`): `staged/<dataset>/` for every dataset,
`quarantine/`, `completeness/`, `blindness/`, and `summary.json`; and returns the same StageSummary that
`store.staging.read_summary(work)` reads back. It can run again over what an earlier, killed run left.
"""

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from mirrorwatch.contract import COMPLETENESS, DATASETS, MONEY, TRANSACTIONS, Dataset
from mirrorwatch.detectors.base import Detector
from mirrorwatch.intake.completeness import completeness
from mirrorwatch.intake.conform import FAULTS, absent_columns, conform
from mirrorwatch.intake.decisions import compared_columns, decide, judged, spine, suspects
from mirrorwatch.intake.fx import daily_rates, usd_minor
from mirrorwatch.intake.summary import DatasetSummary, StageSummary
from mirrorwatch.store.mapping import Mapping
from mirrorwatch.store.reading import (
    PARTITION,
    ROW_KEY,
    FileGroup,
    InputFile,
    Source,
    Window,
    file_groups,
    find_files,
    with_lineage,
)  # fmt: skip
from mirrorwatch.store.staging import STAGED_SCHEMAS, clear, empty, scan, sink, staged, write_summary


@dataclass(frozen=True)
class StageRequest:
    """What to read: a data folder or prefix, the run date and its lookback, and how to read foreign Parquet.

    `inputs` fixes the files (as `store.reading.list_inputs` found them); without it they are found anew.
    """

    data: str
    run_date: date
    lookback_days: int = 45
    mapping: Mapping = field(default_factory=Mapping)
    storage_options: Table[str, str] = field(default_factory=dict)
    inputs: Sequence[InputFile] | None = None

    @property
    def source(self) -> Source:
        """Where the files lie and how they are mapped."""
        return Source(self.data, self.mapping, self.storage_options)

    @property
    def window(self) -> Window:
        """The booking dates that are read."""
        return Window(self.run_date, self.lookback_days)


def stage(request: StageRequest, work: Path, detectors: Sequence[Detector] = ()) -> StageSummary:
    """Read and judge the night's input into `work`; `detectors` are those whose blindness is to be reported.

    Raises InputError (a file, column or dataset that cannot be read) and UsageError (a mapping that does not work).
    """
    del detectors
    clear(work)
    files = request.inputs if request.inputs is not None else find_files(request.source, request.window)
    summaries = {}
    for dataset in sorted(DATASETS, key=lambda dataset: dataset is TRANSACTIONS):  # transactions need the rates
        mine = [file for file in files if file.dataset == dataset.name]
        summaries[dataset.name] = _stage_dataset(request, work, dataset, mine)
    summary = StageSummary(run_date=request.run_date, first_date=request.window.first, datasets=summaries)
    write_summary(work, summary)
    return summary


def _stage_dataset(request: StageRequest, work: Path, dataset: Dataset, files: list[InputFile]) -> DatasetSummary:
    if not files:
        sink(empty(dataset.name), work / "staged" / dataset.name, STAGED_SCHEMAS[dataset.name])
        return DatasetSummary(dataset=dataset.name)
    groups = file_groups(request.source, dataset, files)
    rows = judged(_conformed(request, work, groups), dataset)
    sink(spine(rows, dataset), work / "scratch" / "spine")
    numbers = scan(work / "scratch" / "spine")
    count = numbers.select(pl.len()).collect().item()
    suspected = suspects(numbers, count)
    compared = rows.select(compared_columns(dataset)).join(suspected.lazy(), on=ROW_KEY, how="semi").collect()
    decisions = decide(numbers, compared, dataset)
    kept = with_lineage(rows.join(decisions.lazy(), on=ROW_KEY, how="anti"), groups)
    sink(kept.select(_staged_columns(dataset)), work / "staged" / dataset.name, STAGED_SCHEMAS[dataset.name])
    if dataset is TRANSACTIONS:
        sink(completeness(numbers, decisions).lazy(), work / "completeness", COMPLETENESS)
    rejected = decisions.filter(pl.col(FAULTS) != 0).height
    return DatasetSummary(
        dataset=dataset.name,
        files=len(files),
        rows_read=count,
        rows_kept=count - decisions.height,
        rows_rejected=rejected,
        rows_not_applicable=decisions.height - rejected,
        absent_columns=tuple(sorted({name for group in groups for name in absent_columns(group.schema, dataset)})),
    )


def _conformed(request: StageRequest, work: Path, groups: list[FileGroup]) -> pl.LazyFrame:
    dataset = groups[0].dataset
    frames = [
        conform(group.scan(), group.schema, dataset, [ROW_KEY, PARTITION], where=group.files[0].path)
        for group in groups
    ]
    rows = pl.concat(frames)
    return _in_usd(rows, request, work) if dataset is TRANSACTIONS else rows


def _in_usd(rows: pl.LazyFrame, request: StageRequest, work: Path) -> pl.LazyFrame:
    rates = daily_rates(staged(work, "fx_rates").collect(), request.window.days)
    day = pl.coalesce(PARTITION, pl.col("booked_at").dt.date()).alias("booking_date")
    return (
        rows.with_columns(day)
        .join(rates.lazy(), on=["booking_date", "currency"], how="left")
        .with_columns(usd_minor().alias("usd_minor"))
    )


def _staged_columns(dataset: Dataset) -> list[pl.Expr]:
    if dataset is TRANSACTIONS:
        return [pl.col(name) for name in STAGED_SCHEMAS["transactions"]]
    columns = [
        (pl.col(f"{column.name}_minor").cast(pl.Decimal(38, 2)) / 100).cast(MONEY).alias(column.name)
        if column.dtype == MONEY
        else pl.col(column.name)
        for column in dataset.columns
    ]
    return [*columns, pl.col("source_file"), pl.col("source_row")]
