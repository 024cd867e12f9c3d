"""Values at given ranks of a sorted column, in bounded memory: what medians and quantiles are made of."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from gx_polars.needs import Ranked

# Values sorted at once: 128 MB of 64-bit values, and as much again for sorting.
VALUES_AT_ONCE = 16_000_000
_SLICES = 4096
_VALUE = "value"
_SLOT = "slot"


def ranked(frame: pl.LazyFrame, need: Ranked) -> list[Any]:
    """Return the values at the ranks, in the ranks' order."""
    values = frame.select(need.value.alias(_VALUE)).filter(pl.col(_VALUE).is_not_null())
    if need.size <= VALUES_AT_ONCE:
        return _sorted(values, need.ranks)
    return [_narrowed(values, rank, need.size) for rank in need.ranks]


def _sorted(values: pl.LazyFrame, ranks: tuple[int, ...]) -> list[Any]:
    column = values.collect().to_series().sort()
    return [column.item(rank) for rank in ranks]


def _narrowed(values: pl.LazyFrame, rank: int, size: int) -> Any:
    """Cut the range of values into slices and keep the one that holds the rank, until it is small enough to sort."""
    while size > VALUES_AT_ONCE:
        slot = _slot(values)
        counts = values.select(slot).group_by(_SLOT).len().sort(_SLOT).collect()
        number, before, count = _holding(counts, rank)
        if count == size:  # as many equal values, or values that a 64-bit float cannot tell apart
            break
        values, rank, size = values.filter(slot == number), rank - before, count
    return _sorted(values, (rank,))[0]


def _slot(values: pl.LazyFrame) -> pl.Expr:
    """Return the number of a value's slice. It never falls as the value rises, so that slices are in order."""
    number = pl.col(_VALUE).to_physical().cast(pl.Float64)
    low, high = values.select(number.min().alias("low"), number.max().alias("high")).collect().row(0)
    width = (high - low) / _SLICES or 1.0
    slot: pl.Expr = ((number - low) / width).floor().cast(pl.Int64).alias(_SLOT)
    return slot


def _holding(counts: pl.DataFrame, rank: int) -> tuple[int, int, int]:
    """Return the slice that holds the rank, the number of values before it, and its own."""
    before = 0
    for number, count in counts.iter_rows():
        if rank < before + count:
            return number, before, count
        before += count
    raise IndexError(f"No value at rank {rank}")


def interpolated(low: Any, high: Any, fraction: float) -> Any:
    """Return the value a fraction of the way from low to high; days stay days, moments stay moments."""
    if isinstance(low, date | datetime | timedelta):
        return low + (high - low) * fraction
    return float(low) + (float(high) - float(low)) * fraction
