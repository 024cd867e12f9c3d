"""Bounds and value sets as expressions that compare with a column as Python's own comparison would.

A whole-number float compares with integers exactly; a float compares with a decimal by its shortest decimal spelling;
text compares with dates and times by what it says.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from dateutil.parser import ParserError, parse  # type: ignore[import-untyped]

_WIDEST = 2**127  # a 128-bit integer's first value that is too large
_TYPES = "Column values, min_value, and max_value must either be None or of the same type."


def bound(value: Any, dtype: pl.DataType) -> pl.Expr:
    """Return the bound as a literal that compares with a column of `dtype`.

    Raises TypeError for a bound of another kind than the column: text against numbers, a zone against none.
    """
    if dtype.is_temporal():
        moment = pl.lit(_moment(value, dtype))
        zone = getattr(dtype, "time_zone", None)
        return moment if zone is None else moment.dt.convert_time_zone(zone)
    if isinstance(value, str) != (dtype == pl.String):
        raise TypeError(_TYPES)
    return _number(value, dtype) if dtype.is_numeric() else pl.lit(value)


def _number(value: Any, dtype: pl.DataType) -> pl.Expr:
    if isinstance(value, bool):
        return pl.lit(int(value))
    if isinstance(value, float) and value.is_integer() and not dtype.is_float():
        value = int(value)
    if isinstance(value, int) and not dtype.is_float():
        return pl.lit(max(min(value, _WIDEST - 1), 1 - _WIDEST), dtype=pl.Int128 if abs(value) >= 2**63 else pl.Int64)
    if isinstance(value, float) and dtype.is_decimal():
        return pl.lit(Decimal(repr(value)))
    return pl.lit(float(value)) if dtype.is_float() else pl.lit(value)


def _moment(value: Any, dtype: pl.DataType) -> Any:
    if isinstance(value, str):
        value = parse(value)
    if isinstance(dtype, pl.Datetime) and isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    fits = isinstance(value, timedelta) if dtype == pl.Duration else isinstance(value, date | time)
    if not fits:
        raise TypeError(_TYPES)
    zone = getattr(dtype, "time_zone", None)
    if isinstance(value, datetime) and (value.tzinfo is None) != (zone is None):
        raise TypeError("Cannot compare tz-naive and tz-aware datetime-like objects")
    return value


def members(values: Iterable[Any], dtype: pl.DataType) -> pl.Series:
    """Return the values that a column of `dtype` can hold at all, as its series; the others match nothing."""
    fitting = [fit for value in values if (fit := _fitting(value, dtype)) is not None]
    return pl.Series(fitting, dtype=dtype, strict=False).drop_nulls().unique(maintain_order=True)


def _fitting(value: Any, dtype: pl.DataType) -> Any:
    if dtype.is_numeric():
        return _fitting_number(value, dtype)
    if dtype.is_temporal():
        return _fitting_moment(value, dtype)
    kind = {pl.String: str, pl.Boolean: bool, pl.Binary: bytes}.get(dtype.base_type(), object)
    return value if isinstance(value, kind) else None


def _fitting_number(value: Any, dtype: pl.DataType) -> Any:
    if not isinstance(value, int | float | Decimal):
        return None
    if dtype.is_float():
        return float(value)
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return None
    if dtype.is_decimal():
        return exact if _in_scale(exact, dtype) else None
    return int(exact) if exact == exact.to_integral_value() and _in_range(int(exact), dtype) else None


def _in_scale(value: Decimal, dtype: pl.DataType) -> bool:
    scale, precision = getattr(dtype, "scale", 0), getattr(dtype, "precision", None) or 38
    return value == round(value, scale) and abs(value) < Decimal(10) ** (precision - scale)


def _in_range(value: int, dtype: pl.DataType) -> bool:
    low, high = pl.select(low=dtype.min(), high=dtype.max()).row(0)  # type: ignore[attr-defined]
    return bool(low <= value <= high)


def _fitting_moment(value: Any, dtype: pl.DataType) -> Any:
    try:
        moment = _moment(value, dtype)
    except (TypeError, ParserError):
        return None
    if dtype == pl.Date and isinstance(moment, datetime):
        return moment.date() if moment.time() == time() else None
    return moment


def between(value: pl.Expr, dtype: pl.DataType, limits: dict[str, Any]) -> pl.Expr:
    """Return where the value lies between min_value and max_value, of which one may be None.

    Raises ValueError where both are None or the wrong way round, TypeError as `bound`.
    """
    low, high = limits.get("min_value"), limits.get("max_value")
    if low is None and high is None:
        raise ValueError("min_value and max_value cannot both be None")
    if low is not None and high is not None and low > high:
        raise ValueError("min_value cannot be greater than max_value")
    above = pl.lit(value=True)
    if low is not None:
        above = value > bound(low, dtype) if limits.get("strict_min") else value >= bound(low, dtype)
    if high is None:
        return above
    below = value < bound(high, dtype) if limits.get("strict_max") else value <= bound(high, dtype)
    return above & below if low is not None else below
