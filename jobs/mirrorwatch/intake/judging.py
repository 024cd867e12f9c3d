"""One dataset judged: what each row becomes is decided once, and everything that is written follows from that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from mirrorwatch.contract import COMPLETENESS, MONEY, QUARANTINE, ROW_KEY, TRANSACTIONS, Dataset
from mirrorwatch.intake.completeness import completeness
from mirrorwatch.intake.conform import FAULTS, absent_columns, reason_of_faults
from mirrorwatch.intake.decisions import compared_columns, decide, spine, suspects
from mirrorwatch.intake.quarantine import LARGEST_PART, quarantined
from mirrorwatch.intake.summary import DatasetSummary
from mirrorwatch.store.reading import FileGroup, file_number, with_lineage
from mirrorwatch.store.staging import STAGED_SCHEMAS, scan, sink, sink_each


@dataclass(frozen=True)
class Judgement:
    """A dataset's files and its judged rows, in as many frames as are best read one after the other."""

    dataset: Dataset
    groups: list[FileGroup]
    rows: Sequence[pl.LazyFrame]
    run_date: date


def judge(judgement: Judgement, work: Path) -> DatasetSummary:
    """Decide every row's fate and write staged rows, quarantine, completeness and the suites' rows."""
    dataset = judgement.dataset
    sink_each((spine(rows, dataset) for rows in judgement.rows), work / "scratch" / dataset.name)
    numbers = scan(work / "scratch" / dataset.name)
    count, unplaced = numbers.select(pl.len(), pl.col(ROW_KEY).null_count()).collect().row(0)
    if unplaced:
        raise RuntimeError(f"{unplaced} rows of {dataset.name} could not be laid to the file they came from")
    decisions = _decisions(judgement, numbers, count)
    _write_staged(judgement, decisions, work)
    _write_quarantine(judgement, decisions, work)
    if dataset is TRANSACTIONS:
        sink(completeness(numbers, decisions).lazy(), work / "completeness", COMPLETENESS)
    _write_suite_rows(judgement, work)
    return _summary(judgement, decisions, count)


def _decisions(judgement: Judgement, numbers: pl.LazyFrame, count: int) -> pl.DataFrame:
    suspected = suspects(numbers, count)
    columns = [rows.select(compared_columns(judgement.dataset)) for rows in judgement.rows]
    if suspected.is_empty():
        compared = [pl.DataFrame(schema=columns[0].collect_schema())]
    else:
        compared = [rows.join(suspected.lazy(), on=ROW_KEY, how="semi").collect() for rows in columns]
    return decide(numbers, pl.concat(compared), judgement.dataset)


def _write_staged(judgement: Judgement, decisions: pl.DataFrame, work: Path) -> None:
    schema = STAGED_SCHEMAS[judgement.dataset.name]
    columns = _contract_columns(judgement.dataset)
    kept = (rows.join(decisions.lazy(), on=ROW_KEY, how="anti").select(*columns, ROW_KEY) for rows in judgement.rows)
    known = (with_lineage(rows, judgement.groups).select(list(schema)) for rows in kept)
    sink_each(known, work / "staged" / judgement.dataset.name, schema)


def _contract_columns(dataset: Dataset) -> list[pl.Expr]:
    if dataset is TRANSACTIONS:
        return [pl.col(name) for name in STAGED_SCHEMAS[dataset.name] if not name.startswith("source_")]
    return [_in_units(column.name) if column.dtype == MONEY else pl.col(column.name) for column in dataset.columns]


def _in_units(money: str) -> pl.Expr:
    return (pl.col(f"{money}_minor").cast(pl.Decimal(38, 2)) / 100).cast(MONEY).alias(money)


def _write_quarantine(judgement: Judgement, decisions: pl.DataFrame, work: Path) -> None:
    rejected = decisions.filter(pl.col(FAULTS) != 0)
    for part, batch in enumerate(_batches(rejected)):
        files = batch.get_column("file").unique().to_list()
        frames = [
            quarantined(
                with_lineage(group.only(files).scan(), judgement.groups), group.schema, batch, judgement.dataset
            )
            for group in judgement.groups
            if not set(files).isdisjoint(group.numbers)
        ]
        rows = pl.concat(frames).sort("source_file", "source_row")
        sink(rows, work / "quarantine", QUARANTINE, name=f"{judgement.dataset.name}-{part:05d}.parquet")


def _batches(rejected: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut the rejected rows, by whole files, into batches of about LARGEST_PART rows."""
    numbered = rejected.sort(ROW_KEY).with_columns(file_number(pl.col(ROW_KEY)).alias("file"))
    counts = numbered.group_by("file").len().sort("file").with_columns(pl.col("len").cum_sum().alias("upto"))
    parts = counts.select("file", ((pl.col("upto") - 1) // LARGEST_PART).alias("part"))
    yield from numbered.join(parts, on="file", how="left", maintain_order="left").partition_by("part")


def _write_suite_rows(judgement: Judgement, work: Path) -> None:
    """Write the rows that the suites see: all of them; of transactions, those of the run date."""
    frames = judgement.rows
    columns = [
        _in_units(column.name) if column.dtype == MONEY else pl.col(column.name) for column in judgement.dataset.columns
    ]
    if judgement.dataset is TRANSACTIONS:
        tonight = pl.col("booking_date") == judgement.run_date
        frames = [rows.filter(tonight) for rows in frames]
        columns += [pl.col("booking_date"), pl.col("booked_at").dt.date().alias("booked_on")]
    sink_each((rows.select(columns) for rows in frames), work / "as_read" / judgement.dataset.name)


def _summary(judgement: Judgement, decisions: pl.DataFrame, count: int) -> DatasetSummary:
    dataset = judgement.dataset
    rejected = decisions.filter(pl.col(FAULTS) != 0)
    by_reason: dict[str, int] = {}
    for faults, rows in rejected.group_by(FAULTS).len().sort(FAULTS).iter_rows():
        code = reason_of_faults(dataset, faults)[0].code
        by_reason[code] = by_reason.get(code, 0) + rows
    return DatasetSummary(
        dataset=dataset.name,
        files=sum(len(group.files) for group in judgement.groups),
        rows_read=count,
        rows_kept=count - decisions.height,
        rows_rejected=rejected.height,
        rows_not_applicable=decisions.height - rejected.height,
        rejected_by_reason=dict(sorted(by_reason.items())),
        absent_columns=tuple(sorted(_absent(judgement))),
        unknown_columns=tuple(sorted(_unknown(judgement))),
        physical_types=_physical_types(judgement.groups),
    )


def _absent(judgement: Judgement) -> frozenset[str]:
    gone: frozenset[str] = frozenset()
    for group in judgement.groups:
        gone |= absent_columns(group.columns().collect_schema(), judgement.dataset)
    return gone


def _physical_types(groups: Sequence[FileGroup]) -> dict[str, dict[str, int]]:
    """Count the rows that have each column in each type, as the files have them, before any mapping."""
    counted: dict[str, dict[str, int]] = {}
    for group in groups:
        for column, dtype in group.schema.items():
            types = counted.setdefault(column, {})
            types[str(dtype)] = types.get(str(dtype), 0) + sum(group.rows)
    return counted


def _unknown(judgement: Judgement) -> frozenset[str]:
    """Return columns that lie beside the contract's own. What a mapping draws from, it says itself."""
    known = frozenset(judgement.dataset.schema)
    return frozenset(name for group in judgement.groups if group.mapping is None for name in group.schema) - known
