"""What only transactions have: a booking date, a window, and a value in US cents."""

from datetime import date

import polars as pl

from mirrorwatch.contract import PARTITION
from mirrorwatch.intake.fx import usd_minor


def inside_window(rows: pl.LazyFrame, first: date, last: date) -> pl.LazyFrame:
    """Return conformed transactions with booking_date, those outside `first`..`last` left out.

    The folder's date counts; where files are not partitioned, booked_at's (UTC). A row with neither stays, so that it
    is rejected and counted rather than lost.
    """
    day = pl.coalesce(PARTITION, pl.col("booked_at").dt.date())
    return rows.with_columns(day.alias("booking_date")).filter(
        pl.col("booking_date").is_between(first, last).fill_null(value=True)
    )


def in_usd(rows: pl.LazyFrame, rates: pl.DataFrame) -> pl.LazyFrame:
    """Return the rows with usd_per_unit_scaled and usd_minor, null where `rates` (`fx.daily_rates`) has none."""
    return rows.join(rates.lazy(), on=["booking_date", "currency"], how="left").with_columns(
        usd_minor().alias("usd_minor")
    )
