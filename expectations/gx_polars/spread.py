"""Map conditions that first need to know how the values are spread: z-scores and outliers."""

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

import polars as pl

from gx_polars.domain import Domain
from gx_polars.needs import Need, Scalar, Values
from gx_polars.quantiles import quantiles

Prepared = Generator[Sequence[Need], Sequence[Any], pl.Expr]
_TRUE = pl.lit(value=True)
_QUARTILES = (0.25, 0.75)


def _numbers(domain: Domain) -> pl.Expr:
    if not domain.dtype(domain.columns[0]).is_numeric():
        raise TypeError("Cannot complete Z-score calculations on a non-numerical column.")
    return domain.value().cast(pl.Float64)


def mean_and_deviation(domain: Domain) -> Generator[Sequence[Need], Sequence[Any], tuple[Any, Any]]:
    """Find mean and sample standard deviation of the values as 64-bit floats; None where there are too few."""
    value = _numbers(domain)
    mean, deviation = yield [Scalar(value.mean()), Scalar(value.std())]
    return mean, deviation


def _z_score(domain: Domain, values: Values) -> Prepared:
    mean, deviation = yield from mean_and_deviation(domain)
    if not deviation or not math.isfinite(deviation):
        return _TRUE
    score, threshold = (_numbers(domain) - mean) / deviation, values["threshold"]
    if values.get("double_sided", True):
        score, threshold = score.abs(), abs(values["threshold"])
    under: pl.Expr = score.lt(threshold)
    return under


def _not_outliers(domain: Domain, values: Values) -> Prepared:
    method, factor = values.get("method") or "iqr", values.get("multiplier", 1.5)
    if method == "iqr":
        low, high = yield from quantiles(domain, _QUARTILES, "linear")
        spread = None if low is None or high is None else high - low
    elif method == "std":
        low, spread = yield from mean_and_deviation(domain)
        high = low
    else:
        raise NotImplementedError(f"method {method!r} has not been implemented")
    if low is None or spread is None or not math.isfinite(spread):
        return _TRUE
    return _within(_numbers(domain), (low, high), factor * spread, strict=method == "std")


def _within(value: pl.Expr, around: tuple[float, float], reach: float, *, strict: bool) -> pl.Expr:
    low, high = around
    if not strict:
        return value.is_between(low - reach, high + reach)
    return (value - low).abs() < reach if reach > 0 else value == low


SPREAD: Mapping[str, Callable[[Domain, Values], Prepared]] = {
    "column_values.z_score.under_threshold": _z_score,
    "column_values.not_outliers": _not_outliers,
}
