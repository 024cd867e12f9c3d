"""Transactions day by day: what was received, what became of it, and what the monitored rows look like.

All figures come from whole numbers that are counted or summed, so that none depends on the order of rows.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from mirrorwatch.contract import PROFILE
from mirrorwatch.intake.completeness import MONITORED, REJECTED
from mirrorwatch.intake.exposure import APPLIES_TO_CHANNELS
from mirrorwatch.intake.fx import RATE_SCALE, daily_rates
from mirrorwatch.intake.summary import StageSummary

# A median of many rows would need them all in memory. Amounts are counted in classes of a quarter octave instead (each
# 19 % wider than the one before), and the median is placed inside its class by rank.
_CLASSES = 4
# Columns whose emptiness says something of a delivery. The rest is empty by nature: few rows reverse another.
_TOLD_NULLS = ("branch_id", "branch_region", "conductor_party_id", "merchant_category", "purpose")
_CELL = ["booking_date", "channel", "class"]


def by_day(
    transactions: pl.LazyFrame, fx_rates: pl.LazyFrame, ledger: pl.DataFrame, summary: StageSummary
) -> list[pl.DataFrame]:
    """Return parts of PROFILE, in no order, from staged frames and COMPLETENESS; none where no row was read."""
    days = _days(ledger, summary)
    if not days:
        return []
    cells, rates = _cells(transactions), daily_rates(fx_rates.collect(), days)
    return [_received(ledger, days), _outcomes(ledger, cells, rates), _monitored(cells)]


def figures(frame: pl.DataFrame, dataset: str, metric: str, value: pl.Expr) -> pl.DataFrame:
    """Shape one metric's rows as PROFILE; `subject` and `detail` are null where the frame has none."""
    absent = {name: pl.lit(None, pl.String) for name in ("subject", "detail") if name not in frame.columns}
    told = frame.with_columns(dataset=pl.lit(dataset), metric=pl.lit(metric), value=value.cast(pl.Float64), **absent)
    return told.select(pl.col(name).cast(dtype) for name, dtype in PROFILE.items())


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
        figures(daily, "transactions", "row_count", pl.col("rows")),
        figures(some, "transactions", "rejected_fraction", pl.col("rejected") / pl.col("rows")),
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
        figures(told, "transactions", "outcome_rows", pl.col("rows")),
        figures(told, "transactions", "outcome_usd", usd_told),
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
        figures(days, "transactions", "amount_total", _dollars(pl.col("cents"))),
        figures(_medians(cells), "transactions", "amount_median", pl.col("median")),
        figures(channels, "transactions", "channel_share", pl.col("mine") / pl.col("rows")),
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
    return figures(named, "transactions", "null_fraction", pl.col(column) / pl.col("rows"))


def _dollars(cents: pl.Expr) -> pl.Expr:
    return cents.cast(pl.Float64) / 100
