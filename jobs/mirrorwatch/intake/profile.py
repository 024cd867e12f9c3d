"""A night's figures, small enough to keep for years: what was received day by day, and what each dataset looked like.

All figures come from whole numbers that are counted or summed, so that none depends on the order of rows.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from mirrorwatch.contract import DATASETS, PROFILE, TRANSACTIONS
from mirrorwatch.intake.exposure import APPLIES_TO_PARTIES
from mirrorwatch.intake.profile_days import by_day, figures
from mirrorwatch.intake.summary import StageSummary

# What tells how fresh a dataset is.
_NEWEST = {"fx_rates": "rate_date", "control_totals": "booking_date", "trade_documents": "issued_on"}


def profile(frames: Mapping[str, pl.LazyFrame], ledger: pl.DataFrame, summary: StageSummary) -> pl.DataFrame:
    """Return PROFILE of a night, sorted. `frames` are staged frames by dataset, `ledger` is COMPLETENESS."""
    parts = [_types(summary), *(_snapshot(name, frames[name], summary) for name in _given(summary))]
    parts += by_day(frames["transactions"], frames["fx_rates"], ledger, summary)
    return _in_order(pl.concat(parts), summary.run_date)


def _given(summary: StageSummary) -> list[str]:
    return [dataset.name for dataset in DATASETS if dataset is not TRANSACTIONS and dataset.name not in summary.absent]


def _snapshot(dataset: str, frame: pl.LazyFrame, summary: StageSummary) -> pl.DataFrame:
    """Tell rows, rejected part, nulls and age of a dataset that is delivered whole each night."""
    told, on = summary.datasets[dataset], pl.lit(summary.run_date).alias("booking_date")
    read = pl.DataFrame({"rows": [told.rows_read], "rejected": [told.rows_rejected]}).with_columns(on)
    parts = [figures(read, dataset, "row_count", pl.col("rows"))]
    if told.rows_read:
        parts.append(figures(read, dataset, "rejected_fraction", pl.col("rejected") / pl.col("rows")))
    counts = frame.select(
        *_null_counts(dataset), *([pl.col(_NEWEST[dataset]).max().alias("newest")] if dataset in _NEWEST else [])
    ).collect()
    if dataset in _NEWEST and isinstance(newest := counts["newest"].item(), date):
        aged = read.with_columns(age=pl.lit((summary.run_date - newest).days))
        parts.append(figures(aged, dataset, "age_days", pl.col("age")))
    return pl.concat([*parts, *_null_fractions(dataset, counts, summary.run_date)])


def _null_counts(dataset: str) -> list[pl.Expr]:
    """Count rows that each nullable column applies to, and its nulls among them."""
    columns = next(each for each in DATASETS if each.name == dataset).columns
    counted = []
    for column in (column.name for column in columns if column.nullable):
        kind = APPLIES_TO_PARTIES.get(column) if dataset == "parties" else None
        applies = (pl.col("party_type") == kind).fill_null(value=False) if kind else pl.lit(value=True)
        counted += [
            pl.col(column).filter(applies).len().alias(f"rows:{column}") if kind else pl.len().alias(f"rows:{column}"),
            (applies & pl.col(column).is_null()).sum().alias(f"nulls:{column}"),
        ]
    return counted


def _null_fractions(dataset: str, counts: pl.DataFrame, run_date: date) -> list[pl.DataFrame]:
    names = [name.removeprefix("rows:") for name in counts.columns if name.startswith("rows:")]
    rows = [(run_date, name, counts[f"rows:{name}"].item(), counts[f"nulls:{name}"].item()) for name in names]
    schema = {"booking_date": pl.Date, "subject": pl.String, "rows": pl.Int64, "nulls": pl.Int64}
    some = pl.DataFrame(rows, schema=schema, orient="row").filter(pl.col("rows") > 0)
    return [figures(some, dataset, "null_fraction", pl.col("nulls") / pl.col("rows"))]


def _types(summary: StageSummary) -> pl.DataFrame:
    rows = [
        (name, summary.run_date, "physical_type", column, dtype, float(count), told.rows_read)
        for name, told in summary.datasets.items()
        for column, types in told.physical_types.items()
        for dtype, count in types.items()
    ]
    return pl.DataFrame(rows, schema=PROFILE, orient="row")


def _in_order(rows: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Add the age of the newest booking, which the days tell, and sort."""
    newest = rows.filter(pl.col("metric") == "row_count", pl.col("dataset") == "transactions", pl.col("value") > 0)
    if isinstance(day := newest["booking_date"].max(), date):
        aged = pl.DataFrame({"booking_date": [run_date], "rows": [newest["rows"].sum()]})
        rows = pl.concat([rows, figures(aged, "transactions", "age_days", pl.lit((run_date - day).days))])
    return rows.sort("dataset", "metric", "subject", "detail", "booking_date", nulls_last=False)
