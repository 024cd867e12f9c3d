"""A night's figures, small enough to keep for years: what was received day by day, and what each dataset looked like.

All figures come from whole numbers that are counted or summed, so that none depends on the order of rows.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from mirrorwatch.contract import DATASETS, PROFILE, TRANSACTIONS
from mirrorwatch.intake.completeness import MONITORED, REJECTED
from mirrorwatch.intake.exposure import APPLIES_TO_CHANNELS, APPLIES_TO_PARTIES
from mirrorwatch.intake.fx import RATE_SCALE, daily_rates
from mirrorwatch.intake.summary import StageSummary

# A median of many rows would need them all in memory. Amounts are counted in classes of a quarter octave instead (each
# 19 % wider than the one before), and the median is placed inside its class by rank.
_CLASSES = 4
# Columns whose emptiness says something of a delivery. The rest is empty by nature: few rows reverse another.
_TOLD_NULLS = ("branch_id", "branch_region", "conductor_party_id", "merchant_category", "purpose")
# What tells how fresh a dataset is.
_NEWEST = {"fx_rates": "rate_date", "control_totals": "booking_date", "trade_documents": "issued_on"}
_CELL = ["booking_date", "channel", "class"]


def profile(frames: Mapping[str, pl.LazyFrame], ledger: pl.DataFrame, summary: StageSummary) -> pl.DataFrame:
    """Return PROFILE of a night, sorted. `frames` are staged frames by dataset, `ledger` is COMPLETENESS."""
    days = _days(ledger, summary)
    cells = _cells(frames["transactions"]) if days else pl.DataFrame()
    parts = [_types(summary), *(_snapshot(name, frames[name], summary) for name in _given(summary))]
    if days:
        rates = daily_rates(frames["fx_rates"].collect(), days)
        parts += [_received(ledger, days), _outcomes(ledger, cells, rates), _monitored(cells)]
    return _in_order(pl.concat(parts), summary.run_date)


def _given(summary: StageSummary) -> list[str]:
    return [dataset.name for dataset in DATASETS if dataset is not TRANSACTIONS and dataset.name not in summary.absent]


def _days(ledger: pl.DataFrame, summary: StageSummary) -> Sequence[date]:
    """List the window's days from the first with any row on: before it the source gave nothing, rather than none."""
    first = ledger.filter(pl.col("row_count") > 0)["booking_date"].min()
    if not isinstance(first, date):
        return []
    first = max(first, summary.first_date)
    return [first + timedelta(days=offset) for offset in range((summary.run_date - first).days + 1)]


def _cells(transactions: pl.LazyFrame) -> pl.DataFrame:
    """Count monitored rows, cents and nulls by day, channel and class of amount: the one pass over the bookings."""
    return (
        transactions.select(
            "booking_date",
            "channel",
            (pl.col("usd_minor").clip(1).log(2) * _CLASSES).floor().cast(pl.Int64).alias("class"),
            "usd_minor",
            *_TOLD_NULLS,
        )
        .group_by(_CELL)
        .agg(
            pl.len().cast(pl.Int64).alias("rows"),
            pl.col("usd_minor").cast(pl.Int128).sum().alias("cents"),
            pl.col(_TOLD_NULLS).null_count().cast(pl.Int64),
        )
        .sort(_CELL)
        .collect()
    )


