"""Bookings that no detector sees: days without any, rows that were rejected, had no rate, or never came."""

from collections.abc import Iterator

import polars as pl

from mirrorwatch.intake import blindness_words as words
from mirrorwatch.intake.checks import NO_FX_RATE
from mirrorwatch.intake.completeness import REJECTED, reconciliation
from mirrorwatch.intake.fx import daily_rates, usd_minor
from mirrorwatch.intake.gaps import EVERY_DETECTOR, Night, Row


def unmonitored(night: Night) -> Iterator[Row]:
    """Give a row for each way in which bookings were not monitored; null figures could not be told."""
    summary = night.summary
    if missing := summary.days_without_rows:
        told = f"Days of the window without a booking: {len(missing)} ({words.days(missing)})."
        yield (EVERY_DETECTOR, "missing_days", told, None, None)
    if summary.transactions.rows_rejected:
        share = words.rejected(summary.transactions, "bookings")
        told = f"{share} were rejected; quarantine holds them. In USD are those whose amount and rate are known."
        yield (EVERY_DETECTOR, "rejected_rows", told, None, _usd(night, night.ledger.filter(outcome=REJECTED)))
    if "control_totals" in summary.absent:
        told = "The source gives no control totals: what it left out cannot be told."
        yield (EVERY_DETECTOR, "control_totals", told, None, None)
    else:
        yield from _never_came(night)
    unrated = night.ledger.filter(outcome=REJECTED, reason=NO_FX_RATE).group_by("currency").agg(
        pl.col("row_count").sum(), pl.col("total_amount").sum(), pl.col("booking_date").n_unique()
    )  # fmt: skip
    for currency, rows, amount, days in unrated.sort("currency").iter_rows():
        share = f"{rows:,} of its bookings on {days} of the window's days, worth {amount:,} {currency}"
        told = f"{currency} has no rate for {share}; they are rejected."
        yield (EVERY_DETECTOR, "missing_fx", told, None, None)


def _never_came(night: Night) -> Iterator[Row]:
    """Tell of the bookings that the source says it sent and that were not read."""
    window = pl.col("booking_date").is_between(night.summary.first_date, night.summary.run_date)
    both = reconciliation(night.ledger, night.frames["control_totals"].collect()).filter(window)
    lost = both.filter(pl.col("row_difference") < 0)
    if lost.is_empty():
        return
    rows, sent = -int(lost.get_column("row_difference").sum()), int(both.get_column("rows_sent").sum())
    told = f"{rows:,} of {sent:,} bookings ({words.percent(rows, sent)}) that the source says it sent were not read."
    amounts = lost.select("booking_date", "currency", total_amount=-pl.col("amount_difference"))
    yield (EVERY_DETECTOR, "control_totals", told, None, _usd(night, amounts))


def _usd(night: Night, amounts: pl.DataFrame) -> int | None:
    """Add up in US cents what of (booking_date, currency, total_amount) is positive and has a rate; null if nothing."""
    known = amounts.filter(pl.col("total_amount") > 0, pl.col("booking_date").is_not_null())
    if known.is_empty():
        return None
    rates = daily_rates(night.frames["fx_rates"].collect(), known.get_column("booking_date").unique().sort().to_list())
    minor = known.with_columns(amount_minor=(pl.col("total_amount") * 100).cast(pl.Int128))
    worth = minor.join(rates, on=["booking_date", "currency"]).select(usd_minor().drop_nulls().sum()).item()
    return worth or None
