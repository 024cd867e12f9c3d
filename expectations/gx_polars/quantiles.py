"""Quantiles by pandas' five ways of choosing between two neighbours."""

import math
from collections.abc import Generator, Sequence
from typing import Any

import polars as pl

from gx_polars.domain import Domain
from gx_polars.needs import Need, Ranked, Scalar, one
from gx_polars.ranking import interpolated

WAYS = ("linear", "lower", "higher", "midpoint", "nearest")


def quantiles(
    domain: Domain, fractions: Sequence[float], way: str
) -> Generator[Sequence[Need], Sequence[Any], list[Any]]:
    """Find the quantiles of the column's values; None each where there is no value.

    Raises ValueError for another way than WAYS.
    """
    if way not in WAYS:
        raise ValueError(f"allow_relative_error must be one of {WAYS}")
    value = domain.value()
    size = yield from one(Scalar(value.count()))
    if not size:
        return [None] * len(fractions)
    places = [_place(fraction * (size - 1), way) for fraction in fractions]
    ranks = tuple(sorted({rank for low, high, _ in places for rank in (low, high)}))
    number = value.cast(pl.Float64) if domain.dtype(domain.columns[0]).is_decimal() else value
    found = dict(zip(ranks, (yield from one(Ranked(number, ranks, size))), strict=True))
    return [_between(found[low], found[high], share) for low, high, share in places]


def _place(position: float, way: str) -> tuple[int, int, float]:
    """Return the neighbours' ranks, and how far to go from the lower to the higher."""
    low, high = math.floor(position), math.ceil(position)
    if way == "lower":
        high = low
    elif way == "higher":
        low = high
    elif way == "nearest":
        low = high = round(position)  # halves to the even rank, as numpy
    return low, high, 0.5 if way == "midpoint" and low != high else position - low


def _between(low: Any, high: Any, share: float) -> Any:
    return low if low == high else interpolated(low, high, share)