def _received(ledger: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """Rows read a day, also where there were none, and the part of them that was rejected."""
    rows = pl.col("row_count")
    read = ledger.group_by("booking_date").agg(
        rows.sum().alias("rows"), rows.filter(outcome=REJECTED).sum().alias("rejected")
    )
    daily = pl.DataFrame({"booking_date": days}).join(read, on="booking_date", how="left").fill_null(0)
    some = daily.filter(pl.col("rows") > 0)
    return pl.concat([
        _told(daily, "transactions", "row_count", pl.col("rows")),
        _told(some, "transactions", "rejected_fraction", pl.col("rejected") / pl.col("rows")),
    ])  # fmt: skip


def _outcomes(ledger: pl.DataFrame, cells: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """Rows and US dollars a day by outcome and reason; null dollars where an amount or a rate is lacking."""
    key = ["booking_date", "outcome", "reason"]
    usd = pl.col("total_amount").cast(pl.Float64) * pl.col("usd_per_unit_scaled").cast(pl.Float64) / RATE_SCALE
    counted = (
        ledger.join(rates, on=["booking_date", "currency"], how="left")
        .sort("currency", nulls_last=True)
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("row_count").sum().alias("rows"),
            pl.when(usd.is_not_null().all()).then(usd.round(2).sum()).alias("usd"),
        )
    )
    exact = cells.group_by("booking_date").agg(_dollars(pl.col("cents").sum()).alias("exact"))
    usd_told = pl.when(outcome=MONITORED).then(pl.col("exact")).otherwise(pl.col("usd"))
    told = counted.join(exact, on="booking_date", how="left").with_columns(
        subject=pl.col("outcome"), detail=pl.col("reason")
    )
    return pl.concat([
        _told(told, "transactions", "outcome_rows", pl.col("rows")),
        _told(told, "transactions", "outcome_usd", usd_told),
    ])  # fmt: skip


def _monitored(cells: pl.DataFrame) -> pl.DataFrame:
    """Sum, median, channels and nulls of the monitored rows of each day."""
    days = cells.group_by("booking_date").agg(pl.col("rows", "cents").sum())
    channels = (
        days.select("booking_date", pl.col("rows").alias("all"))
        .join(cells.select(pl.col("channel").alias("subject")).unique(), how="cross")
        .join(
            cells.group_by("booking_date", pl.col("channel").alias("subject")).agg(pl.col("rows").sum().alias("mine")),
            on=["booking_date", "subject"],
            how="left",
        )
        .select("booking_date", "subject", pl.col("all").alias("rows"), pl.col("mine").fill_null(0))
    )
    return pl.concat([
        _told(days, "transactions", "amount_total", _dollars(pl.col("cents"))),
        _told(_medians(cells), "transactions", "amount_median", pl.col("median")),
        _told(channels, "transactions", "channel_share", pl.col("mine") / pl.col("rows")),
        *(_nulls_of(cells, column) for column in _TOLD_NULLS),
    ])  # fmt: skip


def _medians(cells: pl.DataFrame) -> pl.DataFrame:
    """Place each day's median inside the class of amounts that holds the middle row, by its rank there."""
    by_class = cells.group_by("booking_date", "class").agg(pl.col("rows").sum()).sort("booking_date", "class")
    upto, middle = pl.col("rows").cum_sum().over("booking_date"), pl.col("rows").sum().over("booking_date") / 2
    placed = by_class.with_columns(upto=upto, middle=middle, all=pl.col("rows").sum().over("booking_date"))
    inside = (pl.col("middle") - pl.col("upto") + pl.col("rows")) / pl.col("rows")
    return (
        placed.filter(pl.col("upto") >= pl.col("middle"))
        .group_by("booking_date", maintain_order=True)
        .first()
        .select(
            "booking_date",
            pl.col("all").alias("rows"),
            (pl.lit(2.0).pow((pl.col("class") + inside) / _CLASSES) / 100).round(4).alias("median"),
        )
    )


def _nulls_of(cells: pl.DataFrame, column: str) -> pl.DataFrame:
    """Part of a day's rows without `column`, of those it applies to."""
    channels = APPLIES_TO_CHANNELS.get(column)
    mine = cells.filter(pl.col("channel").is_in(list(channels))) if channels else cells
    counted = mine.group_by("booking_date").agg(pl.col("rows", column).sum())
    named = counted.with_columns(subject=pl.lit(column))
    return _told(named, "transactions", "null_fraction", pl.col(column) / pl.col("rows"))


def _snapshot(dataset: str, frame: pl.LazyFrame, summary: StageSummary) -> pl.DataFrame:
    """Tell rows, rejected part, nulls and age of a dataset that is delivered whole each night."""
    told, on = summary.datasets[dataset], pl.lit(summary.run_date).alias("booking_date")
    read = pl.DataFrame({"rows": [told.rows_read], "rejected": [told.rows_rejected]}).with_columns(on)
    parts = [_told(read, dataset, "row_count", pl.col("rows"))]
    if told.rows_read:
        parts.append(_told(read, dataset, "rejected_fraction", pl.col("rejected") / pl.col("rows")))
    counts = frame.select(
        *_null_counts(dataset), *([pl.col(_NEWEST[dataset]).max().alias("newest")] if dataset in _NEWEST else [])
    ).collect()
    if dataset in _NEWEST and isinstance(newest := counts["newest"].item(), date):
        aged = read.with_columns(age=pl.lit((summary.run_date - newest).days))
        parts.append(_told(aged, dataset, "age_days", pl.col("age")))
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
    return [_told(some, dataset, "null_fraction", pl.col("nulls") / pl.col("rows"))]


def _types(summary: StageSummary) -> pl.DataFrame:
    rows = [
        (name, summary.run_date, "physical_type", column, dtype, float(count), told.rows_read)
        for name, told in summary.datasets.items()
        for column, types in told.physical_types.items()
        for dtype, count in types.items()
    ]
    return pl.DataFrame(rows, schema=PROFILE, orient="row")


def _told(frame: pl.DataFrame, dataset: str, metric: str, value: pl.Expr) -> pl.DataFrame:
    """Shape one metric's rows as PROFILE; `subject` and `detail` are null where the frame has none."""
    absent = {name: pl.lit(None, pl.String) for name in ("subject", "detail") if name not in frame.columns}
    told = frame.with_columns(dataset=pl.lit(dataset), metric=pl.lit(metric), value=value.cast(pl.Float64), **absent)
    return told.select(pl.col(name).cast(dtype) for name, dtype in PROFILE.items())


def _in_order(rows: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Add the age of the newest booking, which the days tell, and sort."""
    newest = rows.filter(pl.col("metric") == "row_count", pl.col("dataset") == "transactions", pl.col("value") > 0)
    if isinstance(day := newest["booking_date"].max(), date):
        aged = pl.DataFrame({"booking_date": [run_date], "rows": [newest["rows"].sum()]})
        rows = pl.concat([rows, _told(aged, "transactions", "age_days", pl.lit((run_date - day).days))])
    return rows.sort("dataset", "metric", "subject", "detail", "booking_date", nulls_last=False)


def _dollars(cents: pl.Expr) -> pl.Expr:
    return cents.cast(pl.Float64) / 100
