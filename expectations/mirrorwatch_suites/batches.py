"""The rows that each suite sees: all of them, as lazy frames that nobody has to hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mirrorwatch.contract import DATASETS
from mirrorwatch.intake.completeness import NOT_APPLICABLE_OUTCOME, REJECTED
from mirrorwatch.intake.summary import StageSummary
from mirrorwatch.store.staging import as_read, staged, table
from mirrorwatch_suites.across import across
from mirrorwatch_suites.outputs import alert_rows, case_rows

_AS_READ = tuple(dataset.name for dataset in DATASETS)


@dataclass(frozen=True)
class Batch:
    """The rows of one suite."""

    dataset: str
    rows: pl.LazyFrame


def input_batches(work: Path, summary: StageSummary) -> Iterator[Batch]:
    """Give a batch for each dataset that the source gives, for what two of them tell together, and for the ledger."""
    for name in _AS_READ:
        if name not in summary.absent:
            yield Batch(name, _flat(as_read(work, name)))
    ledger = table(work, "completeness")
    for name, rows in across({name: staged(work, name) for name in _AS_READ}, ledger, summary).items():
        yield Batch(name, _flat(rows))
    yield Batch("completeness", _flat(ledger))
    yield Batch("completeness_days", daily(ledger.collect(), summary).lazy())


def output_batches(work: Path) -> Iterator[Batch]:
    """Give a batch for the alerts and one for the cases."""
    alerts, cases = table(work, "alerts"), table(work, "cases")
    yield Batch("alerts", _flat(alert_rows(alerts, cases, staged(work, "transactions"))))
    yield Batch("cases", _flat(case_rows(cases, alerts)))


def daily(ledger: pl.DataFrame, summary: StageSummary) -> pl.DataFrame:
    """Sum the ledger by booking date; every date of the window has a row."""
    rows = pl.col("row_count")
    days = pl.date_range(summary.first_date, summary.run_date, eager=True).alias("booking_date").to_frame()
    summed = ledger.group_by("booking_date").agg(
        rows.sum().alias("rows_read"),
        *(rows.filter(outcome=outcome).sum().alias(outcome) for outcome in _OUTCOMES),
    )
    median = summed.filter(pl.col("rows_read") > 0).get_column("rows_read").median()
    return (
        days.join(summed, on="booking_date", how="left")
        .with_columns(pl.col("rows_read", *_OUTCOMES).fill_null(0))
        .select(
            "booking_date",
            "rows_read",
            pl.sum_horizontal(_OUTCOMES).alias("rows_accounted"),
            _share(REJECTED).alias("rejected_fraction"),
            _share(NOT_APPLICABLE_OUTCOME).alias("set_aside_fraction"),
            (pl.col("rows_read") / pl.lit(median, dtype=pl.Float64)).alias("volume_ratio"),
        )
        .sort("booking_date")
    )


_OUTCOMES = ("monitored", REJECTED, NOT_APPLICABLE_OUTCOME)


def _share(outcome: str) -> pl.Expr:
    return pl.when(pl.col("rows_read") > 0).then(pl.col(outcome) / pl.col("rows_read"))


def _flat(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Leave out the list columns, which no expectation looks into; give instants as plain UTC, and days as midnight.

    The run date, with which suites compare, is a moment: Great Expectations does not compare a day with a moment.
    """
    schema = rows.collect_schema()
    plain = [name for name, dtype in schema.items() if not dtype.is_nested()]
    days = pl.col(name for name in plain if schema[name] == pl.Date).cast(pl.Datetime("us"))
    moments = pl.col(name for name in plain if isinstance(schema[name], pl.Datetime)).dt.replace_time_zone(None)
    return rows.select(plain).with_columns(days, moments)
