"""Which files and rows to look at first when the night's input is bad: what a gate's message and the log name."""

from datetime import date

import polars as pl

from mirrorwatch.contract import DATASETS, QUARANTINE, TRANSACTIONS
from mirrorwatch.intake.summary import StageSummary, read_summary
from mirrorwatch.night.recording import Json, differing, read_inputs
from mirrorwatch.store.layout import Work
from mirrorwatch.store.staging import scan

_NAMED = 3  # of each sort: a message is read on a telephone at night, and the tables hold the rest


def culprits(work: Work, run_date: date) -> tuple[str, ...]:
    """Return sentences that name files, columns and rows, most rows first; none for input without a fault."""
    inputs, summary = read_inputs(work), read_summary(work.root)
    return (
        *_without_rows(inputs, summary, run_date),
        *_twice(inputs),
        *_renamed(summary),
        *_off_their_totals(work),
        *_rejected(scan(work.table("quarantine")).match_to_schema(QUARANTINE)),
    )


def _without_rows(inputs: list[Json], summary: StageSummary, run_date: date) -> list[str]:
    """Tell what lies there of the run date, or of a needed dataset, of which no row was read."""
    folder = f"/booking_date={run_date}/"
    found = []
    for dataset in DATASETS:
        paths = [str(entry["path"]) for entry in inputs if entry["dataset"] == dataset.name]
        if dataset is TRANSACTIONS and not summary.run_date_rows:
            tonight = [path for path in paths if folder in path]
            found.append(f"{tonight[0]} has no row." if tonight else f"There is no file in transactions{folder}.")
        elif dataset.required and not summary.datasets[dataset.name].rows_read:
            found.append(f"{paths[0]} has no row.")
    return found


def _twice(inputs: list[Json]) -> list[str]:
    """Name files that are byte for byte another file of their dataset."""
    first: dict[tuple[str, str], str] = {}
    found = []
    for entry in sorted(inputs, key=lambda entry: str(entry["path"])):
        path, key = entry["path"], (entry["dataset"], entry["sha256"])
        if first.setdefault(key, path) != path:
            found.append(f"{path} is byte for byte {first[key]}: one of them is to go.")
    return _shortened(found, "files are")


def _renamed(summary: StageSummary) -> list[str]:
    """Name columns that nobody reads where the contract's own are missing: they may be those by another name."""
    return [
        f"{name}: {', '.join(found.absent_columns)} missing in some file, while nobody reads "
        f"{', '.join(found.unknown_columns)}: map {'it' if len(found.unknown_columns) == 1 else 'them'} if renamed."
        for name, found in summary.datasets.items()
        if found.absent_columns and found.unknown_columns
    ]


def _off_their_totals(work: Work) -> list[str]:
    """Name days and currencies of which other rows were read than the source says it sent."""
    found = [
        f"control_totals: of {day} in {currency}, {sent} rows of {amount_sent} were sent, {read} of {amount_read} read."
        for day, currency, read, amount_read, sent, amount_sent in differing(work.root)
        .select("booking_date", "currency", "rows_read", "amount_read", "rows_sent", "amount_sent")
        .iter_rows()
    ]
    return _shortened(found, "control totals are")


def _rejected(quarantine: pl.LazyFrame) -> list[str]:
    """Name, for each reason with the most rows, its first row."""
    file, row = pl.col("source_file"), pl.col("source_row")
    counted = (
        quarantine.select("dataset", "source_file", "source_row", reason=pl.col("reasons").list.first())
        .group_by("dataset", "reason")
        .agg(pl.len().alias("rows"), file.min(), row.filter(file == file.min()).min())
        .sort(pl.col("rows"), "dataset", "reason", descending=[True, False, False])
        .collect()
    )
    found = [
        f"{dataset}: {rows:,} row{'s' if rows > 1 else ''} rejected, {reason}; the first is row {row} of {path}."
        for dataset, reason, rows, path, row in counted.iter_rows()
    ]
    return _shortened(found, "reasons are")


def _shortened(found: list[str], what: str) -> list[str]:
    more = len(found) - _NAMED
    return [*found[:_NAMED], *([f"{more} more {what} of this sort."] if more > 0 else [])]
