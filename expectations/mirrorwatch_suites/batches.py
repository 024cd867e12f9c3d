"""The rows that each suite sees, bounded in number whatever the size of the night."""

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
    """The rows of one suite: every row of the dataset, or one in `every`."""

    dataset: str
    rows: pl.DataFrame
    every: int = 1

    def pandas(self) -> object:
        """Return a pandas frame as the engine takes it: decimals as floats, days as timestamps, UTC without zone."""
        return self.rows.select(
            pl.col(name).cast(pl.Float64) if dtype.is_decimal() else pl.col(name)
            for name, dtype in self.rows.schema.items()
        ).to_pandas()


def input_batches(work: Path, summary: StageSummary) -> Iterator[Batch]:
    """Give a batch for each dataset that the source gives, for what two of them tell together, and for the ledger."""
    for name in _AS_READ:
        if name not in summary.absent:
            yield Batch(name, _flat(as_read(work, name)), summary.datasets[name].suite_sees_one_in)
    ledger = table(work, "completeness")
    for name, rows in across({name: staged(work, name) for name in _AS_READ}, ledger, summary).items():
        yield Batch(name, _flat(rows))
    yield Batch("completeness", _flat(ledger))
    yield Batch("completeness_days", daily(ledger.collect(), summary))


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


def _flat(rows: pl.LazyFrame) -> pl.DataFrame:
    """Collect without the list columns, which no expectation looks into, and with instants as plain UTC."""
    schema = rows.collect_schema()
    plain = [name for name, dtype in schema.items() if not dtype.is_nested()]
    zoned = [name for name in plain if isinstance(schema[name], pl.Datetime)]
    return rows.select(plain).with_columns(pl.col(zoned).dt.replace_time_zone(None)).collect()
