"""Exact conversion into US cents: a table of rates by currency and day, and one rounding, half to even."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

CARRY_DAYS = 7  # the contract: a missing day takes the last earlier rate within 7 days
# Rates are held as whole numbers of 10^-15 USD. That keeps 11 significant digits of the smallest currency unit in use
# (about 10^-5 USD), and 10^18 hundredths times a rate of 10^4 still fits 128 bits.
RATE_SCALE = 10**15
_RATE, _ON = "usd_per_unit_scaled", "booking_date"


def daily_rates(fx_rates: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """Return booking_date, currency, usd_per_unit_scaled (Int128): one row for each day that has a rate.

    `fx_rates` has the contract's columns, valid and unique by (rate_date, currency). USD is always 1, given or not.
    """
    wanted = pl.DataFrame({_ON: days}, schema={_ON: pl.Date}).sort(_ON)
    usable = fx_rates.filter(
        pl.col("rate_date").is_between(days[0] - timedelta(days=CARRY_DAYS), days[-1]), pl.col("currency") != "USD"
    )
    grid = wanted.join(usable.select("currency").unique(), how="cross").sort(_ON, "currency")
    rates = usable.select("rate_date", "currency", _scaled().alias(_RATE)).sort("rate_date", "currency")
    carried = grid.join_asof(
        rates,
        left_on=_ON,
        right_on="rate_date",
        by="currency",
        strategy="backward",
        tolerance=timedelta(days=CARRY_DAYS),
        check_sortedness=False,  # sorted above; the check does not look inside groups
    ).select(_ON, "currency", _RATE)
    dollar = wanted.select(_ON, pl.lit("USD").alias("currency"), pl.lit(RATE_SCALE, dtype=pl.Int128).alias(_RATE))
    return pl.concat([carried.drop_nulls(), dollar]).sort(_ON, "currency")


def usd_minor() -> pl.Expr:
    """Return US cents (Int64) of `amount_minor` at `usd_per_unit_scaled`, half to even; null when out of 64 bits."""
    product = pl.col("amount_minor").cast(pl.Int128) * pl.col(_RATE)
    scale = pl.lit(RATE_SCALE, dtype=pl.Int128)
    floor, rest = product // scale, product % scale
    up = (rest * 2 > scale) | ((rest * 2 == scale) & (floor % 2 == 1))
    return (floor + up.cast(pl.Int128)).cast(pl.Int64, strict=False)


def _scaled() -> pl.Expr:
    return (pl.col("usd_per_unit") * RATE_SCALE).round().cast(pl.Int128)
